/* Writing; reading is bulletin_take.c. See bulletin_json.h. */
#include "console/bulletin_json.h"

#include "base/text.h"
#include "broadcast/alarm.h"

void bulletin_json_person(struct json_out *out, const char *key,
                          const struct bulletin_person *person)
{
    if (person->account == 0 && person->name.len == 0) {
        json_null_at(out, key);
        return;
    }
    json_object_at(out, key);
    json_i64_at(out, "id", person->account);
    json_str_at(out, "name", person->name);
    json_end(out);
}

void bulletin_json_category(struct ask *ask, str code, const struct categories *categories)
{
    struct json_out *out = &ask->json;
    const struct category *category = category_find(categories, code);
    if (code.len == 0) {
        json_null_at(out, "category");
        return;
    }
    bool english = ask->language == WORDS_EN;
    json_object_at(out, "category");
    json_str_at(out, "code", code);
    json_str_at(out, "name",
                category == NULL ? code : (english ? category->name_en : category->name_vi));
    json_end(out);
}

void bulletin_json_texts(struct ask *ask, const struct bulletin_text *texts, size_t count)
{
    struct json_out *out = &ask->json;
    json_array_at(out, "texts");
    for (size_t i = 0; i < count; i++) {
        json_object(out);
        json_str_at(out, "language", texts[i].language);
        json_text_at(out, "channel", bulletin_channel_name(texts[i].channel));
        json_str_at(out, "title", texts[i].title);
        json_str_at(out, "text", texts[i].text);
        air_hash_at(out, "media", texts[i].media);
        json_i64_at(out, "ms", texts[i].ms);
        json_end(out);
    }
    json_end(out);
}

static void write_body(struct ask *ask, const struct bulletin_body *body,
                       const struct categories *categories)
{
    struct json_out *out = &ask->json;
    json_str_at(out, "title", body->title);
    bulletin_json_category(ask, body->category, categories);
    json_text_at(out, "class", bulletin_class_name(body->class));
    json_array_at(out, "areas");
    for (size_t i = 0; i < body->area_count; i++) {
        air_unit(ask, body->areas[i]);
    }
    json_end(out);
    air_usec_at(out, "valid_from", body->valid_from);
    air_usec_at(out, "valid_to", body->valid_to);
    ask_write_text(ask, "sources", body->sources);
    bulletin_json_texts(ask, body->texts, body->text_count);
    json_array_at(out, "attachments");
    for (size_t i = 0; i < body->attachment_count; i++) {
        json_object(out);
        air_hash_at(out, "media", body->attachments[i].media);
        json_str_at(out, "name", body->attachments[i].name);
        json_end(out);
    }
    json_end(out);
}

void bulletin_json_version(struct ask *ask, const struct bulletin_version *version,
                           const struct bulletin_body *body, const struct categories *categories)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "revision", version->revision);
    if (body == NULL) {
        json_str_at(out, "title", version->title);
    } else {
        write_body(ask, body, categories);
    }
    bulletin_json_person(out, "saved_by", &version->saved);
    json_usec_at(out, "saved_at", version->saved.at);
    json_end(out);
}

/* "vi tyz" as a list of words. */
static void write_words(struct json_out *out, const char *key, str words)
{
    json_array_at(out, key);
    while (words.len > 0) {
        json_str(out, str_split(words, ' ', &words));
    }
    json_end(out);
}

void bulletin_json_line(struct ask *ask, const struct bulletin_line *line,
                        const struct categories *categories)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", line->id);
    air_unit_at(ask, "unit", line->unit);
    json_str_at(out, "title", line->title);
    bulletin_json_category(ask, line->category, categories);
    json_text_at(out, "class", bulletin_class_name(line->class));
    json_text_at(out, "state", bulletin_state_name(line->state));
    json_i64_at(out, "revision", line->revision);
    write_words(out, "languages", line->languages);
    write_words(out, "channels", line->channels);
    json_i64_at(out, "ms", line->ms);
    air_usec_at(out, "valid_from", line->valid_from);
    air_usec_at(out, "valid_to", line->valid_to);
    bulletin_json_person(out, "written_by", &line->written);
    json_usec_at(out, "changed_at", line->changed_at);
    air_usec_at(out, "first_at", line->first_at);
    air_usec_at(out, "last_at", line->last_at);
    json_end(out);
}

void bulletin_json_airing(struct ask *ask, const struct airing *airing)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", airing->id);
    air_unit_at(ask, "unit", airing->unit);
    air_name_at(out, "programme", airing->programme, airing->programme_name);
    json_day_at(out, "on", airing->on);
    json_usec_at(out, "at", airing->at);
    json_usec_at(out, "end", airing->end);
    json_bool_at(out, "one_off", airing->one_off);
    json_end(out);
}

/* --- an emergency becomes an alarm ------------------------------------------------------------ */

static void write_voices(struct ask *ask, const struct bulletin_body *body)
{
    static const hash none;
    struct json_out *out = &ask->json;
    json_array_at(out, "voices");
    for (size_t i = 0; i < body->text_count; i++) {
        const struct bulletin_text *text = &body->texts[i];
        if (text->channel == CHANNEL_SOUND && !hash_is(text->media, none)) {
            json_object(out);
            json_str_at(out, "language", text->language);
            air_hash_at(out, "media", text->media);
            json_end(out);
        }
    }
    json_end(out);
}

/* What the page of alarms begins with; nothing sounds by it. */
static void write_alarm(struct ask *ask, const struct bulletin *bulletin)
{
    struct json_out *out = &ask->json;
    const struct bulletin_body *body = &bulletin->body;
    bool is_one =
        bulletin->line.class == BULLETIN_EMERGENCY && bulletin->line.state == BULLETIN_APPROVED;
    if (!is_one) {
        json_null_at(out, "alarm");
        return;
    }
    str text = body->text_count > 0 ? body->texts[0].text : body->title;
    json_object_at(out, "alarm");
    json_i64_at(out, "unit_id", bulletin->line.unit);
    json_str_at(out, "title", text_cut(body->title, ALARM_TITLE_MOST));
    json_str_at(out, "text", text_cut(text, ALARM_TEXT_MOST));
    json_array_at(out, "areas");
    for (size_t i = 0; i < body->area_count; i++) {
        json_i64(out, body->areas[i]);
    }
    json_end(out);
    write_voices(ask, body);
    json_end(out);
}

/* --- the whole -------------------------------------------------------------------------------- */

static errc write_steps(struct ask *ask, const struct bulletin_line *line, struct why *why)
{
    struct desk desk = ask_desk(ask);
    unsigned steps = 0;
    TRY(bulletin_steps(&desk, ask->db, line, &steps, why));
    json_array_at(&ask->json, "may");
    for (int i = 0; i < BULLETIN_STEPS; i++) {
        if ((steps >> i & 1U) != 0) {
            json_text(&ask->json, bulletin_step_name((enum bulletin_step)i));
        }
    }
    json_end(&ask->json);
    return OK;
}

static void write_state(struct ask *ask, const struct bulletin_line *line)
{
    struct json_out *out = &ask->json;
    json_text_at(out, "state", bulletin_state_name(line->state));
    json_i64_at(out, "revision", line->revision);
    json_key(out, "approved_revision");
    line->approved_revision == 0 ? json_null(out) : json_i64(out, line->approved_revision);
    json_bool_at(out, "approved_alone", line->approved_alone);
    ask_write_text(ask, "reason", line->reason);
    bulletin_json_person(out, "written_by", &line->written);
    bulletin_json_person(out, "submitted_by", &line->submitted);
    bulletin_json_person(out, "approved_by", &line->approved);
    air_usec_at(out, "submitted_at", line->submitted.at);
    air_usec_at(out, "approved_at", line->approved.at);
    json_usec_at(out, "created_at", line->written.at);
    json_usec_at(out, "changed_at", line->changed_at);
    air_usec_at(out, "first_at", line->first_at);
    air_usec_at(out, "last_at", line->last_at);
}

errc bulletin_json(struct ask *ask, int64_t id, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct json_out *out = &ask->json;
    struct bulletin bulletin;
    struct categories categories;
    struct airings airings;
    TRY(bulletin_get(&desk, ask->db, id, &bulletin, why));
    TRY(categories_load(&desk, ask->db, &categories, why));
    TRY(airings_load(&desk, ask->db, id, &airings, why));
    json_object(out);
    json_i64_at(out, "id", id);
    air_id_at(out, "mark", bulletin.line.mark);
    air_unit_at(ask, "unit", bulletin.line.unit);
    write_body(ask, &bulletin.body, &categories);
    write_state(ask, &bulletin.line);
    json_array_at(out, "airings");
    for (size_t i = 0; i < airings.count; i++) {
        bulletin_json_airing(ask, &airings.at[i]);
    }
    json_end(out);
    write_alarm(ask, &bulletin);
    TRY(write_steps(ask, &bulletin.line, why));
    json_end(out);
    return OK;
}

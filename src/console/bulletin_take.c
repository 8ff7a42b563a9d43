/* Bulletins as pages send them; see bulletin_json.h. */
#include "console/bulletin_json.h"

errc bulletin_take_text(struct ask *ask, const struct json_value *object, const char *key,
                        size_t most, str *ret_text)
{
    str text = S("");
    bool given = false;
    TRY(ask_optional_str(ask, object, key, most, &given, &text));
    *ret_text = air_text(ask, text);
    return OK;
}

static errc take_lines(struct ask *ask, const struct json_value *object, const char *key,
                       size_t most, str *ret_text)
{
    str text = S("");
    if (json_in_has(object, key)) {
        TRY(json_in_lines(object, key, 0, most, &text, &ask->bad));
    }
    *ret_text = air_text(ask, text);
    return OK;
}

static errc take_instant(struct ask *ask, const struct json_value *object, const char *key,
                         usec *ret_instant)
{
    str text = STR_NONE;
    if (!json_in_has(object, key)) {
        return OK;
    }
    TRY(json_in_str(object, key, 20, 40, &text, &ask->bad));
    return usec_parse(text, ret_instant) ? OK : bad_field(&ask->bad, key, "not_a_time");
}

errc bulletin_take_class(struct ask *ask, const struct json_value *body,
                         enum bulletin_class *ret_class)
{
    str class = S("ordinary");
    bool given = false;
    TRY(ask_optional_str(ask, body, "class", 16, &given, &class));
    return bulletin_class_parse(class, ret_class) ? OK : bad_field(&ask->bad, "class", "unknown");
}

static errc take_one_text(struct ask *ask, const struct json_value *value,
                          struct bulletin_text *text)
{
    static const char *const fields[] = {"language", "channel", "title", "text",
                                         "media",    "ms",      NULL};
    str channel = S("");
    str language = S("");
    *text = (struct bulletin_text){.channel = CHANNEL_SOUND};
    TRY(json_in_only(value, fields, &ask->bad));
    TRY(json_in_str(value, "language", 2, 16, &language, &ask->bad));
    TRY(json_in_str(value, "channel", 1, 16, &channel, &ask->bad));
    TRY(bulletin_take_text(ask, value, "title", BULLETIN_TITLE_MOST, &text->title));
    TRY(take_lines(ask, value, "text", BULLETIN_TEXT_MOST, &text->text));
    if (json_in_has(value, "media")) {
        TRY(air_take_hash(ask, value, "media", &text->media));
    }
    text->language = air_text(ask, language);
    return bulletin_channel_parse(channel, &text->channel)
               ? OK
               : bad_field(&ask->bad, "channel", "unknown");
}

errc bulletin_take_texts(struct ask *ask, const struct json_value *body,
                         struct bulletin_text **ret_texts, size_t *ret_count)
{
    const struct json_value *array = NULL;
    size_t count = 0;
    TRY(ask_take_array(ask, body, "texts", BULLETIN_TEXTS_MOST, &array, &count));
    struct bulletin_text *texts = arena_take_array(ask->arena, count + 1, sizeof *texts);
    if (texts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(take_one_text(ask, json_in_at(array, i), &texts[i]));
    }
    *ret_texts = texts;
    *ret_count = count;
    return OK;
}

static errc take_attachments(struct ask *ask, const struct json_value *body,
                             struct bulletin_body *to)
{
    static const char *const fields[] = {"media", "name", NULL};
    const struct json_value *array = NULL;
    size_t count = 0;
    TRY(ask_take_array(ask, body, "attachments", BULLETIN_ATTACHMENTS_MOST, &array, &count));
    struct bulletin_attachment *files = arena_take_array(ask->arena, count + 1, sizeof *files);
    if (files == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json_value *value = json_in_at(array, i);
        TRY(json_in_only(value, fields, &ask->bad));
        TRY(air_take_hash(ask, value, "media", &files[i].media));
        TRY(json_in_str(value, "name", 1, ATTACHMENT_NAME_MOST, &files[i].name, &ask->bad));
        files[i].name = air_text(ask, files[i].name);
    }
    to->attachments = files;
    to->attachment_count = count;
    return OK;
}

errc bulletin_take(struct ask *ask, const struct json_value *body, struct bulletin_body *ret_body)
{
    struct bulletin_body taken = {.title = S("")};
    struct bulletin_text *texts = NULL;
    TRY(json_in_str(body, "title", 1, BULLETIN_TITLE_MOST, &taken.title, &ask->bad));
    TRY(bulletin_take_text(ask, body, "category", CATEGORY_CODE_MOST, &taken.category));
    TRY(bulletin_take_class(ask, body, &taken.class));
    TRY(take_instant(ask, body, "valid_from", &taken.valid_from));
    TRY(take_instant(ask, body, "valid_to", &taken.valid_to));
    TRY(take_lines(ask, body, "sources", BULLETIN_SOURCES_MOST, &taken.sources));
    TRY(air_take_units(ask, body, "areas", BULLETIN_AREAS_MOST, &taken.areas, &taken.area_count));
    TRY(bulletin_take_texts(ask, body, &texts, &taken.text_count));
    TRY(take_attachments(ask, body, &taken));
    taken.title = air_text(ask, taken.title);
    taken.texts = texts;
    *ret_body = taken;
    return OK;
}

/* --- where it shall sound --------------------------------------------------------------------- */

static errc take_again(struct ask *ask, const struct json_value *body, struct airing_place *place)
{
    const struct json_value *array = json_in_get(body, "again");
    struct json_in_limits limits = {10, 10, false};
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count > AIRING_AGAIN_MOST) {
        return bad_field(&ask->bad, "again", "too_many");
    }
    day *days = arena_take_array(ask->arena, count + 1, sizeof *days);
    if (days == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        str text = STR_NONE;
        TRY(json_in_as_str(json_in_at(array, i), "again", limits, &text, &ask->bad));
        if (!day_parse(text, &days[i])) {
            return bad_field(&ask->bad, "again", "not_a_date");
        }
    }
    place->again = days;
    place->again_count = count;
    return OK;
}

static errc take_repeats(struct ask *ask, const struct json_value *body, struct airing_place *place)
{
    static const char *const fields[] = {"days_after", "start", NULL};
    const struct json_value *array = json_in_get(body, "repeats");
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count > PROGRAMME_REPEATS_MOST) {
        return bad_field(&ask->bad, "repeats", "too_many");
    }
    struct programme_repeat *repeats = arena_take_array(ask->arena, count + 1, sizeof *repeats);
    if (repeats == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json_value *value = json_in_at(array, i);
        int64_t days = 0;
        TRY(json_in_only(value, fields, &ask->bad));
        TRY(air_take_number(ask, value, "days_after", 0, 31, &days));
        TRY(air_take_time(ask, value, "start", &repeats[i].start_s));
        repeats[i].days_after = (int)days;
    }
    place->repeats = repeats;
    place->repeat_count = count;
    return OK;
}

errc bulletin_take_place(struct ask *ask, const struct json_value *body,
                         struct airing_place *ret_place)
{
    struct airing_place place = {.programme = 0};
    TRY(air_take_number(ask, body, "programme", 1, INT64_MAX, &place.programme));
    TRY(air_take_number(ask, body, "unit_id", 1, INT64_MAX, &place.unit));
    TRY(json_in_day(body, "on", &place.on, &ask->bad));
    if (place.programme == 0) {
        TRY(air_take_time(ask, body, "start", &place.start_s));
        TRY(take_again(ask, body, &place));
        TRY(take_repeats(ask, body, &place));
        TRY(air_take_units(ask, body, "areas", PROGRAMME_AREAS_MOST, &place.areas,
                           &place.area_count));
    }
    *ret_place = place;
    return OK;
}

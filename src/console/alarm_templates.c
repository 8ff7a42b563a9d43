/* Prepared emergencies: listed for a unit, kept by a unit. */
#include "broadcast/alarm_template.h"

#include "console/alarm_json.h"
#include "console/steps.h"

static void write_blanks(struct ask *ask, const struct alarm_template *form)
{
    str names[TEMPLATE_BLANKS_MOST];
    size_t count = 0;
    json_array_at(&ask->json, "blanks");
    if (form->text_count > 0 && alarm_text_blanks(form->texts[0].text, names, &count) == OK) {
        for (size_t i = 0; i < count; i++) {
            str key = arena_format(ask->arena, "blank.%.*s", STR_ARG(names[i]));
            bool known = words_has(ask->house->words, ask->language, key);
            json_object(&ask->json);
            json_str_at(&ask->json, "name", names[i]);
            json_str_at(&ask->json, "label", known ? ask_word(ask, "", key) : names[i]);
            json_end(&ask->json);
        }
    }
    json_end(&ask->json);
}

static void write_text(struct json_out *out, const struct alarm_template_text *text)
{
    json_object(out);
    json_str_at(out, "language", text->language);
    json_str_at(out, "title", text->title);
    json_str_at(out, "text", text->text);
    json_str_at(out, "short", text->short_text);
    json_str_at(out, "cancel_title", text->cancel.title);
    json_str_at(out, "cancel", text->cancel.text);
    json_str_at(out, "correction_title", text->correction.title);
    json_str_at(out, "correction", text->correction.text);
    json_end(out);
}

static void write_template(struct ask *ask, const struct alarm_template *form)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", form->id);
    air_unit_at(ask, "unit", form->unit);
    json_text_at(out, "hazard", hazard_name(form->hazard));
    json_str_at(out, "name", form->name);
    json_bool_at(out, "drill", form->hazard == HAZARD_DRILL);
    json_text_at(out, "signal", alarm_signal_name(form->signal));
    json_i64_at(out, "clip", form->clip);
    json_i64_at(out, "times", form->times);
    json_i64_at(out, "pause_ms", form->pause_ms);
    json_i64_at(out, "again_s", form->again_s);
    json_i64_at(out, "valid_s", form->valid_s);
    json_str_at(out, "category", form->category);
    json_str_at(out, "event", form->event);
    json_str_at(out, "urgency", form->urgency);
    json_str_at(out, "severity", form->severity);
    json_str_at(out, "certainty", form->certainty);
    json_str_at(out, "response", form->response);
    write_blanks(ask, form);
    json_array_at(out, "texts");
    for (size_t i = 0; i < form->text_count; i++) {
        write_text(out, &form->texts[i]);
    }
    json_end(out);
    json_end(out);
}

static errc show(struct ask *ask, unit_id unit, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct alarm_templates templates;
    TRY(alarm_template_list(&desk, ask->db, unit, &templates, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < templates.count; i++) {
        write_template(ask, &templates.at[i]);
    }
    ask_list_end_at(ask, 0);
    return OK;
}

errc api_alarm_templates_list(struct ask *ask, struct why *why)
{
    unit_id unit = 0;
    TRY(air_query_unit(ask, &unit));
    return show(ask, unit, why);
}

static errc take_text(struct ask *ask, const struct json_value *value,
                      struct alarm_template_text *text)
{
    static const char *const fields[] = {
        "language",         "title",      "text", "short", "cancel_title", "cancel",
        "correction_title", "correction", NULL};
    const struct {
        const char *name;
        size_t most;
        str *into;
    } texts[] = {
        {"title", ALARM_TITLE_MOST, &text->title},
        {"text", ALARM_TEXT_MOST, &text->text},
        {"short", ALARM_TEXT_MOST, &text->short_text},
        {"cancel_title", ALARM_TITLE_MOST, &text->cancel.title},
        {"cancel", ALARM_TEXT_MOST, &text->cancel.text},
        {"correction_title", ALARM_TITLE_MOST, &text->correction.title},
        {"correction", ALARM_TEXT_MOST, &text->correction.text},
    };
    TRY(json_in_only(value, fields, &ask->bad));
    TRY(json_in_str(value, "language", 2, LANGUAGE_MOST, &text->language, &ask->bad));
    text->language = air_text(ask, text->language);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        TRY(json_in_lines(value, texts[i].name, 1, texts[i].most, texts[i].into, &ask->bad));
        *texts[i].into = air_text(ask, *texts[i].into);
    }
    return OK;
}

static errc take_texts(struct ask *ask, const struct json_value *body, struct alarm_template *form)
{
    const struct json_value *array = json_in_get(body, "texts");
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count == 0 || count > TEMPLATE_TEXTS_MOST) {
        return bad_field(&ask->bad, "texts", count == 0 ? "missing" : "too_many");
    }
    struct alarm_template_text *texts = arena_take_array(ask->arena, count, sizeof *texts);
    if (texts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json_value *value = json_in_at(array, i);
        TRY(json_in_is_object(value) ? take_text(ask, value, &texts[i])
                                     : bad_field(&ask->bad, "texts", "wrong_type"));
    }
    form->texts = texts;
    form->text_count = count;
    return OK;
}

static errc take_numbers(struct ask *ask, const struct json_value *body,
                         struct alarm_template *form)
{
    int64_t clip = 0;
    int64_t times = 0;
    TRY(air_take_number(ask, body, "clip", 0, 255, &clip));
    TRY(air_take_number(ask, body, "times", 0, 20, &times));
    TRY(air_take_number(ask, body, "pause_ms", 0, 60000, &form->pause_ms));
    TRY(air_take_number(ask, body, "again_s", 0, 86400, &form->again_s));
    TRY(json_in_i64(body, "valid_s", 10, 86400, &form->valid_s, &ask->bad));
    form->clip = (int)clip;
    form->times = (int)times;
    return OK;
}

/* The words of CAP; they are looked at when a message is written. */
static errc take_cap(struct ask *ask, const struct json_value *body, struct alarm_template *form)
{
    const struct {
        const char *name;
        str *into;
    } words[] = {{"category", &form->category},   {"event", &form->event},
                 {"urgency", &form->urgency},     {"severity", &form->severity},
                 {"certainty", &form->certainty}, {"response", &form->response}};
    bool given = false;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        TRY(ask_optional_str(ask, body, words[i].name, TEMPLATE_WORD_MOST, &given, words[i].into));
        *words[i].into = air_text(ask, *words[i].into);
    }
    return OK;
}

static errc take(struct ask *ask, const struct json_value *body, struct alarm_template *form)
{
    str hazard = STR_NONE;
    str signal = S("chime");
    bool given = false;
    TRY(air_take_number(ask, body, "id", 0, INT64_MAX, &form->id));
    TRY(json_in_i64(body, "unit_id", 1, INT64_MAX, &form->unit, &ask->bad));
    TRY(json_in_str(body, "hazard", 1, 20, &hazard, &ask->bad));
    TRY(json_in_str(body, "name", 1, ALARM_TITLE_MOST, &form->name, &ask->bad));
    TRY(ask_optional_str(ask, body, "signal", 16, &given, &signal));
    form->name = air_text(ask, form->name);
    if (!hazard_parse(hazard, &form->hazard)) {
        return bad_field(&ask->bad, "hazard", "unknown");
    }
    if (!alarm_signal_parse(signal, &form->signal)) {
        return bad_field(&ask->bad, "signal", "unknown");
    }
    TRY(take_numbers(ask, body, form));
    TRY(take_cap(ask, body, form));
    return take_texts(ask, body, form);
}

errc api_alarm_templates_put(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"id",       "unit_id", "hazard",   "name",     "signal",
                                         "clip",     "times",   "pause_ms", "again_s",  "valid_s",
                                         "category", "event",   "urgency",  "severity", "certainty",
                                         "response", "texts",   NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct desk desk = ask_desk(ask);
    struct alarm_template form = {.category = S(""),
                                  .event = S(""),
                                  .urgency = S(""),
                                  .severity = S(""),
                                  .certainty = S(""),
                                  .response = S("")};
    int64_t id = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(take(ask, in.root, &form));
    TRY(alarm_template_put(&desk, ask->db, &form, &id, why));
    return show(ask, form.unit, why);
}

errc api_alarm_templates_drop(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    return alarm_template_drop(&desk, ask->db, ask_place_id(ask, 0), why);
}

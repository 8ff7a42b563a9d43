/* See alarm_json.h. */
#include "console/alarm_json.h"

static void write_voices(struct ask *ask, const struct alarm *alarm)
{
    struct json_out *out = &ask->json;
    json_array_at(out, "voices");
    for (size_t i = 0; i < alarm->voice_count; i++) {
        json_object(out);
        json_str_at(out, "language", alarm->voices[i].language);
        air_hash_at(out, "media", alarm->voices[i].media);
        json_i64_at(out, "ms", alarm->voices[i].ms);
        json_end(out);
    }
    json_end(out);
}

static void write_prepared(struct json_out *out, const char *key, const struct alarm_words *words)
{
    if (words->text.len == 0) {
        json_null_at(out, key);
        return;
    }
    json_object_at(out, key);
    json_str_at(out, "title", words->title);
    json_str_at(out, "text", words->text);
    json_end(out);
}

static void write_text(struct ask *ask, const struct alarm *alarm)
{
    struct json_out *out = &ask->json;
    json_text_at(out, "hazard", hazard_name(alarm->hazard));
    json_text_at(out, "purpose", alarm_purpose_name(alarm->purpose));
    write_prepared(out, "cancel", &alarm->cancel);
    write_prepared(out, "correction", &alarm->correction);
    json_str_at(out, "title", alarm->title);
    json_str_at(out, "text", alarm->text);
    json_text_at(out, "signal", alarm_signal_name(alarm->signal));
    json_i64_at(out, "clip", alarm->clip);
    json_i64_at(out, "times", alarm->times);
    json_i64_at(out, "pause_ms", alarm->pause_ms);
    json_i64_at(out, "again_s", alarm->again_s);
    json_i64_at(out, "gain_mb", alarm->gain_mb);
    air_usec_at(out, "start", alarm->start);
    json_usec_at(out, "expires_at", alarm->expires);
    json_array_at(out, "areas");
    for (size_t i = 0; i < alarm->area_count; i++) {
        air_unit(ask, alarm->areas[i]);
    }
    json_end(out);
    write_voices(ask, alarm);
}

static void write_life(struct ask *ask, const struct alarm *alarm)
{
    struct json_out *out = &ask->json;
    json_i64_at(out, "devices", alarm->devices);
    json_i64_at(out, "units", alarm->units);
    json_i64_at(out, "people", alarm->people);
    json_bool_at(out, "delegated", alarm->delegation != 0);
    air_name_at(out, "source", alarm->source, alarm->source_name);
    air_name_at(out, "raised_by", alarm->raised_by, alarm->raised_name);
    json_usec_at(out, "raised_at", alarm->raised_at);
    air_name_at(out, "approved_by", alarm->approved_by, alarm->approved_name);
    air_usec_at(out, "approved_at", alarm->approved_at);
    air_usec_at(out, "sent_at", alarm->sent_at);
    air_name_at(out, "ended_by", alarm->ended_by, alarm->ended_name);
    air_usec_at(out, "ended_at", alarm->ended_at);
    ask_write_text(ask, "end_reason", alarm->end_reason);
}

bool alarm_device_attached(struct ask *ask, uint64_t device)
{
    const struct receiver_port *port = ask->house->ports.receivers;
    return port != NULL && port->is_attached != NULL && port->is_attached(port->ctx, device);
}

static void write_refusals(struct ask *ask, const struct coverage_counts *counts)
{
    struct json_out *out = &ask->json;
    json_array_at(out, "refusals");
    for (size_t i = 0; i < COVERAGE_REASONS; i++) {
        if (counts->refused_by[i] > 0) {
            json_object(out);
            air_reason(ask, (enum log_reason)i);
            json_i64_at(out, "devices", (int64_t)counts->refused_by[i]);
            json_end(out);
        }
    }
    json_end(out);
}

/* Those of whom nothing was heard, and who are attached to no server. */
static int64_t count_unreachable(struct ask *ask, const struct alarm *alarm)
{
    struct coverage *coverage = ask->house->ports.coverage;
    struct coverage_device lines[256];
    int64_t unreachable = 0;
    uint64_t after = 0;
    size_t found = 0;
    do {
        found =
            coverage_list(coverage, alarm->mark, COVERAGE_WAITING, after, lines, COUNT_OF(lines));
        for (size_t i = 0; i < found; i++) {
            unreachable += !alarm_device_attached(ask, lines[i].device);
            after = lines[i].device;
        }
    } while (found == COUNT_OF(lines));
    return unreachable;
}

/* From the counters in memory; of old alarms from the rows. */
static errc count(struct ask *ask, const struct alarm *alarm, struct coverage_counts *counts,
                  int64_t *ret_unreachable, struct why *why)
{
    struct coverage *coverage = ask->house->ports.coverage;
    struct coverage_device *lines = NULL;
    size_t line_count = 0;
    if (coverage != NULL && coverage_count(coverage, alarm->mark, counts)) {
        *ret_unreachable = count_unreachable(ask, alarm);
        return OK;
    }
    TRY(alarm_lines(ask->db, NULL, alarm, ask->arena, &lines, &line_count, why));
    for (size_t i = 0; i < line_count; i++) {
        coverage_add(counts, &lines[i], 1);
        bool silent = lines[i].state == COVERAGE_WAITING;
        *ret_unreachable += silent && !alarm_device_attached(ask, lines[i].device);
    }
    return OK;
}

errc alarm_counts_json(struct ask *ask, const struct alarm *alarm, struct why *why)
{
    struct json_out *out = &ask->json;
    struct coverage_counts *counts = arena_take(ask->arena, sizeof *counts);
    int64_t unreachable = 0;
    if (counts == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(count(ask, alarm, counts, &unreachable, why));
    json_object(out);
    json_i64_at(out, "total", (int64_t)counts->total);
    json_i64_at(out, "heard", (int64_t)counts->heard);
    for (size_t i = 0; i < COVERAGE_STATES; i++) {
        int64_t devices = (int64_t)counts->by_state[i];
        json_i64_at(out, coverage_state_name((enum coverage_state)i),
                    i == COVERAGE_WAITING ? devices - unreachable : devices);
    }
    json_i64_at(out, "unreachable", unreachable);
    write_refusals(ask, counts);
    json_end(out);
    return OK;
}

static errc write_coverage(struct ask *ask, const struct alarm *alarm, struct why *why)
{
    json_key(&ask->json, "coverage");
    if (alarm->sent_at == 0) {
        json_null(&ask->json);
        return OK;
    }
    return alarm_counts_json(ask, alarm, why);
}

errc alarm_json(struct ask *ask, const struct alarm *alarm, struct why *why)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", alarm->id);
    air_id_at(out, "mark", alarm->mark);
    json_text_at(out, "kind", alarm_kind_name(alarm->kind));
    air_unit_at(ask, "unit", alarm->unit);
    json_i64_at(out, "version", alarm->version);
    json_i64_at(out, "root", alarm->root);
    json_key(out, "replaces");
    alarm->replaces != 0 ? json_i64(out, alarm->replaces) : json_null(out);
    json_text_at(out, "state", alarm_state_name(alarm->state));
    write_text(ask, alarm);
    write_life(ask, alarm);
    TRY(write_coverage(ask, alarm, why));
    json_end(out);
    return OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

static errc take_voices(struct ask *ask, const struct json_value *body, struct alarm_draft *draft)
{
    const struct json_value *array = json_in_get(body, "voices");
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count > ALARM_VOICES_MOST) {
        return bad_field(&ask->bad, "voices", "too_many");
    }
    struct alarm_voice *voices = arena_take_array(ask->arena, count + 1, sizeof *voices);
    if (voices == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json_value *value = json_in_at(array, i);
        TRY(json_in_str(value, "language", 2, LANGUAGE_MOST, &voices[i].language, &ask->bad));
        TRY(air_take_hash(ask, value, "media", &voices[i].media));
        voices[i].language = air_text(ask, voices[i].language);
    }
    draft->voices = voices;
    draft->voice_count = count;
    return OK;
}

static errc take_numbers(struct ask *ask, const struct json_value *body, struct alarm_draft *draft)
{
    int64_t clip = 0;
    int64_t times = 0;
    int64_t valid_s = 0;
    TRY(air_take_number(ask, body, "clip", 0, 255, &clip));
    TRY(air_take_number(ask, body, "times", 0, 20, &times));
    TRY(air_take_number(ask, body, "pause_ms", 0, 60000, &draft->pause_ms));
    TRY(air_take_number(ask, body, "again_s", 0, 86400, &draft->again_s));
    TRY(air_take_number(ask, body, "gain_mb", -6000, 0, &draft->gain_mb));
    TRY(json_in_i64(body, "valid_s", 1, 172800, &valid_s, &ask->bad));
    draft->clip = (int)clip;
    draft->times = (int)times;
    draft->valid_ms = valid_s * 1000;
    return OK;
}

static errc take_words(struct ask *ask, const struct json_value *body, struct alarm_draft *draft)
{
    str signal = S("none");
    bool given = false;
    TRY(ask_optional_str(ask, body, "title", ALARM_TITLE_MOST, &given, &draft->title));
    if (json_in_has(body, "text")) {
        TRY(json_in_lines(body, "text", 0, ALARM_TEXT_MOST, &draft->text, &ask->bad));
    }
    TRY(ask_optional_str(ask, body, "signal", 16, &given, &signal));
    draft->title = air_text(ask, draft->title);
    draft->text = air_text(ask, draft->text);
    return alarm_signal_parse(signal, &draft->signal) ? OK
                                                      : bad_field(&ask->bad, "signal", "unknown");
}

static errc take_start(struct ask *ask, const struct json_value *body, struct alarm_draft *draft)
{
    str text = STR_NONE;
    if (!json_in_has(body, "start")) {
        return OK;
    }
    TRY(json_in_str(body, "start", 20, 40, &text, &ask->bad));
    return usec_parse(text, &draft->start) ? OK : bad_field(&ask->bad, "start", "not_a_time");
}

static errc take_hazard(struct ask *ask, const struct json_value *body, enum hazard *hazard)
{
    str name = STR_NONE;
    bool given = false;
    TRY(ask_optional_str(ask, body, "hazard", 20, &given, &name));
    return !given || hazard_parse(name, hazard) ? OK : bad_field(&ask->bad, "hazard", "unknown");
}

errc alarm_take_words(struct ask *ask, const struct json_value *object, const char *key,
                      struct alarm_words *words)
{
    static const char *const fields[] = {"title", "text", NULL};
    const struct json_value *value = json_in_get(object, key);
    bool given = false;
    *words = (struct alarm_words){S(""), S("")};
    if (!json_in_has(object, key)) {
        return OK;
    }
    if (!json_in_is_object(value)) {
        return bad_field(&ask->bad, key, "wrong_type");
    }
    TRY(json_in_only(value, fields, &ask->bad));
    TRY(ask_optional_str(ask, value, "title", ALARM_TITLE_MOST, &given, &words->title));
    TRY(json_in_lines(value, "text", 1, ALARM_TEXT_MOST, &words->text, &ask->bad));
    words->title = air_text(ask, words->title);
    words->text = air_text(ask, words->text);
    return OK;
}

errc alarm_take(struct ask *ask, struct alarm_draft *ret_draft, bool *ret_preview, struct why *why)
{
    static const char *const fields[] = {"mark",    "unit_id",    "areas",   "title",    "text",
                                         "signal",  "clip",       "times",   "pause_ms", "again_s",
                                         "gain_mb", "start",      "valid_s", "voices",   "hazard",
                                         "cancel",  "correction", "preview", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct alarm_draft draft = {.title = S(""), .text = S("")};
    TRY(ask_body(ask, fields, &in, why));
    TRY(air_take_id(ask, in.root, "mark", &draft.mark));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &draft.unit, &ask->bad));
    TRY(air_take_units(ask, in.root, "areas", ALARM_AREAS_MOST, &draft.areas, &draft.area_count));
    TRY(take_words(ask, in.root, &draft));
    TRY(take_numbers(ask, in.root, &draft));
    TRY(take_start(ask, in.root, &draft));
    TRY(take_voices(ask, in.root, &draft));
    TRY(take_hazard(ask, in.root, &draft.hazard));
    TRY(alarm_take_words(ask, in.root, "cancel", &draft.cancel));
    TRY(alarm_take_words(ask, in.root, "correction", &draft.correction));
    *ret_preview = false;
    if (json_in_has(in.root, "preview")) {
        TRY(json_in_bool(in.root, "preview", ret_preview, &ask->bad));
    }
    *ret_draft = draft;
    return OK;
}

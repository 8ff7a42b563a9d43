/* See live_json.h. */
#include "console/live_json.h"

static const char *class_name(enum order_class order_class)
{
    return order_class == CLASS_PRIORITY ? "priority" : "ordinary";
}

static void write_areas(struct ask *ask, const struct live_terms *terms)
{
    json_array_at(&ask->json, "areas");
    for (size_t i = 0; i < terms->area_count; i++) {
        air_unit(ask, terms->areas[i]);
    }
    json_end(&ask->json);
}

static void write_terms(struct ask *ask, const struct live_terms *terms)
{
    struct json_out *out = &ask->json;
    air_unit_at(ask, "unit", terms->unit);
    write_areas(ask, terms);
    json_str_at(out, "title", terms->title);
    json_text_at(out, "class", class_name(terms->order_class));
    ask_write_text(ask, "language", terms->language);
    air_hash_at(out, "fallback", terms->fallback);
    json_bool_at(out, "public", terms->is_public);
    json_bool_at(out, "record", terms->is_recorded);
}

static void write_addresses(struct ask *ask, const struct live *live)
{
    char address[64];
    ignore_int(snprintf(address, sizeof address, "/live/%lld.ogg", (long long)live->id));
    json_text_at(&ask->json, "address", address);
    ignore_int(snprintf(address, sizeof address, "/live/%lld/index.m3u8", (long long)live->id));
    json_text_at(&ask->json, "hls", address);
}

static void write_now(struct ask *ask, const struct live *live)
{
    struct json_out *out = &ask->json;
    struct live_board *board = ask->house->ports.board;
    struct live_now now = {.standing = live->begun_at != 0 ? LIVE_IS_LOST : LIVE_IS_WAITING,
                           .level_mb = LIVE_SILENCE_MB,
                           .peak_mb = LIVE_SILENCE_MB};
    if (board != NULL) {
        ignore_int((long)live_board_get(board, live->id, &now));
    }
    now.standing = live->is_open ? now.standing : LIVE_IS_OVER;
    json_text_at(out, "state", live_standing_name(now.standing));
    json_i64_at(out, "devices", now.devices);
    json_i64_at(out, "listeners", now.listeners);
    json_i64_at(out, "delay_ms", now.delay_ms);
    json_i64_at(out, "level_mb", now.level_mb);
    json_i64_at(out, "peak_mb", now.peak_mb);
}

void live_json(struct ask *ask, const struct live *live)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", live->id);
    air_id_at(out, "mark", live->mark);
    write_terms(ask, &live->terms);
    json_text_at(out, "mode", live_mode_name(live->mode));
    json_text_at(out, "source", live_from_name(live->from));
    ask_write_text(ask, "source_name", live->source_name);
    write_addresses(ask, live);
    write_now(ask, live);
    ask_write_text(ask, "reason", live->reason);
    json_str_at(out, "reason_text",
                live->reason.len > 0 ? ask_word(ask, "live_end.", live->reason) : STR_NONE);
    air_name_at(out, "by", live->made_by, live->made_name);
    json_usec_at(out, "created_at", live->made_at);
    air_usec_at(out, "begun_at", live->begun_at);
    air_usec_at(out, "ended_at", live->ended_at);
    air_name_at(out, "ended_by", live->ended_by, live->ended_name);
    json_i64_at(out, "ms", live->ms);
    air_hash_at(out, "recording", live->recording);
    json_end(out);
}

void source_json(struct ask *ask, const struct live_source *source, int64_t live,
                 const char *password)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", source->id);
    json_str_at(out, "name", source->name);
    json_text_at(out, "kind", source->kind == SOURCE_ENCODER ? "encoder" : "relay");
    write_terms(ask, &source->terms);
    ask_write_text(ask, "address", source->address);
    json_key(out, "live");
    live != 0 ? json_i64(out, live) : json_null(out);
    air_name_at(out, "by", source->made_by, source->made_name);
    json_usec_at(out, "created_at", source->made_at);
    json_str_at(out, "password", password == NULL ? STR_NONE : str_of(password));
    json_end(out);
}

/* --- reading ---------------------------------------------------------------------------------- */

static errc take_class(struct ask *ask, const struct json_value *body, enum order_class *ret_class)
{
    bool given = false;
    str name = S("ordinary");
    TRY(ask_optional_str(ask, body, "class", 16, &given, &name));
    bool priority = str_is(name, S("priority"));
    *ret_class = priority ? CLASS_PRIORITY : CLASS_ORDINARY;
    return priority || str_is(name, S("ordinary")) ? OK : bad_field(&ask->bad, "class", "unknown");
}

static errc take_bool(struct ask *ask, const struct json_value *body, const char *key, bool *value)
{
    return json_in_has(body, key) ? json_in_bool(body, key, value, &ask->bad) : OK;
}

static errc take_fallback(struct ask *ask, const struct json_value *body, hash *ret_hash)
{
    bool given = false;
    str text = STR_NONE;
    TRY(ask_optional_str(ask, body, "fallback", 64, &given, &text));
    return given ? air_take_hash(ask, body, "fallback", ret_hash) : OK;
}

static errc take_terms(struct ask *ask, const struct json_value *body, struct live_terms *terms)
{
    bool given = false;
    terms->language = S("");
    TRY(json_in_i64(body, "unit_id", 1, INT64_MAX, &terms->unit, &ask->bad));
    TRY(air_take_units(ask, body, "areas", LIVE_AREAS_MOST, &terms->areas, &terms->area_count));
    TRY(json_in_str(body, "title", 1, LIVE_TITLE_MOST, &terms->title, &ask->bad));
    TRY(ask_optional_str(ask, body, "language", 16, &given, &terms->language));
    TRY(take_class(ask, body, &terms->order_class));
    TRY(take_fallback(ask, body, &terms->fallback));
    TRY(take_bool(ask, body, "public", &terms->is_public));
    TRY(take_bool(ask, body, "record", &terms->is_recorded));
    terms->title = air_text(ask, terms->title);
    terms->language = air_text(ask, terms->language);
    return OK;
}

errc live_take(struct ask *ask, struct live_draft *ret_draft, struct why *why)
{
    static const char *const fields[] = {"mark",   "unit_id", "areas",    "title",
                                         "mode",   "class",   "fallback", "language",
                                         "public", "record",  NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct live_draft draft = {.from = LIVE_FROM_BROWSER, .mode = LIVE_CONTINUOUS};
    bool given = false;
    str mode = S("continuous");
    TRY(ask_body(ask, fields, &in, why));
    TRY(air_take_id(ask, in.root, "mark", &draft.mark));
    TRY(ask_optional_str(ask, in.root, "mode", 16, &given, &mode));
    if (!live_mode_parse(mode, &draft.mode)) {
        return bad_field(&ask->bad, "mode", "unknown");
    }
    TRY(take_terms(ask, in.root, &draft.terms));
    *ret_draft = draft;
    return OK;
}

errc source_take(struct ask *ask, struct live_source *ret_source, struct why *why)
{
    static const char *const fields[] = {"unit_id", "name",   "kind",     "title",
                                         "areas",   "class",  "fallback", "language",
                                         "public",  "record", "address",  NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct live_source source = {.address = S("")};
    bool given = false;
    str kind = STR_NONE;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "name", 1, SOURCE_NAME_MOST, &source.name, &ask->bad));
    TRY(json_in_str(in.root, "kind", 1, 16, &kind, &ask->bad));
    TRY(ask_optional_str(ask, in.root, "address", SOURCE_ADDRESS_MOST, &given, &source.address));
    source.kind = str_is(kind, S("relay")) ? SOURCE_RELAY : SOURCE_ENCODER;
    if (source.kind == SOURCE_ENCODER && !str_is(kind, S("encoder"))) {
        return bad_field(&ask->bad, "kind", "unknown");
    }
    TRY(take_terms(ask, in.root, &source.terms));
    source.name = air_text(ask, source.name);
    source.address = air_text(ask, source.address);
    *ret_source = source;
    return OK;
}

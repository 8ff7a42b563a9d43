/* Sources of warnings: where they come from and what they may become. */
#include "alert/source.h"

#include "broadcast/programme.h"
#include "console/air_json.h"
#include "console/steps.h"

enum { CODES_IN_MOST = 500, NAMES_MOST = 50 };

static void write_words(struct json_out *out, const char *key, str words)
{
    str rest = words;
    json_array_at(out, key);
    while (rest.at != NULL && rest.len > 0) {
        json_str(out, str_split(rest, ' ', &rest));
    }
    json_end(out);
}

static errc write_certificates(struct ask *ask, const struct cap_source *source)
{
    struct json_out *out = &ask->json;
    struct cap_certificate *list = NULL;
    size_t count = 0;
    if (source->certificates.len > 0) {
        TRY(cap_certificates_read(source->certificates, ask->arena, &list, &count, NULL));
    }
    json_array_at(out, "keys");
    for (size_t i = 0; i < count; i++) {
        json_object(out);
        json_str_at(out, "subject", list[i].subject);
        json_str_at(out, "fingerprint", list[i].fingerprint);
        json_usec_at(out, "from", list[i].from);
        json_usec_at(out, "until", list[i].until);
        json_end(out);
    }
    json_end(out);
    json_str_at(out, "certificates", source->certificates);
    return OK;
}

static void write_codes(struct ask *ask, const struct cap_source *source)
{
    struct json_out *out = &ask->json;
    json_array_at(out, "codes");
    for (size_t i = 0; i < source->code_count; i++) {
        json_object(out);
        json_str_at(out, "name", source->codes[i].name);
        json_str_at(out, "value", source->codes[i].value);
        json_i64_at(out, "unit_id", source->codes[i].unit);
        json_end(out);
    }
    json_end(out);
}

static errc write_source(struct ask *ask, const struct cap_source *source)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", source->id);
    air_unit_at(ask, "unit", source->unit);
    json_str_at(out, "name", source->name);
    json_str_at(out, "address", source->address);
    json_i64_at(out, "every_s", source->every_s);
    json_text_at(out, "policy", cap_policy_name(source->policy));
    json_bool_at(out, "enabled", source->enabled);
    write_words(out, "senders", source->senders);
    TRY(write_certificates(ask, source));
    json_bool_at(out, "must_sign", source->must_sign);
    json_text_at(out, "severity_least", cap_name(source->severity_least));
    json_str_at(out, "language", source->language);
    write_words(out, "code_names", source->code_names);
    write_codes(ask, source);
    air_name_at(out, "set_by", source->set_by, source->set_name);
    air_name_at(out, "confirmed_by", source->confirmed_by, source->confirmed_name);
    air_usec_at(out, "confirmed_at", source->confirmed_at);
    json_bool_at(out, "confirmed", source->confirmed_by != 0);
    air_usec_at(out, "polled_at", source->polled_at);
    ask_write_text(ask, "poll_error", source->poll_error);
    json_i64_at(out, "waiting", source->waiting);
    json_end(out);
    return OK;
}

static errc answer(struct ask *ask, int64_t id, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct cap_source source;
    TRY(cap_source_get(&desk, ask->db, id, &source, why));
    json_object(&ask->json);
    json_key(&ask->json, "source");
    TRY(write_source(ask, &source));
    json_end(&ask->json);
    return OK;
}

errc api_cap_sources_list(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct cap_sources sources;
    TRY(cap_source_list(&desk, ask->db, &sources, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < sources.count; i++) {
        struct cap_source source;
        TRY(cap_source_get(&desk, ask->db, sources.at[i].id, &source, why));
        TRY(write_source(ask, &source));
    }
    ask_list_end_at(ask, 0);
    return OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* An array of words without blanks, as one text with blanks between. */
static errc take_words(struct ask *ask, const struct json_value *body, const char *key, size_t most,
                       str *words)
{
    const struct json_value *array = json_in_get(body, key);
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, most);
    *words = S("");
    if (count > NAMES_MOST) {
        return bad_field(&ask->bad, key, "too_many");
    }
    for (size_t i = 0; i < count; i++) {
        str word = STR_NONE;
        struct json_in_limits limits = {.least = 1, .most = CAP_NAME_MOST};
        TRY(json_in_as_str(json_in_at(array, i), key, limits, &word, &ask->bad));
        if (!cap_identifier_is_fit(word)) {
            return bad_field(&ask->bad, key, "not_a_name");
        }
        buf_add_text(&text, i > 0 ? " " : "");
        buf_add(&text, word);
    }
    if (buf_check(&text) != OK) {
        return bad_field(&ask->bad, key, "too_long");
    }
    *words = count > 0 ? arena_str(ask->arena, buf_str(&text)) : S("");
    return OK;
}

static errc take_codes(struct ask *ask, const struct json_value *body, struct cap_source *source)
{
    static const char *const fields[] = {"name", "value", "unit_id", NULL};
    const struct json_value *array = json_in_get(body, "codes");
    size_t count = json_in_is_array(array) ? json_in_count(array) : 0;
    if (count > CODES_IN_MOST) {
        return bad_field(&ask->bad, "codes", "too_many");
    }
    struct cap_code *codes = arena_take_array(ask->arena, count + 1, sizeof *codes);
    if (codes == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json_value *value = json_in_at(array, i);
        if (!json_in_is_object(value)) {
            return bad_field(&ask->bad, "codes", "wrong_type");
        }
        TRY(json_in_only(value, fields, &ask->bad));
        TRY(json_in_str(value, "name", 1, CAP_NAME_MOST, &codes[i].name, &ask->bad));
        TRY(json_in_str(value, "value", 1, CAP_NAME_MOST, &codes[i].value, &ask->bad));
        TRY(json_in_i64(value, "unit_id", 1, INT64_MAX, &codes[i].unit, &ask->bad));
        codes[i].name = air_text(ask, codes[i].name);
        codes[i].value = air_text(ask, codes[i].value);
    }
    source->codes = codes;
    source->code_count = count;
    return OK;
}

static errc take_rules(struct ask *ask, const struct json_value *body, struct cap_source *source)
{
    str policy = S("ask");
    str severity = S("Severe");
    bool given = false;
    TRY(ask_optional_str(ask, body, "policy", 20, &given, &policy));
    TRY(ask_optional_str(ask, body, "severity_least", 20, &given, &severity));
    if (!cap_policy_parse(policy, &source->policy)) {
        return bad_field(&ask->bad, "policy", "unknown");
    }
    if (!cap_name_parse(CAP_SEVERITY, severity, &source->severity_least)) {
        return bad_field(&ask->bad, "severity_least", "unknown");
    }
    if (json_in_has(body, "enabled")) {
        TRY(json_in_bool(body, "enabled", &source->enabled, &ask->bad));
    }
    if (json_in_has(body, "must_sign")) {
        TRY(json_in_bool(body, "must_sign", &source->must_sign, &ask->bad));
    }
    return OK;
}

static errc take(struct ask *ask, struct cap_source *source, struct why *why)
{
    static const char *const fields[] = {
        "unit_id",  "name",       "address",      "every_s",   "policy",
        "enabled",  "senders",    "certificates", "must_sign", "severity_least",
        "language", "code_names", "codes",        NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    bool given = false;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &source->unit, &ask->bad));
    TRY(json_in_str(in.root, "name", 1, SOURCE_NAME_MOST, &source->name, &ask->bad));
    TRY(ask_optional_str(ask, in.root, "address", SOURCE_ADDRESS_MOST, &given, &source->address));
    TRY(ask_optional_str(ask, in.root, "language", LANGUAGE_MOST, &given, &source->language));
    TRY(air_take_number(ask, in.root, "every_s", SOURCE_EVERY_LEAST, SOURCE_EVERY_MOST,
                        &source->every_s));
    if (json_in_has(in.root, "certificates")) {
        TRY(json_in_lines(in.root, "certificates", 0, CAP_PEM_MOST, &source->certificates,
                          &ask->bad));
    }
    source->name = air_text(ask, source->name);
    source->address = air_text(ask, source->address);
    source->language = air_text(ask, source->language);
    source->certificates = air_text(ask, source->certificates);
    TRY(take_rules(ask, in.root, source));
    TRY(take_words(ask, in.root, "senders", SOURCE_SENDERS_MOST, &source->senders));
    TRY(take_words(ask, in.root, "code_names", SOURCE_SENDERS_MOST, &source->code_names));
    return take_codes(ask, in.root, source);
}

static errc put(struct ask *ask, int64_t id, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct cap_source source = {.id = id,
                                .every_s = 60,
                                .enabled = true,
                                .address = S(""),
                                .language = S("vi"),
                                .certificates = S("")};
    TRY(take(ask, &source, why));
    TRY(cap_source_put(&desk, ask->db, &source, &id, why));
    return answer(ask, id, why);
}

errc api_cap_sources_add(struct ask *ask, struct why *why)
{
    return put(ask, 0, why);
}

errc api_cap_sources_change(struct ask *ask, struct why *why)
{
    int64_t id = ask_place_id(ask, 0);
    return id > 0 ? put(ask, id, why) : ERR_NOT_FOUND;
}

errc api_cap_sources_confirm(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    TRY(cap_source_confirm(&desk, ask->db, ask_place_id(ask, 0), why));
    return answer(ask, ask_place_id(ask, 0), why);
}

errc api_cap_sources_drop(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    return cap_source_drop(&desk, ask->db, ask_place_id(ask, 0), why);
}

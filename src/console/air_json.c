/* See air_json.h. */
#include "console/air_json.h"

#include "console/unit_json.h"
#include "fleet/presence.h"

struct desk ask_desk(struct ask *ask)
{
    const struct house_ports *ports = &ask->house->ports;
    return (struct desk){
        .actor = &ask->actor,
        .forest = ask->forest,
        .receivers = ports->receivers,
        .signing = ports->signing,
        .policy = &ask->house->broadcast,
        .entropy = ask->house->entropy,
        .zone = ask->house->zone,
        .arena = ask->arena,
        .bad = &ask->bad,
    };
}

void air_time_at(struct json_out *out, const char *key, int seconds)
{
    char text[16];
    int minutes = seconds / 60;
    int left = seconds % 60;
    if (seconds < 0) {
        json_null_at(out, key);
        return;
    }
    int len = snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
    if (left != 0 && len > 0) {
        ignore_int(snprintf(text + len, sizeof text - (size_t)len, ":%02d", left));
    }
    json_text_at(out, key, text);
}

static bool parse_two(str text, int most, int *ret_number)
{
    bool digits = text.len == 2 && text.at[0] >= '0' && text.at[0] <= '9' && text.at[1] >= '0' &&
                  text.at[1] <= '9';
    int number = digits ? (text.at[0] - '0') * 10 + (text.at[1] - '0') : most + 1;
    *ret_number = number;
    return number <= most;
}

errc air_take_time(struct ask *ask, const struct json_value *object, const char *key,
                   int *ret_seconds)
{
    str text = STR_NONE;
    int hour = 0;
    int minute = 0;
    int second = 0;
    TRY(json_in_str(object, key, 5, 8, &text, &ask->bad));
    str rest = text;
    bool fits = parse_two(str_split(rest, ':', &rest), 24, &hour) &&
                parse_two(str_split(rest, ':', &rest), 59, &minute);
    if (fits && rest.at != NULL) {
        fits = parse_two(rest, 59, &second);
    }
    int total = hour * 3600 + minute * 60 + second;
    if (!fits || total > DAY_S) {
        return bad_field(&ask->bad, key, "not_a_time");
    }
    *ret_seconds = total;
    return OK;
}

void air_usec_at(struct json_out *out, const char *key, usec instant)
{
    if (instant == 0) {
        json_null_at(out, key);
    } else {
        json_usec_at(out, key, instant);
    }
}

void air_hash_at(struct json_out *out, const char *key, hash value)
{
    static const hash none;
    char text[HASH_TEXT_SIZE];
    hash_text(value, text);
    json_text_at(out, key, hash_is(value, none) ? NULL : text);
}

void air_id_at(struct json_out *out, const char *key, wire_id id)
{
    static const wire_id none;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 64);
    buf_add_hex(&text, id.bytes, sizeof id.bytes);
    bool is_none = memcmp(id.bytes, none.bytes, sizeof id.bytes) == 0;
    json_str_at(out, key, is_none ? STR_NONE : buf_str(&text));
}

errc air_take_hash(struct ask *ask, const struct json_value *object, const char *key,
                   hash *ret_hash)
{
    str text = STR_NONE;
    TRY(json_in_str(object, key, 1, 64, &text, &ask->bad));
    return hash_parse(text, ret_hash) ? OK : bad_field(&ask->bad, key, "wrong_type");
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

errc air_take_id(struct ask *ask, const struct json_value *object, const char *key, wire_id *ret_id)
{
    str text = STR_NONE;
    wire_id id;
    TRY(json_in_str(object, key, 2 * WIRE_ID_SIZE, 2 * WIRE_ID_SIZE, &text, &ask->bad));
    for (size_t i = 0; i < sizeof id.bytes; i++) {
        int high = nibble(text.at[2 * i]);
        int low = nibble(text.at[2 * i + 1]);
        if (high < 0 || low < 0) {
            return bad_field(&ask->bad, key, "wrong_type");
        }
        id.bytes[i] = (uint8_t)(high * 16 + low);
    }
    *ret_id = id;
    return OK;
}

void air_unit_at(struct ask *ask, const char *key, unit_id unit)
{
    unit_json_ref_at(&ask->json, key, forest_at(ask->forest, ask->today), unit);
}

void air_unit(struct ask *ask, unit_id unit)
{
    struct unit_line line = {.name = S("")};
    bool known = tree_line(forest_at(ask->forest, ask->today), unit, &line);
    json_object(&ask->json);
    json_i64_at(&ask->json, "id", unit);
    json_str_at(&ask->json, "name", known ? line.name : S(""));
    json_end(&ask->json);
}

void air_name_at(struct json_out *out, const char *key, int64_t id, str name)
{
    if (id == 0) {
        json_null_at(out, key);
        return;
    }
    json_object_at(out, key);
    json_i64_at(out, "id", id);
    json_str_at(out, "name", name.at == NULL ? S("") : name);
    json_end(out);
}

void air_device_at(struct ask *ask, const char *key, uint64_t device)
{
    struct presence_line line = {.name = S("")};
    struct presence *presence = ask->house->ports.presence;
    bool known =
        presence != NULL && presence_one(presence, (int64_t)device, ask->arena, &line) == OK;
    air_name_at(&ask->json, key, (int64_t)device, known ? line.name : S(""));
}

errc air_take_units(struct ask *ask, const struct json_value *object, const char *key, size_t most,
                    const unit_id **ret_units, size_t *ret_count)
{
    const struct json_value *array = NULL;
    size_t count = 0;
    *ret_count = 0;
    TRY(ask_take_array(ask, object, key, most, &array, &count));
    if (array == NULL) {
        return OK;
    }
    unit_id *units = arena_take_array(ask->arena, count + 1, sizeof *units);
    if (units == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(json_in_as_i64(json_in_at(array, i), key, 1, INT64_MAX, &units[i], &ask->bad));
    }
    *ret_units = units;
    *ret_count = count;
    return OK;
}

errc air_take_number(struct ask *ask, const struct json_value *object, const char *key,
                     int64_t least, int64_t most, int64_t *number)
{
    return json_in_has(object, key) ? json_in_i64(object, key, least, most, number, &ask->bad) : OK;
}

errc air_take_bits(struct ask *ask, const struct json_value *object, const char *key, int64_t most,
                   unsigned *bits)
{
    const struct json_value *array = NULL;
    size_t count = 0;
    TRY(ask_take_array(ask, object, key, (size_t)most, &array, &count));
    if (array == NULL) {
        return OK;
    }
    *bits = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t number = 0;
        TRY(json_in_as_i64(json_in_at(array, i), key, 1, most, &number, &ask->bad));
        *bits |= 1U << (number - 1);
    }
    return OK;
}

void air_bits_at(struct json_out *out, const char *key, unsigned bits, int most)
{
    json_array_at(out, key);
    for (int i = 0; i < most; i++) {
        if ((bits >> i & 1U) != 0) {
            json_i64(out, i + 1);
        }
    }
    json_end(out);
}

errc air_query_unit(struct ask *ask, unit_id *ret_unit)
{
    return ask_query_i64(ask, "unit", ask->actor.unit_id, ret_unit);
}

const char *air_reason_name(enum log_reason reason)
{
    static const struct {
        enum log_reason reason;
        const char *name;
    } names[] = {
#define X(number, NAME, name) {NAME, name},
#include "wire/reasons.def"
#undef X
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (names[i].reason == reason) {
            return names[i].name;
        }
    }
    return "unknown";
}

void air_reason(struct ask *ask, enum log_reason reason)
{
    const char *name = reason == REASON_NONE ? NULL : air_reason_name(reason);
    json_text_at(&ask->json, "reason", name);
    json_str_at(&ask->json, "message",
                name == NULL ? STR_NONE : ask_word(ask, "reason.", str_of(name)));
}

str air_text(struct ask *ask, str text)
{
    return text.len == 0 ? S("") : arena_str(ask->arena, text);
}

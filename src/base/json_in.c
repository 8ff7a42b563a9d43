/* jansson behind our own names. A json_value is a json_t; nobody outside this file knows. */
#include "base/json_in.h"

#include "base/crash.h"
#include "base/mem.h"
#include "base/text.h"

#include <jansson.h>
#include <pthread.h>

static json_t *inner(const struct json_value *value)
{
    union {
        const struct json_value *from;
        json_t *to;
    } cast = {.from = value};
    return cast.to;
}

static const struct json_value *outer(json_t *value)
{
    return (const struct json_value *)(void *)value;
}

/* jansson ignores some failed allocations inside of strings and would hand out a shortened text.
 * Therefore each failure is remembered and the whole document refused. */
static _Thread_local bool starved;

static void *take(size_t size)
{
    void *block = mem_try(size);
    starved = starved || block == NULL;
    return block;
}

static void set_allocator(void)
{
    json_set_alloc_funcs(take, mem_give);
}

/* What can be told of a text before it is parsed: parsing recurses, and a value of two bytes
 * becomes a hundred bytes of memory. Counts may be too high in texts that are no JSON. */
struct shape {
    size_t depth;
    size_t values;
};

static struct shape measure(str text)
{
    struct shape shape = {.values = 1};
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        if (quoted) {
            i += byte == '\\';
            quoted = byte != '"';
            continue;
        }
        quoted = byte == '"';
        bool opens = byte == '[' || byte == '{';
        bool closes = byte == ']' || byte == '}';
        depth += opens;
        depth -= closes && depth > 0;
        shape.depth = depth > shape.depth ? depth : shape.depth;
        shape.values += opens || byte == ',';
    }
    return shape;
}

static errc check_text(str text, struct why *why)
{
    if (text.len > JSON_IN_SIZE) {
        return fail(why, ERR_TOO_BIG, "JSON of %zu bytes", text.len);
    }
    if (!text_is_utf8(text)) {
        return fail(why, ERR_BAD_UTF8, "JSON is not UTF-8");
    }
    struct shape shape = measure(text);
    if (shape.depth > JSON_IN_DEPTH) {
        return fail(why, ERR_BAD_JSON, "nested %zu deep", shape.depth);
    }
    if (shape.values > JSON_IN_VALUES) {
        return fail(why, ERR_TOO_BIG, "JSON of %zu values", shape.values);
    }
    return OK;
}

errc json_in_parse(str text, struct json_in *ret_in, struct why *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    TRY(check_text(text, why));
    ENSURE(pthread_once(&once, set_allocator) == 0);
    starved = false;
    json_error_t error;
    json_t *root =
        json_loadb(text.len == 0 ? "" : text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    if (starved) {
        json_decref(root);
        return fail(why, ERR_NO_MEMORY, "no memory for JSON of %zu bytes", text.len);
    }
    if (root == NULL) {
        return fail(why, ERR_BAD_JSON, "line %d: %s", error.line, error.text);
    }
    ret_in->root = outer(root);
    return OK;
}

void json_in_finish(struct json_in *in)
{
    json_decref(inner(in->root));
    in->root = NULL;
}

static void copy_cut(str text, char *array, size_t size)
{
    ENSURE(str_to_array(text_cut(text, size - 1), array, size));
}

errc bad_field(struct bad_field *bad, const char *name, const char *code)
{
    if (bad != NULL) {
        copy_cut(str_of(name), bad->name, sizeof bad->name);
        copy_cut(str_of(code), bad->code, sizeof bad->code);
    }
    return ERR_INVALID;
}

bool json_in_has(const struct json_value *object, const char *key)
{
    return json_in_get(object, key) != NULL;
}

bool json_in_is_null(const struct json_value *object, const char *key)
{
    return json_is_null(json_object_get(inner(object), key));
}

bool json_in_is_object(const struct json_value *value)
{
    return json_is_object(inner(value));
}

bool json_in_is_array(const struct json_value *value)
{
    return json_is_array(inner(value));
}

const struct json_value *json_in_get(const struct json_value *object, const char *key)
{
    json_t *value = json_object_get(inner(object), key);
    return value == NULL || json_is_null(value) ? NULL : outer(value);
}

size_t json_in_count(const struct json_value *array)
{
    return json_array_size(inner(array));
}

const struct json_value *json_in_at(const struct json_value *array, size_t index)
{
    return outer(json_array_get(inner(array), index));
}

static errc get(const struct json_value *object, const char *key, json_t **ret_value,
                struct bad_field *bad)
{
    if (!json_is_object(inner(object))) {
        return bad_field(bad, key, "not_an_object");
    }
    const struct json_value *value = json_in_get(object, key);
    if (value == NULL) {
        return bad_field(bad, key, "missing");
    }
    *ret_value = inner(value);
    return OK;
}

static errc check_str(json_t *value, const char *key, struct json_in_limits limits, str *ret_text,
                      struct bad_field *bad)
{
    if (!json_is_string(value)) {
        return bad_field(bad, key, "wrong_type");
    }
    str text = {json_string_value(value), json_string_length(value)};
    if (!(limits.lines ? text_is_plain_lines(text) : text_is_plain(text))) {
        return bad_field(bad, key, "not_text");
    }
    size_t length = text_length(text);
    if (length < limits.least) {
        return bad_field(bad, key, length == 0 ? "missing" : "too_short");
    }
    if (length > limits.most) {
        return bad_field(bad, key, "too_long");
    }
    *ret_text = text;
    return OK;
}

errc json_in_str(const struct json_value *object, const char *key, size_t least, size_t most,
                 str *ret_text, struct bad_field *bad)
{
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    return check_str(value, key, (struct json_in_limits){least, most, false}, ret_text, bad);
}

errc json_in_lines(const struct json_value *object, const char *key, size_t least, size_t most,
                   str *ret_text, struct bad_field *bad)
{
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    return check_str(value, key, (struct json_in_limits){least, most, true}, ret_text, bad);
}

errc json_in_as_str(const struct json_value *value, const char *name, struct json_in_limits limits,
                    str *ret_text, struct bad_field *bad)
{
    return check_str(inner(value), name, limits, ret_text, bad);
}

static errc take_i64(json_t *value, const char *name, const int64_t range[2], int64_t *ret_number,
                     struct bad_field *bad)
{
    if (value == NULL || json_typeof(value) != JSON_INTEGER) {
        return bad_field(bad, name, "wrong_type");
    }
    json_int_t number = json_integer_value(value);
    if (number < range[0] || number > range[1]) {
        return bad_field(bad, name, "out_of_range");
    }
    *ret_number = number;
    return OK;
}

errc json_in_as_i64(const struct json_value *value, const char *name, int64_t least, int64_t most,
                    int64_t *ret_number, struct bad_field *bad)
{
    const int64_t range[2] = {least, most};
    return take_i64(inner(value), name, range, ret_number, bad);
}

errc json_in_as_id(const struct json_value *value, const char *name, int64_t *ret_id,
                   struct bad_field *bad)
{
    return json_in_as_i64(value, name, 1, INT64_MAX, ret_id, bad);
}

errc json_in_i64(const struct json_value *object, const char *key, int64_t least, int64_t most,
                 int64_t *ret_number, struct bad_field *bad)
{
    const int64_t range[2] = {least, most};
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    return take_i64(value, key, range, ret_number, bad);
}

errc json_in_double(const struct json_value *object, const char *key, double least, double most,
                    double *ret_number, struct bad_field *bad)
{
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    if (json_typeof(value) != JSON_INTEGER && json_typeof(value) != JSON_REAL) {
        return bad_field(bad, key, "wrong_type");
    }
    double number = json_number_value(value);
    if (!(number >= least && number <= most)) {
        return bad_field(bad, key, "out_of_range");
    }
    *ret_number = number;
    return OK;
}

errc json_in_bool(const struct json_value *object, const char *key, bool *ret_value,
                  struct bad_field *bad)
{
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    if (json_typeof(value) != JSON_TRUE && json_typeof(value) != JSON_FALSE) {
        return bad_field(bad, key, "wrong_type");
    }
    *ret_value = json_typeof(value) == JSON_TRUE;
    return OK;
}

errc json_in_day(const struct json_value *object, const char *key, day *ret_day,
                 struct bad_field *bad)
{
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    if (json_typeof(value) != JSON_STRING) {
        return bad_field(bad, key, "wrong_type");
    }
    str text = {json_string_value(value), json_string_length(value)};
    return day_parse(text, ret_day) ? OK : bad_field(bad, key, "not_a_date");
}

errc json_in_only(const struct json_value *object, const char *const *keys, struct bad_field *bad)
{
    if (!json_is_object(inner(object))) {
        return bad_field(bad, "", "not_an_object");
    }
    for (void *at = json_object_iter(inner(object)); at != NULL;
         at = json_object_iter_next(inner(object), at)) {
        const char *key = json_object_iter_key(at);
        bool known = false;
        for (size_t i = 0; keys[i] != NULL && !known; i++) {
            known = str_is(str_of(keys[i]), str_of(key));
        }
        if (!known) {
            ignore(bad_field(bad, key, "unknown_field"));
            return ERR_UNKNOWN_FIELD;
        }
    }
    return OK;
}

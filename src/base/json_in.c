/* jansson behind our own names. A json_value is a json_t; nobody outside this file knows. */
#include "base/json_in.h"

#include "base/text.h"

#include <jansson.h>
#include <stdio.h>

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

static bool is_shallow(const json_t *value, int depth)
{
    if (depth > JSON_IN_DEPTH) {
        return false;
    }
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            if (!is_shallow(json_array_get(value, i), depth + 1)) {
                return false;
            }
        }
    }
    if (json_is_object(value)) {
        void *iter = json_object_iter(inner((const struct json_value *)(const void *)value));
        while (iter != NULL) {
            if (!is_shallow(json_object_iter_value(iter), depth + 1)) {
                return false;
            }
            iter = json_object_iter_next(inner((const struct json_value *)(const void *)value), iter);
        }
    }
    return true;
}

errc json_in_parse(str text, struct json_in *ret_in, struct why *why)
{
    if (text.len > JSON_IN_SIZE) {
        return fail(why, ERR_TOO_BIG, "JSON of %zu bytes", text.len);
    }
    if (!text_is_utf8(text)) {
        return fail(why, ERR_BAD_UTF8, "JSON is not UTF-8");
    }
    json_error_t error;
    json_t *root = json_loadb(text.at == NULL ? "" : text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        return fail(why, ERR_BAD_JSON, "line %d: %s", error.line, error.text);
    }
    if (!is_shallow(root, 0)) {
        json_decref(root);
        return fail(why, ERR_BAD_JSON, "nested too deeply");
    }
    ret_in->root = outer(root);
    return OK;
}

void json_in_finish(struct json_in *in)
{
    json_decref(inner(in->root));
    in->root = NULL;
}

errc bad_field(struct bad_field *bad, const char *name, const char *code)
{
    if (bad != NULL) {
        ignore_int(snprintf(bad->name, sizeof bad->name, "%s", name));
        ignore_int(snprintf(bad->code, sizeof bad->code, "%s", code));
    }
    return ERR_INVALID;
}

bool json_in_has(const struct json_value *object, const char *key)
{
    return json_in_get(object, key) != NULL;
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
    if (object == NULL || !json_is_object(inner(object))) {
        return bad_field(bad, key, "not_an_object");
    }
    const struct json_value *value = json_in_get(object, key);
    if (value == NULL) {
        return bad_field(bad, key, "missing");
    }
    *ret_value = inner(value);
    return OK;
}

errc json_in_str(const struct json_value *object, const char *key, size_t least, size_t most,
                 str *ret_text, struct bad_field *bad)
{
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    if (!json_is_string(value)) {
        return bad_field(bad, key, "wrong_type");
    }
    str text = {json_string_value(value), json_string_length(value)};
    if (!text_is_plain_lines(text)) {
        return bad_field(bad, key, "not_text");
    }
    size_t length = text_length(text);
    if (length < least) {
        return bad_field(bad, key, length == 0 ? "missing" : "too_short");
    }
    if (length > most) {
        return bad_field(bad, key, "too_long");
    }
    *ret_text = text;
    return OK;
}

errc json_in_i64(const struct json_value *object, const char *key, int64_t least, int64_t most,
                 int64_t *ret_number, struct bad_field *bad)
{
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    if (!json_is_integer(value)) {
        return bad_field(bad, key, "wrong_type");
    }
    json_int_t number = json_integer_value(value);
    if (number < least || number > most) {
        return bad_field(bad, key, "out_of_range");
    }
    *ret_number = number;
    return OK;
}

errc json_in_double(const struct json_value *object, const char *key, double least, double most,
                    double *ret_number, struct bad_field *bad)
{
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    if (!json_is_number(value)) {
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
    if (!json_is_boolean(value)) {
        return bad_field(bad, key, "wrong_type");
    }
    *ret_value = json_is_true(value);
    return OK;
}

errc json_in_day(const struct json_value *object, const char *key, day *ret_day,
                 struct bad_field *bad)
{
    json_t *value = NULL;
    TRY(get(object, key, &value, bad));
    if (!json_is_string(value)) {
        return bad_field(bad, key, "wrong_type");
    }
    str text = {json_string_value(value), json_string_length(value)};
    return day_parse(text, ret_day) ? OK : bad_field(bad, key, "not_a_date");
}

errc json_in_only(const struct json_value *object, const char *const *keys, struct bad_field *bad)
{
    if (object == NULL || !json_is_object(inner(object))) {
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

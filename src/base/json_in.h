/* Strict reading of JSON from strangers: UTF-8, no duplicate keys, bounded depth, size and number
 * of values, and no field that nobody asked for. A reader names the field in `bad` when something
 * does not fit, so that the answer can point at it. TRY(json_in_parse(body, &in));
 * TRY(json_in_str(in.root, "login", 1, 64, &login, &bad)); TRY(json_in_only(in.root, (const char
 * *[]){"login", "password", NULL}, &bad)); */
#ifndef LOA_BASE_JSON_IN_H
#define LOA_BASE_JSON_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/when.h"

struct json_value; /* a loan from the document */

struct json_in {
    const struct json_value *root;
};

/* What was wrong with which field; `code` is a catalogue key: missing, wrong_type, too_short,
 * too_long, out_of_range, not_a_date, not_text, unknown_field, … */
struct bad_field {
    char name[64];
    char code[32];
};

enum {
    JSON_IN_DEPTH = 24,
    JSON_IN_SIZE = 4 * 1024 * 1024,
    JSON_IN_VALUES = 128 * 1024, /* about 40 MB of memory at most */
};

CHECKED errc json_in_parse(str text, struct json_in *ret_in, struct why *why);
void json_in_finish(struct json_in *in);                                   /* for AUTO */
errc bad_field(struct bad_field *bad, const char *name, const char *code); /* ERR_INVALID */

bool json_in_has(const struct json_value *object, const char *key);     /* present and not null */
bool json_in_is_null(const struct json_value *object, const char *key); /* present and null */
bool json_in_is_object(const struct json_value *value);
bool json_in_is_array(const struct json_value *value);
const struct json_value *json_in_get(const struct json_value *object,
                                     const char *key); /* or null */
size_t json_in_count(const struct json_value *array);
const struct json_value *json_in_at(const struct json_value *array, size_t index);

/* Obligatory fields; lengths in characters. Texts are plain (text_is_plain). */
CHECKED errc json_in_str(const struct json_value *object, const char *key, size_t least,
                         size_t most, str *ret_text, struct bad_field *bad);
/* A text of several lines. */
CHECKED errc json_in_lines(const struct json_value *object, const char *key, size_t least,
                           size_t most, str *ret_text, struct bad_field *bad);
struct json_in_limits {
    size_t least;
    size_t most;
    bool lines;
};
/* A value that is itself a text, as in an array of texts; `name` is for `bad`. */
CHECKED errc json_in_as_str(const struct json_value *value, const char *name,
                            struct json_in_limits limits, str *ret_text, struct bad_field *bad);
/* A value that is itself one of our numbers (1 and above), as in an array of ids. */
CHECKED errc json_in_as_id(const struct json_value *value, const char *name, int64_t *ret_id,
                           struct bad_field *bad);
/* A value that is itself a whole number, as in an array of them. */
CHECKED errc json_in_as_i64(const struct json_value *value, const char *name, int64_t least,
                            int64_t most, int64_t *ret_number, struct bad_field *bad);
CHECKED errc json_in_i64(const struct json_value *object, const char *key, int64_t least,
                         int64_t most, int64_t *ret_number, struct bad_field *bad);
CHECKED errc json_in_double(const struct json_value *object, const char *key, double least,
                            double most, double *ret_number, struct bad_field *bad);
CHECKED errc json_in_bool(const struct json_value *object, const char *key, bool *ret_value,
                          struct bad_field *bad);
CHECKED errc json_in_day(const struct json_value *object, const char *key, day *ret_day,
                         struct bad_field *bad);
/* Refuses fields that are not in the null-ended list. */
CHECKED errc json_in_only(const struct json_value *object, const char *const *keys,
                          struct bad_field *bad);

#endif

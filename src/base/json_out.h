/* A streaming JSON writer into a bounded buf. Commas are its business; what it cannot write
 * (text that is not UTF-8, a number that is not finite) becomes null and marks the output failed.
 *   json_object(&out); json_key(&out, "name"); json_str(&out, name); json_end(&out); */
#ifndef LOA_BASE_JSON_OUT_H
#define LOA_BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/when.h"

enum { JSON_DEPTH = 32 };

struct json_out {
    struct buf *to;
    int depth;
    bool array[JSON_DEPTH];
    bool filled[JSON_DEPTH];
    bool after_key;
    bool begun; /* the root is there */
    bool failed;
};

void json_out_init(struct json_out *out, struct buf *to);
CHECKED errc json_out_check(const struct json_out *out); /* one whole value, nothing failed */

void json_object(struct json_out *out);
void json_array(struct json_out *out);
void json_end(struct json_out *out); /* of the innermost object or array */
void json_key(struct json_out *out, const char *key);
void json_key_str(struct json_out *out, str key);
void json_str(struct json_out *out, str text); /* at == NULL writes null */
void json_text(struct json_out *out, const char *text);
void json_i64(struct json_out *out, int64_t number);
void json_double(struct json_out *out, double number);
void json_bool(struct json_out *out, bool value);
void json_null(struct json_out *out);
void json_usec(struct json_out *out, usec instant); /* outside of years 1 to 9999 writes null */
void json_day(struct json_out *out, day date);      /* DAY_FIRST and DAY_OPEN write null */
void json_raw(struct json_out *out, str json);      /* already JSON, of our own making */

/* Key and value in one call. */
void json_str_at(struct json_out *out, const char *key, str text);
void json_text_at(struct json_out *out, const char *key, const char *text);
void json_i64_at(struct json_out *out, const char *key, int64_t number);
void json_bool_at(struct json_out *out, const char *key, bool value);
void json_null_at(struct json_out *out, const char *key);
void json_usec_at(struct json_out *out, const char *key, usec instant);
void json_day_at(struct json_out *out, const char *key, day date);
void json_object_at(struct json_out *out, const char *key);
void json_array_at(struct json_out *out, const char *key);

#endif

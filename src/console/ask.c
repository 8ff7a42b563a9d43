/* The small questions that every step asks about its request. */
#include "console/ask.h"

#include "base/file.h"
#include "loop/http.h"

#include <errno.h>
#include <fcntl.h>

enum { LIMIT_USUAL = 50, LIMIT_MOST = 200 };

str ask_place(const struct ask *ask, size_t place)
{
    return ask->match.places[place];
}

int64_t ask_place_id(const struct ask *ask, size_t place)
{
    int64_t id = -1;
    return str_to_i64(ask_place(ask, place), &id) && id > 0 ? id : -1;
}

errc ask_query(struct ask *ask, const char *name, str *ret_value)
{
    str value = STR_NONE;
    if (!http_request_param(ask->request, str_of(name), &value) || value.len == 0) {
        *ret_value = STR_NONE;
        return OK;
    }
    if (value.len > 400) {
        return bad_field(&ask->bad, name, "too_long");
    }
    *ret_value = value;
    return OK;
}

errc ask_query_i64(struct ask *ask, const char *name, int64_t fallback, int64_t *ret_value)
{
    str value = STR_NONE;
    TRY(ask_query(ask, name, &value));
    if (value.at == NULL) {
        *ret_value = fallback;
        return OK;
    }
    return str_to_i64(value, ret_value) ? OK : bad_field(&ask->bad, name, "wrong_type");
}

errc ask_query_day(struct ask *ask, const char *name, day fallback, day *ret_day)
{
    str value = STR_NONE;
    TRY(ask_query(ask, name, &value));
    if (value.at == NULL) {
        *ret_day = fallback;
        return OK;
    }
    return day_parse(value, ret_day) ? OK : bad_field(&ask->bad, name, "not_a_date");
}

errc ask_query_limit(struct ask *ask, size_t *ret_limit)
{
    int64_t limit = LIMIT_USUAL;
    TRY(ask_query_i64(ask, "limit", LIMIT_USUAL, &limit));
    if (limit < 1 || limit > LIMIT_MOST) {
        return bad_field(&ask->bad, "limit", "out_of_range");
    }
    *ret_limit = (size_t)limit;
    return OK;
}

errc ask_body(struct ask *ask, const char *const *fields, struct json_in *ret_in, struct why *why)
{
    struct json_in in = {.root = NULL};
    TRY(json_in_parse(ask->body, &in, why));
    errc rc = json_in_only(in.root, fields, &ask->bad);
    if (rc != OK) {
        json_in_finish(&in);
        return rc;
    }
    *ret_in = in;
    return OK;
}

errc ask_optional_str(struct ask *ask, const struct json_value *object, const char *key,
                      size_t most, bool *ret_given, str *ret_text)
{
    *ret_given = json_in_has(object, key);
    return *ret_given ? json_in_str(object, key, 0, most, ret_text, &ask->bad) : OK;
}

errc ask_password(struct ask *ask, const struct json_value *object, const char *key,
                  str *ret_password)
{
    str typed = STR_NONE;
    TRY(json_in_str(object, key, 1, PASSWORD_MOST, &typed, &ask->bad));
    str kept = arena_str(ask->arena, typed);
    if (kept.at == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_password = kept;
    return OK;
}

errc ask_bytes(struct ask *ask, const struct json_value *object, const char *key, size_t most,
               str *ret_bytes)
{
    str text = STR_NONE;
    TRY(json_in_str(object, key, 1, most * 4 / 3 + 4, &text, &ask->bad));
    if (webauthn_decode(ask->arena, text, most, ret_bytes, NULL) != OK) {
        return bad_field(&ask->bad, key, "wrong_type");
    }
    return OK;
}

errc ask_take_array(struct ask *ask, const struct json_value *object, const char *key, size_t most,
                    const struct json_value **ret_array, size_t *ret_count)
{
    const struct json_value *array = json_in_get(object, key);
    *ret_array = NULL;
    *ret_count = 0;
    if (!json_in_has(object, key)) {
        return OK;
    }
    if (!json_in_is_array(array)) {
        return bad_field(&ask->bad, key, "wrong_type");
    }
    if (json_in_count(array) > most) {
        return bad_field(&ask->bad, key, "too_many");
    }
    *ret_array = array;
    *ret_count = json_in_count(array);
    return OK;
}

void ask_list_begin(struct ask *ask)
{
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
}

void ask_list_end(struct ask *ask, str next)
{
    json_end(&ask->json);
    json_str_at(&ask->json, "next", next);
    json_end(&ask->json);
}

void ask_list_end_at(struct ask *ask, int64_t next)
{
    ask_list_end(ask, next == 0 ? STR_NONE : arena_format(ask->arena, "%lld", (long long)next));
}

void ask_drop_file(struct ask *ask)
{
    file_close(&ask->file);
    ask->file = -1;
    ask->file_size = 0;
}

errc ask_spill(struct ask *ask, struct why *why)
{
    if (ask->file < 0) {
        ask->file = open(ask->house->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (ask->file < 0) {
            return fail_errno(why, errno, "a temporary file in %s", ask->house->folder);
        }
    }
    TRY(buf_check(&ask->out));
    TRY(file_write_all(ask->file, ask->out.at, ask->out.len, why));
    ask->file_size += ask->out.len;
    buf_clear(&ask->out);
    return OK;
}

void ask_write_text(struct ask *ask, const char *key, str text)
{
    json_str_at(&ask->json, key, text.len > 0 ? text : STR_NONE);
}

void ask_write_json(struct ask *ask, const char *key, str json)
{
    json_key(&ask->json, key);
    if (json.len == 0) {
        json_null(&ask->json);
    } else {
        json_raw(&ask->json, json);
    }
}

void ask_write_bytes(struct ask *ask, const char *key, str bytes)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 16 * 1024);
    webauthn_encode(bytes, &text);
    json_str_at(&ask->json, key, buf_str(&text));
}

str ask_word(struct ask *ask, const char *prefix, str key)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 2048);
    str name = arena_format(ask->arena, "%s%.*s", prefix, STR_ARG(key));
    words_write(ask->house->words, ask->language, name, NULL, 0, &text);
    return arena_str(ask->arena, buf_str(&text));
}

/* One request on its way through the console: what was asked, who asks, where the answer goes.
 * A step (see routes.def) reads it, calls a subject, writes JSON and returns; it never sees a
 * socket, a thread or a cookie header. A failed step leaves nothing behind: the transaction is
 * rolled back and the answer is the error. act may run again when two writers collided, so a step
 * starts from what was asked, never from what an earlier run left. */
#ifndef LOA_CONSOLE_ASK_H
#define LOA_CONSOLE_ASK_H

#include "base/base.h"
#include "base/entropy.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/words.h"
#include "console/house.h"
#include "console/route.h"
#include "people/account_job.h"
#include "people/session.h"
#include "people/unit_job.h"

struct db;
struct forest;
struct http_request;

/* Whose account number a stranger bears. */
enum { ASK_STRANGER = -1 };

enum ask_cookie { ASK_COOKIE_KEEP, ASK_COOKIE_SET, ASK_COOKIE_DROP };

struct ask {
    /* asked: constant from intake to answer */
    const struct house *house;
    struct policy policy;
    struct duty_policy duty;
    struct route_match match;
    const struct http_request *request; /* for its query parameters */
    str body;
    str address;
    str agent;
    str host;
    str csrf;
    str token; /* of the session cookie, STR_NONE without one */
    enum words_language language;
    bool tls;
    bool is_background; /* a page fetched by itself; nobody touched anything */
    usec now;
    day today;
    struct arena *arena;

    /* who: filled before each step that has the store */
    const struct session *session; /* id 0 when nobody has begun to sign in */
    bool is_admitted;              /* passed every gate of its route */
    bool session_is_loaded;        /* from the store, so worth remembering */
    struct actor actor;
    struct account_setup setup;
    struct account_job job;
    struct unit_dependants dependants[2]; /* what hangs on units */
    struct forest *forest;

    /* a step's tools */
    struct db *db; /* of this phase; meaningless in work */
    void *carried; /* from look to work to act, in the arena */

    /* answered */
    bool is_answered; /* by look already; act only writes down that it was */
    errc refused;     /* a refusal that must be committed, such as a wrong password that counts */
    int status;
    const char *type;     /* null: JSON */
    const char *filename; /* a Content-Disposition; null for none */
    struct buf out;
    int file; /* the answer is this file instead of `out`; -1: it is not */
    uint64_t file_size;
    struct json_out json;
    struct bad_field bad;
    str theirs; /* JSON beside an error: what somebody else saved first; STR_NONE */
    enum ask_cookie cookie;
    str cookie_token;
    int retry_after_s;
};

int64_t ask_place_id(const struct ask *ask, size_t place); /* -1 when it is not a number */
str ask_place(const struct ask *ask, size_t place);

/* Query parameters, percent-decoded into the arena; STR_NONE when absent. */
CHECKED errc ask_query(struct ask *ask, const char *name, str *ret_value);
CHECKED errc ask_query_i64(struct ask *ask, const char *name, int64_t fallback, int64_t *ret_value);
CHECKED errc ask_query_day(struct ask *ask, const char *name, day fallback, day *ret_day);
/* ?limit= between 1 and 200, 50 when absent */
CHECKED errc ask_query_limit(struct ask *ask, size_t *ret_limit);

/* The body as a JSON object with no fields but these (a null-ended list). */
CHECKED errc ask_body(struct ask *ask, const char *const *fields, struct json_in *ret_in,
                      struct why *why);
/* Absent or null leaves *ret_text as it was and *ret_given false. */
CHECKED errc ask_optional_str(struct ask *ask, const struct json_value *object, const char *key,
                              size_t most, bool *ret_given, str *ret_text);

/* A password as it was typed, in the arena. */
CHECKED errc ask_password(struct ask *ask, const struct json_value *object, const char *key,
                          str *ret_password);
/* A base64url text as bytes in the arena. */
CHECKED errc ask_bytes(struct ask *ask, const struct json_value *object, const char *key,
                       size_t most, str *ret_bytes);

/* The array under a key of what was sent, at most so long; null when the key is not there. */
CHECKED errc ask_take_array(struct ask *ask, const struct json_value *object, const char *key,
                            size_t most, const struct json_value **ret_array, size_t *ret_count);

/* {"items":[ … ],"next":…}: what every list looks like. A next of 0 or STR_NONE ends it. */
void ask_list_begin(struct ask *ask);
void ask_list_end(struct ask *ask, str next);
void ask_list_end_at(struct ask *ask, int64_t next);

/* For answers without a ceiling: what stands in `out` goes to a file without a name, which becomes
 * the answer. To be called now and then, and once at the end. */
CHECKED errc ask_spill(struct ask *ask, struct why *why);
void ask_drop_file(struct ask *ask);

/* A text under a key of the answer; an empty one is null. */
void ask_write_text(struct ask *ask, const char *key, str text);
/* JSON as it is kept, under a key of the answer; an empty one is null. */
void ask_write_json(struct ask *ask, const char *key, str json);
/* Bytes as base64url, under a key of the answer. */
void ask_write_bytes(struct ask *ask, const char *key, str bytes);

/* A word from the catalogue in the language of who asks, into the arena. */
str ask_word(struct ask *ask, const char *prefix, str key);

#endif

/* Accounts: who may sign in, to which unit they belong, which roles they hold between which days.
 * The actor of the job sees and touches only accounts of the units they stand over, never one that
 * holds more than themselves, and never the last one that administers (ERR_IN_USE). Accounts are
 * disabled, never removed: the audit and everything people wrote refer to them.
 *
 * Changes take the head of the audit first, so they are judged one after the other, on every
 * server: two administrators cannot disable each other at the same moment. ERR_NOT_FOUND is also
 * the answer for what the actor may not see. ERR_INVALID and ERR_EXISTS name the field. */
#ifndef LOA_PEOPLE_ACCOUNT_H
#define LOA_PEOPLE_ACCOUNT_H

#include "people/account_job.h"
#include "people/password.h"
#include "people/session.h"

enum {
    ACCOUNT_LOGIN_LEAST = 2,
    ACCOUNT_EMAIL_MOST = 254,
    ACCOUNT_PHONE_MOST = 32,
    ACCOUNT_PAGE_MOST = 200,
    ACCOUNT_QUERY_MOST = 200,
    ACCOUNT_KEY_MOST = 2048, /* of a page's place in the order */
};

enum account_state { ACCOUNT_ACTIVE, ACCOUNT_LOCKED, ACCOUNT_DISABLED, ACCOUNT_INACTIVE };

const char *account_state_name(enum account_state state); /* "active" */
CHECKED bool account_state_parse(str name, enum account_state *ret_state);

struct account {
    int64_t id;
    str login;
    str name;
    int64_t unit_id;
    str language;
    str email; /* at == NULL: none */
    str phone;
    enum account_state state;
    usec locked_until; /* of LOCKED */
    usec created;
    usec seen; /* 0: never */
    usec password_changed;
    bool has_factor;
    bool must_change_password;
    struct grants grants; /* not over yet */
};

/* A password made for somebody and told once; made outside of the write job, because its hash
 * takes a tenth of a second. */
struct account_secret {
    char password[PASSWORD_READABLE_ROOM];
    struct password_hash hash;
};

CHECKED errc account_secret_make(const struct account_setup *setup, struct arena *arena,
                                 struct account_secret *ret_secret, struct why *why);

struct account_new {
    str login;
    str name;
    int64_t unit_id;
    str language;
    str email;
    str phone;
    struct grants grants; /* their ids are ignored */
    const struct account_secret *secret;
};

/* Fields to change; STR_NONE and 0 leave as it is. An empty text clears e-mail or phone. */
struct account_patch {
    str name;
    int64_t unit_id;
    str language;
    str email;
    str phone;
};

struct account_filter {
    str query;       /* words that stand in login, name or e-mail, without diacritics */
    int64_t unit_id; /* this unit and below; 0: any */
    str role;        /* held today; STR_NONE: any */
    str state;       /* STR_NONE: any */
    str after;       /* `next` of the page before; STR_NONE: the first */
    size_t limit;
};

struct account_page {
    const struct account *at; /* in the order of names */
    size_t count;
    str next; /* opaque; at == NULL: no more */
};

CHECKED errc account_create(struct db *db, const struct account_job *job,
                            const struct account_new *new_account, int64_t *ret_id,
                            struct why *why);
CHECKED errc account_read(struct db *db, const struct account_job *job, int64_t id,
                          struct account *ret_account, struct why *why);
CHECKED errc account_list(struct db *db, const struct account_job *job,
                          const struct account_filter *filter, struct account_page *ret_page,
                          struct why *why);
/* Also for one's own account, then without unit_id. */
CHECKED errc account_change(struct db *db, const struct account_job *job, int64_t id,
                            const struct account_patch *patch, struct why *why);
CHECKED errc account_disable(struct db *db, const struct account_job *job, int64_t id,
                             struct why *why);
CHECKED errc account_enable(struct db *db, const struct account_job *job, int64_t id,
                            struct why *why);
CHECKED errc account_unlock(struct db *db, const struct account_job *job, int64_t id,
                            struct why *why);

struct account_reset {
    const struct account_secret *secret;
    bool second_factor; /* drop factors and recovery codes as well */
};

/* A new password, all sessions end, the lock is lifted. */
CHECKED errc account_reset(struct db *db, const struct account_job *job, int64_t id,
                           const struct account_reset *reset, struct why *why);
CHECKED errc account_end_sessions(struct db *db, const struct account_job *job, int64_t id,
                                  struct why *why);

CHECKED errc account_grant(struct db *db, const struct account_job *job, int64_t id,
                           const struct grant *grant, struct why *why);
CHECKED errc account_revoke(struct db *db, const struct account_job *job, int64_t id,
                            int64_t grant_id, struct why *why);

/* Pure: whether nobody has used it for as long as the policy bears. */
bool account_is_inactive(usec signed_in, usec enabled, const struct policy *policy, usec now);
/* Disables those that are due, at most `most` in one job; never the last that administers. */
CHECKED errc account_disable_inactive(struct db *db, const struct account_job *job, int64_t most,
                                      int64_t *ret_disabled, struct why *why);

struct login_look;
struct login_outcome;

/* The next password of the actor: ERR_PASSWORD_WEAK with the field "next" and the reason as code.
 */
CHECKED errc account_check_password(const struct account_job *job, str email, str current, str next,
                                    struct why *why);
/* `look` is of the current password, weighed; `hash` of the next. Other sessions end. */
struct account_password {
    const struct login_look *look;
    const struct password_hash *hash;
};
CHECKED errc account_change_own_password(struct db *db, const struct account_job *job,
                                         const struct account_password *password,
                                         struct login_outcome *ret_outcome, struct why *why);

#endif

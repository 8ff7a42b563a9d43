/* Sessions in the database: loading one for the cache, listing and ending them. */
#ifndef LOA_PEOPLE_SESSION_STORE_H
#define LOA_PEOPLE_SESSION_STORE_H

#include "people/account_job.h"
#include "people/session.h"
#include "people/session_cache.h"

/* The session of a cookie with its account, roles and factors. ERR_SIGNED_OUT: there is none (any
 * more). Its state at a moment is session_state_at's answer. */
CHECKED errc session_load(struct db *db, str token, day today, struct arena *arena,
                          struct session *ret_session, struct why *why);

struct session_line {
    int64_t id;
    enum session_state state;
    usec created;
    usec seen;
    str address;
    str agent;
    bool current;
};

struct session_lines {
    const struct session_line *at;
    size_t count;
};

/* Those of an account that have not ended; `current` is the actor's own. */
CHECKED errc session_list(struct db *db, const struct account_job *job, int64_t account_id,
                          struct session_lines *ret_lines, struct why *why);
/* The actor's own session locks now, ends, or one or all others of the actor's account end. */
CHECKED errc session_lock(struct db *db, const struct account_job *job, struct why *why);
CHECKED errc session_sign_out(struct db *db, const struct account_job *job, struct why *why);
CHECKED errc session_end(struct db *db, const struct account_job *job, int64_t session_id,
                         struct why *why);
CHECKED errc session_end_others(struct db *db, const struct account_job *job, struct why *why);
/* Writes a batch of last-seen times; announces nothing. */
CHECKED errc session_write_seen(struct db *db, const struct session_seen *seen, size_t count,
                                struct why *why);
/* Sessions that ended by time leave the table; for a job of every hour. */
CHECKED errc session_tidy(struct db *db, const struct policy *policy, usec now, struct why *why);

#endif

/* Signing in: password, then a second factor where there is one, then in. A machine of small
 * steps, because one of them is slow:
 *
 *   login_look    reads who that is and whether they must wait     (a read job)
 *   login_weigh   compares the password: a tenth of a second       (any worker, no database)
 *   login_settle  decides and writes down what follows             (a write job)
 *
 * The decision is made in the last step alone, from counts read in that same transaction: a
 * thousand guesses sent at once are judged one after the other, and the sixth is not judged at
 * all. Nothing in an answer, nor its time, tells whether a name is known: unknown names are
 * counted and lock like known ones. A job that refuses somebody still commits (the count!),
 * therefore what was decided stands in login_outcome, and errors are only for what broke.
 *
 * The way back from a lock: it ends by itself, each one later than the last; an administrator may
 * lift it; a count is forgotten after a quiet day. */
#ifndef LOA_PEOPLE_LOGIN_H
#define LOA_PEOPLE_LOGIN_H

#include "people/account_job.h"
#include "people/password.h"
#include "people/session.h"

enum { LOGIN_THROTTLES_MOST = 200000 }; /* names and addresses that are counted at a time */

/* How often a name or an address was wrong. */
struct throttle {
    int failures;
    int locks;
    usec failed;
    usec locked_until;
};

bool throttle_is_locked(const struct throttle *throttle, usec now);
/* One more failure of a name: locks at the limit, each time for longer. */
struct throttle throttle_fail_name(struct throttle throttle, const struct policy *policy, usec now);
/* One more failure from an address: waits for the rest of the window past the limit. */
struct throttle throttle_fail_address(struct throttle throttle, const struct policy *policy,
                                      usec now);
/* Keys of the counts. Of IPv6 the first 64 bits count as one address. */
hash throttle_name_key(str login);
hash throttle_address_key(str address);

struct login_attempt {
    str login;
    str password;
    str address;
    str agent;
    usec now;
    day today;
};

struct login_look {
    int64_t account_id;           /* 0: nobody */
    str kept;                     /* password hash, in the arena */
    bool waits;                   /* name or address is locked: there is nothing to weigh */
    bool matches;                 /* set by login_weigh */
    struct password_hash renewed; /* the same password as the policy wants it now; "" is none */
};

struct login_outcome {
    errc rc;    /* OK, SIGN_IN_FAILED, ACCOUNT_LOCKED, ACCOUNT_DISABLED, TOO_MANY, SIGNED_OUT */
    usec until; /* of ACCOUNT_LOCKED and TOO_MANY: when to try again */
    struct session_token token; /* of OK: the new cookie */
    int64_t session_id;
};

/* Small ASCII letters, so that names are compared as they are typed: "An.Nguyen " is an.nguyen. */
CHECKED errc login_normalise(struct arena *arena, str typed, str *ret_login);

CHECKED errc login_look(struct db *db, const struct account_setup *setup,
                        const struct login_attempt *attempt, struct arena *arena,
                        struct login_look *ret_look, struct why *why);
CHECKED errc login_weigh(const struct account_setup *setup, const struct login_attempt *attempt,
                         struct arena *arena, struct login_look *look, struct why *why);
CHECKED errc login_settle(struct db *db, const struct account_setup *setup,
                          const struct login_attempt *attempt, const struct login_look *look,
                          struct login_outcome *ret_outcome, struct why *why);

/* The way out of an idle lock: the same three steps with the session's own name, then this. The
 * job's actor is the locked session's. */
CHECKED errc login_settle_unlock(struct db *db, const struct account_job *job,
                                 const struct login_look *look, struct login_outcome *ret_outcome,
                                 struct why *why);

/* Second factors; the job's actor is that of the waiting session. A wrong one counts as a wrong
 * password does, and a lock ends the session. */
CHECKED errc login_totp(struct db *db, const struct account_job *job, str code,
                        struct login_outcome *ret_outcome, struct why *why);
CHECKED errc login_recovery(struct db *db, const struct account_job *job, str code,
                            struct login_outcome *ret_outcome, struct why *why);

struct login_options {
    str challenge;
    const str *ids; /* of the keys that may answer */
    size_t count;
};

CHECKED errc login_webauthn_options(struct db *db, const struct account_job *job,
                                    struct login_options *ret_options, struct why *why);
CHECKED errc login_webauthn(struct db *db, const struct account_job *job,
                            const struct webauthn_assertion *assertion,
                            struct login_outcome *ret_outcome, struct why *why);

/* Counts one wrong password of somebody who is signed in (changing it, unlocking). Sets rc to
 * SIGN_IN_FAILED, or to ACCOUNT_LOCKED when that was one too many: then every session ends. */
CHECKED errc login_count_failure(struct db *db, const struct account_job *job, const char *action,
                                 struct login_outcome *outcome, struct why *why);

/* Counts that no longer count; for a job of every hour. */
CHECKED errc login_tidy(struct db *db, const struct policy *policy, usec now, struct why *why);

#endif

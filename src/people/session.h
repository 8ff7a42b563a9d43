/* Sessions as values: what a cookie stands for, in which state it is at a given moment, and what it
 * may do then. The token is 256 random bits that only the browser keeps; the database knows its
 * hash. The CSRF token follows from the token, so it needs no storage and cannot be mixed up.
 *
 * A session passes second_factor → signed_in → locked → signed_in …, gets a new token whenever it
 * gains something, and ends: after session_most, by signing out, by being revoked. Nothing here
 * asks a clock or a database. */
#ifndef LOA_PEOPLE_SESSION_H
#define LOA_PEOPLE_SESSION_H

#include "base/base.h"
#include "base/entropy.h"
#include "base/hash.h"
#include "people/policy.h"
#include "people/right.h"

enum {
    SESSION_TOKEN_SIZE = 32,
    SESSION_TOKEN_ROOM = 44, /* base64url with its closing zero */
    ACCOUNT_LOGIN_MOST = 64, /* ASCII */
    ACCOUNT_NAME_MOST = 120, /* characters */
    ACCOUNT_NAME_ROOM = 4 * ACCOUNT_NAME_MOST + 1,
};

struct session_token {
    char text[SESSION_TOKEN_ROOM];
};

enum session_state {
    SESSION_ANONYMOUS, /* none, ended, revoked */
    SESSION_SECOND_FACTOR,
    SESSION_SIGNED_IN,
    SESSION_LOCKED,
};

/* What a session must do before anything else. */
enum { SESSION_MUST_CHANGE_PASSWORD = 1, SESSION_MUST_ENROL = 2 };

/* Which second factors its account has. */
enum { SESSION_HAS_TOTP = 1, SESSION_HAS_WEBAUTHN = 2, SESSION_HAS_RECOVERY = 4 };

struct session {
    int64_t id; /* 0: no session */
    int64_t account_id;
    int64_t unit_id;
    char login[ACCOUNT_LOGIN_MOST + 1];
    char name[ACCOUNT_NAME_ROOM];
    char language[3];
    bool needs_second_factor; /* the password was right, the second factor is awaited */
    bool must_change_password;
    unsigned factors; /* SESSION_HAS_… */
    usec created;
    usec seen;
    usec locked; /* 0: not locked by hand */
    struct grant grants[GRANTS_MOST];
    size_t grant_count;
};

const char *session_state_name(enum session_state state); /* "second_factor" */
void session_token_make(struct entropy entropy, struct session_token *ret_token);
/* Whether a cookie's text can be a token at all. */
bool session_token_is_text(str token);
hash session_token_hash(str token);
void session_token_csrf(str token, char ret_csrf[SESSION_TOKEN_ROOM]);
bool session_csrf_is(str token, str csrf); /* in constant time */

enum session_state session_state_at(const struct session *session, const struct policy *policy,
                                    usec now);
usec session_expires(const struct session *session, const struct policy *policy);
unsigned session_must(const struct session *session, const struct policy *policy, day today);
struct grants session_grants(const struct session *session);
/* What it may do now: only `public` unless signed in, only one's own things while it must do
 * something first. */
right_set session_rights(const struct session *session, const struct policy *policy, usec now,
                         day today);
/* The first gate of every route: OK, or the error that tells the client what is missing. */
CHECKED errc session_gate(const struct session *session, const struct policy *policy,
                          enum right right, usec now, day today);
/* The actor of a request; views live as long as the session does. */
struct actor session_actor(const struct session *session, str address, str agent, usec now,
                           day today);

#endif

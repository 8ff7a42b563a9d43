/* Every threshold of accounts, sessions and audit in one value. The server fills it from its
 * settings and hands it to the deciding code; policy_default() is what the settings default to
 * and what security level 3 asks for. Nothing in this room knows another number of this kind. */
#ifndef LOA_PEOPLE_POLICY_H
#define LOA_PEOPLE_POLICY_H

#include "base/base.h"
#include "people/right.h"

enum { PASSWORD_MOST = 256 }; /* characters; also what one hashing may be made to read */

struct policy {
    int password_least;     /* characters */
    uint64_t argon2_memory; /* bytes */
    uint64_t argon2_passes;
    int failures_lock;       /* wrong sign-ins of one name in a row before it locks */
    usec lock_first;         /* the first lock; each further one doubles … */
    usec lock_most;          /* … up to here */
    usec failures_forget;    /* quiet for so long: the count starts anew */
    int address_failures;    /* wrong sign-ins from one address … */
    usec address_window;     /* … within so long, then it must wait for the rest of it */
    usec second_factor_wait; /* from password to second factor */
    usec idle_lock;          /* no request for so long: the session locks */
    usec session_most;       /* a session ends, however busy */
    int sessions_most;       /* of one account; the oldest ends */
    usec seen_every;         /* last-seen is written at most so often */
    usec inactive_disable;   /* not signed in for so long: disabled */
    int recovery_codes;
    int factors_most; /* second factors of one account */
    usec totp_step;
    usec webauthn_wait;
    role_set second_factor_roles; /* holders must have a second factor */
    usec audit_keep;
};

struct policy policy_default(void);
/* Refuses values that would lock everybody out or weaken what the rules demand. */
CHECKED errc policy_check(const struct policy *policy, struct why *why);

#endif

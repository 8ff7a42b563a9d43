/* What every change of accounts takes besides the database: how the house is set up, who acts,
 * where to put answers, and where to say which field was wrong. Loans for the length of the call.
 *
 * A store may run a job more than once: such a function starts from nothing each time and leaves
 * no trace outside the database but in what it returns. Its topics are "accounts", "session" and
 * "audit". */
#ifndef LOA_PEOPLE_ACCOUNT_JOB_H
#define LOA_PEOPLE_ACCOUNT_JOB_H

#include "base/json_in.h"
#include "people/account_key.h"
#include "people/audit.h"
#include "people/policy.h"
#include "people/right.h"
#include "people/webauthn.h"

/* Made at start and whenever a setting changes; jobs only read it. */
struct account_setup {
    struct policy policy;
    struct account_key key;
    struct webauthn_site site;
    struct right_view view;
    struct entropy entropy;
    str issuer; /* how authenticator apps name us */
};

struct account_job {
    const struct account_setup *setup;
    const struct actor *actor;
    struct arena *arena;
    struct bad_field *bad; /* filled with ERR_INVALID and ERR_EXISTS; may be null */
};

#endif

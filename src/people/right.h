/* Who may do what, where. A right is held through a role that was granted over a unit: it counts
 * there and in every unit below, between two dates. All of this is pure: grants, a date and a way
 * to ask "does this unit cover that one" go in, a yes or no comes out.
 *
 * Three rules must never break: nobody acts outside the units they stand over; nobody gives away
 * (or takes over, by resetting a password) a right that they do not hold themselves there and for
 * that long; somebody who can administer always remains. */
#ifndef LOA_PEOPLE_RIGHT_H
#define LOA_PEOPLE_RIGHT_H

#include "base/base.h"

enum right {
#define X(NAME, name, how) NAME,
#include "people/rights.def"
#undef X
};

enum {
    RIGHT_COUNT = 0
#define X(NAME, name, how) +1
#include "people/rights.def"
#undef X
};

enum right_how { RIGHT_ANYONE, RIGHT_SIGNED_IN, RIGHT_OVER_UNIT };

enum role {
#define X(NAME, name, rights) NAME,
#include "people/roles.def"
#undef X
};

enum {
    ROLE_COUNT = 0
#define X(NAME, name, rights) +1
#include "people/roles.def"
#undef X
};

typedef uint64_t right_set; /* bit n is the right numbered n */
typedef uint32_t role_set;

#define RIGHT_BIT(right) ((right_set)1 << (right))
#define ROLE_BIT(role) ((role_set)1 << (role))

enum { GRANTS_MOST = 64 }; /* roles of one account, those of the past not counted */

struct grant {
    int64_t id;
    int64_t unit_id;
    enum role role;
    day from; /* inclusive; DAY_FIRST: always was */
    day to;   /* exclusive; DAY_OPEN: no end */
};

struct grants {
    const struct grant *at;
    size_t count;
};

/* The tree of units as this room needs to see it; the server fills it from the forest. */
struct right_view {
    const void *ctx;
    /* Whether `above` is `below` or one of its ancestors on that day. Unknown units: false. A
     * `below` that has ended must be answered through its successors (or, without any, through its
     * last day), so that the accounts of an abolished unit keep somebody who looks after them. */
    bool (*covers)(const void *ctx, int64_t above, int64_t below, day at);
};

/* Who acts, from where and when: the console makes one per request and every change takes it. */
struct actor {
    int64_t account_id; /* 0: the system itself, which may do anything and is never a stranger */
    int64_t session_id; /* 0: none */
    int64_t unit_id;
    str login;
    str name;
    struct grants grants;
    str address;
    str agent;
    usec now;
    day today; /* the civil date of `now` in the province */
};

const char *right_name(enum right right);
enum right_how right_how(enum right right);
CHECKED bool right_parse(str name, enum right *ret_right);
const char *role_name(enum role role);
right_set role_rights(enum role role);
CHECKED bool role_parse(str name, enum role *ret_role);

bool grant_is_in_force(const struct grant *grant, day today);
/* Every right held today anywhere, with those of anyone who is signed in: for GET /session and as
 * the first gate of a route. Whether it is held *there* is right_check's answer. */
right_set right_set_of(struct grants grants, day today);
role_set role_set_of(struct grants grants, day today);
bool right_check(struct grants grants, enum right right, int64_t unit_id,
                 const struct right_view *view, day today);
/* The same for whoever acts; the system holds everything. */
bool actor_may(const struct actor *actor, enum right right, int64_t unit_id,
               const struct right_view *view);

/* Whether the actor may grant (or revoke) this: ROLES_GRANT over the unit and every right of the
 * role over it, for the whole interval by one own grant each. ERR_FORBIDDEN names the right. */
CHECKED errc role_may_grant(const struct actor *actor, const struct grant *grant,
                            const struct right_view *view, struct why *why);
/* Whether the actor may write on an account of this unit that holds these grants: ACCOUNTS_WRITE
 * over the unit, and no right of theirs, now or later, that the actor lacks. */
CHECKED errc role_may_touch(const struct actor *actor, int64_t unit_id, struct grants theirs,
                            const struct right_view *view, struct why *why);
/* Whether `others` (the administrators' grants of enabled accounts that would remain) still hold
 * somebody with no end who administers the unit of `leaving`. Always true for other roles. */
bool role_admin_remains(const struct grant *leaving, struct grants others,
                        const struct right_view *view, day today);

#endif

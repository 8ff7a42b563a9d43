/* The two tables and the questions asked of them. Everything here is a scan over a few dozen
 * values; an account has a handful of grants, a request asks a handful of questions. */
#include "people/right.h"

_Static_assert(RIGHT_COUNT <= 64, "right_set has 64 bits");
_Static_assert(ROLE_COUNT <= 32, "role_set has 32 bits");

static const struct {
    const char *name;
    enum right_how how;
} rights[] = {
#define X(NAME, name, how) [NAME] = {name, RIGHT_##how},
#include "people/rights.def"
#undef X
};

static const struct {
    const char *name;
    right_set rights;
} roles[] = {
#define R(right) RIGHT_BIT(RIGHT_##right)
#define X(NAME, name, rights) [NAME] = {name, rights},
#include "people/roles.def"
#undef X
#undef R
};

const char *right_name(enum right right)
{
    return rights[right].name;
}

enum right_how right_how(enum right right)
{
    return rights[right].how;
}

bool right_parse(str name, enum right *ret_right)
{
    for (size_t i = 0; i < COUNT_OF(rights); i++) {
        if (str_is(name, str_of(rights[i].name))) {
            *ret_right = (enum right)i;
            return true;
        }
    }
    return false;
}

const char *role_name(enum role role)
{
    return roles[role].name;
}

right_set role_rights(enum role role)
{
    return roles[role].rights;
}

bool role_parse(str name, enum role *ret_role)
{
    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        if (str_is(name, str_of(roles[i].name))) {
            *ret_role = (enum role)i;
            return true;
        }
    }
    return false;
}

bool grant_is_in_force(const struct grant *grant, day today)
{
    return day_within(today, grant->from, grant->to);
}

right_set right_set_of(struct grants grants, day today)
{
    right_set set = RIGHT_BIT(RIGHT_PUBLIC) | RIGHT_BIT(RIGHT_SELF);
    for (size_t i = 0; i < grants.count; i++) {
        if (grant_is_in_force(&grants.at[i], today)) {
            set |= role_rights(grants.at[i].role);
        }
    }
    return set;
}

role_set role_set_of(struct grants grants, day today)
{
    role_set set = 0;
    for (size_t i = 0; i < grants.count; i++) {
        if (grant_is_in_force(&grants.at[i], today)) {
            set |= ROLE_BIT(grants.at[i].role);
        }
    }
    return set;
}

bool right_check(struct grants grants, enum right right, int64_t unit_id,
                 const struct right_view *view, day today)
{
    if (right_how(right) != RIGHT_OVER_UNIT) {
        return true;
    }
    for (size_t i = 0; i < grants.count; i++) {
        const struct grant *grant = &grants.at[i];
        if (grant_is_in_force(grant, today) && (role_rights(grant->role) & RIGHT_BIT(right)) != 0 &&
            view->covers(view->ctx, grant->unit_id, unit_id, today)) {
            return true;
        }
    }
    return false;
}

bool actor_may(const struct actor *actor, enum right right, int64_t unit_id,
               const struct right_view *view)
{
    return actor->account_id == 0 || right_check(actor->grants, right, unit_id, view, actor->today);
}

/* Holds the right over the unit today and until `to`, through one grant. */
static bool holds_until(const struct actor *actor, enum right right, const struct grant *wanted,
                        const struct right_view *view)
{
    for (size_t i = 0; i < actor->grants.count; i++) {
        struct grants one = {&actor->grants.at[i], 1};
        if (one.at->to >= wanted->to &&
            right_check(one, right, wanted->unit_id, view, actor->today)) {
            return true;
        }
    }
    return false;
}

/* The first right of the set that the actor does not hold over the unit for as long. */
static bool find_missing(const struct actor *actor, right_set set, const struct grant *wanted,
                         const struct right_view *view, enum right *ret_missing)
{
    for (size_t i = 0; i < RIGHT_COUNT; i++) {
        enum right right = (enum right)i;
        if ((set & RIGHT_BIT(right)) != 0 && !holds_until(actor, right, wanted, view)) {
            *ret_missing = right;
            return true;
        }
    }
    return false;
}

errc role_may_grant(const struct actor *actor, const struct grant *grant,
                    const struct right_view *view, struct why *why)
{
    if (actor->account_id == 0) {
        return OK;
    }
    enum right missing;
    right_set needed = RIGHT_BIT(RIGHT_ROLES_GRANT) | role_rights(grant->role);
    if (find_missing(actor, needed, grant, view, &missing)) {
        return fail(why, ERR_FORBIDDEN, "account %lld lacks %s over unit %lld to give the role %s",
                    (long long)actor->account_id, right_name(missing), (long long)grant->unit_id,
                    role_name(grant->role));
    }
    return OK;
}

errc role_may_touch(const struct actor *actor, int64_t unit_id, struct grants theirs,
                    const struct right_view *view, struct why *why)
{
    if (!actor_may(actor, RIGHT_ACCOUNTS_WRITE, unit_id, view)) {
        return fail(why, ERR_FORBIDDEN, "account %lld lacks accounts_write over unit %lld",
                    (long long)actor->account_id, (long long)unit_id);
    }
    if (actor->account_id == 0) {
        return OK;
    }
    for (size_t i = 0; i < theirs.count; i++) {
        enum right missing;
        struct grant now = theirs.at[i];
        bool over = now.to <= actor->today;
        now.to = actor->today; /* to touch needs the right today only */
        if (!over && find_missing(actor, role_rights(now.role), &now, view, &missing)) {
            return fail(why, ERR_FORBIDDEN, "account %lld lacks %s over unit %lld, which they hold",
                        (long long)actor->account_id, right_name(missing), (long long)now.unit_id);
        }
    }
    return OK;
}

bool role_admin_remains(const struct grant *leaving, struct grants others,
                        const struct right_view *view, day today)
{
    if (leaving->role != ROLE_PROVINCE_ADMIN) {
        return true;
    }
    for (size_t i = 0; i < others.count; i++) {
        const struct grant *other = &others.at[i];
        if (other->role == ROLE_PROVINCE_ADMIN && other->to == DAY_OPEN &&
            grant_is_in_force(other, today) &&
            view->covers(view->ctx, other->unit_id, leaving->unit_id, today)) {
            return true;
        }
    }
    return false;
}

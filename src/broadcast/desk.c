/* See desk.h. */
#include "broadcast/desk.h"

#include "people/unit_sight.h"

struct broadcast_policy broadcast_policy_default(void)
{
    return (struct broadcast_policy){
        .approve_devices = 1000,
        .plan_ahead = 8 * USEC_DAY,
        .log_keep = 730 * USEC_DAY,
    };
}

errc desk_may(const struct desk *desk, enum right right, unit_id unit)
{
    struct unit_sight sight = {
        .forest = desk->forest, .actor = desk->actor, .right = RIGHT_UNITS_READ};
    struct right_view view = unit_right_view(desk->forest);
    if (!forest_knows(desk->forest, unit) || !unit_may_see(&sight, unit)) {
        return ERR_NOT_FOUND;
    }
    return actor_may(desk->actor, right, unit, &view) ? OK : ERR_FORBIDDEN;
}

bool desk_sees(const struct desk *desk, enum right right, unit_id unit)
{
    const struct actor *actor = desk->actor;
    struct right_view view = unit_right_view(desk->forest);
    if (actor_may(actor, right, unit, &view)) {
        return true;
    }
    for (size_t i = 0; i < actor->grants.count; i++) {
        const struct grant *grant = &actor->grants.at[i];
        bool holds = grant_is_in_force(grant, actor->today) &&
                     (role_rights(grant->role) & RIGHT_BIT(right)) != 0;
        if (holds && view.covers(view.ctx, unit, grant->unit_id, actor->today)) {
            return true;
        }
    }
    return false;
}

struct order_job desk_order_job(const struct desk *desk)
{
    return (struct order_job){
        .signing = desk->signing,
        .actor = desk->actor,
        .forest = desk->forest,
        .entropy = desk->entropy,
        .arena = desk->arena,
    };
}

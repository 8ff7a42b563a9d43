/* The rules before anything is signed. Devices judge again by wire/authority.h, and the signer in
 * between; here the reason reaches the person who asked. */
#include "orders/order_inside.h"

#include "people/unit_sight.h"
#include "wire/authority.h"

enum { AREA_MOST = 256, DEVICES_MOST = 512, BODY_MOST = 61440 };

enum key_use order_key_use(enum order_class order_class)
{
    switch (order_class) {
    case CLASS_ORDINARY:
    case CLASS_PRIORITY:
        return KEY_DAILY;
    case CLASS_EMERGENCY:
        return KEY_EMERGENCY;
    case CLASS_DRILL:
        return KEY_DRILL;
    }
    return KEY_DAILY;
}

bool order_is_versioned(enum order_kind kind)
{
    switch (kind) {
    case ORDER_PLACEMENT:
    case ORDER_SETTINGS:
    case ORDER_PLAN:
    case ORDER_CLIPS:
        return true;
    case ORDER_ALARM:
    case ORDER_STOP:
    case ORDER_RELEASE:
    case ORDER_ACTION:
    case ORDER_RETIRE:
    case ORDER_LIVE:
        return false;
    }
    return false;
}

static errc check_limits(const struct order_job *job, const struct order_draft *draft,
                         struct why *why)
{
    uint64_t tier = unit_key_tier(job->forest, draft->issuer);
    struct key_limits limits = key_use_limits(order_key_use(draft->order_class), tier);
    if (tier == 0) {
        return fail(why, ERR_FORBIDDEN, "unit %lld orders nothing", (long long)draft->issuer);
    }
    if ((limits.classes >> draft->order_class & 1) == 0 || (limits.kinds >> draft->kind & 1) == 0) {
        return fail(why, ERR_FORBIDDEN, "kind %u in class %u is not for this unit", draft->kind,
                    draft->order_class);
    }
    return OK;
}

static errc check_times(const struct order_draft *draft, usec now, struct why *why)
{
    usec longest = authority_longest(draft->kind, draft->order_class);
    if (draft->expires <= now || draft->expires <= draft->not_before ||
        draft->expires - draft->not_before > longest) {
        return fail(why, ERR_INVALID, "valid until a time that cannot be");
    }
    return OK;
}

errc order_check(const struct order_job *job, const struct order_draft *draft, struct why *why)
{
    struct right_view view = unit_right_view(job->forest);
    bool counts = draft->area.count >= 1 && draft->area.count <= AREA_MOST &&
                  draft->devices.count <= DEVICES_MOST && draft->body.len <= BODY_MOST;
    if (!counts) {
        return fail(why, ERR_INVALID, "%zu units, %zu devices, %zu bytes", draft->area.count,
                    draft->devices.count, draft->body.len);
    }
    if (!actor_may(job->actor, draft->right, draft->issuer, &view)) {
        return fail(why, ERR_FORBIDDEN, "%s over unit %lld is missing", right_name(draft->right),
                    (long long)draft->issuer);
    }
    TRY(check_limits(job, draft, why));
    return check_times(draft, job->actor->now, why);
}

static int compare(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

/* Ascending, each once, in the arena. */
static errc order_numbers(struct arena *arena, struct wire_uints from, struct wire_uints *ret_list)
{
    uint64_t *list = arena_take_array(arena, from.count, sizeof *list);
    size_t count = 0;
    if (from.count == 0) {
        *ret_list = (struct wire_uints){NULL, 0};
        return OK;
    }
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    memcpy(list, from.at, from.count * sizeof *list);
    qsort(list, from.count, sizeof *list, compare);
    for (size_t i = 0; i < from.count; i++) {
        if (count == 0 || list[count - 1] != list[i]) {
            list[count++] = list[i];
        }
    }
    *ret_list = (struct wire_uints){list, count};
    return OK;
}

static bool has_unit(const struct order_place *place, unit_id unit)
{
    for (size_t i = 0; i < place->count; i++) {
        if (place->path[i] == (uint64_t)unit) {
            return true;
        }
    }
    return false;
}

errc order_reach_make(const struct order_job *job, const struct order_draft *draft,
                      struct order_reach *ret_reach, struct why *why)
{
    struct order_reach reach;
    TRY(order_numbers(job->arena, draft->area, &reach.area));
    TRY(order_numbers(job->arena, draft->devices, &reach.devices));
    struct order_place *places = arena_take_array(job->arena, reach.area.count, sizeof *places);
    if (places == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu units", reach.area.count);
    }
    for (size_t i = 0; i < reach.area.count; i++) {
        unit_id unit = (unit_id)reach.area.at[i];
        places[i].count = unit_key_path(job->forest, unit, job->actor->today, places[i].path);
        if (!has_unit(&places[i], draft->issuer)) {
            return fail(why, ERR_FORBIDDEN, "unit %lld is not below unit %lld", (long long)unit,
                        (long long)draft->issuer);
        }
    }
    reach.places = places;
    *ret_reach = reach;
    return OK;
}

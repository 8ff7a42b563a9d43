/* See plan_use.h. */
#include "broadcast/plan_use.h"

#include "broadcast/plan_inside.h"

struct using
{
    const struct plan_request *request;
    struct arena *arena;
    day first;
    size_t days;
    struct plan_day_use *uses;
};

static void take_sound(struct plan_day_use *use, const struct plan_line *line)
{
    usec end = line->at + line->ms * 1000;
    struct plan_session *last =
        use->session_count == 0 ? NULL : &use->sessions[use->session_count - 1];
    use->used_ms += line->ms;
    if (last != NULL && line->at - last->to <= PLAN_SESSION_GAP) {
        last->to = end > last->to ? end : last->to;
    } else if (use->session_count < USE_SESSIONS_MOST) {
        use->sessions[use->session_count++] = (struct plan_session){line->at, end};
    }
}

static void take_limit(struct plan_day_use *use, const struct plan_limit *limit)
{
    use->day_most_ms = limit->day_most_ms;
    use->day_rule = limit->day_rule;
    use->session_most_ms = limit->session_most_ms;
    use->session_rule = limit->session_rule;
    use->silent_rule = limit->silent_rule;
    for (size_t i = 0; i < limit->hour_count && i < USE_HOURS_MOST; i++) {
        use->hours[use->hour_count++] =
            (struct rule_hours){limit->hours[i].from_s, limit->hours[i].to_s};
    }
}

/* What one plan makes of the days. */
static errc use_of(const struct using *run, const struct receiver *receiver,
                   const struct device_plan *plan, struct plan_day_use *uses, size_t devices)
{
    struct plan_choice choice;
    TRY(plan_choose(run->request, receiver, run->arena, &choice));
    struct plan_run limits = {.request = run->request,
                              .choice = &choice,
                              .arena = run->arena,
                              .zone = run->request->schedule->zone,
                              .first = run->first,
                              .last = run->first + (day)run->days - 1};
    limits.limits = arena_take_array(run->arena, run->days + 1, sizeof(struct plan_limit));
    if (limits.limits == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < run->days; i++) {
        uses[i] = (struct plan_day_use){.on = run->first + (day)i, .devices = devices};
        take_limit(&uses[i], plan_limit_of(&limits, uses[i].on));
    }
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_line *line = &plan->lines[i];
        day on = day_of(line->at, limits.zone);
        bool inside = on >= run->first && on <= limits.last;
        if (inside && line->kind != PLAN_SILENCE) {
            take_sound(&uses[on - run->first], line);
        }
    }
    return OK;
}

/* The stricter day speaks where two sound equally long. */
static bool speaks(const struct plan_day_use *use, const struct plan_day_use *best)
{
    if (best->devices == 0 || use->used_ms != best->used_ms) {
        return best->devices == 0 || use->used_ms > best->used_ms;
    }
    int64_t most = use->day_most_ms == 0 ? INT64_MAX : use->day_most_ms;
    int64_t best_most = best->day_most_ms == 0 ? INT64_MAX : best->day_most_ms;
    return most < best_most;
}

static errc take_plan(const struct using *run, const struct receivers *receivers,
                      const struct plan_set *set, size_t plan)
{
    size_t devices = 0;
    const struct receiver *one = NULL;
    struct plan_day_use *uses = arena_take_array(run->arena, run->days + 1, sizeof *uses);
    if (uses == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < receivers->count; i++) {
        if (set->plan_of[i] == plan) {
            one = &receivers->at[i];
            devices++;
        }
    }
    TRY(use_of(run, one, &set->plans[plan], uses, devices));
    for (size_t i = 0; i < run->days; i++) {
        if (speaks(&uses[i], &run->uses[i])) {
            run->uses[i] = uses[i];
        }
    }
    return OK;
}

errc plan_uses_find(const struct plan_request *request, const struct receivers *receivers,
                    struct arena *arena, struct plan_uses *ret_uses, struct why *why)
{
    usec zone = request->schedule->zone;
    struct using run = {.request = request, .arena = arena, .first = day_of(request->from, zone)};
    struct plan_set set;
    TRY(plan_compile_all(request, receivers, arena, &set, why));
    run.days = (size_t)(day_of(request->to - 1, zone) - run.first) + 1;
    run.uses = arena_take_array(arena, run.days + 1, sizeof *run.uses);
    if (run.uses == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < set.plan_count; i++) {
        TRY(take_plan(&run, receivers, &set, i));
    }
    *ret_uses = (struct plan_uses){run.uses, run.days};
    return OK;
}

/* What the rules of all units above a device allow together: hours are cut with each other, of the
 * limits the smallest counts. The strictest rule is remembered, to be named when it bites. */
#include "broadcast/plan_inside.h"

static bool holds_on(const struct broadcast_rule *rule, day on)
{
    return day_within(on, rule->from, rule->to) && (rule->weekdays >> day_weekday(on) & 1U) != 0;
}

/* The part of a stretch that the rule's hours leave, one stretch for each of them. */
static size_t cut_stretch(const struct broadcast_rule *rule, struct plan_hours stretch,
                          struct plan_hours *to, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < rule->hour_count && count < room; i++) {
        struct plan_hours cut = stretch;
        if (rule->hours[i].from_s > cut.from_s) {
            cut.from_s = rule->hours[i].from_s;
            cut.from_rule = rule->id;
        }
        if (rule->hours[i].to_s < cut.to_s) {
            cut.to_s = rule->hours[i].to_s;
            cut.to_rule = rule->id;
        }
        if (cut.from_s < cut.to_s) {
            to[count++] = cut;
        }
    }
    return count;
}

static void cut_hours(struct plan_limit *limit, const struct broadcast_rule *rule)
{
    struct plan_hours cut[HOURS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < limit->hour_count; i++) {
        count += cut_stretch(rule, limit->hours[i], cut + count, HOURS_MOST - count);
    }
    memcpy(limit->hours, cut, count * sizeof cut[0]);
    limit->hour_count = count;
    if (count == 0) {
        limit->silent_rule = rule->id;
    }
}

static void least(int64_t *most, int64_t *by, int64_t wanted, int64_t rule)
{
    if (wanted > 0 && (*most == 0 || wanted < *most)) {
        *most = wanted;
        *by = rule;
    }
}

static void apply(struct plan_limit *limit, const struct broadcast_rule *rule)
{
    if (rule->no_sound) {
        limit->silent_rule = rule->id;
        limit->hour_count = 0;
        return;
    }
    if (rule->hour_count > 0 && limit->silent_rule == 0) {
        cut_hours(limit, rule);
    }
    least(&limit->session_most_ms, &limit->session_rule, rule->session_most_ms, rule->id);
    least(&limit->day_most_ms, &limit->day_rule, rule->day_most_ms, rule->id);
    if (rule->gain_most_mb < limit->gain_most_mb) {
        limit->gain_most_mb = rule->gain_most_mb;
        limit->gain_rule = rule->id;
    }
}

const struct plan_limit *plan_limit_of(struct plan_run *run, day on)
{
    struct plan_limit *limit = &run->limits[on - run->first];
    if (!limit->is_known) {
        limit->on = on;
        limit->is_known = true;
        limit->hours[0] = (struct plan_hours){.from_s = 0, .to_s = DAY_S};
        limit->hour_count = 1;
        for (size_t i = 0; i < run->choice->rule_count; i++) {
            if (holds_on(run->choice->rules[i], on)) {
                apply(limit, run->choice->rules[i]);
            }
        }
    }
    return limit;
}

static const struct plan_hours *stretch_at(const struct plan_limit *limit, int64_t second)
{
    for (size_t i = 0; i < limit->hour_count; i++) {
        if (limit->hours[i].from_s <= second && second < limit->hours[i].to_s) {
            return &limit->hours[i];
        }
    }
    return NULL;
}

/* Which rule forbids this second: the end of the stretch before, the beginning of the one after. */
static int64_t forbids(const struct plan_limit *limit, int64_t second)
{
    int64_t rule = limit->silent_rule;
    for (size_t i = 0; i < limit->hour_count; i++) {
        const struct plan_hours *stretch = &limit->hours[i];
        if (second < stretch->from_s) {
            return rule != 0 ? rule : stretch->from_rule;
        }
        rule = stretch->to_rule;
    }
    return rule;
}

usec plan_allowed_until(struct plan_run *run, usec at, int64_t *ret_rule)
{
    day on = day_of(at, run->zone);
    int64_t second = (at - day_start(on, run->zone)) / USEC_SECOND;
    const struct plan_limit *limit = plan_limit_of(run, on);
    const struct plan_hours *stretch = stretch_at(limit, second);
    if (stretch == NULL) {
        *ret_rule = forbids(limit, second);
        return 0;
    }
    /* Over midnight it goes on when the next day begins allowed. */
    while (stretch->to_s == DAY_S && on < run->last) {
        const struct plan_limit *next = plan_limit_of(run, on + 1);
        const struct plan_hours *after = stretch_at(next, 0);
        if (after == NULL) {
            *ret_rule = forbids(next, 0);
            return day_start(on + 1, run->zone);
        }
        on++;
        stretch = after;
    }
    *ret_rule = stretch->to_rule;
    return day_start(on, run->zone) + stretch->to_s * USEC_SECOND;
}

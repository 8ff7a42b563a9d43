/* Who gets which seconds. What ranks higher was placed before; what comes now waits for it, is cut
 * by it, or finds no room; then the rules cut once more. What is placed stays where it is, but for
 * what ran over midnight into a higher rank of the next day. */
#include "broadcast/plan_inside.h"

enum { TRIES = 64 };

struct placing {
    struct plan_run *run;
    struct plan_wish wish;
    int64_t waits_for; /* programme; 0: begins at its own time */
    int64_t cut_by;
    usec length; /* before any cut */
};

static void note(const struct placing *placing, enum plan_note_key key, int64_t other, usec cut)
{
    plan_note_add(placing->run, &(struct plan_note){
                                    .key = key,
                                    .programme = placing->wish.programme->id,
                                    .at = placing->wish.wanted,
                                    .other = other,
                                    .ms = cut / 1000,
                                    .moved_to = key == PLAN_NOTE_MOVED ? placing->wish.at : 0,
                                });
}

bool plan_wish_sounds(const struct plan_wish *wish)
{
    return wish->programme->kind != PROGRAMME_SILENCE;
}

/* First of the placed that ends after `at`. */
static size_t index_after(const struct plan_wishes *placed, usec at)
{
    size_t low = 0;
    size_t high = placed->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (placed->at[middle].end <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool outranks(const struct plan_wish *a, const struct plan_wish *b)
{
    return a->programme->order_class > b->programme->order_class;
}

/* Yesterday's lower rank that runs into us ends where we begin. */
static bool take_over(struct placing *placing, struct plan_wish *other)
{
    struct plan_run *run = placing->run;
    day on = day_of(placing->wish.wanted, run->zone);
    bool of_yesterday = other->wanted < day_start(on, run->zone);
    if (!of_yesterday || !outranks(&placing->wish, other) || other->at >= placing->wish.at) {
        return false;
    }
    plan_note_add(run, &(struct plan_note){.key = PLAN_NOTE_CUT,
                                           .programme = other->programme->id,
                                           .at = other->wanted,
                                           .ms = (other->end - placing->wish.at) / 1000,
                                           .other = placing->wish.programme->id});
    day began = day_of(other->at, run->zone);
    run->sounding[began - run->first] -=
        plan_wish_sounds(other) ? other->end - placing->wish.at : 0;
    other->end = placing->wish.at;
    return true;
}

/* Both are priority: the commune may say which goes first. */
static void see_clash(const struct placing *placing, const struct plan_wish *other)
{
    const struct programme *first = other->programme;
    const struct programme *second = placing->wish.programme;
    if (first->order_class == CLASS_PRIORITY && second->order_class == CLASS_PRIORITY &&
        first->id != second->id) {
        plan_clash_add(placing->run, first->id, second->id, placing->wish.wanted);
    }
}

/* Steps out of the way of one that is placed; false: there is no way. */
static bool give_way(struct placing *placing, const struct plan_wish *other)
{
    struct plan_wish *wish = &placing->wish;
    usec left = other->at - wish->at;
    see_clash(placing, other);
    bool worth = left >= PLAN_KEPT && left * 2 >= placing->length;
    if (left > 0 && worth) {
        placing->cut_by = other->programme->id;
        wish->end = other->at;
        return true;
    }
    placing->waits_for = other->programme->id;
    placing->cut_by = 0;
    wish->at = other->end;
    wish->end = wish->at + placing->length;
    return wish->at - wish->wanted <= PLAN_WAITS;
}

static bool find_room(struct placing *placing)
{
    struct plan_wishes *placed = &placing->run->placed;
    for (int i = 0; i < TRIES; i++) {
        size_t index = index_after(placed, placing->wish.at);
        if (index == placed->count || placed->at[index].at >= placing->wish.end) {
            return true;
        }
        bool taken = take_over(placing, &placed->at[index]);
        if (!taken && !give_way(placing, &placed->at[index])) {
            break;
        }
    }
    note(placing, PLAN_NOTE_NO_ROOM, placing->waits_for, 0);
    return false;
}

/* Cuts to at most so long; false, with the note of a full one, when too little would be left. */
static bool cut_to(struct placing *placing, usec end, int64_t rule, enum plan_note_key full,
                   enum plan_note_key cut)
{
    struct plan_wish *wish = &placing->wish;
    if (end >= wish->end) {
        return true;
    }
    if (end - wish->at < PLAN_LEAST) {
        note(placing, full, rule, 0);
        return false;
    }
    note(placing, cut, rule, wish->end - end);
    wish->end = end;
    return true;
}

static bool fit_hours(struct placing *placing)
{
    int64_t rule = 0;
    usec until = plan_allowed_until(placing->run, placing->wish.at, &rule);
    const struct plan_limit *limit =
        plan_limit_of(placing->run, day_of(placing->wish.at, placing->run->zone));
    enum plan_note_key outside =
        limit->hour_count == 0 ? PLAN_NOTE_SILENT_DAY : PLAN_NOTE_OUTSIDE_HOURS;
    if (until == 0) {
        note(placing, outside, rule, 0);
        return false;
    }
    return cut_to(placing, until, rule, PLAN_NOTE_OUTSIDE_HOURS, PLAN_NOTE_CUT_BY_HOURS);
}

static bool fit_day(struct placing *placing)
{
    struct plan_run *run = placing->run;
    day on = day_of(placing->wish.at, run->zone);
    const struct plan_limit *limit = plan_limit_of(run, on);
    if (limit->day_most_ms == 0) {
        return true;
    }
    usec left = limit->day_most_ms * 1000 - run->sounding[on - run->first];
    return cut_to(placing, placing->wish.at + left, limit->day_rule, PLAN_NOTE_DAY_FULL,
                  PLAN_NOTE_CUT_BY_DAY);
}

/* Silence on purpose belongs to no session. */
static usec session_begin(const struct plan_wishes *placed, size_t index, usec at)
{
    for (; index > 0 && at - placed->at[index - 1].end <= PLAN_SESSION_GAP; index--) {
        at = plan_wish_sounds(&placed->at[index - 1]) ? placed->at[index - 1].at : at;
    }
    return at;
}

static usec session_end(const struct plan_wishes *placed, size_t index, usec end)
{
    for (; index < placed->count && placed->at[index].at - end <= PLAN_SESSION_GAP; index++) {
        end = plan_wish_sounds(&placed->at[index]) ? placed->at[index].end : end;
    }
    return end;
}

/* Where the next sound behind `index` begins. */
static usec next_sound(const struct plan_wishes *placed, size_t index)
{
    while (index < placed->count && !plan_wish_sounds(&placed->at[index])) {
        index++;
    }
    return index < placed->count ? placed->at[index].at : INT64_MAX;
}

usec plan_session_most(struct plan_run *run, usec from, usec to, int64_t *ret_rule)
{
    int64_t most = 0;
    for (day on = day_of(from, run->zone); on <= day_of(to - 1, run->zone) && on <= run->last;
         on++) {
        const struct plan_limit *limit = plan_limit_of(run, on < run->first ? run->first : on);
        if (limit->session_most_ms > 0 && (most == 0 || limit->session_most_ms < most)) {
            most = limit->session_most_ms;
            *ret_rule = limit->session_rule;
        }
    }
    return most * 1000;
}

/* A session that would become too long: cut so that it fits, and when others follow so closely that
 * they would still belong to it, cut so far that they do not. */
static bool fit_session(struct placing *placing)
{
    const struct plan_wishes *placed = &placing->run->placed;
    struct plan_wish *wish = &placing->wish;
    size_t index = index_after(placed, wish->at);
    int64_t rule = 0;
    usec begin = session_begin(placed, index, wish->at);
    usec end = session_end(placed, index, wish->end);
    usec most = plan_session_most(placing->run, begin, end, &rule);
    if (most == 0 || end - begin <= most) {
        return true;
    }
    usec cut = begin + most < wish->end ? begin + most : wish->end;
    usec next = next_sound(placed, index);
    if (next - cut <= PLAN_SESSION_GAP) {
        cut = next - PLAN_SESSION_GAP - 1;
    }
    return cut_to(placing, cut, rule, PLAN_NOTE_SESSION_FULL, PLAN_NOTE_CUT_BY_SESSION);
}

static void keep(struct placing *placing)
{
    struct plan_run *run = placing->run;
    struct plan_wish *wish = &placing->wish;
    day on = day_of(wish->at, run->zone);
    const struct plan_limit *limit = plan_limit_of(run, on);
    if (placing->waits_for != 0) {
        note(placing, PLAN_NOTE_MOVED, placing->waits_for, 0);
    }
    if (placing->cut_by != 0) {
        note(placing, PLAN_NOTE_CUT, placing->cut_by, placing->length - (wish->end - wish->at));
    }
    if (wish->gain_mb > limit->gain_most_mb) {
        note(placing, PLAN_NOTE_QUIETER, limit->gain_rule, 0);
        wish->gain_mb = limit->gain_most_mb;
    }
    run->sounding[on - run->first] += plan_wish_sounds(wish) ? wish->end - wish->at : 0;
    plan_wish_add(run, &run->placed, index_after(&run->placed, wish->at), wish);
}

void plan_place(struct plan_run *run, struct plan_wish wish)
{
    struct placing placing = {.run = run, .wish = wish, .length = wish.end - wish.at};
    bool silent = !plan_wish_sounds(&wish);
    bool fits = find_room(&placing) && day_of(placing.wish.at, run->zone) <= run->last;
    if (fits && !silent) {
        fits = fit_hours(&placing) && fit_day(&placing) && fit_session(&placing);
    }
    if (fits) {
        keep(&placing);
    }
}

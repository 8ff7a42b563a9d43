/* See plan.h. Days are taken one behind the other, from the one before the interval (what began
 * then may still sound) to the one behind it (what begins then may cut what runs over midnight). */
#include "broadcast/plan_inside.h"

const char *plan_note_name(enum plan_note_key key)
{
    static const char *const names[] = {
#define X(NAME, name) name,
#include "broadcast/plan_notes.def"
#undef X
    };
    return names[key];
}

/* Room for one more at the end of a list in the arena; null when there is none. */
static void *grow(struct plan_run *run, void *at, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return at;
    }
    size_t wanted = *room == 0 ? 32 : *room * 2;
    void *grown = arena_take_array(run->arena, wanted, size);
    if (grown == NULL) {
        run->rc = ERR_NO_MEMORY;
        return NULL;
    }
    if (count > 0) {
        memcpy(grown, at, count * size);
    }
    *room = wanted;
    return grown;
}

void plan_note_add(struct plan_run *run, const struct plan_note *note)
{
    bool inside = note->at >= run->request->from && note->at < run->request->to;
    if (!run->request->with_notes || !inside) {
        return;
    }
    struct plan_note_list *list = &run->notes;
    struct plan_note *at = grow(run, list->at, list->count, &list->room, sizeof *at);
    if (at != NULL) {
        list->at = at;
        list->at[list->count++] = *note;
    }
}

void plan_clash_add(struct plan_run *run, int64_t first, int64_t second, usec at)
{
    bool inside = at >= run->request->from && at < run->request->to;
    if (run->clash_room == 0 || !inside) {
        return;
    }
    const struct schedule *schedule = run->request->schedule;
    struct plan_clash clash = {
        .unit = run->choice->receiver->commune, .first = first, .second = second, .at = at};
    for (size_t i = 0; i < schedule->clash_order_count; i++) {
        const struct clash_order *order = &schedule->clash_orders[i];
        bool same = (order->first == first && order->second == second) ||
                    (order->first == second && order->second == first);
        clash.is_decided |= same && receiver_is_in(run->choice->receiver, order->unit);
    }
    struct plan_clash *grown =
        grow(run, run->clashes, run->clash_count, &run->clash_room, sizeof *grown);
    if (grown != NULL) {
        run->clashes = grown;
        run->clashes[run->clash_count++] = clash;
    }
}

void plan_wish_add(struct plan_run *run, struct plan_wishes *list, size_t index,
                   const struct plan_wish *wish)
{
    struct plan_wish *at = grow(run, list->at, list->count, &list->room, sizeof *at);
    if (at == NULL) {
        return;
    }
    memmove(&at[index + 1], &at[index], (list->count - index) * sizeof *at);
    at[index] = *wish;
    list->at = at;
    list->count++;
}

static errc find_holidays(struct plan_run *run)
{
    const struct schedule *schedule = run->request->schedule;
    day begin = run->first - PROGRAMME_REACH;
    size_t days = (size_t)(run->last - begin) + 1;
    bool *is_holiday = arena_take_array(run->arena, days, sizeof(bool));
    if (is_holiday == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < schedule->holiday_count; i++) {
        const struct holiday *holiday = &schedule->holidays[i];
        bool here = holiday->unit == 0 || receiver_is_in(run->choice->receiver, holiday->unit);
        day from = holiday->from > begin ? holiday->from : begin;
        for (day on = from; here && on < holiday->to && on <= run->last; on++) {
            is_holiday[on - begin] = true;
        }
    }
    run->holiday = is_holiday;
    return OK;
}

static errc prepare(struct plan_run *run)
{
    run->first = day_of(run->request->from, run->zone) - 1;
    run->last = day_of(run->request->to - 1, run->zone) + 1;
    size_t days = (size_t)(run->last - run->first) + 1;
    run->limits = arena_take_array(run->arena, days, sizeof(struct plan_limit));
    run->sounding = arena_take_array(run->arena, days, sizeof(usec));
    if (run->limits == NULL || run->sounding == NULL) {
        return ERR_NO_MEMORY;
    }
    return find_holidays(run);
}

static void place_days(struct plan_run *run)
{
    for (day on = run->first; on <= run->last && run->rc == OK; on++) {
        plan_wish_day(run, on);
        for (size_t i = 0; i < run->wishes.count; i++) {
            plan_place(run, run->wishes.at[i]);
        }
    }
}

static hash mark_of(const struct device_plan *plan)
{
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, &plan->from, sizeof plan->from);
    hasher_add(&hasher, &plan->to, sizeof plan->to);
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_line *line = &plan->lines[i];
        int64_t numbers[] = {
            line->kind,  line->order_class,        line->tier, line->bytes, line->gain_mb,
            line->rules, (int64_t)line->source.len};
        hasher_add(&hasher, line->id.bytes, sizeof line->id.bytes);
        hasher_add(&hasher, numbers, sizeof numbers);
        hasher_add(&hasher, line->source.at, line->source.len);
        hasher_add(&hasher, line->title.at, line->title.len);
        if (line->bulletin != 0) {
            hasher_add(&hasher, &line->bulletin, sizeof line->bulletin);
        }
    }
    hasher_add(&hasher, plan->filler, plan->filler_count * sizeof(hash));
    return hasher_end(&hasher);
}

static errc compile(struct plan_run *run, struct device_plan *ret_plan)
{
    struct device_plan plan = {
        .from = run->request->from,
        .to = run->request->to,
        .filler = run->choice->filler,
        .filler_count = run->choice->filler_count,
    };
    TRY(prepare(run));
    place_days(run);
    TRY(run->rc);
    TRY(plan_lines_write(run, &plan));
    plan.notes = run->notes.at;
    plan.note_count = run->notes.count;
    plan.mark = mark_of(&plan);
    *ret_plan = plan;
    return run->rc;
}

static errc compile_choice(const struct plan_request *request, const struct plan_choice *choice,
                           struct arena *arena, struct device_plan *ret_plan)
{
    struct plan_run run = {
        .request = request, .choice = choice, .arena = arena, .zone = request->schedule->zone};
    return compile(&run, ret_plan);
}

static errc check(const struct plan_request *request, struct why *why)
{
    bool fits = request->from < request->to && request->from >= USEC_LEAST + 64 * USEC_DAY &&
                request->to <= USEC_MOST - 64 * USEC_DAY &&
                request->to - request->from <= 800 * USEC_DAY;
    return fits ? OK : fail(why, ERR_INVALID, "a plan of no time, or of too much");
}

errc plan_compile(const struct plan_request *request, const struct receiver *receiver,
                  struct arena *arena, struct device_plan *ret_plan, struct why *why)
{
    struct plan_choice choice;
    TRY(check(request, why));
    TRY(plan_choose(request, receiver, arena, &choice));
    return compile_choice(request, &choice, arena, ret_plan);
}

/* --- many devices ---------------------------------------------------------------------------- */

struct group {
    hash key;
    uint32_t plan;
};

struct grouping {
    struct group *slots; /* open addressing; a power of two, at most half full */
    size_t mask;
    struct plan_choice *choices; /* of each plan */
    size_t count;
};

static errc grouping_init(struct grouping *grouping, size_t receivers, struct arena *arena)
{
    size_t size = 16;
    while (size < receivers * 2 + 2) {
        size *= 2;
    }
    grouping->mask = size - 1;
    grouping->slots = arena_take_array(arena, size, sizeof(struct group));
    grouping->choices = arena_take_array(arena, receivers + 1, sizeof(struct plan_choice));
    return grouping->slots == NULL || grouping->choices == NULL ? ERR_NO_MEMORY : OK;
}

static uint32_t group_of(struct grouping *grouping, const struct plan_choice *choice)
{
    hash key = plan_choice_key(choice);
    size_t slot = 0;
    memcpy(&slot, key.bytes, sizeof slot);
    for (slot &= grouping->mask; grouping->slots[slot].plan != 0;
         slot = (slot + 1) & grouping->mask) {
        if (hash_is(grouping->slots[slot].key, key)) {
            return grouping->slots[slot].plan - 1;
        }
    }
    grouping->choices[grouping->count++] = *choice;
    grouping->slots[slot] = (struct group){key, (uint32_t)grouping->count};
    return (uint32_t)(grouping->count - 1);
}

static errc group(const struct plan_request *request, const struct receivers *receivers,
                  struct arena *arena, struct grouping *grouping, uint32_t *plan_of)
{
    TRY(grouping_init(grouping, receivers->count, arena));
    for (size_t i = 0; i < receivers->count; i++) {
        struct plan_choice choice;
        TRY(plan_choose(request, &receivers->at[i], arena, &choice));
        plan_of[i] = group_of(grouping, &choice);
    }
    return OK;
}

errc plan_compile_all(const struct plan_request *request, const struct receivers *receivers,
                      struct arena *arena, struct plan_set *ret_set, struct why *why)
{
    struct grouping grouping = {.count = 0};
    TRY(check(request, why));
    uint32_t *plan_of = arena_take_array(arena, receivers->count + 1, sizeof(uint32_t));
    if (plan_of == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(group(request, receivers, arena, &grouping, plan_of));
    struct device_plan *plans = arena_take_array(arena, grouping.count + 1, sizeof *plans);
    if (plans == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < grouping.count; i++) {
        TRY(compile_choice(request, &grouping.choices[i], arena, &plans[i]));
    }
    *ret_set = (struct plan_set){plans, grouping.count, plan_of};
    return OK;
}

/* --- clashes --------------------------------------------------------------------------------- */

static int compare_clashes(const void *left, const void *right)
{
    const struct plan_clash *a = left;
    const struct plan_clash *b = right;
    const int64_t keys[][2] = {
        {a->unit, b->unit}, {a->first, b->first}, {a->second, b->second}, {a->at, b->at}};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static size_t drop_repeats(struct plan_clash *clashes, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct plan_clash *last = kept == 0 ? NULL : &clashes[kept - 1];
        if (last == NULL || last->unit != clashes[i].unit || last->first != clashes[i].first ||
            last->second != clashes[i].second) {
            clashes[kept++] = clashes[i];
        }
    }
    return kept;
}

enum { CLASH_ROOM = 64 };

errc plan_clashes_find(const struct plan_request *request, const struct receivers *receivers,
                       struct arena *arena, struct plan_clashes *ret_clashes, struct why *why)
{
    struct grouping grouping = {.count = 0};
    struct plan_run run = {.request = request, .arena = arena, .zone = request->schedule->zone};
    TRY(check(request, why));
    uint32_t *plan_of = arena_take_array(arena, receivers->count + 1, sizeof(uint32_t));
    run.clashes = arena_take_array(arena, CLASH_ROOM, sizeof(struct plan_clash));
    run.clash_room = CLASH_ROOM;
    if (plan_of == NULL || run.clashes == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(group(request, receivers, arena, &grouping, plan_of));
    for (size_t i = 0; i < grouping.count; i++) {
        struct plan_run one = {.request = request,
                               .arena = arena,
                               .zone = run.zone,
                               .choice = &grouping.choices[i],
                               .clashes = run.clashes,
                               .clash_count = run.clash_count,
                               .clash_room = run.clash_room};
        TRY(prepare(&one));
        place_days(&one);
        TRY(one.rc);
        run = one;
    }
    if (run.clash_count > 1) {
        qsort(run.clashes, run.clash_count, sizeof *run.clashes, compare_clashes);
    }
    *ret_clashes = (struct plan_clashes){run.clashes, drop_repeats(run.clashes, run.clash_count)};
    return OK;
}

/* Making and freeing the snapshot, and looking at single units. A forest never changes after
 * forest_create, which is why its readers need no lock; a change of units makes a new one. */
#include "people/forest_inside.h"

enum { FOREST_SIZE_MOST = 1024 * 1024 * 1024 };

static void destroy(struct forest *forest)
{
    unit_ledger_destroy(forest->ledger);
    arena_destroy(forest->arena);
    mem_give(forest);
}

struct forest *forest_hold(struct forest *forest)
{
    if (forest != NULL) {
        atomic_fetch_add_explicit(&forest->holders, 1, memory_order_relaxed);
    }
    return forest;
}

void forest_drop(struct forest *forest)
{
    if (forest == NULL) {
        return;
    }
    if (atomic_fetch_sub_explicit(&forest->holders, 1, memory_order_acq_rel) == 1) {
        destroy(forest);
    }
}

void forest_close(struct forest **forest)
{
    forest_drop(*forest);
    *forest = NULL;
}

static errc fill_units(struct forest *forest)
{
    const struct unit_ledger *ledger = forest->ledger;
    forest->count = ledger->life_count;
    forest->ids = arena_take_array(forest->arena, forest->count, sizeof *forest->ids);
    size_t groups = forest->count * UNIT_ASPECTS;
    forest->facts_at = arena_take_array(forest->arena, groups + 1, sizeof *forest->facts_at);
    if (arena_failed(forest->arena)) {
        return ERR_NO_MEMORY;
    }
    size_t fact = 0;
    for (size_t i = 0; i < forest->count; i++) {
        forest->ids[i] = ledger->lives[i].id;
        for (size_t aspect = 0; aspect < UNIT_ASPECTS; aspect++) {
            forest->facts_at[i * UNIT_ASPECTS + aspect] = (uint32_t)fact;
            while (fact < ledger->fact_count && ledger->facts[fact].unit == forest->ids[i] &&
                   ledger->facts[fact].aspect == aspect) {
                fact++;
            }
        }
    }
    forest->facts_at[groups] = (uint32_t)fact;
    return OK;
}

errc forest_create(struct unit_ledger *take_ledger, struct forest **ret_forest, struct why *why)
{
    struct forest *forest AUTO(forest_close) = mem_take(sizeof *forest);
    atomic_init(&forest->holders, 1);
    forest->ledger = take_ledger;
    errc rc = arena_create(FOREST_SIZE_MOST, &forest->arena);
    if (rc == OK) {
        rc = fill_units(forest);
    }
    if (rc == OK) {
        rc = forest_fill_names(forest);
    }
    if (rc == OK) {
        rc = forest_fill_edges(forest);
    }
    if (rc == OK) {
        rc = forest_fill_epochs(forest);
    }
    if (rc != OK) {
        return fail(why, rc, "cannot build the tree of %zu units", take_ledger->life_count);
    }
    *ret_forest = forest;
    forest = NULL;
    return OK;
}

const struct unit_ledger *forest_ledger(const struct forest *forest)
{
    return forest->ledger;
}

const struct tier_set *forest_tiers(const struct forest *forest)
{
    return &forest->ledger->tiers;
}

size_t forest_count(const struct forest *forest)
{
    return forest->count;
}

unit_id forest_unit(const struct forest *forest, size_t index)
{
    return index < forest->count ? forest->ids[index] : 0;
}

uint32_t forest_index(const struct forest *forest, unit_id unit)
{
    size_t low = 0;
    size_t high = forest->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (forest->ids[middle] < unit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < forest->count && forest->ids[low] == unit;
    return found ? (uint32_t)low : FOREST_NONE;
}

bool forest_knows(const struct forest *forest, unit_id unit)
{
    return forest_index(forest, unit) != FOREST_NONE;
}

bool forest_lives(const struct forest *forest, uint32_t index, day on)
{
    const struct unit_life *life = &forest->ledger->lives[index];
    return day_within(on, life->from, life->to);
}

const struct unit_life *forest_life(const struct forest *forest, unit_id unit)
{
    uint32_t index = forest_index(forest, unit);
    return index == FOREST_NONE ? NULL : &forest->ledger->lives[index];
}

const struct unit_fact *forest_facts(const struct forest *forest, unit_id unit,
                                     enum unit_aspect aspect, size_t *ret_count)
{
    uint32_t index = forest_index(forest, unit);
    if (index == FOREST_NONE) {
        *ret_count = 0;
        return NULL;
    }
    const uint32_t *at = &forest->facts_at[index * UNIT_ASPECTS + aspect];
    *ret_count = at[1] - at[0];
    return &forest->ledger->facts[at[0]];
}

const struct unit_fact *forest_fact_at(const struct forest *forest, uint32_t index,
                                       enum unit_aspect aspect, day on)
{
    const uint32_t *at = &forest->facts_at[index * UNIT_ASPECTS + aspect];
    for (uint32_t i = at[0]; i < at[1]; i++) {
        const struct unit_fact *fact = &forest->ledger->facts[i];
        if (day_within(on, fact->from, fact->to)) {
            return fact;
        }
    }
    return NULL;
}

const struct unit_link *forest_links_out(const struct forest *forest, unit_id unit,
                                         size_t *ret_count)
{
    uint32_t index = forest_index(forest, unit);
    if (index == FOREST_NONE) {
        *ret_count = 0;
        return NULL;
    }
    const uint32_t *at = &forest->links_out_at[index];
    *ret_count = at[1] - at[0];
    return forest->ledger->links == NULL ? NULL : &forest->ledger->links[at[0]];
}

const struct unit_link *forest_links_in(const struct forest *forest, unit_id unit,
                                        size_t *ret_count)
{
    uint32_t index = forest_index(forest, unit);
    if (index == FOREST_NONE) {
        *ret_count = 0;
        return NULL;
    }
    const uint32_t *at = &forest->links_in_at[index];
    *ret_count = at[1] - at[0];
    return &forest->links_in[at[0]];
}

const struct forest_epoch *forest_epochs(const struct forest *forest, size_t *ret_count)
{
    *ret_count = forest->epoch_count;
    return forest->epochs;
}

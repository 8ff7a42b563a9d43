/* Sorting a ledger and refusing what no sound history holds. A store that answers nonsense (a hand
 * in the database, a bug of ours) is found here, at load, and not in a report at five o'clock. Also
 * the question what depends on a batch. */
#include "people/unit_ledger.h"

static int compare_i64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_lives(const void *left, const void *right)
{
    const struct unit_life *a = left;
    const struct unit_life *b = right;
    return compare_i64(a->id, b->id);
}

static int compare_facts(const void *left, const void *right)
{
    const struct unit_fact *a = left;
    const struct unit_fact *b = right;
    int order = compare_i64(a->unit, b->unit);
    order = order != 0 ? order : (int)a->aspect - (int)b->aspect;
    order = order != 0 ? order : compare_i64(a->from, b->from);
    order = order != 0 ? order : compare_i64(a->to, b->to);
    return order != 0 ? order : compare_i64(a->begun_by, b->begun_by);
}

static int compare_links(const void *left, const void *right)
{
    const struct unit_link *a = left;
    const struct unit_link *b = right;
    int order = (a->ended_by != 0) - (b->ended_by != 0);
    order = order != 0 ? order : compare_i64(a->from, b->from);
    order = order != 0 ? order : compare_i64(a->on, b->on);
    order = order != 0 ? order : compare_i64(a->event, b->event);
    return order != 0 ? order : compare_i64(a->to, b->to);
}

static int compare_batches(const void *left, const void *right)
{
    const struct unit_batch *a = left;
    const struct unit_batch *b = right;
    return compare_i64(a->id, b->id);
}

static errc check_lives(const struct unit_ledger *ledger, struct why *why)
{
    for (size_t i = 0; i < ledger->life_count; i++) {
        const struct unit_life *life = &ledger->lives[i];
        if (life->id <= 0 || life->tier >= ledger->tiers.tier_count || life->from > life->to) {
            return fail(why, ERR_CORRUPT, "unit %lld: bad row", (long long)life->id);
        }
        if (i > 0 && ledger->lives[i - 1].id == life->id) {
            return fail(why, ERR_CORRUPT, "unit %lld is there twice", (long long)life->id);
        }
    }
    return OK;
}

static bool is_sound(const struct unit_ledger *ledger, const struct unit_life *life,
                     const struct unit_fact *fact)
{
    const struct tier_set *tiers = &ledger->tiers;
    switch (fact->aspect) {
    case UNIT_NAME:
    case UNIT_CODE:
        return fact->text.len > 0;
    case UNIT_KIND:
        return fact->value >= 0 && (size_t)fact->value < tiers->kind_count &&
               tiers->kinds[fact->value].tier == life->tier;
    case UNIT_PARENT:
        break;
    }
    const struct unit_life *parent = unit_ledger_life(ledger, fact->value);
    return parent != NULL && tiers->tiers[parent->tier].rank < tiers->tiers[life->tier].rank;
}

static errc check_fact(struct unit_ledger *ledger, size_t index, struct why *why)
{
    const struct unit_fact *fact = &ledger->facts[index];
    struct unit_life *life = unit_ledger_life(ledger, fact->unit);
    const char *what = unit_aspect_name(fact->aspect);
    if (life == NULL) {
        return fail(why, ERR_CORRUPT, "a %s of unit %lld, which is not there", what,
                    (long long)fact->unit);
    }
    if (fact->from > fact->to || fact->from < life->from || fact->to > life->to) {
        return fail(why, ERR_CORRUPT, "unit %lld: a %s outside its life", (long long)life->id,
                    what);
    }
    if (!is_sound(ledger, life, fact)) {
        return fail(why, ERR_CORRUPT, "unit %lld: a %s that cannot be", (long long)life->id, what);
    }
    uint32_t last = life->last[fact->aspect];
    if (last != UNIT_NO_FACT && ledger->facts[last].to > fact->from) {
        return fail(why, ERR_CORRUPT, "unit %lld: two facts (%s) at once", (long long)life->id,
                    what);
    }
    life->last[fact->aspect] = (uint32_t)index;
    return OK;
}

static errc check_link(const struct unit_ledger *ledger, const struct unit_link *link,
                       struct why *why)
{
    const struct unit_life *from = unit_ledger_life(ledger, link->from);
    const struct unit_life *to = unit_ledger_life(ledger, link->to);
    bool is_timely = from != NULL && to != NULL && from->from <= link->on && link->on <= from->to &&
                     to->from <= link->on && link->on <= to->to;
    if (!is_timely || link->from == link->to || link->share.num < 0 || link->share.den < 0 ||
        link->share.num > link->share.den) {
        return fail(why, ERR_CORRUPT, "link from unit %lld to %lld cannot be",
                    (long long)link->from, (long long)link->to);
    }
    return OK;
}

/* qsort wants no null, also for nothing. */
static void sort(void *rows, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count > 1) {
        qsort(rows, count, size, compare);
    }
}

errc unit_ledger_seal(struct unit_ledger *ledger, struct why *why)
{
    sort(ledger->lives, ledger->life_count, sizeof *ledger->lives, compare_lives);
    sort(ledger->facts, ledger->fact_count, sizeof *ledger->facts, compare_facts);
    sort(ledger->links, ledger->link_count, sizeof *ledger->links, compare_links);
    sort(ledger->batches, ledger->batch_count, sizeof *ledger->batches, compare_batches);
    TRY(check_lives(ledger, why));
    for (size_t i = 0; i < ledger->life_count; i++) {
        for (size_t aspect = 0; aspect < UNIT_ASPECTS; aspect++) {
            ledger->lives[i].last[aspect] = UNIT_NO_FACT;
        }
    }
    for (size_t i = 0; i < ledger->fact_count; i++) {
        TRY(check_fact(ledger, i, why));
    }
    ledger->live_links = 0;
    for (size_t i = 0; i < ledger->link_count; i++) {
        TRY(check_link(ledger, &ledger->links[i], why));
        ledger->live_links += ledger->links[i].ended_by == 0;
    }
    return OK;
}

/* Looking for what depends on a batch: which units it touched, and which of them it began. */
struct dependants {
    const struct unit_ledger *ledger;
    batch_id batch;
    uint8_t *touched; /* by index of life: 1 touched, 2 begun */
    batch_id found;
};

static uint8_t mark_of(const struct dependants *search, unit_id unit)
{
    const struct unit_life *life = unit_ledger_life(search->ledger, unit);
    return life == NULL ? 0 : search->touched[life - search->ledger->lives];
}

static void mark(struct dependants *search, unit_id unit, uint8_t as)
{
    const struct unit_life *life = unit_ledger_life(search->ledger, unit);
    if (life != NULL && search->touched[life - search->ledger->lives] < as) {
        search->touched[life - search->ledger->lives] = as;
    }
}

static void see(struct dependants *search, batch_id by)
{
    if (by > search->batch && (search->found == 0 || by < search->found)) {
        search->found = by;
    }
}

static void mark_touched(struct dependants *search)
{
    const struct unit_ledger *ledger = search->ledger;
    for (size_t i = 0; i < ledger->life_count; i++) {
        const struct unit_life *life = &ledger->lives[i];
        search->touched[i] = life->begun_by == search->batch ? 2 : life->ended_by == search->batch;
    }
    for (size_t i = 0; i < ledger->fact_count; i++) {
        const struct unit_fact *fact = &ledger->facts[i];
        if (fact->begun_by == search->batch || fact->ended_by == search->batch) {
            mark(search, fact->unit, 1);
        }
    }
    for (size_t i = 0; i < ledger->link_count; i++) {
        const struct unit_link *link = &ledger->links[i];
        if (link->batch == search->batch || link->ended_by == search->batch) {
            mark(search, link->from, 1);
            mark(search, link->to, 1);
        }
    }
}

errc unit_ledger_dependant(const struct unit_ledger *ledger, batch_id batch, batch_id *ret_batch)
{
    struct arena *arena AUTO(arena_close) = NULL;
    TRY(arena_create(UNITS_MOST + 8192, &arena));
    struct dependants search = {.ledger = ledger, .batch = batch};
    search.touched = arena_take(arena, ledger->life_count);
    if (search.touched == NULL) {
        return ERR_NO_MEMORY;
    }
    mark_touched(&search);
    for (size_t i = 0; i < ledger->life_count; i++) {
        if (search.touched[i] != 0) {
            see(&search, ledger->lives[i].begun_by);
            see(&search, ledger->lives[i].ended_by);
        }
    }
    for (size_t i = 0; i < ledger->fact_count; i++) {
        const struct unit_fact *fact = &ledger->facts[i];
        bool is_child = fact->aspect == UNIT_PARENT && mark_of(&search, fact->value) == 2;
        if (is_child || mark_of(&search, fact->unit) != 0) {
            see(&search, fact->begun_by);
            see(&search, fact->ended_by);
        }
    }
    for (size_t i = 0; i < ledger->link_count; i++) {
        const struct unit_link *link = &ledger->links[i];
        if (mark_of(&search, link->from) != 0 || mark_of(&search, link->to) != 0) {
            see(&search, link->batch);
            see(&search, link->ended_by);
        }
    }
    *ret_batch = search.found;
    return OK;
}

/* Growing arrays of rows, and a patch applied to them. Applying keeps, for every unit, the index of
 * its latest fact of each aspect, so that a patch costs the same on a village and on a country. */
#include "people/unit_ledger.h"

enum { TEXTS_MOST = 512 * 1024 * 1024, BATCHES_MOST = 1 << 20 };

errc unit_ledger_create(struct unit_ledger **ret_ledger)
{
    struct arena *texts = NULL;
    TRY(arena_create(TEXTS_MOST, &texts));
    struct unit_ledger *ledger = mem_take(sizeof *ledger);
    ledger->texts = texts;
    ledger->next_unit = 1;
    *ret_ledger = ledger;
    return OK;
}

void unit_ledger_destroy(struct unit_ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    mem_give(ledger->lives);
    mem_give(ledger->facts);
    mem_give(ledger->links);
    mem_give(ledger->batches);
    arena_destroy(ledger->texts);
    mem_give(ledger);
}

void unit_ledger_close(struct unit_ledger **ledger)
{
    unit_ledger_destroy(*ledger);
    *ledger = NULL;
}

/* Makes room for one more; returns the array, moved or not, or null. */
static void *room_for_one(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return array;
    }
    size_t more = *room == 0 ? 256 : *room * 2;
    void *grown = mem_try_grow(array, more * size);
    if (grown != NULL) {
        *room = more;
    }
    return grown;
}

errc unit_ledger_add_life(struct unit_ledger *ledger, const struct unit_life *life)
{
    if (ledger->life_count >= UNITS_MOST) {
        return ERR_TOO_BIG;
    }
    struct unit_life *lives =
        room_for_one(ledger->lives, ledger->life_count, &ledger->life_room, sizeof *lives);
    if (lives == NULL) {
        return ERR_NO_MEMORY;
    }
    ledger->lives = lives;
    struct unit_life *added = &lives[ledger->life_count++];
    *added = *life;
    for (size_t i = 0; i < UNIT_ASPECTS; i++) {
        added->last[i] = UNIT_NO_FACT;
    }
    if (life->id >= ledger->next_unit) {
        ledger->next_unit = life->id + 1;
    }
    return OK;
}

errc unit_ledger_add_fact(struct unit_ledger *ledger, const struct unit_fact *fact)
{
    if (ledger->fact_count >= UNIT_FACTS_MOST) {
        return ERR_TOO_BIG;
    }
    struct unit_fact *facts =
        room_for_one(ledger->facts, ledger->fact_count, &ledger->fact_room, sizeof *facts);
    if (facts == NULL) {
        return ERR_NO_MEMORY;
    }
    ledger->facts = facts;
    str text = arena_str(ledger->texts, fact->text);
    if (text.at == NULL) {
        return ERR_NO_MEMORY;
    }
    facts[ledger->fact_count] = *fact;
    facts[ledger->fact_count++].text = text;
    return OK;
}

errc unit_ledger_add_link(struct unit_ledger *ledger, const struct unit_link *link)
{
    if (ledger->link_count >= UNIT_FACTS_MOST) {
        return ERR_TOO_BIG;
    }
    struct unit_link *links =
        room_for_one(ledger->links, ledger->link_count, &ledger->link_room, sizeof *links);
    if (links == NULL) {
        return ERR_NO_MEMORY;
    }
    ledger->links = links;
    links[ledger->link_count++] = *link;
    return OK;
}

errc unit_ledger_add_batch(struct unit_ledger *ledger, const struct unit_batch *batch)
{
    if (ledger->batch_count >= BATCHES_MOST) {
        return ERR_TOO_BIG;
    }
    struct unit_batch *batches =
        room_for_one(ledger->batches, ledger->batch_count, &ledger->batch_room, sizeof *batches);
    if (batches == NULL) {
        return ERR_NO_MEMORY;
    }
    ledger->batches = batches;
    str title = arena_str(ledger->texts, batch->title);
    if (title.at == NULL) {
        return ERR_NO_MEMORY;
    }
    batches[ledger->batch_count] = *batch;
    batches[ledger->batch_count++].title = title;
    return OK;
}

struct unit_life *unit_ledger_life(const struct unit_ledger *ledger, unit_id unit)
{
    size_t low = 0;
    size_t high = ledger->life_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ledger->lives[middle].id < unit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < ledger->life_count && ledger->lives[low].id == unit;
    return found ? &ledger->lives[low] : NULL;
}

errc unit_ledger_copy(const struct unit_ledger *from, struct unit_ledger **ret_ledger)
{
    struct unit_ledger *ledger AUTO(unit_ledger_close) = NULL;
    TRY(unit_ledger_create(&ledger));
    ledger->tiers = from->tiers;
    for (size_t i = 0; i < from->life_count; i++) {
        TRY(unit_ledger_add_life(ledger, &from->lives[i]));
        memcpy(ledger->lives[i].last, from->lives[i].last, sizeof from->lives[i].last);
    }
    for (size_t i = 0; i < from->fact_count; i++) {
        TRY(unit_ledger_add_fact(ledger, &from->facts[i]));
    }
    for (size_t i = 0; i < from->link_count; i++) {
        TRY(unit_ledger_add_link(ledger, &from->links[i]));
    }
    for (size_t i = 0; i < from->batch_count; i++) {
        TRY(unit_ledger_add_batch(ledger, &from->batches[i]));
    }
    ledger->live_links = from->live_links;
    ledger->next_unit = from->next_unit;
    *ret_ledger = ledger;
    ledger = NULL;
    return OK;
}

/* One application of a patch. */
struct applying {
    struct unit_ledger *ledger;
    batch_id batch;
    unit_id base; /* what patch id -1 becomes */
};

static unit_id real_id(const struct applying *run, unit_id unit)
{
    return unit < 0 ? run->base - unit - 1 : unit;
}

static errc begin_fact(struct applying *run, struct unit_life *life, const struct unit_fact *fact)
{
    struct unit_fact row = *fact;
    row.unit = life->id;
    row.to = DAY_OPEN;
    row.begun_by = run->batch;
    life->last[row.aspect] = (uint32_t)run->ledger->fact_count;
    return unit_ledger_add_fact(run->ledger, &row);
}

/* Closes the open fact; ERR_CONFLICT when the aspect changed after that day. */
static errc close_fact(struct applying *run, const struct unit_life *life, enum unit_aspect aspect,
                       day on)
{
    if (life->last[aspect] == UNIT_NO_FACT) {
        return OK;
    }
    struct unit_fact *last = &run->ledger->facts[life->last[aspect]];
    if (last->from > on || (last->to != DAY_OPEN && last->to > on)) {
        return ERR_CONFLICT;
    }
    if (last->to == DAY_OPEN) {
        last->to = on;
        last->ended_by = run->batch;
    }
    return OK;
}

static errc change(struct applying *run, struct unit_life *life, const struct unit_edit *edit)
{
    struct unit_fact fact = {.from = edit->on};
    switch (edit->kind) {
    case EDIT_NAME:
        fact.aspect = UNIT_NAME;
        fact.text = edit->name;
        break;
    case EDIT_CODE:
        fact.aspect = UNIT_CODE;
        fact.text = edit->code;
        break;
    case EDIT_KIND:
        fact.aspect = UNIT_KIND;
        fact.value = edit->unit_kind;
        break;
    case EDIT_PARENT:
        fact.aspect = UNIT_PARENT;
        fact.value = real_id(run, edit->other);
        break;
    case EDIT_BEGIN:
    case EDIT_END:
    case EDIT_LINK:
    case EDIT_SHARE:
        return ERR_INTERNAL;
    }
    TRY(close_fact(run, life, fact.aspect, edit->on));
    bool is_nothing = (fact.aspect == UNIT_CODE && fact.text.len == 0) ||
                      (fact.aspect == UNIT_PARENT && fact.value == 0);
    return is_nothing ? OK : begin_fact(run, life, &fact);
}

static errc end(struct applying *run, struct unit_life *life, day on)
{
    for (size_t i = 0; i < UNIT_ASPECTS; i++) {
        TRY(close_fact(run, life, (enum unit_aspect)i, on));
    }
    life->to = on;
    life->ended_by = run->batch;
    return OK;
}

static errc begin(struct applying *run, const struct unit_edit *edit)
{
    const struct tier_set *tiers = &run->ledger->tiers;
    if (edit->unit_kind < 0 || (size_t)edit->unit_kind >= tiers->kind_count) {
        return ERR_INVALID;
    }
    struct unit_life life = {
        .id = run->ledger->next_unit,
        .tier = tiers->kinds[edit->unit_kind].tier,
        .from = edit->on,
        .to = DAY_OPEN,
        .begun_by = run->batch,
    };
    TRY(unit_ledger_add_life(run->ledger, &life));
    struct unit_life *added = &run->ledger->lives[run->ledger->life_count - 1];
    struct unit_fact name = {.aspect = UNIT_NAME, .from = edit->on, .text = edit->name};
    TRY(begin_fact(run, added, &name));
    struct unit_fact kind = {.aspect = UNIT_KIND, .from = edit->on, .value = edit->unit_kind};
    TRY(begin_fact(run, added, &kind));
    if (edit->code.len > 0) {
        struct unit_fact code = {.aspect = UNIT_CODE, .from = edit->on, .text = edit->code};
        TRY(begin_fact(run, added, &code));
    }
    if (edit->other != 0) {
        struct unit_fact parent = {
            .aspect = UNIT_PARENT, .from = edit->on, .value = real_id(run, edit->other)};
        TRY(begin_fact(run, added, &parent));
    }
    return OK;
}

static errc link(struct applying *run, const struct unit_edit *edit)
{
    struct unit_link row = {
        .from = real_id(run, edit->unit),
        .to = real_id(run, edit->other),
        .on = edit->on,
        .relation = edit->relation,
        .share = edit->share,
        .event = run->batch,
        .batch = run->batch,
    };
    return unit_ledger_add_link(run->ledger, &row);
}

/* The row is replaced, not changed, so that the declaration can be undone. */
static errc declare_share(struct applying *run, const struct unit_edit *edit)
{
    for (size_t i = run->ledger->link_count; i > 0; i--) {
        struct unit_link *old = &run->ledger->links[i - 1];
        if (old->from != edit->unit || old->to != edit->other || old->on != edit->on ||
            old->ended_by != 0) {
            continue;
        }
        struct unit_link row = *old;
        old->ended_by = run->batch;
        row.relation = LINK_PART;
        row.share = edit->share;
        row.batch = run->batch;
        return unit_ledger_add_link(run->ledger, &row);
    }
    return ERR_CONFLICT;
}

static errc apply_one(struct applying *run, const struct unit_edit *edit)
{
    if (edit->kind == EDIT_BEGIN) {
        return begin(run, edit);
    }
    if (edit->kind == EDIT_LINK) {
        return link(run, edit);
    }
    if (edit->kind == EDIT_SHARE) {
        return declare_share(run, edit);
    }
    struct unit_life *life = unit_ledger_life(run->ledger, real_id(run, edit->unit));
    if (life == NULL || life->to != DAY_OPEN || life->from > edit->on) {
        return ERR_CONFLICT;
    }
    return edit->kind == EDIT_END ? end(run, life, edit->on) : change(run, life, edit);
}

errc unit_ledger_apply(struct unit_ledger *ledger, const struct unit_patch *patch,
                       const struct unit_batch *batch, size_t *ret_edit)
{
    struct applying run = {.ledger = ledger, .batch = batch->id, .base = ledger->next_unit};
    for (size_t i = 0; i < patch->count; i++) {
        errc rc = apply_one(&run, &patch->edits[i]);
        if (rc != OK) {
            *ret_edit = i;
            return rc;
        }
    }
    return unit_ledger_add_batch(ledger, batch);
}

void unit_ledger_undo(struct unit_ledger *ledger, batch_id batch)
{
    size_t kept = 0;
    for (size_t i = 0; i < ledger->life_count; i++) {
        struct unit_life life = ledger->lives[i];
        if (life.ended_by == batch) {
            life.ended_by = 0;
            life.to = DAY_OPEN;
        }
        if (life.begun_by != batch) {
            ledger->lives[kept++] = life;
        }
    }
    ledger->life_count = kept;
    kept = 0;
    for (size_t i = 0; i < ledger->fact_count; i++) {
        struct unit_fact fact = ledger->facts[i];
        if (fact.ended_by == batch) {
            fact.ended_by = 0;
            fact.to = DAY_OPEN;
        }
        if (fact.begun_by != batch) {
            ledger->facts[kept++] = fact;
        }
    }
    ledger->fact_count = kept;
    kept = 0;
    for (size_t i = 0; i < ledger->link_count; i++) {
        struct unit_link link = ledger->links[i];
        if (link.ended_by == batch) {
            link.ended_by = 0;
        }
        if (link.batch != batch) {
            ledger->links[kept++] = link;
        }
    }
    ledger->link_count = kept;
    kept = 0;
    for (size_t i = 0; i < ledger->batch_count; i++) {
        if (ledger->batches[i].id != batch) {
            ledger->batches[kept++] = ledger->batches[i];
        }
    }
    ledger->batch_count = kept;
}

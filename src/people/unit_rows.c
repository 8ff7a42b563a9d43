/* Writing the difference that a batch made. What it ended comes first, so that at no moment a unit
 * has two open rows; then the new units, then their facts, then the links. Rows that the batch both
 * began and ended were never in force and are not written. */
#include "people/unit_rows.h"

#include "people/unit_sql.h"

enum { CHUNK = 1000 }; /* rows written in one go; below DB_BATCH_MOST */

struct writing {
    struct db *db;
    const struct unit_ledger *after;
    batch_id batch;
    struct arena *arena;
    struct why *why;
};

static errc close_fact(const struct writing *run, const struct unit_fact *fact)
{
    int64_t changed = 0;
    switch (fact->aspect) {
    case UNIT_NAME: {
        struct unit_name_close_in in = {fact->unit, fact->to, run->batch};
        TRY(unit_name_close(run->db, &in, &changed, run->why));
        break;
    }
    case UNIT_CODE: {
        struct unit_code_close_in in = {fact->unit, fact->to, run->batch};
        TRY(unit_code_close(run->db, &in, &changed, run->why));
        break;
    }
    case UNIT_KIND: {
        struct unit_kind_close_in in = {fact->unit, fact->to, run->batch};
        TRY(unit_kind_close(run->db, &in, &changed, run->why));
        break;
    }
    case UNIT_PARENT: {
        struct unit_parent_close_in in = {fact->unit, fact->to, run->batch};
        TRY(unit_parent_close(run->db, &in, &changed, run->why));
        break;
    }
    }
    return changed == 1 ? OK
                        : fail(run->why, ERR_CONFLICT, "unit %lld: no open %s to end",
                               (long long)fact->unit, unit_aspect_name(fact->aspect));
}

static errc write_ends(const struct writing *run)
{
    for (size_t i = 0; i < run->after->fact_count; i++) {
        const struct unit_fact *fact = &run->after->facts[i];
        if (fact->ended_by == run->batch && fact->begun_by != run->batch) {
            TRY(close_fact(run, fact));
        }
    }
    for (size_t i = 0; i < run->after->life_count; i++) {
        const struct unit_life *life = &run->after->lives[i];
        int64_t changed = 0;
        if (life->ended_by != run->batch || life->begun_by == run->batch) {
            continue;
        }
        struct unit_life_end_in in = {life->id, life->to, run->batch};
        TRY(unit_life_end(run->db, &in, &changed, run->why));
        if (changed != 1) {
            return fail(run->why, ERR_CONFLICT, "unit %lld has ended", (long long)life->id);
        }
    }
    return OK;
}

static errc write_lives(const struct writing *run)
{
    const struct unit_ledger *after = run->after;
    struct unit_life_add_in *rows = arena_take_array(run->arena, CHUNK, sizeof *rows);
    size_t count = 0;
    if (rows == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < after->life_count; i++) {
        const struct unit_life *life = &after->lives[i];
        if (life->begun_by != run->batch) {
            continue;
        }
        rows[count++] = (struct unit_life_add_in){
            .id = life->id,
            .tier = str_of(after->tiers.tiers[life->tier].name),
            .from_day = life->from,
            .to_day = life->to,
            .begun_by = run->batch,
        };
        if (count == CHUNK) {
            TRY(unit_life_add_batch(run->db, rows, count, run->why));
            count = 0;
        }
    }
    return count == 0 ? OK : unit_life_add_batch(run->db, rows, count, run->why);
}

/* Rows of one aspect that wait to be written together. */
struct pending {
    union {
        struct unit_name_add_in *names;
        struct unit_code_add_in *codes;
        struct unit_kind_add_in *kinds;
        struct unit_parent_add_in *parents;
    };
    size_t count;
};

static void put(const struct writing *run, enum unit_aspect aspect, struct pending *pending,
                const struct unit_fact *fact)
{
    size_t at = pending->count++;
    switch (aspect) {
    case UNIT_NAME:
        pending->names[at] =
            (struct unit_name_add_in){fact->unit, fact->text, fact->from, fact->to, run->batch};
        return;
    case UNIT_CODE:
        pending->codes[at] =
            (struct unit_code_add_in){fact->unit, fact->text, fact->from, fact->to, run->batch};
        return;
    case UNIT_KIND:
        pending->kinds[at] =
            (struct unit_kind_add_in){fact->unit, str_of(run->after->tiers.kinds[fact->value].name),
                                      fact->from, fact->to, run->batch};
        return;
    case UNIT_PARENT:
        pending->parents[at] =
            (struct unit_parent_add_in){fact->unit, fact->value, fact->from, fact->to, run->batch};
        return;
    }
}

static errc flush(const struct writing *run, enum unit_aspect aspect, struct pending *pending)
{
    size_t count = pending->count;
    pending->count = 0;
    if (count == 0) {
        return OK;
    }
    switch (aspect) {
    case UNIT_NAME:
        return unit_name_add_batch(run->db, pending->names, count, run->why);
    case UNIT_CODE:
        return unit_code_add_batch(run->db, pending->codes, count, run->why);
    case UNIT_KIND:
        return unit_kind_add_batch(run->db, pending->kinds, count, run->why);
    case UNIT_PARENT:
        return unit_parent_add_batch(run->db, pending->parents, count, run->why);
    }
    return OK;
}

static errc write_facts(const struct writing *run, enum unit_aspect aspect)
{
    _Static_assert(sizeof *((struct pending *)0)->names == sizeof *((struct pending *)0)->kinds,
                   "the four rows share one array");
    struct pending pending = {.names = arena_take_array(run->arena, CHUNK, sizeof *pending.names)};
    if (pending.names == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < run->after->fact_count; i++) {
        const struct unit_fact *fact = &run->after->facts[i];
        if (fact->aspect != aspect || fact->begun_by != run->batch ||
            fact->ended_by == run->batch) {
            continue;
        }
        put(run, aspect, &pending, fact);
        if (pending.count == CHUNK) {
            TRY(flush(run, aspect, &pending));
        }
    }
    return flush(run, aspect, &pending);
}

static errc replace_link(const struct writing *run, const struct unit_link *link)
{
    int64_t changed = 0;
    struct unit_link_replace_in in = {link->from, link->to, link->on, run->batch};
    TRY(unit_link_replace(run->db, &in, &changed, run->why));
    return changed == 1 ? OK : fail(run->why, ERR_CONFLICT, "no link to declare a share for");
}

static errc write_links(const struct writing *run)
{
    struct unit_link_add_in *rows = arena_take_array(run->arena, CHUNK, sizeof *rows);
    size_t count = 0;
    if (rows == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = run->after->link_count; i > 0; i--) { /* replaced ones stand at the end */
        const struct unit_link *link = &run->after->links[i - 1];
        if (link->ended_by == run->batch) {
            TRY(replace_link(run, link));
        }
        if (link->batch != run->batch) {
            continue;
        }
        rows[count++] = (struct unit_link_add_in){
            .from_id = link->from,
            .to_id = link->to,
            .on_day = link->on,
            .relation = str_of(link_relation_name(link->relation)),
            .has_share_num = share_is_declared(link->share),
            .share_num = link->share.num,
            .has_share_den = share_is_declared(link->share),
            .share_den = link->share.den,
            .event = link->event,
            .begun_by = run->batch,
        };
        if (count == CHUNK) {
            TRY(unit_link_add_batch(run->db, rows, count, run->why));
            count = 0;
        }
    }
    return count == 0 ? OK : unit_link_add_batch(run->db, rows, count, run->why);
}

static errc write_batch(struct db *db, const struct unit_batch *batch,
                        const struct unit_maker *maker, struct why *why)
{
    struct unit_batch_add_in in = {
        .id = batch->id,
        .kind = str_of(batch_kind_name(batch->kind)),
        .on_day = batch->on,
        .title = batch->title,
        .has_made_by = maker->account != 0,
        .made_by = maker->account,
        .made_at_us = maker->now,
    };
    return unit_batch_add(db, &in, NULL, why);
}

errc unit_rows_write(struct db *db, const struct unit_ledger *after, const struct unit_batch *batch,
                     size_t begun, const struct unit_maker *maker, struct why *why)
{
    struct arena *arena AUTO(arena_close) = NULL;
    TRY(arena_create(16 * 1024 * 1024, &arena));
    struct writing run = {.db = db, .after = after, .batch = batch->id, .arena = arena, .why = why};
    struct unit_state_take_in take = {(int64_t)begun};
    TRY(unit_state_take(db, &take, NULL, why));
    TRY(write_batch(db, batch, maker, why));
    TRY(write_ends(&run));
    TRY(write_lives(&run));
    for (int aspect = 0; aspect < UNIT_ASPECTS; aspect++) {
        TRY(write_facts(&run, (enum unit_aspect)aspect));
    }
    return write_links(&run);
}

errc unit_rows_undo(struct db *db, batch_id batch, struct why *why)
{
    TRY(unit_state_touch(db, NULL, why));
    TRY(unit_undo_links(db, &(struct unit_undo_links_in){batch}, NULL, why));
    TRY(unit_reopen_links(db, &(struct unit_reopen_links_in){batch}, NULL, why));
    TRY(unit_undo_parents(db, &(struct unit_undo_parents_in){batch}, NULL, why));
    TRY(unit_undo_kinds(db, &(struct unit_undo_kinds_in){batch}, NULL, why));
    TRY(unit_undo_codes(db, &(struct unit_undo_codes_in){batch}, NULL, why));
    TRY(unit_undo_names(db, &(struct unit_undo_names_in){batch}, NULL, why));
    TRY(unit_reopen_parents(db, &(struct unit_reopen_parents_in){batch}, NULL, why));
    TRY(unit_reopen_kinds(db, &(struct unit_reopen_kinds_in){batch}, NULL, why));
    TRY(unit_reopen_codes(db, &(struct unit_reopen_codes_in){batch}, NULL, why));
    TRY(unit_reopen_names(db, &(struct unit_reopen_names_in){batch}, NULL, why));
    TRY(unit_undo_units(db, &(struct unit_undo_units_in){batch}, NULL, why));
    TRY(unit_reopen_units(db, &(struct unit_reopen_units_in){batch}, NULL, why));
    return unit_batch_drop(db, &(struct unit_batch_drop_in){batch}, NULL, why);
}

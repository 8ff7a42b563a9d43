/* Reading all units. 50,000 of them are some 250,000 rows, streamed into the ledger. */
#include "people/unit_rows.h"
#include "people/unit_sql.h"

struct loading {
    struct unit_ledger *ledger;
};

static batch_id batch_or_none(bool has, int64_t batch)
{
    return has ? batch : 0;
}

static errc on_tier(void *ctx, const struct unit_tiers_all_row *row)
{
    struct loading *run = ctx;
    errc rc = tier_add(&run->ledger->tiers, row->name, row->rank, row->from_day, row->to_day);
    return rc == ERR_INVALID ? ERR_CORRUPT : rc;
}

static errc on_kind(void *ctx, const struct unit_kinds_all_row *row)
{
    struct loading *run = ctx;
    errc rc =
        kind_add(&run->ledger->tiers, row->name, row->tier, row->title, row->from_day, row->to_day);
    return rc == ERR_INVALID ? ERR_CORRUPT : rc;
}

static errc on_batch(void *ctx, const struct unit_batches_rows_row *row)
{
    struct loading *run = ctx;
    struct unit_batch batch = {.id = row->id, .on = row->on_day, .title = row->title};
    if (!batch_kind_parse(row->kind, &batch.kind)) {
        return ERR_CORRUPT;
    }
    return unit_ledger_add_batch(run->ledger, &batch);
}

static errc on_life(void *ctx, const struct unit_lives_all_row *row)
{
    struct loading *run = ctx;
    int tier = tier_find(&run->ledger->tiers, row->tier);
    struct unit_life life = {
        .id = row->id,
        .tier = (uint8_t)tier,
        .from = row->from_day,
        .to = row->to_day,
        .begun_by = row->begun_by,
        .ended_by = batch_or_none(row->has_ended_by, row->ended_by),
    };
    return tier < 0 ? ERR_CORRUPT : unit_ledger_add_life(run->ledger, &life);
}

/* Four tables with the same columns but for one. */
#define FACT_OF(row, its_aspect)                                                                   \
    ((struct unit_fact){                                                                           \
        .unit = (row)->unit_id,                                                                    \
        .aspect = (its_aspect),                                                                    \
        .from = (row)->from_day,                                                                   \
        .to = (row)->to_day,                                                                       \
        .begun_by = (row)->begun_by,                                                               \
        .ended_by = batch_or_none((row)->has_ended_by, (row)->ended_by),                           \
    })

static errc on_name(void *ctx, const struct unit_names_rows_row *row)
{
    struct loading *run = ctx;
    struct unit_fact fact = FACT_OF(row, UNIT_NAME);
    fact.text = row->name;
    return unit_ledger_add_fact(run->ledger, &fact);
}

static errc on_code(void *ctx, const struct unit_codes_rows_row *row)
{
    struct loading *run = ctx;
    struct unit_fact fact = FACT_OF(row, UNIT_CODE);
    fact.text = row->code;
    return unit_ledger_add_fact(run->ledger, &fact);
}

static errc on_kind_of_unit(void *ctx, const struct unit_kinds_rows_row *row)
{
    struct loading *run = ctx;
    struct unit_fact fact = FACT_OF(row, UNIT_KIND);
    fact.value = kind_find(&run->ledger->tiers, row->kind);
    return fact.value < 0 ? ERR_CORRUPT : unit_ledger_add_fact(run->ledger, &fact);
}

static errc on_parent(void *ctx, const struct unit_parents_rows_row *row)
{
    struct loading *run = ctx;
    struct unit_fact fact = FACT_OF(row, UNIT_PARENT);
    fact.value = row->parent_id;
    return unit_ledger_add_fact(run->ledger, &fact);
}

static errc on_link(void *ctx, const struct unit_links_rows_row *row)
{
    struct loading *run = ctx;
    struct unit_link link = {
        .from = row->from_id,
        .to = row->to_id,
        .on = row->on_day,
        .event = row->event,
        .batch = row->begun_by,
        .ended_by = batch_or_none(row->has_ended_by, row->ended_by),
    };
    if (row->has_share_num) {
        link.share = (share){row->share_num, row->share_den};
    }
    if (!link_relation_parse(row->relation, &link.relation)) {
        return ERR_CORRUPT;
    }
    return unit_ledger_add_link(run->ledger, &link);
}

errc unit_rows_state(struct db *db, struct unit_state *ret_state, struct why *why)
{
    struct arena *arena AUTO(arena_close) = NULL;
    struct unit_state_get_row row;
    TRY(arena_create(4096, &arena));
    TRY(unit_state_get(db, arena, &row, why));
    *ret_state = (struct unit_state){row.version, row.next_unit, row.next_batch};
    return OK;
}

static errc load_rows(struct db *db, struct loading *run, struct why *why)
{
    TRY(unit_tiers_all(db, on_tier, run, why));
    TRY(unit_kinds_all(db, on_kind, run, why));
    TRY(unit_batches_rows(db, on_batch, run, why));
    TRY(unit_lives_all(db, on_life, run, why));
    TRY(unit_names_rows(db, on_name, run, why));
    TRY(unit_codes_rows(db, on_code, run, why));
    TRY(unit_kinds_rows(db, on_kind_of_unit, run, why));
    TRY(unit_parents_rows(db, on_parent, run, why));
    return unit_links_rows(db, on_link, run, why);
}

errc unit_rows_load(struct db *db, struct forest **ret_forest, struct why *why)
{
    struct unit_ledger *ledger AUTO(unit_ledger_close) = NULL;
    struct unit_state state;
    TRY(unit_ledger_create(&ledger));
    struct loading run = {ledger};
    errc rc = load_rows(db, &run, why);
    if (rc != OK) {
        return fail_in(why, rc, "loading units");
    }
    TRY(unit_rows_state(db, &state, why));
    ledger->next_unit = state.next_unit;
    TRY(unit_ledger_seal(ledger, why));
    struct unit_ledger *given = ledger;
    ledger = NULL;
    return forest_create(given, ret_forest, why);
}

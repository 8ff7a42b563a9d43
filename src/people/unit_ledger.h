/* The ledger: every dated row about units, as loaded from the store, in memory. It is the seed of a
 * forest (forest.h), and the place where a patch can be tried without touching the store: copy,
 * apply, look, throw away. Not for more than one thread at a time. */
#ifndef LOA_PEOPLE_UNIT_LEDGER_H
#define LOA_PEOPLE_UNIT_LEDGER_H

#include "people/unit.h"
#include "people/unit_patch.h"

#define UNIT_NO_FACT UINT32_MAX

struct unit_ledger {
    struct tier_set tiers;
    struct unit_life *lives; /* sealed: by id */
    size_t life_count;
    size_t life_room;
    struct unit_fact *facts; /* sealed: by unit, aspect, from */
    size_t fact_count;
    size_t fact_room;
    struct unit_link *links; /* sealed: by from, on, event, to; those replaced come last */
    size_t link_count;
    size_t live_links; /* sealed: how many are not replaced */
    size_t link_room;
    struct unit_batch *batches; /* sealed: by id */
    size_t batch_count;
    size_t batch_room;
    unit_id next_unit;   /* the id that the next new unit gets */
    struct arena *texts; /* of facts and batches; copied in */
};

CHECKED errc unit_ledger_create(struct unit_ledger **ret_ledger);
void unit_ledger_destroy(struct unit_ledger *ledger);
void unit_ledger_close(struct unit_ledger **ledger); /* for AUTO */

/* Rows come in any order; ERR_TOO_BIG at the limits. */
CHECKED errc unit_ledger_add_life(struct unit_ledger *ledger, const struct unit_life *life);
CHECKED errc unit_ledger_add_fact(struct unit_ledger *ledger, const struct unit_fact *fact);
CHECKED errc unit_ledger_add_link(struct unit_ledger *ledger, const struct unit_link *link);
CHECKED errc unit_ledger_add_batch(struct unit_ledger *ledger, const struct unit_batch *batch);

/* Sorts, and refuses (ERR_CORRUPT) what no sound history holds: an id twice, a fact of an unknown
 * unit or outside its life, two facts of one aspect at once, a kind of another tier, a parent of
 * the same or a lower tier, a link that begins after its unit ended or before its successor began.
 * To be called before anything below, and again after a patch. */
CHECKED errc unit_ledger_seal(struct unit_ledger *ledger, struct why *why);

CHECKED errc unit_ledger_copy(const struct unit_ledger *from, struct unit_ledger **ret_ledger);
/* The life of a unit, or null. */
struct unit_life *unit_ledger_life(const struct unit_ledger *ledger, unit_id unit);

/* Applies a checked patch as one batch. New units get next_unit and the following ids, so that
 * patch id -n becomes next_unit + n - 1. ERR_CONFLICT, with *ret_edit saying where, when an edit
 * touches a unit that has ended or an aspect that changed later: then the ledger is spoilt and may
 * only be destroyed. */
CHECKED errc unit_ledger_apply(struct unit_ledger *ledger, const struct unit_patch *patch,
                               const struct unit_batch *batch, size_t *ret_edit);
/* Takes a batch back: its rows go, the rows it ended are open again. */
void unit_ledger_undo(struct unit_ledger *ledger, batch_id batch);
/* The lowest later batch that touched what this batch touched, or 0. */
CHECKED errc unit_ledger_dependant(const struct unit_ledger *ledger, batch_id batch,
                                   batch_id *ret_batch);

#endif

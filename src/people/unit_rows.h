/* Units in the store: loading everything, writing a batch, taking one back. The rows written are
 * the difference that a checked patch made to the ledger, so the store holds exactly what was
 * tried. The caller's write job is one transaction: whole or not at all. */
#ifndef LOA_PEOPLE_UNIT_ROWS_H
#define LOA_PEOPLE_UNIT_ROWS_H

#include "people/forest.h"

struct db;

struct unit_state {
    int64_t version; /* moves on with every change, on every server */
    unit_id next_unit;
    batch_id next_batch;
};

struct unit_maker {
    int64_t account; /* 0: the system */
    usec now;
};

CHECKED errc unit_rows_state(struct db *db, struct unit_state *ret_state, struct why *why);
CHECKED errc unit_rows_load(struct db *db, struct forest **ret_forest, struct why *why);
/* Writes the rows of `after` that bear the batch's id; `begun` units take their ids. */
CHECKED errc unit_rows_write(struct db *db, const struct unit_ledger *after,
                             const struct unit_batch *batch, size_t begun,
                             const struct unit_maker *maker, struct why *why);
/* Takes a batch back. That nothing depends on it has been asked before. */
CHECKED errc unit_rows_undo(struct db *db, batch_id batch, struct why *why);

#endif

/* Re-basing: a series of counts, each of a unit on a day, onto the units of another day. The sum
 * never changes: what goes to several units is divided by largest remainder, what nobody took is
 * handed back as lost. For counts only: a percentage is recomputed from its re-based numerator and
 * denominator, never re-based itself. */
#ifndef LOA_PEOPLE_REBASE_H
#define LOA_PEOPLE_REBASE_H

#include "people/forest.h"

struct figure {
    unit_id unit;
    day on; /* the day whose units the figure was counted on */
    int64_t value;
};

struct rebased {
    unit_id unit; /* 0: lost, for this day */
    day on;       /* of the figures, not of the units */
    int64_t value;
    bool assumed; /* a part without a declared share is in it, or missing from it */
};

struct rebased_series {
    const struct rebased *rows; /* by day, then unit */
    size_t count;
};

enum { FIGURES_MOST = 4 * 1024 * 1024 };

/* Rows in the arena. A figure of an unknown unit, or of a unit that did not live on its day, is
 * lost. ERR_INVALID: a sum does not fit 64 bits; ERR_TOO_BIG as lineage_between. */
CHECKED errc rebase(struct tree onto, const struct figure *figures, size_t count,
                    struct arena *arena, struct rebased_series *ret_series);

#endif

/* Where a device stands, as units: those above it, itself, and the villages that hear it. Pure, on
 * a forest and a day. A cluster whose unit has ended stands in what became of it, so a merger moves
 * devices without anybody touching them; what they were last told is compared and told anew. */
#ifndef LOA_FLEET_PLACE_H
#define LOA_FLEET_PLACE_H

#include "people/forest.h"

enum {
    PLACE_VILLAGES = 4, /* of one cluster: with those above them they fit into an order's path */
    PLACE_PATH = 8,     /* as wire/records.def has it */
    PLACE_UNITS = UNIT_DEPTH + PLACE_VILLAGES,
};

struct place {
    unit_id units[PLACE_UNITS]; /* the root first, then the villages; for "is it below this" */
    size_t count;
    unit_id path[PLACE_PATH]; /* for orders: the same without what stands above the province */
    size_t path_count;
    unit_id unit; /* today's unit of the cluster; 0: nobody knows what became of it */
};

struct place_wanted {
    unit_id unit; /* of the cluster, as it was written down */
    const unit_id *villages;
    size_t village_count;
};

/* The unit that stands for this one on the day: itself, or the largest part of what it became; 0
 * when there is none. */
CHECKED errc place_unit_on(const struct forest *forest, unit_id unit, day on, struct arena *arena,
                           unit_id *ret_unit);
CHECKED errc place_find(const struct forest *forest, const struct place_wanted *wanted, day on,
                        struct arena *arena, struct place *ret_place);
bool place_is_below(const struct place *place, unit_id unit);

/* The path as the store keeps it: "24 310 4711". */
void place_write(const struct place *place, struct buf *out);
bool place_is(const struct place *place, str written);

#endif

/* Units as one person may see them: the answers of GET /units… . Pure, on a forest. A unit is seen
 * when a grant with the right stands over it today, or over what became of it. */
#ifndef LOA_PEOPLE_UNIT_SIGHT_H
#define LOA_PEOPLE_UNIT_SIGHT_H

#include "people/forest.h"
#include "people/forest_search.h"
#include "people/right.h"

struct unit_sight {
    const struct forest *forest;
    const struct actor *actor;
    enum right right; /* RIGHT_UNITS_READ for reading */
};

/* For right.h: the forest as its tree of units; borrows the forest. */
struct right_view unit_right_view(const struct forest *forest);
bool unit_may_see(const struct unit_sight *sight, unit_id unit);
/* Whether the actor holds the right over every root: what concerns the whole house, such as its
 * settings, is not for whoever administers one commune. */
bool unit_sees_all(const struct unit_sight *sight);

struct unit_lines {
    const struct unit_line *lines; /* in the arena */
    size_t count;
};

/* Children of a unit on a day; of 0: where the person's own tree begins on that day. ERR_NOT_FOUND
 * for a unit that is not there or not to be seen (the same, so that nothing is told). */
CHECKED errc unit_list(const struct unit_sight *sight, unit_id parent, day at, struct arena *arena,
                       struct unit_lines *ret_lines);

struct unit_found {
    struct unit_line line;
    str matched;
    str path; /* "Huyện A, Tỉnh B" */
};
struct unit_founds {
    const struct unit_found *items;
    size_t count;
};
/* `query->may_see` is filled in here. */
CHECKED errc unit_search(const struct unit_sight *sight, const struct forest_query *query,
                         struct arena *arena, struct unit_founds *ret_founds);

struct unit_relative {
    struct unit_line line; /* as of the day of the link */
    day on;
    enum link_relation relation;
    share share;
};

struct unit_card {
    struct unit_line line;
    struct unit_lines ancestors;                 /* root first */
    size_t counts[TIERS_MOST];                   /* units below, by tier */
    const struct unit_fact *facts[UNIT_ASPECTS]; /* oldest first; loans; skip from == to */
    size_t fact_counts[UNIT_ASPECTS];
    const struct unit_relative *predecessors;
    size_t predecessor_count;
    const struct unit_relative *successors;
    size_t successor_count;
};
CHECKED errc unit_card(const struct unit_sight *sight, unit_id unit, day at, struct arena *arena,
                       struct unit_card *ret_card);

#endif

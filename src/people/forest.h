/* The forest: all units through time, in one immutable snapshot that any thread may hold and read.
 * `forest_at(forest, day)` is a tree: the units of that day. A tree is two words, not a copy: every
 * edge carries its interval, so asking for any of hundreds of change days costs no memory and no
 * lock. Above four or five tiers, climbing is faster than any index would be to keep.
 * Ids of units that are not in the forest are never an error: such a unit is just not there. */
#ifndef LOA_PEOPLE_FOREST_H
#define LOA_PEOPLE_FOREST_H

#include "people/unit.h"
#include "people/unit_ledger.h"

struct forest;

/* Takes the sealed ledger, also on failure. The new forest has one holder. */
CHECKED errc forest_create(struct unit_ledger *take_ledger, struct forest **ret_forest,
                           struct why *why);
struct forest *forest_hold(struct forest *forest); /* one holder more; accepts null */
void forest_drop(struct forest *forest);           /* the last one frees it; accepts null */
void forest_close(struct forest **forest);         /* for AUTO: drops */

const struct unit_ledger *forest_ledger(const struct forest *forest);
const struct tier_set *forest_tiers(const struct forest *forest);
size_t forest_count(const struct forest *forest); /* units that ever were */
unit_id forest_unit(const struct forest *forest,
                    size_t index); /* by ascending id; 0 past the end */
bool forest_knows(const struct forest *forest, unit_id unit);
const struct unit_life *forest_life(const struct forest *forest, unit_id unit); /* or null */
/* All facts of one aspect, oldest first, with the empty ones that were replaced at once. */
const struct unit_fact *forest_facts(const struct forest *forest, unit_id unit,
                                     enum unit_aspect aspect, size_t *ret_count);
/* Links out of and into a unit, by day and batch. */
const struct unit_link *forest_links_out(const struct forest *forest, unit_id unit,
                                         size_t *ret_count);
const struct unit_link *forest_links_in(const struct forest *forest, unit_id unit,
                                        size_t *ret_count);

/* A day on which something changed, and how many units it touched. */
struct forest_epoch {
    day on;
    size_t changes;
    str title; /* of a reform of that day, or empty */
};
const struct forest_epoch *forest_epochs(const struct forest *forest, size_t *ret_count);

/* The units of one day. A value; it borrows the forest. */
struct tree {
    const struct forest *forest;
    day on;
};

struct tree forest_at(const struct forest *forest, day on);

/* A unit as it was on the tree's day; when it did not live then, as it was last before, or else
 * first after. Texts are loans from the forest. */
struct unit_line {
    unit_id id;
    str name;
    str code; /* empty: none */
    int kind;
    int tier;
    unit_id parent; /* 0: none */
    size_t children;
    day from; /* of the unit */
    day to;
    bool lives; /* on the tree's day */
};

bool tree_has(struct tree tree, unit_id unit);
CHECKED bool tree_line(struct tree tree, unit_id unit, struct unit_line *ret_line);
unit_id tree_parent(struct tree tree, unit_id unit); /* 0: none, or not there */
/* The unit itself or one above it. False when either did not live on that day. */
bool tree_covers(struct tree tree, unit_id above, unit_id below);
/* Fills with those above the unit, the root first; returns how many. */
size_t tree_ancestors(struct tree tree, unit_id unit, unit_id ret_units[UNIT_DEPTH]);
/* Children in the order of their names (Vietnamese alphabet), of 0: the roots. Fills at most `room`
 * and returns how many there are. */
size_t tree_children(struct tree tree, unit_id parent, unit_id *ret_units, size_t room);

/* The unit (0: everything) and all below it, each directly before its own descendants; those of
 * units[i] are the `below[i]` that follow it. In the arena. */
struct tree_order {
    const unit_id *units;
    const uint32_t *below;
    size_t count;
};
CHECKED errc tree_order(struct tree tree, unit_id root, struct arena *arena,
                        struct tree_order *ret_order);
/* How many units of each tier live below this one. */
CHECKED errc tree_counts(struct tree tree, unit_id unit, size_t ret_counts[TIERS_MOST]);

/* The unit of that tier (-1: any) which bears the code on that day, or 0. */
unit_id tree_by_code(struct tree tree, int tier, str code);
/* Does a sibling bear the same name on that day? */
bool tree_has_namesake(struct tree tree, unit_id unit);
/* Does another unit of the tier bear the code on any day from this one on, while this unit has it?
 */
bool forest_code_clashes(const struct forest *forest, unit_id unit, int tier, str code, day from);
/* How many children a unit that ended has still been given beyond its end. */
size_t forest_children_left(const struct forest *forest, unit_id unit);
/* Units that bear the name on that day, however its tones are typed; fills at most `room`, returns
 * how many there are. */
CHECKED errc tree_by_name(struct tree tree, str name, unit_id *ret_units, size_t room,
                          size_t *ret_count);

#endif

/* What a forest is made of, for the files forest*.c only. Units are known by their index (the order
 * of their ids); everything is grouped by it: the rows of unit i are [at[i], at[i + 1]). */
#ifndef LOA_PEOPLE_FOREST_INSIDE_H
#define LOA_PEOPLE_FOREST_INSIDE_H

#include "people/forest.h"

#include <stdatomic.h>

#define FOREST_NONE UINT32_MAX

/* A time under a parent, already cut to the parent's own life. */
struct forest_span {
    day from;
    day to;
    uint32_t unit; /* among spans: the parent; among children: the child */
};

struct forest_key {
    str key;
    uint32_t fact;
};

struct forest {
    atomic_size_t holders;
    struct unit_ledger *ledger;
    struct arena *arena; /* everything below */
    size_t count;
    unit_id *ids;
    uint32_t *facts_at; /* [unit * UNIT_ASPECTS + aspect], one more at the end */
    struct forest_span *spans;
    uint32_t *spans_at;
    struct forest_span *children; /* by parent, in the order of their latest names */
    uint32_t *children_at;        /* group `count` holds the times without a parent */
    uint32_t *left;               /* by parent: children given beyond its end */
    uint32_t *links_out_at;
    struct unit_link *links_in;
    uint32_t *links_in_at;
    uint32_t *rank;           /* by fact, of names: their place in the alphabet */
    struct forest_key *codes; /* by code */
    size_t code_count;
    struct forest_key *names; /* by same-key */
    size_t name_count;
    char *haystack; /* search keys of names, each between line feeds, in the order of `names` */
    size_t haystack_size;
    uint32_t *haystack_at; /* where each name begins */
    struct forest_epoch *epochs;
    size_t epoch_count;
};

uint32_t forest_index(const struct forest *forest, unit_id unit); /* or FOREST_NONE */
/* The fact of that aspect in force on a day; null when there is none. */
const struct unit_fact *forest_fact_at(const struct forest *forest, uint32_t index,
                                       enum unit_aspect aspect, day on);
bool forest_lives(const struct forest *forest, uint32_t index, day on);

/* The parts of forest_create: each fills its fields from the ledger. */
CHECKED errc forest_fill_names(struct forest *forest);
CHECKED errc forest_fill_edges(struct forest *forest);
CHECKED errc forest_fill_epochs(struct forest *forest);

#endif

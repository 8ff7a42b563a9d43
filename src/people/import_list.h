/* For import_before.c, import_after.c and import_units.c: a list says which units there are on a
 * day; each line is looked up by its code and becomes a new unit, a change, or nothing. */
#ifndef LOA_PEOPLE_IMPORT_LIST_H
#define LOA_PEOPLE_IMPORT_LIST_H

#include "people/import_table.h"

/* A unit as a list describes it. Its parent is another of the list, or a unit that is there. */
struct listed {
    size_t line;
    int tier;
    str code;
    str name;
    int kind;
    size_t parent; /* index + 1 in the list; 0: see parent_unit */
    unit_id parent_unit;
    int code_column;
    unit_id unit; /* what it is: a unit, a new one (negative), or 0 */
};

struct list {
    const struct import_job *job;
    struct import_plan *plan;
    const struct import_table *table;
    struct tree tree; /* the units of the day as they are */
    struct listed *items;
    size_t count;
    size_t room;
    uint32_t *slots; /* open addressing by tier and code: index + 1, 0 free; 2 * room of them */
};

void list_problem(const struct list *list, enum unit_problem_code code, size_t line, int column,
                  str about);
/* The listed unit of that tier and code, or null. */
struct listed *list_find(const struct list *list, int tier, str code);
/* Adds a unit, or finds that an earlier line has said the same. A line that contradicts an earlier
 * one is a problem (PROBLEM_NAME_DIFFERS); *ret_index is the unit's index either way. */
CHECKED errc list_add(struct list *list, const struct listed *listed, size_t *ret_index);

/* How a listed unit relates to the unit that bears its code today. */
enum list_match { LIST_NEW, LIST_SAME, LIST_OTHER_NAME };
CHECKED errc list_match(const struct list *list, const struct listed *listed,
                        enum list_match *ret_match, unit_id *ret_unit);
/* For provinces: known by name, because a code may have been another's yesterday, and because the
 * first one is founded without a code. Begins or updates it. */
CHECKED errc list_place_by_name(struct list *list, struct listed *listed);
/* A province that is found already (listed->unit): updated, unless an earlier line of the file was
 * found to be the same one by name or code, which is a problem. */
CHECKED errc list_place(struct list *list, struct listed *listed);
/* Two provinces of one name in a file are a problem (PROBLEM_NAME_DIFFERS). */
CHECKED errc list_check_names(const struct list *list);
/* Edits: begin it; or change what differs (name, kind, parent) and count a keep or a change. */
CHECKED errc list_begin(struct list *list, struct listed *listed);
CHECKED errc list_update(struct list *list, struct listed *listed);

#endif

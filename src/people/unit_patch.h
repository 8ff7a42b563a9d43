/* A patch: what a reform, an import or a single change wants to write, as a list of small edits in
 * the order in which they apply. Every change of units is one, so there is one place that checks
 * (unit_check.h), one that applies in memory (unit_ledger.h) and one that applies in the store
 * (unit_rows.h). A patch only ever touches the latest fact of an aspect: history is not rewritten
 * in the middle, which is what makes undo a matter of deleting and reopening rows. */
#ifndef LOA_PEOPLE_UNIT_PATCH_H
#define LOA_PEOPLE_UNIT_PATCH_H

#include "people/unit.h"

enum unit_edit_kind {
    EDIT_BEGIN,  /* a new unit: unit_kind, name, code ("" none), other = parent or 0 */
    EDIT_END,    /* unit */
    EDIT_NAME,   /* unit, name */
    EDIT_CODE,   /* unit, code ("" takes it away) */
    EDIT_KIND,   /* unit, unit_kind */
    EDIT_PARENT, /* unit, other (0: none) */
    EDIT_LINK,   /* unit, other = successor, relation, share */
    EDIT_SHARE,  /* unit, other, on: declares the share of a link that is there */
};

struct unit_edit {
    enum unit_edit_kind kind;
    day on;
    unit_id unit;
    unit_id other;
    int unit_kind;
    str name;
    str code;
    enum link_relation relation;
    share share;
    size_t origin; /* the step or line that asked for it, from 1; 0: nobody in particular */
};

struct unit_patch {
    struct arena *arena; /* holds the edits and their texts */
    struct unit_edit *edits;
    size_t count;
    size_t room;
    size_t begun; /* units that it begins */
};

enum { UNIT_EDITS_MOST = 1 << 20 };

void unit_patch_init(struct unit_patch *patch, struct arena *arena);
/* Adds an edit; its texts must live as long as the patch's arena. */
CHECKED errc unit_patch_add(struct unit_patch *patch, const struct unit_edit *edit);
/* Adds an EDIT_BEGIN; *ret_unit is the negative id by which later edits name the new unit. */
CHECKED errc unit_patch_begin(struct unit_patch *patch, const struct unit_edit *edit,
                              unit_id *ret_unit);

#endif

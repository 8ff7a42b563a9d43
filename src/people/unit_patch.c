/* A growing list of edits in an arena. */
#include "people/unit_patch.h"

void unit_patch_init(struct unit_patch *patch, struct arena *arena)
{
    *patch = (struct unit_patch){.arena = arena};
}

static errc grow(struct unit_patch *patch)
{
    size_t room = patch->room == 0 ? 64 : patch->room * 2;
    if (room > UNIT_EDITS_MOST) {
        return ERR_TOO_BIG;
    }
    struct unit_edit *edits = arena_take_array(patch->arena, room, sizeof *edits);
    if (edits == NULL) {
        return ERR_NO_MEMORY;
    }
    if (patch->count > 0) {
        memcpy(edits, patch->edits, patch->count * sizeof *edits);
    }
    patch->edits = edits;
    patch->room = room;
    return OK;
}

errc unit_patch_add(struct unit_patch *patch, const struct unit_edit *edit)
{
    if (patch->count == patch->room) {
        TRY(grow(patch));
    }
    patch->edits[patch->count++] = *edit;
    return OK;
}

errc unit_patch_begin(struct unit_patch *patch, const struct unit_edit *edit, unit_id *ret_unit)
{
    struct unit_edit begin = *edit;
    begin.kind = EDIT_BEGIN;
    begin.unit = -(unit_id)(patch->begun + 1);
    TRY(unit_patch_add(patch, &begin));
    patch->begun++;
    *ret_unit = begin.unit;
    return OK;
}

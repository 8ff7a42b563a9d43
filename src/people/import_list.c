/* What the readers of lists have in common. Listed units are found by tier and code through a hash
 * table: a list may have 200,000 lines, and a stranger may have made it. */
#include "people/import_list.h"

void list_problem(const struct list *list, enum unit_problem_code code, size_t line, int column,
                  str about)
{
    import_problem(list->plan, list->table, code, line, column, about);
}

/* The slot of a code, or the free one where it belongs. The sum is keyed by nothing: codes are at
 * most 16 bytes of a small alphabet, and a file of 200,000 lines at worst is slow to its owner. */
static size_t slot_of(const struct list *list, int tier, str code)
{
    uint64_t sum = 1469598103934665603U + (uint64_t)tier;
    for (size_t i = 0; i < code.len; i++) {
        sum = (sum ^ (unsigned char)code.at[i]) * 1099511628211U;
    }
    size_t mask = 2 * list->room - 1;
    size_t slot = (size_t)(sum ^ sum >> 29) & mask;
    while (list->slots[slot] != 0) {
        const struct listed *item = &list->items[list->slots[slot] - 1];
        if (item->tier == tier && str_is(item->code, code)) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

struct listed *list_find(const struct list *list, int tier, str code)
{
    if (list->room == 0 || code.len == 0) {
        return NULL;
    }
    uint32_t slot = list->slots[slot_of(list, tier, code)];
    return slot == 0 ? NULL : &list->items[slot - 1];
}

static void index_item(struct list *list, size_t item)
{
    if (list->items[item].code.len > 0) {
        list->slots[slot_of(list, list->items[item].tier, list->items[item].code)] =
            (uint32_t)item + 1;
    }
}

static errc grow(struct list *list)
{
    size_t room = list->room == 0 ? 64 : list->room * 2;
    struct listed *items = arena_take_array(list->job->arena, room, sizeof *items);
    uint32_t *slots = arena_take_array(list->job->arena, 2 * room, sizeof *slots);
    if (items == NULL || slots == NULL) {
        return ERR_NO_MEMORY;
    }
    if (list->count > 0) {
        memcpy(items, list->items, list->count * sizeof *items);
    }
    list->items = items;
    list->slots = slots;
    list->room = room;
    for (size_t i = 0; i < list->count; i++) {
        index_item(list, i);
    }
    return OK;
}

errc list_add(struct list *list, const struct listed *listed, size_t *ret_index)
{
    struct listed *old = list_find(list, listed->tier, listed->code);
    if (old != NULL) {
        bool same = false;
        TRY(import_same_name(old->name, listed->name, &same));
        if (!same || old->parent != listed->parent) {
            list_problem(list, PROBLEM_NAME_DIFFERS, listed->line, listed->code_column,
                         listed->code);
        }
        *ret_index = (size_t)(old - list->items);
        return OK;
    }
    if (list->count == list->room) {
        TRY(grow(list));
    }
    list->items[list->count] = *listed;
    *ret_index = list->count++;
    index_item(list, *ret_index);
    return OK;
}

errc list_match(const struct list *list, const struct listed *listed, enum list_match *ret_match,
                unit_id *ret_unit)
{
    struct unit_line line;
    unit_id unit = listed->code.len == 0 ? 0 : tree_by_code(list->tree, listed->tier, listed->code);
    if (unit == 0 || !tree_line(list->tree, unit, &line)) {
        *ret_match = LIST_NEW;
        *ret_unit = 0;
        return OK;
    }
    bool same = false;
    TRY(import_same_name(line.name, listed->name, &same));
    *ret_match = same && line.kind == listed->kind ? LIST_SAME : LIST_OTHER_NAME;
    *ret_unit = unit;
    return OK;
}

static unit_id parent_of(const struct list *list, const struct listed *listed)
{
    return listed->parent == 0 ? listed->parent_unit : list->items[listed->parent - 1].unit;
}

errc list_begin(struct list *list, struct listed *listed)
{
    struct unit_edit edit = {
        .on = list->job->on,
        .other = parent_of(list, listed),
        .unit_kind = listed->kind,
        .name = listed->name,
        .code = listed->code,
        .origin = listed->line,
    };
    list->plan->adds++;
    return unit_patch_begin(&list->plan->patch, &edit, &listed->unit);
}

errc list_update(struct list *list, struct listed *listed)
{
    struct unit_line line;
    struct unit_patch *patch = &list->plan->patch;
    struct unit_edit edit = {.on = list->job->on, .unit = listed->unit, .origin = listed->line};
    size_t edits = patch->count;
    bool same = false;
    if (!tree_line(list->tree, listed->unit, &line)) {
        return ERR_INTERNAL;
    }
    TRY(import_same_name(line.name, listed->name, &same));
    if (!same) {
        list_problem(list, NOTE_UNIT_RENAMED, listed->line, -1, line.name);
        edit.kind = EDIT_NAME;
        edit.name = listed->name;
        TRY(unit_patch_add(patch, &edit));
    }
    if (line.kind != listed->kind) {
        edit.kind = EDIT_KIND;
        edit.unit_kind = listed->kind;
        TRY(unit_patch_add(patch, &edit));
    }
    if (!str_is(line.code, listed->code)) {
        edit.kind = EDIT_CODE;
        edit.code = listed->code;
        TRY(unit_patch_add(patch, &edit));
    }
    if (line.parent != parent_of(list, listed)) {
        edit.kind = EDIT_PARENT;
        edit.other = parent_of(list, listed);
        TRY(unit_patch_add(patch, &edit));
    }
    if (patch->count == edits) {
        list->plan->keeps++;
    } else {
        list->plan->changes++;
    }
    return OK;
}

/* Does an earlier province of the file bear the name? There are at most 100. */
static errc is_named_before(const struct list *list, const struct listed *listed, bool *ret_is)
{
    *ret_is = false;
    for (const struct listed *past = list->items; past < listed && !*ret_is; past++) {
        if (past->tier == listed->tier) {
            TRY(import_same_name(past->name, listed->name, ret_is));
        }
    }
    return OK;
}

errc list_check_names(const struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct listed *listed = &list->items[i];
        bool is_twice = false;
        if (listed->parent == 0 && listed->parent_unit == 0) {
            TRY(is_named_before(list, listed, &is_twice));
        }
        if (is_twice) {
            list_problem(list, PROBLEM_NAME_DIFFERS, listed->line, listed->code_column,
                         listed->code);
        }
    }
    return OK;
}

errc list_place(struct list *list, struct listed *listed)
{
    for (const struct listed *past = list->items; past < listed; past++) {
        if (past->tier == listed->tier && past->unit == listed->unit) {
            list_problem(list, PROBLEM_NAME_DIFFERS, listed->line, listed->code_column,
                         listed->code);
            return OK;
        }
    }
    return list_update(list, listed);
}

errc list_place_by_name(struct list *list, struct listed *listed)
{
    unit_id units[8];
    size_t count = 0;
    TRY(tree_by_name(list->tree, listed->name, units, COUNT_OF(units), &count));
    for (size_t i = 0; i < count && i < COUNT_OF(units); i++) {
        if (forest_life(list->job->before, units[i])->tier == listed->tier) {
            listed->unit = units[i];
            return list_place(list, listed);
        }
    }
    return list_begin(list, listed);
}

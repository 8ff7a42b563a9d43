/* Trees: the forest seen on one day. Climbing looks at the one or two times that a unit spent under
 * parents; descending looks at all children a unit ever had and skips those of other days. */
#include "people/forest_inside.h"

#include "base/text.h"

struct tree forest_at(const struct forest *forest, day on)
{
    return (struct tree){forest, on};
}

static uint32_t parent_of(struct tree tree, uint32_t index)
{
    const struct forest *forest = tree.forest;
    for (uint32_t i = forest->spans_at[index]; i < forest->spans_at[index + 1]; i++) {
        if (day_within(tree.on, forest->spans[i].from, forest->spans[i].to)) {
            return forest->spans[i].unit;
        }
    }
    return FOREST_NONE;
}

bool tree_has(struct tree tree, unit_id unit)
{
    uint32_t index = forest_index(tree.forest, unit);
    return index != FOREST_NONE && forest_lives(tree.forest, index, tree.on);
}

unit_id tree_parent(struct tree tree, unit_id unit)
{
    uint32_t index = forest_index(tree.forest, unit);
    uint32_t parent = index == FOREST_NONE ? FOREST_NONE : parent_of(tree, index);
    return parent == FOREST_NONE ? 0 : tree.forest->ids[parent];
}

bool tree_covers(struct tree tree, unit_id above, unit_id below)
{
    const struct forest *forest = tree.forest;
    uint32_t target = forest_index(forest, above);
    uint32_t index = forest_index(forest, below);
    if (target == FOREST_NONE || index == FOREST_NONE || !forest_lives(forest, index, tree.on) ||
        !forest_lives(forest, target, tree.on)) {
        return false;
    }
    while (index != FOREST_NONE && index != target) {
        index = parent_of(tree, index);
    }
    return index == target;
}

size_t tree_ancestors(struct tree tree, unit_id unit, unit_id ret_units[UNIT_DEPTH])
{
    uint32_t index = forest_index(tree.forest, unit);
    unit_id up[UNIT_DEPTH];
    size_t count = 0;
    while (index != FOREST_NONE && count < UNIT_DEPTH) {
        index = parent_of(tree, index);
        if (index != FOREST_NONE) {
            up[count++] = tree.forest->ids[index];
        }
    }
    for (size_t i = 0; i < count; i++) {
        ret_units[i] = up[count - 1 - i];
    }
    return count;
}

/* The fact of that day; else the last before it; else the first after it. */
static const struct unit_fact *nearest_fact(struct tree tree, uint32_t index,
                                            enum unit_aspect aspect)
{
    const uint32_t *at = &tree.forest->facts_at[index * UNIT_ASPECTS + aspect];
    const struct unit_fact *best = NULL;
    for (uint32_t i = at[0]; i < at[1]; i++) {
        const struct unit_fact *fact = &tree.forest->ledger->facts[i];
        bool is_empty = fact->from >= fact->to;
        if (!is_empty && (best == NULL || fact->from <= tree.on)) {
            best = fact;
        }
    }
    return best;
}

/* Where the children of a unit (0: the roots) stand; false when there is no such unit. */
static bool children_range(const struct forest *forest, unit_id parent, uint32_t *ret_from,
                           uint32_t *ret_to)
{
    uint32_t index = parent == 0 ? (uint32_t)forest->count : forest_index(forest, parent);
    if (index == FOREST_NONE) {
        return false;
    }
    *ret_from = forest->children_at[index];
    *ret_to = forest->children_at[index + 1];
    return true;
}

static bool is_child_on(const struct forest_span *child, day on)
{
    return day_within(on, child->from, child->to);
}

bool tree_line(struct tree tree, unit_id unit, struct unit_line *ret_line)
{
    const struct forest *forest = tree.forest;
    uint32_t index = forest_index(forest, unit);
    if (index == FOREST_NONE) {
        return false;
    }
    const struct unit_life *life = &forest->ledger->lives[index];
    bool lives = forest_lives(forest, index, tree.on);
    day last_day = life->to > life->from && life->to != DAY_OPEN ? life->to - 1 : life->from;
    struct tree seen = {forest, lives ? tree.on : tree.on < life->from ? life->from : last_day};
    const struct unit_fact *name = nearest_fact(seen, index, UNIT_NAME);
    const struct unit_fact *kind = nearest_fact(seen, index, UNIT_KIND);
    const struct unit_fact *code = forest_fact_at(forest, index, UNIT_CODE, seen.on);
    struct unit_line line = {
        .id = unit,
        .name = name == NULL ? S("") : name->text,
        .code = code == NULL ? S("") : code->text,
        .kind = kind == NULL ? -1 : (int)kind->value,
        .tier = life->tier,
        .parent = tree_parent(seen, unit),
        .from = life->from,
        .to = life->to,
        .lives = lives,
    };
    uint32_t from = forest->children_at[index];
    for (uint32_t i = from; i < forest->children_at[index + 1]; i++) {
        line.children += is_child_on(&forest->children[i], seen.on);
    }
    *ret_line = line;
    return true;
}

static uint32_t rank_on(struct tree tree, unit_id unit)
{
    uint32_t index = forest_index(tree.forest, unit);
    const struct unit_fact *name = nearest_fact(tree, index, UNIT_NAME);
    return name == NULL ? UINT32_MAX : tree.forest->rank[name - tree.forest->ledger->facts];
}

/* Children stand in the order of their latest names; on an earlier day a few may have had others,
 * so an insertion sort has next to nothing to do. */
static void order_by_name(struct tree tree, unit_id *units, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        unit_id unit = units[i];
        uint32_t rank = rank_on(tree, unit);
        size_t at = i;
        for (; at > 0 && rank_on(tree, units[at - 1]) > rank; at--) {
            units[at] = units[at - 1];
        }
        units[at] = unit;
    }
}

size_t tree_children(struct tree tree, unit_id parent, unit_id *ret_units, size_t room)
{
    const struct forest *forest = tree.forest;
    uint32_t from = 0;
    uint32_t to = 0;
    size_t count = 0;
    if (!children_range(forest, parent, &from, &to)) {
        return 0;
    }
    for (uint32_t i = from; i < to; i++) {
        if (!is_child_on(&forest->children[i], tree.on)) {
            continue;
        }
        if (count < room) {
            ret_units[count] = forest->ids[forest->children[i].unit];
        }
        count++;
    }
    order_by_name(tree, ret_units, count < room ? count : room);
    return count;
}

bool tree_has_namesake(struct tree tree, unit_id unit)
{
    const struct forest *forest = tree.forest;
    uint32_t from = 0;
    uint32_t to = 0;
    uint32_t rank = forest_knows(forest, unit) ? rank_on(tree, unit) : UINT32_MAX;
    if (rank == UINT32_MAX || !children_range(forest, tree_parent(tree, unit), &from, &to)) {
        return false;
    }
    for (uint32_t i = from; i < to; i++) {
        unit_id sibling = forest->ids[forest->children[i].unit];
        if (sibling != unit && is_child_on(&forest->children[i], tree.on) &&
            rank_on(tree, sibling) == rank) {
            return true;
        }
    }
    return false;
}

/* One walk from a root down, writing as it goes. */
struct walk {
    struct tree tree;
    unit_id *units;
    uint32_t *below;
    size_t count;
};

static void walk_down(struct walk *walk, uint32_t index, int depth)
{
    const struct forest *forest = walk->tree.forest;
    size_t self = walk->count++;
    walk->units[self] = forest->ids[index];
    uint32_t end = forest->children_at[index + 1];
    for (uint32_t i = forest->children_at[index]; i < end && depth < UNIT_DEPTH; i++) {
        if (is_child_on(&forest->children[i], walk->tree.on)) {
            walk_down(walk, forest->children[i].unit, depth + 1);
        }
    }
    walk->below[self] = (uint32_t)(walk->count - self - 1);
}

errc tree_order(struct tree tree, unit_id root, struct arena *arena, struct tree_order *ret_order)
{
    const struct forest *forest = tree.forest;
    struct walk walk = {
        .tree = tree,
        .units = arena_take_array(arena, forest->count, sizeof(unit_id)),
        .below = arena_take_array(arena, forest->count, sizeof(uint32_t)),
    };
    if (walk.units == NULL || walk.below == NULL) {
        return ERR_NO_MEMORY;
    }
    if (root != 0 && tree_has(tree, root)) {
        walk_down(&walk, forest_index(forest, root), 0);
    }
    uint32_t end = forest->children_at[forest->count + 1];
    for (uint32_t i = forest->children_at[forest->count]; i < end && root == 0; i++) {
        if (is_child_on(&forest->children[i], tree.on)) {
            walk_down(&walk, forest->children[i].unit, 0);
        }
    }
    *ret_order = (struct tree_order){walk.units, walk.below, walk.count};
    return OK;
}

static void count_down(struct tree tree, uint32_t index, size_t counts[TIERS_MOST], int depth)
{
    const struct forest *forest = tree.forest;
    uint32_t end = forest->children_at[index + 1];
    for (uint32_t i = forest->children_at[index]; i < end && depth < UNIT_DEPTH; i++) {
        if (is_child_on(&forest->children[i], tree.on)) {
            uint32_t child = forest->children[i].unit;
            counts[forest->ledger->lives[child].tier]++;
            count_down(tree, child, counts, depth + 1);
        }
    }
}

errc tree_counts(struct tree tree, unit_id unit, size_t ret_counts[TIERS_MOST])
{
    uint32_t index = forest_index(tree.forest, unit);
    if (index == FOREST_NONE) {
        return ERR_NOT_FOUND;
    }
    memset(ret_counts, 0, TIERS_MOST * sizeof *ret_counts);
    count_down(tree, index, ret_counts, 0);
    return OK;
}

/* The first key that is not below the given one. */
static size_t lower_bound(const struct forest_key *keys, size_t count, str key)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(keys[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

unit_id tree_by_code(struct tree tree, int tier, str code)
{
    const struct forest *forest = tree.forest;
    size_t i = lower_bound(forest->codes, forest->code_count, code);
    for (; i < forest->code_count && str_is(forest->codes[i].key, code); i++) {
        const struct unit_fact *fact = &forest->ledger->facts[forest->codes[i].fact];
        const struct unit_life *life = forest_life(forest, fact->unit);
        if (day_within(tree.on, fact->from, fact->to) && (tier < 0 || life->tier == tier)) {
            return fact->unit;
        }
    }
    return 0;
}

/* The end of the unit's own time with the code that is in force on the day, or that day. */
static day code_until(const struct forest *forest, unit_id unit, str code, day from)
{
    size_t count = 0;
    const struct unit_fact *facts = forest_facts(forest, unit, UNIT_CODE, &count);
    for (size_t i = 0; i < count; i++) {
        if (day_within(from, facts[i].from, facts[i].to) && str_is(facts[i].text, code)) {
            return facts[i].to;
        }
    }
    return from;
}

bool forest_code_clashes(const struct forest *forest, unit_id unit, int tier, str code, day from)
{
    day until = code_until(forest, unit, code, from);
    size_t i = lower_bound(forest->codes, forest->code_count, code);
    for (; i < forest->code_count && str_is(forest->codes[i].key, code); i++) {
        const struct unit_fact *fact = &forest->ledger->facts[forest->codes[i].fact];
        bool meets = fact->from < fact->to && fact->from < until && from < fact->to;
        if (meets && fact->unit != unit && forest_life(forest, fact->unit)->tier == tier) {
            return true;
        }
    }
    return false;
}

errc tree_by_name(struct tree tree, str name, unit_id *ret_units, size_t room, size_t *ret_count)
{
    const struct forest *forest = tree.forest;
    struct arena *arena AUTO(arena_close) = NULL;
    TRY(arena_create(256 * 1024, &arena));
    str key = STR_NONE;
    TRY(text_same_key(arena, name, &key));
    size_t count = 0;
    size_t i = lower_bound(forest->names, forest->name_count, key);
    for (; i < forest->name_count && str_is(forest->names[i].key, key); i++) {
        const struct unit_fact *fact = &forest->ledger->facts[forest->names[i].fact];
        if (!day_within(tree.on, fact->from, fact->to)) {
            continue;
        }
        if (count < room) {
            ret_units[count] = fact->unit;
        }
        count++;
    }
    *ret_count = count;
    return OK;
}

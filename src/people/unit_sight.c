/* Reading answers. Nothing here writes or waits. */
#include "people/unit_sight.h"

#include "people/lineage.h"

enum { ROOTS_MOST = 256 };

static bool covers(const void *ctx, int64_t above, int64_t below, day at)
{
    return lineage_covers(forest_at(ctx, at), above, below);
}

struct right_view unit_right_view(const struct forest *forest)
{
    return (struct right_view){forest, covers};
}

bool unit_may_see(const struct unit_sight *sight, unit_id unit)
{
    struct right_view view = unit_right_view(sight->forest);
    return forest_knows(sight->forest, unit) && actor_may(sight->actor, sight->right, unit, &view);
}

bool unit_sees_all(const struct unit_sight *sight)
{
    unit_id roots[ROOTS_MOST];
    struct right_view view = unit_right_view(sight->forest);
    struct tree tree = forest_at(sight->forest, sight->actor->today);
    size_t count = tree_children(tree, 0, roots, ROOTS_MOST);
    bool all = count <= ROOTS_MOST;
    for (size_t i = 0; i < count && all; i++) {
        all = actor_may(sight->actor, sight->right, roots[i], &view);
    }
    return all;
}

static bool may_see(void *ctx, unit_id unit)
{
    return unit_may_see(ctx, unit);
}

struct roots {
    unit_id units[ROOTS_MOST];
    size_t count;
};

/* Adds a root unless another covers it; drops those that it covers. */
static void add_root(struct roots *roots, struct tree tree, unit_id unit)
{
    size_t kept = 0;
    for (size_t i = 0; i < roots->count; i++) {
        if (tree_covers(tree, roots->units[i], unit)) {
            return;
        }
    }
    for (size_t i = 0; i < roots->count; i++) {
        if (!tree_covers(tree, unit, roots->units[i])) {
            roots->units[kept++] = roots->units[i];
        }
    }
    roots->count = kept;
    if (roots->count < ROOTS_MOST) {
        roots->units[roots->count++] = unit;
    }
}

/* What a unit of today was, or will be, on the day. */
static errc add_roots_of(struct roots *roots, struct tree tree, unit_id unit, day today)
{
    struct arena *arena AUTO(arena_close) = NULL;
    struct lineage_parts parts;
    if (tree_has(tree, unit)) {
        add_root(roots, tree, unit);
        return OK;
    }
    TRY(arena_create(256 * 1024, &arena));
    errc rc = lineage_between(tree.forest, unit, today, tree.on, arena, &parts);
    if (rc == ERR_NOT_FOUND) {
        return OK;
    }
    TRY(rc);
    for (size_t i = 0; i < parts.count; i++) {
        if (parts.parts[i].unit != 0) {
            add_root(roots, tree, parts.parts[i].unit);
        }
    }
    return OK;
}

static errc find_roots(const struct unit_sight *sight, struct tree tree, struct roots *roots)
{
    const struct actor *actor = sight->actor;
    for (size_t i = 0; i < actor->grants.count; i++) {
        const struct grant *grant = &actor->grants.at[i];
        bool counts = grant_is_in_force(grant, actor->today) &&
                      (role_rights(grant->role) & RIGHT_BIT(sight->right)) != 0;
        if (counts) {
            TRY(add_roots_of(roots, tree, grant->unit_id, actor->today));
        }
    }
    return OK;
}

static errc lines_of(struct tree tree, const unit_id *units, size_t count, struct arena *arena,
                     struct unit_lines *ret_lines)
{
    struct unit_line *lines = arena_take_array(arena, count, sizeof *lines);
    size_t filled = 0;
    if (lines == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        if (tree_line(tree, units[i], &lines[filled])) {
            filled++;
        }
    }
    *ret_lines = (struct unit_lines){lines, filled};
    return OK;
}

errc unit_list(const struct unit_sight *sight, unit_id parent, day at, struct arena *arena,
               struct unit_lines *ret_lines)
{
    struct tree tree = forest_at(sight->forest, at);
    if (parent == 0 && sight->actor->account_id != 0) {
        struct roots roots = {.count = 0};
        TRY(find_roots(sight, tree, &roots));
        return lines_of(tree, roots.units, roots.count, arena, ret_lines);
    }
    if (parent != 0 && !unit_may_see(sight, parent)) {
        return ERR_NOT_FOUND;
    }
    size_t count = tree_children(tree, parent, NULL, 0);
    unit_id *children = arena_take_array(arena, count, sizeof *children);
    if (children == NULL) {
        return ERR_NO_MEMORY;
    }
    ignore_int((long)tree_children(tree, parent, children, count));
    return lines_of(tree, children, count, arena, ret_lines);
}

/* "Huyện A, Tỉnh B": those above, the nearest first, as on that day. */
static errc path_of(struct tree tree, unit_id unit, struct arena *arena, str *ret_path)
{
    unit_id up[UNIT_DEPTH];
    struct buf text AUTO(buf_finish) = {.at = NULL};
    buf_init(&text, 8192);
    for (size_t i = tree_ancestors(tree, unit, up); i > 0; i--) {
        struct unit_line line;
        if (tree_line(tree, up[i - 1], &line)) {
            buf_add_text(&text, text.len == 0 ? "" : ", ");
            buf_add(&text, line.name);
        }
    }
    TRY(buf_check(&text));
    *ret_path = arena_str(arena, buf_str(&text));
    return ret_path->at == NULL ? ERR_NO_MEMORY : OK;
}

/* A day on which the unit lived: the day asked for, or its last, or its first. */
static day day_of_life(const struct unit_life *life, day at)
{
    if (at < life->from) {
        return life->from;
    }
    return at < life->to || life->to == life->from ? at : life->to - 1;
}

errc unit_search(const struct unit_sight *sight, const struct forest_query *query,
                 struct arena *arena, struct unit_founds *ret_founds)
{
    struct unit_sight seen = *sight;
    struct forest_query asked = *query;
    const struct forest_hit *hits = NULL;
    size_t count = 0;
    if (sight->actor->account_id != 0) {
        asked.may_see = may_see;
        asked.ctx = &seen;
    }
    TRY(forest_search(sight->forest, &asked, arena, &hits, &count));
    struct unit_found *items = arena_take_array(arena, count, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct unit_life *life = forest_life(sight->forest, hits[i].unit);
        struct tree tree = forest_at(sight->forest, day_of_life(life, query->on));
        items[i].matched = hits[i].matched;
        if (!tree_line(tree, hits[i].unit, &items[i].line)) {
            return ERR_INTERNAL;
        }
        TRY(path_of(tree, hits[i].unit, arena, &items[i].path));
    }
    *ret_founds = (struct unit_founds){items, count};
    return OK;
}

static errc relatives_of(const struct forest *forest, const struct unit_link *links, size_t count,
                         bool successors, struct arena *arena, const struct unit_relative **ret)
{
    struct unit_relative *items = arena_take_array(arena, count, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct unit_link *link = &links[i];
        struct tree tree = forest_at(forest, successors ? link->on : link->on - 1);
        items[i] = (struct unit_relative){
            .on = link->on, .relation = link->relation, .share = link->share};
        if (!tree_line(tree, successors ? link->to : link->from, &items[i].line)) {
            return ERR_INTERNAL;
        }
    }
    *ret = items;
    return OK;
}

static errc fill_relatives(const struct forest *forest, unit_id unit, struct arena *arena,
                           struct unit_card *card)
{
    const struct unit_link *in = forest_links_in(forest, unit, &card->predecessor_count);
    const struct unit_link *out = forest_links_out(forest, unit, &card->successor_count);
    TRY(relatives_of(forest, in, card->predecessor_count, false, arena, &card->predecessors));
    return relatives_of(forest, out, card->successor_count, true, arena, &card->successors);
}

errc unit_card(const struct unit_sight *sight, unit_id unit, day at, struct arena *arena,
               struct unit_card *ret_card)
{
    struct unit_card card = {.facts = {NULL}};
    const struct unit_life *life = forest_life(sight->forest, unit);
    if (life == NULL || !unit_may_see(sight, unit)) {
        return ERR_NOT_FOUND;
    }
    struct tree tree = forest_at(sight->forest, at);
    struct tree lived = forest_at(sight->forest, day_of_life(life, at));
    unit_id up[UNIT_DEPTH];
    if (!tree_line(tree, unit, &card.line)) {
        return ERR_INTERNAL;
    }
    TRY(lines_of(lived, up, tree_ancestors(lived, unit, up), arena, &card.ancestors));
    TRY(tree_counts(lived, unit, card.counts));
    for (int aspect = 0; aspect < UNIT_ASPECTS; aspect++) {
        card.facts[aspect] =
            forest_facts(sight->forest, unit, (enum unit_aspect)aspect, &card.fact_counts[aspect]);
    }
    TRY(fill_relatives(sight->forest, unit, arena, &card));
    *ret_card = card;
    return OK;
}

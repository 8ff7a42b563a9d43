/* Units: the tree of any date, search, a unit's card with its past and future. Reading needs no
 * database: everything comes from the forest, the snapshot in memory. */
#include "console/steps.h"
#include "console/unit_json.h"
#include "people/forest_search.h"
#include "people/lineage.h"

enum { ROOTS_MOST = 256 };

static errc ask_day(struct ask *ask, day *ret_day)
{
    return ask_query_day(ask, "at", ask->today, ret_day);
}

struct units {
    unit_id at[ROOTS_MOST];
    size_t count;
};

static void add_root(struct units *roots, unit_id unit)
{
    for (size_t i = 0; i < roots->count; i++) {
        if (roots->at[i] == unit) {
            return;
        }
    }
    if (roots->count < ROOTS_MOST) {
        roots->at[roots->count++] = unit;
    }
}

/* A granted unit on another day: itself, or what it came from or became. */
static errc add_roots_of(struct ask *ask, struct tree tree, unit_id unit, struct units *roots)
{
    if (tree_has(tree, unit)) {
        add_root(roots, unit);
        return OK;
    }
    struct lineage_parts parts = {.count = 0};
    errc rc = lineage_between(ask->forest, unit, ask->today, tree.on, ask->arena, &parts);
    if (rc != OK) {
        return rc == ERR_NOT_FOUND ? OK : rc;
    }
    for (size_t i = 0; i < parts.count; i++) {
        if (tree_has(tree, parts.parts[i].unit)) {
            add_root(roots, parts.parts[i].unit);
        }
    }
    return OK;
}

static bool is_below_another(struct tree tree, const struct units *roots, size_t index)
{
    for (size_t i = 0; i < roots->count; i++) {
        if (i != index && tree_covers(tree, roots->at[i], roots->at[index])) {
            return true;
        }
    }
    return false;
}

static errc write_roots(struct ask *ask, struct tree tree)
{
    struct units roots = {.count = 0};
    for (size_t i = 0; i < ask->actor.grants.count; i++) {
        const struct grant *grant = &ask->actor.grants.at[i];
        bool reads = (role_rights(grant->role) & RIGHT_BIT(RIGHT_UNITS_READ)) != 0;
        if (reads && grant_is_in_force(grant, ask->today)) {
            TRY(add_roots_of(ask, tree, grant->unit_id, &roots));
        }
    }
    for (size_t i = 0; i < roots.count; i++) {
        if (!is_below_another(tree, &roots, i)) {
            unit_json_line(&ask->json, tree, roots.at[i]);
        }
    }
    return OK;
}

static errc write_children(struct ask *ask, struct tree tree, unit_id parent)
{
    if (!forest_knows(ask->forest, parent) || !unit_may_see(ask, parent)) {
        return ERR_NOT_FOUND;
    }
    size_t count = tree_children(tree, parent, NULL, 0);
    unit_id *children = arena_take_array(ask->arena, count, sizeof *children);
    if (children == NULL) {
        return ERR_NO_MEMORY;
    }
    ignore_int((long)tree_children(tree, parent, children, count));
    for (size_t i = 0; i < count; i++) {
        unit_json_line(&ask->json, tree, children[i]);
    }
    return OK;
}

errc api_units_children(struct ask *ask, struct why *why)
{
    (void)why;
    day at = 0;
    int64_t parent = 0;
    TRY(ask_day(ask, &at));
    TRY(ask_query_i64(ask, "parent", 0, &parent));
    struct tree tree = forest_at(ask->forest, at);
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    TRY(parent == 0 ? write_roots(ask, tree) : write_children(ask, tree, parent));
    json_end(&ask->json);
    json_null_at(&ask->json, "next");
    json_end(&ask->json);
    return OK;
}

/* "Huyện A, Tỉnh B": what stands above, nearest first. */
static str path_of(struct ask *ask, struct tree tree, unit_id unit)
{
    AUTO(buf_finish) struct buf path;
    buf_init(&path, 4096);
    unit_id above[UNIT_DEPTH];
    size_t count = tree_ancestors(tree, unit, above);
    for (size_t i = count; i-- > 0;) {
        struct unit_line line;
        if (tree_line(tree, above[i], &line)) {
            buf_add(&path, path.len > 0 ? S(", ") : S(""));
            buf_add(&path, line.name);
        }
    }
    return arena_str(ask->arena, buf_str(&path));
}

static bool may_see(void *ctx, unit_id unit)
{
    return unit_may_see(ctx, unit);
}

/* The day on which a found unit is shown: the day asked for, else its last one. */
static struct tree tree_for(const struct ask *ask, day at, unit_id unit)
{
    struct tree tree = forest_at(ask->forest, at);
    const struct unit_life *life = forest_life(ask->forest, unit);
    if (tree_has(tree, unit) || life == NULL || life->to == DAY_OPEN) {
        return tree;
    }
    return forest_at(ask->forest, life->to - 1);
}

errc api_units_search(struct ask *ask, struct why *why)
{
    (void)why;
    str text = STR_NONE;
    day at = 0;
    str given = STR_NONE;
    struct forest_query query = {.may_see = may_see, .ctx = ask};
    TRY(ask_query(ask, "q", &text));
    TRY(ask_query(ask, "at", &given));
    TRY(ask_day(ask, &at));
    TRY(ask_query_limit(ask, &query.most));
    query.text = text.at == NULL ? S("") : text;
    query.on = at;
    query.any_day = given.at == NULL;
    const struct forest_hit *hits = NULL;
    size_t count = 0;
    TRY(forest_search(ask->forest, &query, ask->arena, &hits, &count));
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    for (size_t i = 0; i < count; i++) {
        struct tree tree = tree_for(ask, at, hits[i].unit);
        json_object(&ask->json);
        ignore_int(unit_json_fields(&ask->json, tree, hits[i].unit));
        json_str_at(&ask->json, "path", path_of(ask, tree, hits[i].unit));
        json_str_at(&ask->json, "matched_name", hits[i].matched);
        json_end(&ask->json);
    }
    json_end(&ask->json);
    json_null_at(&ask->json, "next");
    json_end(&ask->json);
    return OK;
}

errc api_units_epochs(struct ask *ask, struct why *why)
{
    (void)why;
    size_t count = 0;
    const struct forest_epoch *epochs = forest_epochs(ask->forest, &count);
    json_object(&ask->json);
    json_array_at(&ask->json, "items");
    for (size_t i = 0; i < count; i++) {
        if (epochs[i].on < DAY_LEAST || epochs[i].on > DAY_MOST) {
            continue;
        }
        json_object(&ask->json);
        json_day_at(&ask->json, "on", epochs[i].on);
        json_i64_at(&ask->json, "changes", (int64_t)epochs[i].changes);
        json_str_at(&ask->json, "title", epochs[i].title.len > 0 ? epochs[i].title : STR_NONE);
        json_end(&ask->json);
    }
    json_end(&ask->json);
    json_null_at(&ask->json, "next");
    json_end(&ask->json);
    return OK;
}

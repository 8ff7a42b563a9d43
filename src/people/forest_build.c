/* The edges of the forest (parents, children, lineage) and the days on which it changed, from the
 * rows of the ledger. */
#include "people/forest_inside.h"

enum { SCRATCH_SPARE = 8192 }; /* an arena's first block, in which a large array does not fit */

/* A time of a child under a parent (index `parent`, or `count` for none), to be sorted. */
struct edge {
    uint32_t parent;
    uint32_t child;
    uint32_t rank;
    day from;
    day to;
};

struct edge_list {
    struct edge *edges;
    size_t count;
};

static int compare_edges(const void *left, const void *right)
{
    const struct edge *a = left;
    const struct edge *b = right;
    if (a->parent != b->parent) {
        return a->parent < b->parent ? -1 : 1;
    }
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    if (a->child != b->child) {
        return a->child < b->child ? -1 : 1;
    }
    return a->from < b->from ? -1 : a->from > b->from;
}

static day later(day a, day b)
{
    return a > b ? a : b;
}

static day earlier(day a, day b)
{
    return a < b ? a : b;
}

/* The place in the alphabet of a unit's latest name; nameless units come last. */
static uint32_t latest_rank(const struct forest *forest, uint32_t unit)
{
    uint32_t fact = forest->ledger->lives[unit].last[UNIT_NAME];
    return fact == UNIT_NO_FACT ? UINT32_MAX : forest->rank[fact];
}

static void add_edge(struct edge_list *list, struct edge edge)
{
    if (edge.from < edge.to) {
        list->edges[list->count++] = edge;
    }
}

/* The times of one unit under its parents, and between them the times under none. */
static void add_edges_of(struct forest *forest, uint32_t unit, struct edge_list *list)
{
    const struct unit_ledger *ledger = forest->ledger;
    const struct unit_life *life = &ledger->lives[unit];
    const uint32_t *at = &forest->facts_at[unit * UNIT_ASPECTS + UNIT_PARENT];
    struct edge edge = {.child = unit, .rank = latest_rank(forest, unit)};
    day covered = life->from;
    for (uint32_t i = at[0]; i < at[1]; i++) {
        const struct unit_fact *fact = &ledger->facts[i];
        uint32_t parent = forest_index(forest, fact->value);
        edge.from = later(fact->from, ledger->lives[parent].from);
        edge.to = earlier(fact->to, ledger->lives[parent].to);
        if (fact->to > ledger->lives[parent].to) {
            forest->left[parent]++;
        }
        if (edge.from >= edge.to) {
            continue;
        }
        edge.parent = parent;
        add_edge(list, edge);
        add_edge(list, (struct edge){.parent = (uint32_t)forest->count,
                                     .child = unit,
                                     .rank = edge.rank,
                                     .from = covered,
                                     .to = edge.from});
        covered = edge.to;
    }
    add_edge(list, (struct edge){.parent = (uint32_t)forest->count,
                                 .child = unit,
                                 .rank = edge.rank,
                                 .from = covered,
                                 .to = life->to});
}

static void group_children(struct forest *forest, const struct edge_list *list)
{
    size_t next = 0;
    for (size_t parent = 0; parent <= forest->count; parent++) {
        forest->children_at[parent] = (uint32_t)next;
        for (; next < list->count && list->edges[next].parent == parent; next++) {
            const struct edge *edge = &list->edges[next];
            forest->children[next] = (struct forest_span){edge->from, edge->to, edge->child};
        }
    }
    forest->children_at[forest->count + 1] = (uint32_t)next;
}

/* The list is not sorted yet: units follow each other, each with its times in order. */
static void group_parents(struct forest *forest, const struct edge_list *list)
{
    uint32_t filled = 0;
    size_t next = 0;
    for (uint32_t unit = 0; unit < forest->count; unit++) {
        forest->spans_at[unit] = filled;
        for (; next < list->count && list->edges[next].child == unit; next++) {
            const struct edge *edge = &list->edges[next];
            if (edge->parent < forest->count) {
                forest->spans[filled++] = (struct forest_span){edge->from, edge->to, edge->parent};
            }
        }
    }
    forest->spans_at[forest->count] = filled;
}

static int compare_links_in(const void *left, const void *right)
{
    const struct unit_link *a = left;
    const struct unit_link *b = right;
    if (a->to != b->to) {
        return a->to < b->to ? -1 : 1;
    }
    if (a->on != b->on) {
        return a->on < b->on ? -1 : 1;
    }
    if (a->event != b->event) {
        return a->event < b->event ? -1 : 1;
    }
    return a->from < b->from ? -1 : a->from > b->from;
}

static void group_links(struct forest *forest)
{
    const struct unit_ledger *ledger = forest->ledger;
    if (ledger->live_links > 0) {
        memcpy(forest->links_in, ledger->links, ledger->live_links * sizeof *ledger->links);
        qsort(forest->links_in, ledger->live_links, sizeof *ledger->links, compare_links_in);
    }
    size_t out = 0;
    size_t in = 0;
    for (size_t i = 0; i < forest->count; i++) {
        forest->links_out_at[i] = (uint32_t)out;
        forest->links_in_at[i] = (uint32_t)in;
        while (out < ledger->live_links && ledger->links[out].from == forest->ids[i]) {
            out++;
        }
        while (in < ledger->live_links && forest->links_in[in].to == forest->ids[i]) {
            in++;
        }
    }
    forest->links_out_at[forest->count] = (uint32_t)out;
    forest->links_in_at[forest->count] = (uint32_t)in;
}

size_t forest_children_left(const struct forest *forest, unit_id unit)
{
    uint32_t index = forest_index(forest, unit);
    return index == FOREST_NONE ? 0 : forest->left[index];
}

errc forest_fill_edges(struct forest *forest)
{
    const struct unit_ledger *ledger = forest->ledger;
    size_t parents = 0;
    for (size_t i = 0; i < ledger->fact_count; i++) {
        parents += ledger->facts[i].aspect == UNIT_PARENT;
    }
    size_t most = 2 * parents + forest->count; /* each fact, a gap before it, a gap at the end */
    struct arena *scratch AUTO(arena_close) = NULL;
    TRY(arena_create((most + 1) * sizeof(struct edge) + SCRATCH_SPARE, &scratch));
    struct edge_list list = {.edges = arena_take_array(scratch, most, sizeof(struct edge))};
    struct arena *arena = forest->arena;
    forest->children = arena_take_array(arena, most, sizeof *forest->children);
    forest->children_at = arena_take_array(arena, forest->count + 2, sizeof(uint32_t));
    forest->left = arena_take_array(arena, forest->count, sizeof *forest->left);
    forest->spans = arena_take_array(arena, parents, sizeof *forest->spans);
    forest->spans_at = arena_take_array(arena, forest->count + 1, sizeof(uint32_t));
    forest->links_out_at = arena_take_array(arena, forest->count + 1, sizeof(uint32_t));
    forest->links_in_at = arena_take_array(arena, forest->count + 1, sizeof(uint32_t));
    forest->links_in = arena_take_array(arena, ledger->live_links, sizeof *forest->links_in);
    if (list.edges == NULL || arena_failed(arena)) {
        return ERR_NO_MEMORY;
    }
    for (uint32_t unit = 0; unit < forest->count; unit++) {
        add_edges_of(forest, unit, &list);
    }
    group_parents(forest, &list);
    qsort(list.edges, list.count, sizeof *list.edges, compare_edges);
    group_children(forest, &list);
    group_links(forest);
    return OK;
}

struct touch {
    day on;
    uint32_t unit;
};

struct touch_list {
    struct touch *touches;
    size_t count;
};

static int compare_touches(const void *left, const void *right)
{
    const struct touch *a = left;
    const struct touch *b = right;
    if (a->on != b->on) {
        return a->on < b->on ? -1 : 1;
    }
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

static void add_touch(struct touch_list *list, day on, uint32_t unit)
{
    if (on > DAY_LEAST && on != DAY_OPEN) { /* what always was began on no day */
        list->touches[list->count++] = (struct touch){on, unit};
    }
}

static void add_touches(const struct forest *forest, struct touch_list *list)
{
    const struct unit_ledger *ledger = forest->ledger;
    for (uint32_t unit = 0; unit < forest->count; unit++) {
        add_touch(list, ledger->lives[unit].from, unit);
        add_touch(list, ledger->lives[unit].to, unit);
        uint32_t end = forest->facts_at[(unit + 1) * UNIT_ASPECTS];
        for (uint32_t i = forest->facts_at[unit * UNIT_ASPECTS]; i < end; i++) {
            const struct unit_fact *fact = &ledger->facts[i];
            bool is_seen = fact->from < fact->to;
            if (is_seen && fact->from != ledger->lives[unit].from) {
                add_touch(list, fact->from, unit);
            }
            if (is_seen && fact->to != ledger->lives[unit].to) {
                add_touch(list, fact->to, unit);
            }
        }
        for (uint32_t i = forest->links_out_at[unit]; i < forest->links_out_at[unit + 1]; i++) {
            add_touch(list, ledger->links[i].on, unit);
        }
    }
}

static str title_of(const struct unit_ledger *ledger, day on)
{
    for (size_t i = 0; i < ledger->batch_count; i++) {
        if (ledger->batches[i].on == on && ledger->batches[i].title.len > 0) {
            return ledger->batches[i].title;
        }
    }
    return S("");
}

errc forest_fill_epochs(struct forest *forest)
{
    const struct unit_ledger *ledger = forest->ledger;
    size_t most = 2 * (forest->count + ledger->fact_count) + ledger->live_links;
    struct arena *scratch AUTO(arena_close) = NULL;
    TRY(arena_create((most + 1) * sizeof(struct touch) + SCRATCH_SPARE, &scratch));
    struct touch_list list = {.touches = arena_take_array(scratch, most, sizeof(struct touch))};
    if (list.touches == NULL) {
        return ERR_NO_MEMORY;
    }
    add_touches(forest, &list);
    qsort(list.touches, list.count, sizeof *list.touches, compare_touches);
    size_t days = 0;
    for (size_t i = 0; i < list.count; i++) {
        days += i == 0 || list.touches[i].on != list.touches[i - 1].on;
    }
    forest->epochs = arena_take_array(forest->arena, days, sizeof *forest->epochs);
    if (forest->epochs == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < list.count; i++) {
        bool is_new_day = i == 0 || list.touches[i].on != list.touches[i - 1].on;
        if (is_new_day) {
            day on = list.touches[i].on;
            forest->epochs[forest->epoch_count++] =
                (struct forest_epoch){.on = on, .title = title_of(ledger, on)};
        }
        if (is_new_day || list.touches[i].unit != list.touches[i - 1].unit) {
            forest->epochs[forest->epoch_count - 1].changes++;
        }
    }
    return OK;
}

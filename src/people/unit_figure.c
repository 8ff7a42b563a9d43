/* Adding up figures of units; see unit_figure.h. */
#include "people/unit_figure.h"

enum { CHILDREN_MOST = 512, LINEAGE_MOST = 8 /* reforms that are followed back */ };

static const char *const names[] = {"population"};

const char *unit_figure_name(enum unit_figure_kind kind)
{
    return names[kind];
}

bool unit_figure_parse(str name, enum unit_figure_kind *ret_kind)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_is(name, str_of(names[i]))) {
            *ret_kind = (enum unit_figure_kind)i;
            return true;
        }
    }
    return false;
}

struct adding {
    struct tree tree;
    const struct unit_value *values;
    size_t count;
};

static const struct unit_value *find(const struct adding *adding, unit_id unit)
{
    size_t from = 0;
    size_t to = adding->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (adding->values[middle].unit < unit) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < adding->count && adding->values[from].unit == unit ? &adding->values[from] : NULL;
}

/* What came with the land: of each link in force that share of what the giving unit had. */
static struct unit_sum add_lineage(const struct adding *adding, unit_id unit, int depth)
{
    struct unit_sum sum = {.is_whole = false};
    size_t count = 0;
    const struct unit_link *links = forest_links_in(adding->tree.forest, unit, &count);
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        const struct unit_link *link = &links[i];
        if (link->ended_by != 0 || link->on > adding->tree.on) {
            continue;
        }
        const struct unit_value *own = find(adding, link->from);
        struct unit_sum part = own != NULL ? (struct unit_sum){own->value, true}
                               : depth > 0 ? add_lineage(adding, link->from, depth - 1)
                                           : (struct unit_sum){0, false};
        bool declared = link->relation == LINK_WHOLE || share_is_declared(link->share);
        double portion = link->relation == LINK_WHOLE ? 1
                         : declared                   ? share_double(link->share)
                                                      : 0;
        total += (double)part.value * portion;
        sum.is_whole = (sum.is_whole || i == 0) && part.is_whole && declared;
    }
    sum.value = (int64_t)(total + 0.5);
    return sum;
}

static struct unit_sum add_unit(const struct adding *adding, unit_id unit, int depth)
{
    const struct unit_value *own = find(adding, unit);
    unit_id children[CHILDREN_MOST];
    struct unit_sum sum = {.is_whole = true};
    if (own != NULL) {
        return (struct unit_sum){own->value, true};
    }
    size_t count = depth == 0 ? 0 : tree_children(adding->tree, unit, children, CHILDREN_MOST);
    for (size_t i = 0; i < count && i < CHILDREN_MOST; i++) {
        struct unit_sum part = add_unit(adding, children[i], depth - 1);
        sum.value += part.value;
        sum.is_whole &= part.is_whole;
    }
    if (count > 0 && count <= CHILDREN_MOST && sum.is_whole) {
        return sum;
    }
    struct unit_sum brought = add_lineage(adding, unit, LINEAGE_MOST);
    return brought.is_whole || brought.value > sum.value
               ? brought
               : (struct unit_sum){.value = sum.value, .is_whole = false};
}

/* Whether another one of the list stands above it, or it is there for the second time. */
static bool is_counted_elsewhere(struct tree tree, struct unit_set units, size_t index)
{
    for (size_t i = 0; i < units.count; i++) {
        bool same = units.at[i] == units.at[index];
        if (i != index && (same ? i < index : tree_covers(tree, units.at[i], units.at[index]))) {
            return true;
        }
    }
    return false;
}

struct unit_sum unit_figure_add(struct tree tree, const struct unit_value *values,
                                size_t value_count, struct unit_set units)
{
    struct adding adding = {tree, values, value_count};
    struct unit_sum sum = {.is_whole = true};
    for (size_t i = 0; i < units.count; i++) {
        if (!is_counted_elsewhere(tree, units, i)) {
            struct unit_sum part = add_unit(&adding, units.at[i], UNIT_DEPTH);
            sum.value += part.value;
            sum.is_whole &= part.is_whole;
        }
    }
    return sum;
}

/* The statistics office's list with districts: a line per commune, naming its district and
 * province. What is not in the file is left alone: it may hold one district only. A unit that bears
 * the code under another name is taken to have been renamed, as codes were not reused then. */
#include "people/import_list.h"

enum { PROVINCE, PROVINCE_CODE, DISTRICT, DISTRICT_CODE, COMMUNE, COMMUNE_CODE, LEVEL, COLUMNS };

static const struct import_column columns[COLUMNS] = {
    [PROVINCE] = {.headings = {"Tỉnh Thành Phố", "Tỉnh / Thành Phố"}},
    [PROVINCE_CODE] = {.headings = {"Mã TP", "Mã tỉnh"}},
    [DISTRICT] = {.headings = {"Quận Huyện"}},
    [DISTRICT_CODE] = {.headings = {"Mã QH"}},
    [COMMUNE] = {.headings = {"Phường Xã"}},
    [COMMUNE_CODE] = {.headings = {"Mã PX"}},
    [LEVEL] = {.headings = {"Cấp"}},
};

/* A tier of the layout: where its columns are and how long its codes. */
struct layer {
    const char *tier;
    int name;
    int code;
    size_t digits;
};

static const struct layer layers[] = {
    {"province", PROVINCE, PROVINCE_CODE, 2},
    {"district", DISTRICT, DISTRICT_CODE, 3},
    {"commune", COMMUNE, COMMUNE_CODE, 5},
};

/* The kind that a name's first word says; for communes it must be what the level column says. */
static errc kind_of_row(struct list *list, const struct import_row *row, const struct layer *layer,
                        struct listed *listed)
{
    const struct tier_set *tiers = forest_tiers(list->job->before);
    str name = row->cells[layer->name];
    TRY(kind_of_name(tiers, listed->tier, name, list->job->on, &listed->kind));
    if (listed->kind < 0) {
        list_problem(list, PROBLEM_KIND_UNKNOWN, row->line, layer->name, name);
        return OK;
    }
    if (layer->name != COMMUNE) {
        return OK;
    }
    int level = -1;
    TRY(kind_of_title(tiers, listed->tier, row->cells[LEVEL], list->job->on, &level));
    if (level < 0) {
        list_problem(list, PROBLEM_KIND_UNKNOWN, row->line, LEVEL, row->cells[LEVEL]);
    } else if (level != listed->kind) {
        list_problem(list, PROBLEM_KIND_DIFFERS, row->line, LEVEL, name);
    }
    return OK;
}

static errc add_layer(struct list *list, const struct import_row *row, const struct layer *layer,
                      size_t *parent)
{
    struct listed listed = {
        .line = row->line,
        .tier = tier_find(forest_tiers(list->job->before), str_of(layer->tier)),
        .code = row->cells[layer->code],
        .name = row->cells[layer->name],
        .parent = *parent,
        .code_column = layer->code,
    };
    if (!import_code_is(listed.code, layer->digits)) {
        list_problem(list, PROBLEM_CODE_UNFIT, row->line, layer->code, listed.code);
        return OK;
    }
    if (!unit_name_is_fit(listed.name)) {
        list_problem(list, PROBLEM_NAME_UNFIT, row->line, layer->name, S(""));
        return OK;
    }
    if (layer->name == COMMUNE && list_find(list, listed.tier, listed.code) != NULL) {
        list_problem(list, PROBLEM_CODE_TWICE, row->line, layer->code, listed.code);
        return OK;
    }
    TRY(kind_of_row(list, row, layer, &listed));
    size_t index = 0;
    TRY(list_add(list, &listed, &index));
    *parent = index + 1;
    return OK;
}

static errc add_row(struct list *list, const struct import_row *row)
{
    size_t parent = 0;
    size_t errors = list->plan->problems.errors;
    for (size_t i = 0; i < COUNT_OF(layers); i++) {
        TRY(add_layer(list, row, &layers[i], &parent));
        if (list->plan->problems.errors > errors) {
            return OK;
        }
    }
    return OK;
}

static errc plan_list(struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct listed *listed = &list->items[i];
        enum list_match match = LIST_NEW;
        TRY(list_match(list, listed, &match, &listed->unit));
        if (listed->parent == 0) {
            TRY(match == LIST_NEW ? list_place_by_name(list, listed) : list_place(list, listed));
            continue;
        }
        TRY(match == LIST_NEW ? list_begin(list, listed) : list_update(list, listed));
    }
    return OK;
}

errc import_before(const struct import_job *job, struct import_plan *plan)
{
    struct import_table table = {.columns = columns, .column_count = COLUMNS};
    for (size_t i = 0; i < COUNT_OF(layers); i++) {
        if (tier_find(forest_tiers(job->before), str_of(layers[i].tier)) < 0) {
            import_problem(plan, &table, PROBLEM_TIER_MISSING, 0, -1, str_of(layers[i].tier));
            return OK;
        }
    }
    TRY(import_table_read(job, plan, &table));
    struct list list = {
        .job = job, .plan = plan, .table = &table, .tree = forest_at(job->before, job->on)};
    for (size_t i = 0; i < table.count; i++) {
        TRY(add_row(&list, &table.rows[i]));
    }
    TRY(list_check_names(&list));
    return plan->problems.errors > 0 ? OK : plan_list(&list);
}

/* Our own list, for what the official ones leave out (villages above all), and for provinces that
 * keep their own register: a line per unit with code, name, kind and the code of its parent, which
 * is in the file above it or already there. What is not in the file is left alone. */
#include "people/import_list.h"

enum { CODE, NAME, KIND, PARENT, COLUMNS };

static const struct import_column columns[COLUMNS] = {
    [CODE] = {.headings = {"code", "Mã"}},
    [NAME] = {.headings = {"name", "Tên"}},
    [KIND] = {.headings = {"kind", "Loại", "Cấp"}},
    [PARENT] = {.headings = {"parent_code", "Mã cấp trên"}, .may_be_empty = true},
};

/* A kind by its key ("thon") or its title ("Thôn"). */
static errc kind_of_cell(const struct list *list, str cell, int *ret_kind)
{
    const struct tier_set *tiers = forest_tiers(list->job->before);
    *ret_kind = kind_find(tiers, cell);
    return *ret_kind >= 0 ? OK : kind_of_title(tiers, -1, cell, list->job->on, ret_kind);
}

/* The listed or living unit with the parent's code, of any tier above. */
static void find_parent(struct list *list, const struct import_row *row, struct listed *listed)
{
    str code = row->cells[PARENT];
    const struct tier_set *tiers = forest_tiers(list->job->before);
    for (int tier = (int)tiers->tier_count - 1; tier >= 0 && code.len > 0; tier--) {
        if (tiers->tiers[tier].rank >= tiers->tiers[listed->tier].rank) {
            continue;
        }
        const struct listed *parent = list_find(list, tier, code);
        if (parent != NULL) {
            listed->parent = (size_t)(parent - list->items) + 1;
            return;
        }
        listed->parent_unit = tree_by_code(list->tree, tier, code);
        if (listed->parent_unit != 0) {
            return;
        }
    }
    if (code.len > 0) {
        list_problem(list, PROBLEM_PARENT_UNKNOWN, row->line, PARENT, code);
    }
}

static errc add_row(struct list *list, const struct import_row *row)
{
    struct listed listed = {
        .line = row->line,
        .code = row->cells[CODE],
        .name = row->cells[NAME],
        .code_column = CODE,
    };
    size_t errors = list->plan->problems.errors;
    if (!import_code_is(listed.code, 0)) {
        list_problem(list, PROBLEM_CODE_UNFIT, row->line, CODE, listed.code);
    }
    if (!unit_name_is_fit(listed.name)) {
        list_problem(list, PROBLEM_NAME_UNFIT, row->line, NAME, S(""));
    }
    TRY(kind_of_cell(list, row->cells[KIND], &listed.kind));
    if (listed.kind < 0) {
        list_problem(list, PROBLEM_KIND_UNKNOWN, row->line, KIND, row->cells[KIND]);
    }
    if (list->plan->problems.errors > errors) {
        return OK;
    }
    listed.tier = forest_tiers(list->job->before)->kinds[listed.kind].tier;
    if (list_find(list, listed.tier, listed.code) != NULL) {
        list_problem(list, PROBLEM_CODE_TWICE, row->line, CODE, listed.code);
        return OK;
    }
    find_parent(list, row, &listed);
    size_t index = 0;
    return list_add(list, &listed, &index);
}

errc import_units(const struct import_job *job, struct import_plan *plan)
{
    struct import_table table = {.columns = columns, .column_count = COLUMNS};
    TRY(import_table_read(job, plan, &table));
    struct list list = {
        .job = job, .plan = plan, .table = &table, .tree = forest_at(job->before, job->on)};
    for (size_t i = 0; i < table.count; i++) {
        TRY(add_row(&list, &table.rows[i]));
    }
    for (size_t i = 0; i < list.count && plan->problems.errors == 0; i++) {
        struct listed *listed = &list.items[i];
        enum list_match match = LIST_NEW;
        TRY(list_match(&list, listed, &match, &listed->unit));
        TRY(match == LIST_NEW ? list_begin(&list, listed) : list_update(&list, listed));
    }
    return OK;
}

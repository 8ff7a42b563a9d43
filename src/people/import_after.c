/* The statistics office's list without districts: all communes of the provinces it names, from a
 * day on. A commune whose code, name and kind are the same lives on and moves up to its province;
 * any other line is a new unit, even where it took over a code, because codes were reused. What the
 * list replaces ends on that day: communes of the provinces concerned that are not in it, tiers
 * that are no longer in force, and provinces that were absorbed. Which commune went into which is
 * not in this file: that is the lineage import, which also takes the villages along. */
#include "people/import_list.h"

enum { NAME, CODE, LEVEL, PROVINCE, PROVINCE_CODE, COLUMNS };
enum { PROVINCES_MOST = 128 };

static const struct import_column columns[COLUMNS] = {
    [NAME] = {.headings = {"Tên"}},
    [CODE] = {.headings = {"Mã"}},
    [LEVEL] = {.headings = {"Cấp"}},
    [PROVINCE] = {.headings = {"Tỉnh / Thành Phố", "Tỉnh Thành Phố"}},
    [PROVINCE_CODE] = {.headings = {"Mã tỉnh", "Mã TP"}},
};

struct after {
    struct list list;
    int province;
    int commune;
    struct tree eve;
    unit_id concerned[PROVINCES_MOST]; /* provinces that lived on the eve */
    unit_id heirs[PROVINCES_MOST];     /* of each: where its communes went; 0: to several */
    size_t concerned_count;
};

static errc add_province(struct after *run, const struct import_row *row, size_t *ret_index)
{
    struct list *list = &run->list;
    struct listed listed = {
        .line = row->line,
        .tier = run->province,
        .code = row->cells[PROVINCE_CODE],
        .name = row->cells[PROVINCE],
        .code_column = PROVINCE_CODE,
    };
    if (!import_code_is(listed.code, 2)) {
        list_problem(list, PROBLEM_CODE_UNFIT, row->line, PROVINCE_CODE, listed.code);
        return OK;
    }
    TRY(kind_of_name(forest_tiers(list->job->before), run->province, listed.name, list->job->on,
                     &listed.kind));
    if (listed.kind < 0) {
        list_problem(list, PROBLEM_KIND_UNKNOWN, row->line, PROVINCE, listed.name);
        return OK;
    }
    return list_add(list, &listed, ret_index);
}

static errc check_commune(struct after *run, const struct import_row *row, struct listed *listed)
{
    struct list *list = &run->list;
    const struct tier_set *tiers = forest_tiers(list->job->before);
    int by_name = -1;
    if (!import_code_is(listed->code, 5)) {
        list_problem(list, PROBLEM_CODE_UNFIT, row->line, CODE, listed->code);
    } else if (list_find(list, run->commune, listed->code) != NULL) {
        list_problem(list, PROBLEM_CODE_TWICE, row->line, CODE, listed->code);
    }
    if (!unit_name_is_fit(listed->name)) {
        list_problem(list, PROBLEM_NAME_UNFIT, row->line, NAME, S(""));
        return OK;
    }
    TRY(kind_of_title(tiers, run->commune, row->cells[LEVEL], list->job->on, &listed->kind));
    TRY(kind_of_name(tiers, run->commune, listed->name, list->job->on, &by_name));
    if (listed->kind < 0) {
        list_problem(list, PROBLEM_KIND_UNKNOWN, row->line, LEVEL, row->cells[LEVEL]);
    } else if (by_name != listed->kind) {
        list_problem(list, PROBLEM_KIND_DIFFERS, row->line, LEVEL, listed->name);
    }
    return OK;
}

static errc add_row(struct after *run, const struct import_row *row)
{
    size_t errors = run->list.plan->problems.errors;
    size_t province = 0;
    TRY(add_province(run, row, &province));
    struct listed listed = {
        .line = row->line,
        .tier = run->commune,
        .code = row->cells[CODE],
        .name = row->cells[NAME],
        .parent = province + 1,
        .code_column = CODE,
    };
    TRY(check_commune(run, row, &listed));
    size_t index = 0;
    return run->list.plan->problems.errors > errors ? OK : list_add(&run->list, &listed, &index);
}

static unit_id province_of(struct tree tree, unit_id unit, int province)
{
    unit_id up[UNIT_DEPTH];
    size_t count = tree_ancestors(tree, unit, up);
    for (size_t i = 0; i < count; i++) {
        if (forest_life(tree.forest, up[i])->tier == province) {
            return up[i];
        }
    }
    return 0;
}

static void concern(struct after *run, unit_id province, unit_id heir)
{
    if (province == 0) {
        return;
    }
    for (size_t i = 0; i < run->concerned_count; i++) {
        if (run->concerned[i] == province) {
            run->heirs[i] = run->heirs[i] == heir ? heir : 0;
            return;
        }
    }
    if (run->concerned_count < PROVINCES_MOST) {
        run->concerned[run->concerned_count] = province;
        run->heirs[run->concerned_count++] = heir;
    }
}

/* Provinces of the file, and those in which its codes were at home on the eve. */
static void collect_concerned(struct after *run)
{
    const struct list *list = &run->list;
    for (size_t i = 0; i < list->count; i++) {
        const struct listed *listed = &list->items[i];
        if (listed->tier == run->province && listed->unit > 0) {
            concern(run, listed->unit, listed->unit);
        } else if (listed->tier == run->commune) {
            unit_id old = tree_by_code(run->eve, run->commune, listed->code);
            concern(run, province_of(run->eve, old, run->province),
                    list->items[listed->parent - 1].unit);
        }
    }
}

static errc plan_commune(struct after *run, struct listed *listed)
{
    enum list_match match = LIST_NEW;
    TRY(list_match(&run->list, listed, &match, &listed->unit));
    if (match == LIST_SAME) {
        return list_update(&run->list, listed);
    }
    listed->unit = 0;
    return list_begin(&run->list, listed);
}

/* Does the list keep the unit as it is? */
static bool is_listed(const struct after *run, const struct unit_line *line)
{
    const struct listed *listed = list_find(&run->list, line->tier, line->code);
    return listed != NULL && listed->unit == line->id;
}

/* Villages of a commune that ends wait without a parent for the lineage import. */
static errc orphan_children(struct after *run, unit_id unit)
{
    struct tree tree = run->list.tree;
    size_t count = tree_children(tree, unit, NULL, 0);
    unit_id *children = arena_take_array(run->list.job->arena, count, sizeof *children);
    if (children == NULL) {
        return ERR_NO_MEMORY;
    }
    ignore_int((long)tree_children(tree, unit, children, count));
    struct unit_line line;
    size_t waiting = 0;
    for (size_t i = 0; i < count; i++) {
        struct unit_edit edit = {.kind = EDIT_PARENT, .on = tree.on, .unit = children[i]};
        TRY(unit_patch_add(&run->list.plan->patch, &edit));
        waiting++;
    }
    if (waiting > 0 && tree_line(tree, unit, &line)) {
        list_problem(&run->list, PROBLEM_CHILDREN_WAIT, 0, -1, line.name);
    }
    return OK;
}

static errc end_unit(struct after *run, const struct unit_line *line, bool has_children)
{
    struct list *list = &run->list;
    if (has_children) {
        TRY(orphan_children(run, line->id));
    }
    struct unit_edit edit = {.kind = EDIT_END, .on = list->job->on, .unit = line->id};
    list->plan->ends++;
    list_problem(list, NOTE_UNIT_ENDS, 0, -1, line->name);
    return unit_patch_add(&list->plan->patch, &edit);
}

/* Below one province: what is not listed, from the deepest tier up. */
static errc end_below(struct after *run, const struct tree_order *order, bool districts)
{
    const struct tier_set *tiers = forest_tiers(run->list.job->before);
    for (size_t i = 1; i < order->count; i++) {
        struct unit_line line;
        if (!tree_line(run->list.tree, order->units[i], &line)) {
            continue;
        }
        bool is_gone_tier = !tier_is_valid(tiers, line.tier, run->list.job->on);
        bool is_gone_commune = line.tier == run->commune && !is_listed(run, &line);
        if (districts ? is_gone_tier : is_gone_commune) {
            TRY(end_unit(run, &line, is_gone_commune));
        }
    }
    return OK;
}

/* A province that is not in the list any more, and whose communes went to one that is. */
static errc end_province(struct after *run, size_t index)
{
    struct unit_line line;
    struct list *list = &run->list;
    unit_id province = run->concerned[index];
    if (!tree_line(list->tree, province, &line) || !line.lives || is_listed(run, &line)) {
        return OK;
    }
    TRY(end_unit(run, &line, false));
    struct unit_edit link = {
        .kind = EDIT_LINK,
        .on = list->job->on,
        .unit = province,
        .other = run->heirs[index],
        .relation = LINK_WHOLE,
        .share = SHARE_WHOLE,
    };
    return link.other == 0 ? OK : unit_patch_add(&list->plan->patch, &link);
}

static errc plan_ends(struct after *run)
{
    for (size_t i = 0; i < run->concerned_count; i++) {
        struct tree_order order;
        TRY(tree_order(run->list.tree, run->concerned[i], run->list.job->arena, &order));
        TRY(end_below(run, &order, false));
        TRY(end_below(run, &order, true));
        TRY(end_province(run, i));
    }
    return OK;
}

static errc plan_list(struct after *run)
{
    struct list *list = &run->list;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].tier == run->province) {
            TRY(list_place_by_name(list, &list->items[i]));
        }
    }
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].tier == run->commune) {
            TRY(plan_commune(run, &list->items[i]));
        }
    }
    collect_concerned(run);
    return plan_ends(run);
}

errc import_after(const struct import_job *job, struct import_plan *plan)
{
    struct import_table table = {.columns = columns, .column_count = COLUMNS};
    struct after *run = arena_take(job->arena, sizeof *run);
    if (run == NULL) {
        return ERR_NO_MEMORY;
    }
    *run = (struct after){
        .list = {.job = job,
                 .plan = plan,
                 .table = &table,
                 .tree = forest_at(job->before, job->on)},
        .province = tier_find(forest_tiers(job->before), S("province")),
        .commune = tier_find(forest_tiers(job->before), S("commune")),
        .eve = forest_at(job->before, job->on - 1),
    };
    if (run->province < 0 || run->commune < 0) {
        import_problem(plan, &table, PROBLEM_TIER_MISSING, 0, -1, S(""));
        return OK;
    }
    TRY(import_table_read(job, plan, &table));
    for (size_t i = 0; i < table.count; i++) {
        TRY(add_row(run, &table.rows[i]));
    }
    TRY(list_check_names(&run->list));
    return plan->problems.errors > 0 ? OK : plan_list(run);
}

/* From steps to a patch. Units that begin come first, so that everything else may refer to them;
 * then what changes, then the children that follow, then what ends, then the links. */
#include "people/reform.h"

struct planning {
    struct tree tree; /* on the effective day, as it is without the reform */
    const struct reform_steps *steps;
    struct unit_patch *patch;
    struct unit_problems *problems;
    unit_id *begun; /* by step: what it begins, or 0 */
    struct source_list *sources;
};

/* One giving of one source; sorted by unit, so that all of a unit stand together. */
struct given {
    unit_id unit;
    size_t step;
    const struct reform_source *source;
};

struct source_list {
    struct given *items;
    size_t count;
};

const char *reform_op_name(enum reform_op op)
{
    static const char *const names[] = {"merge", "rename", "recode", "rekind",
                                        "move",  "end",    "begin"};
    return names[op];
}

static size_t origin_of(const struct planning *plan, size_t step)
{
    size_t origin = plan->steps->steps[step].origin;
    return origin == 0 ? step + 1 : origin;
}

static void add_problem(const struct planning *plan, enum unit_problem_code code, size_t step,
                        str about)
{
    unit_problem_add(plan->problems, code, origin_of(plan, step), about);
}

static str name_of(const struct planning *plan, unit_id unit)
{
    struct unit_line line;
    return tree_line(plan->tree, unit, &line) ? line.name : S("");
}

/* A parent: a unit, or what another step begins. */
static unit_id resolve(const struct planning *plan, unit_id unit)
{
    if (unit >= 0) {
        return unit;
    }
    size_t step = (size_t)(-(unit + 1));
    return step < plan->steps->count ? plan->begun[step] : 0;
}

static bool begins_unit(const struct reform_step *step)
{
    return step->op == REFORM_BEGIN || (step->op == REFORM_MERGE && step->unit == 0);
}

/* New units get their numbers before their parents are looked at: a parent may be new as well. */
static void number_new_units(struct planning *plan)
{
    size_t begun = plan->patch->begun;
    for (size_t i = 0; i < plan->steps->count; i++) {
        if (begins_unit(&plan->steps->steps[i])) {
            plan->begun[i] = -(unit_id)++begun;
        }
    }
}

static errc plan_begins(struct planning *plan)
{
    number_new_units(plan);
    for (size_t i = 0; i < plan->steps->count; i++) {
        const struct reform_step *step = &plan->steps->steps[i];
        if (!begins_unit(step)) {
            continue;
        }
        unit_id parent = resolve(plan, step->parent);
        if (step->parent < 0 && parent == 0) {
            add_problem(plan, PROBLEM_PARENT_UNKNOWN, i, step->name);
        }
        struct unit_edit edit = {
            .on = plan->tree.on,
            .other = parent,
            .unit_kind = step->kind,
            .name = step->name,
            .code = step->code,
            .origin = origin_of(plan, i),
        };
        unit_id unit = 0;
        TRY(unit_patch_begin(plan->patch, &edit, &unit));
    }
    return OK;
}

static bool change_of(const struct planning *plan, const struct reform_step *step,
                      struct unit_edit *ret_edit)
{
    struct unit_edit edit = {.on = plan->tree.on, .unit = step->unit};
    switch (step->op) {
    case REFORM_RENAME:
        edit.kind = EDIT_NAME;
        edit.name = step->name;
        break;
    case REFORM_RECODE:
        edit.kind = EDIT_CODE;
        edit.code = step->code;
        break;
    case REFORM_REKIND:
        edit.kind = EDIT_KIND;
        edit.unit_kind = step->kind;
        break;
    case REFORM_MOVE:
        edit.kind = EDIT_PARENT;
        edit.other = resolve(plan, step->parent);
        break;
    case REFORM_MERGE:
    case REFORM_END:
    case REFORM_BEGIN:
        return false;
    }
    *ret_edit = edit;
    return true;
}

/* The same thing said twice of a unit is a mistake, not a sequence. */
static bool said_before(const struct planning *plan, size_t step)
{
    const struct reform_step *this = &plan->steps->steps[step];
    for (size_t i = 0; i < step; i++) {
        const struct reform_step *past = &plan->steps->steps[i];
        if (past->op == this->op && past->unit == this->unit) {
            return true;
        }
    }
    return false;
}

static errc plan_changes(struct planning *plan)
{
    for (size_t i = 0; i < plan->steps->count; i++) {
        struct unit_edit edit;
        const struct reform_step *step = &plan->steps->steps[i];
        if (!change_of(plan, step, &edit)) {
            continue;
        }
        if (said_before(plan, i)) {
            add_problem(plan, PROBLEM_CHANGED_TWICE, i, name_of(plan, edit.unit));
        }
        if (step->op == REFORM_MOVE && edit.other == 0) {
            add_problem(plan, PROBLEM_PARENT_UNKNOWN, i, name_of(plan, edit.unit));
        }
        edit.origin = origin_of(plan, i);
        TRY(unit_patch_add(plan->patch, &edit));
    }
    return OK;
}

static int compare_given(const void *left, const void *right)
{
    const struct given *a = left;
    const struct given *b = right;
    if (a->unit != b->unit) {
        return a->unit < b->unit ? -1 : 1;
    }
    return a->step < b->step ? -1 : a->step > b->step;
}

static errc collect_sources(struct planning *plan, struct source_list *list)
{
    size_t most = 0;
    for (size_t i = 0; i < plan->steps->count; i++) {
        most += plan->steps->steps[i].source_count;
    }
    list->items = arena_take_array(plan->patch->arena, most, sizeof *list->items);
    if (list->items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < plan->steps->count; i++) {
        const struct reform_step *step = &plan->steps->steps[i];
        if (step->op == REFORM_MERGE && step->source_count == 0) {
            add_problem(plan, PROBLEM_STEP_EMPTY, i, step->name);
        }
        for (size_t j = 0; j < step->source_count; j++) {
            const struct reform_source *source = &step->sources[j];
            list->items[list->count++] = (struct given){source->unit, i, source};
        }
    }
    if (list->count > 1) {
        qsort(list->items, list->count, sizeof *list->items, compare_given);
    }
    return OK;
}

static const struct reform_step *end_step_of(const struct planning *plan, unit_id unit)
{
    for (size_t i = 0; i < plan->steps->count; i++) {
        const struct reform_step *step = &plan->steps->steps[i];
        if (step->op == REFORM_END && step->unit == unit) {
            return step;
        }
    }
    return NULL;
}

static bool has_move(const struct planning *plan, unit_id unit)
{
    for (size_t i = 0; i < plan->steps->count; i++) {
        const struct reform_step *step = &plan->steps->steps[i];
        bool says = step->op == REFORM_MOVE || step->op == REFORM_END;
        if (says && step->unit == unit) {
            return true;
        }
    }
    return false;
}

/* Does what it gives away leave nothing? */
static bool gives_all(const struct given *given, size_t count)
{
    share sum = SHARE_NONE;
    for (size_t i = 0; i < count; i++) {
        const struct reform_source *source = given[i].source;
        if (source->relation != LINK_PART) {
            return true;
        }
        if (share_is_declared(source->share)) {
            ignore_int(share_plus(sum, source->share, &sum));
        }
    }
    return sum.num == sum.den;
}

/* Is the unit itself given away by this reform, so that it needs no new parent? */
static bool ends_as_source(const struct planning *plan, unit_id unit)
{
    const struct source_list *list = plan->sources;
    size_t first = 0;
    while (first < list->count && list->items[first].unit != unit) {
        first++;
    }
    size_t end = first;
    while (end < list->count && list->items[end].unit == unit) {
        end++;
    }
    return end > first && gives_all(&list->items[first], end - first);
}

struct following {
    unit_id parent;     /* whose children */
    unit_id new_parent; /* where they go; 0: nowhere */
    size_t origin;
};

static errc follow(struct planning *plan, const struct following *following, unit_id child)
{
    if (has_move(plan, child) || ends_as_source(plan, child)) {
        return OK;
    }
    struct unit_edit edit = {
        .kind = EDIT_PARENT,
        .on = plan->tree.on,
        .unit = child,
        .other = following->new_parent,
        .origin = following->origin,
    };
    return unit_patch_add(plan->patch, &edit);
}

/* Children on the day; when the parent ended on this very day by an earlier batch, those that it
 * had on the eve and that stand without a parent since. */
static errc plan_children(struct planning *plan, const struct following *following)
{
    struct tree tree = plan->tree;
    bool is_gone = !tree_has(tree, following->parent);
    struct tree seen = forest_at(tree.forest, is_gone ? tree.on - 1 : tree.on);
    size_t count = tree_children(seen, following->parent, NULL, 0);
    unit_id *children = arena_take_array(plan->patch->arena, count, sizeof *children);
    if (children == NULL) {
        return ERR_NO_MEMORY;
    }
    ignore_int((long)tree_children(seen, following->parent, children, count));
    for (size_t i = 0; i < count; i++) {
        bool waits = tree_has(tree, children[i]) && tree_parent(tree, children[i]) == 0;
        if (!is_gone || waits) {
            TRY(follow(plan, following, children[i]));
        }
    }
    return OK;
}

static unit_id successor_of(const struct planning *plan, size_t step)
{
    unit_id into = plan->steps->steps[step].unit;
    return into != 0 ? into : plan->begun[step];
}

/* A unit that an earlier batch ended on this day can still be given successors. */
static bool is_gone_today(const struct planning *plan, unit_id unit)
{
    const struct unit_life *life = forest_life(plan->tree.forest, unit);
    return life != NULL && life->to == plan->tree.on;
}

static errc plan_end(struct planning *plan, unit_id unit, size_t origin)
{
    if (is_gone_today(plan, unit)) {
        return OK;
    }
    struct unit_edit edit = {.kind = EDIT_END, .on = plan->tree.on, .unit = unit, .origin = origin};
    return unit_patch_add(plan->patch, &edit);
}

/* All that one source gives: its children, its end. */
static errc plan_source(struct planning *plan, const struct given *given, size_t count)
{
    size_t origin = origin_of(plan, given[0].step);
    const struct reform_step *end = end_step_of(plan, given[0].unit);
    if (!gives_all(given, count) && end == NULL) {
        return OK;
    }
    if (given[0].source->relation == LINK_WHOLE) {
        struct following following = {
            .parent = given[0].unit,
            .new_parent = successor_of(plan, given[0].step),
            .origin = origin,
        };
        TRY(plan_children(plan, &following));
    }
    return plan_end(plan, given[0].unit, origin);
}

static errc plan_sources(struct planning *plan)
{
    const struct source_list *list = plan->sources;
    for (size_t i = 0; i < list->count;) {
        size_t end = i + 1;
        while (end < list->count && list->items[end].unit == list->items[i].unit) {
            end++;
        }
        TRY(plan_source(plan, &list->items[i], end - i));
        i = end;
    }
    return OK;
}

static bool is_source(const struct planning *plan, unit_id unit)
{
    for (size_t i = 0; i < plan->sources->count; i++) {
        if (plan->sources->items[i].unit == unit) {
            return true;
        }
    }
    return false;
}

static errc plan_ends(struct planning *plan)
{
    for (size_t i = 0; i < plan->steps->count; i++) {
        const struct reform_step *step = &plan->steps->steps[i];
        if (step->op != REFORM_END) {
            continue;
        }
        if (said_before(plan, i)) {
            add_problem(plan, PROBLEM_CHANGED_TWICE, i, name_of(plan, step->unit));
            continue;
        }
        if (is_source(plan, step->unit)) {
            continue;
        }
        struct following up = {
            .parent = step->unit,
            .new_parent = tree_parent(plan->tree, step->unit),
            .origin = origin_of(plan, i),
        };
        TRY(plan_children(plan, &up));
        TRY(plan_end(plan, step->unit, up.origin));
    }
    return OK;
}

static errc plan_links(struct planning *plan)
{
    for (size_t i = 0; i < plan->steps->count; i++) {
        const struct reform_step *step = &plan->steps->steps[i];
        for (size_t j = 0; j < step->source_count; j++) {
            const struct reform_source *source = &step->sources[j];
            struct unit_edit edit = {
                .kind = EDIT_LINK,
                .on = plan->tree.on,
                .unit = source->unit,
                .other = successor_of(plan, i),
                .relation = source->relation,
                .share = source->relation == LINK_WHOLE ? SHARE_WHOLE : source->share,
                .origin = origin_of(plan, i),
            };
            TRY(unit_patch_add(plan->patch, &edit));
        }
    }
    return OK;
}

errc reform_plan(struct tree tree, const struct reform_steps *steps, struct unit_patch *patch,
                 struct unit_problems *problems)
{
    if (steps->count > REFORM_STEPS_MOST) {
        return ERR_TOO_BIG;
    }
    struct source_list sources = {0};
    struct planning plan = {
        .tree = tree, .steps = steps, .patch = patch, .problems = problems, .sources = &sources};
    plan.begun = arena_take_array(patch->arena, steps->count, sizeof *plan.begun);
    if (plan.begun == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(collect_sources(&plan, &sources));
    TRY(plan_begins(&plan));
    TRY(plan_changes(&plan));
    TRY(plan_sources(&plan));
    TRY(plan_ends(&plan));
    return plan_links(&plan);
}

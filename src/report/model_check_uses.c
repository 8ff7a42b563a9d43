/* The second half of checking a package: what uses measures and elements. */
#include "report/model_checking.h"

static bool has_text(const struct model_texts *texts, str text)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (str_is(texts->at[i], text)) {
            return true;
        }
    }
    return false;
}

/* --- forms, indicators, sets ----------------------------------------------------------------- */

static errc check_section(struct checking *checking, size_t form, size_t section, char *seen)
{
    const struct model_texts *elements = &checking->model->forms[form].sections[section].elements;
    for (size_t i = 0; i < elements->count; i++) {
        size_t element = model_element_find(checking->model, elements->at[i]);
        bool is_known = element < checking->model->element_count;
        if (!is_known || seen[element] != 0) {
            return checking_wrong(checking, is_known ? "twice" : "unknown_element", elements->at[i],
                                  "forms[%zu].sections[%zu].elements[%zu]", form, section, i);
        }
        seen[element] = 1;
    }
    return OK;
}

static errc check_form(struct checking *checking, size_t i)
{
    const struct model_form *form = &checking->model->forms[i];
    char *seen = arena_take_array(checking->arena, checking->model->element_count + 1, 1);
    if (seen == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t other = 0; other < i; other++) {
        if (str_is(checking->model->forms[other].code, form->code)) {
            return checking_wrong(checking, "twice", form->code, "forms[%zu].code", i);
        }
    }
    for (size_t section = 0; section < form->section_count; section++) {
        TRY(check_section(checking, i, section, seen));
    }
    return OK;
}

static errc check_part(struct checking *checking, str text, const char *where,
                       struct formula *ret_formula)
{
    TRY(checking_formula(checking, text, 0, ret_formula, where));
    return ret_formula->type == FORMULA_CHOICE
               ? model_wrong_at(checking->problem, where, "formula.number_expected", STR_NONE)
               : OK;
}

static bool has_legend(const struct model *model, str code)
{
    for (size_t i = 0; i < model->legend_count; i++) {
        if (str_is(model->legends[i].code, code)) {
            return true;
        }
    }
    return code.len == 0;
}

static errc check_indicator(struct checking *checking, size_t i)
{
    struct model_indicator *indicator = &checking->model->indicators[i];
    struct dimension shown;
    char where[64];
    if (model_indicator_find(checking->model, indicator->code) != i) {
        return checking_wrong(checking, "twice", indicator->code, "indicators[%zu].code", i);
    }
    ignore_int(snprintf(where, sizeof where, "indicators[%zu].numerator", i));
    TRY(check_part(checking, indicator->numerator, where, &indicator->over));
    indicator->dimension = indicator->over.dimension;
    ignore_int(snprintf(where, sizeof where, "indicators[%zu].denominator", i));
    if (indicator->denominator.len > 0) {
        TRY(check_part(checking, indicator->denominator, where, &indicator->under));
        if (!dimension_join(&indicator->over.dimension, &indicator->under.dimension, -1,
                            &indicator->dimension)) {
            return model_wrong_at(checking->problem, where, "formula.measure_too_strange",
                                  STR_NONE);
        }
    }
    if (!checking_dimension(checking->model, indicator->measure, &shown) ||
        !dimension_same(&shown, &indicator->dimension)) {
        return checking_wrong(checking, "formula.two_measures", indicator->measure,
                              "indicators[%zu].measure", i);
    }
    return has_legend(checking->model, indicator->legend)
               ? OK
               : checking_wrong(checking, "unknown_legend", indicator->legend,
                                "indicators[%zu].legend", i);
}

/* The thresholds of a mark become names after the elements, each once. */
static errc name_thresholds(struct checking *checking, struct model_mark *mark,
                            const struct model_set *set, const char *where, size_t *ret_count)
{
    str *names = arena_take_array(checking->arena, mark->threshold_count + 1, sizeof *names);
    size_t count = 0;
    if (names == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < mark->threshold_count; i++) {
        const struct model_threshold *threshold = &mark->thresholds[i];
        struct model_texts known = {names, count};
        struct dimension dimension;
        bool fits =
            measure_name_is_fit(threshold->name) &&
            model_element_find(checking->model, threshold->name) == checking->model->element_count;
        if (!fits || !checking_dimension(checking->model, threshold->measure, &dimension)) {
            return model_wrong_at(checking->problem, where, "not_a_code", threshold->name);
        }
        if (threshold->region.len > 0 && !has_text(&set->regions, threshold->region)) {
            return model_wrong_at(checking->problem, where, "unknown_region", threshold->region);
        }
        if (!has_text(&known, threshold->name)) {
            checking->names[checking->name_count + count] =
                (struct formula_name){.name = threshold->name, .dimension = dimension};
            names[count++] = threshold->name;
        }
    }
    mark->threshold_names = (struct model_texts){names, count};
    *ret_count = count;
    return OK;
}

static errc read_condition(struct checking *checking, str text, size_t thresholds,
                           struct formula *ret_formula, const char *where)
{
    TRY(checking_formula(checking, text, thresholds, ret_formula, where));
    return ret_formula->type == FORMULA_TRUTH
               ? OK
               : model_wrong_at(checking->problem, where, "formula.truth_expected", STR_NONE);
}

static errc check_mark(struct checking *checking, const struct model_set *set,
                       struct model_mark *mark, const char *where)
{
    size_t thresholds = 0;
    char field[160];
    ignore_int(snprintf(field, sizeof field, "%s.thresholds", where));
    TRY(name_thresholds(checking, mark, set, field, &thresholds));
    ignore_int(snprintf(field, sizeof field, "%s.met", where));
    TRY(read_condition(checking, mark->met, thresholds, &mark->read_met, field));
    if (mark->nearly.len == 0) {
        return OK;
    }
    ignore_int(snprintf(field, sizeof field, "%s.nearly", where));
    return read_condition(checking, mark->nearly, thresholds, &mark->read_nearly, field);
}

/* Marks are part of the model that is being made, so what was read of them may still be filled in.
 */
static struct model_mark *mark_at(const struct model_criterion *criterion, size_t i)
{
    return (struct model_mark *)(uintptr_t)&criterion->marks[i];
}

static errc check_criterion(struct checking *checking, size_t s, size_t c)
{
    const struct model_set *set = &checking->model->sets[s];
    const struct model_criterion *criterion = &set->criteria[c];
    char where[120];
    for (size_t i = 0; i < criterion->mark_count; i++) {
        ignore_int(snprintf(where, sizeof where, "sets[%zu].criteria[%zu].marks[%zu]", s, c, i));
        for (size_t other = 0; other < i; other++) {
            if (str_is(criterion->marks[other].code, criterion->marks[i].code)) {
                return model_wrong_at(checking->problem, where, "twice", criterion->marks[i].code);
            }
        }
        TRY(check_mark(checking, set, mark_at(criterion, i), where));
    }
    return OK;
}

static errc check_set(struct checking *checking, size_t s)
{
    const struct model_set *set = &checking->model->sets[s];
    for (size_t c = 0; c < set->criterion_count; c++) {
        for (size_t other = 0; other < c; other++) {
            if (str_is(set->criteria[other].code, set->criteria[c].code)) {
                return checking_wrong(checking, "twice", set->criteria[c].code,
                                      "sets[%zu].criteria[%zu].code", s, c);
            }
        }
        TRY(check_criterion(checking, s, c));
    }
    return OK;
}

/* --- targets, tasks, legends ----------------------------------------------------------------- */

static int compare_targets(const void *left, const void *right)
{
    const struct model_target *a = *(const struct model_target *const *)left;
    const struct model_target *b = *(const struct model_target *const *)right;
    int order = str_compare(a->indicator, b->indicator);
    order = order != 0 ? order : a->year - b->year;
    return order != 0 ? order : str_compare(a->unit, b->unit);
}

static errc check_targets(struct checking *checking)
{
    struct model *model = checking->model;
    const struct model_target **sorted =
        arena_take_array(checking->arena, model->target_count + 1, sizeof *sorted);
    if (sorted == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < model->target_count; i++) {
        sorted[i] = &model->targets[i];
        if (model_indicator_find(model, sorted[i]->indicator) == model->indicator_count) {
            return checking_wrong(checking, "unknown_indicator", sorted[i]->indicator,
                                  "targets[%zu].indicator", i);
        }
    }
    qsort(sorted, model->target_count, sizeof *sorted, compare_targets);
    for (size_t i = 1; i < model->target_count; i++) {
        if (compare_targets(&sorted[i - 1], &sorted[i]) == 0) {
            return checking_wrong(checking, "twice", sorted[i]->indicator, "targets[%zu]",
                                  (size_t)(sorted[i] - model->targets));
        }
    }
    return OK;
}

static errc check_tasks(struct checking *checking)
{
    struct model *model = checking->model;
    for (size_t i = 0; i < model->task_count; i++) {
        const struct model_texts *indicators = &model->tasks[i].indicators;
        for (size_t k = 0; k < indicators->count; k++) {
            if (model_indicator_find(model, indicators->at[k]) == model->indicator_count) {
                return checking_wrong(checking, "unknown_indicator", indicators->at[k],
                                      "tasks[%zu].indicators[%zu]", i, k);
            }
        }
    }
    return OK;
}

static errc check_legends(struct checking *checking)
{
    for (size_t i = 0; i < checking->model->legend_count; i++) {
        const struct model_legend *legend = &checking->model->legends[i];
        for (size_t k = 1; k < legend->band_count; k++) {
            figure before = legend->bands[k - 1].from;
            figure from = legend->bands[k].from;
            if (!figure_is_there(from) ||
                (figure_is_there(before) && figure_compare(before, from) >= 0)) {
                return checking_wrong(checking, "not_in_order", legend->code,
                                      "legends[%zu].bands[%zu]", i, k);
            }
        }
    }
    return OK;
}

static errc check_each(struct checking *checking, size_t count,
                       errc (*check)(struct checking *checking, size_t i))
{
    for (size_t i = 0; i < count; i++) {
        TRY(check(checking, i));
    }
    return OK;
}

errc checking_uses(struct checking *checking)
{
    const struct model *model = checking->model;
    TRY(check_each(checking, model->form_count, check_form));
    TRY(check_legends(checking));
    TRY(check_each(checking, model->indicator_count, check_indicator));
    TRY(check_each(checking, model->set_count, check_set));
    TRY(check_targets(checking));
    return check_tasks(checking);
}

#include "report/appraise.h"

#include "base/crash.h"

/* In base measures, as formulas compute. */
static figure in_base(const struct model *model, const struct model_element *element, figure value)
{
    figure based = FIGURE_NONE;
    if (!figure_is_there(value) || element->type != ELEMENT_NUMBER) {
        return value;
    }
    return figure_times(value, model_factor(model, element->measure), &based) ? based : FIGURE_NONE;
}

static figure value_of(const struct model *model, const struct formula_use *use,
                       const struct unit_values *values)
{
    const figure *from = use->when == FORMULA_NOW        ? values->now
                         : use->when == FORMULA_PREVIOUS ? values->previous
                                                         : values->last_year;
    return from == NULL ? FIGURE_NONE
                        : in_base(model, &model->elements[use->name], from[use->name]);
}

static void fill(const struct model *model, const struct formula *formula,
                 const struct unit_values *values, figure *ret_values)
{
    for (size_t i = 0; i < formula->use_count; i++) {
        bool is_element = formula->uses[i].name < model->element_count;
        ret_values[i] = is_element ? value_of(model, &formula->uses[i], values) : FIGURE_NONE;
    }
}

static figure in_measure(const struct model *model, str measure, figure value)
{
    figure shown = FIGURE_NONE;
    return figure_over(value, model_factor(model, measure), &shown) ? shown : FIGURE_NONE;
}

void model_compute(const struct model *model, figure *values, const figure *previous,
                   const figure *last_year)
{
    struct unit_values all = {values, previous, last_year};
    for (size_t i = 0; i < model->order_count; i++) {
        const struct model_element *element = &model->elements[model->order[i]];
        figure uses[FORMULA_STEPS_MOST];
        fill(model, &element->read, &all, uses);
        struct formula_value result = formula_run(&element->read, uses);
        figure value = result.lack == FORMULA_HAS ? result.figure : FIGURE_NONE;
        bool is_number = figure_is_there(value) && element->type == ELEMENT_NUMBER;
        values[model->order[i]] = is_number ? in_measure(model, element->measure, value) : value;
    }
}

/* --- indicators ------------------------------------------------------------------------------ */

void indicator_sum_init(struct indicator_sum *sum)
{
    *sum = (struct indicator_sum){.over = FIGURE_ZERO, .under = FIGURE_ZERO};
}

static struct formula_value run(const struct model *model, const struct formula *formula,
                                const struct unit_values *values)
{
    figure uses[FORMULA_STEPS_MOST];
    fill(model, formula, values, uses);
    return formula_run(formula, uses);
}

void indicator_add(const struct model *model, const struct model_indicator *indicator,
                   const struct unit_values *values, struct indicator_sum *sum)
{
    struct formula_value over = run(model, &indicator->over, values);
    struct formula_value under = {FIGURE_ZERO, FORMULA_HAS};
    if (indicator->denominator.len > 0) {
        under = run(model, &indicator->under, values);
    }
    sum->units++;
    if (over.lack != FORMULA_HAS || under.lack != FORMULA_HAS) {
        sum->unknown++;
        return;
    }
    sum->too_big = sum->too_big || !figure_plus(sum->over, over.figure, &sum->over) ||
                   !figure_plus(sum->under, under.figure, &sum->under);
}

figure indicator_result(const struct model *model, const struct model_indicator *indicator,
                        const struct indicator_sum *sum)
{
    figure result = sum->over;
    if (sum->too_big || sum->units == sum->unknown) {
        return FIGURE_NONE;
    }
    if (indicator->denominator.len > 0 &&
        (sum->under.num == 0 || !figure_over(sum->over, sum->under, &result))) {
        return FIGURE_NONE;
    }
    return in_measure(model, indicator->measure, result);
}

/* --- criteria -------------------------------------------------------------------------------- */

/* The threshold of the region, else the one for all others. */
static const struct model_threshold *find_threshold(const struct model_mark *mark, str name,
                                                    str region)
{
    const struct model_threshold *general = NULL;
    for (size_t i = 0; i < mark->threshold_count; i++) {
        const struct model_threshold *threshold = &mark->thresholds[i];
        if (!str_is(threshold->name, name)) {
            continue;
        }
        if (region.len > 0 && str_is(threshold->region, region)) {
            return threshold;
        }
        general = threshold->region.len == 0 ? threshold : general;
    }
    return general;
}

static void fill_thresholds(const struct model *model, const struct model_mark *mark,
                            const struct formula *formula, str region, figure *values,
                            struct mark_result *result)
{
    for (size_t i = 0; i < formula->use_count; i++) {
        size_t name = formula->uses[i].name;
        if (name < model->element_count) {
            continue;
        }
        const struct model_threshold *threshold =
            find_threshold(mark, mark->threshold_names.at[name - model->element_count], region);
        bool is_set = threshold != NULL && figure_is_there(threshold->value);
        result->is_open = result->is_open || !is_set;
        result->is_unverified = result->is_unverified || (is_set && !threshold->is_verified);
        if (is_set &&
            !figure_times(threshold->value, model_factor(model, threshold->measure), &values[i])) {
            values[i] = FIGURE_NONE;
        }
    }
}

static struct formula_value judge(const struct model *model, const struct model_mark *mark,
                                  const struct formula *formula, str region,
                                  const struct unit_values *values, struct mark_result *result)
{
    figure uses[FORMULA_STEPS_MOST];
    fill(model, formula, values, uses);
    fill_thresholds(model, mark, formula, region, uses, result);
    return formula_run(formula, uses);
}

struct mark_result mark_appraise(const struct model *model, const struct model_mark *mark,
                                 str region, const struct unit_values *values)
{
    struct mark_result result = {.state = MARK_UNKNOWN};
    struct formula_value met = judge(model, mark, &mark->read_met, region, values, &result);
    if (met.lack == FORMULA_HAS && met.figure.num != 0) {
        result.state = MARK_MET;
        return result;
    }
    bool is_known = met.lack == FORMULA_HAS;
    if (is_known && mark->nearly.len > 0) {
        struct formula_value nearly =
            judge(model, mark, &mark->read_nearly, region, values, &result);
        if (nearly.lack == FORMULA_HAS && nearly.figure.num != 0) {
            result.state = MARK_NEARLY;
            return result;
        }
    }
    result.state = is_known ? MARK_NOT_MET : MARK_UNKNOWN;
    return result;
}

/* Not met is the worst; not known is worse than nearly, because it may be anything. */
static int badness(enum mark_state state)
{
    static const int order[] = {
        [MARK_UNKNOWN] = 2, [MARK_NOT_MET] = 3, [MARK_NEARLY] = 1, [MARK_MET] = 0};
    return order[state];
}

struct mark_result criterion_appraise(const struct model *model,
                                      const struct model_criterion *criterion, str region,
                                      const struct unit_values *values)
{
    struct mark_result worst = {.state = criterion->mark_count == 0 ? MARK_UNKNOWN : MARK_MET};
    for (size_t i = 0; i < criterion->mark_count; i++) {
        struct mark_result one = mark_appraise(model, &criterion->marks[i], region, values);
        worst.is_open = worst.is_open || one.is_open;
        worst.is_unverified = worst.is_unverified || one.is_unverified;
        worst.state = badness(one.state) > badness(worst.state) ? one.state : worst.state;
    }
    return worst;
}

const char *mark_state_name(enum mark_state state)
{
    switch (state) {
    case MARK_UNKNOWN:
        return "unknown";
    case MARK_NOT_MET:
        return "not_met";
    case MARK_NEARLY:
        return "nearly";
    case MARK_MET:
        return "met";
    }
    return "";
}

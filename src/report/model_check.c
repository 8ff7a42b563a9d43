/* What a package means as a whole: names that name something, formulas that fit what they are for,
 * and an order in which computed elements can be computed. */
#include "report/model_checking.h"

#include "base/crash.h"

errc checking_wrong(struct checking *checking, const char *word, str what, const char *format, ...)
{
    char where[160];
    va_list arguments;
    va_start(arguments, format);
    ignore_int(vsnprintf(where, sizeof where, format, arguments));
    va_end(arguments);
    return model_wrong_at(checking->problem, where, word, what);
}

/* --- measures -------------------------------------------------------------------------------- */

static const struct model_measure *find_measure(const struct model *model, str code)
{
    for (size_t i = 0; i < model->measure_count; i++) {
        if (str_is(model->measures[i].code, code)) {
            return &model->measures[i];
        }
    }
    return NULL;
}

static errc check_measure(struct checking *checking, size_t i)
{
    struct model *model = checking->model;
    struct model_measure *measure = &model->measures[i];
    const struct model_measure *base = find_measure(model, measure->base);
    if (!measure_name_is_fit(measure->code)) {
        return checking_wrong(checking, "not_a_code", measure->code, "measures[%zu].code", i);
    }
    if (find_measure(model, measure->code) != measure) {
        return checking_wrong(checking, "twice", measure->code, "measures[%zu].code", i);
    }
    bool is_bare = measure->base.len == 0;
    if (!is_bare && (base == NULL || !str_is(base->base, base->code))) {
        return checking_wrong(checking, "unknown_measure", measure->base, "measures[%zu].base", i);
    }
    if (base == measure && figure_compare(measure->factor, FIGURE_ONE) != 0) {
        return checking_wrong(checking, "out_of_range", measure->code, "measures[%zu].factor", i);
    }
    measure->number = is_bare ? 0 : (uint16_t)(base - model->measures + 1);
    checking->measures[i] = (struct measure){measure->code, measure->number, measure->factor};
    return OK;
}

static errc check_measures(struct checking *checking)
{
    struct model *model = checking->model;
    checking->measures =
        arena_take_array(checking->arena, model->measure_count + 1, sizeof *checking->measures);
    if (checking->measures == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < model->measure_count; i++) {
        TRY(check_measure(checking, i));
    }
    return OK;
}

bool checking_dimension(const struct model *model, str measure, struct dimension *ret_dimension)
{
    const struct model_measure *found = find_measure(model, measure);
    *ret_dimension = dimension_of(found == NULL ? 0 : found->number);
    return found != NULL || measure.len == 0;
}

/* --- elements -------------------------------------------------------------------------------- */

static enum formula_type formula_type_of(enum element_type type)
{
    return type == ELEMENT_NUMBER  ? FORMULA_NUMBER
           : type == ELEMENT_TRUTH ? FORMULA_TRUTH
                                   : FORMULA_CHOICE;
}

static errc add_name(struct checking *checking, size_t i, struct dimension dimension)
{
    const struct model_element *element = &checking->model->elements[i];
    str *choices = arena_take_array(checking->arena, element->choice_count + 1, sizeof *choices);
    if (choices == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t c = 0; c < element->choice_count; c++) {
        choices[c] = element->choices[c].code;
    }
    checking->name_of[i] = SIZE_MAX;
    if (element->type == ELEMENT_TEXT || element->type == ELEMENT_DAY) {
        return OK;
    }
    checking->name_of[i] = checking->name_count;
    checking->element_of[checking->name_count] = i;
    checking->names[checking->name_count++] =
        (struct formula_name){.name = element->code,
                              .type = formula_type_of(element->type),
                              .dimension = dimension,
                              .choices = choices,
                              .choice_count = element->choice_count};
    return OK;
}

static errc check_element(struct checking *checking, size_t i)
{
    const struct model_element *element = &checking->model->elements[i];
    struct dimension dimension;
    bool is_choice = element->type == ELEMENT_CHOICE;
    if (!measure_name_is_fit(element->code)) {
        return checking_wrong(checking, "not_a_code", element->code, "elements[%zu].code", i);
    }
    if (model_element_find(checking->model, element->code) != i) {
        return checking_wrong(checking, "twice", element->code, "elements[%zu].code", i);
    }
    if (!checking_dimension(checking->model, element->measure, &dimension)) {
        return checking_wrong(checking, "unknown_measure", element->measure,
                              "elements[%zu].measure", i);
    }
    if (is_choice != (element->choice_count > 0)) {
        return checking_wrong(checking, is_choice ? "missing" : "not_for_this_type", element->code,
                              "elements[%zu].choices", i);
    }
    return add_name(checking, i, dimension);
}

static errc check_elements(struct checking *checking)
{
    struct model *model = checking->model;
    size_t room = model->element_count + MODEL_THRESHOLDS_MOST;
    checking->names = arena_take_array(checking->arena, room, sizeof *checking->names);
    checking->element_of = arena_take_array(checking->arena, room, sizeof *checking->element_of);
    checking->name_of = arena_take_array(checking->arena, room, sizeof *checking->name_of);
    if (checking->names == NULL || checking->element_of == NULL || checking->name_of == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < model->element_count; i++) {
        TRY(check_element(checking, i));
    }
    return OK;
}

/* --- formulas -------------------------------------------------------------------------------- */

/* The uses of a formula name elements; those past the last element are thresholds. */
static errc name_elements(struct checking *checking, struct formula *formula)
{
    size_t elements = checking->model->element_count;
    struct formula_use *uses =
        arena_take_array(checking->arena, formula->use_count + 1, sizeof *uses);
    if (uses == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < formula->use_count; i++) {
        size_t name = formula->uses[i].name;
        bool is_element = name < checking->name_count;
        uses[i] = formula->uses[i];
        uses[i].name =
            is_element ? checking->element_of[name] : elements + (name - checking->name_count);
    }
    formula->uses = uses;
    return OK;
}

errc checking_formula(struct checking *checking, str text, size_t thresholds,
                      struct formula *ret_formula, const char *where)
{
    struct formula_problem problem;
    struct formula_scope scope = {.names = checking->names,
                                  .name_count = checking->name_count + thresholds,
                                  .measures = checking->measures,
                                  .measure_count = checking->model->measure_count};
    errc rc = formula_read(checking->arena, text, &scope, ret_formula, &problem);
    if (rc == ERR_INVALID) {
        char word[sizeof checking->problem->word];
        ignore_int(snprintf(word, sizeof word, "formula.%s", problem.word));
        ignore(model_wrong_at(checking->problem, where, word, problem.what));
        checking->problem->at = problem.at;
    }
    TRY(rc);
    return name_elements(checking, ret_formula);
}

static errc check_computed(struct checking *checking, size_t i)
{
    struct model_element *element = &checking->model->elements[i];
    char where[64];
    if (element->formula.len == 0) {
        return OK;
    }
    ignore_int(snprintf(where, sizeof where, "elements[%zu].formula", i));
    size_t name = checking->name_of[i];
    if (name == SIZE_MAX || element->type == ELEMENT_CHOICE) {
        return model_wrong_at(checking->problem, where, "not_for_this_type", element->code);
    }
    TRY(checking_formula(checking, element->formula, 0, &element->read, where));
    const struct formula_name *as = &checking->names[name];
    if (element->read.type != as->type) {
        return model_wrong_at(checking->problem, where, "formula.two_types", element->code);
    }
    if (!dimension_same(&element->read.dimension, &as->dimension)) {
        return model_wrong_at(checking->problem, where, "formula.two_measures", element->code);
    }
    return OK;
}

/* --- the order of computing ------------------------------------------------------------------ */

enum { NOT_SEEN, UNDER_WAY, DONE };

struct visit {
    size_t element;
    size_t next; /* use to look at */
};

/* The next element that this one needs in the same period and that is computed, or SIZE_MAX. */
static size_t next_need(const struct model *model, struct visit *visit)
{
    const struct formula *formula = &model->elements[visit->element].read;
    while (visit->next < formula->use_count) {
        const struct formula_use *use = &formula->uses[visit->next++];
        if (use->when == FORMULA_NOW && model->elements[use->name].formula.len > 0) {
            return use->name;
        }
    }
    return SIZE_MAX;
}

/* Depth first without recursion; each computed element after those it needs. */
static errc order_from(struct checking *checking, size_t first, char *seen, struct visit *stack,
                       size_t *order)
{
    struct model *model = checking->model;
    size_t height = 1;
    stack[0] = (struct visit){first, 0};
    seen[first] = UNDER_WAY;
    while (height > 0) {
        size_t need = next_need(model, &stack[height - 1]);
        if (need == SIZE_MAX) {
            size_t done = stack[--height].element;
            seen[done] = DONE;
            order[model->order_count++] = done;
        } else if (seen[need] == UNDER_WAY) {
            return checking_wrong(checking, "circular", model->elements[need].code,
                                  "elements[%zu].formula", stack[height - 1].element);
        } else if (seen[need] == NOT_SEEN) {
            seen[need] = UNDER_WAY;
            stack[height++] = (struct visit){need, 0};
        }
    }
    return OK;
}

static errc check_order(struct checking *checking)
{
    struct model *model = checking->model;
    char *seen = arena_take_array(checking->arena, model->element_count + 1, 1);
    struct visit *stack =
        arena_take_array(checking->arena, model->element_count + 1, sizeof *stack);
    size_t *order = arena_take_array(checking->arena, model->element_count + 1, sizeof *order);
    if (seen == NULL || stack == NULL || order == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < model->element_count; i++) {
        TRY(check_computed(checking, i));
    }
    for (size_t i = 0; i < model->element_count; i++) {
        if (model->elements[i].formula.len > 0 && seen[i] == NOT_SEEN) {
            TRY(order_from(checking, i, seen, stack, order));
        }
    }
    model->order = order;
    return OK;
}

errc model_check(struct arena *arena, struct model *model, struct model_problem *problem)
{
    struct checking checking = {.arena = arena, .model = model, .problem = problem};
    TRY(check_measures(&checking));
    TRY(check_elements(&checking));
    TRY(check_order(&checking));
    return checking_uses(&checking);
}

/* Runs the steps of a formula. Reading has seen to it that types fit and the stack suffices; what
 * can still happen is that something is not known, is divided by nought or grows too big, and then
 * there is no value, with the first reason. */
#include "report/formula_inside.h"

#include "base/crash.h"

static struct formula_value has(figure value)
{
    return (struct formula_value){value, FORMULA_HAS};
}

static struct formula_value lacks(enum formula_lack lack)
{
    return (struct formula_value){FIGURE_NONE, lack};
}

static struct formula_value truth_of(bool holds)
{
    return has(holds ? FIGURE_ONE : FIGURE_ZERO);
}

static bool holds(const struct formula_value *value)
{
    return value->lack == FORMULA_HAS && value->figure.num != 0;
}

static bool fails(const struct formula_value *value)
{
    return value->lack == FORMULA_HAS && value->figure.num == 0;
}

static struct formula_value one(const struct formula_step *step, struct formula_value a)
{
    figure result = FIGURE_NONE;
    if (step->op == OP_KNOWN) {
        return truth_of(a.lack == FORMULA_HAS);
    }
    if (a.lack != FORMULA_HAS) {
        return a;
    }
    if (step->op == OP_NOT) {
        return truth_of(fails(&a));
    }
    bool fits = step->op == OP_MINUS ? figure_minus(FIGURE_ZERO, a.figure, &result)
                                     : figure_round(a.figure, (int)step->count, &result);
    return fits ? has(result) : lacks(FORMULA_TOO_BIG);
}

static struct formula_value compute(enum formula_op op, figure a, figure b)
{
    figure result = FIGURE_NONE;
    bool fits = false;
    if (op == OP_OVER && b.num == 0) {
        return lacks(FORMULA_BY_NOUGHT);
    }
    if (op == OP_PLUS) {
        fits = figure_plus(a, b, &result);
    } else if (op == OP_LESS) {
        fits = figure_minus(a, b, &result);
    } else if (op == OP_TIMES) {
        fits = figure_times(a, b, &result);
    } else {
        fits = figure_over(a, b, &result);
    }
    return fits ? has(result) : lacks(FORMULA_TOO_BIG);
}

static bool compares(enum formula_op op, int order)
{
    switch ((int)op) {
    case OP_SAME:
        return order == 0;
    case OP_OTHER:
        return order != 0;
    case OP_BELOW:
        return order < 0;
    case OP_AT_MOST:
        return order <= 0;
    case OP_ABOVE:
        return order > 0;
    default:
        return order >= 0;
    }
}

static struct formula_value two(enum formula_op op, struct formula_value a, struct formula_value b)
{
    if (op == OP_AND && (fails(&a) || fails(&b))) {
        return truth_of(false);
    }
    if (op == OP_OR && (holds(&a) || holds(&b))) {
        return truth_of(true);
    }
    if (op == OP_ELSE) {
        return a.lack == FORMULA_UNKNOWN ? b : a;
    }
    if (a.lack != FORMULA_HAS || b.lack != FORMULA_HAS) {
        return a.lack != FORMULA_HAS ? a : b;
    }
    if (op == OP_AND || op == OP_OR) {
        return truth_of(op == OP_AND);
    }
    bool is_comparison = op >= OP_SAME && op <= OP_AT_LEAST;
    return is_comparison ? truth_of(compares(op, figure_compare(a.figure, b.figure)))
                         : compute(op, a.figure, b.figure);
}

/* Of those that are known; any other reason than that wins. */
static struct formula_value sum(const struct formula_value *values, size_t count)
{
    struct formula_value total = lacks(FORMULA_UNKNOWN);
    for (size_t i = 0; i < count; i++) {
        if (values[i].lack == FORMULA_UNKNOWN) {
            continue;
        }
        total = total.lack == FORMULA_HAS ? two(OP_PLUS, total, values[i]) : values[i];
        if (total.lack != FORMULA_HAS) {
            return total;
        }
    }
    return total;
}

static struct formula_value count_true(const struct formula_value *values, size_t count)
{
    int64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        if (values[i].lack != FORMULA_HAS) {
            return values[i];
        }
        number += values[i].figure.num != 0;
    }
    return has(figure_of(number));
}

static struct formula_value extreme(const struct formula_value *values, size_t count, int sign)
{
    struct formula_value best = values[0];
    for (size_t i = 0; i < count; i++) {
        if (values[i].lack != FORMULA_HAS) {
            return values[i];
        }
        if (figure_compare(values[i].figure, best.figure) * sign > 0) {
            best = values[i];
        }
    }
    return best;
}

static struct formula_value choose(const struct formula_value *values)
{
    return values[0].lack != FORMULA_HAS ? values[0] : values[holds(&values[0]) ? 1 : 2];
}

static struct formula_value many(const struct formula_step *step,
                                 const struct formula_value *values)
{
    switch ((int)step->op) {
    case OP_IF:
        return choose(values);
    case OP_SUM:
        return sum(values, step->count);
    case OP_COUNT:
        return count_true(values, step->count);
    default:
        return extreme(values, step->count, step->op == OP_MIN ? -1 : 1);
    }
}

static size_t takes(const struct formula_step *step)
{
    if (step->op <= OP_USE) {
        return 0;
    }
    return step->op <= OP_ROUND ? 1 : step->op <= OP_ELSE ? 2 : step->count;
}

static struct formula_value run_step(const struct formula_step *step, const figure *values,
                                     const struct formula_value *top)
{
    if (step->op == OP_NUMBER) {
        return has(step->number);
    }
    if (step->op == OP_USE) {
        figure value = values[step->count];
        return figure_is_there(value) ? has(value) : lacks(FORMULA_UNKNOWN);
    }
    if (step->op <= OP_ROUND) {
        return one(step, top[0]);
    }
    return step->op <= OP_ELSE ? two(step->op, top[0], top[1]) : many(step, top);
}

struct formula_value formula_run(const struct formula *formula, const figure *values)
{
    struct formula_value stack[FORMULA_STACK + 1];
    size_t height = 0;
    for (size_t i = 0; i < formula->step_count; i++) {
        const struct formula_step *step = &formula->steps[i];
        height -= takes(step);
        stack[height] = run_step(step, values, &stack[height]);
        height++;
    }
    ENSURE(height == 1);
    return stack[0];
}

const char *formula_lack_name(enum formula_lack lack)
{
    switch (lack) {
    case FORMULA_HAS:
        return "has";
    case FORMULA_UNKNOWN:
        return "unknown";
    case FORMULA_BY_NOUGHT:
        return "by_nought";
    case FORMULA_TOO_BIG:
        return "too_big";
    }
    return "";
}

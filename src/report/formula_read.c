/* Reads a formula by descending through its grammar; types and measures are checked on the way, and
 * what comes out are steps for a machine with a stack. Depth, length and stack have limits here, so
 * that running needs none. */
#include "report/formula_inside.h"

#include "base/crash.h"

struct typed {
    enum formula_type type;
    struct dimension dimension;
    const struct formula_name *of; /* a choice: of which name */
    bool is_nought;                /* a bare 0, which fits every measure */
};

struct reader {
    str text;
    const struct formula_scope *scope;
    struct token token; /* the next one */
    size_t next;
    int depth;
    size_t height; /* of the stack after the last step */
    struct formula_step *steps;
    size_t step_count;
    struct formula_use *uses;
    size_t use_count;
    struct formula_problem *problem;
};

static bool read_any(struct reader *reader, struct typed *ret);

static bool wrong(struct reader *reader, const struct token *token, const char *word)
{
    *reader->problem = (struct formula_problem){token->at, word, token->text};
    return false;
}

static bool step_on(struct reader *reader)
{
    reader->token = formula_token(reader->text, reader->next, &reader->next);
    return reader->token.kind != TOKEN_WRONG || wrong(reader, &reader->token, "not_a_word");
}

static bool is_sign(const struct reader *reader, str sign)
{
    return reader->token.kind == TOKEN_SIGN && str_is(reader->token.text, sign);
}

static bool is_name(const struct reader *reader, str name)
{
    return reader->token.kind == TOKEN_NAME && str_is(reader->token.text, name);
}

static bool take_sign(struct reader *reader, str sign, const char *word)
{
    return is_sign(reader, sign) ? step_on(reader) : wrong(reader, &reader->token, word);
}

/* `takes` values become one. */
static bool emit(struct reader *reader, struct formula_step step, size_t takes)
{
    ENSURE(reader->height >= takes);
    reader->height = reader->height - takes + 1;
    if (reader->step_count == FORMULA_STEPS_MOST || reader->height > FORMULA_STACK) {
        return wrong(reader, &reader->token, "too_long");
    }
    reader->steps[reader->step_count++] = step;
    return true;
}

static bool emit_op(struct reader *reader, enum formula_op op, size_t takes)
{
    return emit(reader, (struct formula_step){.op = op, .count = takes}, takes);
}

static bool deeper(struct reader *reader)
{
    return ++reader->depth <= FORMULA_DEPTH || wrong(reader, &reader->token, "too_deep");
}

/* --- types ----------------------------------------------------------------------------------- */

static struct typed bare(bool is_nought)
{
    return (struct typed){.type = FORMULA_NUMBER, .is_nought = is_nought};
}

static struct typed truth(void)
{
    return (struct typed){.type = FORMULA_TRUTH};
}

static bool must_be(struct reader *reader, const struct token *at, const struct typed *typed,
                    enum formula_type type)
{
    static const char *const words[] = {"number_expected", "truth_expected", "choice_expected"};
    return typed->type == type || wrong(reader, at, words[type]);
}

/* Two that are added, compared or chosen between: of one type and one measure. */
static bool must_fit(struct reader *reader, const struct token *at, struct typed *a,
                     const struct typed *b)
{
    if (a->type != b->type || a->of != b->of) {
        return wrong(reader, at, "two_types");
    }
    if (a->is_nought) {
        *a = *b;
    } else if (!b->is_nought && !dimension_same(&a->dimension, &b->dimension)) {
        return wrong(reader, at, "two_measures");
    }
    return true;
}

/* --- single things --------------------------------------------------------------------------- */

static bool is_word(const struct reader *reader)
{
    return is_name(reader, S("and")) || is_name(reader, S("or")) || is_name(reader, S("not"));
}

static bool read_measure(struct reader *reader, struct formula_step *step, struct typed *typed)
{
    struct token token = reader->token;
    const struct measure *measure =
        measure_find(reader->scope->measures, reader->scope->measure_count, token.text);
    if (measure == NULL) {
        return wrong(reader, &token, "unknown_measure");
    }
    if (!figure_times(step->number, measure->factor, &step->number)) {
        return wrong(reader, &token, "number_too_big");
    }
    *typed = (struct typed){.type = FORMULA_NUMBER, .dimension = dimension_of(measure->base)};
    return step_on(reader);
}

static bool read_number(struct reader *reader, struct typed *ret)
{
    struct formula_step step = {.op = OP_NUMBER, .number = reader->token.number};
    *ret = bare(step.number.num == 0);
    if (!step_on(reader)) {
        return false;
    }
    if (is_sign(reader, S("%"))) {
        figure hundred = figure_of(100);
        *ret = bare(false);
        if (!figure_over(step.number, hundred, &step.number)) {
            return wrong(reader, &reader->token, "number_too_big");
        }
        return step_on(reader) && emit(reader, step, 0);
    }
    if (reader->token.kind == TOKEN_NAME && !is_word(reader) && !read_measure(reader, &step, ret)) {
        return false;
    }
    return emit(reader, step, 0);
}

static size_t find_use(struct reader *reader, size_t name, enum formula_when when)
{
    for (size_t i = 0; i < reader->use_count; i++) {
        if (reader->uses[i].name == name && reader->uses[i].when == when) {
            return i;
        }
    }
    reader->uses[reader->use_count] = (struct formula_use){name, when};
    return reader->use_count++;
}

static bool read_element(struct reader *reader, const struct token *token, enum formula_when when,
                         struct typed *ret)
{
    const struct formula_scope *scope = reader->scope;
    for (size_t i = 0; i < scope->name_count; i++) {
        const struct formula_name *name = &scope->names[i];
        if (str_is(name->name, token->text)) {
            *ret = (struct typed){.type = name->type, .dimension = name->dimension};
            ret->of = name->type == FORMULA_CHOICE ? name : NULL;
            size_t use = reader->step_count < FORMULA_STEPS_MOST ? find_use(reader, i, when) : 0;
            return emit(reader, (struct formula_step){.op = OP_USE, .count = use}, 0);
        }
    }
    return wrong(reader, token, "unknown_name");
}

/* --- functions ------------------------------------------------------------------------------- */

struct function {
    str name;
    enum formula_op op;
    size_t least;
    size_t most;
};

static const struct function functions[] = {
    {{"if", 2}, OP_IF, 3, 3},
    {{"min", 3}, OP_MIN, 1, FORMULA_ARGUMENTS_MOST},
    {{"max", 3}, OP_MAX, 1, FORMULA_ARGUMENTS_MOST},
    {{"sum", 3}, OP_SUM, 1, FORMULA_ARGUMENTS_MOST},
    {{"count", 5}, OP_COUNT, 1, FORMULA_ARGUMENTS_MOST},
    {{"known", 5}, OP_KNOWN, 1, 1},
    {{"else", 4}, OP_ELSE, 2, 2},
    {{"round", 5}, OP_ROUND, 2, 2},
};

static const struct function *find_function(str name)
{
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        if (str_is(functions[i].name, name)) {
            return &functions[i];
        }
    }
    return NULL;
}

/* What the next argument does to the result so far. */
static bool take_argument(struct reader *reader, enum formula_op op, size_t number,
                          const struct token *at, struct typed *result)
{
    struct typed argument;
    if (!read_any(reader, &argument)) {
        return false;
    }
    bool is_condition = op == OP_COUNT || (op == OP_IF && number == 0);
    bool is_number = op == OP_MIN || op == OP_MAX || op == OP_SUM || op == OP_ROUND;
    if (is_condition) {
        *result = op == OP_COUNT ? bare(false) : truth();
        return must_be(reader, at, &argument, FORMULA_TRUTH);
    }
    if (is_number && !must_be(reader, at, &argument, FORMULA_NUMBER)) {
        return false;
    }
    if (number == (op == OP_IF ? 1 : 0)) {
        *result = op == OP_KNOWN ? truth() : argument;
        return true;
    }
    return must_fit(reader, at, result, &argument);
}

/* The decimals of round() are part of the step. */
static bool read_decimals(struct reader *reader, struct formula_step *step)
{
    figure decimals = reader->token.number;
    if (reader->token.kind != TOKEN_NUMBER || !figure_is_whole(decimals) ||
        decimals.num > FIGURE_DECIMALS_MOST) {
        return wrong(reader, &reader->token, "decimals_expected");
    }
    step->count = (size_t)decimals.num;
    return step_on(reader);
}

static bool read_arguments(struct reader *reader, const struct function *function,
                           struct typed *ret)
{
    size_t count = 0;
    struct formula_step step = {.op = function->op};
    do {
        struct token at = reader->token;
        if (count == function->most) {
            return wrong(reader, &at, "too_many_arguments");
        }
        bool taken = function->op == OP_ROUND && count == 1
                         ? read_decimals(reader, &step)
                         : take_argument(reader, function->op, count, &at, ret);
        if (!taken) {
            return false;
        }
        count++;
    } while (is_sign(reader, S(",")) && step_on(reader));
    if (count < function->least) {
        return wrong(reader, &reader->token, "too_few_arguments");
    }
    if (function->op == OP_ROUND) {
        return emit(reader, step, 1);
    }
    return emit_op(reader, function->op, count);
}

static bool read_earlier(struct reader *reader, enum formula_when when, struct typed *ret)
{
    struct token token = reader->token;
    if (token.kind != TOKEN_NAME) {
        return wrong(reader, &token, "name_expected");
    }
    return step_on(reader) && read_element(reader, &token, when, ret);
}

static bool read_call(struct reader *reader, const struct token *name, struct typed *ret)
{
    const struct function *function = find_function(name->text);
    bool read = false;
    if (!step_on(reader) || !deeper(reader)) {
        return false;
    }
    if (str_is(name->text, S("previous"))) {
        read = read_earlier(reader, FORMULA_PREVIOUS, ret);
    } else if (str_is(name->text, S("last_year"))) {
        read = read_earlier(reader, FORMULA_LAST_YEAR, ret);
    } else if (function == NULL) {
        return wrong(reader, name, "unknown_function");
    } else {
        read = read_arguments(reader, function, ret);
    }
    reader->depth--;
    return read && take_sign(reader, S(")"), "bracket_expected");
}

static bool read_single(struct reader *reader, struct typed *ret)
{
    struct token token = reader->token;
    if (token.kind == TOKEN_NUMBER) {
        return read_number(reader, ret);
    }
    if (token.kind == TOKEN_NAME && !is_word(reader)) {
        if (!step_on(reader)) {
            return false;
        }
        return is_sign(reader, S("(")) ? read_call(reader, &token, ret)
                                       : read_element(reader, &token, FORMULA_NOW, ret);
    }
    if (!is_sign(reader, S("("))) {
        return wrong(reader, &token, "value_expected");
    }
    bool read = deeper(reader) && step_on(reader) && read_any(reader, ret);
    reader->depth--;
    return read && take_sign(reader, S(")"), "bracket_expected");
}

/* --- operators ------------------------------------------------------------------------------- */

static bool read_minus(struct reader *reader, struct typed *ret)
{
    struct token token = reader->token;
    if (!is_sign(reader, S("-"))) {
        return read_single(reader, ret);
    }
    bool read = deeper(reader) && step_on(reader) && read_minus(reader, ret);
    reader->depth--;
    return read && must_be(reader, &token, ret, FORMULA_NUMBER) && emit_op(reader, OP_MINUS, 1);
}

static bool read_product(struct reader *reader, struct typed *ret)
{
    if (!read_minus(reader, ret)) {
        return false;
    }
    while (is_sign(reader, S("*")) || is_sign(reader, S("/"))) {
        struct token token = reader->token;
        struct typed right;
        bool over = is_sign(reader, S("/"));
        if (!step_on(reader) || !read_minus(reader, &right) ||
            !must_be(reader, &token, ret, FORMULA_NUMBER) ||
            !must_be(reader, &token, &right, FORMULA_NUMBER)) {
            return false;
        }
        if (!dimension_join(&ret->dimension, &right.dimension, over ? -1 : 1, &ret->dimension)) {
            return wrong(reader, &token, "measure_too_strange");
        }
        ret->is_nought = false;
        if (!emit_op(reader, over ? OP_OVER : OP_TIMES, 2)) {
            return false;
        }
    }
    return true;
}

static bool read_sum(struct reader *reader, struct typed *ret)
{
    if (!read_product(reader, ret)) {
        return false;
    }
    while (is_sign(reader, S("+")) || is_sign(reader, S("-"))) {
        struct token token = reader->token;
        struct typed right;
        bool less = is_sign(reader, S("-"));
        if (!step_on(reader) || !read_product(reader, &right) ||
            !must_be(reader, &token, ret, FORMULA_NUMBER) ||
            !must_fit(reader, &token, ret, &right) ||
            !emit_op(reader, less ? OP_LESS : OP_PLUS, 2)) {
            return false;
        }
    }
    return true;
}

static bool find_comparison(const struct reader *reader, enum formula_op *ret_op)
{
    static const struct {
        str sign;
        enum formula_op op;
    } comparisons[] = {{{"=", 1}, OP_SAME},     {{"!=", 2}, OP_OTHER}, {{"<", 1}, OP_BELOW},
                       {{"<=", 2}, OP_AT_MOST}, {{">", 1}, OP_ABOVE},  {{">=", 2}, OP_AT_LEAST}};
    for (size_t i = 0; i < COUNT_OF(comparisons); i++) {
        if (is_sign(reader, comparisons[i].sign)) {
            *ret_op = comparisons[i].op;
            return true;
        }
    }
    return false;
}

/* `kind = "ip"`: the code on the right must be one of the name's. */
static bool read_code(struct reader *reader, const struct formula_name *of)
{
    for (size_t i = 0; i < of->choice_count; i++) {
        if (str_is(of->choices[i], reader->token.text)) {
            figure number = figure_of((int64_t)i);
            return step_on(reader) &&
                   emit(reader, (struct formula_step){.op = OP_NUMBER, .number = number}, 0);
        }
    }
    return wrong(reader, &reader->token, "unknown_choice");
}

static bool read_right(struct reader *reader, const struct token *at, enum formula_op op,
                       struct typed *left)
{
    struct typed right;
    bool is_order = op != OP_SAME && op != OP_OTHER;
    if (is_order && !must_be(reader, at, left, FORMULA_NUMBER)) {
        return false;
    }
    if (left->type == FORMULA_CHOICE && reader->token.kind == TOKEN_TEXT) {
        return read_code(reader, left->of);
    }
    return read_sum(reader, &right) && must_fit(reader, at, left, &right);
}

static bool read_comparison(struct reader *reader, struct typed *ret)
{
    enum formula_op op;
    if (!read_sum(reader, ret)) {
        return false;
    }
    if (!find_comparison(reader, &op)) {
        return true;
    }
    struct token token = reader->token;
    if (!step_on(reader) || !read_right(reader, &token, op, ret)) {
        return false;
    }
    *ret = truth();
    return emit_op(reader, op, 2);
}

static bool read_not(struct reader *reader, struct typed *ret)
{
    struct token token = reader->token;
    if (!is_name(reader, S("not"))) {
        return read_comparison(reader, ret);
    }
    bool read = deeper(reader) && step_on(reader) && read_not(reader, ret);
    reader->depth--;
    return read && must_be(reader, &token, ret, FORMULA_TRUTH) && emit_op(reader, OP_NOT, 1);
}

static bool read_and(struct reader *reader, struct typed *ret)
{
    if (!read_not(reader, ret)) {
        return false;
    }
    while (is_name(reader, S("and"))) {
        struct token token = reader->token;
        struct typed right;
        if (!step_on(reader) || !read_not(reader, &right) ||
            !must_be(reader, &token, ret, FORMULA_TRUTH) ||
            !must_be(reader, &token, &right, FORMULA_TRUTH) || !emit_op(reader, OP_AND, 2)) {
            return false;
        }
    }
    return true;
}

static bool read_any(struct reader *reader, struct typed *ret)
{
    if (!read_and(reader, ret)) {
        return false;
    }
    while (is_name(reader, S("or"))) {
        struct token token = reader->token;
        struct typed right;
        if (!step_on(reader) || !read_and(reader, &right) ||
            !must_be(reader, &token, ret, FORMULA_TRUTH) ||
            !must_be(reader, &token, &right, FORMULA_TRUTH) || !emit_op(reader, OP_OR, 2)) {
            return false;
        }
    }
    return true;
}

static bool read_whole(struct reader *reader, struct typed *ret)
{
    if (reader->text.len > FORMULA_TEXT_MOST) {
        struct token all = {.at = FORMULA_TEXT_MOST};
        return wrong(reader, &all, "too_long");
    }
    if (!step_on(reader) || !read_any(reader, ret)) {
        return false;
    }
    return reader->token.kind == TOKEN_END || wrong(reader, &reader->token, "end_expected");
}

/* Read into arrays of the largest size, kept in the size that it has. */
static errc keep(struct arena *arena, const struct reader *reader, struct formula *ret_formula)
{
    struct formula_step *steps =
        arena_take_array(arena, reader->step_count + 1, sizeof *reader->steps);
    struct formula_use *uses = arena_take_array(arena, reader->use_count + 1, sizeof *reader->uses);
    if (steps == NULL || uses == NULL) {
        return ERR_NO_MEMORY;
    }
    memcpy(steps, reader->steps, reader->step_count * sizeof *steps);
    memcpy(uses, reader->uses, reader->use_count * sizeof *uses);
    ret_formula->steps = steps;
    ret_formula->step_count = reader->step_count;
    ret_formula->uses = uses;
    ret_formula->use_count = reader->use_count;
    return OK;
}

errc formula_read(struct arena *arena, str text, const struct formula_scope *scope,
                  struct formula *ret_formula, struct formula_problem *problem)
{
    struct formula_step steps[FORMULA_STEPS_MOST];
    struct formula_use uses[FORMULA_STEPS_MOST];
    struct typed typed;
    struct reader reader = {
        .text = text, .scope = scope, .problem = problem, .steps = steps, .uses = uses};
    if (!read_whole(&reader, &typed)) {
        return ERR_INVALID;
    }
    *ret_formula = (struct formula){.type = typed.type, .dimension = typed.dimension};
    return keep(arena, &reader, ret_formula);
}

/* A formula of strangers: whatever is read runs to its end, with values of every kind. */
#include "base/base.h"
#include "base/crash.h"
#include "report/formula.h"

static const struct measure measures[] = {{{"thon", 4}, 1, {1, 1}},
                                          {{"ty_dong", 7}, 2, {1000000000, 1}}};
static const str codes[] = {{"ip", 2}, {"fm", 2}};
static const struct formula_name names[] = {
    {.name = {"a", 1}, .type = FORMULA_NUMBER},
    {.name = {"b", 1}, .type = FORMULA_NUMBER, .dimension = {.at = {{1, 1}}, .count = 1}},
    {.name = {"c", 1}, .type = FORMULA_TRUTH},
    {.name = {"d", 1}, .type = FORMULA_CHOICE, .choices = codes, .choice_count = 2},
};
static const struct formula_scope scope = {names, COUNT_OF(names), measures, COUNT_OF(measures)};

static void run(const struct formula *formula, size_t turn)
{
    static const figure kinds[] = {{0, 0}, {0, 1}, {1, 1}, {-7, 3}, {INT64_MAX, 1}, {1, INT64_MAX}};
    figure values[FORMULA_STEPS_MOST];
    for (size_t i = 0; i < formula->use_count; i++) {
        bool is_number = names[formula->uses[i].name].type == FORMULA_NUMBER;
        values[i] = kinds[(turn + i) % (is_number ? COUNT_OF(kinds) : 3)];
    }
    struct formula_value value = formula_run(formula, values);
    ENSURE((value.lack == FORMULA_HAS) == figure_is_there(value.figure));
    ENSURE(formula->type != FORMULA_TRUTH || value.lack != FORMULA_HAS ||
           (value.figure.den == 1 && (value.figure.num == 0 || value.figure.num == 1)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct formula formula;
    struct formula_problem problem = {0, NULL, STR_NONE};
    str text = {(const char *)data, size};
    if (arena_create(1 << 20, &arena) != OK) {
        return 0;
    }
    errc rc = formula_read(arena, text, &scope, &formula, &problem);
    ENSURE(rc == OK || (rc == ERR_INVALID && problem.word != NULL && problem.at <= size));
    for (size_t turn = 0; rc == OK && turn < 6; turn++) {
        run(&formula, turn);
    }
    return 0;
}

/* The small language in which indicators are data. A formula is read once against the names it may
 * use, with its types and measures checked; then it runs any number of times, in bounded time, and
 * cannot do anything but compute.
 *
 *   villages_with_phone = villages and villages_with_internet = villages
 *   if(speaker_kind = "ip", clusters, 0)
 *   sum(paid_central, paid_local) / planned
 *   clusters >= 3 cum and else(repairs, 0) < 2
 *
 *   or, and, not · = != < <= > >= · + - * / · - · ( )
 *   if(condition, a, b)   min(a, …)  max(a, …)  round(a, decimals)
 *   sum(a, …)      of those that are known; nothing when none is
 *   count(c, …)    how many of the conditions hold
 *   known(a)       whether there is a value       else(a, b)    b when there is none
 *   previous(name) the element one period before  last_year(name)
 *
 * What is not known makes what is computed from it not known, except where a result is certain all
 * the same (false and anything is false). A number may carry a measure: 3 thon, 11.5 ty_dong, 95%.
 * A bare 0 fits every measure. */
#ifndef LOA_REPORT_FORMULA_H
#define LOA_REPORT_FORMULA_H

#include "report/measure.h"

enum {
    FORMULA_TEXT_MOST = 2000,
    FORMULA_STEPS_MOST = 400,
    FORMULA_DEPTH = 32, /* of brackets */
    FORMULA_STACK = 64, /* values at once */
    FORMULA_ARGUMENTS_MOST = 30,
};

enum formula_type { FORMULA_NUMBER, FORMULA_TRUTH, FORMULA_CHOICE };

/* A name that a formula may use. */
struct formula_name {
    str name;
    enum formula_type type;
    struct dimension dimension; /* of numbers */
    const str *choices;         /* of choices: their codes; a value is the index */
    size_t choice_count;
};

struct formula_scope {
    const struct formula_name *names;
    size_t name_count;
    const struct measure *measures;
    size_t measure_count;
};

enum formula_when { FORMULA_NOW, FORMULA_PREVIOUS, FORMULA_LAST_YEAR };

struct formula_use {
    size_t name; /* index into the scope */
    enum formula_when when;
};

/* In an arena; a loan of the scope is not needed after reading. */
struct formula {
    enum formula_type type;
    struct dimension dimension;
    const struct formula_step *steps;
    size_t step_count;
    const struct formula_use *uses; /* each once, in the order of their first use */
    size_t use_count;
};

/* Where a formula is wrong: a byte, a key of the catalogue (`formula.<word>`), and the words in
 * question. */
struct formula_problem {
    size_t at;
    const char *word;
    str what;
};

/* ERR_INVALID with the problem filled in, or ERR_NO_MEMORY. */
CHECKED errc formula_read(struct arena *arena, str text, const struct formula_scope *scope,
                          struct formula *ret_formula, struct formula_problem *problem);

/* Why there is no value. */
enum formula_lack { FORMULA_HAS, FORMULA_UNKNOWN, FORMULA_BY_NOUGHT, FORMULA_TOO_BIG };

/* Truth is 0 or 1; a choice its index; a number in base measures. */
struct formula_value {
    figure figure;
    enum formula_lack lack;
};

/* `values` in the order of formula->uses; numbers in base measures, FIGURE_NONE: not known. */
struct formula_value formula_run(const struct formula *formula, const figure *values);
const char *formula_lack_name(enum formula_lack lack);

#endif

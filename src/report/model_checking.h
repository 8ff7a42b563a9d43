/* What the two halves of checking a package share. */
#ifndef LOA_REPORT_MODEL_CHECKING_H
#define LOA_REPORT_MODEL_CHECKING_H

#include "report/model_inside.h"

struct checking {
    struct arena *arena;
    struct model *model;
    struct model_problem *problem;
    struct measure *measures;
    struct formula_name *names; /* of elements, then room for thresholds */
    size_t *element_of;         /* the element of a name */
    size_t *name_of;            /* the name of an element, or SIZE_MAX */
    size_t name_count;
};

/* Notes the problem; ERR_INVALID. */
errc checking_wrong(struct checking *checking, const char *word, str what, const char *format, ...)
    PRINTF_LIKE(4, 5);
CHECKED bool checking_dimension(const struct model *model, str measure,
                                struct dimension *ret_dimension);
/* Its uses name elements by their index; those past the last element are thresholds. */
CHECKED errc checking_formula(struct checking *checking, str text, size_t thresholds,
                              struct formula *ret_formula, const char *where);
CHECKED errc checking_uses(struct checking *checking);

#endif

/* What figures make of an indicator and of a criteria set. Pure: values in, states out, each with
 * the elements that it came from, so that a page can say "8.2 is not met, because 11 of 12". */
#ifndef LOA_REPORT_APPRAISE_H
#define LOA_REPORT_APPRAISE_H

#include "report/model.h"

/* One unit's values of one period, by element, in the elements' own measures; FIGURE_NONE: nothing
 * was said. Computed elements are filled in by model_compute. */
struct unit_values {
    const figure *now;
    const figure *previous; /* null: there is no such period */
    const figure *last_year;
};

/* Computes all computed elements into `values` (one for each element of the model), in their order;
 * the earlier periods may be null. A computed element that has no value is FIGURE_NONE. */
void model_compute(const struct model *model, figure *values, const figure *previous,
                   const figure *last_year);

/* Numerator and denominator are summed over units before they are divided: a percentage is never an
 * average of percentages. */
struct indicator_sum {
    figure over;
    figure under;
    int64_t units;   /* that are counted */
    int64_t unknown; /* of these: that lack what it needs; they count in neither */
    bool too_big;
};

void indicator_sum_init(struct indicator_sum *sum);
void indicator_add(const struct model *model, const struct model_indicator *indicator,
                   const struct unit_values *values, struct indicator_sum *sum);
/* FIGURE_NONE when nobody has a value, or the denominator is 0. In the indicator's measure. */
figure indicator_result(const struct model *model, const struct model_indicator *indicator,
                        const struct indicator_sum *sum);

/* Stored; for ever. */
enum mark_state { MARK_UNKNOWN = 0, MARK_NOT_MET = 1, MARK_NEARLY = 2, MARK_MET = 3 };

struct mark_result {
    enum mark_state state;
    bool is_unverified; /* a threshold that nobody has verified decided */
    bool is_open;       /* a threshold that is left to the province is not set */
};

struct mark_result mark_appraise(const struct model *model, const struct model_mark *mark,
                                 str region, const struct unit_values *values);
/* The worst of its marks, of which what is not known is worse than not met only when nothing is
 * known to be not met. */
struct mark_result criterion_appraise(const struct model *model,
                                      const struct model_criterion *criterion, str region,
                                      const struct unit_values *values);
const char *mark_state_name(enum mark_state state);

#endif

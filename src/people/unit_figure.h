/* Dated figures of units: how many people live there. A unit without a figure of its own has the
 * sum of those below it; one that a reform made has what its land and people brought along, by the
 * declared shares of its lineage. What nobody has told is unknown, never nought. */
#ifndef LOA_PEOPLE_UNIT_FIGURE_H
#define LOA_PEOPLE_UNIT_FIGURE_H

#include "people/forest.h"
#include "people/unit_job.h"

enum { UNIT_FIGURES_MOST = 500, FIGURE_SOURCE_MOST = 200 };

#define FIGURE_VALUE_MOST ((int64_t)1000000000)

enum unit_figure_kind { FIGURE_POPULATION };

const char *unit_figure_name(enum unit_figure_kind kind);
CHECKED bool unit_figure_parse(str name, enum unit_figure_kind *ret_kind);

struct unit_figure {
    enum unit_figure_kind kind;
    day from;
    int64_t value;
    str source;
};

struct unit_figures {
    const struct unit_figure *at; /* the newest first */
    size_t count;
};

CHECKED errc unit_figure_list(struct db *db, unit_id unit, struct arena *arena,
                              struct unit_figures *ret_figures, struct why *why);
/* Replaces the one of the same day. Who may is the caller's business. */
CHECKED errc unit_figure_put(struct db *db, const struct actor *actor, unit_id unit,
                             const struct unit_figure *figure, struct why *why);

struct unit_set {
    const unit_id *at;
    size_t count;
};

struct unit_sum {
    int64_t value;
    bool is_whole; /* false: of some part nothing is known */
};

/* Of several units together as of the tree's day, each person once. */
CHECKED errc unit_figure_sum(struct db *db, struct tree tree, enum unit_figure_kind kind,
                             struct unit_set units, struct arena *arena, struct unit_sum *ret_sum,
                             struct why *why);

/* Pure: the same over figures that are at hand, ascending by unit. */
struct unit_value {
    unit_id unit;
    int64_t value;
};
struct unit_sum unit_figure_add(struct tree tree, const struct unit_value *values,
                                size_t value_count, struct unit_set units);

#endif

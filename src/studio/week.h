/* A week of a unit once more: what was put on single days, and programmes of single days, come
 * again so many days later. What recurs anyway is left alone, and so is a day that has something of
 * its own already. A bulletin comes along only while it is approved and valid then. */
#ifndef LOA_STUDIO_WEEK_H
#define LOA_STUDIO_WEEK_H

#include "studio/airing.h"

enum week_result { WEEK_COPIED, WEEK_THERE, WEEK_NOT_VALID };
enum { WEEK_RESULTS = 3, WEEK_LINES_MOST = 2000 };

struct week_line {
    int64_t programme; /* where it was copied to */
    str name;
    day from;
    day to;
    enum week_result result;
};
struct week_lines {
    const struct week_line *at;
    size_t count;
};

const char *week_result_name(enum week_result result);

/* Seven days from `from` come again from `to` on. Needs PROGRAMMES_WRITE over the unit. */
struct week_copy {
    unit_id unit;
    day from;
    day to;
    bool dry; /* only what would happen */
};
CHECKED errc week_copy(const struct desk *desk, struct db *db, const struct week_copy *copy,
                       struct week_lines *ret_lines, struct why *why);

#endif

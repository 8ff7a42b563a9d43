/* The one place that judges a change of units. It looks at each edit of a patch, tries the patch on
 * a copy of the ledger and looks at the outcome: codes borne twice, children without a parent,
 * shares that do not add up. Pure: nothing is written. */
#ifndef LOA_PEOPLE_UNIT_CHECK_H
#define LOA_PEOPLE_UNIT_CHECK_H

#include "people/forest.h"
#include "people/unit_patch.h"

enum unit_problem_code {
#define X(name, severity, key) name,
#include "people/unit_problems.def"
#undef X
};

enum unit_severity { UNIT_ERROR, UNIT_WARNING };

struct unit_problem {
    enum unit_problem_code code;
    size_t origin; /* step or line, from 1; 0: of the whole */
    str column;    /* heading in a file, or empty */
    str about;     /* a name or code that is concerned, or empty */
};

enum { UNIT_PROBLEMS_MOST = 2000 }; /* past it only counted */

struct unit_problems {
    struct arena *arena;
    struct unit_problem *items;
    size_t count;
    size_t errors; /* all of them, listed or not */
    size_t warnings;
};

const char *unit_problem_key(enum unit_problem_code code); /* "unit_unknown" */
enum unit_severity unit_problem_severity(enum unit_problem_code code);

CHECKED errc unit_problems_init(struct unit_problems *problems, struct arena *arena);
/* Copies `about`. */
void unit_problem_add(struct unit_problems *problems, enum unit_problem_code code, size_t origin,
                      str about);

/* What the forest would be with the patch applied as a batch of the next id. Returns OK also when
 * the patch is wrong: then problems->errors counts and *ret_after is null. The batch of the copy
 * bears the title. */
struct unit_trial {
    const struct forest *before;
    const struct unit_patch *patch;
    const struct unit_batch *batch; /* its id is chosen here when 0 */
};
CHECKED errc unit_check(const struct unit_trial *trial, struct unit_problems *problems,
                        struct forest **ret_after, struct why *why);

#endif

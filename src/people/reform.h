/* A reform (sắp xếp đơn vị hành chính): one reviewed batch of steps with one effective day. It is a
 * document: its steps are kept as written, a draft can be previewed against the units of the day,
 * applying makes one batch of them, and undoing takes that batch back while nothing depends on it.
 *
 * Everything happens at the first moment of the day, all steps together:
 *   merge   the sources go into a new unit, or into one that lives on (`unit`). A source that gives
 *           itself whole, a rest, or declared shares that add up to 1 ends, and so does one that an
 *           `end` step names; a source that only gives parts away lives on with what is left.
 *   rename, recode, rekind, move   a unit that lives on
 *   end     a unit without successor; what still stands below it moves up to its parent
 *   begin   a new unit out of nothing
 * Villages and other children of a source that goes whole into one unit follow it there, unless a
 * step says otherwise; when a source is divided, a step must say for each. */
#ifndef LOA_PEOPLE_REFORM_H
#define LOA_PEOPLE_REFORM_H

#include "base/json_in.h"
#include "base/json_out.h"
#include "people/forest.h"
#include "people/unit_check.h"

enum { REFORM_STEPS_MOST = 20000, REFORM_SOURCES_MOST = 256, REFORM_TITLE_MOST = 300 };

enum reform_op {
    REFORM_MERGE,
    REFORM_RENAME,
    REFORM_RECODE,
    REFORM_REKIND,
    REFORM_MOVE,
    REFORM_END,
    REFORM_BEGIN,
};

struct reform_source {
    unit_id unit;
    enum link_relation relation;
    share share; /* LINK_PART: declared or not */
};

struct reform_step {
    enum reform_op op;
    const struct reform_source *sources; /* merge */
    size_t source_count;
    unit_id unit;   /* rename, recode, rekind, move, end; merge into a unit that lives on, else 0 */
    unit_id parent; /* move, begin, merge into a new unit; -n: the unit that step n begins */
    int kind;       /* rekind, begin, merge into a new unit */
    str name;
    str code;
    size_t origin; /* what problems point at; 0: the step's own number */
};

struct reform_steps {
    const struct reform_step *steps;
    size_t count;
};

const char *reform_op_name(enum reform_op op); /* "merge" */

/* Steps to a patch on that day, and the problems found on the way. The patch may be empty or not
 * make sense when problems->errors is not 0. `tree` is the forest on the effective day. */
CHECKED errc reform_plan(struct tree tree, const struct reform_steps *steps,
                         struct unit_patch *patch, struct unit_problems *problems);

struct reform_line {
    const char *kind; /* the step's op, or "follow" */
    str text;         /* "Xã A + 2/5 Xã B → Xã C": names and signs, no words */
};

struct reform_preview {
    size_t ends;
    size_t begins;
    size_t renames;
    size_t moves;
    size_t parts;
    const struct reform_line *lines;
    size_t line_count;
    struct unit_problems problems;
};

/* Plans, tries and describes. *ret_after (may be null) is the forest as it would be, or null. */
struct reform_trial {
    const struct forest *before;
    day on;
    str title;
    const struct reform_steps *steps;
    struct arena *arena;
};
CHECKED errc reform_preview(const struct reform_trial *trial, struct unit_patch *ret_patch,
                            struct reform_preview *ret_preview, struct forest **ret_after,
                            struct why *why);

/* JSON as docs/operator/units.md describes it. A unit is named by its id, or by its official code
 * as a text (the unit that bears it on the eve of the day). Everything in the arena. The field that
 * is wrong is in `bad` as steps[3].name. */
CHECKED errc reform_steps_parse(const struct json_value *array, struct tree eve,
                                struct arena *arena, struct reform_steps *ret_steps,
                                struct bad_field *bad);
void reform_steps_write(struct json_out *out, const struct tier_set *tiers,
                        const struct reform_steps *steps);

#endif

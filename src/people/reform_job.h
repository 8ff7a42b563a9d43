/* Reforms in the store: drafts that people work on, previews, applying and undoing. Steps are kept
 * as JSON with unit ids, as reform_steps_write() makes it. */
#ifndef LOA_PEOPLE_REFORM_JOB_H
#define LOA_PEOPLE_REFORM_JOB_H

#include "people/reform.h"
#include "people/unit_job.h"

enum reform_state { REFORM_DRAFT, REFORM_APPLIED, REFORM_UNDONE };

const char *reform_state_name(enum reform_state state); /* "draft" */

struct reform {
    int64_t id;
    str title;
    str decree;
    day on;
    enum reform_state state;
    batch_id batch; /* 0: not applied */
    int64_t created_by;
    str created_name;
    usec created_at;
    int64_t applied_by;
    str applied_name;
    usec applied_at; /* 0: not applied */
    bool can_undo;
    /* A catalogue key, `reform.why_not_undo.<key>`: not_applied, undone, later_change, or what
     * depends on its units ("accounts"). Null when it can be undone. */
    const char *why_not_undo;
};

struct reform_draft {
    str title;
    str decree;
    day on;
    const struct json_value *steps;
};

struct reforms {
    const struct reform *items;
    size_t count;
    int64_t next; /* before_id of the next page, or 0 */
};

/* Reading jobs. `before_id` 0: from the newest. */
CHECKED errc reform_page(const struct unit_job *job, struct db *db, int64_t before_id, size_t most,
                         struct reforms *ret_reforms, struct why *why);
/* With its steps, and what it would do (a draft, against the units of now) or did. */
struct reform_view {
    struct reform reform;
    struct reform_steps steps;
    struct reform_preview preview; /* of a draft; for others only its lines and figures */
};
CHECKED errc reform_get(const struct unit_job *job, struct db *db, int64_t id,
                        struct reform_view *ret_view, struct why *why);

/* Writing jobs; RIGHT_REFORMS_WRITE over every unit that the steps touch. ERR_CONFLICT when its
 * state does not allow it; apply answers ERR_CONFLICT also when the preview has errors. */
CHECKED errc reform_create(const struct unit_job *job, struct db *db,
                           const struct reform_draft *draft, int64_t *ret_id, struct why *why);
CHECKED errc reform_replace(const struct unit_job *job, struct db *db, int64_t id,
                            const struct reform_draft *draft, struct why *why);
CHECKED errc reform_remove(const struct unit_job *job, struct db *db, int64_t id, struct why *why);
CHECKED errc reform_apply(const struct unit_job *job, struct db *db, int64_t id, struct why *why);
/* ERR_IN_USE: something depends on it. */
CHECKED errc reform_undo(const struct unit_job *job, struct db *db, int64_t id, struct why *why);

#endif

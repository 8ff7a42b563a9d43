/* For unit_job_rows.c, reform_rows.c and import_rows.c: the way of every batch into the store. */
#ifndef LOA_PEOPLE_UNIT_WRITE_H
#define LOA_PEOPLE_UNIT_WRITE_H

#include "people/unit_job.h"
#include "people/unit_rows.h"

struct unit_writing {
    const struct unit_job *job;
    struct db *db;
    enum right right;
    struct forest *forest; /* as it is; held */
    struct unit_state state;
};

/* Takes the forest of this moment; unit_write_finish drops it. */
CHECKED errc unit_write_start(const struct unit_job *job, struct db *db, enum right right,
                              struct unit_writing *ret_writing, struct why *why);
void unit_write_finish(struct unit_writing *writing); /* for AUTO; accepts a zeroed one */

/* Checks a patch, and that the actor may touch every unit in it. OK with *ret_after null: see the
 * problems. ERR_FORBIDDEN names a unit. The batch gets its id. */
CHECKED errc unit_write_check(const struct unit_writing *writing, const struct unit_patch *patch,
                              struct unit_batch *batch, struct unit_problems *problems,
                              struct forest **ret_after, struct why *why);
/* Only the second half of it: for patches that were checked by an import. */
CHECKED errc unit_write_may(const struct unit_writing *writing, const struct unit_patch *patch,
                            struct why *why);
/* Writes what was checked and announces it; the caller writes the audit line. */
CHECKED errc unit_write_batch(const struct unit_writing *writing, const struct forest *after,
                              const struct unit_batch *batch, size_t begun, struct why *why);

struct unit_audit {
    const char *action;
    const char *subject_kind;
    int64_t subject;
    str name;
    unit_id unit; /* whose keepers may read of it; 0: none */
    str before;
    str after;
};
CHECKED errc unit_write_audit(const struct unit_writing *writing, const struct unit_audit *audit,
                              struct why *why);

#endif

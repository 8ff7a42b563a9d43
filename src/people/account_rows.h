/* What the files that change accounts share; not for other rooms. */
#ifndef LOA_PEOPLE_ACCOUNT_ROWS_H
#define LOA_PEOPLE_ACCOUNT_ROWS_H

#include "people/account_inside.h"
#include "people/account_sql.h"

struct json_out;

/* One account as a change finds it. */
struct account_target {
    struct account_by_id_row row;
    struct grants grants;
};

CHECKED errc account_grants(struct db *db, int64_t account_id, day today, struct arena *arena,
                            struct grants *ret_grants, struct why *why);
/* Holds the audit, reads the account, and refuses what the actor may not touch. */
CHECKED errc account_take(struct db *db, const struct account_job *job, int64_t id,
                          struct account_target *ret_target, struct why *why);
/* The same without asking for a right: for one's own account. */
CHECKED errc account_take_own(struct db *db, const struct account_job *job,
                              struct account_target *ret_target, struct why *why);
/* ERR_IN_USE when nobody would administer what `leaving` administers. grant_id 0: all of theirs. */
CHECKED errc account_keep_admin(struct db *db, const struct account_job *job, int64_t account_id,
                                struct grants leaving, int64_t grant_id, struct why *why);

/* One role as JSON; whether it may be given by the actor at all; and giving it. */
void role_write(struct json_out *out, const struct grant *grant);
CHECKED errc role_check_grant(const struct account_job *job, const struct grant *grant,
                              struct why *why);
CHECKED errc role_add_grant(struct db *db, const struct account_job *job, int64_t account_id,
                            const struct grant *grant, struct why *why);

/* What the trail shall say of a change: JSON before and after, or STR_NONE. */
struct account_story {
    const char *action;
    str before;
    str after;
};
CHECKED errc account_tell(struct db *db, const struct account_job *job,
                          const struct account_target *target, const struct account_story *story,
                          struct why *why);

#endif

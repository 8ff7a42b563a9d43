/* What the files of accounts share; not for other rooms. */
#ifndef LOA_PEOPLE_ACCOUNT_INSIDE_H
#define LOA_PEOPLE_ACCOUNT_INSIDE_H

#include "people/account.h"
#include "people/account_sql.h"

struct account_words {
    str login;
    str name;
    str email;
};

/* Names the field that is wrong; ERR_INVALID. */
CHECKED errc account_field(const struct account_job *job, const char *name, const char *code,
                           struct why *why);
CHECKED errc account_check_name(const struct account_job *job, str name, struct why *why);
CHECKED errc account_check_contact(const struct account_job *job, str language, str email,
                                   str phone, struct why *why);
/* The name as it is kept, and the keys by which it is found and sorted. */
CHECKED errc account_keys(struct arena *arena, const struct account_words *words,
                          struct account_words *ret_normal, str *ret_search, str *ret_sort,
                          struct why *why);
bool account_matches(str search_key, str query_key);
str account_place_write(struct arena *arena, int64_t id, str sort_key);
CHECKED errc account_place_read(struct arena *arena, str place, int64_t *ret_id, str *ret_sort_key,
                                struct why *why);

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
CHECKED errc account_tell(struct db *db, const struct account_job *job,
                          const struct account_target *target, const char *action, str before,
                          str after, struct why *why);

#endif

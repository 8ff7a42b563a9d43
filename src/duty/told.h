/* Telling people what is new in their inboxes, and once a day of everything that waits. What
 * somebody was told of is remembered, so a thing is told once by whichever server is first; in
 * quiet hours nothing is told and nothing counts as told. */
#ifndef LOA_DUTY_TOLD_H
#define LOA_DUTY_TOLD_H

#include "duty/choice.h"
#include "duty/inbox.h"

struct account_ids {
    const int64_t *at;
    size_t count;
};

/* Whoever has a browser to be told by. */
CHECKED errc told_readers(struct db *db, struct arena *arena, struct account_ids *ret_accounts,
                          struct why *why);
/* In a write job, as that person: what is new of these becomes one push. */
CHECKED errc told_items(const struct duty_job *job, struct db *db, enum words_language language,
                        const struct inbox *inbox, struct why *why);

/* Whose letter of the day is due: chosen, an address, the hour has come, none made yet today. */
CHECKED errc digest_readers(const struct duty_job *job, struct db *db,
                            struct account_ids *ret_accounts, struct why *why);
/* In a write job, as that person: the letter of the day, none when nothing waits. */
struct digest_reader {
    enum words_language language;
    str address;
};
CHECKED errc digest_make(const struct duty_job *job, struct db *db,
                         const struct digest_reader *reader, const struct inbox *inbox,
                         struct why *why);

/* A push to each browser of the actor, to try them out. */
CHECKED errc told_test(const struct duty_job *job, struct db *db, enum words_language language,
                       size_t *ret_count, struct why *why);

#endif

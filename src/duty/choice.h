/* How each person wants to be told: by push, by mail, about what, at which hours. Who never chose
 * is told of everything, with a daily letter at seven. Being called for an alarm cannot be chosen
 * away: that is what the roster is for. */
#ifndef LOA_DUTY_CHOICE_H
#define LOA_DUTY_CHOICE_H

#include "duty/duty_job.h"
#include "duty/inbox.h"

enum { DAY_MINUTES = 1440, DIGEST_AT_DEFAULT = 7 * 60 };

struct notice_choice {
    bool push;
    bool mail;
    bool digest;
    int digest_at; /* minute of the day */
    bool has_quiet;
    int quiet_from;
    int quiet_to;   /* before quiet_from: over midnight */
    unsigned muted; /* bits by enum inbox_kind */
};

struct notice_choice notice_choice_default(void);
/* Pure. */
bool notice_is_quiet(const struct notice_choice *choice, usec now, usec zone);
bool notice_is_muted(const struct notice_choice *choice, enum inbox_kind kind);

CHECKED errc notice_choice_get(struct db *db, int64_t account, struct arena *arena,
                               struct notice_choice *ret_choice, struct why *why);
/* Of the actor. */
CHECKED errc notice_choice_put(const struct duty_job *job, struct db *db,
                               const struct notice_choice *choice, struct why *why);

#endif

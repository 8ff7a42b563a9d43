/* What the work of this room takes besides the database. Loans for the length of the call. A store
 * may run a job more than once: each function starts from nothing and leaves no trace outside the
 * database but in what it returns. Topics: `duty` (the roster), `inbox` (somebody's things
 * changed), `letters` (something is to be sent). */
#ifndef LOA_DUTY_DUTY_JOB_H
#define LOA_DUTY_DUTY_JOB_H

#include "base/json_in.h"
#include "base/words.h"
#include "people/forest.h"
#include "people/right.h"

struct db;

/* Thresholds, from the settings. */
struct duty_policy {
    usec call_wait;     /* nobody looked for so long: the next are called */
    usec call_fresh;    /* an alarm older than this calls nobody any more */
    bool mail_is_ready; /* there is a mail server to give letters to */
    str site;           /* "https://loa.example": where links in letters lead; may be empty */
};

struct duty_job {
    const struct actor *actor;
    const struct forest *forest;
    struct arena *arena;
    struct bad_field *bad; /* may be null */
    const struct duty_policy *policy;
    const struct words *words;
    usec zone;
};

/* ERR_NOT_FOUND for a unit that the actor may not see, ERR_FORBIDDEN for one where he may not. */
CHECKED errc duty_may(const struct duty_job *job, enum right right, unit_id unit);

#endif

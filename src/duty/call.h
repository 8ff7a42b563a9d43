/* Who was called for an alarm, who looked, and the calling of the next when nobody did. What alarms
 * there are, the server says; how far the calling has come is a row that all servers share, moved
 * on by whoever is first. Calls, pushes and letters are one transaction: nobody is called twice,
 * and nobody counts as called to whom nothing goes out. */
#ifndef LOA_DUTY_CALL_H
#define LOA_DUTY_CALL_H

#include "duty/duty_job.h"
#include "duty/inbox.h"

enum { CALLS_MOST = 1000, CALL_TITLE_MOST = 160 };

/* An alarm that waits for a second person, or that went out. */
struct call_alarm {
    int64_t id;
    bool waits;
    bool is_drill;
    unit_id unit;
    str unit_name;
    str title;
    usec at;           /* raised, or sent */
    int64_t raised_by; /* 0: nobody; who raised and who approved are not called */
    int64_t approved_by;
};
struct call_alarms {
    const struct call_alarm *at;
    size_t count;
};

/* Pure but for the reading: whether calls_advance would do anything with these. */
CHECKED errc calls_are_due(const struct duty_job *job, struct db *db,
                           const struct call_alarms *alarms, bool *ret_due, struct why *why);
/* In a write job, as the system: begins the calling for new alarms, goes on where nobody looked,
 * ends it where somebody did or where the alarm waits no more. */
CHECKED errc calls_advance(const struct duty_job *job, struct db *db,
                           const struct call_alarms *alarms, struct why *why);

struct call {
    int64_t id;
    int64_t alarm;
    bool waits;
    int64_t account;
    str name;
    unit_id unit;
    int step;
    bool by_shift;
    usec called;
    usec seen;   /* 0: not */
    size_t push; /* browsers that it went to */
    size_t mail;
};
struct calls {
    const struct call *at;
    size_t count;
};

/* Needs ALARMS_READ over the unit of the calls; the others are left out. */
CHECKED errc calls_of_alarm(const struct duty_job *job, struct db *db, int64_t alarm,
                            struct calls *ret_calls, struct why *why);
/* The actor looked: at one call of his (ERR_NOT_FOUND: not his), or at all of an alarm. Idempotent.
 */
CHECKED errc call_seen(const struct duty_job *job, struct db *db, int64_t call, struct why *why);
CHECKED errc calls_seen(const struct duty_job *job, struct db *db, int64_t alarm, struct why *why);

/* For inbox_gather: calls of the actor that he has not looked at. */
CHECKED errc calls_list_own(const struct inbox_job *job, struct db *db, struct inbox *inbox,
                            struct why *why);

#endif

/* How much of what the rules allow is taken, day by day: "11 of 15 minutes". Of devices with
 * different plans in one unit the one that sounds longest on a day speaks for that day. Pure. */
#ifndef LOA_BROADCAST_PLAN_USE_H
#define LOA_BROADCAST_PLAN_USE_H

#include "broadcast/plan.h"

enum { USE_HOURS_MOST = 32, USE_SESSIONS_MOST = 64 };

struct plan_session {
    usec from;
    usec to; /* as the limit of a session counts it, short silences included */
};

struct plan_day_use {
    day on;
    size_t devices; /* that share the plan it is about */
    int64_t used_ms;
    int64_t day_most_ms; /* 0: no limit */
    int64_t day_rule;
    int64_t session_most_ms; /* 0: no limit */
    int64_t session_rule;
    int64_t silent_rule; /* not 0: no sound at all */
    struct rule_hours hours[USE_HOURS_MOST];
    size_t hour_count;
    struct plan_session sessions[USE_SESSIONS_MOST];
    size_t session_count;
};

struct plan_uses {
    const struct plan_day_use *at; /* one for each day of the request */
    size_t count;
};
/* The interval begins and ends at midnight. In the arena. */
CHECKED errc plan_uses_find(const struct plan_request *request, const struct receivers *receivers,
                            struct arena *arena, struct plan_uses *ret_uses, struct why *why);

#endif

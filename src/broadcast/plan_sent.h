/* What a device was sent, for the past: the programme may say something else today. */
#ifndef LOA_BROADCAST_PLAN_SENT_H
#define LOA_BROADCAST_PLAN_SENT_H

#include "broadcast/desk.h"
#include "broadcast/plan.h"

struct plan_lines {
    const struct plan_line *at; /* by time */
    size_t count;
};
/* The lines that stood in a device's plan when their time came, within [from, to). */
CHECKED errc plan_sent_read(const struct desk *desk, struct db *db, uint64_t device, usec from,
                            usec to, struct plan_lines *ret_lines, struct why *why);
/* Until when the plan goes that it was sent last; 0: it was sent none. */
CHECKED errc plan_sent_reach(const struct desk *desk, struct db *db, uint64_t device, usec *ret_to,
                             struct why *why);

#endif

/* Thousands of pretended devices on one loop: one dialer, one agenda, one room for sessions. Frames
 * are taken from the sockets first and given to the devices after that, so that the time at which
 * one device works does not delay what others read. */
#ifndef LOA_SIM_SWARM_H
#define LOA_SIM_SWARM_H

#include "sim/agenda.h"
#include "sim/args.h"
#include "sim/device.h"
#include "sim/figures.h"

enum swarm_event {
    SWARM_START,
    SWARM_DIAL,
    SWARM_OPENED,
    SWARM_HEARD,
    SWARM_CLOSED,
    SWARM_SEND,
    SWARM_HANG_UP,
    SWARM_CUT,
    SWARM_TICK,
};

struct swarm {
    struct sim_args args;
    struct loop *loop;
    struct dialer *dialer;
    struct session_room *room;
    struct agenda agenda;
    struct figures figures;
    struct device *devices;
    size_t count;
    loop_timer timer;
    usec timer_due; /* INT64_MAX: no timer */
    usec utc;       /* minus the steady clock, at the start */
    bool is_leaving;
};

CHECKED errc swarm_create(struct loop *loop, const struct sim_args *args, struct swarm **ret_swarm,
                          struct why *why);
void swarm_destroy(struct swarm *swarm); /* accepts null */
void swarm_print(struct swarm *swarm);   /* the figures, as one line or a few */
CHECKED errc swarm_save(struct swarm *swarm, struct why *why);

/* For its devices. */
void swarm_put(struct swarm *swarm, const struct agenda_event *event);
void swarm_plan_tick(struct swarm *swarm, struct device *device, usec due);
static inline usec swarm_utc(const struct swarm *swarm, usec steady)
{
    return swarm->utc + steady;
}

#endif

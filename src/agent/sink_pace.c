#include "agent/sink_pace.h"

#include <time.h>

/* Sound is made this long before it is heard, and sound that late is lost. */
#define AHEAD (20 * (usec)1000)
#define LATE_MOST USEC_SECOND
#define TURN ((usec)SINK_TURN_MOST * 125 / 6)

void sink_pace_init(struct sink_pace *pace)
{
    pthread_condattr_t attributes;
    ignore_int(pthread_condattr_init(&attributes));
    ignore_int(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
    ignore_int(pthread_cond_init(&pace->wake, &attributes));
    ignore_int(pthread_condattr_destroy(&attributes));
    ignore_int(pthread_mutex_init(&pace->lock, NULL));
    pace->stopped = false;
    pace->runs = false;
}

void sink_pace_finish(struct sink_pace *pace)
{
    ignore_int(pthread_cond_destroy(&pace->wake));
    ignore_int(pthread_mutex_destroy(&pace->lock));
}

void sink_pace_begin(struct sink_pace *pace)
{
    pace->runs = false;
}

void sink_pace_stop(struct sink_pace *pace)
{
    ignore_int(pthread_mutex_lock(&pace->lock));
    pace->stopped = true;
    ignore_int(pthread_cond_broadcast(&pace->wake));
    ignore_int(pthread_mutex_unlock(&pace->lock));
}

errc sink_pace_until(struct sink_pace *pace, usec until, struct why *why)
{
    struct timespec at = {(time_t)(until / USEC_SECOND), (long)(until % USEC_SECOND) * 1000};
    ignore_int(pthread_mutex_lock(&pace->lock));
    while (!pace->stopped && now_steady() < until) {
        ignore_int(pthread_cond_timedwait(&pace->wake, &pace->lock, &at));
    }
    bool stopped = pace->stopped;
    ignore_int(pthread_mutex_unlock(&pace->lock));
    return stopped ? fail(why, ERR_CANCELLED, "stopped") : OK;
}

errc sink_pace_wait(struct sink_pace *pace, struct sink_turn *ret_turn, struct why *why)
{
    usec now = now_steady();
    bool late = pace->runs && now > pace->next + LATE_MOST;
    if (!pace->runs || late) {
        pace->runs = true;
        pace->next = now + AHEAD;
    }
    TRY(sink_pace_until(pace, pace->next - AHEAD, why));
    *ret_turn = (struct sink_turn){SINK_TURN_MOST, pace->next, late};
    pace->next += TURN;
    return OK;
}

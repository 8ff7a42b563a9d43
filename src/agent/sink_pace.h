/* The pace of sinks that have no crystal of their own. */
#ifndef LOA_AGENT_SINK_PACE_H
#define LOA_AGENT_SINK_PACE_H

#include <pthread.h>

#include "agent/sink.h"

struct sink_pace {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopped;
    bool runs;
    usec next; /* steady: when the next turn is heard */
};

void sink_pace_init(struct sink_pace *pace);
void sink_pace_finish(struct sink_pace *pace);
void sink_pace_begin(struct sink_pace *pace);
void sink_pace_stop(struct sink_pace *pace);
/* As `wait` of a sink. */
CHECKED errc sink_pace_wait(struct sink_pace *pace, struct sink_turn *ret_turn, struct why *why);
/* Waits until then, or until the stop: ERR_CANCELLED. */
CHECKED errc sink_pace_until(struct sink_pace *pace, usec until, struct why *why);

#endif

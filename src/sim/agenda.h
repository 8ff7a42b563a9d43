/* What is to happen when, for thousands of devices at once: a heap of events. Events of one moment
 * come in the order in which they were put. Pure. */
#ifndef LOA_SIM_AGENDA_H
#define LOA_SIM_AGENDA_H

#include "base/base.h"

struct agenda_event {
    usec due;
    uint64_t order;
    uint32_t device;
    uint32_t kind;
    uint64_t mark;    /* of whoever put it */
    struct buf *body; /* owned by the event; null for none */
};

struct agenda {
    struct agenda_event *at;
    size_t count;
    size_t room;
    uint64_t puts;
};

void agenda_init(struct agenda *agenda);
void agenda_finish(struct agenda *agenda);
/* Takes event->body. */
void agenda_put(struct agenda *agenda, const struct agenda_event *event);
/* The due time of the next; false when there is none. */
CHECKED bool agenda_next(const struct agenda *agenda, usec *ret_due);
/* The body is the caller's, to give back with agenda_free(). False when nothing is due. */
CHECKED bool agenda_take(struct agenda *agenda, usec now, struct agenda_event *ret_event);

struct buf *agenda_body(str bytes);
void agenda_free(struct buf *body); /* accepts null */

#endif

/* Somebody's calendar (RFC 5545) read as places in the days of a unit. A calendar says when and how
 * long; what sounds there is put in afterwards. What a programme cannot express is named, not
 * guessed. From strangers: size, events and dates are bounded, and nothing of it is kept but what
 * is here. Pure. */
#ifndef LOA_STUDIO_CALENDAR_IN_H
#define LOA_STUDIO_CALENDAR_IN_H

#include "broadcast/programme.h"

enum {
    CALENDAR_SIZE = 1024 * 1024,
    CALENDAR_EVENTS_MOST = 500,
    CALENDAR_UID_MOST = 200,
};

struct calendar_event {
    str uid;
    str name;
    struct recurrence when;
    int start_s;
    int64_t place_ms;
    const char *problem; /* why it cannot be a programme, `calendar.<problem>`; null: it can */
};

struct calendar_events {
    const struct calendar_event *at; /* in the order of the calendar */
    size_t count;
};

/* Times in UTC and in named zones become those of the province's clock. ERR_INVALID: it is no
 * calendar. In the arena. */
CHECKED errc calendar_read(str text, usec zone, struct arena *arena,
                           struct calendar_events *ret_events, struct why *why);

#endif

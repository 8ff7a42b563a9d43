/* Programmes as an iCalendar (RFC 5545), for the calendars that people have already. What iCalendar
 * can say as a rule is a rule; repeats on later days are written out for a year. */
#ifndef LOA_BROADCAST_CALENDAR_H
#define LOA_BROADCAST_CALENDAR_H

#include "broadcast/programme.h"

struct calendar {
    str name;
    usec zone;
    usec now;
    const struct programme *programmes;
    size_t count;
    const struct holiday *holidays; /* that hold where the calendar is for */
    size_t holiday_count;
};

CHECKED errc calendar_write(const struct calendar *calendar, struct buf *out, struct why *why);

#endif

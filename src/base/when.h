/* Time as values. `usec` is an instant (since 1970, UTC) or a length; `day` is a civil date, the
 * unit of validity in this field. Deciding code takes `now` as an argument; only the edge of the
 * program asks the system, through now_utc() and now_steady(). */
#ifndef LOA_BASE_WHEN_H
#define LOA_BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef int64_t usec;
typedef int32_t day; /* since 1970-01-01 */

#define USEC_SECOND ((usec)1000000)
#define USEC_MINUTE (60 * USEC_SECOND)
#define USEC_HOUR (60 * USEC_MINUTE)
#define USEC_DAY (24 * USEC_HOUR)

/* Validity intervals are [from, to): open ends are these two. */
#define DAY_FIRST ((day)INT32_MIN)
#define DAY_OPEN ((day)INT32_MAX)
/* Years 1 to 9999: what a person may type and a document may show. */
#define DAY_LEAST ((day)-719162)
#define DAY_MOST ((day)2932896)

#define USEC_LEAST ((usec)DAY_LEAST * USEC_DAY)
#define USEC_MOST (((usec)DAY_MOST + 1) * USEC_DAY - 1)

struct civil {
    int year;
    int month; /* 1 to 12 */
    int mday;  /* 1 to 31 */
};

struct clock_time {
    struct civil date;
    int hour;
    int minute;
    int second;
    int micro;
};

usec now_utc(void);
usec now_steady(void);

CHECKED bool day_from_civil(struct civil date, day *ret_day); /* false for 31/2 */
struct civil day_civil(day date);
day day_of(usec instant, usec zone); /* the civil date at an offset east of UTC, ± a day */
usec day_start(day date, usec zone); /* the open ends give the first and last instant */
CHECKED bool day_parse(str text, day *ret_day); /* 2025-07-01 */
void day_write(day date, struct buf *out);      /* 2025-07-01 */
bool day_within(day date, day from, day to);    /* from <= date < to */

struct clock_time usec_clock(usec instant, usec zone);
CHECKED bool usec_parse(str text, usec *ret_instant); /* 2025-07-01T05:00:00[.5…]Z */
void usec_write(usec instant, struct buf *out);       /* 2025-07-01T05:00:00[.000001]Z */

#endif

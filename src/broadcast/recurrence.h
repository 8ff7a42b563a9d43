/* On which days something returns: once, daily, on weekdays, on a day of the month or its n-th
 * weekday, every so many of them, between two dates, with days added and taken out, and with a word
 * about holidays. Pure: a rule and a date give yes or no. The meaning is that of RFC 5545 (a 31st
 * is left out of a month without one; weeks begin on Monday); recurrence_rrule writes it as such.
 */
#ifndef LOA_BROADCAST_RECURRENCE_H
#define LOA_BROADCAST_RECURRENCE_H

#include "base/base.h"

enum cadence {
    CADENCE_ONCE, /* on `from` */
    CADENCE_DAILY,
    CADENCE_WEEKLY,
    CADENCE_MONTH_DAY,
    CADENCE_MONTH_WEEKDAY
};
enum { CADENCES = 5 };

enum holiday_way { HOLIDAY_AS_USUAL, HOLIDAY_SKIP, HOLIDAY_ONLY };
enum { HOLIDAY_WAYS = 3 };

enum { EVERY_WEEKDAY = 127, LAST_OF_MONTH = -1 };

struct day_list {
    const day *at; /* ascending */
    size_t count;
};

struct recurrence {
    enum cadence cadence;
    int every; /* days, weeks or months; 1: each */
    day from;
    day to;            /* exclusive */
    unsigned weekdays; /* bit 0: Monday */
    unsigned months;   /* bit 0: January; 0: all */
    int month_day;     /* 1 to 31, or the last */
    int nth;           /* 1 to 5, or the last */
    enum holiday_way holidays;
    struct day_list added;
    struct day_list removed;
};

struct holiday {
    int64_t unit; /* 0: of the country */
    day from;
    day to; /* exclusive */
    str name;
};

const char *cadence_name(enum cadence cadence);
CHECKED bool cadence_parse(str text, enum cadence *ret_cadence);
const char *holiday_way_name(enum holiday_way way);
CHECKED bool holiday_way_parse(str text, enum holiday_way *ret_way);

int day_weekday(day on); /* 0: Monday */
bool recurrence_lists(struct day_list list, day on);
/* Its cadence alone between its dates, without days added or taken out and without holidays. */
bool recurrence_is_due(const struct recurrence *rule, day on);
/* A day that was taken out never, a day that was added always. */
bool recurrence_falls_on(const struct recurrence *rule, bool is_holiday, day on);
/* What is wrong with it, a key of the catalogue, or null: weekly without a weekday, … */
const char *recurrence_problem(const struct recurrence *rule);
/* "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231"; nothing for what happens once. */
void recurrence_rrule(const struct recurrence *rule, struct buf *out);

#endif

/* A period that figures are about: a month, a quarter, half a year, nine months or a year. A value
 * of three numbers; periods of one kind follow each other without gaps. */
#ifndef LOA_REPORT_PERIOD_H
#define LOA_REPORT_PERIOD_H

#include "base/base.h"
#include "base/when.h"

/* Stored; for ever. */
enum period_kind {
    PERIOD_MONTH = 1,
    PERIOD_QUARTER = 2,
    PERIOD_HALF = 3,
    PERIOD_NINE_MONTHS = 4,
    PERIOD_YEAR = 5
};
enum { PERIOD_KINDS = 5, PERIOD_YEAR_LEAST = 1945, PERIOD_YEAR_MOST = 2999 };

typedef struct period {
    enum period_kind kind;
    int year;
    int number; /* 1 to 12, 4, 2; always 1 for nine months and a year */
} period;

const char *period_kind_name(enum period_kind kind); /* "quarter" */
CHECKED bool period_kind_parse(str text, enum period_kind *ret_kind);
int period_kind_count(enum period_kind kind); /* how many a year has */
CHECKED bool period_make(enum period_kind kind, int year, int number, period *ret_period);
/* "2024-M06", "2024-Q2", "2024-H1", "2024-N1", "2024"; strict. */
CHECKED bool period_parse(str text, period *ret_period);
void period_write(period value, struct buf *out);
bool period_same(period a, period b);

day period_from(period value);
day period_to(period value);                       /* exclusive */
period period_of(enum period_kind kind, day date); /* the one that holds the day; for nine
                                                      months: of its year */
CHECKED bool period_before(period value, period *ret_period); /* false before the first year */
CHECKED bool period_last_year(period value, period *ret_period);
bool period_holds(period outer, period inner);

#endif

/* When a report of a period is due. Deadlines lie before the period ends and differ for each tier;
 * a shorter report is folded into a longer one that is due at the same time (the second quarter's
 * into the half-year's). Rules are dated data: what was due in 2024 stays what was due in 2024. */
#ifndef LOA_REPORT_DUE_H
#define LOA_REPORT_DUE_H

#include "report/period.h"

enum { DUE_RULES_MOST = 200, DUE_OPEN_DAYS_MOST = 365, DUE_TIERS = 16 };

struct due_rule {
    day from; /* for periods that begin on [from, to) */
    day to;
    int tier; /* who reports: 1 province, 2 district, 3 commune, …; 0: an agency of a tier */
    enum period_kind kind;
    unsigned numbers; /* bit n-1: the n-th of the year is reported; others are folded */
    int month;        /* of the period, from its end: 0 the last one, 1 the first after it */
    int mday;         /* 31: the last day of any month */
    bool is_before;   /* "before the 25th": the 24th is the last day */
    int open_days;    /* the form opens so many days before its last day */
};

struct due {
    period period;
    day opens;
    day last;     /* the last day on which it is in time */
    day deadline; /* the day that people name: the 25th of "before the 25th" */
    bool is_before;
};

struct dues {
    struct due *at;
    size_t count;
};

/* A key of the catalogue (`due.<word>`) of what is wrong with a rule, or null. */
const char *due_rule_problem(const struct due_rule *rule);
/* What a tier reports about the periods of a year, by last day, then the longer period first. */
CHECKED errc due_list(struct arena *arena, const struct due_rule *rules, size_t count, int tier,
                      int year, struct dues *ret_dues);

enum due_state { DUE_LATER, DUE_OPEN, DUE_LATE, DUE_IN_TIME, DUE_CAME_LATE };
/* `sent`: the day it was submitted, or DAY_OPEN; `extended`: the last day of an exception that
 * holds, or DAY_FIRST. */
enum due_state due_state(const struct due *due, day today, day sent, day extended);
const char *due_state_name(enum due_state state);

#endif

/* See recurrence.h: each cadence is one question about a date, so that a year is 365 questions and
 * nothing has to be expanded, kept or bounded. */
#include "broadcast/recurrence.h"

static const char *const cadences[CADENCES] = {"once", "daily", "weekly", "month_day",
                                               "month_weekday"};
static const char *const ways[HOLIDAY_WAYS] = {"as_usual", "skip", "only"};

const char *cadence_name(enum cadence cadence)
{
    return cadences[cadence];
}

bool cadence_parse(str text, enum cadence *ret_cadence)
{
    for (size_t i = 0; i < CADENCES; i++) {
        if (str_is(text, str_of(cadences[i]))) {
            *ret_cadence = (enum cadence)i;
            return true;
        }
    }
    return false;
}

const char *holiday_way_name(enum holiday_way way)
{
    return ways[way];
}

bool holiday_way_parse(str text, enum holiday_way *ret_way)
{
    for (size_t i = 0; i < HOLIDAY_WAYS; i++) {
        if (str_is(text, str_of(ways[i]))) {
            *ret_way = (enum holiday_way)i;
            return true;
        }
    }
    return false;
}

int day_weekday(day on)
{
    int64_t since_monday = ((int64_t)on + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(since_monday < 0 ? since_monday + 7 : since_monday);
}

static bool has_weekday(unsigned weekdays, day on)
{
    return (weekdays >> day_weekday(on) & 1U) != 0;
}

static int month_length(struct civil date)
{
    day last = 0;
    for (int mday = 31; mday > 28; mday--) {
        if (day_from_civil((struct civil){date.year, date.month, mday}, &last)) {
            return mday;
        }
    }
    return 28;
}

static bool is_nth(const struct recurrence *rule, struct civil date)
{
    if (rule->nth == LAST_OF_MONTH) {
        return date.mday + 7 > month_length(date);
    }
    return (date.mday - 1) / 7 + 1 == rule->nth;
}

static int months_between(struct civil from, struct civil to)
{
    return (to.year - from.year) * 12 + to.month - from.month;
}

static bool month_is_due(const struct recurrence *rule, struct civil date)
{
    bool named = rule->months == 0 || (rule->months >> (date.month - 1) & 1U) != 0;
    return named && months_between(day_civil(rule->from), date) % rule->every == 0;
}

static day week_of(day on)
{
    return on - day_weekday(on);
}

static bool cadence_falls_on(const struct recurrence *rule, day on)
{
    struct civil date = day_civil(on);
    switch (rule->cadence) {
    case CADENCE_ONCE:
        return on == rule->from;
    case CADENCE_DAILY:
        return (on - rule->from) % rule->every == 0;
    case CADENCE_WEEKLY:
        return has_weekday(rule->weekdays, on) &&
               (week_of(on) - week_of(rule->from)) / 7 % rule->every == 0;
    case CADENCE_MONTH_DAY:
        return month_is_due(rule, date) &&
               date.mday ==
                   (rule->month_day == LAST_OF_MONTH ? month_length(date) : rule->month_day);
    case CADENCE_MONTH_WEEKDAY:
        return month_is_due(rule, date) && has_weekday(rule->weekdays, on) && is_nth(rule, date);
    }
    return false;
}

bool recurrence_lists(struct day_list list, day on)
{
    for (size_t i = 0; i < list.count && list.at[i] <= on; i++) {
        if (list.at[i] == on) {
            return true;
        }
    }
    return false;
}

bool recurrence_is_due(const struct recurrence *rule, day on)
{
    return on >= rule->from && on < rule->to && cadence_falls_on(rule, on);
}

bool recurrence_falls_on(const struct recurrence *rule, bool is_holiday, day on)
{
    if (recurrence_lists(rule->removed, on)) {
        return false;
    }
    if (recurrence_lists(rule->added, on)) {
        return true;
    }
    bool fits =
        rule->holidays == HOLIDAY_AS_USUAL || (rule->holidays == HOLIDAY_ONLY) == is_holiday;
    return fits && recurrence_is_due(rule, on);
}

const char *recurrence_problem(const struct recurrence *rule)
{
    if (rule->from >= rule->to) {
        return "never";
    }
    if (rule->from < DAY_LEAST || rule->from > DAY_MOST) {
        return "out_of_range";
    }
    if (rule->every < 1 || rule->every > 366) {
        return "out_of_range";
    }
    bool on_weekdays = rule->cadence == CADENCE_WEEKLY || rule->cadence == CADENCE_MONTH_WEEKDAY;
    if (on_weekdays && (rule->weekdays & EVERY_WEEKDAY) == 0) {
        return "no_weekday";
    }
    bool has_month_day =
        rule->month_day == LAST_OF_MONTH || (rule->month_day >= 1 && rule->month_day <= 31);
    if (rule->cadence == CADENCE_MONTH_DAY && !has_month_day) {
        return "no_month_day";
    }
    bool has_nth = rule->nth == LAST_OF_MONTH || (rule->nth >= 1 && rule->nth <= 5);
    return rule->cadence == CADENCE_MONTH_WEEKDAY && !has_nth ? "no_nth" : NULL;
}

static void put_weekdays(const struct recurrence *rule, struct buf *out)
{
    static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    const char *before = ";BYDAY=";
    for (int i = 0; i < 7; i++) {
        if ((rule->weekdays >> i & 1U) != 0) {
            buf_add_text(out, before);
            if (rule->cadence == CADENCE_MONTH_WEEKDAY) {
                buf_add_i64(out, rule->nth);
            }
            buf_add_text(out, names[i]);
            before = ",";
        }
    }
}

static void put_months(const struct recurrence *rule, struct buf *out)
{
    const char *before = ";BYMONTH=";
    for (int i = 0; i < 12; i++) {
        if ((rule->months >> i & 1U) != 0) {
            buf_add_format(out, "%s%d", before, i + 1);
            before = ",";
        }
    }
}

static void put_until(const struct recurrence *rule, struct buf *out)
{
    if (rule->to <= DAY_MOST) {
        struct civil last = day_civil(rule->to - 1);
        buf_add_format(out, ";UNTIL=%04d%02d%02dT235959", last.year, last.month, last.mday);
    }
}

void recurrence_rrule(const struct recurrence *rule, struct buf *out)
{
    static const char *const freqs[CADENCES] = {"", "DAILY", "WEEKLY", "MONTHLY", "MONTHLY"};
    if (rule->cadence == CADENCE_ONCE) {
        return;
    }
    buf_add_format(out, "FREQ=%s", freqs[rule->cadence]);
    if (rule->every > 1) {
        buf_add_format(out, ";INTERVAL=%d", rule->every);
    }
    bool monthly = rule->cadence == CADENCE_MONTH_DAY || rule->cadence == CADENCE_MONTH_WEEKDAY;
    if (monthly) {
        put_months(rule, out);
    }
    if (rule->cadence == CADENCE_MONTH_DAY) {
        buf_add_format(out, ";BYMONTHDAY=%d", rule->month_day);
    }
    if (rule->cadence == CADENCE_WEEKLY || rule->cadence == CADENCE_MONTH_WEEKDAY) {
        put_weekdays(rule, out);
    }
    put_until(rule, out);
}

/* Civil calendar arithmetic (proleptic Gregorian, days counted from a March-based year) and the
 * two ISO-8601 forms that Loa reads and writes. */
#include "base/when.h"

#include "base/crash.h"

#include <time.h>

static usec clock_usec(clockid_t clock)
{
    struct timespec now;
    ENSURE(clock_gettime(clock, &now) == 0);
    return (usec)now.tv_sec * USEC_SECOND + now.tv_nsec / 1000;
}

usec now_utc(void)
{
    return clock_usec(CLOCK_REALTIME);
}

usec now_steady(void)
{
    return clock_usec(CLOCK_MONOTONIC);
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

bool day_from_civil(struct civil date, day *ret_day)
{
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.mday < 1 ||
        date.mday > month_length(date.year, date.month)) {
        return false;
    }
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int era = year / 400;
    int year_of_era = year - era * 400;
    int month = (date.month + 9) % 12; /* March is 0 */
    int day_of_year = (153 * month + 2) / 5 + date.mday - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    *ret_day = era * 146097 + day_of_era - 719468;
    return true;
}

struct civil day_civil(day date)
{
    int64_t shifted = (int64_t)date + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* March is 0 */
    struct civil civil = {
        .year = (int)(year_of_era + era * 400 + (month >= 10 ? 1 : 0)),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .mday = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    return civil;
}

static int64_t floor_div(int64_t value, int64_t by)
{
    int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

day day_of(usec instant, usec zone)
{
    /* In two steps, because their sum may be past the last instant. */
    usec rest = instant % USEC_DAY + zone;
    return (day)(instant / USEC_DAY + floor_div(rest, USEC_DAY));
}

usec day_start(day date, usec zone)
{
    usec start = 0;
    if (__builtin_mul_overflow((usec)date, USEC_DAY, &start) ||
        __builtin_sub_overflow(start, zone, &start)) {
        return date < 0 ? INT64_MIN : INT64_MAX;
    }
    return start;
}

bool day_within(day date, day from, day to)
{
    return from <= date && date < to;
}

/* Exactly `count` digits at the front of *text. */
static bool take_digits(str *text, size_t count, int *ret_value)
{
    uint64_t value = 0;
    if (text->len < count || !str_to_u64(str_cut(*text, 0, count), &value)) {
        return false;
    }
    *text = str_cut(*text, count, text->len);
    *ret_value = (int)value;
    return true;
}

static bool take_byte(str *text, char byte)
{
    if (text->len == 0 || text->at[0] != byte) {
        return false;
    }
    *text = str_cut(*text, 1, text->len);
    return true;
}

static bool take_date(str *text, day *ret_day)
{
    struct civil date = {0};
    return take_digits(text, 4, &date.year) && take_byte(text, '-') &&
           take_digits(text, 2, &date.month) && take_byte(text, '-') &&
           take_digits(text, 2, &date.mday) && day_from_civil(date, ret_day);
}

bool day_parse(str text, day *ret_day)
{
    day date = 0;
    if (!take_date(&text, &date) || text.len != 0) {
        return false;
    }
    *ret_day = date;
    return true;
}

void day_write(day date, struct buf *out)
{
    struct civil civil = day_civil(date);
    buf_add_format(out, "%04d-%02d-%02d", civil.year, civil.month, civil.mday);
}

struct clock_time usec_clock(usec instant, usec zone)
{
    day date = day_of(instant, zone);
    usec rest = instant - day_start(date, zone);
    struct clock_time time = {
        .date = day_civil(date),
        .hour = (int)(rest / USEC_HOUR),
        .minute = (int)(rest / USEC_MINUTE % 60),
        .second = (int)(rest / USEC_SECOND % 60),
        .micro = (int)(rest % USEC_SECOND),
    };
    return time;
}

static bool take_fraction(str *text, usec *ret_micro)
{
    usec scale = 100000;
    usec micro = 0;
    size_t digits = 0;
    while (text->len > 0 && text->at[0] >= '0' && text->at[0] <= '9') {
        micro += (text->at[0] - '0') * scale;
        scale /= 10;
        digits++;
        *text = str_cut(*text, 1, text->len);
    }
    *ret_micro = micro;
    return digits > 0 && digits <= 6;
}

bool usec_parse(str text, usec *ret_instant)
{
    day date = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    usec micro = 0;
    bool shaped = take_date(&text, &date) && take_byte(&text, 'T') &&
                  take_digits(&text, 2, &hour) && take_byte(&text, ':') &&
                  take_digits(&text, 2, &minute) && take_byte(&text, ':') &&
                  take_digits(&text, 2, &second);
    if (!shaped || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    if (take_byte(&text, '.') && !take_fraction(&text, &micro)) {
        return false;
    }
    if (!take_byte(&text, 'Z') || text.len != 0) {
        return false;
    }
    *ret_instant =
        day_start(date, 0) + hour * USEC_HOUR + minute * USEC_MINUTE + second * USEC_SECOND + micro;
    return true;
}

void usec_write(usec instant, struct buf *out)
{
    struct clock_time time = usec_clock(instant, 0);
    buf_add_format(out, "%04d-%02d-%02dT%02d:%02d:%02d", time.date.year, time.date.month,
                   time.date.mday, time.hour, time.minute, time.second);
    if (time.micro != 0) {
        buf_add_format(out, ".%06d", time.micro);
    }
    buf_add_byte(out, 'Z');
}

#include "report/period.h"

#include "base/crash.h"

static const struct kind {
    const char *name;
    char letter; /* in writing; none for a year */
    int months;
    int count;
} kinds[] = {
    [PERIOD_MONTH] = {"month", 'M', 1, 12}, [PERIOD_QUARTER] = {"quarter", 'Q', 3, 4},
    [PERIOD_HALF] = {"half", 'H', 6, 2},    [PERIOD_NINE_MONTHS] = {"nine_months", 'N', 9, 1},
    [PERIOD_YEAR] = {"year", '\0', 12, 1},
};

static const struct kind *kind_at(enum period_kind kind)
{
    ENSURE(kind >= PERIOD_MONTH && kind <= PERIOD_YEAR);
    return &kinds[kind];
}

const char *period_kind_name(enum period_kind kind)
{
    return kind_at(kind)->name;
}

bool period_kind_parse(str text, enum period_kind *ret_kind)
{
    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        if (str_is(text, str_of(kinds[kind].name))) {
            *ret_kind = kind;
            return true;
        }
    }
    return false;
}

int period_kind_count(enum period_kind kind)
{
    return kind_at(kind)->count;
}

bool period_make(enum period_kind kind, int year, int number, period *ret_period)
{
    if (year < PERIOD_YEAR_LEAST || year > PERIOD_YEAR_MOST || number < 1 ||
        number > kind_at(kind)->count) {
        return false;
    }
    *ret_period = (period){kind, year, number};
    return true;
}

static bool is_number(str text, size_t len, int64_t *ret_number)
{
    return text.len == len && str_to_i64(text, ret_number) && *ret_number > 0;
}

bool period_parse(str text, period *ret_period)
{
    str part = STR_NONE;
    int64_t year = 0;
    int64_t number = 1;
    if (!is_number(str_split(text, '-', &part), 4, &year)) {
        return false;
    }
    if (part.at == NULL) {
        return period_make(PERIOD_YEAR, (int)year, 1, ret_period);
    }
    for (enum period_kind kind = PERIOD_MONTH; kind < PERIOD_YEAR; kind++) {
        if (part.len > 0 && part.at[0] == kinds[kind].letter) {
            size_t digits = kind == PERIOD_MONTH ? 2 : 1;
            return is_number(str_cut(part, 1, part.len), digits, &number) &&
                   period_make(kind, (int)year, (int)number, ret_period);
        }
    }
    return false;
}

void period_write(period value, struct buf *out)
{
    const struct kind *kind = kind_at(value.kind);
    buf_add_format(out, "%04d", value.year);
    if (kind->letter != '\0') {
        buf_add_format(out, value.kind == PERIOD_MONTH ? "-%c%02d" : "-%c%d", kind->letter,
                       value.number);
    }
}

bool period_same(period a, period b)
{
    return a.kind == b.kind && a.year == b.year && a.number == b.number;
}

/* The first day of a month counted from January of a year, 0 to 12. */
static day month_day(int year, int months)
{
    day first = 0;
    struct civil date = {year + months / 12, months % 12 + 1, 1};
    bool exists = day_from_civil(date, &first);
    ENSURE(exists);
    return first;
}

day period_from(period value)
{
    return month_day(value.year, (value.number - 1) * kind_at(value.kind)->months);
}

day period_to(period value)
{
    return month_day(value.year, value.number * kind_at(value.kind)->months);
}

period period_of(enum period_kind kind, day date)
{
    struct civil civil = day_civil(date);
    int number = (civil.month - 1) / kind_at(kind)->months + 1;
    int count = kind_at(kind)->count;
    return (period){kind, civil.year, number > count ? count : number};
}

bool period_before(period value, period *ret_period)
{
    bool is_first = value.number == 1;
    return period_make(value.kind, is_first ? value.year - 1 : value.year,
                       is_first ? kind_at(value.kind)->count : value.number - 1, ret_period);
}

bool period_last_year(period value, period *ret_period)
{
    return period_make(value.kind, value.year - 1, value.number, ret_period);
}

bool period_holds(period outer, period inner)
{
    return period_from(outer) <= period_from(inner) && period_to(inner) <= period_to(outer);
}

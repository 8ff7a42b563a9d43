/* Ranges, encodings, entity tags and dates of RFC 9110. */
#include "loop/negotiate.h"

static bool parse_suffix(str text, uint64_t whole, struct range *ret_range, bool *ret_outside)
{
    uint64_t size;
    if (!str_to_u64(text, &size)) {
        return false;
    }
    *ret_outside = size == 0 || whole == 0;
    size = size > whole ? whole : size;
    *ret_range = (struct range){whole - size, size};
    return true;
}

enum range_kind range_parse(str header, uint64_t whole, struct range *ret_range)
{
    struct range range = {0, 0};
    bool outside = false;
    uint64_t from;
    uint64_t to = UINT64_MAX;
    if (!str_is_fold(str_cut(header, 0, 6), S("bytes=")) || str_has(header, ',')) {
        return RANGE_WHOLE;
    }
    str last;
    str first = str_split(str_trim(str_cut(header, 6, header.len)), '-', &last);
    if (last.at == NULL) {
        return RANGE_WHOLE;
    }
    if (first.len == 0) {
        if (!parse_suffix(last, whole, &range, &outside)) {
            return RANGE_WHOLE;
        }
    } else {
        if (!str_to_u64(first, &from) || (last.len > 0 && (!str_to_u64(last, &to) || to < from))) {
            return RANGE_WHOLE;
        }
        outside = from >= whole;
        to = to >= whole ? whole - 1 : to;
        range = (struct range){from, to - from + 1};
    }
    if (outside) {
        return RANGE_OUTSIDE;
    }
    *ret_range = range;
    return RANGE_PART;
}

/* Is there a q of zero? "q=0", "q=0.", "q=0.000". */
static bool is_refused(str parameters)
{
    while (parameters.at != NULL) {
        str value;
        str name = str_trim(str_split(str_split(parameters, ';', &parameters), '=', &value));
        value = str_trim(value);
        if (!str_is_fold(name, S("q")) || value.len == 0 || value.at[0] != '0') {
            continue;
        }
        size_t zeros = 1;
        while (zeros < value.len && (value.at[zeros] == '0' || value.at[zeros] == '.')) {
            zeros++;
        }
        return zeros == value.len;
    }
    return false;
}

enum encoding encoding_choose(str accept_encoding, bool has_gzip, bool has_br)
{
    enum wish { UNSAID, WANTED, REFUSED } gzip = UNSAID, br = UNSAID, any = UNSAID;
    str rest = accept_encoding;
    while (rest.at != NULL && rest.len > 0) {
        str parameters;
        str name = str_trim(str_split(str_split(rest, ',', &rest), ';', &parameters));
        enum wish wish = is_refused(parameters) ? REFUSED : WANTED;
        if (str_is_fold(name, S("gzip")) || str_is_fold(name, S("x-gzip"))) {
            gzip = wish;
        } else if (str_is_fold(name, S("br"))) {
            br = wish;
        } else if (str_is(name, S("*"))) {
            any = wish;
        }
    }
    if (has_br && (br == WANTED || (br == UNSAID && any == WANTED))) {
        return ENCODING_BR;
    }
    if (has_gzip && (gzip == WANTED || (gzip == UNSAID && any == WANTED))) {
        return ENCODING_GZIP;
    }
    return ENCODING_IDENTITY;
}

static bool is_quoted(str text, str etag)
{
    return text.len == etag.len + 2 && text.at[0] == '"' && text.at[text.len - 1] == '"' &&
           str_is(str_cut(text, 1, text.len - 1), etag);
}

bool etag_is(str header, str etag)
{
    return is_quoted(str_trim(header), etag);
}

bool etag_is_listed(str header, str etag)
{
    if (str_is(str_trim(header), S("*"))) {
        return true;
    }
    while (header.at != NULL && header.len > 0) {
        str item = str_trim(str_split(header, ',', &header));
        if (str_starts(item, S("W/"))) {
            item = str_cut(item, 2, item.len);
        }
        if (is_quoted(item, etag)) {
            return true;
        }
    }
    return false;
}

static const char day_names[] = "SunMonTueWedThuFriSat";
static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static int week_day(day date)
{
    int from_thursday = (int)(date % 7); /* 1970-01-01 was a Thursday */
    return (from_thursday + 4 + 7) % 7;
}

void http_date_write(usec instant, char ret_text[HTTP_DATE_SIZE])
{
    struct clock_time t = usec_clock(instant, 0);
    ignore_int(snprintf(ret_text, HTTP_DATE_SIZE, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                        day_names + (ptrdiff_t)3 * week_day(day_of(instant, 0)), t.date.mday,
                        month_names + (ptrdiff_t)3 * (t.date.month - 1), t.date.year, t.hour,
                        t.minute, t.second));
}

static bool number_at(str text, size_t from, size_t size, int *ret_value)
{
    uint64_t value;
    if (!str_to_u64(str_cut(text, from, from + size), &value)) {
        return false;
    }
    *ret_value = (int)value;
    return true;
}

bool http_date_parse(str text, usec *ret_instant)
{
    struct civil date = {0};
    int hour;
    int minute;
    int second;
    day number;
    if (text.len != HTTP_DATE_SIZE - 1 || !number_at(text, 5, 2, &date.mday) ||
        !number_at(text, 12, 4, &date.year) || !number_at(text, 17, 2, &hour) ||
        !number_at(text, 20, 2, &minute) || !number_at(text, 23, 2, &second)) {
        return false;
    }
    for (int month = 0; month < 12; month++) {
        if (memcmp(month_names + (ptrdiff_t)3 * month, text.at + 8, 3) == 0) {
            date.month = month + 1;
        }
    }
    if (hour > 23 || minute > 59 || second > 59 || !day_from_civil(date, &number)) {
        return false;
    }
    usec instant =
        day_start(number, 0) + hour * USEC_HOUR + minute * USEC_MINUTE + second * USEC_SECOND;
    char again[HTTP_DATE_SIZE]; /* the separators and the day of the week must be right as well */
    http_date_write(instant, again);
    if (memcmp(again, text.at, HTTP_DATE_SIZE - 1) != 0) {
        return false;
    }
    *ret_instant = instant;
    return true;
}

/* Dates and instants: what is read is written as the same instant; any 64 bits are an instant
 * whose calendar can be asked for. */
#include "base/base.h"
#include "base/crash.h"

static void check_instant(usec instant)
{
    struct clock_time clock = usec_clock(instant, 7 * USEC_HOUR);
    ENSURE(clock.date.month >= 1 && clock.date.month <= 12);
    ENSURE(clock.date.mday >= 1 && clock.date.mday <= 31);
    ENSURE(clock.hour >= 0 && clock.hour <= 23 && clock.micro >= 0 && clock.micro < USEC_SECOND);
    day date = day_of(instant, 0);
    ENSURE(day_start(date, 0) <= instant);
    if (instant >= USEC_LEAST && instant <= USEC_MOST) {
        day back = 0;
        ENSURE(day_from_civil(day_civil(date), &back) && back == date);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(buf_finish) struct buf out = {.ceiling = 100};
    str text = {(const char *)data, size};
    day date = 0;
    day same_date = 0;
    usec instant = 0;
    usec same_instant = 0;
    if (day_parse(text, &date)) {
        day_write(date, &out);
        ENSURE(str_is(buf_str(&out), text) && day_parse(buf_str(&out), &same_date));
        ENSURE(date == same_date && date >= DAY_LEAST && date <= DAY_MOST);
    }
    buf_clear(&out);
    if (usec_parse(text, &instant)) {
        usec_write(instant, &out);
        ENSURE(usec_parse(buf_str(&out), &same_instant) && instant == same_instant);
    }
    if (size >= sizeof instant) {
        memcpy(&instant, data, sizeof instant);
        check_instant(instant);
    }
    return 0;
}

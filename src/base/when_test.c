/* Time as values: the calendar against the C library's own, the two text forms by table. */
#include "base/when.h"

#include "base/base.h"
#include "base/cases.h"
#include "base/entropy.h"
#include "base/testing.h"

#include <time.h>

static void check_text(void *ctx, const struct cases_row *row)
{
    (void)ctx;
    AUTO(buf_finish) struct buf out = {.ceiling = 100};
    bool is_day = str_is(row->cells[0], S("day"));
    day date = 12345;
    usec instant = 12345;
    bool read = is_day ? day_parse(row->cells[1], &date) : usec_parse(row->cells[1], &instant);
    if (read == str_is(row->cells[2], S("-"))) {
        fail_msg("%s:%zu: \"%.*s\" read: %d", row->path, row->line, STR_ARG(row->cells[1]), read);
    }
    if (!read) {
        assert_int_equal(date, 12345);
        assert_int_equal(instant, 12345);
        return;
    }
    if (is_day) {
        day_write(date, &out);
    } else {
        usec_write(instant, &out);
    }
    assert_str(buf_str(&out), row->cells[2]);
}

static void reads_and_writes_by_table(void **state)
{
    (void)state;
    struct why why = {""};
    assert_ok(cases_each(LOA_SOURCE_DIR "/src/base/when.cases", 3, check_text, NULL, &why));
}

static void knows_every_day_of_ten_thousand_years(void **state)
{
    (void)state;
    for (day date = DAY_LEAST; date <= DAY_MOST; date++) {
        struct civil civil = day_civil(date);
        day back = 0;
        assert_true(day_from_civil(civil, &back));
        assert_int_equal(back, date);
    }
    day none = 0;
    assert_false(day_from_civil((struct civil){10000, 1, 1}, &none));
    struct civil before = day_civil(DAY_LEAST - 1);
    assert_true(before.year == 0 && before.month == 12 && before.mday == 31);
    assert_true(day_civil(DAY_LEAST - 800000).year < -2000);
}

static void agrees_with_the_system_calendar(void **state)
{
    (void)state;
    for (usec instant = -80000 * USEC_DAY; instant < 80000 * USEC_DAY;
         instant += 12 * USEC_DAY + 12345 * USEC_SECOND) {
        time_t seconds = (time_t)((instant - (instant % USEC_SECOND)) / USEC_SECOND);
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        struct clock_time clock = usec_clock(instant, 0);
        assert_int_equal(clock.date.year, tm.tm_year + 1900);
        assert_int_equal(clock.date.month, tm.tm_mon + 1);
        assert_int_equal(clock.date.mday, tm.tm_mday);
        assert_int_equal(clock.hour, tm.tm_hour);
        assert_int_equal(clock.minute, tm.tm_min);
        assert_int_equal(clock.second, tm.tm_sec);
    }
}

static void turns_the_day_at_local_midnight(void **state)
{
    (void)state;
    const usec zone = 7 * USEC_HOUR;
    day first = 0;
    assert_true(day_parse(S("2025-07-01"), &first));
    usec start = day_start(first, zone);
    assert_int_equal(day_of(start, zone), first);
    assert_int_equal(day_of(start - 1, zone), first - 1);
    assert_int_equal(day_of(start + USEC_DAY - 1, zone), first);
    assert_int_equal(day_of(start, 0), first - 1);
    assert_int_equal(day_of(-1, 0), -1);
    assert_int_equal(day_of(-USEC_DAY, 0), -1);
    struct clock_time clock = usec_clock(start + 5 * USEC_HOUR + 250, zone);
    assert_true(clock.hour == 5 && clock.minute == 0 && clock.micro == 250);
}

static void bears_the_ends_of_time(void **state)
{
    (void)state;
    assert_int_equal(day_start(DAY_OPEN, 0), INT64_MAX);
    assert_int_equal(day_start(DAY_FIRST, 0), INT64_MIN);
    assert_int_equal(day_start(106751991, -USEC_DAY), INT64_MAX);
    assert_int_equal(day_start(-106751991, USEC_DAY), INT64_MIN);
    assert_int_equal(day_of(INT64_MAX, USEC_DAY), 106751992);
    assert_int_equal(day_of(INT64_MIN, -USEC_DAY), -106751993);
    assert_true(usec_clock(INT64_MAX, 0).date.year > 290000);
    assert_true(usec_clock(INT64_MIN, 0).date.year < -290000);
    assert_int_equal(day_of(USEC_LEAST, 0), DAY_LEAST);
    assert_int_equal(day_of(USEC_MOST, 0), DAY_MOST);
    assert_int_equal(day_of(USEC_MOST + 1, 0), DAY_MOST + 1);
}

static void takes_validity_as_half_open(void **state)
{
    (void)state;
    assert_true(day_within(5, 5, 6));
    assert_false(day_within(6, 5, 6));
    assert_false(day_within(4, 5, 6));
    assert_true(day_within(0, DAY_FIRST, DAY_OPEN));
}

static void asks_the_system_for_now(void **state)
{
    (void)state;
    assert_true(now_utc() > 1700000000 * USEC_SECOND);
    usec before = now_steady();
    assert_true(now_steady() >= before);
}

static void reads_back_what_it_writes(void **state)
{
    (void)state;
    struct entropy_seed seed = {.state = entropy_u64(entropy_system())};
    print_message("seed %llu\n", (unsigned long long)seed.state);
    struct entropy chance = entropy_seeded(&seed);
    AUTO(buf_finish) struct buf out = {.ceiling = 100};
    for (int i = 0; i < 10000; i++) {
        uint64_t span = (uint64_t)(USEC_MOST - USEC_LEAST) + 1;
        usec instant = USEC_LEAST + (usec)entropy_below(chance, span);
        usec back = 0;
        buf_clear(&out);
        usec_write(instant, &out);
        assert_true(usec_parse(buf_str(&out), &back));
        assert_int_equal(back, instant);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_by_table),
        cmocka_unit_test(knows_every_day_of_ten_thousand_years),
        cmocka_unit_test(agrees_with_the_system_calendar),
        cmocka_unit_test(turns_the_day_at_local_midnight),
        cmocka_unit_test(bears_the_ends_of_time),
        cmocka_unit_test(takes_validity_as_half_open),
        cmocka_unit_test(asks_the_system_for_now),
        cmocka_unit_test(reads_back_what_it_writes),
    };
    return cmocka_run_group_tests_name("base: when", tests, NULL, NULL);
}

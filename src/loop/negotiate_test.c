/* Ranges, encodings, tags and dates by table. */
#include "loop/negotiate.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void reads_ranges(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        uint64_t whole;
        enum range_kind kind;
        uint64_t from;
        uint64_t size;
    } rows[] = {
        {"bytes=0-0", 10, RANGE_PART, 0, 1},
        {"bytes=2-5", 10, RANGE_PART, 2, 4},
        {"bytes=2-", 10, RANGE_PART, 2, 8},
        {"bytes=2-99", 10, RANGE_PART, 2, 8},
        {"bytes=-3", 10, RANGE_PART, 7, 3},
        {"bytes=-30", 10, RANGE_PART, 0, 10},
        {"Bytes=9-9", 10, RANGE_PART, 9, 1},
        {"bytes=0-18446744073709551615", 10, RANGE_PART, 0, 10},
        {"bytes=10-", 10, RANGE_OUTSIDE, 0, 0},
        {"bytes=10-11", 10, RANGE_OUTSIDE, 0, 0},
        {"bytes=-0", 10, RANGE_OUTSIDE, 0, 0},
        {"bytes=0-", 0, RANGE_OUTSIDE, 0, 0},
        {"bytes=-5", 0, RANGE_OUTSIDE, 0, 0},
        {"bytes=5-2", 10, RANGE_WHOLE, 0, 0},
        {"bytes=0-1,3-4", 10, RANGE_WHOLE, 0, 0},
        {"bytes=", 10, RANGE_WHOLE, 0, 0},
        {"bytes=-", 10, RANGE_WHOLE, 0, 0},
        {"bytes=a-b", 10, RANGE_WHOLE, 0, 0},
        {"bytes=1", 10, RANGE_WHOLE, 0, 0},
        {"bytes=0-18446744073709551616", 10, RANGE_WHOLE, 0, 0},
        {"lines=0-1", 10, RANGE_WHOLE, 0, 0},
        {"", 10, RANGE_WHOLE, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct range range = {0, 0};
        enum range_kind kind = range_parse(str_of(rows[i].header), rows[i].whole, &range);
        if (kind != rows[i].kind || range.from != rows[i].from || range.size != rows[i].size) {
            fail_msg("%s of %u", rows[i].header, (unsigned)rows[i].whole);
        }
    }
}

static void chooses_encodings(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool gzip;
        bool br;
        enum encoding chosen;
    } rows[] = {
        {NULL, true, true, ENCODING_IDENTITY},
        {"", true, true, ENCODING_IDENTITY},
        {"gzip, deflate, br", true, true, ENCODING_BR},
        {"gzip, deflate, br", true, false, ENCODING_GZIP},
        {"gzip, deflate, br", false, false, ENCODING_IDENTITY},
        {"GZIP;q=0.1", true, true, ENCODING_GZIP},
        {"x-gzip", true, true, ENCODING_GZIP},
        {"br;q=0, gzip", true, true, ENCODING_GZIP},
        {"br;q=0.000, gzip;q=0.0", true, true, ENCODING_IDENTITY},
        {"br;q=0.001", true, true, ENCODING_BR},
        {"*", true, true, ENCODING_BR},
        {"*;q=0", true, true, ENCODING_IDENTITY},
        {"*, br;q=0", true, true, ENCODING_GZIP},
        {"identity;q=0", true, true, ENCODING_IDENTITY},
        {"brotli", true, true, ENCODING_IDENTITY},
        {",,;q=,", true, true, ENCODING_IDENTITY},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (encoding_choose(str_of(rows[i].header), rows[i].gzip, rows[i].br) != rows[i].chosen) {
            fail_msg("%s", rows[i].header == NULL ? "(none)" : rows[i].header);
        }
    }
}

static void compares_tags(void **state)
{
    (void)state;
    assert_true(etag_is_listed(S("\"a\""), S("a")));
    assert_true(etag_is_listed(S("\"b\" , W/\"a\""), S("a")));
    assert_true(etag_is_listed(S(" * "), S("a")));
    assert_false(etag_is_listed(S("a"), S("a")));
    assert_false(etag_is_listed(S("\"a"), S("a")));
    assert_false(etag_is_listed(S("\"ab\""), S("a")));
    assert_false(etag_is_listed(S(""), S("a")));
    assert_true(etag_is(S("\"a\""), S("a")));
    assert_false(etag_is(S("W/\"a\""), S("a")));
}

static void writes_and_reads_dates(void **state)
{
    (void)state;
    char text[HTTP_DATE_SIZE];
    usec instant = 0;
    http_date_write(784111777 * USEC_SECOND, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_true(http_date_parse(S("Sun, 06 Nov 1994 08:49:37 GMT"), &instant));
    assert_true(instant == 784111777 * USEC_SECOND);
    for (int64_t days = 0; days < 40000; days += 13) { /* every month, every day of the week */
        usec again = -1;
        http_date_write(days * USEC_DAY + 86399 * USEC_SECOND, text);
        assert_true(http_date_parse(str_of(text), &again));
        assert_true(again == days * USEC_DAY + 86399 * USEC_SECOND);
    }
}

static void refuses_other_dates(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        usec instant;
        assert_false(http_date_parse(str_of(others[i]), &instant));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_ranges),        cmocka_unit_test(chooses_encodings),
        cmocka_unit_test(compares_tags),       cmocka_unit_test(writes_and_reads_dates),
        cmocka_unit_test(refuses_other_dates),
    };
    return cmocka_run_group_tests_name("loop: negotiate", tests, NULL, NULL);
}

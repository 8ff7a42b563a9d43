/* Views and buffers: edges of every cut, strict numbers, ceilings that hold. */
#include "base/str.h"

#include "base/base.h"
#include "base/entropy.h"
#include "base/testing.h"
#include "base/torture.h"

static void compares_bytes(void **state)
{
    (void)state;
    assert_true(str_is(STR_NONE, S("")));
    assert_true(str_is(str_of(NULL), str_of("")));
    assert_false(str_is(S("a"), S("b")));
    assert_false(str_is(S("a"), S("ab")));
    assert_true(str_is_fold(S("AbZ@["), S("aBz@[")));
    assert_false(str_is_fold(S("a"), S("ab")));
    assert_false(str_is_fold(S("@"), S("`")));
    assert_true(str_compare(S("a"), S("b")) < 0);
    assert_true(str_compare(S("b"), S("a")) > 0);
    assert_true(str_compare(S("a"), S("ab")) < 0);
    assert_true(str_compare(S("ab"), S("a")) > 0);
    assert_true(str_compare(STR_NONE, S("a")) < 0);
    assert_int_equal(str_compare(STR_NONE, S("")), 0);
    assert_true(str_compare(S("\x7f"), S("\x80")) < 0);
}

static void finds_beginnings_ends_and_bytes(void **state)
{
    (void)state;
    assert_true(str_starts(S("abc"), S("ab")));
    assert_true(str_starts(S("abc"), STR_NONE));
    assert_false(str_starts(S("a"), S("ab")));
    assert_false(str_starts(S("ba"), S("a")));
    assert_true(str_ends(S("abc"), S("bc")));
    assert_true(str_ends(STR_NONE, STR_NONE));
    assert_false(str_ends(S("c"), S("bc")));
    assert_false(str_ends(S("cb"), S("c")));
    assert_true(str_has(S("abc"), 'c'));
    assert_false(str_has(S("abc"), 'd'));
    assert_false(str_has(STR_NONE, 'd'));
}

static void cuts_inside_its_bounds(void **state)
{
    (void)state;
    assert_str(str_trim(S(" \t\r\n a b \r\n")), S("a b"));
    assert_str(str_trim(S(" \t\r\n")), S(""));
    assert_str(str_cut(S("abc"), 1, 2), S("b"));
    assert_str(str_cut(S("abc"), 1, 99), S("bc"));
    assert_str(str_cut(S("abc"), 99, 100), S(""));
    assert_str(str_cut(S("abc"), 2, 1), S(""));
    assert_str(str_cut(STR_NONE, 0, 1), S(""));
}

static void splits_at_the_first_separator(void **state)
{
    (void)state;
    str rest = S("old");
    assert_str(str_split(S("a,b,c"), ',', &rest), S("a"));
    assert_str(rest, S("b,c"));
    assert_str(str_split(S("a,"), ',', &rest), S("a"));
    assert_str(rest, S(""));
    assert_non_null(rest.at); /* an empty last part is a part */
    assert_str(str_split(S("a"), ',', &rest), S("a"));
    assert_null(rest.at);
    assert_str(str_split(STR_NONE, ',', &rest), S(""));
    assert_null(rest.at);
}

static void reads_whole_numbers_strictly(void **state)
{
    (void)state;
    int64_t i = 7;
    uint64_t u = 7;
    assert_true(str_to_u64(S("18446744073709551615"), &u) && u == UINT64_MAX);
    assert_true(str_to_i64(S("9223372036854775807"), &i) && i == INT64_MAX);
    assert_true(str_to_i64(S("-9223372036854775808"), &i) && i == INT64_MIN);
    assert_true(str_to_i64(S("-12"), &i) && i == -12);
    assert_true(str_to_i64(S("0"), &i) && i == 0);
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "--1",
                                      "0x1",
                                      "1e3",
                                      ":",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "18446744073709551616",
                                      "99999999999999999999",
                                      "000000000000000000001"};
    for (size_t n = 0; n < COUNT_OF(bad); n++) {
        i = 7;
        assert_false(str_to_i64(str_of(bad[n]), &i));
        assert_int_equal(i, 7);
    }
    assert_false(str_to_u64(S("18446744073709551616"), &u));
    assert_false(str_to_u64(S("-1"), &u));
}

static void reads_fractions_strictly(void **state)
{
    (void)state;
    double d = 7;
    assert_true(str_to_double(S("12"), &d) && d == 12);
    assert_true(str_to_double(S("12.5"), &d) && d == 12.5);
    assert_true(str_to_double(S("-0.25"), &d) && d == -0.25);
    assert_true(str_to_double(S("105.8341666"), &d) && d == 105.8341666);
    static const char *const bad[] = {
        "",    "-",   ".",  ".5", "5.", "1,5", "1e3", "1.2.3",
        "nan", "inf", " 1", "1 ", "+1", "0x1", "1.-", "1234567890123456789012345"};
    for (size_t n = 0; n < COUNT_OF(bad); n++) {
        d = 7;
        assert_false(str_to_double(str_of(bad[n]), &d));
        assert_true(d == 7);
    }
}

static void fills_arrays_that_are_large_enough(void **state)
{
    (void)state;
    char array[4] = "old";
    assert_true(str_to_array(S("abc"), array, sizeof array));
    assert_string_equal(array, "abc");
    assert_true(str_to_array(STR_NONE, array, sizeof array));
    assert_string_equal(array, "");
    assert_false(str_to_array(S("abcd"), array, sizeof array));
    assert_string_equal(array, "");
}

static void collects_all_kinds_of_pieces(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf buf;
    buf_init(&buf, 200);
    assert_str(buf_str(&buf), S(""));
    buf_add(&buf, STR_NONE);
    buf_add_text(&buf, "a");
    buf_add_byte(&buf, ' ');
    buf_add_i64(&buf, INT64_MIN);
    buf_add_format(&buf, " %s %d ", "x", 3);
    buf_add_hex(&buf, "\x00\x9f\xff", 3);
    assert_ok(buf_check(&buf));
    assert_str(buf_str(&buf), S("a -9223372036854775808 x 3 009fff"));
    assert_int_equal(buf.at[buf.len], 0);
    buf_drop(&buf, 2);
    assert_str(str_cut(buf_str(&buf), 0, 3), S("-92"));
    buf_cut(&buf, 2);
    assert_str(buf_str(&buf), S("-9"));
    assert_int_equal(buf.at[2], 0);
    buf_cut(&buf, 3);
    assert_str(buf_str(&buf), S("-9"));
    buf_drop(&buf, 9);
    assert_str(buf_str(&buf), S(""));
    assert_int_equal(buf.at[0], 0);
}

static void stays_failed_at_its_ceiling(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf buf;
    buf_init(&buf, 10);
    buf_add(&buf, S("0123456789"));
    assert_ok(buf_check(&buf));
    buf_add_byte(&buf, 'x');
    assert_failed(buf_check(&buf), ERR_TOO_BIG);
    buf_clear(&buf);
    assert_ok(buf_check(&buf));
    buf_add_format(&buf, "%011d", 1);
    assert_failed(buf_check(&buf), ERR_TOO_BIG);
    buf_add_text(&buf, "fits, but too late");
    assert_str(buf_str(&buf), S(""));
    buf_clear(&buf);
    buf_add_hex(&buf, "123456", 6);
    assert_failed(buf_check(&buf), ERR_TOO_BIG);
    buf_clear(&buf);
    buf_add(&buf, S("1"));
    buf_add_hex(&buf, "12345", 5);
    assert_failed(buf_check(&buf), ERR_TOO_BIG);
    buf_clear(&buf);
    assert_null(buf_reserve(&buf, 11));
    assert_null(buf_reserve(&buf, 1));
    buf_clear(&buf);
    buf_add_format(&buf, "%ls", L"\x1234"); /* not to be had in the C locale */
    assert_failed(buf_check(&buf), ERR_TOO_BIG);
    buf_finish(&buf);
    assert_non_null(buf_reserve(&buf, 0));
    buf_clear(&buf);
    buf_cut(&buf, 0);
}

/* Against a model: the same bytes as a plain array would hold, for growth by all sizes. */
static void grows_without_losing_a_byte(void **state)
{
    (void)state;
    static char model[8192];
    struct entropy_seed seed = {.state = entropy_u64(entropy_system())};
    print_message("seed %llu\n", (unsigned long long)seed.state);
    struct entropy chance = entropy_seeded(&seed);
    AUTO(buf_finish) struct buf buf = {.ceiling = sizeof model};
    size_t len = 0;
    while (len < sizeof model - 300) {
        size_t part = (size_t)entropy_below(chance, 300);
        char *at = buf_reserve(&buf, part);
        assert_non_null(at);
        entropy_fill(chance, at, part);
        memcpy(model + len, at, part);
        buf_advance(&buf, part);
        len += part;
    }
    assert_str(buf_str(&buf), (str){model, len});
}

static errc run_buf(void *ctx)
{
    struct buf *buf = ctx;
    buf_finish(buf);
    buf_init(buf, 1000);
    for (int i = 0; i < 100; i++) {
        buf_add_format(buf, "%d ", i);
    }
    buf_add_hex(buf, "abc", 3);
    return buf_check(buf);
}

static bool is_whole_prefix(void *ctx, errc rc)
{
    const struct buf *buf = ctx;
    return rc == ERR_NO_MEMORY &&
           str_starts(S("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"
                        " 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37"
                        " 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54"
                        " 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71"
                        " 72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88"),
                      buf_str(buf));
}

static void torture_survives_each_failed_allocation(void **state)
{
    (void)state;
    struct why why = {""};
    struct buf buf = {0};
    struct torture torture = {.name = "buf", .run = run_buf, .holds = is_whole_prefix, .ctx = &buf};
    assert_ok(torture_run(&torture_heap, &torture, &why));
    assert_int_equal(torture.runs, 6); /* 64, 97, 146, 220, 331 bytes and a run untouched */
    buf_finish(&buf);
}

static void no_text_becomes_markup(void **state)
{
    AUTO(buf_finish) struct buf buf;
    (void)state;
    buf_init(&buf, 1000);
    buf_add_markup(&buf, S("<a href=\"x\" b='y'>&\r\n\tđ\x01</a>"));
    assert_str(buf_str(&buf), S("&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;&#13;\n\tđ"
                                "\xef\xbf\xbd&lt;/a&gt;"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_becomes_markup),
        cmocka_unit_test(compares_bytes),
        cmocka_unit_test(finds_beginnings_ends_and_bytes),
        cmocka_unit_test(cuts_inside_its_bounds),
        cmocka_unit_test(splits_at_the_first_separator),
        cmocka_unit_test(reads_whole_numbers_strictly),
        cmocka_unit_test(reads_fractions_strictly),
        cmocka_unit_test(fills_arrays_that_are_large_enough),
        cmocka_unit_test(collects_all_kinds_of_pieces),
        cmocka_unit_test(stays_failed_at_its_ceiling),
        cmocka_unit_test(grows_without_losing_a_byte),
        cmocka_unit_test(torture_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests_name("base: str", tests, NULL, NULL);
}

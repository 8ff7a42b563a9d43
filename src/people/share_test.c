#include "people/share.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void reads_fractions_as_written(void **state)
{
    (void)state;
    share value;
    assert_true(share_parse(S("0.4"), &value));
    assert_int_equal(value.num, 2);
    assert_int_equal(value.den, 5);
    assert_true(share_parse(S("2/6"), &value));
    assert_int_equal(value.den, 3);
    assert_true(share_parse(S("1"), &value));
    assert_int_equal(value.den, 1);
    static const char *const wrong[] = {
        "",   "1.1",          "2",     "-1",  "1/0", "3/2", "0.1234567890",
        ".5", "1/2000000000", "1/2/3", "0,4", " 1"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        assert_false(share_parse(str_of(wrong[i]), &value));
    }
}

static void refuses_what_does_not_fit(void **state)
{
    (void)state;
    share big = {1, 4000000007};
    share other = {1, 3999999979};
    share value = SHARE_NONE;
    assert_false(share_times(big, other, &value));
    assert_false(share_plus(big, other, &value));
    assert_false(share_plus(SHARE_WHOLE, big, &value));
    assert_false(share_minus(big, SHARE_WHOLE, &value));
    assert_false(share_plus(SHARE_UNDECLARED, SHARE_NONE, &value));
    assert_int_equal(value.num, 0);
}

static void splits_by_largest_remainder(void **state)
{
    (void)state;
    const share thirds[] = {{1, 3}, {1, 3}, {1, 3}};
    int64_t pieces[3];
    assert_true(share_split(10, thirds, 3, pieces));
    assert_int_equal(pieces[0], 4);
    assert_int_equal(pieces[1], 3);
    assert_int_equal(pieces[2], 3);
    const share uneven[] = {{1, 10}, {9, 10}};
    assert_true(share_split(-7, uneven, 2, pieces));
    assert_int_equal(pieces[0], -1);
    assert_int_equal(pieces[1], -6);
    assert_false(share_split(7, thirds, 2, pieces));
    assert_false(share_split(INT64_MIN, thirds, 3, pieces));
}

static void split_keeps_the_sum_of_any_count(void **state)
{
    (void)state;
    const share shares[] = {{1, 7}, {2, 11}, {0, 1}, {1, 3}, {79, 231}};
    share sum = SHARE_NONE;
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        assert_true(share_plus(sum, shares[i], &sum));
    }
    assert_int_equal(sum.num, sum.den);
    const int64_t values[] = {0, 1, -1, 2, 13, 999983, INT64_MAX, INT64_MIN + 1};
    for (size_t v = 0; v < COUNT_OF(values); v++) {
        int64_t pieces[COUNT_OF(shares)];
        int64_t total = 0;
        assert_true(share_split(values[v], shares, COUNT_OF(shares), pieces));
        for (size_t i = 0; i < COUNT_OF(shares); i++) {
            total += pieces[i];
        }
        assert_true(total == values[v]);
        assert_int_equal(pieces[2], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_fractions_as_written),
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(splits_by_largest_remainder),
        cmocka_unit_test(split_keeps_the_sum_of_any_count),
    };
    return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}

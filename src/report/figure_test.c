#include "report/figure.h"

#include "base/cases.h"
#include "base/entropy.h"
#include "base/testing.h"

static void check_case(void *ctx, const struct cases_row *row)
{
    figure value = FIGURE_NONE;
    AUTO(buf_finish) struct buf machine;
    AUTO(buf_finish) struct buf shown;
    (void)ctx;
    buf_init(&machine, 100);
    buf_init(&shown, 100);
    bool taken = figure_parse_vi(row->cells[0], &value);
    if (str_is(row->cells[1], S("!"))) {
        assert_false(taken);
        return;
    }
    if (!taken) {
        fail_msg("%s:%zu: refused", row->path, row->line);
    }
    figure_write(value, &machine);
    assert_str(buf_str(&machine), row->cells[1]);
    figure_write_vi(value, 1, &shown);
    assert_str(buf_str(&shown), row->cells[2]);
}

static void reads_and_shows_figures_as_people_write_them(void **state)
{
    (void)state;
    assert_ok(cases_each(LOA_SOURCE_DIR "/src/report/figure.cases", 3, check_case, NULL, NULL));
}

static figure ratio(int64_t num, int64_t den)
{
    figure value = FIGURE_NONE;
    assert_true(figure_make(num, den, &value));
    return value;
}

static void keeps_thirds_exactly(void **state)
{
    figure sum = FIGURE_ZERO;
    AUTO(buf_finish) struct buf text;
    (void)state;
    buf_init(&text, 100);
    for (int i = 0; i < 3; i++) {
        assert_true(figure_plus(sum, ratio(1, 3), &sum));
    }
    assert_true(figure_is_whole(sum));
    assert_int_equal(figure_compare(sum, FIGURE_ONE), 0);
    figure_write(ratio(-2, 6), &text);
    assert_str(buf_str(&text), S("-1/3"));
    figure back = FIGURE_NONE;
    assert_true(figure_parse_exact(buf_str(&text), &back));
    assert_int_equal(figure_compare(back, ratio(-1, 3)), 0);
}

static void shows_nothing_as_a_dash_and_never_as_nought(void **state)
{
    AUTO(buf_finish) struct buf text;
    (void)state;
    buf_init(&text, 100);
    figure_write(FIGURE_NONE, &text);
    assert_int_equal(text.len, 0);
    figure_write_vi(FIGURE_NONE, 1, &text);
    assert_str(buf_str(&text), S("–"));
}

static void says_when_a_result_does_not_fit(void **state)
{
    figure most = figure_of(INT64_MAX);
    figure value = FIGURE_NONE;
    (void)state;
    assert_false(figure_plus(most, FIGURE_ONE, &value));
    assert_false(figure_times(most, figure_of(2), &value));
    assert_false(figure_over(ratio(1, INT64_MAX), figure_of(2), &value));
    assert_false(figure_plus(ratio(1, INT64_MAX), ratio(1, INT64_MAX - 1), &value));
    assert_false(figure_make(1, 0, &value));
    assert_true(figure_times(most, ratio(1, INT64_MAX), &value));
    assert_int_equal(figure_compare(value, FIGURE_ONE), 0);
}

static void rounds_half_away_from_nought(void **state)
{
    static const struct {
        int64_t num;
        int64_t den;
        int decimals;
        const char *is;
    } cases[] = {{1, 2, 0, "1"},          {-1, 2, 0, "-1"},     {1, 3, 2, "0.33"},
                 {2, 3, 2, "0.67"},       {5, 1000, 2, "0.01"}, {-5, 1000, 2, "-0.01"},
                 {4999, 1000000, 2, "0"}, {120, 11, 1, "10.9"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        figure value = FIGURE_NONE;
        AUTO(buf_finish) struct buf text;
        buf_init(&text, 100);
        assert_true(figure_round(ratio(cases[i].num, cases[i].den), cases[i].decimals, &value));
        figure_write(value, &text);
        assert_str(buf_str(&text), str_of(cases[i].is));
    }
}

static figure random_figure(struct entropy chance)
{
    return ratio((int64_t)entropy_below(chance, 2000001) - 1000000,
                 1 + (int64_t)entropy_below(chance, 1000));
}

static void keeps_the_laws_of_fractions(void **state)
{
    struct entropy_seed seed = {entropy_u64(entropy_system())};
    struct entropy chance = entropy_seeded(&seed);
    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed.state);
    for (size_t i = 0; i < test_rounds(20000, 2000000); i++) {
        figure a = random_figure(chance);
        figure b = random_figure(chance);
        figure sum = FIGURE_NONE;
        figure back = FIGURE_NONE;
        assert_true(figure_plus(a, b, &sum) && figure_minus(sum, b, &back));
        assert_int_equal(figure_compare(back, a), 0);
        if (b.num != 0) {
            assert_true(figure_times(a, b, &sum) && figure_over(sum, b, &back));
            assert_int_equal(figure_compare(back, a), 0);
        }
        assert_int_equal(figure_compare(a, b), -figure_compare(b, a));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_shows_figures_as_people_write_them),
        cmocka_unit_test(keeps_thirds_exactly),
        cmocka_unit_test(shows_nothing_as_a_dash_and_never_as_nought),
        cmocka_unit_test(says_when_a_result_does_not_fit),
        cmocka_unit_test(rounds_half_away_from_nought),
        cmocka_unit_test(keeps_the_laws_of_fractions),
    };
    return cmocka_run_group_tests_name("report: figure", tests, NULL, NULL);
}

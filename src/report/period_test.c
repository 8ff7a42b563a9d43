#include "report/due.h"

#include "base/cases.h"
#include "base/testing.h"

enum { AGENCY, PROVINCE, DISTRICT, COMMUNE };

static day day_at(const char *text)
{
    day date = 0;
    assert_true(day_parse(str_of(text), &date));
    return date;
}

static period period_at(const char *text)
{
    period value = {PERIOD_YEAR, 0, 0};
    assert_true(period_parse(str_of(text), &value));
    return value;
}

static void says_periods_in_one_way_only(void **state)
{
    static const char *const texts[] = {"2024-M01", "2024-M12", "2024-Q4", "2024-H2",
                                        "2024-N1",  "2024",     "1945",    "2999-Q1"};
    static const char *const refused[] = {"",        "24",        "2024-",    "2024-Q",  "2024-Q0",
                                          "2024-Q5", "2024-M1",   "2024-M13", "2024-H3", "2024-N2",
                                          "2024-X1", "2024-Q01",  "1944",     "3000",    "-024",
                                          "2024 ",   "2024-Q1-Q2"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        AUTO(buf_finish) struct buf text;
        buf_init(&text, 100);
        period_write(period_at(texts[i]), &text);
        assert_str(buf_str(&text), str_of(texts[i]));
    }
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        period value;
        assert_false(period_parse(str_of(refused[i]), &value));
    }
}

static void knows_the_days_of_a_period(void **state)
{
    (void)state;
    assert_int_equal(period_from(period_at("2024-Q2")), day_at("2024-04-01"));
    assert_int_equal(period_to(period_at("2024-Q2")), day_at("2024-07-01"));
    assert_int_equal(period_to(period_at("2024-Q4")), day_at("2025-01-01"));
    assert_int_equal(period_to(period_at("2024-M02")), day_at("2024-03-01"));
    assert_int_equal(period_to(period_at("2024-N1")), day_at("2024-10-01"));
    assert_true(period_same(period_of(PERIOD_HALF, day_at("2024-07-01")), period_at("2024-H2")));
    assert_true(
        period_same(period_of(PERIOD_NINE_MONTHS, day_at("2024-12-31")), period_at("2024-N1")));
    assert_true(period_holds(period_at("2024"), period_at("2024-Q4")));
    assert_true(period_holds(period_at("2024-H1"), period_at("2024-Q2")));
    assert_false(period_holds(period_at("2024-H1"), period_at("2024-Q3")));
}

static void walks_back_without_gaps(void **state)
{
    (void)state;
    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        period value = period_of(kind, day_at("2024-05-05"));
        period before;
        for (int i = 0; i < 30; i++) {
            assert_true(period_before(value, &before));
            assert_true(kind == PERIOD_NINE_MONTHS || period_to(before) == period_from(value));
            value = before;
        }
    }
    period last;
    assert_true(period_last_year(period_at("2024-Q2"), &last));
    assert_true(period_same(last, period_at("2023-Q2")));
    assert_false(period_before(period_at("1945-Q1"), &last));
}

/* The deadlines of domain.md as rules, and a later change of one of them. */
static struct due_rule rules[] = {
    {0, DAY_OPEN, COMMUNE, PERIOD_QUARTER, 5, 0, 25, true, 14},
    {0, DAY_OPEN, COMMUNE, PERIOD_HALF, 1, 0, 20, true, 30},
    {0, DAY_OPEN, COMMUNE, PERIOD_YEAR, 1, -1, 20, true, 30},
    {0, DAY_OPEN, DISTRICT, PERIOD_QUARTER, 5, 0, 30, true, 14},
    {0, DAY_OPEN, DISTRICT, PERIOD_HALF, 1, 0, 30, true, 30},
    {0, DAY_OPEN, DISTRICT, PERIOD_YEAR, 1, -1, 30, true, 30},
    {0, DAY_OPEN, AGENCY, PERIOD_YEAR, 1, 0, 25, true, 30},
    {0, DAY_OPEN, AGENCY, PERIOD_YEAR, 1, 1, 31, false, 31},
};

static void begin_rules(void)
{
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        rules[i].from = day_at(i + 1 < COUNT_OF(rules) ? "2024-01-01" : "2026-01-01");
        assert_null(due_rule_problem(&rules[i]));
    }
}

static int tier_of(str word)
{
    static const char *const tiers[] = {"agency", "province", "district", "commune"};
    for (int i = 0; i < (int)COUNT_OF(tiers); i++) {
        if (str_is(word, str_of(tiers[i]))) {
            return i;
        }
    }
    fail_msg("no tier %.*s", STR_ARG(word));
    return -1;
}

static void write_due(const struct due *due, struct buf *out)
{
    buf_add_text(out, out->len > 0 ? ", " : "");
    period_write(due->period, out);
    buf_add_byte(out, ' ');
    day_write(due->opens, out);
    buf_add_byte(out, ' ');
    day_write(due->last, out);
    buf_add_byte(out, ' ');
    day_write(due->deadline, out);
}

static void check_case(void *ctx, const struct cases_row *row)
{
    AUTO(buf_finish) struct buf text;
    AUTO(arena_close) struct arena *arena = NULL;
    str year_word = STR_NONE;
    str tier = str_split(row->cells[0], ' ', &year_word);
    int64_t year = 0;
    struct dues dues;
    (void)ctx;
    buf_init(&text, 2000);
    assert_ok(arena_create(1 << 20, &arena));
    assert_true(str_to_i64(year_word, &year));
    assert_ok(due_list(arena, rules, COUNT_OF(rules), tier_of(tier), (int)year, &dues));
    for (size_t i = 0; i < dues.count; i++) {
        write_due(&dues.at[i], &text);
    }
    assert_str(buf_str(&text), row->cells[1]);
}

static void reports_are_due_as_the_table_says(void **state)
{
    (void)state;
    begin_rules();
    assert_ok(cases_each(LOA_SOURCE_DIR "/src/report/due.cases", 2, check_case, NULL, NULL));
}

static void a_report_is_late_from_the_day_after_its_last(void **state)
{
    struct due due = {.opens = 100, .last = 110};
    (void)state;
    assert_int_equal(due_state(&due, 99, DAY_OPEN, DAY_FIRST), DUE_LATER);
    assert_int_equal(due_state(&due, 100, DAY_OPEN, DAY_FIRST), DUE_OPEN);
    assert_int_equal(due_state(&due, 110, DAY_OPEN, DAY_FIRST), DUE_OPEN);
    assert_int_equal(due_state(&due, 111, DAY_OPEN, DAY_FIRST), DUE_LATE);
    assert_int_equal(due_state(&due, 111, DAY_OPEN, 115), DUE_OPEN);
    assert_int_equal(due_state(&due, 116, DAY_OPEN, 115), DUE_LATE);
    assert_int_equal(due_state(&due, 200, 110, DAY_FIRST), DUE_IN_TIME);
    assert_int_equal(due_state(&due, 200, 111, DAY_FIRST), DUE_CAME_LATE);
    assert_int_equal(due_state(&due, 200, 111, 115), DUE_IN_TIME);
    assert_int_equal(due_state(&due, 111, DAY_OPEN, 105), DUE_LATE);
}

static void refuses_rules_that_nobody_can_keep(void **state)
{
    struct due_rule rule = {0, DAY_OPEN, COMMUNE, PERIOD_QUARTER, 15, 0, 25, true, 14};
    (void)state;
    assert_null(due_rule_problem(&rule));
    rule.numbers = 16;
    assert_string_equal(due_rule_problem(&rule), "no_such_period");
    rule.numbers = 1;
    rule.mday = 32;
    assert_string_equal(due_rule_problem(&rule), "no_such_day");
    rule.mday = 1;
    rule.to = 0;
    assert_string_equal(due_rule_problem(&rule), "never_in_force");
    rule.to = 1;
    rule.tier = 99;
    assert_string_equal(due_rule_problem(&rule), "no_such_tier");
    rule.tier = 1;
    rule.open_days = 366;
    assert_string_equal(due_rule_problem(&rule), "opens_too_early");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_periods_in_one_way_only),
        cmocka_unit_test(knows_the_days_of_a_period),
        cmocka_unit_test(walks_back_without_gaps),
        cmocka_unit_test(reports_are_due_as_the_table_says),
        cmocka_unit_test(a_report_is_late_from_the_day_after_its_last),
        cmocka_unit_test(refuses_rules_that_nobody_can_keep),
    };
    return cmocka_run_group_tests_name("report: period", tests, NULL, NULL);
}

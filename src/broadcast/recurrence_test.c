#include "broadcast/recurrence.h"

#include "base/cases.h"
#include "base/entropy.h"
#include "base/testing.h"

#include <libical/ical.h>

enum { DAYS_ROOM = 32 };

struct text_rule {
    struct recurrence rule;
    day added[DAYS_ROOM];
    day removed[DAYS_ROOM];
};

static day day_of_text(str text)
{
    day on = 0;
    assert_true(day_parse(text, &on));
    return on;
}

static int number_of(str text)
{
    int64_t number = 0;
    assert_true(str_to_i64(text, &number));
    return (int)number;
}

static unsigned bits_of(str text)
{
    unsigned bits = 0;
    while (text.at != NULL) {
        bits |= 1U << (number_of(str_split(text, ',', &text)) - 1);
    }
    return bits;
}

static struct day_list days_of(str text, day *days)
{
    size_t count = 0;
    while (text.at != NULL) {
        days[count++] = day_of_text(str_split(text, ',', &text));
    }
    return (struct day_list){days, count};
}

static void take_word(struct text_rule *text, str key, str value)
{
    struct recurrence *rule = &text->rule;
    if (value.at == NULL) {
        assert_true(cadence_parse(key, &rule->cadence));
    } else if (str_is(key, S("from"))) {
        rule->from = day_of_text(value);
    } else if (str_is(key, S("to"))) {
        rule->to = day_of_text(value);
    } else if (str_is(key, S("every"))) {
        rule->every = number_of(value);
    } else if (str_is(key, S("days"))) {
        rule->weekdays = bits_of(value);
    } else if (str_is(key, S("months"))) {
        rule->months = bits_of(value);
    } else if (str_is(key, S("on"))) {
        rule->month_day = number_of(value);
    } else if (str_is(key, S("nth"))) {
        rule->nth = number_of(value);
    } else if (str_is(key, S("added"))) {
        rule->added = days_of(value, text->added);
    } else if (str_is(key, S("removed"))) {
        rule->removed = days_of(value, text->removed);
    } else {
        assert_str(key, S("holidays"));
        assert_true(holiday_way_parse(value, &rule->holidays));
    }
}

static void read_rule(str words, struct text_rule *text)
{
    *text = (struct text_rule){.rule = {.every = 1, .to = DAY_OPEN}};
    while (words.at != NULL) {
        str value = STR_NONE;
        str word = str_split(words, ' ', &words);
        if (word.len > 0) {
            str key = str_split(word, '=', &value);
            take_word(text, key, value);
        }
    }
}

static bool is_holiday(day on)
{
    return on >= day_of_text(S("2026-02-14")) && on <= day_of_text(S("2026-02-20"));
}

static void check_case(void *ctx, const struct cases_row *row)
{
    struct text_rule text;
    char first[16];
    day on = 0;
    AUTO(buf_finish) struct buf found;
    (void)ctx;
    buf_init(&found, 1024);
    read_rule(row->cells[0], &text);
    assert_null(recurrence_problem(&text.rule));
    snprintf(first, sizeof first, "%.*s-01", STR_ARG(row->cells[1]));
    on = day_of_text(str_of(first));
    for (int month = day_civil(on).month; day_civil(on).month == month; on++) {
        if (recurrence_falls_on(&text.rule, is_holiday(on), on)) {
            buf_add_format(&found, "%s%d", found.len > 0 ? " " : "", day_civil(on).mday);
        }
    }
    str days = found.len > 0 ? buf_str(&found) : S("-");
    if (!str_is(days, row->cells[2])) {
        fail_msg("%s:%zu: falls on %.*s", row->path, row->line, STR_ARG(days));
    }
}

static void falls_on_the_days_of_the_table(void **state)
{
    (void)state;
    assert_ok(
        cases_each(LOA_SOURCE_DIR "/src/broadcast/recurrence.cases", 3, check_case, NULL, NULL));
}

/* The next day that libical names, or DAY_OPEN. */
static day next_of(icalrecur_iterator *iterator)
{
    struct icaltimetype time = icalrecur_iterator_next(iterator);
    day on = DAY_OPEN;
    if (!icaltime_is_null_time(time)) {
        assert_true(day_from_civil((struct civil){time.year, time.month, time.day}, &on));
    }
    return on;
}

static struct recurrence random_rule(struct entropy entropy)
{
    struct recurrence rule = {
        .cadence = (enum cadence)(1 + entropy_below(entropy, CADENCES - 1)),
        .every = 1 + (int)entropy_below(entropy, 4),
        .weekdays = 1 + (unsigned)entropy_below(entropy, EVERY_WEEKDAY),
        .months = entropy_below(entropy, 2) == 0 ? 0 : 1 + (unsigned)entropy_below(entropy, 4095),
        .month_day = entropy_below(entropy, 4) == 0 ? -1 : 1 + (int)entropy_below(entropy, 31),
        .nth = entropy_below(entropy, 4) == 0 ? -1 : 1 + (int)entropy_below(entropy, 5),
        .from = 19000 + (day)entropy_below(entropy, 3000),
    };
    rule.to = rule.from + 1 + (day)entropy_below(entropy, 1500);
    return rule;
}

/* A DTSTART that is no instance itself is undefined (RFC 5545, 3.8.5.3): it begins with the first.
 */
static bool begin_with_first(struct recurrence *rule)
{
    for (day on = rule->from; on < rule->to; on++) {
        if (recurrence_falls_on(rule, false, on)) {
            rule->from = on;
            return true;
        }
    }
    return false;
}

static void check_against_libical(const struct recurrence *rule, const char *rrule)
{
    struct civil from = day_civil(rule->from);
    struct icaltimetype start = {
        .year = from.year, .month = from.month, .day = from.mday, .is_date = 1};
    struct icalrecurrencetype recur = icalrecurrencetype_from_string(rrule);
    icalrecur_iterator *iterator = icalrecur_iterator_new(recur, start);
    assert_non_null(iterator);
    day next = next_of(iterator);
    for (day on = rule->from; on < rule->to; on++) {
        bool theirs = next == on;
        if (recurrence_falls_on(rule, false, on) != theirs) {
            AUTO(buf_finish) struct buf text;
            buf_init(&text, 64);
            day_write(on, &text);
            fail_msg("%s: libical says %s to %.*s", rrule, theirs ? "yes" : "no",
                     STR_ARG(buf_str(&text)));
        }
        next = theirs ? next_of(iterator) : next;
    }
    icalrecur_iterator_free(iterator);
}

static void means_what_libical_reads_in_its_rrule(void **state)
{
    (void)state;
    struct entropy_seed seed = {20260217};
    struct entropy entropy = entropy_seeded(&seed);
    for (int i = 0; i < 2000; i++) {
        struct recurrence rule = random_rule(entropy);
        if (!begin_with_first(&rule)) {
            continue;
        }
        AUTO(buf_finish) struct buf rrule;
        buf_init(&rrule, 512);
        recurrence_rrule(&rule, &rrule);
        check_against_libical(&rule, rrule.at);
    }
}

static void names_what_is_wrong_with_a_rule(void **state)
{
    (void)state;
    struct recurrence rule = {.cadence = CADENCE_WEEKLY, .every = 1, .from = 20000, .to = DAY_OPEN};
    assert_string_equal(recurrence_problem(&rule), "no_weekday");
    rule.weekdays = 1;
    assert_null(recurrence_problem(&rule));
    rule.cadence = CADENCE_MONTH_DAY;
    assert_string_equal(recurrence_problem(&rule), "no_month_day");
    rule.cadence = CADENCE_MONTH_WEEKDAY;
    assert_string_equal(recurrence_problem(&rule), "no_nth");
    rule.nth = 6;
    assert_string_equal(recurrence_problem(&rule), "no_nth");
    rule.nth = -1;
    assert_null(recurrence_problem(&rule));
    rule.every = 0;
    assert_string_equal(recurrence_problem(&rule), "out_of_range");
    rule.to = rule.from;
    assert_string_equal(recurrence_problem(&rule), "never");
}

static void knows_the_weekday_of_days_before_1970(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(day_of_text(S("1945-09-02"))), 6);
    assert_int_equal(day_weekday(day_of_text(S("1970-01-01"))), 3);
    assert_int_equal(day_weekday(day_of_text(S("2026-02-17"))), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(falls_on_the_days_of_the_table),
        cmocka_unit_test(means_what_libical_reads_in_its_rrule),
        cmocka_unit_test(names_what_is_wrong_with_a_rule),
        cmocka_unit_test(knows_the_weekday_of_days_before_1970),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

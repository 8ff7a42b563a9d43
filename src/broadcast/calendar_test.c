/* The calendar, read back by the library that wrote it. */
#include "broadcast/calendar.h"

#include "base/testing.h"

#include <libical/ical.h>

static struct programme weekly(void)
{
    return (struct programme){
        .id = 4,
        .name = S("Sức khỏe; đời sống, mùa lũ"),
        .when = {.cadence = CADENCE_WEEKLY, .every = 1, .from = 20515, .to = 20700, .weekdays = 5},
        .start_s = 19800,
        .place_ms = 900000,
        .version = 3,
    };
}

static icalcomponent *write_and_read(const struct programme *programmes, size_t count,
                                     const struct holiday *holidays, size_t holiday_count)
{
    AUTO(buf_finish) struct buf text;
    struct calendar calendar = {.name = S("Xã Đồng Sen"),
                                .zone = 7 * USEC_HOUR,
                                .now = (usec)20516 * USEC_DAY,
                                .programmes = programmes,
                                .count = count,
                                .holidays = holidays,
                                .holiday_count = holiday_count};
    buf_init(&text, 1024 * 1024);
    assert_ok(calendar_write(&calendar, &text, NULL));
    icalcomponent *read = icalparser_parse_string(text.at);
    assert_non_null(read);
    icalcomponent_strip_errors(read);
    return read;
}

static void says_a_rule_as_a_rule(void **state)
{
    (void)state;
    struct programme programme = weekly();
    icalcomponent *read = write_and_read(&programme, 1, NULL, 0);
    assert_int_equal(icalcomponent_count_components(read, ICAL_VEVENT_COMPONENT), 1);
    icalcomponent *event = icalcomponent_get_first_component(read, ICAL_VEVENT_COMPONENT);
    assert_string_equal(icalcomponent_get_summary(event), "Sức khỏe; đời sống, mùa lũ");
    struct icaltimetype start = icalcomponent_get_dtstart(event);
    assert_int_equal(start.hour, 5);
    assert_int_equal(start.minute, 30);
    assert_int_equal(icaldurationtype_as_int(icalcomponent_get_duration(event)), 900);
    icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    struct icalrecurrencetype recur = icalproperty_get_rrule(rule);
    assert_int_equal(recur.freq, ICAL_WEEKLY_RECURRENCE);
    assert_int_equal(recur.until.is_date, 0);
    assert_int_equal(icalcomponent_count_components(read, ICAL_VTIMEZONE_COMPONENT), 1);
    icalcomponent_free(read);
}

static void takes_holidays_and_removed_days_out(void **state)
{
    (void)state;
    day removed[] = {20524};
    struct programme programme = weekly();
    programme.when.holidays = HOLIDAY_SKIP;
    programme.when.removed = (struct day_list){removed, 1};
    struct holiday tet = {.from = 20529, .to = 20532, .name = S("Tết")};
    icalcomponent *read = write_and_read(&programme, 1, &tet, 1);
    icalcomponent *event = icalcomponent_get_first_component(read, ICAL_VEVENT_COMPONENT);
    int days = 0;
    for (icalproperty *out = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
         out != NULL; out = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY)) {
        days++;
    }
    assert_true(days >= 1);
    for (day on = 20515; on < 20700; on++) {
        bool due = recurrence_is_due(&programme.when, on);
        bool off = on == 20524 || day_within(on, tet.from, tet.to);
        days -= due && off;
    }
    assert_int_equal(days, 0);
    icalcomponent_free(read);
}

static void writes_repeats_of_a_column_out(void **state)
{
    (void)state;
    struct programme programme = weekly();
    struct programme_repeat repeats[] = {{1, 61200}};
    programme.repeats = repeats;
    programme.repeat_count = 1;
    icalcomponent *read = write_and_read(&programme, 1, NULL, 0);
    assert_int_equal(icalcomponent_count_components(read, ICAL_VEVENT_COMPONENT), 2);
    icalcomponent_free(read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_a_rule_as_a_rule),
        cmocka_unit_test(takes_holidays_and_removed_days_out),
        cmocka_unit_test(writes_repeats_of_a_column_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

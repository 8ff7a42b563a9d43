/* Calendars become places, or say why not. */
#include "studio/calendar_in.h"

#include "base/testing.h"

#define HEAD "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//VI\r\n"
#define TAIL "END:VCALENDAR\r\n"
#define NAMED "BEGIN:VEVENT\r\nUID:a@x\r\nSUMMARY:Bản tin\r\n"

struct calendar_kit {
    struct arena *arena;
    struct calendar_events events;
};

static const struct calendar_event *read_one(struct calendar_kit *kit, const char *lines)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 16 * 1024);
    buf_add_format(&text, HEAD NAMED "%s\r\nEND:VEVENT\r\n" TAIL, lines);
    assert_ok(calendar_read(buf_str(&text), 7 * USEC_HOUR, kit->arena, &kit->events, NULL));
    assert_int_equal(kit->events.count, 1);
    return &kit->events.at[0];
}

static void open_kit(struct calendar_kit *kit)
{
    *kit = (struct calendar_kit){.arena = NULL};
    assert_ok(arena_create(4 * 1024 * 1024, &kit->arena));
}

static day on(const char *date)
{
    day parsed = 0;
    assert_true(day_parse(str_of(date), &parsed));
    return parsed;
}

static void reads_times_of_every_kind_of_clock(void **state)
{
    (void)state;
    static const char *const starts[] = {"DTSTART:20261126T053000\r\nDURATION:PT15M",
                                         "DTSTART:20261125T223000Z\r\nDTEND:20261125T224500Z",
                                         ("DTSTART;TZID=Asia/Ho_Chi_Minh:20261126T053000\r\n"
                                          "DTEND;TZID=Asia/Ho_Chi_Minh:20261126T054500")};
    struct calendar_kit kit;
    open_kit(&kit);
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        const struct calendar_event *event = read_one(&kit, starts[i]);
        assert_null(event->problem);
        assert_int_equal(event->when.from, on("2026-11-26"));
        assert_int_equal(event->start_s, 5 * 3600 + 1800);
        assert_int_equal(event->place_ms, 900000);
        assert_int_equal(event->when.cadence, CADENCE_ONCE);
    }
    arena_destroy(kit.arena);
}

static void reads_rules_as_programmes_have_them(void **state)
{
    (void)state;
    struct calendar_kit kit;
    open_kit(&kit);
    const struct calendar_event *event =
        read_one(&kit, "DTSTART:20261126T053000\r\nDURATION:PT15M\r\n"
                       "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;UNTIL=20261231T165959Z\r\n"
                       "EXDATE:20261207T053000");
    assert_null(event->problem);
    assert_int_equal(event->when.weekdays, 1 | 64);
    assert_int_equal(event->when.every, 2);
    assert_int_equal(event->when.to, on("2027-01-01"));
    assert_int_equal(event->when.removed.at[0], on("2026-12-07"));
    event = read_one(&kit, "DTSTART:20261126T053000\r\nDURATION:PT15M\r\n"
                           "RRULE:FREQ=MONTHLY;BYDAY=-1TH;COUNT=2");
    assert_null(event->problem);
    assert_int_equal(event->when.cadence, CADENCE_MONTH_WEEKDAY);
    assert_int_equal(event->when.nth, -1);
    assert_int_equal(event->when.to, on("2027-01-01"));
    event = read_one(&kit, "DTSTART:20260902T053000\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY");
    assert_int_equal(event->when.months, 1 << 8);
    assert_int_equal(event->when.month_day, 2);
    arena_destroy(kit.arena);
}

static void names_what_no_programme_can_be(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        const char *problem;
    } cases[] = {
        {"DTSTART;VALUE=DATE:20261126", "no_time"},
        {"DTSTART:20261126T053000", "no_length"},
        {"DTSTART:20261126T053000\r\nDURATION:P2D", "no_length"},
        {"DTSTART;TZID=Europe/Paris:20261126T053000\r\nDURATION:PT1H", "time_zone"},
        {"DTSTART:20261126T053000\r\nDURATION:PT1H\r\nRRULE:FREQ=HOURLY", "too_special"},
        {"DTSTART:20261126T053000\r\nDURATION:PT1H\r\nRRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1",
         "too_special"},
        {"DTSTART:20261126T053000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2000000000",
         "too_special"},
    };
    struct calendar_kit kit;
    open_kit(&kit);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct calendar_event *event = read_one(&kit, cases[i].lines);
        assert_non_null(event->problem);
        assert_string_equal(event->problem, cases[i].problem);
    }
    arena_destroy(kit.arena);
}

static void refuses_what_is_no_calendar(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "hello", "BEGIN:VEVENT\r\nEND:VEVENT\r\n",
                                        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nBEG\r\n IN:VEVENT\r\n"
                                         "BEGIN:VEVENT\r\nBEGIN:VEVENT\r\nBEGIN:VEVENT\r\n"
                                         "BEGIN:VEVENT\r\nBEGIN:VEVENT\r\n")};
    struct calendar_kit kit;
    open_kit(&kit);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_failed(calendar_read(str_of(texts[i]), 7 * USEC_HOUR, kit.arena, &kit.events, NULL),
                      ERR_INVALID);
    }
    arena_destroy(kit.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_times_of_every_kind_of_clock),
        cmocka_unit_test(reads_rules_as_programmes_have_them),
        cmocka_unit_test(names_what_no_programme_can_be),
        cmocka_unit_test(refuses_what_is_no_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "agent/conductor_testing.h"

static void plays_an_item_at_its_second(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item item = hall_item(1, 60, 30, 0);
    hall_plan(hall, &item, 1);
    hall_run(hall, HALL_START + 50 * USEC_SECOND);
    assert_int_equal(hall->sheet.next.serial, 0);
    hall_run(hall, HALL_START + 58 * USEC_SECOND);
    assert_int_not_equal(hall->sheet.next.serial, 0);
    hall_run(hall, HALL_START + 70 * USEC_SECOND);
    assert_int_equal(hall->sheet.now.start_at, item.at);
    hall_run(hall, HALL_START + 100 * USEC_SECOND);
    assert_int_equal(hall_count(hall, LOG_ITEM_STARTED, item.id), 1);
    struct wire_log_entry end = hall_noted(hall, LOG_ITEM_PLAYED, item.id);
    assert_int_equal(end.ms, 30000);
    assert_int_equal(end.reason, REASON_NONE);
    assert_int_equal(end.value, item.at);
    hall_close(hall);
}

static void items_one_after_the_other_are_all_played(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item items[] = {hall_item(1, 10, 10, 0), hall_item(2, 20, 10, 0),
                                     hall_item(3, 30, 10, 0)};
    hall->media[2].length = 6 * USEC_SECOND;
    hall_plan(hall, items, COUNT_OF(items));
    hall_run(hall, HALL_START + 60 * USEC_SECOND);
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        assert_int_equal(hall_count(hall, LOG_ITEM_PLAYED, items[i].id), 1);
    }
    assert_int_equal(hall_noted(hall, LOG_ITEM_PLAYED, items[1].id).reason, REASON_SHORTER);
    hall_close(hall);
}

static void an_emergency_interrupts_and_the_news_go_on_where_they_were(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item news = hall_item(1, 10, 120, PLAN_RESUMES);
    hall_plan(hall, &news, 1);
    hall_run(hall, HALL_START + 40 * USEC_SECOND);
    hall_alarm(hall, 50, CLASS_EMERGENCY);
    hall_run(hall, HALL_START + 41 * USEC_SECOND);
    assert_int_equal(hall->sheet.now.what, CUE_SIGNAL);
    assert_true(hall->sheet.now.at_full);
    hall_run(hall, HALL_START + 600 * USEC_SECOND);
    assert_int_equal(hall_count(hall, LOG_ALARM_PLAYING, hall_id(50)), 1);
    assert_int_equal(hall_count(hall, LOG_ALARM_SOUNDED, hall_id(50)), 3);
    assert_int_equal(hall_noted(hall, LOG_ORDER_ENDED, hall_id(50)).reason, REASON_DONE);
    struct wire_log_entry end = hall_noted(hall, LOG_ITEM_PLAYED, news.id);
    assert_in_range(end.ms, 119000, 120000);
    hall_close(hall);
}

static void who_does_not_come_back_is_marked_with_who_took_the_floor(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item items[] = {hall_item(1, 10, 300, 0),
                                     hall_item(2, 320, 300, PLAN_KEEPS_TIME)};
    hall_plan(hall, items, COUNT_OF(items));
    hall_run(hall, HALL_START + 40 * USEC_SECOND);
    hall_alarm(hall, 50, CLASS_EMERGENCY);
    hall_run(hall, HALL_START + 350 * USEC_SECOND);
    hall_alarm(hall, 51, CLASS_EMERGENCY);
    hall_run(hall, HALL_START + 700 * USEC_SECOND);
    struct wire_log_entry first = hall_noted(hall, LOG_ITEM_PARTLY, items[0].id);
    assert_int_equal(first.reason, REASON_PREEMPTED);
    wire_id who = hall_id(50);
    assert_memory_equal(&first.other, &who, sizeof who);
    assert_in_range(first.ms, 29000, 30100);
    struct wire_log_entry second = hall_noted(hall, LOG_ITEM_PARTLY, items[1].id);
    assert_int_equal(second.reason, REASON_PREEMPTED);
    assert_in_range(second.ms, 200000, 280000); /* all but the alarm */
    hall_close(hall);
}

static void an_all_stop_silences_at_once_and_a_release_ends_it(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item items[] = {hall_item(1, 10, 300, PLAN_KEEPS_TIME),
                                     hall_item(2, 400, 30, 0)};
    hall_plan(hall, items, COUNT_OF(items));
    hall_run(hall, HALL_START + 60 * USEC_SECOND);
    hall_stop(hall, 70, TIER_COMMUNE);
    hall_turn(hall);
    hall_turn(hall);
    assert_int_equal(hall_sounding(hall), 0);
    assert_int_equal(hall_count(hall, LOG_STOPPED, hall_id(70)), 1);
    hall_run(hall, HALL_START + 450 * USEC_SECOND);
    struct conductor_view view;
    conductor_look(hall->conductor, &view);
    assert_int_equal(view.sound, SOUND_STOPPED);
    assert_int_equal(hall_noted(hall, LOG_ITEM_PARTLY, items[0].id).reason, REASON_STOPPED);
    assert_int_equal(hall_noted(hall, LOG_ITEM_NOT_PLAYED, items[1].id).reason, REASON_STOPPED);
    conductor_end(hall->conductor, hall_id(70), REASON_CANCELLED, hall_id(71));
    hall_alarm(hall, 50, CLASS_DRILL);
    hall_run(hall, HALL_START + 451 * USEC_SECOND);
    conductor_look(hall->conductor, &view);
    assert_int_equal(view.sound, SOUND_DRILL);
    hall_close(hall);
}

static void a_stop_does_not_reach_over_the_head_of_a_higher_tier(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item item = hall_item(1, 10, 100, 0);
    item.tier = TIER_PROVINCE;
    hall_plan(hall, &item, 1);
    hall_run(hall, HALL_START + 20 * USEC_SECOND);
    hall_stop(hall, 70, TIER_COMMUNE);
    hall_run(hall, HALL_START + 200 * USEC_SECOND);
    assert_int_equal(hall_noted(hall, LOG_STOPPED, hall_id(70)).reason, REASON_LOWER_TIER);
    assert_int_equal(hall_count(hall, LOG_ITEM_PLAYED, item.id), 1);
    hall_close(hall);
}

static void an_emergency_takes_the_floor_from_a_drill(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    hall_alarm(hall, 50, CLASS_DRILL);
    hall_run(hall, HALL_START + 5 * USEC_SECOND);
    hall_alarm(hall, 51, CLASS_EMERGENCY);
    hall_run(hall, HALL_START + 6 * USEC_SECOND);
    struct conductor_view view;
    conductor_look(hall->conductor, &view);
    assert_int_equal(view.sound, SOUND_ALARM);
    hall_run(hall, HALL_START + 300 * USEC_SECOND);
    assert_int_equal(hall_count(hall, LOG_ALARM_SOUNDED, hall_id(51)), 3);
    assert_int_equal(hall_count(hall, LOG_ALARM_SOUNDED, hall_id(50)), 3);
    hall_close(hall);
}

static void a_repeated_alarm_sounds_until_it_is_cancelled(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_voice voice = {.language = S("vi"), .media = hall_hash(41), .bytes = 9, .ms = 5000};
    struct wire_alarm alarm = {
        .signal = SIGNAL_NONE, .voices = {&voice, 1}, .times = 1, .again_s = 60};
    hall->media[41].length = 5 * USEC_SECOND;
    hall_alarm_of(hall, 50, CLASS_EMERGENCY, &alarm);
    hall_run(hall, HALL_START + 190 * USEC_SECOND);
    assert_int_equal(hall_count(hall, LOG_ALARM_SOUNDED, hall_id(50)), 4);
    conductor_end(hall->conductor, hall_id(50), REASON_CANCELLED, hall_id(71));
    hall_run(hall, HALL_START + 400 * USEC_SECOND);
    assert_int_equal(hall_count(hall, LOG_ALARM_SOUNDED, hall_id(50)), 4);
    assert_int_equal(hall_noted(hall, LOG_ORDER_ENDED, hall_id(50)).reason, REASON_CANCELLED);
    hall_close(hall);
}

static void a_clip_speaks_while_the_voice_is_not_there_yet(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_clip clip = {
        .number = 3, .language = S("vi"), .media = hall_hash(42), .bytes = 9, .ms = 4000};
    struct wire_clips clips = {.items = {&clip, 1}};
    assert_ok(conductor_clips(hall->conductor, &clips));
    struct wire_voice voice = {.language = S("vi"), .media = hall_hash(43), .bytes = 9, .ms = 5000};
    struct wire_alarm alarm = {.signal = SIGNAL_CHIME, .voices = {&voice, 1}, .clip = 3};
    hall->media[43].state = MEDIA_MISSING;
    hall->media[42].length = 4 * USEC_SECOND;
    hall_alarm_of(hall, 50, CLASS_EMERGENCY, &alarm);
    hall_run(hall, HALL_START + 120 * USEC_SECOND);
    assert_int_equal(hall_count(hall, LOG_ALARM_SOUNDED, hall_id(50)), 3);
    hall_close(hall);
}

static void without_any_text_the_signal_goes_on_until_one_comes(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    hall->media[40].state = MEDIA_MISSING;
    hall_alarm(hall, 50, CLASS_EMERGENCY);
    hall_run(hall, HALL_START + 200 * USEC_SECOND);
    assert_int_equal(hall_count(hall, LOG_ALARM_PLAYING, hall_id(50)), 1);
    assert_int_equal(hall_count(hall, LOG_ORDER_ENDED, hall_id(50)), 0);
    hall->media[40].state = MEDIA_HERE;
    hall_run(hall, HALL_START + 600 * USEC_SECOND);
    assert_true(hall_count(hall, LOG_ALARM_SOUNDED, hall_id(50)) >= 3);
    assert_int_equal(hall_noted(hall, LOG_ORDER_ENDED, hall_id(50)).reason, REASON_DONE);
    hall_close(hall);
}

static void filler_plays_where_an_item_is_missing(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item item = hall_item(1, 10, 60, 0);
    hash filler = hall_hash(30);
    hall->media[1].state = MEDIA_MISSING;
    hall->media[30].length = 25 * USEC_SECOND;
    struct wire_plan plan = {.from = HALL_START,
                             .to = HALL_START + USEC_DAY,
                             .items = {&item, 1},
                             .filler = {&filler, 1}};
    assert_ok(conductor_plan(hall->conductor, hall_id(60000), &plan, hall->now.now));
    hall_run(hall, HALL_START + 200 * USEC_SECOND);
    assert_int_equal(hall_noted(hall, LOG_ITEM_NOT_PLAYED, item.id).reason, REASON_MEDIA_MISSING);
    assert_int_equal(hall_count(hall, LOG_FILLER, item.id), 3);
    hall_close(hall);
}

/* The province found it: whoever looked at the view stopped pulling a moment too soon. */
static void sounds_until_the_engine_has_said_its_last_word(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item item = hall_item(1, 10, 30, 0);
    struct conductor_view view;
    hall_plan(hall, &item, 1);
    hall_run(hall, HALL_START + 39 * USEC_SECOND);
    hall->now.now = HALL_START + 40 * USEC_SECOND + 1000; /* its place is over, its voice is not */
    conductor_turn(hall->conductor, &hall->now, &hall->sheet);
    conductor_look(hall->conductor, &view);
    assert_int_equal(view.sound, SOUND_ITEM);
    assert_int_equal(hall->sheet.now.serial, 0);
    hall_run(hall, HALL_START + 50 * USEC_SECOND);
    conductor_look(hall->conductor, &view);
    assert_int_equal(view.sound, SOUND_NONE);
    assert_int_equal(hall_count(hall, LOG_ITEM_PLAYED, item.id), 1);
    hall_close(hall);
}

static void silence_on_purpose_is_said_to_be_that(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_settings settings = {.volume = 0};
    conductor_settings(hall->conductor, &settings);
    struct wire_plan_item item = hall_item(1, 10, 60, 0);
    hall_plan(hall, &item, 1);
    hall_run(hall, HALL_START + 200 * USEC_SECOND);
    assert_int_equal(hall_noted(hall, LOG_ITEM_NOT_PLAYED, item.id).reason, REASON_VOLUME_ZERO);
    hall_alarm(hall, 51, CLASS_DRILL);
    hall_run(hall, HALL_START + 210 * USEC_SECOND);
    assert_int_equal(hall_noted(hall, LOG_ORDER_ENDED, hall_id(51)).reason, REASON_VOLUME_ZERO);
    hall_alarm(hall, 50, CLASS_EMERGENCY);
    hall_run(hall, HALL_START + 300 * USEC_SECOND);
    assert_int_equal(hall_count(hall, LOG_ALARM_SOUNDED, hall_id(50)), 3);
    hall_close(hall);
}

static void what_ended_while_it_was_off_had_no_power(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item items[] = {hall_item(1, 10, 60, 0), hall_item(2, 100, 60, 0),
                                     hall_item(3, 200, 60, 0),
                                     hall_item(4, 300, 60, PLAN_MAY_BE_LATE)};
    hall_plan(hall, items, COUNT_OF(items));
    hall_run(hall, HALL_START + 30 * USEC_SECOND);
    hall_power_cut(hall, 200 * USEC_SECOND);
    assert_ok(conductor_plan(
        hall->conductor, hall_id(60000),
        &(struct wire_plan){.from = 1, .to = INT64_MAX, .items = {items, COUNT_OF(items)}}, 0));
    hall_run(hall, HALL_START + 310 * USEC_SECOND);
    assert_int_equal(hall_noted(hall, LOG_ITEM_PARTLY, items[0].id).reason, REASON_NO_POWER);
    assert_int_equal(hall_noted(hall, LOG_ITEM_NOT_PLAYED, items[1].id).reason, REASON_NO_POWER);
    struct wire_log_entry third = hall_noted(hall, LOG_ITEM_PARTLY, items[2].id);
    assert_int_equal(third.reason, REASON_NO_POWER);
    assert_in_range(third.ms, 29000, 31000); /* in the middle */
    hall_close(hall);
}

static void a_newer_plan_goes_on_with_what_plays(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item items[] = {hall_item(1, 10, 60, 0), hall_item(2, 100, 60, 0)};
    hall_plan(hall, items, COUNT_OF(items));
    hall_run(hall, HALL_START + 30 * USEC_SECOND);
    uint64_t serial = hall->sheet.now.serial;
    hall_plan(hall, items, 1);
    hall_run(hall, HALL_START + 40 * USEC_SECOND);
    assert_int_equal(hall->sheet.now.serial, serial);
    hall_plan(hall, &items[1], 1);
    hall_run(hall, HALL_START + 300 * USEC_SECOND);
    assert_int_equal(hall_noted(hall, LOG_ITEM_PARTLY, items[0].id).reason, REASON_REPLACED);
    assert_int_equal(hall_count(hall, LOG_ITEM_PLAYED, items[1].id), 1);
    hall_close(hall);
}

static void does_not_play_before_it_knows_the_time(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item items[] = {hall_item(1, 10, 60, 0), hall_item(2, 100, 60, 0)};
    hall->now.clock = CLOCK_BOUNDED;
    hall->now.booted_at = HALL_START;
    hall_plan(hall, items, COUNT_OF(items));
    hall_run(hall, HALL_START + 80 * USEC_SECOND);
    assert_int_equal(hall->note_count, 0);
    hall->now.clock = CLOCK_SURE;
    hall_run(hall, HALL_START + 200 * USEC_SECOND);
    assert_int_equal(hall_noted(hall, LOG_ITEM_NOT_PLAYED, items[0].id).reason,
                     REASON_CLOCK_UNSURE);
    assert_int_equal(hall_count(hall, LOG_ITEM_PLAYED, items[1].id), 1);
    hall_close(hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plays_an_item_at_its_second),
        cmocka_unit_test(items_one_after_the_other_are_all_played),
        cmocka_unit_test(an_emergency_interrupts_and_the_news_go_on_where_they_were),
        cmocka_unit_test(who_does_not_come_back_is_marked_with_who_took_the_floor),
        cmocka_unit_test(an_all_stop_silences_at_once_and_a_release_ends_it),
        cmocka_unit_test(a_stop_does_not_reach_over_the_head_of_a_higher_tier),
        cmocka_unit_test(an_emergency_takes_the_floor_from_a_drill),
        cmocka_unit_test(a_repeated_alarm_sounds_until_it_is_cancelled),
        cmocka_unit_test(a_clip_speaks_while_the_voice_is_not_there_yet),
        cmocka_unit_test(without_any_text_the_signal_goes_on_until_one_comes),
        cmocka_unit_test(filler_plays_where_an_item_is_missing),
        cmocka_unit_test(sounds_until_the_engine_has_said_its_last_word),
        cmocka_unit_test(silence_on_purpose_is_said_to_be_that),
        cmocka_unit_test(what_ended_while_it_was_off_had_no_power),
        cmocka_unit_test(a_newer_plan_goes_on_with_what_plays),
        cmocka_unit_test(does_not_play_before_it_knows_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Somebody speaks: who has the floor, what plays when the stream dies, and what the log says. */
#include "agent/conductor_testing.h"

#define AT(seconds) (HALL_START + (seconds)*USEC_SECOND)

static void speak(struct hall *hall, size_t number, enum order_class order_class, uint64_t tier)
{
    struct conductor_order order = {
        .id = hall_id(number),
        .order_class = order_class,
        .tier = tier,
        .not_before = hall->now.now,
        .expires = hall->now.now + USEC_HOUR,
        .read_at = hall->now.now,
    };
    struct wire_live live = {.stream = number, .fallback = hall_hash(30)};
    hall->media[30].length = 5 * USEC_SECOND;
    assert_ok(conductor_live(hall->conductor, &order, &live));
}

static void flow(struct hall *hall, enum flow_state state)
{
    hall->flow = (struct live_flow){.state = state, .start = AT(5)};
}

static enum device_sound sound_of(const struct hall *hall)
{
    struct conductor_view view;
    conductor_look(hall->conductor, &view);
    return view.sound;
}

static void end_live(struct hall *hall, size_t number)
{
    struct conductor_order order = {.id = hall_id(number + 100), .expires = hall->now.now + 1};
    struct wire_live over = {.replaces = hall_id(number)};
    assert_ok(conductor_live(hall->conductor, &order, &over));
}

static void speaks_in_step_with_the_stream_and_ends_with_one_entry(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    flow(hall, FLOW_NONE);
    speak(hall, 70, CLASS_ORDINARY, TIER_COMMUNE);
    hall_run(hall, AT(10));
    assert_int_equal(hall->sheet.now.serial, 0);
    flow(hall, FLOW_SOUNDS);
    hall_run(hall, AT(20));
    assert_int_equal(hall->sheet.now.what, CUE_LIVE);
    assert_int_equal(hall->sheet.now.start_at - hall->sheet.now.from, AT(5));
    assert_int_equal(sound_of(hall), SOUND_LIVE);
    end_live(hall, 70);
    hall_run(hall, AT(30));
    assert_int_equal(hall_sounding(hall), 0);
    assert_int_equal(hall_count(hall, LOG_LIVE_STARTED, hall_id(70)), 1);
    assert_int_equal(hall_count(hall, LOG_LIVE_OVER, hall_id(70)), 1);
    assert_in_range(hall_noted(hall, LOG_LIVE_OVER, hall_id(70)).ms, 9900, 10100);
    assert_int_equal(hall_noted(hall, LOG_LIVE_OVER, hall_id(70)).reason, REASON_DONE);
    hall_close(hall);
}

static void an_item_gives_way_and_goes_on_where_it_was(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item news = hall_item(1, 10, 60, PLAN_RESUMES);
    hall_plan(hall, &news, 1);
    hall_run(hall, AT(20));
    speak(hall, 70, CLASS_ORDINARY, TIER_COMMUNE);
    flow(hall, FLOW_SOUNDS);
    hall_run(hall, AT(50));
    assert_int_equal(sound_of(hall), SOUND_LIVE);
    end_live(hall, 70);
    hall_run(hall, AT(200));
    struct wire_log_entry end = hall_noted(hall, LOG_ITEM_PLAYED, news.id);
    assert_in_range(end.ms, 59000, 60000);
    hall_close(hall);
}

static void what_stands_higher_keeps_the_floor(void **state)
{
    (void)state;
    static const struct {
        enum order_class item_class;
        uint64_t item_tier;
        enum order_class live_class;
        uint64_t live_tier;
        enum device_sound sound;
    } rows[] = {
        {CLASS_ORDINARY, TIER_COMMUNE, CLASS_ORDINARY, TIER_COMMUNE, SOUND_LIVE},
        {CLASS_ORDINARY, TIER_PROVINCE, CLASS_ORDINARY, TIER_COMMUNE, SOUND_ITEM},
        {CLASS_ORDINARY, TIER_COMMUNE, CLASS_ORDINARY, TIER_PROVINCE, SOUND_LIVE},
        {CLASS_PRIORITY, TIER_COMMUNE, CLASS_ORDINARY, TIER_PROVINCE, SOUND_ITEM},
        {CLASS_ORDINARY, TIER_PROVINCE, CLASS_PRIORITY, TIER_VILLAGE, SOUND_LIVE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hall *hall = hall_open();
        struct wire_plan_item item = hall_item(1, 10, 60, 0);
        item.order_class = rows[i].item_class;
        item.tier = rows[i].item_tier;
        hall_plan(hall, &item, 1);
        speak(hall, 70, rows[i].live_class, rows[i].live_tier);
        flow(hall, FLOW_SOUNDS);
        hall_run(hall, AT(30));
        assert_int_equal(sound_of(hall), rows[i].sound);
        hall_close(hall);
    }
}

static void of_two_who_speak_the_higher_is_heard(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    flow(hall, FLOW_SOUNDS);
    speak(hall, 70, CLASS_ORDINARY, TIER_COMMUNE);
    hall_run(hall, AT(10));
    speak(hall, 71, CLASS_ORDINARY, TIER_PROVINCE);
    hall_run(hall, AT(20));
    assert_int_equal(hall->sheet.now.stream, 71);
    end_live(hall, 71);
    hall_run(hall, AT(30));
    assert_int_equal(hall->sheet.now.stream, 70);
    hall_close(hall);
}

static void an_alarm_cuts_and_afterwards_it_goes_on_with_now(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    flow(hall, FLOW_SOUNDS);
    speak(hall, 70, CLASS_PRIORITY, TIER_PROVINCE);
    hall_run(hall, AT(10));
    hall_alarm(hall, 50, CLASS_EMERGENCY);
    hall_run(hall, AT(11));
    assert_int_equal(sound_of(hall), SOUND_ALARM);
    hall_run(hall, AT(300));
    assert_int_equal(sound_of(hall), SOUND_LIVE);
    assert_true(hall->sheet.now.from > 40 * USEC_SECOND);
    hall_stop(hall, 60, TIER_PROVINCE);
    hall_run(hall, AT(301));
    assert_int_equal(hall_sounding(hall), 0);
    hall_close(hall);
}

static void the_announcement_plays_once_when_the_stream_dies(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item music = hall_item(1, 10, 300, PLAN_KEEPS_TIME);
    hall_plan(hall, &music, 1);
    speak(hall, 70, CLASS_ORDINARY, TIER_COMMUNE);
    flow(hall, FLOW_SOUNDS);
    hall_run(hall, AT(20));
    flow(hall, FLOW_DEAD);
    hall_run(hall, AT(22));
    assert_int_equal(hall->sheet.now.what, CUE_MEDIA);
    assert_int_equal(hall->sheet.now.media.bytes[0], 30);
    hall_run(hall, AT(40));
    assert_int_equal(sound_of(hall), SOUND_ITEM);
    flow(hall, FLOW_SOUNDS);
    hall_run(hall, AT(50));
    assert_int_equal(hall->sheet.now.what, CUE_LIVE);
    flow(hall, FLOW_PAUSED); /* on purpose */
    hall_run(hall, AT(60));
    assert_int_equal(sound_of(hall), SOUND_ITEM);
    hall_close(hall);
}

static void another_delay_is_another_voice(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    flow(hall, FLOW_SOUNDS);
    speak(hall, 70, CLASS_ORDINARY, TIER_COMMUNE);
    hall_run(hall, AT(10));
    uint64_t serial = hall->sheet.now.serial;
    hall_run(hall, AT(11));
    assert_int_equal(hall->sheet.now.serial, serial);
    hall->flow.start += USEC_SECOND;
    hall_run(hall, AT(12));
    assert_int_not_equal(hall->sheet.now.serial, serial);
    assert_int_equal(hall->sheet.now.start_at - hall->sheet.now.from, AT(6));
    hall_close(hall);
}

static struct wire_plan_item relay_item(void)
{
    struct wire_plan_item item = hall_item(1, 60, 120, 0);
    item.kind = PLAN_RELAY;
    item.source = S("http://radio.example/vov1");
    return item;
}

static void a_relay_tunes_in_early_and_plays_its_stream(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item item = relay_item();
    uint64_t streams[LIVE_STREAMS];
    hall_plan(hall, &item, 1);
    hall_run(hall, AT(40));
    assert_int_equal(conductor_streams(hall->conductor, streams), 0);
    hall_run(hall, AT(51));
    assert_int_equal(conductor_streams(hall->conductor, streams), 1);
    assert_int_equal(streams[0], order_stream_of(item.source));
    flow(hall, FLOW_SOUNDS);
    hall_run(hall, AT(61));
    assert_int_equal(hall->sheet.now.what, CUE_LIVE);
    assert_int_equal(hall->sheet.now.start_at, item.at);
    hall_run(hall, AT(200));
    struct wire_log_entry end = hall_noted(hall, LOG_ITEM_PLAYED, item.id);
    assert_int_equal(end.ms, 120000);
    assert_int_equal(end.reason, REASON_NONE);
    hall_close(hall);
}

static void a_relay_falls_back_and_returns(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item item = relay_item();
    hall->media[1].length = 10 * USEC_SECOND;
    hall_plan(hall, &item, 1);
    flow(hall, FLOW_SOUNDS);
    hall_run(hall, AT(80));
    assert_int_equal(hall->sheet.now.what, CUE_LIVE);
    flow(hall, FLOW_DEAD);
    hall_run(hall, AT(85));
    assert_int_equal(hall->sheet.now.what, CUE_MEDIA);
    hall_run(hall, AT(120));
    assert_int_equal(hall_sounding(hall), 0); /* once is enough */
    flow(hall, FLOW_SOUNDS);
    hall_run(hall, AT(130));
    assert_int_equal(hall->sheet.now.what, CUE_LIVE);
    hall_run(hall, AT(200));
    struct wire_log_entry end = hall_noted(hall, LOG_ITEM_PARTLY, item.id);
    assert_int_equal(end.reason, REASON_STREAM);
    assert_in_range(end.ms, 75000, 85000);
    hall_close(hall);
}

static void a_relay_without_a_stream_plays_what_is_kept_for_that(void **state)
{
    (void)state;
    struct hall *hall = hall_open();
    struct wire_plan_item item = relay_item();
    hall_plan(hall, &item, 1);
    flow(hall, FLOW_NONE);
    hall_run(hall, AT(200));
    struct wire_log_entry end = hall_noted(hall, LOG_ITEM_PLAYED, item.id);
    assert_int_equal(end.reason, REASON_STREAM);
    hall_close(hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speaks_in_step_with_the_stream_and_ends_with_one_entry),
        cmocka_unit_test(an_item_gives_way_and_goes_on_where_it_was),
        cmocka_unit_test(what_stands_higher_keeps_the_floor),
        cmocka_unit_test(of_two_who_speak_the_higher_is_heard),
        cmocka_unit_test(an_alarm_cuts_and_afterwards_it_goes_on_with_now),
        cmocka_unit_test(the_announcement_plays_once_when_the_stream_dies),
        cmocka_unit_test(another_delay_is_another_voice),
        cmocka_unit_test(a_relay_tunes_in_early_and_plays_its_stream),
        cmocka_unit_test(a_relay_falls_back_and_returns),
        cmocka_unit_test(a_relay_without_a_stream_plays_what_is_kept_for_that),
    };
    return cmocka_run_group_tests_name("agent: conductor_live", tests, NULL, NULL);
}

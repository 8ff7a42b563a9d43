/* One delay for each place: enough for all who are there, and never shorter again. */
#include "live/delays.h"

#include "base/testing.h"

static void guesses_from_the_line_and_grows_with_need(void **state)
{
    (void)state;
    static const struct {
        uint64_t place;
        enum device_link link;
        uint64_t need_ms;
        uint64_t delay_ms;
        bool changed;
    } rows[] = {
        {7, LINK_FIBRE, 0, 160, true},   {7, LINK_FIBRE, 120, 160, false},
        {9, LINK_4G, 0, 520, true},      {9, LINK_FIBRE, 0, 520, false},
        {9, LINK_4G, 530, 760, true},    {9, LINK_4G, 200, 760, false},
        {8, LINK_3G, 0, 1100, true},     {8, LINK_3G, 9999, 3600, true},
        {7, LINK_FIBRE, 161, 240, true}, {6, LINK_2G, 0, 2400, true},
    };
    struct live_delays *delays = live_delays_create();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t ms = 0;
        bool changed = live_delays_hear(delays, rows[i].place, rows[i].link, rows[i].need_ms, &ms);
        assert_int_equal(changed, rows[i].changed);
        assert_int_equal(ms, rows[i].delay_ms);
        assert_int_equal(live_delays_of(delays, rows[i].place), ms);
    }
    assert_int_equal(live_delays_of(delays, 1), 0);
    assert_int_equal(live_delays_longest(delays), 3600);
    live_delays_destroy(delays);
}

static void keeps_a_thousand_places_apart(void **state)
{
    (void)state;
    struct live_delays *delays = live_delays_create();
    uint64_t ms = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t place = 1 + i * 7919 % 1000;
        ignore_int((long)live_delays_hear(delays, place, LINK_FIBRE, place, &ms));
    }
    for (uint64_t place = 1; place <= 1000; place++) {
        assert_true(live_delays_of(delays, place) >= place);
    }
    live_delays_destroy(delays);
}

static void gives_small_bundles_to_those_who_play_soon(void **state)
{
    (void)state;
    assert_int_equal(live_delay_lane(160), LANE_QUICK);
    assert_int_equal(live_delay_lane(240), LANE_QUICK);
    assert_int_equal(live_delay_lane(360), LANE_USUAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guesses_from_the_line_and_grows_with_need),
        cmocka_unit_test(keeps_a_thousand_places_apart),
        cmocka_unit_test(gives_small_bundles_to_those_who_play_soon),
    };
    return cmocka_run_group_tests_name("live: delays", tests, NULL, NULL);
}

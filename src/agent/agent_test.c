#include "agent/agent_testing.h"

static void is_let_in_and_obeys_what_is_in_force(void **state)
{
    (void)state;
    struct town *town = town_open(NULL);
    town_place(town);
    town_settings(town);
    assert_true(town_run(town, 12 * USEC_SECOND));
    struct agent_view view;
    agent_look(town->agent, &view);
    assert_int_equal(view.device, KIT_DEVICE);
    assert_true(view.is_attached);
    assert_int_equal(view.clock.state, CLOCK_SURE);
    assert_int_equal(town->state_reported, 3);
    assert_int_equal(town->status.volume, 80);
    town_close(town);
}

static void fetches_what_is_planned_and_plays_it_in_time(void **state)
{
    (void)state;
    struct town *town = town_open(NULL);
    hash news = town_medium(town, 0, "flood.opus");
    town_place(town);
    town_settings(town);
    struct wire_plan_item item = town_item(town, 1, 20 * USEC_SECOND, news, 5000);
    town_plan(town, &item, 1);
    assert_true(town_run(town, 30 * USEC_SECOND));
    town->status.faults = 99;
    assert_true(town_run(town, 90 * USEC_SECOND));
    assert_int_equal(town_count(town, LOG_MEDIA), 1);
    assert_int_equal(town_count(town, LOG_ITEM_STARTED), 1);
    assert_int_equal(town_count(town, LOG_ITEM_PLAYED), 1);
    assert_int_equal(town->fetched, town->media[0].bytes.len);
    town_close(town);
}

static void plays_without_a_server_after_a_start(void **state)
{
    (void)state;
    struct town *town = town_open(NULL);
    hash news = town_medium(town, 0, "flood.opus");
    town_place(town);
    town_settings(town);
    struct wire_plan_item items[] = {town_item(town, 1, 60 * USEC_SECOND, news, 5000),
                                     town_item(town, 2, 200 * USEC_SECOND, news, 5000)};
    town_plan(town, items, COUNT_OF(items));
    assert_true(town_run(town, 30 * USEC_SECOND));
    agent_drop(town->agent); /* the power goes */
    disk_fault_restart(town->disk);
    town->world += 20 * USEC_SECOND;
    assert_ok(town_try_start(town));
    assert_true(town_run(town, 5 * USEC_SECOND));
    town->is_down = true;
    town->wants_close = true; /* and the link, for good */
    assert_true(town_run(town, 240 * USEC_SECOND));
    town->is_down = false;
    assert_true(town_run(town, 130 * USEC_SECOND));
    assert_int_equal(town_count(town, LOG_ITEM_PLAYED), 2);
    assert_int_equal(town_count(town, LOG_POWER_CUT) + town_count(town, LOG_BOOT), 2);
    town_close(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_let_in_and_obeys_what_is_in_force),
        cmocka_unit_test(fetches_what_is_planned_and_plays_it_in_time),
        cmocka_unit_test(plays_without_a_server_after_a_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

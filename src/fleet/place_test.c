/* Where devices stand: one sentence for each test. */
#include "fleet/place.h"
#include "people/unit_testing.h"

#include "base/testing.h"

static int setup(void **state)
{
    struct unit_kit *kit = mem_take(sizeof *kit);
    *kit = kit_create();
    kit_small_province(kit, kit_day("2010-01-01"));
    *state = kit;
    return 0;
}

static int teardown(void **state)
{
    struct unit_kit *kit = *state;
    kit_finish(kit);
    mem_give(kit);
    return 0;
}

static struct place find(struct unit_kit *kit, unit_id unit, const unit_id *villages, size_t count,
                         const char *on)
{
    struct place_wanted wanted = {.unit = unit, .villages = villages, .village_count = count};
    struct place place;
    assert_ok(place_find(kit->forest, &wanted, kit_day(on), kit->arena, &place));
    return place;
}

static void is_the_units_from_the_province_down_and_the_villages_that_hear_it(void **state)
{
    struct unit_kit *kit = *state;
    day on = kit_day("2020-01-01");
    unit_id commune = kit_find(kit, on, "91102");
    unit_id villages[] = {kit_find(kit, on, "9110201"), kit_find(kit, on, "9110202")};
    struct place place = find(kit, villages[0], villages, 2, "2020-01-01");
    assert_int_equal(place.path_count, 5);
    assert_int_equal(place.path[0], kit_find(kit, on, "91"));
    assert_int_equal(place.path[1], kit_find(kit, on, "911"));
    assert_int_equal(place.path[2], commune);
    assert_int_equal(place.path[3], villages[0]);
    assert_int_equal(place.path[4], villages[1]);
    assert_true(place_is_below(&place, commune));
    assert_false(place_is_below(&place, kit_find(kit, on, "91103")));
}

static struct unit_id_pair {
    unit_id before;
    unit_id after;
} merge(struct unit_kit *kit)
{
    day then = kit_day("2024-01-01");
    day on = kit_day("2025-01-01");
    struct reform_source sources[] = {
        {kit_find(kit, then, "91102"), LINK_WHOLE, SHARE_WHOLE},
        {kit_find(kit, then, "91103"), LINK_WHOLE, SHARE_WHOLE},
    };
    struct reform_step step = {
        .op = REFORM_MERGE,
        .sources = sources,
        .source_count = 2,
        .parent = kit_find(kit, then, "911"),
        .kind = kind_find(forest_tiers(kit->forest), S("xa")),
        .name = S("Xã Sen Lâm"),
        .code = S("91102"),
    };
    struct reform_preview preview;
    assert_int_equal(kit_reform(kit, on, &step, 1, &preview), 0);
    return (struct unit_id_pair){sources[1].unit, kit_find(kit, on, "91102")};
}

static void moves_with_a_merger_without_being_touched(void **state)
{
    struct unit_kit *kit = *state;
    unit_id village = kit_find(kit, kit_day("2024-01-01"), "9110301");
    struct unit_id_pair commune = merge(kit);
    struct place before = find(kit, commune.before, &village, 1, "2024-12-31");
    struct place after = find(kit, commune.before, &village, 1, "2025-01-01");
    assert_int_equal(before.unit, commune.before);
    assert_int_equal(after.unit, commune.after);
    assert_int_equal(after.path[2], commune.after);
    assert_int_equal(after.path[3], village);
    struct place of_village = find(kit, village, NULL, 0, "2025-01-01");
    assert_int_equal(of_village.path[2], commune.after);
}

static void tells_a_path_from_the_one_that_was_ordered(void **state)
{
    struct unit_kit *kit = *state;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 256);
    struct unit_id_pair commune = merge(kit);
    struct place before = find(kit, commune.before, NULL, 0, "2024-12-31");
    struct place after = find(kit, commune.before, NULL, 0, "2025-01-01");
    place_write(&before, &text);
    assert_true(place_is(&before, buf_str(&text)));
    assert_false(place_is(&after, buf_str(&text)));
}

static void is_nowhere_for_a_unit_that_nobody_knows(void **state)
{
    struct unit_kit *kit = *state;
    struct place place = find(kit, 4711, NULL, 0, "2020-01-01");
    assert_int_equal(place.unit, 0);
    assert_int_equal(place.path_count, 0);
    place = find(kit, kit_find(kit, kit_day("2020-01-01"), "91102"), NULL, 0, "2000-01-01");
    assert_int_equal(place.unit, 0);
}

static void leaves_out_villages_that_no_path_has_room_for(void **state)
{
    struct unit_kit *kit = *state;
    day on = kit_day("2020-01-01");
    unit_id villages[] = {
        kit_find(kit, on, "9110101"), kit_find(kit, on, "9110102"), kit_find(kit, on, "9110201"),
        kit_find(kit, on, "9110202"), kit_find(kit, on, "9110301"), kit_find(kit, on, "9110302"),
    };
    struct place place = find(kit, kit_find(kit, on, "91102"), villages, 6, "2020-01-01");
    assert_int_equal(place.path_count, PLACE_PATH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            is_the_units_from_the_province_down_and_the_villages_that_hear_it, setup, teardown),
        cmocka_unit_test_setup_teardown(moves_with_a_merger_without_being_touched, setup, teardown),
        cmocka_unit_test_setup_teardown(tells_a_path_from_the_one_that_was_ordered, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(is_nowhere_for_a_unit_that_nobody_knows, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_out_villages_that_no_path_has_room_for, setup,
                                        teardown),
    };
    return cmocka_run_group_tests_name("fleet: place", tests, NULL, NULL);
}

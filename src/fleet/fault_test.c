/* Folding faults into lines: one sentence for each test. */
#include "fleet/fault.h"
#include "people/unit_testing.h"

#include "base/testing.h"

static const char today[] = "2020-01-01";

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

static struct fault fault_in(struct unit_kit *kit, int64_t id, const char *village, uint32_t kind)
{
    return (struct fault){.id = id,
                          .device = 100 + id,
                          .device_name = S("Cụm"),
                          .unit = kit_find(kit, kit_day(today), village),
                          .kind = kind,
                          .since = 1000 * id};
}

static void tells_a_commune_that_falls_silent_as_one_alarm_with_a_count(void **state)
{
    struct unit_kit *kit = *state;
    struct fault faults[32];
    struct fault_digest digest;
    for (int i = 0; i < 30; i++) {
        faults[i] = fault_in(kit, i + 1, i % 2 == 0 ? "9110201" : "9110202", FAULT_DEAD);
    }
    faults[30] = fault_in(kit, 31, "9110301", FAULT_DEAD);
    faults[31] = fault_in(kit, 32, "9110201", FAULT_SUPPLY);
    assert_ok(fault_fold(faults, 32, kit->forest, kit_day(today), kit->arena, &digest));
    assert_int_equal(digest.count, 3);
    assert_int_equal(digest.faults, 32);
    assert_int_equal(digest.at[0].count, 30);
    assert_int_equal(digest.at[0].commune, kit_find(kit, kit_day(today), "91102"));
    assert_int_equal(digest.at[0].since, 1000);
    assert_int_equal(digest.at[0].latest, 30000);
    assert_int_equal(digest.at[0].device, 0);
    assert_int_equal(digest.at[1].device, 131);
    assert_int_equal(digest.at[2].kind, FAULT_SUPPLY);
}

static void tells_two_as_two_and_the_gravest_first(void **state)
{
    struct unit_kit *kit = *state;
    struct fault_digest digest;
    struct fault faults[] = {
        fault_in(kit, 1, "9110201", FAULT_BUDGET), fault_in(kit, 2, "9110201", FAULT_DEAD),
        fault_in(kit, 3, "9110202", FAULT_DEAD), fault_in(kit, 4, "9110202", FAULT_LIES)};
    faults[1].acknowledged = 5;
    assert_ok(fault_fold(faults, 4, kit->forest, kit_day(today), kit->arena, &digest));
    assert_int_equal(digest.count, 4);
    assert_int_equal(digest.at[0].kind, FAULT_LIES);
    assert_int_equal(digest.at[1].device, 102);
    assert_int_equal(digest.at[1].acknowledged, 1);
    assert_int_equal(digest.at[3].kind, FAULT_BUDGET);
    assert_ok(fault_fold(NULL, 0, kit->forest, kit_day(today), kit->arena, &digest));
    assert_int_equal(digest.count, 0);
}

static void has_a_name_for_each_kind(void **state)
{
    (void)state;
    uint32_t all = 0;
    for (size_t i = 0; i < FAULT_KINDS; i++) {
        uint32_t found = 0;
        assert_true(fault_parse(str_of(fault_name(fault_at(i))), &found));
        assert_int_equal(found, fault_at(i));
        assert_int_equal(all & found, 0);
        all |= found;
    }
    assert_null(fault_name(3));
    assert_false(fault_parse(S("bored"), &all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_a_commune_that_falls_silent_as_one_alarm_with_a_count,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(tells_two_as_two_and_the_gravest_first, setup, teardown),
        cmocka_unit_test(has_a_name_for_each_kind),
    };
    return cmocka_run_group_tests_name("fleet: fault", tests, NULL, NULL);
}

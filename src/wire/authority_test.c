/* The judge on a device with its place and its keys. */
#include "wire/authority_testing.h"

#include "base/testing.h"

static int setup(void **state)
{
    *state = kit_create_placed();
    return 0;
}

static int teardown(void **state)
{
    kit_destroy(*state);
    return 0;
}

static void obeys_a_right_order_once(void **state)
{
    struct authority_kit *kit = *state;
    struct kit_draft draft = kit_draft_of(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    bool again = true;
    str cose = kit_order(kit, &draft);
    assert_int_equal(kit_judge(kit, cose, &again), REASON_NONE);
    assert_false(again);
    assert_int_equal(kit_take(kit, &draft), REASON_NONE);
    assert_int_equal(kit_judge(kit, cose, &again), REASON_NONE);
    assert_true(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(obeys_a_right_order_once, setup, teardown),
    };
    return cmocka_run_group_tests_name("wire: authority", tests, NULL, NULL);
}

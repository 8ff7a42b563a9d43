/* What each key of a unit may. */
#include "wire/key_use.h"

#include "base/testing.h"
#include "wire/order.h"

static bool may(enum key_use use, uint64_t tier, enum order_class order_class, enum order_kind kind)
{
    struct key_limits limits = key_use_limits(use, tier);
    return (limits.classes >> order_class & 1) != 0 && (limits.kinds >> kind & 1) != 0;
}

static void keeps_the_daily_the_loud_and_the_drill_apart(void **state)
{
    (void)state;
    assert_true(may(KEY_DAILY, TIER_COMMUNE, CLASS_PRIORITY, ORDER_PLAN));
    assert_false(may(KEY_DAILY, TIER_COMMUNE, CLASS_EMERGENCY, ORDER_PLAN));
    assert_false(may(KEY_DAILY, TIER_PROVINCE, CLASS_PRIORITY, ORDER_ALARM));
    assert_true(may(KEY_EMERGENCY, TIER_COMMUNE, CLASS_EMERGENCY, ORDER_ALARM));
    assert_false(may(KEY_EMERGENCY, TIER_COMMUNE, CLASS_DRILL, ORDER_ALARM));
    assert_true(may(KEY_DRILL, TIER_COMMUNE, CLASS_DRILL, ORDER_STOP));
    assert_false(may(KEY_DRILL, TIER_COMMUNE, CLASS_EMERGENCY, ORDER_STOP));
}

static void lets_only_the_province_place_and_retire(void **state)
{
    (void)state;
    assert_true(may(KEY_DAILY, TIER_PROVINCE, CLASS_PRIORITY, ORDER_PLACEMENT));
    assert_true(may(KEY_DAILY, TIER_PROVINCE, CLASS_PRIORITY, ORDER_RETIRE));
    assert_false(may(KEY_DAILY, TIER_COMMUNE, CLASS_PRIORITY, ORDER_PLACEMENT));
}

static void lets_the_root_order_nothing(void **state)
{
    (void)state;
    assert_int_equal(key_use_limits(KEY_ROOT, TIER_PROVINCE).classes, 0);
    assert_int_equal(key_use_limits((enum key_use)9, TIER_PROVINCE).kinds, 0);
}

static void names_every_use(void **state)
{
    (void)state;
    assert_string_equal(key_use_name(KEY_ROOT), "root");
    assert_string_equal(key_use_name(KEY_DAILY), "daily");
    assert_string_equal(key_use_name(KEY_EMERGENCY), "emergency");
    assert_string_equal(key_use_name(KEY_DRILL), "drill");
    assert_string_equal(key_use_name((enum key_use)0), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_daily_the_loud_and_the_drill_apart),
        cmocka_unit_test(lets_only_the_province_place_and_retire),
        cmocka_unit_test(lets_the_root_order_nothing),
        cmocka_unit_test(names_every_use),
    };
    return cmocka_run_group_tests_name("wire: key use", tests, NULL, NULL);
}

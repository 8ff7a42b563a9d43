/* The rank of two things that want to sound now. */
#include "wire/order.h"

#include "base/testing.h"

static void puts_the_first_before_each_that_follows(void **state)
{
    (void)state;
    static const struct order_rank ranks[] = {
        {CLASS_EMERGENCY, TIER_PROVINCE, 9, {{2}}},     {CLASS_EMERGENCY, TIER_PROVINCE, 9, {{1}}},
        {CLASS_EMERGENCY, TIER_PROVINCE, 8, {{3}}},     {CLASS_EMERGENCY, TIER_COMMUNE, 9, {{3}}},
        {CLASS_DRILL, TIER_PROVINCE, 9, {{3}}},         {CLASS_PRIORITY, TIER_PROVINCE, 9, {{3}}},
        {CLASS_PRIORITY, TIER_VILLAGE, 9, {{3}}},       {CLASS_ORDINARY, TIER_PROVINCE, 9, {{3}}},
        {(enum order_class)0, TIER_PROVINCE, 9, {{3}}},
    };
    for (size_t i = 0; i < COUNT_OF(ranks); i++) {
        assert_int_equal(order_rank_compare(&ranks[i], &ranks[i]), 0);
        for (size_t j = i + 1; j < COUNT_OF(ranks); j++) {
            assert_true(order_rank_compare(&ranks[i], &ranks[j]) > 0);
            assert_true(order_rank_compare(&ranks[j], &ranks[i]) < 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_the_first_before_each_that_follows),
    };
    return cmocka_run_group_tests_name("wire: order", tests, NULL, NULL);
}

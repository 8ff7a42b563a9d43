/* Who lied is kept out, longer each time, and forgotten in the end. */
#include "gate/gate_inside.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void each_lie_costs_twice_as_much(void **state)
{
    (void)state;
    struct liars *liars = NULL;
    hash key = hash_of(S("liar"));
    usec now = 1000 * USEC_SECOND;
    assert_int_equal(liars_create(&liars), OK);
    assert_int_equal(liars_wait(liars, key, now), 0);
    liars_add(liars, key, now);
    usec first = liars_wait(liars, key, now);
    assert_true(first > 0);
    assert_int_equal(liars_wait(liars, hash_of(S("other")), now), 0);
    now += first;
    assert_int_equal(liars_wait(liars, key, now), 0);
    liars_add(liars, key, now);
    assert_int_equal(liars_wait(liars, key, now), 2 * first);
    now += 24 * USEC_HOUR;
    liars_add(liars, key, now);
    assert_int_equal(liars_wait(liars, key, now), first);
    liars_destroy(liars);
}

static void a_crowd_of_liars_has_a_limit(void **state)
{
    (void)state;
    struct liars *liars = NULL;
    assert_int_equal(liars_create(&liars), OK);
    for (uint32_t i = 0; i < 5000; i++) {
        liars_add(liars, hash_of((str){(const char *)&i, sizeof i}), USEC_HOUR + i);
    }
    uint32_t last = 4999;
    hash key = hash_of((str){(const char *)&last, sizeof last});
    assert_true(liars_wait(liars, key, USEC_HOUR + last) > 0);
    liars_destroy(liars);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_lie_costs_twice_as_much),
                                       cmocka_unit_test(a_crowd_of_liars_has_a_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

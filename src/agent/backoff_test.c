#include "agent/backoff.h"

#include "base/entropy.h"
#include "base/testing.h"

static void the_first_try_comes_within_a_second(void **state)
{
    (void)state;
    struct backoff backoff = {.attempts = 0};
    assert_true(backoff_delay(&backoff, 0) >= 250000);
    assert_true(backoff_delay(&backoff, UINT64_MAX) <= USEC_SECOND);
}

static void tries_become_rarer_but_never_rarer_than_a_minute(void **state)
{
    (void)state;
    usec before = 0;
    for (unsigned i = 0; i < 100; i++) {
        usec least = backoff_delay(&(struct backoff){.attempts = i}, 0);
        assert_true(least >= before);
        before = least;
    }
    struct entropy_seed seed = {3};
    struct entropy entropy = entropy_seeded(&seed);
    for (int i = 0; i < 1000; i++) {
        struct backoff late = {.attempts = UINT32_MAX};
        usec delay = backoff_delay(&late, entropy_u64(entropy));
        assert_true(delay >= 30 * USEC_SECOND && delay <= 60 * USEC_SECOND);
    }
}

static void never_comes_sooner_than_the_server_wishes(void **state)
{
    (void)state;
    struct entropy_seed seed = {4};
    struct entropy entropy = entropy_seeded(&seed);
    for (int i = 0; i < 1000; i++) {
        struct backoff full = {.reason = BYE_FULL, .again = 40 * USEC_SECOND};
        usec delay = backoff_delay(&full, entropy_u64(entropy));
        assert_true(delay >= 40 * USEC_SECOND && delay <= 61 * USEC_SECOND);
    }
}

static void what_only_a_person_can_change_is_asked_for_rarely(void **state)
{
    (void)state;
    assert_true(backoff_delay(&(struct backoff){.reason = BYE_RETIRED}, 0) >= 15 * USEC_MINUTE);
    assert_true(backoff_delay(&(struct backoff){.reason = BYE_PROOF}, 0) >= 20 * USEC_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_try_comes_within_a_second),
        cmocka_unit_test(tries_become_rarer_but_never_rarer_than_a_minute),
        cmocka_unit_test(never_comes_sooner_than_the_server_wishes),
        cmocka_unit_test(what_only_a_person_can_change_is_asked_for_rarely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Chance: repeatable from a seed, without bias below a limit, different each time from the system.
 */
#include "base/entropy.h"

#include "base/base.h"
#include "base/testing.h"

static void repeats_from_a_seed(void **state)
{
    (void)state;
    struct entropy_seed a = {.state = 0};
    struct entropy_seed b = {.state = 0};
    assert_true(entropy_u64(entropy_seeded(&a)) == 0xe220a8397b1dcdafu); /* splitmix64's own */
    unsigned char some[13] = {0};
    unsigned char same[13] = {0};
    ignore_int((long)entropy_u64(entropy_seeded(&b)));
    entropy_fill(entropy_seeded(&a), some, sizeof some);
    entropy_fill(entropy_seeded(&b), same, sizeof same);
    assert_memory_equal(some, same, sizeof some);
}

static void differs_each_time_from_the_system(void **state)
{
    (void)state;
    assert_true(entropy_u64(entropy_system()) != entropy_u64(entropy_system()));
}

static void stays_below_its_limit_and_reaches_all(void **state)
{
    (void)state;
    struct entropy_seed seed = {.state = 42};
    int seen[6] = {0};
    for (int i = 0; i < 6000; i++) {
        uint64_t value = entropy_below(entropy_seeded(&seed), 6);
        assert_true(value < 6);
        seen[value]++;
    }
    for (size_t i = 0; i < COUNT_OF(seen); i++) {
        assert_in_range(seen[i], 850, 1150);
    }
    assert_true(entropy_below(entropy_seeded(&seed), 1) == 0);
}

/* Gives the largest value first, which no multiple of 6 holds. */
static void fill_largest_first(void *ctx, void *bytes, size_t size)
{
    int *calls = ctx;
    memset(bytes, *calls == 0 ? 0xff : 0, size);
    (*calls)++;
}

static void draws_again_where_it_would_be_unfair(void **state)
{
    (void)state;
    int calls = 0;
    struct entropy entropy = {fill_largest_first, &calls};
    assert_true(entropy_below(entropy, 6) == 0);
    assert_int_equal(calls, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_from_a_seed),
        cmocka_unit_test(differs_each_time_from_the_system),
        cmocka_unit_test(stays_below_its_limit_and_reaches_all),
        cmocka_unit_test(draws_again_where_it_would_be_unfair),
    };
    return cmocka_run_group_tests_name("base: entropy", tests, NULL, NULL);
}

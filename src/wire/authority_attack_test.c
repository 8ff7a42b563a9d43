/* Thousands of bad orders (`make soak`: a million): none is obeyed, each is refused for its reason.
 */
#include "wire/authority_attack_testing.h"

#include "base/testing.h"

enum { SEED = 34 };

static void obeys_none_of_the_bad_orders(void **state)
{
    (void)state;
    struct attack *attack = attack_create(SEED);
    size_t attempts = test_rounds(5000, 1000000);
    for (size_t i = 0; i < attempts; i++) {
        bool control = false;
        enum log_reason reason;
        struct attempt attempt = attack_next(attack, &control);
        if (!control) {
            fail_msg("attempt %zu (%s, seed %d) began as an order that is refused", i, attempt.name,
                     SEED);
        }
        if (attack_is_obeyed(attack, attempt.clock, attempt.cose, &reason)) {
            fail_msg("attempt %zu (%s, seed %d) is obeyed", i, attempt.name, SEED);
        }
        if (attempt.expected != ATTACK_ANY && (int)reason != attempt.expected) {
            fail_msg("attempt %zu (%s, seed %d) is refused for %d, not for %d", i, attempt.name,
                     SEED, (int)reason, attempt.expected);
        }
    }
    attack_destroy(attack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(obeys_none_of_the_bad_orders),
    };
    return cmocka_run_group_tests_name("wire: authority, attacked", tests, NULL, NULL);
}

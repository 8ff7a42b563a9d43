/* The default policy is what security level 3 asks for, and no setting may go below it. */
#include "people/policy.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void has_defaults_that_pass_and_meet_the_rules(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    assert_int_equal(policy_check(&policy, NULL), OK);
    assert_int_equal(policy.failures_lock, 5);
    assert_int_equal(policy.inactive_disable, 45 * USEC_DAY);
    assert_true(policy.audit_keep >= 92 * USEC_DAY);
    assert_true((policy.second_factor_roles & ROLE_BIT(ROLE_PROVINCE_ADMIN)) != 0);
}

static void refuses_what_weakens_or_locks_out(void **state)
{
    (void)state;
    struct policy cases[9];
    struct why why;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        cases[i] = policy_default();
    }
    cases[0].password_least = 4;
    cases[1].argon2_memory = 1024;
    cases[2].failures_lock = 1000;
    cases[3].lock_most = USEC_MINUTE;
    cases[4].idle_lock = 0;
    cases[5].session_most = USEC_MINUTE;
    cases[6].audit_keep = 30 * USEC_DAY;
    cases[7].recovery_codes = 21;
    cases[8].seen_every = 10 * USEC_MINUTE;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(policy_check(&cases[i], &why), ERR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_defaults_that_pass_and_meet_the_rules),
        cmocka_unit_test(refuses_what_weakens_or_locks_out),
    };
    return cmocka_run_group_tests_name("people: policy", tests, NULL, NULL);
}

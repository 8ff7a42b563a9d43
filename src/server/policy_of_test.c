/* The rules that follow from the settings: the defaults are what security level 3 asks for, and
 * what would weaken them is refused. */
#include "server/policy_of.h"

#include "base/testing.h"

static void the_defaults_are_the_rooms_own(void **state)
{
    (void)state;
    struct settings settings;
    struct policy policy;
    struct policy usual = policy_default();
    struct why why;
    settings_init(&settings);
    assert_int_equal(policy_of_settings(&settings, &policy, &why), OK);
    assert_int_equal(policy.password_least, usual.password_least);
    assert_int_equal(policy.argon2_memory, usual.argon2_memory);
    assert_int_equal(policy.argon2_passes, usual.argon2_passes);
    assert_int_equal(policy.failures_lock, usual.failures_lock);
    assert_int_equal(policy.lock_first, usual.lock_first);
    assert_int_equal(policy.lock_most, usual.lock_most);
    assert_int_equal(policy.failures_forget, usual.failures_forget);
    assert_int_equal(policy.address_failures, usual.address_failures);
    assert_int_equal(policy.address_window, usual.address_window);
    assert_int_equal(policy.second_factor_wait, usual.second_factor_wait);
    assert_int_equal(policy.idle_lock, usual.idle_lock);
    assert_int_equal(policy.session_most, usual.session_most);
    assert_int_equal(policy.sessions_most, usual.sessions_most);
    assert_int_equal(policy.inactive_disable, usual.inactive_disable);
    assert_int_equal(policy.recovery_codes, usual.recovery_codes);
    assert_int_equal(policy.factors_most, usual.factors_most);
    assert_int_equal(policy.webauthn_wait, usual.webauthn_wait);
    assert_int_equal(policy.second_factor_roles, usual.second_factor_roles);
    assert_int_equal(policy.audit_keep, usual.audit_keep);
}

static void roles_of_the_list_need_a_second_factor_and_administrators_always(void **state)
{
    (void)state;
    struct settings settings;
    struct policy policy;
    struct why why;
    assert_int_equal(settings_parse(&settings, S("second_factor_roles = auditor  editor"), &why),
                     OK);
    assert_int_equal(policy_of_settings(&settings, &policy, &why), OK);
    assert_int_equal(policy.second_factor_roles, ROLE_BIT(ROLE_PROVINCE_ADMIN) |
                                                     ROLE_BIT(ROLE_AUDITOR) |
                                                     ROLE_BIT(ROLE_EDITOR));
}

static void refuses_rules_that_do_not_go_together(void **state)
{
    (void)state;
    static const char *const files[] = {
        "second_factor_roles = king",
        "sign_in_lock = 2h\nsign_in_lock_most = 1h",
        "idle_lock = 12h\nsession_most = 1h",
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct settings settings;
        struct policy policy;
        struct why why;
        assert_int_equal(settings_parse(&settings, str_of(files[i]), &why), OK);
        assert_int_equal(policy_of_settings(&settings, &policy, &why), ERR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_the_rooms_own),
        cmocka_unit_test(roles_of_the_list_need_a_second_factor_and_administrators_always),
        cmocka_unit_test(refuses_rules_that_do_not_go_together),
    };
    return cmocka_run_group_tests_name("server: policy_of", tests, NULL, NULL);
}

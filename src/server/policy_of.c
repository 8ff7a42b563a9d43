/* One line per rule; what has no setting keeps policy_default(). */
#include "server/policy_of.h"

static usec seconds(const struct settings *settings, enum setting_key key)
{
    return settings_number(settings, key) * USEC_SECOND;
}

static usec days(const struct settings *settings, enum setting_key key)
{
    return settings_number(settings, key) * USEC_DAY;
}

errc policy_of_settings(const struct settings *settings, struct policy *ret_policy, struct why *why)
{
    struct policy policy = policy_default();
    policy.password_least = (int)settings_number(settings, SETTING_KEY_password_min_length);
    policy.argon2_memory = (uint64_t)settings_number(settings, SETTING_KEY_password_memory);
    policy.argon2_passes = (uint64_t)settings_number(settings, SETTING_KEY_password_passes);
    policy.failures_lock = (int)settings_number(settings, SETTING_KEY_sign_in_failures);
    policy.lock_first = seconds(settings, SETTING_KEY_sign_in_lock);
    policy.address_failures = (int)settings_number(settings, SETTING_KEY_address_failures);
    policy.idle_lock = seconds(settings, SETTING_KEY_idle_lock);
    policy.session_most = seconds(settings, SETTING_KEY_session_most);
    policy.inactive_disable = days(settings, SETTING_KEY_inactive_days);
    policy.recovery_codes = (int)settings_number(settings, SETTING_KEY_recovery_codes);
    policy.audit_keep = days(settings, SETTING_KEY_audit_keep_days);
    TRY(policy_check(&policy, why));
    *ret_policy = policy;
    return OK;
}

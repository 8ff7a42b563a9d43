/* One line per rule; what has no setting keeps policy_default(). */
#include "server/policy_of.h"

#define CALL_FRESH (30 * USEC_MINUTE) /* older alarms are no news when a server starts */

static usec seconds(const struct settings *settings, enum setting_key key)
{
    return settings_number(settings, key) * USEC_SECOND;
}

static usec days(const struct settings *settings, enum setting_key key)
{
    return settings_number(settings, key) * USEC_DAY;
}

/* "province_admin auditor": administrators always, whatever the list says. */
static errc take_roles(const struct settings *settings, role_set *ret_roles, struct why *why)
{
    role_set roles = ROLE_BIT(ROLE_PROVINCE_ADMIN);
    str rest = str_of(settings_text(settings, SETTING_KEY_second_factor_roles));
    while (rest.at != NULL) {
        enum role role = ROLE_PROVINCE_ADMIN;
        str name = str_trim(str_split(rest, ' ', &rest));
        if (name.len > 0 && !role_parse(name, &role)) {
            return fail(why, ERR_INVALID, "second_factor_roles: no role %.*s", STR_ARG(name));
        }
        roles |= ROLE_BIT(role);
    }
    *ret_roles = roles;
    return OK;
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
    policy.lock_most = seconds(settings, SETTING_KEY_sign_in_lock_most);
    policy.failures_forget = seconds(settings, SETTING_KEY_sign_in_forget);
    policy.address_window = seconds(settings, SETTING_KEY_address_window);
    policy.second_factor_wait = seconds(settings, SETTING_KEY_second_factor_wait);
    policy.webauthn_wait = seconds(settings, SETTING_KEY_security_key_wait);
    policy.factors_most = (int)settings_number(settings, SETTING_KEY_factors_most);
    policy.sessions_most = (int)settings_number(settings, SETTING_KEY_sessions_most);
    TRY(take_roles(settings, &policy.second_factor_roles, why));
    TRY(policy_check(&policy, why));
    *ret_policy = policy;
    return OK;
}

struct broadcast_policy broadcast_policy_of_settings(const struct settings *settings)
{
    return (struct broadcast_policy){
        .approve_devices = settings_number(settings, SETTING_KEY_alarm_second_devices),
        .approve_people = settings_number(settings, SETTING_KEY_alarm_second_people),
        .plan_ahead = days(settings, SETTING_KEY_plan_ahead_days),
        .log_keep = days(settings, SETTING_KEY_play_log_keep_days),
    };
}

struct duty_policy duty_policy_of_settings(const struct settings *settings)
{
    return (struct duty_policy){
        .call_wait = seconds(settings, SETTING_KEY_alarm_call_wait),
        .call_fresh = CALL_FRESH,
        .mail_is_ready = settings_text(settings, SETTING_KEY_mail_server)[0] != '\0' &&
                         settings_text(settings, SETTING_KEY_mail_from)[0] != '\0',
        .site = str_of(settings_text(settings, SETTING_KEY_public_address)),
    };
}

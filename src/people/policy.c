/* The defaults, and the bounds below and above which a threshold is a mistake. */
#include "people/policy.h"

struct policy policy_default(void)
{
    return (struct policy){
        .password_least = 12,
        .argon2_memory = 64ULL * 1024 * 1024,
        .argon2_passes = 2,
        .failures_lock = 5,
        .lock_first = 15 * USEC_MINUTE,
        .lock_most = 4 * USEC_HOUR,
        .failures_forget = USEC_DAY,
        .address_failures = 30,
        .address_window = 15 * USEC_MINUTE,
        .second_factor_wait = 10 * USEC_MINUTE,
        .idle_lock = 15 * USEC_MINUTE,
        .session_most = 12 * USEC_HOUR,
        .sessions_most = 20,
        .seen_every = 30 * USEC_SECOND,
        .inactive_disable = 45 * USEC_DAY,
        .recovery_codes = 10,
        .factors_most = 10,
        .totp_step = 30 * USEC_SECOND,
        .webauthn_wait = USEC_MINUTE,
        .second_factor_roles = ROLE_BIT(ROLE_PROVINCE_ADMIN),
        .audit_keep = 365 * USEC_DAY,
    };
}

errc policy_check(const struct policy *policy, struct why *why)
{
    const struct {
        const char *name;
        int64_t value;
        int64_t least;
        int64_t most;
    } bounds[] = {
        {"password_least", policy->password_least, 8, 128},
        {"argon2_memory", (int64_t)policy->argon2_memory, 8 << 20, 1 << 30},
        {"argon2_passes", (int64_t)policy->argon2_passes, 1, 16},
        {"failures_lock", policy->failures_lock, 3, 20},
        {"lock_first", policy->lock_first, USEC_MINUTE, USEC_DAY},
        {"lock_most", policy->lock_most, policy->lock_first, 7 * USEC_DAY},
        {"failures_forget", policy->failures_forget, USEC_HOUR, 30 * USEC_DAY},
        {"address_failures", policy->address_failures, 5, 10000},
        {"address_window", policy->address_window, USEC_MINUTE, USEC_DAY},
        {"second_factor_wait", policy->second_factor_wait, USEC_MINUTE, USEC_HOUR},
        {"idle_lock", policy->idle_lock, USEC_MINUTE, USEC_DAY},
        {"session_most", policy->session_most, policy->idle_lock, 7 * USEC_DAY},
        {"sessions_most", policy->sessions_most, 1, 100},
        {"seen_every", policy->seen_every, USEC_SECOND, policy->idle_lock / 2},
        {"inactive_disable", policy->inactive_disable, USEC_DAY, 3650 * USEC_DAY},
        {"recovery_codes", policy->recovery_codes, 4, 20},
        {"factors_most", policy->factors_most, 2, 20},
        {"totp_step", policy->totp_step, 15 * USEC_SECOND, 5 * USEC_MINUTE},
        {"webauthn_wait", policy->webauthn_wait, 10 * USEC_SECOND, 10 * USEC_MINUTE},
        {"audit_keep", policy->audit_keep, 92 * USEC_DAY, 36500 * USEC_DAY},
    };
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        if (bounds[i].value < bounds[i].least || bounds[i].value > bounds[i].most) {
            return fail(why, ERR_INVALID, "policy %s is %lld, allowed are %lld to %lld",
                        bounds[i].name, (long long)bounds[i].value, (long long)bounds[i].least,
                        (long long)bounds[i].most);
        }
    }
    return OK;
}

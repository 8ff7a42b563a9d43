/* The rules of accounts as the settings say. */
#ifndef LOA_SERVER_POLICY_OF_H
#define LOA_SERVER_POLICY_OF_H

#include "broadcast/desk.h"
#include "duty/duty_job.h"
#include "people/policy.h"
#include "server/settings.h"

CHECKED errc policy_of_settings(const struct settings *settings, struct policy *ret_policy,
                                struct why *why);
struct broadcast_policy broadcast_policy_of_settings(const struct settings *settings);
/* `site` borrows the settings. */
struct duty_policy duty_policy_of_settings(const struct settings *settings);

#endif

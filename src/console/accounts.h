/* What my account and the accounts of others have in common. */
#ifndef LOA_CONSOLE_ACCOUNTS_H
#define LOA_CONSOLE_ACCOUNTS_H

#include "console/ask.h"
#include "people/account.h"

/* name, language, email, phone, unit_id: those that are there; null clears e-mail and phone. */
CHECKED errc account_take_patch(struct ask *ask, const struct json_value *body,
                                struct account_patch *ret_patch);

#endif

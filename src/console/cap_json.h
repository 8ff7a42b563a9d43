/* Messages of CAP as the API writes them. */
#ifndef LOA_CONSOLE_CAP_JSON_H
#define LOA_CONSOLE_CAP_JSON_H

#include "alert/message.h"
#include "console/alarm_json.h"

/* `whole`: with all its infos. */
CHECKED errc cap_json_message(struct ask *ask, const struct cap_kept *kept, bool whole,
                              struct why *why);

#endif

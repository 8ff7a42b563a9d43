/* What the routes of the inbox, the roster and of notices share. */
#ifndef LOA_CONSOLE_DUTY_JSON_H
#define LOA_CONSOLE_DUTY_JSON_H

#include "console/ask.h"
#include "duty/duty_job.h"

struct duty_job ask_duty_job(struct ask *ask);
/* {"push": true, "mail": false} */
void duty_json_reached_at(struct ask *ask, const char *key, bool push, bool mail);

#endif

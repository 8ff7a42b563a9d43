/* The roster of the demo province: who is on duty this week and the next. */
#ifndef LOA_SERVER_DEMO_DUTY_H
#define LOA_SERVER_DEMO_DUTY_H

#include "server/founding.h"

/* In the job, after the accounts. */
CHECKED errc demo_duty(struct founding *founding, struct db *db, struct why *why);

#endif

/* The demo province's people by the thousand, and a source of warnings with something in it. */
#ifndef LOA_SERVER_DEMO_ALERTS_H
#define LOA_SERVER_DEMO_ALERTS_H

#include "server/founding.h"

/* In the job, after the fleet and the accounts. */
CHECKED errc demo_alerts(struct founding *founding, struct db *db, struct why *why);

#endif

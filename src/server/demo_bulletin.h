/* The desks of the demo province: bulletins in every state, and templates. */
#ifndef LOA_SERVER_DEMO_BULLETIN_H
#define LOA_SERVER_DEMO_BULLETIN_H

#include "server/founding.h"

/* In the job, after the accounts and the programmes. */
CHECKED errc demo_bulletins(struct founding *founding, struct db *db, struct why *why);

#endif

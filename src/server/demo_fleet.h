/* The stations, poles and boxes of the demo province (src/server/demo/clusters.csv). */
#ifndef LOA_SERVER_DEMO_FLEET_H
#define LOA_SERVER_DEMO_FLEET_H

#include "server/founding.h"

/* In the job, after the people: the boxes are preloaded with their claim codes, so that pretend
 * speakers that know one are accepted by themselves. */
CHECKED errc demo_fleet(struct founding *founding, struct db *db, struct why *why);

#endif

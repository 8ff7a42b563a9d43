/* What every change of the fleet takes besides the database. Loans for the length of the call. A
 * store may run a job more than once: each function starts from nothing and leaves no trace outside
 * the database but in what it returns. Changes write an audit line, announce their topic (devices,
 * stations or faults) and, where devices must hear of it, issue orders.
 *
 * ERR_NOT_FOUND is also the answer for what the actor may not see; ERR_INVALID and ERR_EXISTS name
 * the field in `bad`. */
#ifndef LOA_FLEET_FLEET_JOB_H
#define LOA_FLEET_FLEET_JOB_H

#include "base/entropy.h"
#include "base/json_in.h"
#include "people/forest.h"
#include "people/right.h"

struct db;
struct order_signing;

struct fleet_job {
    const struct forest *forest; /* of this transaction */
    const struct actor *actor;
    struct arena *arena;
    struct bad_field *bad;               /* may be null */
    const struct order_signing *signing; /* for what issues orders; else null */
    struct entropy entropy;              /* likewise */
    int64_t zone_s;                      /* of the province's civil clock */
};

#endif

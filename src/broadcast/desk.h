/* What every job of broadcast takes besides the database: who acts, where the units are, who
 * receives, how orders are issued. Changes write an audit line and announce their topic. */
#ifndef LOA_BROADCAST_DESK_H
#define LOA_BROADCAST_DESK_H

#include "base/entropy.h"
#include "base/json_in.h"
#include "broadcast/receiver.h"
#include "orders/unit_key.h"

struct db;

/* Thresholds; the server fills them from its settings. */
struct broadcast_policy {
    int64_t approve_devices; /* an alarm that concerns as many needs a second person; 0: always */
    int64_t approve_people;  /* the same, by who lives there; 0: does not matter */
    usec plan_ahead;         /* how far plans reach */
    usec log_keep;           /* how long the logs of devices are kept */
};

struct desk {
    const struct actor *actor;
    const struct forest *forest;
    const struct receiver_port *receivers;
    const struct order_signing *signing; /* null: nothing can be issued, only prepared */
    const struct broadcast_policy *policy;
    struct entropy entropy;
    usec zone;
    struct arena *arena;
    struct bad_field *bad; /* filled with ERR_INVALID; may be null */
};

struct broadcast_policy broadcast_policy_default(void);
/* OK, ERR_NOT_FOUND where the actor may not even see the unit, ERR_FORBIDDEN. */
CHECKED errc desk_may(const struct desk *desk, enum right right, unit_id unit);
/* Whether the actor stands over the unit with this right, or anywhere below it: what an upper unit
 * plans is for those below to see. */
bool desk_sees(const struct desk *desk, enum right right, unit_id unit);
struct order_job desk_order_job(const struct desk *desk);

#endif

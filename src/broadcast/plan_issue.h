/* Plans on their way to the devices. A plan is made anew when its content changes and once a day,
 * so that every device always has more than a week ahead; devices whose plan says the same are left
 * in peace. First a reader finds the communes that are due, then a writer serves them one by one.
 */
#ifndef LOA_BROADCAST_PLAN_ISSUE_H
#define LOA_BROADCAST_PLAN_ISSUE_H

#include "broadcast/desk.h"
#include "broadcast/plan.h"

struct plan_units {
    const unit_id *at;
    size_t count;
};
/* Communes with a device whose plan is not what it should be. Reading only. */
CHECKED errc plans_due(const struct desk *desk, struct db *db, struct plan_units *ret_units,
                       struct why *why);
/* Signs and sends the plans of one commune to the devices that have another one. */
CHECKED errc plans_issue(const struct desk *desk, struct db *db, unit_id commune, struct why *why);

#endif

/* What happens to warnings without anybody pressing anything, on threads of its own: sources are
 * polled, messages of automatic sources become alarms, our emergencies are written as signed CAP.
 */
#ifndef LOA_SERVER_ALERT_WORKS_H
#define LOA_SERVER_ALERT_WORKS_H

#include "alert/reach.h"
#include "server/app.h"
#include "server/cap_key.h"

struct alert_works;

struct alert_works_config {
    struct app *app;
    const struct order_signing *signing;
    const struct receiver_port *receivers;
    const struct alert_places *places;
    const struct cap_key *key;
};

CHECKED errc alert_works_start(const struct alert_works_config *config,
                               struct alert_works **ret_works, struct why *why);
/* Any thread. */
void alert_works_changed(struct alert_works *works, str topic);
/* While the store is still there. Accepts null. */
void alert_works_stop(struct alert_works *works);

#endif

/* What broadcast must have done now and then: plans made anew when programmes, places or the day
 * changed, alarms whose time is over ended, logs summed up and forgotten in time. Lives on the
 * loop's thread; each errand is a job of the store, at most one of a kind at a time. Several
 * servers on one database may do the same: every errand is safe to repeat. */
#ifndef LOA_SERVER_BROADCAST_WATCH_H
#define LOA_SERVER_BROADCAST_WATCH_H

#include "broadcast/desk.h"
#include "loop/loop.h"
#include "orders/signing.h"
#include "server/app.h"

struct broadcast_watch;
struct coverage;

struct broadcast_watch_config {
    struct app *app;
    struct loop *loop;
    const struct order_signing *signing;
    const struct receiver_port *receivers;
    struct coverage *coverage;
};

struct broadcast_watch *broadcast_watch_start(const struct broadcast_watch_config *config);
void broadcast_watch_stop(struct broadcast_watch *watch); /* after the loop was drained */
void broadcast_watch_changed(struct broadcast_watch *watch, str topic);

#endif

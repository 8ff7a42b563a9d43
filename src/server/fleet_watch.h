/* Keeps the fleet in memory and the store together: reads the devices at the start and after each
 * change, lets time go by, writes down faults and what was last heard, and tells devices anew where
 * they stand when units or the day changed. Lives on the loop's thread; jobs of the store only read
 * and write. */
#ifndef LOA_SERVER_FLEET_WATCH_H
#define LOA_SERVER_FLEET_WATCH_H

#include "fleet/presence.h"
#include "loop/loop.h"
#include "server/app.h"

struct fleet_watch;

struct fleet_watch_config {
    struct app *app;
    struct loop *loop;
    /* Open pages shall hear that this changed. */
    void (*on_change)(void *ctx, const char *topic);
    void *ctx;
};

/* Waits for the first reading: who is not known yet is a stranger. */
CHECKED errc fleet_watch_start(const struct fleet_watch_config *config,
                               struct fleet_watch **ret_watch, struct why *why);
/* After the loop was drained. Accepts null. */
void fleet_watch_stop(struct fleet_watch *watch);
struct presence *fleet_watch_presence(struct fleet_watch *watch);
/* A topic of the store. */
void fleet_watch_changed(struct fleet_watch *watch, str topic);

#endif

/* What the inbox, the roster and the post office must have done now and then: people called for
 * alarms, told what is new, written to once a day; letters given to the network and what became of
 * them written down. Lives on the loop's thread; each errand is a job of the store, at most one of
 * a kind at a time. Several servers on one database may do the same: rows say who was first. */
#ifndef LOA_SERVER_DUTY_WATCH_H
#define LOA_SERVER_DUTY_WATCH_H

#include "loop/loop.h"
#include "server/inbox_sources.h"

struct duty_watch;

struct duty_watch_config {
    struct app *app;
    struct loop *loop;
    const struct inbox_house *inbox;
    /* Open pages shall hear that this changed. */
    void (*on_change)(void *ctx, const char *topic);
    void *ctx;
};

/* Makes the house's push key where there is none yet. */
CHECKED errc duty_watch_start(const struct duty_watch_config *config, struct duty_watch **ret_watch,
                              struct why *why);
void duty_watch_changed(struct duty_watch *watch, str topic);
void duty_watch_use(struct duty_watch *watch, const struct duty_policy *policy);
/* Before the store is closed: sends no more, and what became of the letters under way is written
 * down when the loop is drained. Accepts null. */
void duty_watch_halt(struct duty_watch *watch);
void duty_watch_stop(struct duty_watch *watch); /* after the loop was drained; accepts null */

#endif

/* What may wait for people, subject by subject, as the inbox asks for it (duty/inbox.h). A room
 * that has something waiting adds a function and a row of the table here. */
#ifndef LOA_SERVER_INBOX_SOURCES_H
#define LOA_SERVER_INBOX_SOURCES_H

#include "broadcast/desk.h"
#include "duty/call.h"
#include "duty/inbox.h"
#include "fleet/presence.h"
#include "server/app.h"

enum { INBOX_SOURCES_MOST = 16 };

struct inbox_house {
    const struct app *app;
    const struct receiver_port *receivers;
    struct broadcast_policy broadcast;
    struct inbox_source at[INBOX_SOURCES_MOST];
    struct inbox_sources sources; /* of `at` */
};

/* The house stays where it is: sources point at it. */
void inbox_sources_fill(struct inbox_house *house, const struct app *app,
                        const struct receiver_port *receivers);

/* Alarms and drills that wait or are in force, for calling people. In the job's arena. */
CHECKED errc inbox_call_alarms(const struct inbox_house *house, const struct duty_job *job,
                               struct db *db, struct call_alarms *ret_alarms, struct why *why);

/* The desk that sources of broadcast and studio look at. */
struct desk inbox_desk(const struct inbox_house *house, const struct actor *actor,
                       const struct forest *forest, struct arena *arena);

/* inbox_studio.c */
CHECKED errc inbox_bulletins(void *ctx, const struct inbox_job *job, struct db *db,
                             struct inbox *inbox, struct why *why);
CHECKED errc inbox_sent_down(void *ctx, const struct inbox_job *job, struct db *db,
                             struct inbox *inbox, struct why *why);

/* inbox_alert.c */
CHECKED errc inbox_cap(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
                       struct why *why);
CHECKED errc inbox_reports(void *ctx, const struct inbox_job *job, struct db *db,
                           struct inbox *inbox, struct why *why);

/* inbox_air.c: what is on air or wants to be. */
CHECKED errc inbox_alarms_waiting(void *ctx, const struct inbox_job *job, struct db *db,
                                  struct inbox *inbox, struct why *why);
CHECKED errc inbox_offers(void *ctx, const struct inbox_job *job, struct db *db,
                          struct inbox *inbox, struct why *why);

#endif

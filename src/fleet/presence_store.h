/* Presence and the store: what is known of devices goes up into memory at the start and after each
 * change; what was heard goes down in batches, so that a restart remembers and another server that
 * shares the database sees. */
#ifndef LOA_FLEET_PRESENCE_STORE_H
#define LOA_FLEET_PRESENCE_STORE_H

#include "fleet/presence.h"

/* Reads what changed since the last time, or everything (at the start, and when units or the day
 * changed). In a read job; the forest is that job's. */
struct presence_refresh {
    struct presence *presence;
    const struct forest *forest;
    day today;
    bool whole;
};
CHECKED errc presence_refresh(struct db *db, const struct presence_refresh *refresh,
                              struct why *why);

/* What one server holds, to be written: at most `room` links whose state changed, or that are older
 * than `old`; they count as written when taken. */
struct presence_saving {
    int64_t id;
    usec attached_utc;
    usec heard_utc;
    usec lost_utc; /* 0: attached */
    struct wire_status status;
    bool has_status;
};
size_t presence_take_links(struct presence *presence, usec old, struct presence_saving *links,
                           size_t room);
/* Who writes, and when. */
struct presence_saver {
    int64_t server; /* its own mark */
    usec zone;      /* of the civil clock, by which devices count their month */
    usec now_utc;
};
/* In a write job. */
CHECKED errc presence_save(struct db *db, const struct presence_saver *saver,
                           const struct presence_saving *links, size_t count, struct why *why);
/* In a read job: what other servers have written since. A server that has not written for
 * PRESENCE_SERVER_DEAD holds nothing any more. */
enum { PRESENCE_SERVER_DEAD_S = 45 };
CHECKED errc presence_load_others(struct db *db, int64_t server, struct presence *presence,
                                  usec since_utc, usec now_utc, struct why *why);

#endif

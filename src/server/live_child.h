/* Programs of ours beside the server's own that do what it should not do itself: loa-ingest decodes
 * strangers' sound into packets, in its cage; loa-fetch asks strangers' servers for it. Loop
 * thread. */
#ifndef LOA_SERVER_LIVE_CHILD_H
#define LOA_SERVER_LIVE_CHILD_H

#include "base/base.h"

struct loop;
struct live_child;

struct live_child_config {
    struct loop *loop;
    const char *address; /* to fetch; null: it decodes what is written to it */
    const char *allowed; /* hosts that are not public and may be asked nevertheless, by commas */
    void *ctx;
    void (*on_packet)(void *ctx, str packet); /* of the one that decodes */
    void (*on_bytes)(void *ctx, str bytes);   /* of the one that fetches */
    void (*on_room)(void *ctx);               /* may be null */
    void (*on_end)(void *ctx);                /* it has ended by itself; may be null */
};

/* ERR_NOT_FOUND: there is no such program. */
CHECKED errc live_child_start(const struct live_child_config *config,
                              struct live_child **ret_child);
/* ERR_BUSY: taken, but it is behind: let the sender wait. */
CHECKED errc live_child_write(struct live_child *child, str bytes);
void live_child_set_reading(struct live_child *child, bool reading);
void live_child_stop(struct live_child *child); /* accepts null; no call comes afterwards */

#endif

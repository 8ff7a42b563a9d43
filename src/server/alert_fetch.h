/* Fetching a feed or a message from whoever publishes it: http and https only, bounded in size,
 * time and redirects, and not from this machine or its neighbours unless a setting allows it. */
#ifndef LOA_SERVER_ALERT_FETCH_H
#define LOA_SERVER_ALERT_FETCH_H

#include "base/base.h"

#include <stdatomic.h>

struct alert_fetch {
    bool private_addresses; /* may be dialled */
    const atomic_bool *stopping;
};

struct alert_request {
    str address;
    str etag; /* of the last time; empty: none */
    str modified;
};

struct alert_answer {
    bool is_same; /* as the last time */
    struct buf body;
    char etag[256];
    char modified[64];
};

void alert_answer_finish(struct alert_answer *answer); /* for AUTO; accepts a zeroed one */
/* Blocks; on a thread that may. ERR_IO with the reason, ERR_TOO_BIG, ERR_CANCELLED. */
CHECKED errc alert_fetch(const struct alert_fetch *fetch, const struct alert_request *request,
                         struct alert_answer *ret_answer, struct why *why);

#endif

/* What the rows of lives and of sources share. */
#ifndef LOA_LIVE_LIVE_INSIDE_H
#define LOA_LIVE_LIVE_INSIDE_H

#include "live/live.h"

struct live_tale {
    const char *action;
    const char *kind; /* "live", "live_source" */
    int64_t id;
    str name;
    unit_id unit;
    str note;
};
/* The audit line, and the topic. */
CHECKED errc live_tell(const struct desk *desk, struct db *db, const struct live_tale *tale,
                       struct why *why);

#endif

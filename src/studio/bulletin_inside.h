/* What the files about bulletins share. */
#ifndef LOA_STUDIO_BULLETIN_INSIDE_H
#define LOA_STUDIO_BULLETIN_INSIDE_H

#include "studio/bulletin_desk.h"

struct bulletin_job {
    const struct desk *desk;
    struct db *db;
    int64_t id;
    struct why *why;
};

/* Without asking who may see it. */
CHECKED errc bulletin_load_line(const struct bulletin_job *job, struct bulletin_line *ret_line);
CHECKED errc bulletin_load_body(const struct bulletin_job *job, int64_t revision,
                                struct bulletin_body *ret_body,
                                struct bulletin_version *ret_version);
bool bulletin_is_seen(const struct desk *desk, const struct bulletin_line *line);

/* The audit line and the topic; `reason` may be empty. */
CHECKED errc bulletin_tell(const struct bulletin_job *job, const char *action,
                           const struct bulletin_line *line, str reason);
/* State and span anew, from what is planned and offered of it. */
CHECKED errc bulletin_settle(const struct bulletin_job *job, struct bulletin_line *line);

#endif

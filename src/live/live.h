/* Somebody speaks to an area, now: who, where, how, until when, and what is kept of it. The row and
 * its audit line stand before the order is signed, in one transaction; loudspeakers tune in by the
 * order alone. How it sounds at the moment is not here: live/stream.h. */
#ifndef LOA_LIVE_LIVE_H
#define LOA_LIVE_LIVE_H

#include "broadcast/desk.h"
#include "live/packet.h"
#include "wire/types.h"

enum { LIVE_TITLE_MOST = 160, LIVE_AREAS_MOST = 256, LIVE_OPEN_MOST = 64 };

#define LIVE_LONGEST (12 * USEC_HOUR)

enum live_mode { LIVE_TALK, LIVE_CONTINUOUS };
enum live_from { LIVE_FROM_BROWSER, LIVE_FROM_ICECAST, LIVE_FROM_RELAY };

/* What is asked for, of a live as of a source. */
struct live_terms {
    unit_id unit;
    const unit_id *areas; /* none: the unit */
    size_t area_count;
    str title;
    enum order_class order_class; /* ordinary or priority */
    str language;
    hash fallback; /* zero: none */
    bool is_public;
    bool is_recorded;
};

struct live_draft {
    wire_id mark;
    struct live_terms terms;
    enum live_mode mode;
    enum live_from from;
    int64_t source;     /* 0: none */
    int64_t written_by; /* of a source that begins by itself: who made it; else 0 */
};

struct live {
    int64_t id;
    wire_id mark;
    uint64_t stream;
    struct live_terms terms;
    int64_t fallback_bytes;
    enum live_mode mode;
    enum live_from from;
    int64_t source;
    str source_name;
    str address; /* of a radio */
    bool is_open;
    str reason; /* of the end */
    int64_t made_by;
    str made_name;
    usec made_at;
    usec expires;
    usec begun_at; /* 0: not yet */
    usec ended_at;
    int64_t ended_by;
    str ended_name;
    int64_t ms;
    hash recording; /* zero: none */
};

struct lives {
    const struct live *at;
    size_t count;
    int64_t next;
};

const char *live_mode_name(enum live_mode mode);
CHECKED bool live_mode_parse(str name, enum live_mode *ret_mode);
const char *live_from_name(enum live_from from);
CHECKED bool live_from_parse(str name, enum live_from *ret_from);
/* Areas within the unit, a medium that is there, lengths: ERR_INVALID with the field. *ret_bytes:
 * of the fallback. */
CHECKED errc live_check(const struct desk *desk, struct db *db, const struct live_terms *terms,
                        int64_t *ret_bytes, struct why *why);

/* The same mark again is the same live. ERR_TOO_MANY: enough are open. */
CHECKED errc live_begin(const struct desk *desk, struct db *db, const struct live_draft *draft,
                        int64_t *ret_id, struct why *why);
/* Devices are told by an order. Ending what has ended is no error. `reason` is a key of the
 * catalogue: live_end.<reason>. */
CHECKED errc live_finish(const struct desk *desk, struct db *db, int64_t id, const char *reason,
                         struct why *why);
CHECKED errc live_begun(struct db *db, int64_t id, usec now, struct why *why);
/* What it came to; the recording is registered as a medium of the unit. Zero: there is none. */
CHECKED errc live_keep(const struct desk *desk, struct db *db, int64_t id, int64_t ms,
                       int64_t bytes, hash recording, struct why *why);

/* ERR_NOT_FOUND also for those who may not see it. */
CHECKED errc live_get(const struct desk *desk, struct db *db, int64_t id, struct live *ret_live,
                      struct why *why);
struct live_filter {
    unit_id unit; /* 0: any that the actor sees */
    bool is_open;
    bool is_ended;
    int64_t before; /* 0: from the newest */
    size_t limit;
};
CHECKED errc live_list(const struct desk *desk, struct db *db, const struct live_filter *filter,
                       struct lives *ret_lives, struct why *why);

/* Every medium that a stream or its source names: what a sweep must leave alone. */
CHECKED errc live_media_used(struct db *db, void (*on_media)(void *ctx, hash media), void *ctx,
                             struct why *why);

#endif

/* When a device is late or dead, and which of its claims cannot be. Pure: times and values in, a
 * verdict out. Times are of the steady clock. */
#ifndef LOA_FLEET_PRESENCE_RULES_H
#define LOA_FLEET_PRESENCE_RULES_H

#include "wire/types.h"

enum presence_state {
    PRESENCE_NEVER, /* nothing was ever heard of it */
    PRESENCE_ALIVE,
    PRESENCE_LATE, /* amber: past its due beat, or just lost */
    PRESENCE_DEAD, /* red */
};

enum { PRESENCE_STATES = 4 };

const char *presence_state_name(enum presence_state state); /* "never", "alive", "late", "dead" */
CHECKED bool presence_state_parse(str name, enum presence_state *ret_state);

struct presence_timing {
    usec late_after;      /* past the due beat */
    usec dead_after;      /* past the due beat */
    usec dead_after_lost; /* since the connection was lost */
};

enum { PRESENCE_BEAT_MS = 45000 };

struct presence_timing presence_timing_default(void);

struct presence_link {
    bool known; /* something was heard once */
    bool attached;
    usec heard;
    usec lost;    /* when not attached */
    bool excused; /* lost because we went down: its silence until then says nothing */
    usec beat;    /* longest silence it was told to keep */
};

enum presence_state presence_judge(const struct presence_timing *timing,
                                   const struct presence_link *link, usec now);

/* Impossible claims, as bits; each has a short name for the fault's detail. */
enum presence_lie {
    LIE_OTHER_ID = 1,      /* says that it is another device */
    LIE_LOG_BACK = 2,      /* its log is shorter than what we keep of it */
    LIE_STATE_AHEAD = 4,   /* obeys orders that were never given */
    LIE_TRUST_AHEAD = 8,   /* knows keys that were never made */
    LIE_UPTIME = 16,       /* ran for longer than the time that passed */
    LIE_TRAFFIC_BACK = 32, /* counters of one month and one boot that run back */
    LIE_FUTURE = 64,       /* plays since a time to come */
    LIE_RECEIPT = 128,     /* for an order that it never got */
    LIE_LOG_FORGED = 256,  /* the chain or its signature does not hold */
};

enum { PRESENCE_LIES = 9 };

uint32_t presence_lie_at(size_t index);
const char *presence_lie_name(uint32_t lie);

/* What we know for sure, beside what the device says. */
struct presence_facts {
    uint64_t log_kept;   /* entries that are durable here; 0: not known */
    uint64_t state_most; /* highest version that any order has; 0: not known */
    uint64_t trust_most; /* likewise */
    usec since_before;   /* real time since `before` was heard */
    bool same_boot;
    bool same_month;
    usec now_utc;
};

/* `before` is null for the first status. */
uint32_t presence_lies(const struct wire_status *before, const struct wire_status *status,
                       const struct presence_facts *facts);

#endif

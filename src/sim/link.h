/* Links as villages have them, pure: when a frame that leaves now arrives. Each device's link has
 * chance of its own from a seed, so that a run can be repeated. Frames of one way never overtake
 * each other. A lost packet comes after a time-out that doubles, as TCP does it. */
#ifndef LOA_SIM_LINK_H
#define LOA_SIM_LINK_H

#include "base/base.h"
#include "base/entropy.h"

enum link_kind { LINK_LAW_NONE, LINK_LAW_FIBRE, LINK_LAW_4G, LINK_LAW_3G, LINK_LAW_2G, LINK_LAWS };

struct link_law {
    const char *name;
    usec down;      /* the least that the way to the device takes */
    usec down_more; /* mean of what comes on top, exponential */
    usec up;
    usec up_more;
    unsigned loss_per_mille; /* of packets of 1,400 bytes */
    usec retry;              /* first time-out; doubles */
    usec rate;               /* microseconds for each 1,000 bytes */
    usec cut_every;          /* mean time between cuts; 0: never */
};

const struct link_law *link_law_of(enum link_kind kind);
CHECKED bool link_law_find(str name, enum link_kind *ret_kind);

enum link_way { LINK_DOWN, LINK_UP };

struct link {
    const struct link_law *law;
    struct entropy_seed seed;
    usec last[2]; /* arrival of the last frame, each way */
};

void link_init(struct link *link, const struct link_law *law, uint64_t seed);
/* When `bytes` that leave now are there. */
usec link_arrival(struct link *link, enum link_way way, usec now, size_t bytes);
/* A connection begins: nothing is under way. */
void link_begin(struct link *link);
/* How long from now until this connection is cut; 0: never. */
usec link_cut_after(struct link *link);
/* Exponential with this mean, at most twenty times it. */
usec link_chance(struct link *link, usec mean);

#endif

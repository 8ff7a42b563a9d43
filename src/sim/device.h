/* One pretended device: a real session (keys, trust, orders, log) with a pretended loudspeaker, on
 * a link of its own. It does nothing by itself: the swarm calls it when something is due. */
#ifndef LOA_SIM_DEVICE_H
#define LOA_SIM_DEVICE_H

#include "agent/authority_pack.h"
#include "agent/clock.h"
#include "agent/log_tail.h"
#include "agent/session.h"
#include "loop/dial.h"
#include "sim/link.h"
#include "sim/player.h"

struct swarm;

enum { DEVICE_HELD_MOST = 256 };

struct device {
    struct swarm *swarm;
    uint32_t index;
    bool is_started;
    bool is_open; /* the session was told so */
    bool is_attached;
    dial_id dial;
    struct wire_traffic traffic; /* of the calls that are over */
    uint64_t connection;         /* counts them: what belongs to an older one is dropped */
    usec tick_due;               /* of the tick that stands in the agenda; 0: none */
    usec started_at;
    uint8_t secret[COSE_SECRET_SIZE];
    char serial[32];
    char claim[64];
    struct session_ports ports;
    struct session_identity about;
    struct session *session;
    struct log_tail log;
    struct entropy_seed chance;
    struct link link;
    struct dial_memory memory;
    struct clock clock;
    struct player player;
    struct wire_status status; /* what does not change by itself */
    /* What was kept: all that a restart needs. */
    struct buf authority;
    struct session_held *held;
    size_t held_count;
    uint64_t state_version;
    uint64_t beat_ms;
};

/* Key, names and link from the seed; the session does not exist yet. */
void device_init(struct device *device, struct swarm *swarm, uint32_t index);
void device_finish(struct device *device);
/* With what was kept, or as it came out of its box. */
CHECKED errc device_start(struct device *device, usec now, struct why *why);

void device_opened(struct device *device, usec now, const uint8_t *channel);
void device_heard(struct device *device, usec now, str message);
void device_closed(struct device *device, usec now);
void device_tick(struct device *device, usec now);

/* Its state as bytes, and back. */
void device_save(const struct device *device, struct buf *out);
CHECKED errc device_load(struct device *device, str bytes, struct why *why);

#endif

/* The packets of live streams on this device: what came, by its place in the stream, and as sources
 * for the engine. A stream is a line of places of 20 ms on the server's clock (wire: live_sound),
 * so a voice that begins at the instant of a place is in step with every other loudspeaker.
 *
 * Told from the device's own thread; its sources are read by the engine's feeding thread. */
#ifndef LOA_AGENT_LIVE_FEED_H
#define LOA_AGENT_LIVE_FEED_H

#include "agent/engine_source.h"
#include "wire/types.h"

enum { LIVE_STREAMS = 4, LIVE_PACKET_BYTES = 400, LIVE_FRAMES = 960 };

#define LIVE_STEP (20 * (usec)1000)

struct live_feeds;

struct live_feeds *live_feeds_create(void);
void live_feeds_destroy(struct live_feeds *feeds); /* accepts null; open sources stay readable */

/* Begins to remember a stream; false: too many already. Once is enough. */
bool live_feeds_add(struct live_feeds *feeds, uint64_t stream);
void live_feeds_drop(struct live_feeds *feeds, uint64_t stream);

void live_feeds_tuned(struct live_feeds *feeds, const struct wire_tuned *tuned);
/* `now` is the server's clock, 0 while it is not known. */
void live_feeds_sound(struct live_feeds *feeds, const struct wire_live_sound *sound, usec now);

enum flow_state {
    FLOW_NONE,   /* nothing has come yet, or there is no such stream */
    FLOW_SOUNDS, /* there is sound for now */
    FLOW_PAUSED, /* silent on purpose */
    FLOW_DEAD,   /* silent, and nobody said why */
    FLOW_ENDED,
};

struct live_flow {
    enum flow_state state;
    usec start; /* server's clock: when the first frame of place 0 sounds */
    usec until; /* of FLOW_SOUNDS: it is looked at again then, if nothing comes */
};
struct live_flow live_feeds_look(struct live_feeds *feeds, uint64_t stream, usec now);
/* What the device needs between stamp and sound, in milliseconds, when that is more than it is
 * given; else 0. Asked once for each answer. */
uint64_t live_feeds_need(struct live_feeds *feeds, uint64_t stream);

/* From place 0; to be sought. Never ends. ERR_NOT_FOUND: no such stream. */
CHECKED errc live_feeds_open(struct live_feeds *feeds, uint64_t stream, struct source *ret_source,
                             struct why *why);

#endif

/* "Listen to this pole": what goes out of the engine as Opus packets of 20 ms, coded on the
 * caller's thread, a few at a time. */
#ifndef LOA_AGENT_ENGINE_LISTEN_H
#define LOA_AGENT_ENGINE_LISTEN_H

#include "agent/engine.h"

enum { LISTEN_PACKET_MOST = 400, LISTEN_BITRATE = 16000, LISTEN_FRAMES = ENGINE_RATE / 50 };

struct listen;

struct listen_packet {
    uint64_t index;
    usec heard; /* steady clock */
    size_t size;
    uint8_t bytes[LISTEN_PACKET_MOST];
};

/* bitrate 0 is LISTEN_BITRATE. Opens the engine's tap; the engine must outlive it. */
CHECKED errc listen_open(struct engine *engine, unsigned bitrate, struct listen **ret_listen,
                         struct why *why);
void listen_close(struct listen *listen); /* accepts null */
/* The next packet; false when none is whole yet. Call at least every 300 ms. */
bool listen_next(struct listen *listen, struct listen_packet *ret_packet);

#endif

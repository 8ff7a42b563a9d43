/* One live stream as a line of steps of 20 ms on the server's clock: packet n begins at base + n
 * steps, for everybody and for ever. Who sends has a clock and a pace of his own; here they are
 * bent to the line, by leaving a packet out or by one that stands for none, so that ten thousand
 * loudspeakers need only the number of a packet to play it together.
 *
 * Stamped senders (a page with a microphone) say when each packet was recorded. Paced ones (an
 * encoder, a radio) send as fast as their line allows, bursts and all: their packets wait here and
 * go on at the pace of the clock.
 *
 * Pure: time is an argument. What must never happen: two packets at one place, or a place that
 * moves. */
#ifndef LOA_LIVE_STREAM_H
#define LOA_LIVE_STREAM_H

#include "live/packet.h"

/* So many packets go out in one message: few for those near by, who can play soon, and many for the
 * rest, because a message costs ten thousand times. */
enum live_lane { LANE_QUICK, LANE_USUAL, LANES };
enum { LANE_QUICK_PACKETS = 3, LANE_USUAL_PACKETS = 10 };

enum live_pace { LIVE_STAMPED, LIVE_PACED };

struct live_bundle {
    enum live_lane lane;
    uint64_t index; /* of the first */
    usec at;        /* its stamp */
    const str *packets;
    size_t count;
};

struct live_stream_ports {
    void *ctx;
    /* Every place once, in order; those that never came as live_packet_gone(). A jump over more
     * than a second of them is a jump of `index`. */
    void (*packet)(void *ctx, uint64_t index, usec at, str packet);
    void (*bundle)(void *ctx, const struct live_bundle *bundle);
};

struct live_stream;

struct live_stream *live_stream_create(enum live_pace pace, const struct live_stream_ports *ports);
void live_stream_destroy(struct live_stream *stream); /* accepts null */
/* Another sender, or the same after a break: his clock is learnt anew, his first packet is put
 * where it belongs by time. */
void live_stream_sender(struct live_stream *stream, enum live_pace pace);
/* `stamp`: by the sender's clock, of the first packet; a paced sender has none (0). ERR_INVALID:
 * one of them is no packet of 20 ms, nothing was taken. */
CHECKED errc live_stream_take(struct live_stream *stream, usec stamp, usec now, const str *packets,
                              size_t count);
/* Silent on purpose: what waits in the lanes goes out. */
void live_stream_pause(struct live_stream *stream);
/* What is due goes on. Wanted every step while something waits. */
void live_stream_turn(struct live_stream *stream, usec now);
bool live_stream_is_full(const struct live_stream *stream); /* let the sender wait */

struct live_stream_view {
    bool has_begun;
    usec base;     /* of place 0 */
    uint64_t next; /* place of the packet to come */
    usec heard_at; /* when the last packet went on; 0: none has */
    uint64_t gone; /* places without a packet */
    uint64_t left_out;
    size_t waiting;
};
void live_stream_look(const struct live_stream *stream, struct live_stream_view *ret_view);

#endif

/* What a page with a microphone sends: read whole or not at all, and what was read goes through a
 * stream that never gives a place twice. */
#include "live/in_frame.h"

#include "base/crash.h"
#include "live/stream.h"

struct seen {
    uint64_t next;
};

static void on_packet(void *ctx, uint64_t index, usec at, str packet)
{
    struct seen *seen = ctx;
    (void)at;
    ENSURE(index >= seen->next && live_packet_is(packet));
    seen->next = index + 1;
}

static void on_bundle(void *ctx, const struct live_bundle *bundle)
{
    const struct seen *seen = ctx;
    ENSURE(bundle->count > 0 && bundle->index + bundle->count <= seen->next);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = {0};
    struct live_stream_ports ports = {&seen, on_packet, on_bundle};
    struct live_stream *stream = live_stream_create(LIVE_STAMPED, &ports);
    str rest = {(const char *)data, size};
    usec now = 20000 * USEC_DAY;
    int64_t t1 = 0;
    ignore_int((long)in_time_read(rest, &t1));
    while (rest.len > 2) { /* a byte of length, a byte of time, a frame */
        struct in_frame frame;
        size_t length = (uint8_t)rest.at[0];
        now += (usec)(uint8_t)rest.at[1] * 1000;
        str bytes = str_cut(rest, 2, 2 + length < rest.len ? 2 + length : rest.len);
        rest = str_cut(rest, 2 + bytes.len, rest.len);
        if (in_frame_read(bytes, &frame) == OK) {
            ENSURE(live_stream_take(stream, frame.stamp, now, frame.packets, frame.count) == OK);
        }
        live_stream_turn(stream, now);
    }
    live_stream_destroy(stream);
    return 0;
}

#include "agent/engine_listen.h"

#include <opus.h>

enum { BITRATE_LEAST = 6000, BITRATE_MOST = 64000, EFFORT = 4 };

struct listen {
    struct engine *engine;
    OpusEncoder *encoder;
    int16_t pcm[LISTEN_FRAMES];
    size_t filled;
    usec heard; /* of the first frame in pcm */
    uint64_t index;
};

errc listen_open(struct engine *engine, unsigned bitrate, struct listen **ret_listen,
                 struct why *why)
{
    int rc = OPUS_OK;
    bitrate = bitrate == 0 ? LISTEN_BITRATE : bitrate;
    bitrate = bitrate < BITRATE_LEAST ? BITRATE_LEAST : bitrate;
    bitrate = bitrate > BITRATE_MOST ? BITRATE_MOST : bitrate;
    OpusEncoder *encoder = opus_encoder_create(ENGINE_RATE, 1, OPUS_APPLICATION_AUDIO, &rc);
    if (encoder == NULL) {
        return fail(why, ERR_NO_MEMORY, "Opus: %s", opus_strerror(rc));
    }
    ignore_int(opus_encoder_ctl(encoder, OPUS_SET_BITRATE((opus_int32)bitrate)));
    ignore_int(opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(EFFORT)));
    struct listen *listen = mem_take(sizeof *listen);
    listen->engine = engine;
    listen->encoder = encoder;
    engine_tap_set(engine, ENGINE_TAP_LISTEN, true);
    *ret_listen = listen;
    return OK;
}

void listen_close(struct listen *listen)
{
    if (listen != NULL) {
        engine_tap_set(listen->engine, ENGINE_TAP_LISTEN, false);
        opus_encoder_destroy(listen->encoder);
        mem_give(listen);
    }
}

bool listen_next(struct listen *listen, struct listen_packet *ret_packet)
{
    usec heard = 0;
    size_t got = engine_tap_read(listen->engine, ENGINE_TAP_LISTEN, listen->pcm + listen->filled,
                                 LISTEN_FRAMES - listen->filled, &heard);
    if (listen->filled == 0) {
        listen->heard = heard;
    }
    listen->filled += got;
    if (listen->filled < LISTEN_FRAMES) {
        return false;
    }
    int size = opus_encode(listen->encoder, listen->pcm, LISTEN_FRAMES, ret_packet->bytes,
                           LISTEN_PACKET_MOST);
    listen->filled = 0;
    ret_packet->index = listen->index++;
    ret_packet->heard = listen->heard;
    ret_packet->size = size > 0 ? (size_t)size : 0;
    return size > 0;
}

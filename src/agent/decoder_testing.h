/* Ogg Opus files made on the spot, so that no test needs a file: sound of a seed that is nowhere
 * alike, coded and laid into pages. For tests and measurements only. */
#ifndef LOA_AGENT_DECODER_TESTING_H
#define LOA_AGENT_DECODER_TESTING_H

#include <math.h>

#include <ogg/ogg.h>
#include <opus.h>

#include "base/base.h"
#include "base/entropy.h"

enum { OPUS_TEST_FRAMES = 960, OPUS_TEST_SKIP = 312, OPUS_TEST_RATE = 48000 };

struct opus_maker {
    OpusEncoder *encoder;
    ogg_stream_state stream;
    struct buf *out;
    int channels;
    int64_t granule;
    int64_t packet;
    struct entropy_seed seed;
    double level; /* of the noise under way */
    double turn;
    double last[2];
};

static inline void opus_maker_drain(struct opus_maker *maker, bool flush)
{
    ogg_page page;
    while (flush ? ogg_stream_flush(&maker->stream, &page)
                 : ogg_stream_pageout(&maker->stream, &page)) {
        buf_add(maker->out, (str){(const char *)page.header, (size_t)page.header_len});
        buf_add(maker->out, (str){(const char *)page.body, (size_t)page.body_len});
    }
}

static inline void opus_maker_put(struct opus_maker *maker, unsigned char *bytes, long size,
                                  bool last)
{
    ogg_packet packet = {bytes, size, maker->packet == 0, last, maker->granule, maker->packet};
    maker->packet++;
    ignore_int(ogg_stream_packetin(&maker->stream, &packet));
    opus_maker_drain(maker, maker->packet <= 2 || last);
}

/* Noise of a colour and loudness that change every eighth of a second. */
static inline void opus_maker_sound(struct opus_maker *maker, float *pcm)
{
    struct entropy entropy = entropy_seeded(&maker->seed);
    maker->seed.state++;
    if (maker->packet % 6 == 2) {
        maker->level = 0.02 + 0.1 * (double)entropy_below(entropy, 1000) / 1000;
        maker->turn =
            1.94 * cos(6.2831853 * (200 + (double)entropy_below(entropy, 2500)) / OPUS_TEST_RATE);
    }
    for (int i = 0; i < OPUS_TEST_FRAMES; i++) {
        double noise = (double)(entropy_u64(entropy) >> 11) / 9007199254740992.0 - 0.5;
        double out = noise + maker->turn * maker->last[0] - 0.941 * maker->last[1];
        maker->last[1] = maker->last[0];
        maker->last[0] = out;
        for (int c = 0; c < maker->channels; c++) {
            pcm[i * maker->channels + c] = (float)fmax(fmin(out * maker->level, 0.9), -0.9);
        }
    }
}

static inline void opus_maker_heads(struct opus_maker *maker)
{
    unsigned char head[19] = "OpusHead\1";
    unsigned char tags[] = "OpusTags\4\0\0\0test\0\0\0\0";
    head[9] = (unsigned char)maker->channels;
    head[10] = OPUS_TEST_SKIP & 0xff;
    head[11] = OPUS_TEST_SKIP >> 8;
    head[12] = OPUS_TEST_RATE & 0xff;
    head[13] = OPUS_TEST_RATE >> 8 & 0xff;
    opus_maker_put(maker, head, sizeof head, false);
    opus_maker_put(maker, tags, sizeof tags - 1, false);
}

/* Appends a file of that length (a multiple of 20 ms) at 24 kbit/s. */
static inline void opus_make(struct buf *out, usec length, int channels, uint64_t seed)
{
    float pcm[OPUS_TEST_FRAMES * 2] = {0};
    unsigned char bytes[1500];
    int rc = 0;
    struct opus_maker maker = {.out = out, .channels = channels, .seed = {seed}};
    int64_t frames = length * 6 / 125;
    maker.encoder = opus_encoder_create(OPUS_TEST_RATE, channels, OPUS_APPLICATION_AUDIO, &rc);
    ignore_int(opus_encoder_ctl(maker.encoder, OPUS_SET_BITRATE(24000 * channels)));
    ignore_int(ogg_stream_init(&maker.stream, (int)seed));
    opus_maker_heads(&maker);
    for (int64_t at = 0; at < frames + OPUS_TEST_SKIP; at += OPUS_TEST_FRAMES) {
        bool last = at + OPUS_TEST_FRAMES >= frames + OPUS_TEST_SKIP;
        opus_maker_sound(&maker, pcm);
        int size = opus_encode_float(maker.encoder, pcm, OPUS_TEST_FRAMES, bytes, sizeof bytes);
        maker.granule = last ? frames + OPUS_TEST_SKIP : at + OPUS_TEST_FRAMES;
        opus_maker_put(&maker, bytes, size, last);
    }
    ignore_int(ogg_stream_clear(&maker.stream));
    opus_encoder_destroy(maker.encoder);
}

#endif

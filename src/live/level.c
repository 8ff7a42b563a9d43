#include "live/level.h"

#include <math.h>
#include <opus.h>

enum { RATE = 8000, FRAMES = RATE / 50 };

struct live_level {
    OpusDecoder *decoder;
    double squares;
    int64_t count;
    int peak;
};

errc live_level_create(struct live_level **ret_level)
{
    int failed = OPUS_OK;
    OpusDecoder *decoder = opus_decoder_create(RATE, 1, &failed);
    if (decoder == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_level = mem_take(sizeof **ret_level);
    (*ret_level)->decoder = decoder;
    return OK;
}

void live_level_destroy(struct live_level *level)
{
    if (level != NULL) {
        opus_decoder_destroy(level->decoder);
        mem_give(level);
    }
}

void live_level_take(struct live_level *level, str packet)
{
    int16_t pcm[FRAMES];
    bool gone = live_packet_is_gone(packet);
    int got = opus_decode(level->decoder, gone ? NULL : (const uint8_t *)packet.at,
                          gone ? 0 : (int32_t)packet.len, pcm, FRAMES, 0);
    for (int i = 0; i < got; i++) {
        int loud = pcm[i] < 0 ? -pcm[i] : pcm[i];
        level->peak = loud > level->peak ? loud : level->peak;
        level->squares += (double)pcm[i] * pcm[i];
    }
    level->count += got > 0 ? got : 0;
}

static int32_t decibels(double loud)
{
    double mb = loud < 1 ? LIVE_SILENCE_MB : 2000 * log10(loud / 32768);
    return mb < LIVE_SILENCE_MB ? LIVE_SILENCE_MB : (int32_t)mb;
}

void live_level_read(struct live_level *level, int32_t *ret_rms_mb, int32_t *ret_peak_mb)
{
    *ret_rms_mb = decibels(level->count == 0 ? 0 : sqrt(level->squares / (double)level->count));
    *ret_peak_mb = decibels(level->peak);
    level->squares = 0;
    level->count = 0;
    level->peak = 0;
}

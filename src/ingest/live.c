/* See live.h. */
#include "ingest/live.h"

#include "base/file.h"

#include <opus.h>

enum { FRAMES = SOUND_RATE / 50, PACKET_MOST = 400, HEAD = 2 };

static errc write_packet(int fd, const float *samples, OpusEncoder *encoder, struct fault *fault)
{
    uint8_t packet[HEAD + PACKET_MOST];
    int size = opus_encode_float(encoder, samples, FRAMES, packet + HEAD, PACKET_MOST);
    if (size <= 0) {
        return fault_is(fault, "damaged");
    }
    packet[0] = (uint8_t)(size >> 8);
    packet[1] = (uint8_t)size;
    return file_write_all(fd, packet, HEAD + (size_t)size, NULL);
}

static void hold_down(float *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        samples[i] = samples[i] > 0.99F ? 0.99F : samples[i] < -0.99F ? -0.99F : samples[i];
    }
}

errc live_run(struct sound_in *in, int fd, int64_t kbit, struct fault *fault)
{
    float samples[FRAMES];
    size_t count = 0;
    int failed = OPUS_OK;
    OpusEncoder *encoder = opus_encoder_create(SOUND_RATE, 1, OPUS_APPLICATION_AUDIO, &failed);
    if (encoder == NULL) {
        return fault_is(fault, "too_heavy");
    }
    ignore_int(opus_encoder_ctl(encoder, OPUS_SET_BITRATE((int32_t)kbit * 1000)));
    errc rc = OK;
    do {
        rc = sound_in_read(in, samples, FRAMES, &count, fault);
        memset(samples + count, 0, (FRAMES - count) * sizeof *samples);
        hold_down(samples, count);
        rc = rc == OK && count > 0 ? write_packet(fd, samples, encoder, fault) : rc;
    } while (rc == OK && count == FRAMES);
    opus_encoder_destroy(encoder);
    return rc;
}

/* The device's own ear: a microphone before the horn or a tap at the amplifier. A thread of its own
 * reads it into a ring; what is lost because nobody reads is the newest. 48 kHz mono 16 bit. */
#ifndef LOA_AGENT_CAPTURE_H
#define LOA_AGENT_CAPTURE_H

#include "base/base.h"

struct capture;

/* A name of ALSA. A device that is not there (yet) is tried again for ever. */
struct capture *capture_alsa_create(const char *device);
/* The dummy: a WAV file (mono, 48 kHz, 16 bit), from its beginning, at the pace of the steady
 * clock. */
CHECKED errc capture_file_create(const char *path, struct capture **ret_capture, struct why *why);
void capture_destroy(struct capture *capture); /* accepts null */
/* At most `most` frames; *ret_heard: steady clock when the first of them was heard. */
size_t capture_read(struct capture *capture, int16_t *pcm, size_t most, usec *ret_heard);
bool capture_works(const struct capture *capture);

/* An ear as the agent takes it, so that a pretended device can have a pretended one. */
struct capture_port {
    size_t (*read)(void *ctx, int16_t *pcm, size_t most, usec *ret_heard);
    bool (*works)(void *ctx);
    void (*close)(void *ctx);
    void *ctx; /* null: no ear */
};
struct capture_port capture_port_of(struct capture *take_capture);

#endif

/* What a voice reads from: mono, 48 kHz, 16 bit, from a file, a maker of signals, or several in a
 * row. Called from the engine's feeding thread, never from the thread that plays. */
#ifndef LOA_AGENT_ENGINE_SOURCE_H
#define LOA_AGENT_ENGINE_SOURCE_H

#include "base/base.h"

struct source {
    void *ctx; /* null: none */
    /* At most `most` frames; *ret_count 0 is the end. A source that cannot go on fails once.
     * ERR_BUSY: nothing has come yet, ask again. */
    CHECKED errc (*read)(void *ctx, int16_t *pcm, size_t most, size_t *ret_count, struct why *why);
    /* Something in place of what has not come, when it is about to be needed; ERR_BUSY: silence.
     * Null: silence. */
    CHECKED errc (*fill)(void *ctx, int16_t *pcm, size_t most, size_t *ret_count, struct why *why);
    /* To that frame; at or behind the end is the end. */
    CHECKED errc (*seek)(void *ctx, uint64_t frame, struct why *why);
    void (*close)(void *ctx);
    uint64_t frames; /* all of it; 0: not known */
};

void source_close(struct source *source); /* accepts one that is none; leaves none */

/* Ogg Opus (RFC 7845) from a descriptor that can seek, of which it becomes the owner even when it
 * fails. Work is bounded by the file's size, whatever it contains: ERR_INVALID when it is not Ogg
 * Opus, ERR_CORRUPT from read when it breaks later. */
CHECKED errc decoder_open(int take_fd, struct source *ret_source, struct why *why);
/* The same from bytes, which must stay. */
CHECKED errc decoder_open_bytes(str bytes, struct source *ret_source, struct why *why);

/* Several in a row with pauses, as an alarm has them: signal, text, pause, text, … Parts are opened
 * as they are needed and closed behind. */
enum { SEQUENCE_PARTS = 256 };

struct sequence_part {
    usec silence; /* before it */
    usec length;  /* of the part itself, as known beforehand: for seeking; 0: until its end */
    uint64_t tag; /* for open */
};

struct sequence_port {
    CHECKED errc (*open)(void *ctx, uint64_t tag, struct source *ret_source, struct why *why);
    void (*close)(void *ctx); /* may be null */
    void *ctx;
};

/* A part that does not open or breaks is left out, unless none of them sounds: then read fails. */
CHECKED errc sequence_open(const struct sequence_part *parts, size_t count,
                           const struct sequence_port *take_port, struct source *ret_source,
                           struct why *why);

#endif

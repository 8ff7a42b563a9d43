/* Where sound goes: a sound card, a WAV file, or nowhere. Mono, 48 kHz, 16 bit, whatever the card
 * makes of it. A sink belongs to the thread that plays; only create, destroy and stop are called
 * from outside. All of them take and pace sound alike, so that what is tested with a file holds for
 * the card. */
#ifndef LOA_AGENT_SINK_H
#define LOA_AGENT_SINK_H

#include "base/base.h"

enum {
    SINK_RATE = 48000,
    SINK_TURN_MOST = 480, /* frames: 10 ms */
};

struct sink_turn {
    size_t frames; /* wanted now; at most SINK_TURN_MOST */
    usec heard_at; /* steady clock: when the first of them comes out */
    bool broken;   /* sound was lost since the last turn (it came too late) */
};

struct sink;

struct sink_kind {
    const char *name;
    CHECKED errc (*open)(struct sink *sink, struct why *why);
    /* Waits until frames are wanted. ERR_CANCELLED: sink_stop was called. */
    CHECKED errc (*wait)(struct sink *sink, struct sink_turn *ret_turn, struct why *why);
    CHECKED errc (*put)(struct sink *sink, const int16_t *pcm, size_t frames, struct why *why);
    void (*close)(struct sink *sink); /* may be opened again */
    void (*stop)(struct sink *sink);  /* any thread; wakes wait for good */
    void (*destroy)(struct sink *sink);
};

/* The first member of every kind's own struct. */
struct sink {
    const struct sink_kind *kind;
};

/* `device` is a name of ALSA ("default", "plughw:1,0"). A card that is not there (yet) fails in
 * open, not here. */
struct sink *sink_alsa_create(const char *device);
/* Paced by the steady clock, or (pulled) by whoever calls the engine. */
struct sink *sink_null_create(void);
/* A WAV file that is whole after every put, also when the program dies in the next instant. At
 * `bytes_most` it becomes path.1 (replacing that) and a new one begins. */
CHECKED errc sink_file_create(const char *path, uint64_t bytes_most, struct sink **ret_sink,
                              struct why *why);
void sink_destroy(struct sink *sink); /* accepts null */

#endif

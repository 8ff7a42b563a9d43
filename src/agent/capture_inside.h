/* What the kinds of ears share: a ring that a thread fills. */
#ifndef LOA_AGENT_CAPTURE_INSIDE_H
#define LOA_AGENT_CAPTURE_INSIDE_H

#include <pthread.h>

#include "agent/capture.h"
#include "agent/mix_ring.h"
#include "agent/sink_pace.h"

enum { CAPTURE_RING = 65536, CAPTURE_PIECE = SINK_TURN_MOST };

struct capture_piece {
    int16_t pcm[CAPTURE_PIECE];
    size_t frames;
    usec heard_at; /* steady: of the first */
};

struct capture_kind {
    CHECKED errc (*open)(struct capture *capture, struct why *why);
    /* Waits for some sound. ERR_CANCELLED: stopped. */
    CHECKED errc (*read)(struct capture *capture, struct capture_piece *ret_piece, struct why *why);
    void (*close)(struct capture *capture);
    void (*destroy)(struct capture *capture);
};

struct capture {
    const struct capture_kind *kind;
    struct sink_pace pace;
    struct mix_ring ring;
    _Atomic int64_t origin; /* steady: when frame 0 would have been heard */
    int64_t written;
    uint64_t taken;
    _Atomic bool works;
    pthread_t thread;
    bool has_thread;
};

/* Starts the thread; `capture` is the first member of the kind's own struct. */
CHECKED errc capture_start(struct capture *capture, const struct capture_kind *kind,
                           struct why *why);

#endif

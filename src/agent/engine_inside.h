/* What the files of the engine share. */
#ifndef LOA_AGENT_ENGINE_INSIDE_H
#define LOA_AGENT_ENGINE_INSIDE_H

#include <pthread.h>

#include "agent/engine.h"
#include "agent/mix.h"

_Static_assert((int)ENGINE_VOICES == (int)MIX_VOICES, "a voice each");
_Static_assert((int)ENGINE_TAPS == (int)MIX_TAPS, "a tap each");
_Static_assert((int)ENGINE_RATE == (int)MIX_RATE, "one pace");
_Static_assert((int)SINK_TURN_MOST == (int)MIX_TURN_MOST, "one turn");

struct engine_slot {
    pthread_mutex_t feeding; /* the source, between the owner and the feeder */
    struct source source;
    bool fed_up; /* the source has given all it has */

    /* Only the owner's thread. */
    bool busy;
    uint32_t generation;
    unsigned mail; /* taken, not told yet */
    int32_t gain_mb;
    bool at_full;
};

struct engine {
    struct engine_config config;
    struct sink *sink;
    struct sink *spare; /* paces time while the sink is away */
    struct mix mix;
    struct engine_slot slots[ENGINE_VOICES];
    struct engine_settings settings;
    struct clock_line line;
    bool has_line;
    bool told_works; /* what the owner knows of the sink */
    uint64_t tap_read[ENGINE_TAPS];
    struct why feed_why;

    pthread_mutex_t lock; /* the reason and the waking */
    pthread_cond_t wake;
    struct why sink_why;
    bool stops; /* under lock, for the feeder */
    _Atomic bool ends;
    _Atomic bool sink_works;
    bool sink_is_open; /* the playing thread's */
    bool has_threads;
    pthread_t feeder;
    pthread_t player;
};

/* Fills what voices have room for (engine_feed.c). */
void engine_feed_slot(struct engine *engine, size_t slot, size_t enough);
void engine_feed(struct engine *engine);
void *engine_feeder(void *engine);
void engine_wake(struct engine *engine);
/* The playing thread (engine_player.c). */
void *engine_player(void *engine);

#endif

/* The feeding side: decoded sound for every voice, ahead of what plays, and a call when there is
 * news for the owner. It may wait for a disk; what plays does not wait for it. */
#include <errno.h>
#include <time.h>

#include "agent/engine_inside.h"

enum { PIECE = 960, HUNGRY = 2 * PIECE /* a turn of the feeder and one of the player */ };

/* While something may sound; news is told within this. */
#define TURN_BUSY_NS (25 * 1000000L)
#define TURN_IDLE_NS (250 * 1000000L)

/* A live source has nothing yet: fills in for it at the last moment. True: something is there. */
static bool fill_in(struct engine *engine, size_t index, size_t enough, int16_t pcm[PIECE],
                    size_t *ret_count)
{
    const struct source *source = &engine->slots[index].source;
    struct mix_voice *voice = &engine->mix.voices[index];
    size_t least = enough < HUNGRY ? enough : HUNGRY;
    bool needs = atomic_load_explicit(&voice->sounds, memory_order_relaxed) &&
                 mix_ring_filled_rt(&voice->ring) < least;
    return needs && source->fill != NULL &&
           source->fill(source->ctx, pcm, PIECE, ret_count, NULL) == OK;
}

/* True while there is more to do. */
static bool feed_piece(struct engine *engine, size_t index, size_t enough)
{
    struct engine_slot *slot = &engine->slots[index];
    struct mix_voice *voice = &engine->mix.voices[index];
    int16_t pcm[PIECE];
    size_t count = 0;
    struct why why = {""};
    if (slot->source.ctx == NULL || slot->fed_up || mix_ring_room_rt(&voice->ring) < PIECE ||
        mix_ring_filled_rt(&voice->ring) >= enough) {
        return false;
    }
    errc rc = slot->source.read(slot->source.ctx, pcm, PIECE, &count, &why);
    if (rc == ERR_BUSY && !fill_in(engine, index, enough, pcm, &count)) {
        return false;
    }
    rc = rc == ERR_BUSY ? OK : rc;
    if (rc != OK || count == 0) {
        slot->fed_up = true;
        atomic_store_explicit(&voice->source_failed, rc != OK, memory_order_relaxed);
        atomic_store_explicit(&voice->source_done, true, memory_order_release);
        return false;
    }
    ignore_int((long)mix_ring_put_rt(&voice->ring, pcm, count));
    return true;
}

void engine_feed_slot(struct engine *engine, size_t slot, size_t enough)
{
    bool more = true;
    while (more) {
        ignore_int(pthread_mutex_lock(&engine->slots[slot].feeding));
        more = feed_piece(engine, slot, enough);
        ignore_int(pthread_mutex_unlock(&engine->slots[slot].feeding));
    }
}

/* A piece for each in turn, so that a long way to go in one does not starve another. */
void engine_feed(struct engine *engine)
{
    bool more = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < ENGINE_VOICES; i++) {
            ignore_int(pthread_mutex_lock(&engine->slots[i].feeding));
            more = feed_piece(engine, i, SIZE_MAX) || more;
            ignore_int(pthread_mutex_unlock(&engine->slots[i].feeding));
        }
    }
}

static bool has_sources(struct engine *engine)
{
    bool has = false;
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        ignore_int(pthread_mutex_lock(&engine->slots[i].feeding));
        has = has || engine->slots[i].source.ctx != NULL;
        ignore_int(pthread_mutex_unlock(&engine->slots[i].feeding));
    }
    return has;
}

static bool has_mail(const struct engine *engine)
{
    for (size_t i = 0; i < MIX_VOICES; i++) {
        if (atomic_load_explicit(&engine->mix.voices[i].mail, memory_order_relaxed) != 0) {
            return true;
        }
    }
    return false;
}

/* True when it is over. */
static bool wait_a_turn(struct engine *engine, long nanoseconds)
{
    struct timespec until;
    usec at = now_steady() + nanoseconds / 1000;
    until.tv_sec = (time_t)(at / USEC_SECOND);
    until.tv_nsec = (long)(at % USEC_SECOND) * 1000;
    ignore_int(pthread_mutex_lock(&engine->lock));
    if (!engine->stops) {
        ignore_int(pthread_cond_timedwait(&engine->wake, &engine->lock, &until));
    }
    bool stops = engine->stops;
    ignore_int(pthread_mutex_unlock(&engine->lock));
    return stops;
}

void *engine_feeder(void *arg)
{
    struct engine *engine = arg;
    bool worked = true;
    bool stops = false;
    while (!stops) {
        engine_feed(engine);
        bool works = atomic_load_explicit(&engine->sink_works, memory_order_relaxed);
        if (engine->config.on_news != NULL && (has_mail(engine) || works != worked)) {
            engine->config.on_news(engine->config.ctx);
        }
        worked = works;
        stops = wait_a_turn(engine, has_sources(engine) ? TURN_BUSY_NS : TURN_IDLE_NS);
    }
    return NULL;
}

void engine_wake(struct engine *engine)
{
    ignore_int(pthread_mutex_lock(&engine->lock));
    ignore_int(pthread_cond_signal(&engine->wake));
    ignore_int(pthread_mutex_unlock(&engine->lock));
}

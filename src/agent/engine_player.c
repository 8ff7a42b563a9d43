/* The playing thread: asks the sink how much it wants and when that will be heard, renders, hands
 * it over. A sink that fails is closed and tried again for ever; meanwhile a spare one lets time go
 * on, so that what should be over by then is over. */
#include <sched.h>

#include "agent/engine_inside.h"

enum { PRIORITY = 20 };

static void lose_sink(struct engine *engine, const struct why *why)
{
    if (engine->sink_is_open) {
        engine->sink->kind->close(engine->sink);
        engine->sink_is_open = false;
    }
    ignore_int(pthread_mutex_lock(&engine->lock));
    engine->sink_why = *why;
    ignore_int(pthread_mutex_unlock(&engine->lock));
    atomic_store(&engine->sink_works, false);
}

static void try_sink(struct engine *engine, usec *ret_again)
{
    struct why why = {""};
    if (engine->sink->kind->open(engine->sink, &why) == OK) {
        engine->sink_is_open = true;
        atomic_store(&engine->sink_works, true);
    } else {
        lose_sink(engine, &why);
    }
    *ret_again = now_steady() + engine->config.retry;
}

/* One turn on whichever sink there is. */
static errc play_turn(struct engine *engine, struct sink *sink, struct why *why)
{
    int16_t pcm[SINK_TURN_MOST];
    struct sink_turn turn = {0};
    TRY(sink->kind->wait(sink, &turn, why));
    struct mix_turn mix = {turn.heard_at, turn.broken, sink == engine->sink};
    mix_render_rt(&engine->mix, pcm, turn.frames, &mix);
    return sink->kind->put(sink, pcm, turn.frames, why);
}

/* Best effort: without the right to it, the ordinary scheduler has to do. */
static void ask_for_priority(void)
{
    struct sched_param param = {.sched_priority = PRIORITY};
    ignore_int(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param));
}

void *engine_player(void *arg)
{
    struct engine *engine = arg;
    usec again = 0;
    ask_for_priority();
    while (!atomic_load_explicit(&engine->ends, memory_order_relaxed)) {
        struct why why = {""};
        if (!engine->sink_is_open && now_steady() >= again) {
            try_sink(engine, &again);
        }
        struct sink *sink = engine->sink_is_open ? engine->sink : engine->spare;
        errc rc = play_turn(engine, sink, &why);
        if (rc != OK && rc != ERR_CANCELLED && sink == engine->sink) {
            lose_sink(engine, &why);
            again = now_steady() + engine->config.retry;
        }
    }
    if (engine->sink_is_open) {
        engine->sink->kind->close(engine->sink);
    }
    return NULL;
}

/* The sinks that need no card: nowhere, and a WAV file. Their pace is the steady clock: a turn
 * every ten milliseconds, and whoever comes too late by more than a second is taken to have lost
 * sound. */
#include "agent/sink.h"

#include "agent/sink_pace.h"

void sink_destroy(struct sink *sink)
{
    if (sink != NULL) {
        sink->kind->destroy(sink);
    }
}

struct sink_null {
    struct sink base;
    struct sink_pace pace;
};

static errc open_null(struct sink *sink, struct why *why)
{
    (void)why;
    sink_pace_begin(&((struct sink_null *)sink)->pace);
    return OK;
}

static errc wait_null(struct sink *sink, struct sink_turn *ret_turn, struct why *why)
{
    return sink_pace_wait(&((struct sink_null *)sink)->pace, ret_turn, why);
}

static errc put_null(struct sink *sink, const int16_t *pcm, size_t frames, struct why *why)
{
    (void)sink;
    (void)pcm;
    (void)frames;
    (void)why;
    return OK;
}

static void close_null(struct sink *sink)
{
    (void)sink;
}

static void stop_null(struct sink *sink)
{
    sink_pace_stop(&((struct sink_null *)sink)->pace);
}

static void destroy_null(struct sink *sink)
{
    sink_pace_finish(&((struct sink_null *)sink)->pace);
    mem_give(sink);
}

struct sink *sink_null_create(void)
{
    static const struct sink_kind kind = {"null",     open_null, wait_null,   put_null,
                                          close_null, stop_null, destroy_null};
    struct sink_null *sink = mem_take(sizeof *sink);
    sink->base.kind = &kind;
    sink_pace_init(&sink->pace);
    return &sink->base;
}

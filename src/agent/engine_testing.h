/* A pulled engine before a sink that keeps what it gets, on a clock of its own, and sources whose
 * samples tell where they come from. For tests only. */
#ifndef LOA_AGENT_ENGINE_TESTING_H
#define LOA_AGENT_ENGINE_TESTING_H

#include "agent/engine.h"
#include "base/testing.h"

enum { STAGE_MOST = SINK_RATE * 60 };

#define STAGE_SERVER (20000 * USEC_DAY)
#define STAGE_STEADY (1000 * USEC_SECOND)

struct stage_sink {
    struct sink base;
    int16_t *pcm; /* STAGE_MOST frames */
    size_t count;
};

struct stage {
    struct engine *engine;
    struct stage_sink *sink; /* the engine's */
    usec now;                /* steady: when the next sample is heard */
    double ppm;              /* what the sink's crystal is fast by */
    double rest;
    struct engine_event events[64];
    size_t event_count;
};

static inline errc stage_open(struct sink *sink, struct why *why)
{
    (void)sink;
    (void)why;
    return OK;
}

static inline errc stage_wait(struct sink *sink, struct sink_turn *ret_turn, struct why *why)
{
    (void)sink;
    (void)ret_turn;
    return fail(why, ERR_CANCELLED, "pulled");
}

static inline errc stage_put(struct sink *sink, const int16_t *pcm, size_t frames, struct why *why)
{
    struct stage_sink *stage = (struct stage_sink *)sink;
    (void)why;
    assert_true(stage->count + frames <= STAGE_MOST);
    memcpy(stage->pcm + stage->count, pcm, frames * sizeof *pcm);
    stage->count += frames;
    return OK;
}

static inline void stage_nothing(struct sink *sink)
{
    (void)sink;
}

static inline void stage_destroy(struct sink *sink)
{
    mem_give(((struct stage_sink *)sink)->pcm);
    mem_give(sink);
}

/* The server's clock is known when `knows`: STAGE_SERVER at STAGE_STEADY. */
static inline void stage_begin(struct stage *stage, bool knows)
{
    static const struct sink_kind kind = {"stage",       stage_open,    stage_wait,   stage_put,
                                          stage_nothing, stage_nothing, stage_destroy};
    *stage = (struct stage){.now = STAGE_STEADY};
    stage->sink = mem_take(sizeof *stage->sink);
    stage->sink->base.kind = &kind;
    stage->sink->pcm = mem_take_array(STAGE_MOST, sizeof(int16_t));
    struct engine_config config = {.pulled = true};
    assert_ok(engine_create(&config, &stage->sink->base, &stage->engine, NULL));
    struct clock_line line = {STAGE_STEADY, STAGE_SERVER, 0};
    engine_set_clock(stage->engine, knows ? &line : NULL);
}

static inline void stage_end(struct stage *stage)
{
    engine_destroy(stage->engine);
}

static inline void stage_listen(struct stage *stage)
{
    while (stage->event_count < COUNT_OF(stage->events) &&
           engine_next(stage->engine, &stage->events[stage->event_count])) {
        stage->event_count++;
    }
}

static inline void stage_run(struct stage *stage, usec length)
{
    for (usec until = stage->now + length; stage->now < until;) {
        assert_ok(engine_pull(stage->engine, SINK_TURN_MOST, stage->now, NULL));
        double turn = SINK_TURN_MOST * (1e6 / SINK_RATE) / (1 + stage->ppm * 1e-6) + stage->rest;
        stage->now += (usec)turn;
        stage->rest = turn - (double)(usec)turn;
        stage_listen(stage);
    }
}

/* A source that counts: frame n is n modulo 20,000, and 1; or always the same value. */
struct count_source {
    uint64_t at;
    uint64_t frames;
    int16_t value;       /* 0: counts */
    uint64_t fails_from; /* 0: never */
};

static inline errc count_read(void *ctx, int16_t *pcm, size_t most, size_t *ret_count,
                              struct why *why)
{
    struct count_source *source = ctx;
    if (source->fails_from > 0 && source->at >= source->fails_from) {
        return fail(why, ERR_CORRUPT, "broken here");
    }
    uint64_t left = source->frames - source->at;
    *ret_count = most < left ? most : (size_t)left;
    for (size_t i = 0; i < *ret_count; i++, source->at++) {
        pcm[i] = source->value != 0 ? source->value : (int16_t)(source->at % 20000 + 1);
    }
    return OK;
}

static inline errc count_seek(void *ctx, uint64_t frame, struct why *why)
{
    struct count_source *source = ctx;
    (void)why;
    source->at = frame < source->frames ? frame : source->frames;
    return OK;
}

static inline struct source count_source(usec length, int16_t value)
{
    struct count_source *source = mem_take(sizeof *source);
    source->frames = (uint64_t)length * 6 / 125;
    source->value = value;
    return (struct source){.ctx = source,
                           .read = count_read,
                           .seek = count_seek,
                           .close = mem_give,
                           .frames = source->frames};
}

static inline voice_id stage_play(struct stage *stage, const struct engine_play *play,
                                  struct source source)
{
    voice_id voice = 0;
    assert_ok(engine_play(stage->engine, play, stage->now, &source, &voice, NULL));
    return voice;
}

/* The one event of that kind and voice; ENGINE_NOTHING when there was none. */
static inline struct engine_event stage_event(const struct stage *stage, voice_id voice,
                                              enum engine_news news)
{
    struct engine_event found = {0};
    for (size_t i = 0; i < stage->event_count; i++) {
        if (stage->events[i].news == news && stage->events[i].voice == voice) {
            assert_int_equal(found.news, ENGINE_NOTHING);
            found = stage->events[i];
        }
    }
    return found;
}

/* First frame that sounds, from there on; count when none does. */
static inline size_t stage_first(const struct stage *stage, size_t from)
{
    while (from < stage->sink->count && stage->sink->pcm[from] == 0) {
        from++;
    }
    return from;
}

#endif

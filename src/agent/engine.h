/* Sound: voices that begin at an instant of the server's clock, mixed into one stream for one sink.
 * Four verbs: play (start at), pause, skip, report; the rest is how loud and how soft the edges.
 *
 * Everything that plays lies on one grid of samples of the server's clock. While something sounds,
 * the grid follows the clock by single samples, never by a step; in silence, and where the sink has
 * lost sound anyway, it is simply set.
 *
 * Three threads: yours (every call here), one that feeds (decodes, may wait for a disk), and the
 * one that plays, which takes no lock, no memory and no file. In a pulled engine all is done by
 * engine_pull, on the caller's clock, the same way every time. */
#ifndef LOA_AGENT_ENGINE_H
#define LOA_AGENT_ENGINE_H

#include "agent/clock.h"
#include "agent/engine_source.h"
#include "agent/sink.h"

enum {
    ENGINE_RATE = SINK_RATE,
    ENGINE_VOICES = 8,
    ENGINE_GAIN_LEAST_MB = -9600, /* and below: silence */
};

typedef uint32_t voice_id; /* 0: none; an id that has ended is harmless */

struct engine;

struct engine_config {
    bool pulled; /* no threads: engine_pull */
    /* Sound on its way that has not left yet, at least; 0: 20 ms. */
    usec lead;
    usec retry; /* of a sink that refuses; 0: two seconds */
    /* Something for engine_next is there; from the feeding thread, so it may only wake. May be
     * null. */
    void (*on_news)(void *ctx);
    void *ctx;
};

/* The engine becomes the owner of the sink. A sink that does not open is tried again for ever. */
CHECKED errc engine_create(const struct engine_config *config, struct sink *take_sink,
                           struct engine **ret_engine, struct why *why);
void engine_destroy(struct engine *engine); /* accepts null; cuts what sounds */

/* A source that was waiting has something: it is read now, not at the feeder's next turn. */
void engine_feed_soon(struct engine *engine);

/* The clock, whenever it is known better; null: not known (voices without start_at still play). */
void engine_set_clock(struct engine *engine, const struct clock_line *line);

struct engine_settings {
    unsigned volume;     /* percent; 0 is silence, 1 to 100 are -39.6 to 0 dB in even steps */
    int32_t gain_cap_mb; /* nothing is louder, at most 0 */
    usec delay;          /* added to every start: the pole's own place */
};
void engine_set(struct engine *engine, const struct engine_settings *settings);

struct engine_play {
    usec start_at;        /* server's clock, of the first frame; 0: at once, bound to no clock */
    usec from;            /* where in the source it begins */
    usec most;            /* longer than that is cut with a fade; 0: all of it */
    int32_t gain_mb;      /* hundredths of a decibel, at most 0 */
    bool at_full;         /* volume and cap do not hold it down */
    unsigned fade_ms;     /* at the beginning; equal power, so that two fades at once are even */
    unsigned end_fade_ms; /* where `most` cuts it */
};

/* A start in the past begins at once, in the middle, as if it had been on time. `now` is the steady
 * clock. ERR_TOO_MANY: no voice is free; ERR_BUSY: the player does not come round; else what the
 * source says. The source is the engine's in any case. */
CHECKED errc engine_play(struct engine *engine, const struct engine_play *play, usec now,
                         struct source *take_source, voice_id *ret_voice, struct why *why);
/* Fades out and ends. */
void engine_stop(struct engine *engine, voice_id voice, unsigned fade_ms);
void engine_stop_all(struct engine *engine, unsigned fade_ms);
/* Fades out and waits where it is; resume goes on from there, at once and bound to no clock. */
void engine_pause(struct engine *engine, voice_id voice, unsigned fade_ms);
void engine_resume(struct engine *engine, voice_id voice, unsigned fade_ms);
/* Leaves out the next `length` of it. */
void engine_skip(struct engine *engine, voice_id voice, usec length);
void engine_set_gain(struct engine *engine, voice_id voice, int32_t gain_mb);

enum engine_news {
    ENGINE_NOTHING,
    ENGINE_STARTED,   /* the first sample goes out */
    ENGINE_PAUSED,    /* silent after a pause */
    ENGINE_ENDED,     /* the voice is gone */
    ENGINE_SINK_LOST, /* the card refuses: tried again for ever, time goes on meanwhile */
    ENGINE_SINK_BACK,
};

enum engine_end {
    ENGINE_WHOLE,   /* to the end of the source */
    ENGINE_CUT,     /* to the end of its place */
    ENGINE_STOPPED, /* by engine_stop */
    ENGINE_FAILED,  /* the source broke */
};

struct engine_event {
    enum engine_news news;
    voice_id voice;
    enum engine_end end; /* of ENGINE_ENDED */
    usec steady;         /* when it is heard */
    usec late;           /* ENGINE_STARTED: of the first frame against start_at and delay */
    usec sounded;        /* so far, on a sink that worked */
    usec position;       /* in the source */
};

/* The next thing that happened; false when nothing has. */
bool engine_next(struct engine *engine, struct engine_event *ret_event);

struct engine_report {
    bool sounds;   /* not waiting for its start, not paused */
    usec position; /* in the source */
    usec sounded;
    usec starved; /* silence because the source was late */
};
/* False: no such voice any more. */
bool engine_report(const struct engine *engine, voice_id voice, struct engine_report *ret_report);

struct engine_level {
    int32_t rms_mb;  /* of the last tenth of a second, hundredths of dBFS */
    int32_t peak_mb; /* ENGINE_GAIN_LEAST_MB: nothing */
};
struct engine_level engine_level(const struct engine *engine);

struct engine_health {
    bool sink_works;
    uint64_t underruns; /* times that the sink lost sound */
    uint64_t slewed;    /* samples left out or doubled to follow the clock */
    int64_t apart_us;   /* of the grid from the clock */
};
struct engine_health engine_health(const struct engine *engine);
/* Why the sink refused last. */
void engine_sink_reason(struct engine *engine, struct why *ret_why);

/* What goes out, for listening (ENGINE_TAP_LISTEN) and for the proof of sound. A tap that is read
 * too slowly loses the newest. Off until it is switched on. */
enum engine_tap { ENGINE_TAP_LISTEN, ENGINE_TAP_PROOF, ENGINE_TAPS };
void engine_tap_set(struct engine *engine, enum engine_tap tap, bool on);
/* At most `most` frames; *ret_heard: the steady clock when the first of them was heard. */
size_t engine_tap_read(struct engine *engine, enum engine_tap tap, int16_t *pcm, size_t most,
                       usec *ret_heard);

/* Pulled engines only: the next `frames` (at most SINK_TURN_MOST), of which the first is heard at
 * that instant of the steady clock. */
CHECKED errc engine_pull(struct engine *engine, size_t frames, usec heard_at, struct why *why);

#endif

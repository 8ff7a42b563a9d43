/* The part of the engine that runs on the thread that plays: voices on a grid of samples of the
 * server's clock, and the slewing that keeps the grid on it. Functions whose names end in _rt call
 * nothing but such functions and what tools/check/realtime.table allows: no memory, no lock, no
 * file, no log. The engine's other side talks to it through a ring of commands, through rings of
 * samples, and through the mail of each voice. */
#ifndef LOA_AGENT_MIX_H
#define LOA_AGENT_MIX_H

#include "agent/clock.h"
#include "agent/mix_ring.h"

enum {
    MIX_VOICES = 8,
    MIX_TAPS = 2,
    MIX_RATE = 48000,
    MIX_TURN_MOST = 480,
    MIX_CHUNK = 240,        /* at most one sample is left out or doubled in each: 0.4 % */
    MIX_VOICE_RING = 32768, /* 0.68 s */
    MIX_TAP_RING = 32768,
    MIX_COMMANDS = 128, /* a power of two */
    MIX_CURVE = 256,
    MIX_METER = MIX_RATE / 10,
};

#define MIX_FOREVER (INT64_MAX / 4)

enum mix_verb {
    MIX_PLAY,
    MIX_STOP,
    MIX_PAUSE,
    MIX_RESUME,
    MIX_SKIP,
    MIX_GAIN,
    MIX_CLOCK,
    MIX_NO_CLOCK,
    MIX_TAP,
};

struct mix_start {
    int64_t begin; /* grid frame of the source's first one; used when bound */
    int64_t from;  /* the frame that belongs to the start asked for */
    int64_t position;
    int64_t most; /* position at which it is cut */
    int32_t end_fade;
    bool bound;
};

struct mix_command {
    enum mix_verb verb;
    uint32_t voice; /* or tap */
    int64_t frames; /* of a fade, or to skip; or whether a tap is on */
    float gain;
    struct mix_start start;
    struct clock_line line;
};

enum mix_state { MIX_IDLE, MIX_WAITS, MIX_SOUNDS, MIX_PAUSED };
enum mix_end { MIX_WHOLE, MIX_CUT, MIX_STOPPED, MIX_FAILED };
enum { MIX_MAIL_STARTED = 1, MIX_MAIL_PAUSED = 2, MIX_MAIL_ENDED = 4 };

struct mix_voice {
    struct mix_ring ring;
    _Atomic bool source_done; /* all that there is lies in the ring */
    _Atomic bool source_failed;

    /* Only the thread that plays. */
    enum mix_state state;
    bool has_started;
    struct mix_start start;
    int64_t owed; /* frames to let go as they come, to be where the grid is */
    float gain;
    float gain_goal;
    float gain_step;
    float phase; /* of the fade: 0 is silent, 1 is full */
    float phase_step;
    enum mix_state fade_to; /* when phase is 0 */
    enum mix_end fade_end;

    /* Mail: written before its bit is set. */
    _Atomic unsigned mail;
    usec started_at;
    int64_t late;               /* microseconds */
    _Atomic int64_t changed_at; /* steady: paused or ended */
    enum mix_end end;

    _Atomic int64_t position;
    _Atomic int64_t sounded;
    _Atomic int64_t starved;
    _Atomic bool sounds;
};

struct mix_tap {
    struct mix_ring ring;
    _Atomic bool on;
    int64_t written;
    _Atomic int64_t origin; /* steady: when frame 0 would have been heard */
};

struct mix {
    struct mix_voice voices[MIX_VOICES];
    struct mix_tap taps[MIX_TAPS];
    struct mix_command commands[MIX_COMMANDS];
    _Atomic size_t commands_put;
    _Atomic size_t commands_taken;

    /* Only the thread that plays. */
    struct clock_line line;
    bool has_line;
    bool runs;     /* `next` means something */
    int64_t next;  /* grid frame of the next sample mixed */
    double lag;    /* frames that the grid is behind the clock, smoothed */
    double credit; /* of a correction, earned with time */
    bool counts;   /* the sink works: what sounds is counted */
    float curve[MIX_CURVE + 1];
    int64_t meter_square;
    int32_t meter_peak;
    int32_t meter_count;

    _Atomic uint32_t level_square; /* mean over the last tenth of a second */
    _Atomic uint32_t level_peak;
    _Atomic uint64_t underruns;
    _Atomic uint64_t slewed;
    _Atomic int64_t apart; /* microseconds */
};

void mix_init(struct mix *mix);
void mix_finish(struct mix *mix);
/* From the engine's side. False: full, nothing is taken. */
CHECKED bool mix_tell(struct mix *mix, const struct mix_command *command);

struct mix_turn {
    usec heard_at;
    bool broken; /* the sink lost sound */
    bool counts; /* the sink works */
};
/* At most MIX_TURN_MOST frames. */
void mix_render_rt(struct mix *mix, int16_t *pcm, size_t frames, const struct mix_turn *turn);

/* Mixes one voice into a chunk (mix_voice.c). */
struct mix_chunk {
    float *sum;
    size_t frames;
    int64_t first; /* grid frame */
    double off;    /* frames that the truth is ahead of the grid */
    usec heard_at;
    bool counts;
    const float *curve;
};
void mix_voice_rt(struct mix_voice *voice, const struct mix_chunk *chunk);
void mix_voice_command_rt(struct mix_voice *voice, const struct mix_command *command, usec at);

/* Grid frames: 48 a millisecond. */
static inline int64_t mix_frame_of(usec at)
{
    return (at * 6 + 62) / 125;
}

#endif

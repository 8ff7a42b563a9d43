/* One voice on the playing thread: waits for its frame, sounds, fades, pauses, ends. */
#include "agent/mix.h"

enum { GAIN_RAMP = MIX_RATE / 50 };

static void mail_rt(struct mix_voice *voice, unsigned what)
{
    atomic_fetch_or_explicit(&voice->mail, what, memory_order_release);
}

static void leave_rt(struct mix_voice *voice, enum mix_state state, usec at)
{
    voice->state = state;
    atomic_store_explicit(&voice->sounds, false, memory_order_relaxed);
    atomic_store_explicit(&voice->changed_at, at, memory_order_relaxed);
    mail_rt(voice, state == MIX_PAUSED ? MIX_MAIL_PAUSED : MIX_MAIL_ENDED);
}

static void end_rt(struct mix_voice *voice, enum mix_end end, usec at)
{
    voice->end = end;
    leave_rt(voice, MIX_IDLE, at);
}

static void count_rt(_Atomic int64_t *counter, int64_t by)
{
    int64_t old = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, old + by, memory_order_relaxed);
}

static void move_rt(struct mix_voice *voice, int64_t frames)
{
    voice->start.position += frames;
    atomic_store_explicit(&voice->position, voice->start.position, memory_order_relaxed);
}

static void fade_rt(struct mix_voice *voice, int64_t frames, bool up)
{
    float step = frames < 1 ? 1.0F : 1.0F / (float)frames;
    voice->phase_step = up ? step : -step;
}

static void begin_rt(struct mix_voice *voice, const struct mix_command *command)
{
    voice->start = command->start;
    voice->owed = 0;
    voice->gain = voice->gain_goal = command->gain;
    voice->gain_step = 0;
    voice->phase = 0;
    voice->fade_to = MIX_SOUNDS;
    voice->fade_end = MIX_STOPPED;
    fade_rt(voice, command->frames, true);
    voice->has_started = false;
    voice->state = MIX_WAITS;
}

static void fade_away_rt(struct mix_voice *voice, const struct mix_command *command,
                         enum mix_state to, usec at)
{
    voice->fade_to = to;
    voice->fade_end = MIX_STOPPED;
    if (voice->state == MIX_SOUNDS) {
        fade_rt(voice, command->frames, false);
    } else if (to == MIX_IDLE) {
        end_rt(voice, MIX_STOPPED, at);
    } else if (voice->state == MIX_WAITS) {
        leave_rt(voice, MIX_PAUSED, at);
    }
}

static void resume_rt(struct mix_voice *voice, const struct mix_command *command)
{
    if (voice->state == MIX_PAUSED) {
        voice->start.bound = false;
        voice->state = MIX_WAITS;
        voice->phase = 0;
    }
    voice->fade_to = MIX_SOUNDS;
    fade_rt(voice, command->frames, true);
}

void mix_voice_command_rt(struct mix_voice *voice, const struct mix_command *command, usec at)
{
    if (command->verb == MIX_PLAY) {
        begin_rt(voice, command);
        return;
    }
    if (voice->state == MIX_IDLE) {
        return;
    }
    if (command->verb == MIX_STOP) {
        fade_away_rt(voice, command, MIX_IDLE, at);
    } else if (command->verb == MIX_PAUSE) {
        fade_away_rt(voice, command, MIX_PAUSED, at);
    } else if (command->verb == MIX_RESUME) {
        resume_rt(voice, command);
    } else if (command->verb == MIX_SKIP) {
        voice->owed += command->frames;
        voice->start.begin -= command->frames;
    } else if (command->verb == MIX_GAIN) {
        voice->gain_goal = command->gain;
        voice->gain_step = (command->gain - voice->gain) / (float)GAIN_RAMP;
    }
}

/* Where in the chunk the voice begins; the chunk's length when not in it. */
static size_t enter_rt(struct mix_voice *voice, const struct mix_chunk *chunk)
{
    if (voice->state != MIX_WAITS) {
        return 0;
    }
    if (!voice->start.bound) {
        voice->start.begin = chunk->first - voice->start.position;
    }
    int64_t at = voice->start.begin + voice->start.position - chunk->first;
    if (at >= (int64_t)chunk->frames) {
        return chunk->frames;
    }
    voice->owed += at < 0 ? -at : 0;
    at = at < 0 ? 0 : at;
    voice->state = MIX_SOUNDS;
    atomic_store_explicit(&voice->sounds, true, memory_order_relaxed);
    if (!voice->has_started) {
        double first = (double)(chunk->first + at - voice->start.begin - voice->start.from);
        voice->late = voice->start.bound ? (int64_t)((first + chunk->off) / 0.048) : 0;
        voice->has_started = true;
        voice->started_at = chunk->heard_at + at * 125 / 6;
        mail_rt(voice, MIX_MAIL_STARTED);
    }
    return (size_t)at;
}

static float step_gain_rt(struct mix_voice *voice, const float *curve)
{
    voice->phase += voice->phase_step;
    if (voice->phase >= 1.0F) {
        voice->phase = 1.0F;
        voice->phase_step = 0;
    }
    if (voice->phase < 0) {
        voice->phase = 0;
    }
    if (voice->gain_step != 0) {
        voice->gain += voice->gain_step;
        bool there = voice->gain_step > 0 ? voice->gain >= voice->gain_goal
                                          : voice->gain <= voice->gain_goal;
        if (there) {
            voice->gain = voice->gain_goal;
            voice->gain_step = 0;
        }
    }
    float place = voice->phase * (float)MIX_CURVE;
    size_t index = (size_t)place;
    if (index >= MIX_CURVE) {
        return voice->gain;
    }
    float part = place - (float)index;
    return voice->gain * (curve[index] + part * (curve[index + 1] - curve[index]));
}

static size_t sum_rt(struct mix_voice *voice, const struct mix_chunk *chunk, size_t at, size_t want)
{
    int16_t pcm[MIX_CHUNK + 1];
    size_t got = mix_ring_take_rt(&voice->ring, pcm, want);
    for (size_t i = 0; i < got; i++) {
        chunk->sum[at + i] += (float)pcm[i] * step_gain_rt(voice, chunk->curve);
    }
    move_rt(voice, (int64_t)got);
    if (chunk->counts) {
        count_rt(&voice->sounded, (int64_t)got);
    }
    return got;
}

/* What still sounds of a fade: the rest stays in the ring, for a voice that goes on later. */
static size_t fading_rt(const struct mix_voice *voice, size_t want)
{
    if (voice->phase_step >= 0) {
        return want;
    }
    float left = voice->phase / -voice->phase_step;
    return left < (float)want ? (size_t)left + 1 : want;
}

/* Silence where the source was late. Bound to the clock, it will leave out as much. */
static void starve_rt(struct mix_voice *voice, int64_t missing)
{
    count_rt(&voice->starved, missing);
    if (voice->start.bound || voice->owed > 0) {
        voice->owed += missing;
    } else {
        voice->start.begin += missing;
    }
}

static void pay_rt(struct mix_voice *voice)
{
    if (voice->owed > 0) {
        size_t paid = mix_ring_take_rt(&voice->ring, NULL, (size_t)voice->owed);
        voice->owed -= (int64_t)paid;
        move_rt(voice, (int64_t)paid);
    }
}

static bool is_faded_rt(struct mix_voice *voice, usec at)
{
    if (voice->phase > 0 || voice->phase_step >= 0) {
        return false;
    }
    if (voice->fade_to == MIX_PAUSED) {
        leave_rt(voice, MIX_PAUSED, at);
    } else {
        end_rt(voice, voice->fade_end, at);
    }
    return true;
}

static void fade_at_end_rt(struct mix_voice *voice)
{
    int64_t left = voice->start.most - voice->start.position;
    if (left <= voice->start.end_fade && voice->phase_step >= 0 && voice->start.end_fade > 0) {
        voice->fade_to = MIX_IDLE;
        voice->fade_end = MIX_CUT;
        fade_rt(voice, left, false);
    }
}

void mix_voice_rt(struct mix_voice *voice, const struct mix_chunk *chunk)
{
    if (voice->state == MIX_IDLE || voice->state == MIX_PAUSED) {
        return;
    }
    size_t at = enter_rt(voice, chunk);
    if (at == chunk->frames) {
        return;
    }
    usec after = chunk->heard_at + (usec)chunk->frames * 125 / 6;
    /* Looked at before the ring: what is done then lies in it. */
    bool done = atomic_load_explicit(&voice->source_done, memory_order_acquire);
    pay_rt(voice);
    fade_at_end_rt(voice);
    int64_t left = voice->start.most - voice->start.position;
    size_t room = chunk->frames - at;
    size_t want = left < (int64_t)room ? (size_t)(left > 0 ? left : 0) : room;
    want = fading_rt(voice, want);
    size_t got = voice->owed > 0 ? 0 : sum_rt(voice, chunk, at, want);
    if (is_faded_rt(voice, after)) {
        return;
    }
    if (voice->start.position >= voice->start.most) {
        end_rt(voice, MIX_CUT, after);
    } else if (got < want && done) {
        bool failed = atomic_load_explicit(&voice->source_failed, memory_order_acquire);
        end_rt(voice, failed ? MIX_FAILED : MIX_WHOLE, after);
    } else if (got < want) {
        starve_rt(voice, (int64_t)(want - got));
    }
}

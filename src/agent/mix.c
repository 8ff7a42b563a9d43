/* See mix.h. The grid: sample k of it belongs to the instant k / 48,000 s of the server's clock.
 * Each turn the sink says when its first sample will be heard; what the clock says to that, less
 * where the grid stands, is the lag. In silence the grid is set; while something sounds, single
 * samples are left out or doubled, at places where the neighbours are alike. */
#include "agent/mix.h"

#include <math.h>

/* The smoothing of the lag, and the time in which it is worked off. */
#define LAG_SECONDS 0.5
#define CREDIT_MOST 1.0
/* Further apart than this, the two clocks have nothing to do with each other (the time was not
 * known when the sound began): the grid is numbered anew and the sound goes on as it is. */
#define APART_MOST ((double)MIX_RATE)

void mix_init(struct mix *mix)
{
    memset(mix, 0, sizeof *mix);
    for (size_t i = 0; i < MIX_VOICES; i++) {
        mix_ring_init(&mix->voices[i].ring, MIX_VOICE_RING);
    }
    for (size_t i = 0; i < MIX_TAPS; i++) {
        mix_ring_init(&mix->taps[i].ring, MIX_TAP_RING);
    }
    for (size_t i = 0; i <= MIX_CURVE; i++) {
        mix->curve[i] = (float)sin((double)i / MIX_CURVE * 1.5707963267948966);
    }
}

void mix_finish(struct mix *mix)
{
    for (size_t i = 0; i < MIX_VOICES; i++) {
        mix_ring_finish(&mix->voices[i].ring);
    }
    for (size_t i = 0; i < MIX_TAPS; i++) {
        mix_ring_finish(&mix->taps[i].ring);
    }
}

bool mix_tell(struct mix *mix, const struct mix_command *command)
{
    size_t put = atomic_load_explicit(&mix->commands_put, memory_order_relaxed);
    if (put - atomic_load_explicit(&mix->commands_taken, memory_order_acquire) == MIX_COMMANDS) {
        return false;
    }
    mix->commands[put % MIX_COMMANDS] = *command;
    atomic_store_explicit(&mix->commands_put, put + 1, memory_order_release);
    return true;
}

static void switch_tap_rt(struct mix_tap *tap, bool on)
{
    atomic_store_explicit(&tap->on, on, memory_order_relaxed);
}

static void obey_rt(struct mix *mix, usec at)
{
    size_t put = atomic_load_explicit(&mix->commands_put, memory_order_acquire);
    size_t taken = atomic_load_explicit(&mix->commands_taken, memory_order_relaxed);
    for (; taken != put; taken++) {
        const struct mix_command *command = &mix->commands[taken % MIX_COMMANDS];
        if (command->verb == MIX_CLOCK || command->verb == MIX_NO_CLOCK) {
            mix->has_line = command->verb == MIX_CLOCK;
            mix->line = command->line;
        } else if (command->verb == MIX_TAP) {
            switch_tap_rt(&mix->taps[command->voice % MIX_TAPS], command->frames != 0);
        } else {
            mix_voice_command_rt(&mix->voices[command->voice % MIX_VOICES], command, at);
        }
    }
    atomic_store_explicit(&mix->commands_taken, taken, memory_order_release);
}

static bool sounds_rt(const struct mix *mix)
{
    for (size_t i = 0; i < MIX_VOICES; i++) {
        if (mix->voices[i].state == MIX_SOUNDS) {
            return true;
        }
    }
    return false;
}

/* The instant as a grid frame; the part is what is left of a frame. */
static int64_t truth_rt(const struct mix *mix, usec heard_at, double *ret_part)
{
    usec age = heard_at - mix->line.steady;
    double gained = mix->has_line ? (double)age * (double)mix->line.rate_ppb * 1e-9 : 0;
    usec server = mix->has_line ? mix->line.server + age : heard_at;
    int64_t scaled = server * 6;
    int64_t frame = scaled / 125;
    *ret_part = (double)(scaled % 125) / 125.0 + gained * 0.048;
    return frame;
}

/* Puts the grid where the clock is. What sounds goes on from where it is, or, where sound was lost,
 * from where it would be by now. */
static void set_grid_rt(struct mix *mix, int64_t next, bool catch_up)
{
    int64_t by = next - mix->next;
    for (size_t i = 0; i < MIX_VOICES; i++) {
        struct mix_voice *voice = &mix->voices[i];
        if (voice->state != MIX_SOUNDS) {
            continue;
        }
        if (catch_up && voice->start.bound && by > 0) {
            voice->owed += by;
        } else {
            voice->start.begin += by;
        }
    }
    mix->next = next;
    mix->lag = 0;
    mix->credit = 0;
}

/* Frames that the clock is ahead of the grid, now. */
static double follow_rt(struct mix *mix, size_t frames, const struct mix_turn *turn)
{
    double part = 0;
    int64_t frame = truth_rt(mix, turn->heard_at, &part);
    double off = (double)(frame - mix->next) + part;
    bool sounds = sounds_rt(mix);
    bool lost = turn->broken && sounds;
    if (!mix->runs || !sounds || lost || fabs(off) > APART_MOST) {
        int64_t next = frame + (int64_t)floor(part + 0.5);
        set_grid_rt(mix, next, lost && fabs(off) <= 60 * APART_MOST);
        mix->runs = true;
        off = (double)(frame - next) + part;
    }
    mix->lag += (off - mix->lag) * fmin((double)frames / (LAG_SECONDS * MIX_RATE), 1);
    atomic_store_explicit(&mix->apart, (int64_t)(off / 0.048), memory_order_relaxed);
    return off;
}

/* +1: a sample is to be left out of this chunk, -1: one is to be doubled. */
static int correct_rt(struct mix *mix, size_t frames)
{
    if (fabs(mix->lag) < 1.0) {
        mix->credit = 0;
        return 0;
    }
    mix->credit += fabs(mix->lag) * (double)frames / (LAG_SECONDS * MIX_RATE);
    if (mix->credit < CREDIT_MOST) {
        return 0;
    }
    mix->credit = fmin(mix->credit - CREDIT_MOST, CREDIT_MOST);
    int by = mix->lag > 0 ? 1 : -1;
    mix->lag -= by;
    uint64_t slewed = atomic_load_explicit(&mix->slewed, memory_order_relaxed);
    atomic_store_explicit(&mix->slewed, slewed + 1, memory_order_relaxed);
    return by;
}

static void round_rt(const float *sum, int16_t *pcm, size_t frames)
{
    for (size_t i = 0; i < frames; i++) {
        float value = sum[i] < -32768.0F ? -32768.0F : sum[i] > 32767.0F ? 32767.0F : sum[i];
        pcm[i] = (int16_t)lrintf(value);
    }
}

/* Of `frames` + by samples makes `frames`, where it shows least. */
static void fit_rt(const int16_t *from, int by, int16_t *pcm, size_t frames)
{
    size_t have = (size_t)((int64_t)frames + by);
    size_t best = 1;
    int least = INT32_MAX;
    for (size_t i = 1; i + 1 < have && by != 0; i++) {
        int apart = by > 0 ? from[i - 1] - from[i + 1] : from[i] - from[i + 1];
        apart = apart < 0 ? -apart : apart;
        if (apart < least) {
            least = apart;
            best = i;
        }
    }
    for (size_t i = 0; i < frames; i++) {
        size_t source = i;
        if (by > 0 && i >= best) {
            source = i + 1;
        } else if (by < 0 && i > best) {
            source = i - 1;
        }
        pcm[i] = from[source];
    }
}

static void meter_rt(struct mix *mix, const int16_t *pcm, size_t frames)
{
    for (size_t i = 0; i < frames; i++) {
        int32_t value = pcm[i] < 0 ? -pcm[i] : pcm[i];
        mix->meter_square += (int64_t)value * value;
        mix->meter_peak = value > mix->meter_peak ? value : mix->meter_peak;
    }
    mix->meter_count += (int32_t)frames;
    if (mix->meter_count >= MIX_METER) {
        uint32_t mean = (uint32_t)(mix->meter_square / mix->meter_count);
        atomic_store_explicit(&mix->level_square, mean, memory_order_relaxed);
        atomic_store_explicit(&mix->level_peak, (uint32_t)mix->meter_peak, memory_order_relaxed);
        mix->meter_square = 0;
        mix->meter_peak = 0;
        mix->meter_count = 0;
    }
}

static void tap_rt(struct mix_tap *tap, const int16_t *pcm, size_t frames, usec heard_at)
{
    if (!atomic_load_explicit(&tap->on, memory_order_relaxed)) {
        return;
    }
    atomic_store_explicit(&tap->origin, heard_at - tap->written * 125 / 6, memory_order_relaxed);
    tap->written += (int64_t)mix_ring_put_rt(&tap->ring, pcm, frames);
}

static void render_chunk_rt(struct mix *mix, int16_t *pcm, size_t frames, double off, usec heard_at)
{
    float sum[MIX_CHUNK + 1] = {0};
    int16_t mixed[MIX_CHUNK + 1];
    int by = sounds_rt(mix) ? correct_rt(mix, frames) : 0;
    struct mix_chunk chunk = {
        .sum = sum,
        .frames = (size_t)((int64_t)frames + by),
        .first = mix->next,
        .off = off,
        .heard_at = heard_at,
        .counts = mix->counts,
        .curve = mix->curve,
    };
    for (size_t i = 0; i < MIX_VOICES; i++) {
        mix_voice_rt(&mix->voices[i], &chunk);
    }
    round_rt(sum, mixed, chunk.frames);
    fit_rt(mixed, by, pcm, frames);
    mix->next += (int64_t)chunk.frames;
}

void mix_render_rt(struct mix *mix, int16_t *pcm, size_t frames, const struct mix_turn *turn)
{
    obey_rt(mix, turn->heard_at);
    if (turn->broken) {
        uint64_t underruns = atomic_load_explicit(&mix->underruns, memory_order_relaxed);
        atomic_store_explicit(&mix->underruns, underruns + 1, memory_order_relaxed);
    }
    mix->counts = turn->counts;
    double off = follow_rt(mix, frames, turn);
    for (size_t at = 0; at < frames; at += MIX_CHUNK) {
        size_t count = frames - at < MIX_CHUNK ? frames - at : MIX_CHUNK;
        render_chunk_rt(mix, pcm + at, count, off, turn->heard_at + (usec)at * 125 / 6);
    }
    meter_rt(mix, pcm, frames);
    for (size_t i = 0; i < MIX_TAPS; i++) {
        tap_rt(&mix->taps[i], pcm, frames, turn->heard_at);
    }
}

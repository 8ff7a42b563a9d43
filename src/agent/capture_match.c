/* See capture_match.h. The columns are powers in five bands; they are compared as logarithms above
 * a floor of their own, smoothed over a few columns, so that neither loudness nor hiss counts, and
 * as deviations from their mean, so that the colour of a horn does not count either. */
#include "agent/capture_match.h"

#include <math.h>

#include "agent/signal.h"

enum {
    SMOOTH = 5,          /* columns */
    COLUMNS_LEAST = 150, /* a second and a half in common */
    HEARD_LEAST = 450,   /* per mille */
};

/* Power of a band below which there is silence, of full scale: -70 dB. */
#define SILENCE 1e-7F
/* What a floor is to the loudest third. */
#define FLOOR_PART 0.003F
/* Decades: a voice moves by more, hum and hiss by less. */
#define MOVES_LEAST 0.25F

static const float centres[MATCH_BANDS] = {300, 650, 1200, 2100, 3400};

struct picture {
    float at[MATCH_COLUMNS][MATCH_BANDS]; /* logarithms */
    size_t count;
    float power; /* mean of all bands */
    float moves; /* mean deviation, decades */
};

void match_init(struct match_bands *bands)
{
    memset(bands, 0, sizeof *bands);
}

/* A band pass of second order, one octave or so wide; its power is added up. */
static void filter(struct match_bands *bands, size_t band, const int16_t *pcm, size_t frames)
{
    const float width = 0.7F;
    float turn = 6.2831853F * centres[band] / 48000.0F;
    float alpha = sinf(turn) * width / 2;
    float scale = 1 / (1 + alpha);
    float twice = 2 * cosf(turn);
    float *state = bands->state[band];
    for (size_t i = 0; i < frames; i++) {
        float in = (float)pcm[i] / 32768.0F;
        float out = alpha * (in - state[1]) + twice * state[2] - (1 - alpha) * state[3];
        out *= scale;
        state[1] = state[0];
        state[0] = in;
        state[3] = state[2];
        state[2] = out;
        bands->energy[band] += out * out;
    }
}

static void end_column(struct match_bands *bands)
{
    float *column = bands->columns[bands->count % MATCH_COLUMNS];
    for (size_t b = 0; b < MATCH_BANDS; b++) {
        column[b] = bands->energy[b] / MATCH_HOP;
        bands->energy[b] = 0;
    }
    bands->filled = 0;
    bands->count++;
}

void match_add(struct match_bands *bands, const int16_t *pcm, size_t frames)
{
    while (frames > 0) {
        size_t room = MATCH_HOP - bands->filled;
        size_t count = frames < room ? frames : room;
        for (size_t b = 0; b < MATCH_BANDS; b++) {
            filter(bands, b, pcm, count);
        }
        pcm += count;
        frames -= count;
        bands->filled += count;
        if (bands->filled == MATCH_HOP) {
            end_column(bands);
        }
    }
}

/* The same columns of both, as far as both have them. */
static size_t common(const struct match_bands *a, const struct match_bands *b, uint64_t *ret_first)
{
    uint64_t end = a->count < b->count ? a->count : b->count;
    uint64_t newest = a->count > b->count ? a->count : b->count;
    uint64_t first = newest > MATCH_COLUMNS ? newest - MATCH_COLUMNS : 0;
    *ret_first = first;
    return end > first ? (size_t)(end - first) : 0;
}

static float smoothed(const struct match_bands *bands, uint64_t first, size_t at, size_t band)
{
    size_t from = at < SMOOTH - 1 ? 0 : at - (SMOOTH - 1);
    float sum = 0;
    for (size_t i = from; i <= at; i++) {
        sum += bands->columns[(first + i) % MATCH_COLUMNS][band];
    }
    return sum / (float)(at - from + 1);
}

static void draw_band(const struct match_bands *bands, uint64_t first, size_t band,
                      struct picture *picture)
{
    float sum = 0;
    for (size_t i = 0; i < picture->count; i++) {
        picture->at[i][band] = smoothed(bands, first, i, band);
        sum += picture->at[i][band];
    }
    float mean = sum / (float)picture->count;
    float floor = SILENCE + FLOOR_PART * mean;
    float logs = 0;
    for (size_t i = 0; i < picture->count; i++) {
        picture->at[i][band] = log10f(picture->at[i][band] + floor);
        logs += picture->at[i][band];
    }
    float moves = 0;
    for (size_t i = 0; i < picture->count; i++) {
        picture->at[i][band] -= logs / (float)picture->count;
        moves += fabsf(picture->at[i][band]);
    }
    picture->power += mean / MATCH_BANDS;
    picture->moves += moves / (float)picture->count / MATCH_BANDS;
}

static void draw(const struct match_bands *bands, uint64_t first, size_t count,
                 struct picture *picture)
{
    *picture = (struct picture){.count = count};
    for (size_t band = 0; band < MATCH_BANDS; band++) {
        draw_band(bands, first, band, picture);
    }
}

/* 1: the same movement in every band, `lag` columns later. */
static double likeness(const struct picture *played, const struct picture *heard, int lag)
{
    double product = 0;
    double power_a = 0;
    double power_b = 0;
    size_t from = lag < 0 ? (size_t)-lag : 0;
    size_t to = lag > 0 ? played->count - (size_t)lag : played->count;
    for (size_t i = from; i < to; i++) {
        const float *a = played->at[i];
        const float *b = heard->at[(size_t)((int64_t)i + lag)];
        for (size_t band = 0; band < MATCH_BANDS; band++) {
            product += (double)a[band] * (double)b[band];
            power_a += (double)a[band] * (double)a[band];
            power_b += (double)b[band] * (double)b[band];
        }
    }
    double power = sqrt(power_a * power_b);
    return power > 0 ? product / power : 0;
}

static enum match_verdict judge(const struct picture *played, const struct picture *heard,
                                unsigned per_mille)
{
    bool plays = played->power > SILENCE * 10;
    bool speaks = heard->power > SILENCE * 10 && heard->moves > MOVES_LEAST;
    if (plays && per_mille >= HEARD_LEAST) {
        return MATCH_HEARD;
    }
    if (speaks) {
        return MATCH_UNEXPECTED;
    }
    return plays ? MATCH_SILENT : MATCH_QUIET;
}

struct match_result match_compare(const struct match_bands *played, const struct match_bands *heard)
{
    struct match_result result = {MATCH_NOTHING, 0, 0};
    uint64_t first = 0;
    size_t count = common(played, heard, &first);
    if (count < COLUMNS_LEAST) {
        return result;
    }
    struct picture *pictures = mem_take_array(2, sizeof *pictures);
    draw(played, first, count, &pictures[0]);
    draw(heard, first, count, &pictures[1]);
    double best = 0;
    for (int lag = -MATCH_LAG_MOST; lag <= MATCH_LAG_MOST; lag++) {
        double like = likeness(&pictures[0], &pictures[1], lag);
        if (like > best) {
            best = like;
            result.lag_ms = lag * 10;
        }
    }
    result.per_mille = (unsigned)lrint(1000 * best);
    result.verdict = judge(&pictures[0], &pictures[1], result.per_mille);
    mem_give(pictures);
    return result;
}

/* Power at one frequency (Goertzel), with a window that keeps the neighbours out. */
static double power_at(const int16_t *pcm, size_t frames, double hz)
{
    double turn = 2 * cos(6.283185307179586 * hz / 48000);
    double last = 0;
    double before = 0;
    for (size_t i = 0; i < frames; i++) {
        double window = 0.5 - 0.5 * cos(6.283185307179586 * (double)i / (double)frames);
        double now = window * pcm[i] + turn * last - before;
        before = last;
        last = now;
    }
    return last * last + before * before - turn * last * before;
}

int32_t match_pilot(const int16_t *pcm, size_t frames)
{
    static const double beside[] = {-900, -600, -300, 300, 600, 900};
    double around = 1;
    for (size_t i = 0; i < COUNT_OF(beside); i++) {
        around += power_at(pcm, frames, SIGNAL_PILOT_HZ + beside[i]) / COUNT_OF(beside);
    }
    return (int32_t)lrint(1000 * log10((power_at(pcm, frames, SIGNAL_PILOT_HZ) + 1) / around));
}

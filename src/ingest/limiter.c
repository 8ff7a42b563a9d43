/* The gain that a sample's peak asks for; the least of it over the window to come; released slowly;
 * averaged over the window, so that it is there in time and without a corner. See limiter.h. */
#include "ingest/limiter.h"

#include <math.h>

enum { PHASES = 4, MASK = LIMITER_RING - 1 };

#define RELEASE 0.00042F /* of the way back to one, each sample: about 50 ms */
#define BETA 7.0         /* of the Kaiser window */

/* Windowed sinc, each phase a quarter of a sample after the one before. */
static float filter[PHASES][LIMITER_TAPS];

static double bessel(double x)
{
    double sum = 1.0;
    double term = 1.0;
    for (int k = 1; k < 24; k++) {
        term *= x / 2 / k * (x / 2 / k);
        sum += term;
    }
    return sum;
}

static void make_filter(void)
{
    for (int phase = 0; phase < PHASES; phase++) {
        double sum = 0;
        for (int tap = 0; tap < LIMITER_TAPS; tap++) {
            double x = tap - (LIMITER_TAPS / 2 - 1) - phase / (double)PHASES;
            double edge = x / (LIMITER_TAPS / 2.0);
            double window =
                fabs(edge) >= 1 ? 0 : bessel(BETA * sqrt(1 - edge * edge)) / bessel(BETA);
            double sinc = fabs(x) < 1e-9 ? 1 : sin(M_PI * x) / (M_PI * x);
            filter[phase][tap] = (float)(sinc * window);
            sum += sinc * window;
        }
        for (int tap = 0; tap < LIMITER_TAPS; tap++) {
            filter[phase][tap] /= (float)sum;
        }
    }
}

void true_peak_init(struct true_peak *meter, float quiet)
{
    *meter = (struct true_peak){.at = LIMITER_TAPS - 1, .quiet = quiet};
    make_filter();
}

/* Room for a long run of samples, so that the last few always lie side by side. */
static const float *remember(struct true_peak *meter, float sample)
{
    if (++meter->at == LIMITER_RING) {
        memcpy(meter->recent, meter->recent + LIMITER_RING - (LIMITER_TAPS - 1),
               (LIMITER_TAPS - 1) * sizeof(float));
        meter->at = LIMITER_TAPS - 1;
    }
    meter->recent[meter->at] = sample;
    return meter->recent + meter->at - (LIMITER_TAPS - 1);
}

float true_peak_take(struct true_peak *meter, float sample)
{
    const float *recent = remember(meter, sample);
    float peak = 0;
    meter->loud_for = fabsf(sample) >= meter->quiet ? LIMITER_TAPS : meter->loud_for;
    if (meter->loud_for == 0) {
        return 0;
    }
    meter->loud_for--;
    for (int phase = 0; phase < PHASES; phase++) {
        float value = 0;
        for (int tap = 0; tap < LIMITER_TAPS; tap++) {
            value += recent[tap] * filter[phase][tap];
        }
        peak = fmaxf(peak, fabsf(value));
    }
    return peak;
}

void limiter_init(struct limiter *limiter, double ceiling_db)
{
    memset(limiter, 0, sizeof *limiter);
    limiter->ceiling = (float)pow(10, ceiling_db / 20);
    limiter->released = 1;
    limiter->sum = LIMITER_AHEAD;
    for (size_t i = 0; i < LIMITER_RING; i++) {
        limiter->wanted[i] = 1;
        limiter->slow[i] = 1;
    }
    /* The taps of a phase add up to less than twice the highest sample. */
    true_peak_init(&limiter->meter, limiter->ceiling / 2);
}

/* The least wanted gain of the window and of the sample before it, whose place between reaches into
 * the window. Each sample is looked at twice at most. */
static float least_wanted(struct limiter *limiter, uint64_t now)
{
    const float *wanted = limiter->wanted;
    while (limiter->least_to > limiter->least_from &&
           wanted[limiter->least[(limiter->least_to - 1) & MASK] & MASK] >= wanted[now & MASK]) {
        limiter->least_to--;
    }
    limiter->least[limiter->least_to++ & MASK] = now;
    if (limiter->least[limiter->least_from & MASK] + LIMITER_AHEAD < now) {
        limiter->least_from++;
    }
    return wanted[limiter->least[limiter->least_from & MASK] & MASK];
}

static float step(struct limiter *limiter, float sample)
{
    uint64_t now = limiter->count++;
    float peak = true_peak_take(&limiter->meter, sample);
    limiter->sound[now & MASK] = sample;
    limiter->wanted[now & MASK] = peak > limiter->ceiling ? limiter->ceiling / peak : 1;
    float least = least_wanted(limiter, now);
    float back = limiter->released + (1 - limiter->released) * RELEASE;
    limiter->released = fminf(least, back);
    limiter->slow[now & MASK] = limiter->released;
    limiter->sum += (double)limiter->released - (double)limiter->slow[(now - LIMITER_AHEAD) & MASK];
    float gain = (float)(limiter->sum / LIMITER_AHEAD);
    limiter->acted = limiter->acted || gain < 1 - 1e-4F;
    return limiter->sound[(now - LIMITER_DELAY) & MASK] * fminf(gain, 1);
}

void limiter_run(struct limiter *limiter, float *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        samples[i] = step(limiter, samples[i]);
    }
}

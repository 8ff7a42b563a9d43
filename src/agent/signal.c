/* See signal.h. Every sample is a function of its number alone, so that a signal can be entered in
 * the middle and is the same everywhere. */
#include "agent/signal.h"

#include <math.h>

#define TWO_PI 6.283185307179586
#define RATE 48000.0

enum { EDGE = 480, CHIME_NOTES = 3 };

enum voice_of { VOICE_CHIME, VOICE_SWEEP, VOICE_TONE };

struct signal {
    enum voice_of voice;
    double centre; /* Hz */
    double swing;  /* Hz, either way */
    double period; /* seconds, there and back */
    double level;  /* of full scale */
    uint64_t at;
    uint64_t frames;
};

/* A falling chord, as before an announcement in a station. */
static double chime(double t)
{
    static const double notes[CHIME_NOTES] = {783.99, 659.26, 523.25};
    double sum = 0;
    for (int i = 0; i < CHIME_NOTES; i++) {
        double age = t - 0.55 * i;
        if (age > 0) {
            double body = sin(TWO_PI * notes[i] * age) + 0.35 * sin(TWO_PI * 2.76 * notes[i] * age);
            sum += body * exp(-2.6 * age) * fmin(age * 400, 1);
        }
    }
    return sum * 0.5;
}

/* The third harmonic is what a small horn carries furthest. */
static double sweep(const struct signal *signal, double t)
{
    double turn = TWO_PI * t / signal->period;
    double phase = TWO_PI * signal->centre * t - signal->swing * signal->period * (cos(turn) - 1);
    return sin(phase) + 0.3 * sin(3 * phase);
}

static double sample_at(const struct signal *signal, uint64_t at)
{
    double t = (double)at / RATE;
    uint64_t left = signal->frames - at;
    double edge = fmin(fmin((double)at, (double)left) / EDGE, 1);
    switch (signal->voice) {
    case VOICE_CHIME:
        return signal->level * edge * chime(t);
    case VOICE_SWEEP:
        return signal->level * edge * sweep(signal, t);
    case VOICE_TONE:
        return signal->level * edge * sin(TWO_PI * signal->centre * t);
    }
    return 0;
}

static errc read_signal(void *ctx, int16_t *pcm, size_t most, size_t *ret_count, struct why *why)
{
    struct signal *signal = ctx;
    uint64_t left = signal->frames - signal->at;
    size_t count = most < left ? most : (size_t)left;
    (void)why;
    for (size_t i = 0; i < count; i++) {
        pcm[i] = (int16_t)lrint(32767 * sample_at(signal, signal->at + i));
    }
    signal->at += count;
    *ret_count = count;
    return OK;
}

static errc seek_signal(void *ctx, uint64_t frame, struct why *why)
{
    struct signal *signal = ctx;
    (void)why;
    signal->at = frame < signal->frames ? frame : signal->frames;
    return OK;
}

static void open_signal(const struct signal *kind, usec length, struct source *ret_source)
{
    struct signal *signal = mem_take(sizeof *signal);
    *signal = *kind;
    signal->frames = (uint64_t)length * 6 / 125;
    *ret_source = (struct source){
        .ctx = signal,
        .read = read_signal,
        .seek = seek_signal,
        .close = mem_give,
        .frames = signal->frames,
    };
}

usec signal_length(enum alarm_signal signal)
{
    switch (signal) {
    case SIGNAL_NONE:
        return 0;
    case SIGNAL_CHIME:
        return 3 * USEC_SECOND;
    case SIGNAL_SIREN:
        return 6 * USEC_SECOND;
    case SIGNAL_WAIL:
        return 10 * USEC_SECOND;
    }
    return 0;
}

void signal_open(enum alarm_signal signal, struct source *ret_source)
{
    static const struct signal kinds[] = {
        [SIGNAL_NONE] = {.voice = VOICE_TONE},
        [SIGNAL_CHIME] = {.voice = VOICE_CHIME, .level = 0.75},
        [SIGNAL_SIREN] = {VOICE_SWEEP, 850, 350, 1, 0.65, 0, 0},
        [SIGNAL_WAIL] = {VOICE_SWEEP, 700, 350, 5, 0.65, 0, 0},
    };
    open_signal(&kinds[signal], signal_length(signal), ret_source);
}

void signal_open_tone(usec length, struct source *ret_source)
{
    struct signal tone = {.voice = VOICE_TONE, .centre = SIGNAL_TONE_HZ, .level = 0.25};
    open_signal(&tone, length, ret_source);
}

void signal_open_pilot(usec length, struct source *ret_source)
{
    struct signal pilot = {.voice = VOICE_TONE, .centre = SIGNAL_PILOT_HZ, .level = 0.03};
    open_signal(&pilot, length, ret_source);
}

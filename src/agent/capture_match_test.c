/* Speech is pretended: syllables of noise in changing bands, with pauses; what the ear gets is that
 * later, softer, coloured by a horn, among hiss and hum. */
#include "agent/capture_match.h"

#include <math.h>

#include "agent/signal.h"
#include "base/entropy.h"
#include "base/testing.h"

enum { SECONDS = 8, FRAMES = 48000 * SECONDS };

struct ear {
    const char *what;
    double gain;
    double hiss; /* of full scale */
    double hum;
    double delay; /* seconds */
    bool horn;    /* no bass */
    bool hears_us;
    bool hears_another;
    bool plays;
    enum match_verdict verdict;
};

static const struct ear ears[] = {
    {"as it is", 1, 0, 0, 0, false, true, false, true, MATCH_HEARD},
    {"far away", 0.01, 0.0002, 0, 0.08, false, true, false, true, MATCH_HEARD},
    {"half a second late", 0.3, 0.001, 0, 0.49, false, true, false, true, MATCH_HEARD},
    {"through a horn", 0.3, 0.001, 0, 0.02, true, true, false, true, MATCH_HEARD},
    {"in the rain", 0.3, 0.02, 0, 0.02, true, true, false, true, MATCH_HEARD},
    {"beside a transformer", 0.3, 0.001, 0.05, 0.02, false, true, false, true, MATCH_HEARD},
    {"a dead amplifier", 0, 0.0003, 0, 0, false, false, false, true, MATCH_SILENT},
    {"a dead amplifier and hum", 0, 0.001, 0.05, 0, false, false, false, true, MATCH_SILENT},
    {"another voice instead", 0.3, 0.001, 0, 0, false, false, true, true, MATCH_UNEXPECTED},
    {"a voice out of nothing", 0.3, 0.001, 0, 0, false, false, true, false, MATCH_UNEXPECTED},
    {"nothing at all", 0, 0.0003, 0, 0, false, false, false, false, MATCH_QUIET},
    {"rain", 0, 0.02, 0, 0, false, false, false, false, MATCH_QUIET},
};

static double chance(struct entropy entropy)
{
    return (double)(entropy_u64(entropy) >> 11) / 9007199254740992.0 * 2 - 1;
}

/* Syllables of 100 to 250 ms, each in a band of its own, a pause now and then. */
static void speak(uint64_t seed, float *to)
{
    struct entropy_seed state = {seed};
    struct entropy entropy = entropy_seeded(&state);
    double a = 0;
    double b = 0;
    for (size_t at = 0; at < FRAMES;) {
        size_t length = 4800 + (size_t)entropy_below(entropy, 7200);
        double hz = 250 + (double)entropy_below(entropy, 3000);
        double level = entropy_below(entropy, 5) == 0 ? 0 : 0.1 + 0.2 * fabs(chance(entropy));
        double turn = 2 * 0.985 * cos(6.2831853 * hz / 48000);
        for (size_t i = 0; i < length && at < FRAMES; i++, at++) {
            double shape = sin(3.14159265 * (double)i / (double)length);
            double out = chance(entropy) + turn * a - 0.985 * 0.985 * b;
            b = a;
            a = out;
            to[at] = (float)(out * level * shape * 0.15);
        }
    }
}

static void listen(const struct ear *ear, const float *ours, const float *other, int16_t *pcm)
{
    struct entropy_seed state = {99};
    struct entropy entropy = entropy_seeded(&state);
    size_t delay = (size_t)(ear->delay * 48000);
    double bass = 0;
    for (size_t i = 0; i < FRAMES; i++) {
        double in = ear->hears_us && i >= delay ? (double)ours[i - delay] : 0;
        in += ear->hears_another ? (double)other[i] : 0;
        bass += 0.1 * (in - bass);
        double out = (ear->horn ? in - bass : in) * ear->gain + ear->hiss * chance(entropy);
        out += ear->hum * sin(6.2831853 * 100 * (double)i / 48000);
        pcm[i] = (int16_t)lrint(fmax(fmin(out, 0.999), -0.999) * 32767);
    }
}

static void tells_what_the_ear_has_heard(void **state)
{
    (void)state;
    float *ours = mem_take_array(FRAMES, sizeof *ours);
    float *other = mem_take_array(FRAMES, sizeof *other);
    int16_t *pcm = mem_take_array(FRAMES, sizeof *pcm);
    struct match_bands *bands = mem_take_array(2, sizeof *bands);
    speak(7, ours);
    speak(8, other);
    for (size_t e = 0; e < COUNT_OF(ears); e++) {
        match_init(&bands[0]);
        match_init(&bands[1]);
        struct ear direct = {.gain = 1, .hears_us = ears[e].plays};
        listen(&direct, ours, other, pcm);
        match_add(&bands[0], pcm, FRAMES);
        listen(&ears[e], ours, other, pcm);
        match_add(&bands[1], pcm, FRAMES);
        struct match_result result = match_compare(&bands[0], &bands[1]);
        int delay = (int)(ears[e].delay * 1000);
        bool late = ears[e].verdict == MATCH_HEARD && abs(result.lag_ms - delay) > 20;
        if (result.verdict != ears[e].verdict || late) {
            fail_msg("%s: verdict %d, %u per mille at %d ms", ears[e].what, (int)result.verdict,
                     result.per_mille, result.lag_ms);
        }
    }
    mem_give(ours);
    mem_give(other);
    mem_give(pcm);
    mem_give(bands);
}

static void says_nothing_of_too_little(void **state)
{
    (void)state;
    struct match_bands *bands = mem_take_array(2, sizeof *bands);
    int16_t pcm[4800] = {0};
    match_add(&bands[0], pcm, 4800);
    match_add(&bands[1], pcm, 4800);
    assert_int_equal(match_compare(&bands[0], &bands[1]).verdict, MATCH_NOTHING);
    mem_give(bands);
}

static void hears_the_pilot_that_nobody_hears(void **state)
{
    (void)state;
    static int16_t pcm[24000];
    struct entropy_seed seed = {3};
    struct entropy entropy = entropy_seeded(&seed);
    struct source source;
    size_t got = 0;
    for (int with = 0; with < 2; with++) {
        memset(pcm, 0, sizeof pcm);
        signal_open_pilot(with ? 500000 : 0, &source);
        assert_ok(source.read(source.ctx, pcm, 24000, &got, NULL));
        for (size_t i = 0; i < 24000; i++) {
            pcm[i] = (int16_t)(pcm[i] / 10 + lrint(300 * chance(entropy)));
        }
        assert_true((match_pilot(pcm, 24000) >= MATCH_PILOT_HEARD_MB) == (with == 1));
        source_close(&source);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_the_ear_has_heard),
        cmocka_unit_test(says_nothing_of_too_little),
        cmocka_unit_test(hears_the_pilot_that_nobody_hears),
    };
    return cmocka_run_group_tests_name("agent: capture match", tests, NULL, NULL);
}

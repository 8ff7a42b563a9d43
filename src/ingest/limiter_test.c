/* The limiter: nothing above the ceiling, also between samples; what needs nothing is left alone.
 */
#include "ingest/limiter.h"

#include "base/entropy.h"
#include "base/testing.h"

#include <math.h>

enum { COUNT = 48000 };

static float samples[COUNT + LIMITER_DELAY];
static float before[COUNT];

static void run(double ceiling_db)
{
    static struct limiter limiter;
    memset(samples + COUNT, 0, LIMITER_DELAY * sizeof(float));
    memcpy(before, samples, sizeof before);
    limiter_init(&limiter, ceiling_db);
    for (size_t at = 0; at < COUNT + LIMITER_DELAY; at += 1000) {
        size_t left = COUNT + LIMITER_DELAY - at;
        limiter_run(&limiter, samples + at, left < 1000 ? left : 1000);
    }
}

static double highest(void)
{
    static struct true_peak meter;
    double peak = 0;
    true_peak_init(&meter, 0);
    for (size_t i = 0; i < COUNT + LIMITER_DELAY; i++) {
        peak = fmax(peak, (double)true_peak_take(&meter, samples[i]));
    }
    return 20 * log10(peak);
}

static void what_is_low_comes_out_as_it_went_in_a_little_later(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        samples[i] = (float)(0.3 * sin((double)i * 0.05));
    }
    run(-1);
    for (size_t i = 0; i < COUNT; i++) {
        assert_float_equal(samples[i + LIMITER_DELAY], before[i], 1e-6);
    }
}

static void no_noise_comes_out_above_the_ceiling(void **state)
{
    (void)state;
    struct entropy_seed seed = {4};
    struct entropy chance = entropy_seeded(&seed);
    for (size_t i = 0; i < COUNT; i++) {
        double loud = i % 9000 < 300 ? 4 : 0.5;
        samples[i] = (float)(loud * ((double)entropy_below(chance, 2001) / 1000 - 1));
    }
    run(-2);
    assert_true(highest() <= -1.9);
    assert_true(highest() > -6);
}

static void peaks_between_samples_are_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT;
         i++) { /* a quarter of the rate, its samples 3 dB below its peaks */
        samples[i] = (float)sin((double)i * 1.5707963267948966 + 0.78539816339744831);
    }
    run(-1.5);
    assert_true(highest() <= -1.4);
    assert_true(highest() > -2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_low_comes_out_as_it_went_in_a_little_later),
        cmocka_unit_test(no_noise_comes_out_above_the_ceiling),
        cmocka_unit_test(peaks_between_samples_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

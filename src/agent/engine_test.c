#include "agent/engine_testing.h"

#include <math.h>

/* A pulled engine gives the same sound for the same calls, so every claim is about samples. */

static void starts_at_the_very_sample(void **state)
{
    (void)state;
    static const usec starts[] = {500000, 500001, 512345, 1000000, 1999999};
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct stage stage;
        stage_begin(&stage, true);
        struct engine_play play = {.start_at = STAGE_SERVER + starts[i]};
        voice_id voice = stage_play(&stage, &play, count_source(USEC_SECOND, 0));
        stage_run(&stage, 4 * USEC_SECOND);
        size_t first = stage_first(&stage, 0);
        assert_in_range(first * 125 / 6 + 21 - (size_t)starts[i], 0, 42);
        for (size_t k = 0; k < SINK_RATE; k++) {
            assert_int_equal(stage.sink->pcm[first + k], k % 20000 + 1);
        }
        struct engine_event started = stage_event(&stage, voice, ENGINE_STARTED);
        struct engine_event ended = stage_event(&stage, voice, ENGINE_ENDED);
        assert_in_range(started.late + 21, 0, 42);
        assert_in_range(started.steady - STAGE_STEADY - starts[i] + 21, 0, 42);
        assert_int_equal(ended.end, ENGINE_WHOLE);
        assert_in_range(ended.sounded, USEC_SECOND - 21, USEC_SECOND);
        stage_end(&stage);
    }
}

static void begins_in_the_middle_when_its_time_has_begun(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    stage_run(&stage, 700000);
    struct engine_play play = {.start_at = STAGE_SERVER + 500000, .from = 100000};
    voice_id voice = stage_play(&stage, &play, count_source(USEC_SECOND, 0));
    stage_run(&stage, 2 * USEC_SECOND);
    size_t first = stage_first(&stage, 0);
    /* The first 20 ms are what the player could not be told in time. */
    size_t expected = first - 24000 + 4800;
    assert_int_equal(stage.sink->pcm[first], expected % 20000 + 1);
    assert_in_range(stage_event(&stage, voice, ENGINE_STARTED).late, 200000, 240000);
    assert_int_equal(stage_event(&stage, voice, ENGINE_ENDED).end, ENGINE_WHOLE);
    stage_end(&stage);
}

static void the_poles_own_delay_moves_every_start(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    engine_set(stage.engine, &(struct engine_settings){.volume = 100, .delay = 250000});
    struct engine_play play = {.start_at = STAGE_SERVER + 500000};
    ignore_int((long)stage_play(&stage, &play, count_source(100000, 0)));
    stage_run(&stage, USEC_SECOND);
    assert_in_range(stage_first(&stage, 0), 36000 - 1, 36000 + 1);
    stage_end(&stage);
}

static void follows_the_clock_by_single_samples(void **state)
{
    (void)state;
    static const double crystals[] = {-200, -18, 0, 18, 200};
    for (size_t i = 0; i < COUNT_OF(crystals); i++) {
        struct stage stage;
        stage_begin(&stage, true);
        stage.ppm = crystals[i];
        struct engine_play play = {.start_at = STAGE_SERVER + 100000};
        ignore_int((long)stage_play(&stage, &play, count_source(58 * USEC_SECOND, 0)));
        stage_run(&stage, 50 * USEC_SECOND);
        size_t steps = 0;
        for (size_t k = stage_first(&stage, 0) + 1; k < stage.sink->count; k++) {
            int step = stage.sink->pcm[k] - stage.sink->pcm[k - 1];
            steps += step != 1 && step != -19999 ? 1 : 0;
            assert_true(step >= 0 || step < -19990);
            assert_true(step <= 2);
        }
        struct engine_health health = engine_health(stage.engine);
        size_t due = (size_t)(fabs(crystals[i]) * 50 * 48000 / 1e6);
        assert_in_range(steps + due / 5 + 12, due, due + due / 2 + 24);
        assert_in_range(health.apart_us + 400, 0, 800);
        stage_end(&stage);
    }
}

static void a_better_known_clock_bends_what_sounds_and_never_breaks_it(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    struct engine_play play = {.start_at = STAGE_SERVER + 100000};
    voice_id voice = stage_play(&stage, &play, count_source(40 * USEC_SECOND, 0));
    stage_run(&stage, 2 * USEC_SECOND);
    struct clock_line line = {stage.now, STAGE_SERVER + (stage.now - STAGE_STEADY) + 30000, 0};
    engine_set_clock(stage.engine, &line);
    stage_run(&stage, USEC_SECOND);
    int64_t apart = engine_health(stage.engine).apart_us;
    assert_in_range(apart, 20000, 29900);
    stage_run(&stage, 12 * USEC_SECOND);
    apart = engine_health(stage.engine).apart_us;
    assert_in_range(apart + 100, 0, 200);
    for (size_t k = stage_first(&stage, 0) + 1; k < stage.sink->count; k++) {
        int step = stage.sink->pcm[k] - stage.sink->pcm[k - 1];
        assert_true((step >= 0 && step <= 2) || step < -19990);
    }
    struct engine_report report;
    assert_true(engine_report(stage.engine, voice, &report));
    assert_int_equal(report.starved, 0);
    stage_end(&stage);
}

static void without_a_clock_only_what_is_bound_to_it_waits(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, false);
    struct engine_play bound = {.start_at = STAGE_SERVER + 2 * USEC_SECOND};
    struct engine_play now = {.start_at = 0};
    voice_id waits = stage_play(&stage, &bound, count_source(USEC_SECOND, 2000));
    voice_id plays = stage_play(&stage, &now, count_source(3 * USEC_SECOND, 1000));
    stage_run(&stage, USEC_SECOND);
    assert_int_equal(stage_event(&stage, plays, ENGINE_STARTED).news, ENGINE_STARTED);
    assert_int_equal(stage_event(&stage, waits, ENGINE_STARTED).news, ENGINE_NOTHING);
    struct clock_line line = {STAGE_STEADY, STAGE_SERVER, 0};
    engine_set_clock(stage.engine, &line);
    stage_run(&stage, 3 * USEC_SECOND);
    assert_in_range(stage_event(&stage, waits, ENGINE_STARTED).late + 21, 0, 42);
    /* What sounded then went on without a gap. */
    struct engine_event ended = stage_event(&stage, plays, ENGINE_ENDED);
    assert_in_range(ended.sounded, 3 * USEC_SECOND - 21, 3 * USEC_SECOND);
    for (size_t k = stage_first(&stage, 0); k < 3 * (size_t)SINK_RATE - 48; k++) {
        assert_true(stage.sink->pcm[k] >= 1000);
    }
    stage_end(&stage);
}

static void an_alarm_takes_the_place_of_what_sounds_without_a_click(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    struct engine_play play = {.start_at = 0};
    struct engine_play alarm = {.start_at = 0, .fade_ms = 30, .at_full = true};
    voice_id item = stage_play(&stage, &play, count_source(10 * USEC_SECOND, 10000));
    stage_run(&stage, USEC_SECOND);
    engine_stop(stage.engine, item, 30);
    voice_id loud = stage_play(&stage, &alarm, count_source(USEC_SECOND, 10000));
    usec told = stage.now;
    stage_run(&stage, USEC_SECOND);
    assert_true(stage_event(&stage, loud, ENGINE_STARTED).steady - told <= 10000);
    struct engine_event ended = stage_event(&stage, item, ENGINE_ENDED);
    assert_int_equal(ended.end, ENGINE_STOPPED);
    assert_in_range(ended.sounded, 1020000, 1050000);
    for (size_t k = 480; k < 2 * (size_t)SINK_RATE - 480; k++) {
        int step = stage.sink->pcm[k] - stage.sink->pcm[k - 1];
        assert_in_range(step + 50, 0, 100);
        assert_in_range(stage.sink->pcm[k], 9990, 14200);
    }
    stage_end(&stage);
}

static void pauses_and_goes_on_where_it_was(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    struct engine_play play = {.start_at = STAGE_SERVER + 100000};
    voice_id voice = stage_play(&stage, &play, count_source(3 * USEC_SECOND, 5000));
    stage_run(&stage, USEC_SECOND);
    engine_pause(stage.engine, voice, 20);
    stage_run(&stage, 5 * USEC_SECOND);
    struct engine_event paused = stage_event(&stage, voice, ENGINE_PAUSED);
    assert_in_range(paused.position, 915000, 935000);
    struct engine_report report;
    assert_true(engine_report(stage.engine, voice, &report) && !report.sounds);
    engine_resume(stage.engine, voice, 20);
    stage_run(&stage, 3 * USEC_SECOND);
    struct engine_event ended = stage_event(&stage, voice, ENGINE_ENDED);
    assert_int_equal(ended.end, ENGINE_WHOLE);
    assert_in_range(ended.sounded, 3 * USEC_SECOND - 42, 3 * USEC_SECOND);
    stage_end(&stage);
}

static void skips_and_cuts(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    struct engine_play play = {
        .start_at = 0, .from = 200000, .most = USEC_SECOND, .end_fade_ms = 50};
    voice_id voice = stage_play(&stage, &play, count_source(10 * USEC_SECOND, 5000));
    stage_run(&stage, 200000);
    engine_skip(stage.engine, voice, 500000);
    stage_run(&stage, USEC_SECOND);
    struct engine_event ended = stage_event(&stage, voice, ENGINE_ENDED);
    assert_int_equal(ended.end, ENGINE_CUT);
    assert_in_range(ended.position, 1200000 - 42, 1200000);
    assert_in_range(ended.sounded, 480000, 520000);
    stage_end(&stage);
}

static void tells_a_source_that_breaks(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    struct source source = count_source(3 * USEC_SECOND, 0);
    ((struct count_source *)source.ctx)->fails_from = SINK_RATE;
    voice_id voice = stage_play(&stage, &(struct engine_play){0}, source);
    stage_run(&stage, 2 * USEC_SECOND);
    struct engine_event ended = stage_event(&stage, voice, ENGINE_ENDED);
    assert_int_equal(ended.end, ENGINE_FAILED);
    assert_in_range(ended.sounded, USEC_SECOND - 42, USEC_SECOND);
    stage_end(&stage);
}

static void has_eight_voices_and_no_ninth(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    voice_id first = 0;
    for (int i = 0; i < ENGINE_VOICES; i++) {
        voice_id voice = stage_play(&stage, &(struct engine_play){0}, count_source(500000, 1000));
        first = i == 0 ? voice : first;
    }
    struct source ninth = count_source(500000, 1000);
    voice_id voice = 0;
    assert_failed(engine_play(stage.engine, &(struct engine_play){0}, 0, &ninth, &voice, NULL),
                  ERR_TOO_MANY);
    stage_run(&stage, USEC_SECOND);
    assert_int_equal(stage.event_count, 2 * ENGINE_VOICES);
    voice = stage_play(&stage, &(struct engine_play){0}, count_source(500000, 1000));
    struct engine_report report;
    assert_false(engine_report(stage.engine, first, &report));
    assert_true(engine_report(stage.engine, voice, &report));
    engine_stop(stage.engine, first, 0);
    stage_run(&stage, 100000);
    assert_true(engine_report(stage.engine, voice, &report) && report.sounds);
    stage_end(&stage);
}

static const struct {
    unsigned volume;
    int32_t cap;
    int32_t gain;
    bool at_full;
    int expected; /* of 10,000 */
} gains[] = {
    {100, 0, 0, false, 10000},   {50, 0, 0, false, 1000},        {100, 0, -2000, false, 1000},
    {100, -600, 0, false, 5012}, {100, -600, -100, false, 5012}, {0, 0, 0, false, 0},
    {1, 0, 0, false, 105},       {0, -600, 0, true, 10000},      {0, 0, -2000, true, 1000},
    {100, 0, 600, false, 10000}, {255, 0, 0, false, 10000},      {100, 0, -9600, false, 0},
};

static void is_as_loud_as_it_should_be(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(gains); i++) {
        struct stage stage;
        stage_begin(&stage, true);
        struct engine_play play = {.gain_mb = gains[i].gain, .at_full = gains[i].at_full};
        ignore_int((long)stage_play(&stage, &play, count_source(USEC_SECOND, 10000)));
        engine_set(stage.engine, &(struct engine_settings){gains[i].volume, gains[i].cap, 0});
        stage_run(&stage, 500000);
        assert_in_range(stage.sink->pcm[12000] - gains[i].expected + 1, 0, 2);
        int32_t rms = engine_level(stage.engine).rms_mb;
        double level = gains[i].expected == 0 ? -9600 : 2000 * log10(gains[i].expected / 32768.0);
        assert_in_range(rms - (int32_t)level + 60, 0, 120);
        stage_end(&stage);
    }
}

static void two_loud_voices_do_not_wrap_around(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    ignore_int(
        (long)stage_play(&stage, &(struct engine_play){0}, count_source(USEC_SECOND, 30000)));
    ignore_int(
        (long)stage_play(&stage, &(struct engine_play){0}, count_source(USEC_SECOND, 30000)));
    stage_run(&stage, 500000);
    assert_int_equal(stage.sink->pcm[12000], INT16_MAX);
    assert_int_equal(engine_level(stage.engine).peak_mb, 0);
    stage_end(&stage);
}

static void a_tap_gives_what_goes_out_and_when(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, true);
    engine_tap_set(stage.engine, ENGINE_TAP_LISTEN, true);
    ignore_int(
        (long)stage_play(&stage, &(struct engine_play){0}, count_source(3 * USEC_SECOND, 0)));
    size_t at = 0;
    int16_t pcm[1000];
    for (int turn = 0; turn < 20; turn++) {
        stage_run(&stage, 100000);
        usec heard = 0;
        size_t got = 0;
        while ((got = engine_tap_read(stage.engine, ENGINE_TAP_LISTEN, pcm, 1000, &heard)) > 0) {
            assert_memory_equal(pcm, stage.sink->pcm + at, got * sizeof *pcm);
            assert_in_range(heard - STAGE_STEADY - (usec)at * 125 / 6 + 50, 0, 100);
            at += got;
        }
    }
    assert_int_equal(at, stage.sink->count);
    engine_tap_set(stage.engine, ENGINE_TAP_LISTEN, false);
    stage_run(&stage, 100000);
    usec heard = 0;
    assert_int_equal(engine_tap_read(stage.engine, ENGINE_TAP_LISTEN, pcm, 1000, &heard), 0);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_at_the_very_sample),
        cmocka_unit_test(begins_in_the_middle_when_its_time_has_begun),
        cmocka_unit_test(the_poles_own_delay_moves_every_start),
        cmocka_unit_test(follows_the_clock_by_single_samples),
        cmocka_unit_test(a_better_known_clock_bends_what_sounds_and_never_breaks_it),
        cmocka_unit_test(without_a_clock_only_what_is_bound_to_it_waits),
        cmocka_unit_test(an_alarm_takes_the_place_of_what_sounds_without_a_click),
        cmocka_unit_test(pauses_and_goes_on_where_it_was),
        cmocka_unit_test(skips_and_cuts),
        cmocka_unit_test(tells_a_source_that_breaks),
        cmocka_unit_test(has_eight_voices_and_no_ninth),
        cmocka_unit_test(is_as_loud_as_it_should_be),
        cmocka_unit_test(two_loud_voices_do_not_wrap_around),
        cmocka_unit_test(a_tap_gives_what_goes_out_and_when),
    };
    return cmocka_run_group_tests_name("agent: engine", tests, NULL, NULL);
}

/* The clock over pretended crystals and links: -11 and +18 ppm, a random walk, a day's warmth. */
#include "agent/clock_testing.h"
#include "base/testing.h"

enum { SEEDS = 3 };

struct pole {
    struct entropy_seed seed;
    struct test_crystal crystal;
    struct clock clock;
};

static void begin(struct pole *pole, double ppm, uint64_t seed, const struct test_link *link)
{
    pole->seed = (struct entropy_seed){seed};
    pole->crystal = (struct test_crystal){
        .ppm = ppm,
        .phase = 0.1 * (double)seed,
        .now = 20000 * USEC_DAY,
        .steady = 7e6,
        .entropy = entropy_seeded(&pole->seed),
    };
    test_begin(&pole->clock, &pole->crystal, link);
}

/* Without bias the pair is apart by half of what the links differ in; with it, by the scatter. */
static const struct {
    const char *name;
    const struct test_link *a;
    const struct test_link *b;
    double most; /* apart, after the first hour */
    double most_at_once;
} pairs[] = {
    {"fibre and fibre", &test_fibre, &test_fibre, 500, 1000},
    {"4G and 4G", &test_4g, &test_4g, 6000, 10000},
    {"4G and fibre", &test_4g, &test_fibre, 6000, 10000},
    {"3G and 3G", &test_3g, &test_3g, 20000, 25000},
};

static void follow_pair(size_t index, uint64_t seed)
{
    struct pole a;
    struct pole b;
    begin(&a, -11, seed, pairs[index].a);
    begin(&b, 18, seed + 100, pairs[index].b);
    double apart = test_error(&a.clock, &a.crystal) - test_error(&b.clock, &b.crystal);
    if (fabs(apart) > pairs[index].most_at_once) {
        fail_msg("%s, seed %d: %.0f us at once", pairs[index].name, (int)seed, apart);
    }
    test_follow(&a.clock, &a.crystal, pairs[index].a, USEC_HOUR);
    test_follow(&b.clock, &b.crystal, pairs[index].b, USEC_HOUR);
    for (int i = 0; i < 400; i++) {
        test_follow(&a.clock, &a.crystal, pairs[index].a, 160 * USEC_SECOND);
        test_follow(&b.clock, &b.crystal, pairs[index].b, 160 * USEC_SECOND);
        apart = test_error(&a.clock, &a.crystal) - test_error(&b.clock, &b.crystal);
        if (fabs(apart) > pairs[index].most) {
            fail_msg("%s, seed %d: %.0f us", pairs[index].name, (int)seed, apart);
        }
    }
}

static void neighbours_stay_together_on_every_link(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            follow_pair(i, seed);
        }
    }
}

static void holds_over_an_hour_within_five_milliseconds_and_a_day_within_150(void **state)
{
    (void)state;
    static const struct test_link *const links[] = {&test_fibre, &test_4g, &test_3g};
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            struct pole pole;
            begin(&pole, i % 2 == 0 ? 18 : -11, seed, links[i]);
            test_follow(&pole.clock, &pole.crystal, links[i], 5 * USEC_HOUR);
            double before = test_error(&pole.clock, &pole.crystal);
            test_crystal_run(&pole.crystal, USEC_HOUR);
            double in_hour = test_error(&pole.clock, &pole.crystal) - before;
            test_crystal_run(&pole.crystal, 23 * USEC_HOUR);
            double in_day = test_error(&pole.clock, &pole.crystal) - before;
            if (fabs(in_hour) > 5000 || fabs(in_day) > 150000) {
                fail_msg("seed %d: %.0f us in an hour, %.0f in a day", (int)seed, in_hour, in_day);
            }
            usec steady = (usec)pole.crystal.steady;
            assert_int_equal(clock_look(&pole.clock, steady).state, CLOCK_HOLDING);
        }
    }
}

static void is_never_more_wrong_than_it_says(void **state)
{
    (void)state;
    static const struct test_link *const links[] = {&test_fibre, &test_4g, &test_3g, &test_2g};
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct pole pole;
        const struct test_link *link = links[seed % COUNT_OF(links)];
        begin(&pole, (double)seed * 5 - 30, seed, link);
        for (int i = 0; i < 300; i++) {
            usec gap = i % 60 == 59 ? 7 * USEC_HOUR : 1;
            test_crystal_run(&pole.crystal, gap);
            usec steady = (usec)pole.crystal.steady;
            double error = fabs(test_error(&pole.clock, &pole.crystal));
            if (error > (double)clock_look(&pole.clock, steady).error) {
                fail_msg("seed %d: wrong by %.0f us", (int)seed, error);
            }
            test_follow(&pole.clock, &pole.crystal, link, 160 * USEC_SECOND);
        }
    }
}

static void believes_nothing_before_it_has_asked(void **state)
{
    (void)state;
    struct clock clock;
    clock_init(&clock, &(struct clock_config){.wall = 20000 * USEC_DAY}, 5);
    assert_int_equal(clock_look(&clock, 10).state, CLOCK_UNSURE);
    assert_int_equal(clock_server_now(&clock, 10), 0);
}

static void knows_after_a_power_cut_what_is_surely_past(void **state)
{
    (void)state;
    struct clock clock;
    usec trusted = 20000 * USEC_DAY;
    clock_init(&clock, &(struct clock_config){.last_trusted = trusted}, 0);
    assert_int_equal(clock_look(&clock, USEC_HOUR).state, CLOCK_BOUNDED);
    assert_true(clock_server_now(&clock, USEC_HOUR) == trusted + USEC_HOUR);
    assert_true(clock_trusted(&clock, USEC_HOUR) == trusted);

    struct clock_config wall = {.last_trusted = trusted, .wall = trusted + USEC_DAY};
    clock_init(&clock, &wall, 0);
    assert_int_equal(clock_look(&clock, 0).state, CLOCK_BOUNDED);
    assert_true(clock_server_now(&clock, 0) == trusted + USEC_DAY);
    wall.wall = trusted - 1;
    clock_init(&clock, &wall, 0);
    assert_true(clock_server_now(&clock, 0) == trusted);
}

static void never_runs_back_before_a_trusted_time(void **state)
{
    (void)state;
    struct clock clock;
    usec trusted = 20000 * USEC_DAY;
    clock_init(&clock, &(struct clock_config){.last_trusted = trusted}, 0);
    struct clock_exchange back = {1000, trusted - USEC_MINUTE, trusted - USEC_MINUTE, 2000};
    assert_int_equal(clock_hear(&clock, &back), CLOCK_REFUSED);
    struct clock_exchange on = {1000, trusted + USEC_MINUTE, trusted + USEC_MINUTE, 2000};
    assert_int_equal(clock_hear(&clock, &on), CLOCK_TAKEN);
    usec then = clock_trusted(&clock, 2000);
    assert_true(then > trusted + USEC_MINUTE - 10000 && then <= trusted + USEC_MINUTE + 1000);
    assert_int_equal(clock_hear(&clock, &back), CLOCK_REFUSED);
    assert_true(clock_trusted(&clock, 1000) == then);
}

static void refuses_what_no_link_can_do(void **state)
{
    (void)state;
    static const struct clock_exchange impossible[] = {
        {2000, USEC_DAY, USEC_DAY, 1000},        /* heard before it was asked */
        {1000, USEC_DAY + 5, USEC_DAY, 2000},    /* answered before it was read */
        {1000, USEC_DAY, USEC_DAY + 5000, 2000}, /* faster than nothing */
        {1000, USEC_DAY, USEC_DAY, USEC_MINUTE}, /* too slow to teach anything */
        {1000, INT64_MAX, INT64_MAX, 2000},      {1000, INT64_MIN, INT64_MAX, 2000},
        {-1, USEC_DAY, USEC_DAY, 2000},
    };
    struct clock clock;
    clock_init(&clock, &(struct clock_config){0}, 0);
    for (size_t i = 0; i < COUNT_OF(impossible); i++) {
        assert_int_equal(clock_hear(&clock, &impossible[i]), CLOCK_REFUSED);
    }
    assert_int_equal(clock_look(&clock, USEC_MINUTE).state, CLOCK_UNSURE);
}

static void starts_anew_when_the_server_has_set_its_clock(void **state)
{
    (void)state;
    struct pole pole;
    begin(&pole, 18, 5, &test_4g);
    test_follow(&pole.clock, &pole.crystal, &test_4g, USEC_HOUR);
    pole.crystal.now += USEC_MINUTE;
    struct clock_exchange exchange = test_exchange(&pole.crystal, &test_4g);
    assert_int_equal(clock_hear(&pole.clock, &exchange), CLOCK_STEPPED);
    test_attach(&pole.clock, &pole.crystal, &test_4g);
    assert_true(fabs(test_error(&pole.clock, &pole.crystal)) < 10000);
    assert_true(llabs(pole.clock.line.rate_ppb + 18000) < 3000);
}

static void finds_the_steady_instant_of_a_server_time(void **state)
{
    (void)state;
    struct pole pole;
    begin(&pole, -11, 6, &test_fibre);
    test_follow(&pole.clock, &pole.crystal, &test_fibre, USEC_HOUR);
    for (usec ahead = 0; ahead < USEC_DAY; ahead += 7 * USEC_MINUTE) {
        usec steady = (usec)pole.crystal.steady + ahead;
        usec server = clock_server_now(&pole.clock, steady);
        assert_in_range(clock_steady_at(&pole.clock, server) - steady + 2, 0, 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_stay_together_on_every_link),
        cmocka_unit_test(holds_over_an_hour_within_five_milliseconds_and_a_day_within_150),
        cmocka_unit_test(is_never_more_wrong_than_it_says),
        cmocka_unit_test(believes_nothing_before_it_has_asked),
        cmocka_unit_test(knows_after_a_power_cut_what_is_surely_past),
        cmocka_unit_test(never_runs_back_before_a_trusted_time),
        cmocka_unit_test(refuses_what_no_link_can_do),
        cmocka_unit_test(starts_anew_when_the_server_has_set_its_clock),
        cmocka_unit_test(finds_the_steady_instant_of_a_server_time),
    };
    return cmocka_run_group_tests_name("agent: clock", tests, NULL, NULL);
}

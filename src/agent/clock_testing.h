/* A pretended device clock and link, as they are measured in the field: a crystal that is wrong,
 * wanders and follows the warmth of the day, and delays with a floor and a long tail that differ
 * by direction. For tests and measurements only. */
#ifndef LOA_AGENT_CLOCK_TESTING_H
#define LOA_AGENT_CLOCK_TESTING_H

#include <math.h>

#include "agent/clock.h"
#include "base/entropy.h"

struct test_link {
    enum device_link link;
    double up_floor; /* microseconds, as everything here */
    double up_tail;
    double down_floor;
    double down_tail;
};

static const struct test_link test_fibre = {LINK_FIBRE, 300, 60, 300, 60};
static const struct test_link test_4g = {LINK_4G, 30000, 15000, 20000, 8000};
static const struct test_link test_3g = {LINK_3G, 90000, 60000, 60000, 40000};
static const struct test_link test_2g = {LINK_2G, 300000, 200000, 250000, 150000};

struct test_crystal {
    double ppm;
    double wander; /* has become, in parts */
    double phase;  /* of its day */
    usec now;      /* the true time, which the server shows */
    double steady; /* what it shows itself */
    struct entropy entropy;
};

static inline double test_chance(struct entropy entropy)
{
    return ((double)(entropy_u64(entropy) >> 11) + 0.5) / 9007199254740992.0;
}

static inline double test_tail(struct entropy entropy, double mean)
{
    return -mean * log(test_chance(entropy));
}

/* One second, or a piece of one. */
static inline void test_crystal_step(struct test_crystal *crystal, usec length)
{
    double seconds = (double)length / 1e6;
    double normal = 0;
    for (int i = 0; i < 12; i++) {
        normal += test_chance(crystal->entropy) - 0.5;
    }
    crystal->wander += normal * 1e-9 * sqrt(seconds);
    double day_part = (double)(crystal->now % USEC_DAY) / (double)USEC_DAY;
    double warmth = 1e-6 * sin(2 * 3.14159265358979 * (day_part + crystal->phase));
    crystal->steady += (double)length * (1 + crystal->ppm * 1e-6 + crystal->wander + warmth);
    crystal->now += length;
}

static inline void test_crystal_run(struct test_crystal *crystal, usec length)
{
    for (usec left = length; left > 0; left -= USEC_SECOND) {
        test_crystal_step(crystal, left < USEC_SECOND ? left : USEC_SECOND);
    }
}

/* A question, its way, the answer and its way; the true time goes on by as much. */
static inline struct clock_exchange test_exchange(struct test_crystal *crystal,
                                                  const struct test_link *link)
{
    struct clock_exchange exchange = {.t1 = (usec)crystal->steady};
    double up = link->up_floor + test_tail(crystal->entropy, link->up_tail);
    double down = link->down_floor + test_tail(crystal->entropy, link->down_tail);
    test_crystal_step(crystal, (usec)up);
    exchange.t2 = crystal->now;
    test_crystal_step(crystal, 100);
    exchange.t3 = crystal->now;
    test_crystal_step(crystal, (usec)down);
    exchange.t4 = (usec)crystal->steady;
    return exchange;
}

/* How far the clock is from the truth now. */
static inline double test_error(const struct clock *clock, const struct test_crystal *crystal)
{
    return (double)(clock_server_now(clock, (usec)crystal->steady) - crystal->now);
}

/* As a device does it: a burst when it attaches, then one every 160 seconds. */
static inline void test_attach(struct clock *clock, struct test_crystal *crystal,
                               const struct test_link *link)
{
    for (int i = 0; i < 8; i++) {
        struct clock_exchange exchange = test_exchange(crystal, link);
        ignore_int((long)clock_hear(clock, &exchange));
    }
}

static inline void test_follow(struct clock *clock, struct test_crystal *crystal,
                               const struct test_link *link, usec length)
{
    for (usec until = crystal->now + length; crystal->now < until;) {
        test_crystal_run(crystal, 160 * USEC_SECOND);
        struct clock_exchange exchange = test_exchange(crystal, link);
        ignore_int((long)clock_hear(clock, &exchange));
    }
}

static inline void test_begin(struct clock *clock, struct test_crystal *crystal,
                              const struct test_link *link)
{
    struct clock_config config = {.bias = clock_bias_of(link->link)};
    clock_init(clock, &config, (usec)crystal->steady);
    test_attach(clock, crystal, link);
}

#endif

/* The server's clock as a device has it: four timestamps of each exchange in, server time out. Both
 * directions of the link are looked at by themselves: the line that lies closest under all delays
 * of a window gives offset and drift together, so that one quick packet each way is enough and slow
 * ones do no harm. Between exchanges, and when there are none any more, it runs on what it knows of
 * its crystal, and says how wrong it may be by now.
 *
 * Pure and without memory of its own: `steady` is the device's steady clock, which never jumps.
 * What is shown may step when more is known; whoever plays sound slews towards it (engine.h). It
 * never runs back before a time that was trusted once. */
#ifndef LOA_AGENT_CLOCK_H
#define LOA_AGENT_CLOCK_H

#include "wire/types.h"

enum { CLOCK_SAMPLES = 96 };

/* Whoever listens to the server later than this after the last exchange is holding over. */
#define CLOCK_FRESH (12 * USEC_MINUTE)

struct clock_exchange {
    usec t1; /* asked, steady */
    usec t2; /* read by the server, its clock */
    usec t3; /* answered, its clock */
    usec t4; /* heard, steady */
};

struct clock_sample {
    usec steady; /* in the middle */
    usec up;     /* server minus steady, and the delay of the way there */
    usec down;   /* server minus steady, less the delay of the way back */
};

/* The line that server time is read from: rate is what the server's clock gains on ours. */
struct clock_line {
    usec steady;
    usec server;
    int64_t rate_ppb;
};

struct clock_config {
    usec last_trusted;  /* kept from the last run; 0: never */
    usec wall;          /* of a clock that ran while we did not; 0: there is none */
    int64_t rate_ppb;   /* kept from the last run */
    bool rate_is_known; /* that one is meant */
    usec bias;          /* half of what the way there is known to take longer: clock_bias_of */
};

struct clock {
    struct clock_sample samples[CLOCK_SAMPLES]; /* in the order of time */
    size_t count;
    struct clock_line line;
    usec bias;
    usec error;          /* of the line at line.steady */
    int64_t rate_error;  /* ppb */
    int64_t prior_ppb;   /* the crystal as known from before the window */
    int64_t prior_error; /* ppb */
    usec last_heard;     /* steady; of the last exchange that was taken */
    usec last_trusted;
    enum clock_state state; /* unsure, bounded or sure: holding is a matter of time */
    bool has_wall;          /* a battery kept the time while we did not run */
};

enum clock_heard {
    CLOCK_TAKEN,
    CLOCK_STEPPED, /* taken, and what was known before did not fit: it is forgotten */
    CLOCK_REFUSED, /* impossible, or before a time that was trusted once */
};

struct clock_view {
    enum clock_state state;
    usec now;   /* the server's clock; 0 while unsure */
    usec error; /* its bound; INT64_MAX when there is none */
    /* Bounded, but a clock with a battery went on meanwhile: no proof of freshness for an order,
     * good enough to keep a programme that was signed for. */
    bool by_wall;
};

void clock_init(struct clock *clock, const struct clock_config *config, usec steady);
enum clock_heard clock_hear(struct clock *clock, const struct clock_exchange *exchange);
struct clock_view clock_look(const struct clock *clock, usec steady);
usec clock_server_now(const struct clock *clock, usec steady); /* 0 while unsure */
/* When our steady clock will show what the server's shows at `server`; not while unsure. */
usec clock_steady_at(const struct clock *clock, usec server);
/* What is surely past; to be kept on disk now and then. Never runs back. */
usec clock_trusted(struct clock *clock, usec steady);

usec clock_line_at(const struct clock_line *line, usec steady);
/* Half of what the way to the server usually takes longer on such a link, where a radio must ask
 * for its turn first: neighbours on different links would be apart by that. */
usec clock_bias_of(enum device_link link);

#endif

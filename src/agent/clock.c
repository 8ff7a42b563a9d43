/* See clock.h. Up delays lie above the line of the true offset, down delays below it, both with a
 * scatter that has a sharp edge and a long tail. For such a scatter the likeliest line is the one
 * that touches the edge: for a given rate the highest line under all `up` and the lowest over all
 * `down`, and of the rates the one that leaves the least between lines and points. */
#include "agent/clock.h"

#include <math.h>

/* A crystal that is further off than this is broken. */
#define RATE_MOST 5e-4
/* What is believed of a crystal that is not known yet, of one that is, and what temperature does
 * to it while nobody looks. */
#define RATE_UNKNOWN_PPB 30000
#define RATE_KNOWN_PPB 1000
#define RATE_FLOOR_PPB 150
#define RATE_SWAY (1.25e-16) /* seconds per microsecond squared: half of 0.9 ppm an hour */
#define RATE_SWAY_MOST 4e-6
/* How far a rate bends in daily weather: what makes a long window worse than a short one. */
#define BEND 9e-18 /* per microsecond squared */
#define AGE_MOST (4 * USEC_HOUR + USEC_HOUR / 4)
#define TRIP_MOST (20 * USEC_SECOND)
#define STEP_LEAST (5 * (usec)1000)
#define BACK_MOST (2 * USEC_SECOND)
#define WALL_AHEAD_MOST (400 * USEC_DAY)
#define SCATTER_LEAST 20.0 /* microseconds */

enum { WINDOW_LEAST = 8, ROUNDS = 3, SEARCH = 40 };

/* One rate tried: where the two lines then lie at the newest sample, relative to `base`. */
struct fit {
    double rate;
    double up;
    double down;
    double up_mean; /* of what lies between line and points */
    double down_mean;
};

struct window {
    const struct clock_sample *samples;
    size_t count;
    usec at;   /* time of the newest */
    usec base; /* subtracted from every offset, so that doubles keep the microseconds */
    double prior;
    double prior_error;
};

static double parts(int64_t ppb)
{
    return (double)ppb * 1e-9;
}

usec clock_line_at(const struct clock_line *line, usec steady)
{
    usec age = steady - line->steady;
    return line->server + age + (usec)llround((double)age * parts(line->rate_ppb));
}

static struct fit try_rate(const struct window *window, double rate)
{
    struct fit fit = {.rate = rate, .up = HUGE_VAL, .down = -HUGE_VAL};
    double up_sum = 0;
    double down_sum = 0;
    for (size_t i = 0; i < window->count; i++) {
        const struct clock_sample *sample = &window->samples[i];
        double moved = rate * (double)(window->at - sample->steady);
        double up = (double)(sample->up - window->base) + moved;
        double down = (double)(sample->down - window->base) + moved;
        fit.up = fmin(fit.up, up);
        fit.down = fmax(fit.down, down);
        up_sum += up;
        down_sum += down;
    }
    fit.up_mean = fmax(up_sum / (double)window->count - fit.up, SCATTER_LEAST);
    fit.down_mean = fmax(fit.down - down_sum / (double)window->count, SCATTER_LEAST);
    return fit;
}

static double unlikely(const struct window *window, const struct fit *scale, double rate)
{
    struct fit fit = try_rate(window, rate);
    double off = (rate - window->prior) / window->prior_error;
    double points = fit.up_mean / scale->up_mean + fit.down_mean / scale->down_mean;
    return (double)window->count * points + off * off / 2;
}

/* The function is convex: golden section, with the scatter of the last round as its measure. */
static struct fit search_rate(const struct window *window)
{
    const double golden = 0.6180339887498949;
    struct fit best = try_rate(window, window->prior);
    for (int round = 0; round < ROUNDS; round++) {
        double low = fmax(window->prior - 8 * window->prior_error, -RATE_MOST);
        double high = fmin(window->prior + 8 * window->prior_error, RATE_MOST);
        double a = high - golden * (high - low);
        double b = low + golden * (high - low);
        double at_a = unlikely(window, &best, a);
        double at_b = unlikely(window, &best, b);
        for (int i = 0; i < SEARCH; i++) {
            if (at_a <= at_b) {
                high = b;
                b = a;
                at_b = at_a;
                a = high - golden * (high - low);
                at_a = unlikely(window, &best, a);
            } else {
                low = a;
                a = b;
                at_a = at_b;
                b = low + golden * (high - low);
                at_b = unlikely(window, &best, b);
            }
        }
        best = try_rate(window, (low + high) / 2);
    }
    return best;
}

static struct window window_of(const struct clock *clock, size_t from)
{
    const struct clock_sample *last = &clock->samples[clock->count - 1];
    return (struct window){
        .samples = &clock->samples[from],
        .count = clock->count - from,
        .at = last->steady,
        .base = last->up,
        .prior = parts(clock->prior_ppb),
        .prior_error = parts(clock->prior_error),
    };
}

static double span_of(const struct clock *clock, size_t from)
{
    return (double)(clock->samples[clock->count - 1].steady - clock->samples[from].steady);
}

/* Much scatter wants many samples, but a rate bends with the temperature: the window in which both
 * together do least harm. */
static size_t best_start(const struct clock *clock, const struct fit *fit)
{
    size_t best = 0;
    double least = HUGE_VAL;
    for (size_t from = 0; from + WINDOW_LEAST <= clock->count; from++) {
        double span = span_of(clock, from);
        double scatter = 3 * (fit->up_mean + fit->down_mean) / (double)(clock->count - from);
        double harm = scatter + BEND * span * span;
        if (harm < least) {
            least = harm;
            best = from;
        }
    }
    return best;
}

static void settle(struct clock *clock)
{
    struct window window = window_of(clock, 0);
    struct fit fit = search_rate(&window);
    size_t from = best_start(clock, &fit);
    if (from > 0) {
        window = window_of(clock, from);
        fit = search_rate(&window);
    }
    double half = fmax((fit.up - fit.down) / 2, 0);
    double scatter = (fit.up_mean + fit.down_mean) / (double)window.count;
    double span = fmax(span_of(clock, from), 1);
    double bias = fmax(fmin((double)clock->bias, half), -half);
    clock->line = (struct clock_line){
        .steady = window.at,
        .server = window.at + window.base + (usec)llround((fit.up + fit.down) / 2 - bias),
        .rate_ppb = llround(fit.rate * 1e9),
    };
    double rate_error = fmin(2 * scatter / span, window.prior_error) * 1e9;
    clock->rate_error = (int64_t)rate_error + RATE_FLOOR_PPB;
    clock->error = (usec)(half + fabs(bias) + 2 * scatter + BEND * span * span);
    clock->state = CLOCK_SURE;
}

/* What else may have happened to the crystal since the line was drawn. */
static double swayed(const struct clock *clock, usec age)
{
    double far = (double)age;
    double sway = fmin(RATE_SWAY * far, RATE_SWAY_MOST) * far;
    return sway + parts(clock->rate_error) * far;
}

void clock_init(struct clock *clock, const struct clock_config *config, usec steady)
{
    usec wall = config->wall;
    bool wall_fits = config->last_trusted > 0 && wall >= config->last_trusted &&
                     wall - config->last_trusted <= WALL_AHEAD_MOST;
    int64_t rate_most = (int64_t)(RATE_MOST * 1e9);
    bool rate_fits =
        config->rate_is_known && config->rate_ppb > -rate_most && config->rate_ppb < rate_most;
    *clock = (struct clock){
        .bias = config->bias,
        .prior_ppb = rate_fits ? config->rate_ppb : 0,
        .prior_error = rate_fits ? RATE_KNOWN_PPB : RATE_UNKNOWN_PPB,
        .last_trusted = config->last_trusted,
        .state = config->last_trusted > 0 ? CLOCK_BOUNDED : CLOCK_UNSURE,
        .line = {steady, wall_fits ? wall : config->last_trusted, 0},
        .rate_error = RATE_UNKNOWN_PPB,
        .last_heard = INT64_MIN,
        .has_wall = wall_fits,
    };
}

static bool is_possible(const struct clock *clock, const struct clock_exchange *heard)
{
    const usec times[] = {heard->t1, heard->t2, heard->t3, heard->t4};
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        if (times[i] < 0 || times[i] > USEC_MOST) {
            return false;
        }
    }
    usec trip = heard->t4 - heard->t1 - (heard->t3 - heard->t2);
    return heard->t1 <= heard->t4 && heard->t2 <= heard->t3 && trip >= 0 && trip <= TRIP_MOST &&
           heard->t2 >= clock->last_trusted - BACK_MOST && heard->t4 >= clock->last_heard;
}

/* The true offset lies between down and up of every honest exchange. */
static bool fits_line(const struct clock *clock, const struct clock_sample *sample)
{
    if (clock->state != CLOCK_SURE) {
        return true;
    }
    usec offset = clock_line_at(&clock->line, sample->steady) - sample->steady;
    usec outside = offset > sample->up     ? offset - sample->up
                   : offset < sample->down ? sample->down - offset
                                           : 0;
    return outside <= STEP_LEAST + (usec)swayed(clock, sample->steady - clock->line.steady);
}

static void forget(struct clock *clock, size_t count)
{
    memmove(clock->samples, &clock->samples[count],
            (clock->count - count) * sizeof clock->samples[0]);
    clock->count -= count;
}

/* When the window is full, the slowest packet of its older half teaches least. */
static void make_room(struct clock *clock)
{
    size_t worst = 0;
    for (size_t i = 1; i < CLOCK_SAMPLES / 2; i++) {
        const struct clock_sample *sample = &clock->samples[i];
        const struct clock_sample *slowest = &clock->samples[worst];
        if (sample->up - sample->down > slowest->up - slowest->down) {
            worst = i;
        }
    }
    memmove(&clock->samples[worst], &clock->samples[worst + 1],
            (clock->count - worst - 1) * sizeof clock->samples[0]);
    clock->count--;
}

/* What was learnt of the crystal outlives the samples that taught it. */
static void keep_rate(struct clock *clock, usec gap)
{
    int64_t error =
        clock->rate_error + (int64_t)(1e9 * fmin(RATE_SWAY * 2 * (double)gap, RATE_SWAY_MOST));
    if (error < clock->prior_error) {
        clock->prior_ppb = clock->line.rate_ppb;
        clock->prior_error = error < RATE_KNOWN_PPB ? RATE_KNOWN_PPB : error;
    }
}

static void drop_old(struct clock *clock, usec now)
{
    size_t old = 0;
    while (old < clock->count && clock->samples[old].steady < now - AGE_MOST) {
        old++;
    }
    if (old == clock->count && old > 0) {
        keep_rate(clock, now - clock->samples[old - 1].steady);
    }
    forget(clock, old);
    if (clock->count == CLOCK_SAMPLES) {
        make_room(clock);
    }
}

enum clock_heard clock_hear(struct clock *clock, const struct clock_exchange *exchange)
{
    if (!is_possible(clock, exchange)) {
        return CLOCK_REFUSED;
    }
    struct clock_sample sample = {
        .steady = exchange->t1 + (exchange->t4 - exchange->t1) / 2,
        .up = exchange->t2 - exchange->t1,
        .down = exchange->t3 - exchange->t4,
    };
    enum clock_heard heard = CLOCK_TAKEN;
    if (!fits_line(clock, &sample)) {
        keep_rate(clock, 0);
        clock->count = 0;
        heard = CLOCK_STEPPED;
    }
    drop_old(clock, sample.steady);
    clock->samples[clock->count++] = sample;
    clock->last_heard = exchange->t4;
    settle(clock);
    return heard;
}

static usec shown(const struct clock *clock, usec steady)
{
    usec now = clock_line_at(&clock->line, steady);
    return now > clock->last_trusted ? now : clock->last_trusted;
}

struct clock_view clock_look(const struct clock *clock, usec steady)
{
    struct clock_view view = {.state = clock->state, .error = INT64_MAX};
    view.by_wall = clock->state == CLOCK_BOUNDED && clock->has_wall;
    if (clock->state == CLOCK_UNSURE) {
        return view;
    }
    view.now = shown(clock, steady);
    if (clock->state == CLOCK_SURE) {
        usec age = steady - clock->line.steady;
        view.error = clock->error + (usec)swayed(clock, age > 0 ? age : 0);
        view.state = steady - clock->last_heard > CLOCK_FRESH ? CLOCK_HOLDING : CLOCK_SURE;
    }
    return view;
}

usec clock_server_now(const struct clock *clock, usec steady)
{
    return clock->state == CLOCK_UNSURE ? 0 : shown(clock, steady);
}

usec clock_steady_at(const struct clock *clock, usec server)
{
    double far = (double)(server - clock->line.server);
    return clock->line.steady + (usec)llround(far / (1 + parts(clock->line.rate_ppb)));
}

usec clock_trusted(struct clock *clock, usec steady)
{
    struct clock_view view = clock_look(clock, steady);
    if (clock->state == CLOCK_SURE && view.now - view.error > clock->last_trusted) {
        clock->last_trusted = view.now - view.error;
    }
    return clock->last_trusted;
}

usec clock_bias_of(enum device_link link)
{
    switch (link) {
    case LINK_4G:
        return 5000;
    case LINK_3G:
        return 15000;
    case LINK_2G:
    case LINK_UNKNOWN:
    case LINK_FIBRE:
    case LINK_WIFI:
        return 0;
    }
    return 0;
}

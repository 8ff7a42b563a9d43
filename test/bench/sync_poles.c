/* Two poles for h3_sync: agents' engines with file sinks, each with its own crystal, its own card
 * and its own link to the server's clock, on pretended time; and the comparison of two recordings
 * by cross-correlation, which serves the peer as well.
 *
 *   sync_poles steady LINK LINK SECONDS    after two hours attached: a programme of stored files
 *   sync_poles start LINK LINK             freshly attached: the first 20 seconds, a few times
 *   sync_poles day LINK                    a day of sound at one pole: where it broke
 *   sync_poles hold LINK                   an hour and a day without the server
 *   sync_poles compare WAV WAV BEGIN BEGIN (microseconds at which each begins)
 *
 * Each prints lines of `key value`. */
#include <math.h>
#include <unistd.h>

#include "agent/clock_testing.h"
#include "agent/decoder_testing.h"
#include "agent/engine.h"
#include "base/crash.h"
#include "base/file.h"

enum {
    WINDOW = SINK_RATE,
    LAG_MOST = SINK_RATE / 10,
    COARSE = 4,
    ITEM_S = 60,
    SEEDS = 8,
    WINDOWS_MOST = 100000,
};

#define EXCHANGE_EVERY (160 * USEC_SECOND)
#define TURN 10000.0
#define STARTS_AT (20000 * USEC_DAY)
#define WHOLE_LEAST 0.8

struct pole {
    struct entropy_seed seed;
    struct test_crystal crystal;
    const struct test_link *link;
    struct clock clock;
    double card_ppm;
    double rest;
    usec asked; /* true time of the last exchange */
    struct engine *engine;
    char path[64];
    usec begins; /* true time of the first frame */
};

struct track {
    struct buf bytes;
    double begins;
    double rate;
};

struct windows {
    double off_ms[WINDOWS_MOST];
    size_t count;
    size_t broken;
};

static struct buf item;

static const struct test_link *link_named(const char *name)
{
    static const struct {
        const char *name;
        const struct test_link *link;
    } links[] = {{"fibre", &test_fibre}, {"4g", &test_4g}, {"3g", &test_3g}, {"2g", &test_2g}};
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        if (str_is(str_of(name), str_of(links[i].name))) {
            return links[i].link;
        }
    }
    crash("no such link");
}

static void begin_pole(struct pole *pole, double ppm, uint64_t seed, const struct test_link *link)
{
    *pole = (struct pole){.seed = {seed}, .link = link, .card_ppm = ppm * 1.7};
    pole->crystal = (struct test_crystal){
        .ppm = ppm,
        .phase = 0.13 * (double)seed,
        .now = STARTS_AT,
        .steady = 9e6,
        .entropy = entropy_seeded(&pole->seed),
    };
    test_begin(&pole->clock, &pole->crystal, link);
    pole->asked = pole->crystal.now;
}

static void open_pole(struct pole *pole)
{
    struct sink *sink = NULL;
    struct engine_config config = {.pulled = true};
    ignore_int(snprintf(pole->path, sizeof pole->path, "/tmp/loa-sync-XXXXXX"));
    int fd = mkstemp(pole->path);
    ENSURE(fd >= 0);
    file_close(&fd);
    ENSURE(sink_file_create(pole->path, 2000000000, &sink, NULL) == OK);
    ENSURE(engine_create(&config, sink, &pole->engine, NULL) == OK);
    engine_set_clock(pole->engine, &pole->clock.line);
    pole->begins = pole->crystal.now;
}

static void close_pole(struct pole *pole)
{
    engine_destroy(pole->engine);
    ignore_int(unlink(pole->path));
    char old[80];
    ignore_int(snprintf(old, sizeof old, "%s.1", pole->path));
    ignore_int(unlink(old));
}

/* What the device hears is there a round trip later; the pretended time of its own does not wait.
 */
static void ask_time(struct pole *pole)
{
    struct test_crystal then = pole->crystal;
    struct clock_exchange exchange = test_exchange(&then, pole->link);
    ignore_int((long)clock_hear(&pole->clock, &exchange));
    pole->asked = pole->crystal.now;
}

/* Ten milliseconds of the pole's own card. */
static void turn_pole(struct pole *pole)
{
    struct engine_event event;
    usec steady = (usec)pole->crystal.steady;
    if (pole->crystal.now - pole->asked >= EXCHANGE_EVERY) {
        ask_time(pole);
        engine_set_clock(pole->engine, &pole->clock.line);
    }
    ENSURE(engine_pull(pole->engine, SINK_TURN_MOST, steady, NULL) == OK);
    while (engine_next(pole->engine, &event)) {
        ENSURE(event.news != ENGINE_SINK_LOST);
    }
    double turn = TURN / (1 + pole->card_ppm * 1e-6) + pole->rest;
    test_crystal_step(&pole->crystal, (usec)turn);
    pole->rest = turn - (double)(usec)turn;
}

static void play_item(struct pole *pole, usec at)
{
    struct source source = {0};
    voice_id voice = 0;
    struct engine_play play = {.start_at = at};
    ENSURE(decoder_open_bytes(buf_str(&item), &source, NULL) == OK);
    ENSURE(engine_play(pole->engine, &play, (usec)pole->crystal.steady, &source, &voice, NULL) ==
           OK);
}

/* Stored files, one after the other, each at its minute. */
static void run_programme(struct pole *pole, usec from, usec length)
{
    usec next = from;
    while (pole->crystal.now < from + length) {
        if (next - pole->crystal.now < 2 * USEC_SECOND && next < from + length) {
            play_item(pole, next);
            next += ITEM_S * USEC_SECOND;
        }
        turn_pole(pole);
    }
}

static void load_track(struct track *track, const char *path, double begins, double rate)
{
    buf_init(&track->bytes, (size_t)3 << 30);
    ENSURE(file_read(path, (size_t)3 << 30, &track->bytes, NULL) == OK && track->bytes.len > 44);
    track->begins = begins;
    track->rate = rate;
}

static float frame_at(const struct track *track, double at)
{
    double place = floor((at - track->begins) * track->rate / 1e6 + 0.5);
    size_t count = (track->bytes.len - 44) / 2;
    if (place < 0 || place >= (double)count) {
        return 0;
    }
    int16_t frame = 0;
    memcpy(&frame, track->bytes.at + 44 + (size_t)place * 2, 2);
    return (float)frame;
}

static void cut_out(const struct track *track, double at, float *to, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = frame_at(track, at + (double)i * 1e6 / SINK_RATE);
    }
}

static double product(const float *a, const float *b, size_t count)
{
    float sums[8] = {0};
    for (size_t i = 0; i + 8 <= count; i += 8) {
        for (size_t k = 0; k < 8; k++) {
            sums[k] += a[i + k] * b[i + k];
        }
    }
    double sum = 0;
    for (size_t k = 0; k < 8; k++) {
        sum += (double)sums[k];
    }
    return sum;
}

/* Where `b` fits best against `a`, first on sums of four samples. */
static int64_t find_lag(const float *a, const float *b)
{
    static float few_a[WINDOW / COARSE];
    static float few_b[(WINDOW + 2 * LAG_MOST) / COARSE];
    for (size_t i = 0; i < COUNT_OF(few_a); i++) {
        few_a[i] = a[i * 4] + a[i * 4 + 1] + a[i * 4 + 2] + a[i * 4 + 3];
    }
    for (size_t i = 0; i < COUNT_OF(few_b); i++) {
        few_b[i] = b[i * 4] + b[i * 4 + 1] + b[i * 4 + 2] + b[i * 4 + 3];
    }
    int64_t best = 0;
    double most = -INFINITY;
    for (size_t lag = 0; lag + COUNT_OF(few_a) <= COUNT_OF(few_b); lag++) {
        double like = product(few_a, few_b + lag, COUNT_OF(few_a));
        if (like > most) {
            most = like;
            best = (int64_t)lag;
        }
    }
    return best * COARSE;
}

/* One window; false when nothing sounds in it. */
static bool compare_window(const struct track *a, const struct track *b, double at,
                           struct windows *windows)
{
    static float cut_a[WINDOW];
    static float cut_b[WINDOW + 2 * LAG_MOST];
    cut_out(a, at, cut_a, WINDOW);
    cut_out(b, at - LAG_MOST * 1e6 / SINK_RATE, cut_b, COUNT_OF(cut_b));
    double power_a = product(cut_a, cut_a, WINDOW);
    if (power_a < WINDOW) {
        return false;
    }
    int64_t coarse = find_lag(cut_a, cut_b);
    double most = -INFINITY;
    int64_t best = coarse;
    for (int64_t lag = coarse - 6; lag <= coarse + 6; lag++) {
        if (lag >= 0 && lag <= 2 * LAG_MOST) {
            double like = product(cut_a, cut_b + lag, WINDOW);
            best = like > most ? lag : best;
            most = fmax(like, most);
        }
    }
    double power_b = product(cut_b + best, cut_b + best, WINDOW);
    windows->broken += most < WHOLE_LEAST * sqrt(power_a * power_b) ? 1 : 0;
    ENSURE(windows->count < WINDOWS_MOST);
    windows->off_ms[windows->count++] = (double)(best - LAG_MOST) * 1e3 / SINK_RATE;
    return true;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void print_windows(struct windows *windows)
{
    double sum = 0;
    for (size_t i = 0; i < windows->count; i++) {
        sum += windows->off_ms[i];
        windows->off_ms[i] = fabs(windows->off_ms[i]);
    }
    ENSURE(windows->count > 0);
    qsort(windows->off_ms, windows->count, sizeof(double), compare_doubles);
    printf("windows %zu\nmean %.3f\n", windows->count, sum / (double)windows->count);
    printf("p50 %.3f\n", windows->off_ms[windows->count / 2]);
    printf("p99 %.3f\n", windows->off_ms[windows->count * 99 / 100]);
    printf("max %.3f\n", windows->off_ms[windows->count - 1]);
    printf("broken %.4f\n", (double)windows->broken / (double)windows->count);
}

static void compare_poles(const struct pole *a, const struct pole *b, double from, double to,
                          struct windows *windows)
{
    struct track tracks[2];
    load_track(&tracks[0], a->path, (double)a->begins, SINK_RATE * (1 + a->card_ppm * 1e-6));
    load_track(&tracks[1], b->path, (double)b->begins, SINK_RATE * (1 + b->card_ppm * 1e-6));
    double step = fmax(1e6, floor((to - from) / 4e8) * 1e6); /* some 400 windows */
    for (double at = from; at + 1.2e6 < to; at += step) {
        ignore_int((long)compare_window(&tracks[0], &tracks[1], at, windows));
    }
    buf_finish(&tracks[0].bytes);
    buf_finish(&tracks[1].bytes);
}

static void run_pair(struct pole poles[2], usec attached, usec length, struct windows *windows)
{
    usec from = STARTS_AT + attached + 5 * USEC_SECOND;
    for (size_t i = 0; i < 2; i++) {
        test_follow(&poles[i].clock, &poles[i].crystal, poles[i].link, attached);
        poles[i].asked = poles[i].crystal.now;
        open_pole(&poles[i]);
        from =
            poles[i].crystal.now + USEC_SECOND > from ? poles[i].crystal.now + USEC_SECOND : from;
    }
    for (size_t i = 0; i < 2; i++) {
        run_programme(&poles[i], from, length);
    }
    compare_poles(&poles[0], &poles[1], (double)from + 1e5, (double)(from + length), windows);
    close_pole(&poles[0]);
    close_pole(&poles[1]);
}

static void measure_steady(char **args)
{
    static struct windows windows;
    struct pole poles[2];
    uint64_t seconds = 0;
    ENSURE(str_to_u64(str_of(args[2]), &seconds));
    begin_pole(&poles[0], -11, 1, link_named(args[0]));
    begin_pole(&poles[1], 18, 2, link_named(args[1]));
    run_pair(poles, 2 * USEC_HOUR, (usec)seconds * USEC_SECOND, &windows);
    print_windows(&windows);
}

static void measure_start(char **args)
{
    static struct windows windows;
    double worst_first = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct pole poles[2];
        size_t before = windows.count;
        begin_pole(&poles[0], -11, seed, link_named(args[0]));
        begin_pole(&poles[1], 18, seed + 50, link_named(args[1]));
        run_pair(poles, 0, 20 * USEC_SECOND, &windows);
        worst_first = fmax(worst_first, fabs(windows.off_ms[before]));
    }
    printf("first %.3f\n", worst_first);
    print_windows(&windows);
}

/* Numbers instead of sound, so that every sample can be followed. */
static errc read_numbers(void *ctx, int16_t *pcm, size_t most, size_t *ret_count, struct why *why)
{
    uint64_t *at = ctx;
    (void)why;
    for (size_t i = 0; i < most; i++) {
        pcm[i] = (int16_t)(++*at % 20000 + 1);
    }
    *ret_count = most;
    return OK;
}

static errc seek_numbers(void *ctx, uint64_t frame, struct why *why)
{
    (void)why;
    *(uint64_t *)ctx = frame;
    return OK;
}

static void measure_day(char **args)
{
    struct pole pole;
    uint64_t *numbers = mem_take(sizeof *numbers);
    struct source source = {numbers, read_numbers, seek_numbers, mem_give, 0};
    struct engine_play play = {.start_at = 0};
    voice_id voice = 0;
    int16_t pcm[SINK_TURN_MOST];
    int last = 0;
    size_t breaks = 0;
    usec heard = 0;
    begin_pole(&pole, 18, 4, link_named(args[0]));
    open_pole(&pole);
    engine_tap_set(pole.engine, ENGINE_TAP_PROOF, true);
    play.start_at = pole.crystal.now;
    ENSURE(engine_play(pole.engine, &play, (usec)pole.crystal.steady, &source, &voice, NULL) == OK);
    for (usec until = pole.crystal.now + USEC_DAY; pole.crystal.now < until;) {
        turn_pole(&pole);
        size_t got = engine_tap_read(pole.engine, ENGINE_TAP_PROOF, pcm, SINK_TURN_MOST, &heard);
        for (size_t i = 0; i < got; i++) {
            int step = pcm[i] - last;
            breaks += last > 0 && !((step >= 0 && step <= 2) || step < -19990) ? 1 : 0;
            last = pcm[i];
        }
    }
    printf("breaks %zu\nslewed %llu\n", breaks,
           (unsigned long long)engine_health(pole.engine).slewed);
    close_pole(&pole);
}

static void measure_hold(char **args)
{
    double hour = 0;
    double whole_day = 0;
    for (uint64_t seed = 1; seed <= 2 * SEEDS; seed++) {
        struct pole pole;
        begin_pole(&pole, seed % 2 == 0 ? 18 : -11, seed, link_named(args[0]));
        test_follow(&pole.clock, &pole.crystal, pole.link, 6 * USEC_HOUR);
        double before = test_error(&pole.clock, &pole.crystal);
        test_crystal_run(&pole.crystal, USEC_HOUR);
        hour = fmax(hour, fabs(test_error(&pole.clock, &pole.crystal) - before));
        test_crystal_run(&pole.crystal, 23 * USEC_HOUR);
        whole_day = fmax(whole_day, fabs(test_error(&pole.clock, &pole.crystal) - before));
    }
    printf("hour %.3f\nday %.3f\n", hour / 1e3, whole_day / 1e3);
}

static void measure_recordings(char **args)
{
    static struct windows windows;
    struct track tracks[2];
    double begins[2];
    ENSURE(str_to_double(str_of(args[2]), &begins[0]) &&
           str_to_double(str_of(args[3]), &begins[1]));
    load_track(&tracks[0], args[0], begins[0], SINK_RATE);
    load_track(&tracks[1], args[1], begins[1], SINK_RATE);
    double end = fmin(begins[0] + (double)tracks[0].bytes.len / 2 * 1e6 / SINK_RATE,
                      begins[1] + (double)tracks[1].bytes.len / 2 * 1e6 / SINK_RATE);
    for (double at = fmax(begins[0], begins[1]); at + 1.2e6 < end; at += 1e6) {
        if (compare_window(&tracks[0], &tracks[1], at, &windows)) {
            printf("window %.3f\n", windows.off_ms[windows.count - 1]);
        }
    }
    print_windows(&windows);
    buf_finish(&tracks[0].bytes);
    buf_finish(&tracks[1].bytes);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int args;
        void (*run)(char **args);
    } modes[] = {
        {"steady", 3, measure_steady}, {"start", 2, measure_start},        {"day", 1, measure_day},
        {"hold", 1, measure_hold},     {"compare", 4, measure_recordings},
    };
    buf_init(&item, 16 << 20);
    opus_make(&item, ITEM_S * USEC_SECOND, 1, 12);
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        if (argc == modes[i].args + 2 && str_is(str_of(argv[1]), str_of(modes[i].name))) {
            modes[i].run(argv + 2);
            buf_finish(&item);
            return 0;
        }
    }
    fprintf(stderr, "usage: see the head of sync_poles.c\n");
    return 2;
}

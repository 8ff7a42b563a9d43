/* Sinks with real threads: the null and the file sink by themselves, ALSA through its own null and
 * file plugins, which are the whole library but for a card. */
#include "agent/engine_testing.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

enum { WAIT_S = 30 };

struct hall {
    struct engine *engine;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool news;
};

static char folder[64];

static void tell_news(void *ctx)
{
    struct hall *hall = ctx;
    ignore_int(pthread_mutex_lock(&hall->lock));
    hall->news = true;
    ignore_int(pthread_cond_signal(&hall->wake));
    ignore_int(pthread_mutex_unlock(&hall->lock));
}

static void open_hall(struct hall *hall, struct sink *sink)
{
    struct engine_config config = {.on_news = tell_news, .ctx = hall, .retry = 300000};
    *hall = (struct hall){.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};
    assert_ok(engine_create(&config, sink, &hall->engine, NULL));
}

static struct engine_event wait_for(struct hall *hall, enum engine_news news)
{
    struct engine_event event = {0};
    struct timespec until = {(time_t)(now_utc() / USEC_SECOND) + WAIT_S, 0};
    int rc = 0;
    while (rc == 0) {
        while (engine_next(hall->engine, &event)) {
            if (event.news == news) {
                return event;
            }
        }
        ignore_int(pthread_mutex_lock(&hall->lock));
        while (!hall->news && rc == 0) {
            rc = pthread_cond_timedwait(&hall->wake, &hall->lock, &until);
        }
        hall->news = false;
        ignore_int(pthread_mutex_unlock(&hall->lock));
    }
    fail_msg("nothing of kind %d came", (int)news);
    return event;
}

static void play_some(struct hall *hall, usec length)
{
    struct source source = count_source(length, 7000);
    voice_id voice = 0;
    struct engine_play play = {.start_at = 0};
    assert_ok(engine_play(hall->engine, &play, now_steady(), &source, &voice, NULL));
    struct engine_event ended = wait_for(hall, ENGINE_ENDED);
    assert_int_equal(ended.end, ENGINE_WHOLE);
    assert_in_range(ended.sounded, length - 42, length);
}

static const char *path_of(const char *name)
{
    static char path[128];
    ignore_int(snprintf(path, sizeof path, "%s/%s", folder, name));
    return path;
}

/* Frames of that value in a WAV file, of which the head must hold what is there. */
static size_t count_in(const char *path, int16_t value)
{
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, 64 << 20);
    assert_ok(file_read(path, 64 << 20, &bytes, NULL));
    assert_true(bytes.len >= 44 && str_starts(buf_str(&bytes), S("RIFF")));
    uint32_t size = 0;
    memcpy(&size, bytes.at + 40, 4);
    assert_true(size <= bytes.len - 44 && bytes.len - 44 - size <= 960);
    size_t count = 0;
    for (size_t at = 44; at + 1 < bytes.len; at += 2) {
        int16_t frame = 0;
        memcpy(&frame, bytes.at + at, 2);
        count += frame == value;
    }
    return count;
}

static void nowhere_takes_sound_at_the_pace_of_time(void **state)
{
    (void)state;
    struct hall hall;
    open_hall(&hall, sink_null_create());
    usec before = now_steady();
    play_some(&hall, 300000);
    assert_true(now_steady() - before >= 270000);
    assert_int_equal(engine_health(hall.engine).underruns, 0);
    engine_destroy(hall.engine);
}

static void a_wav_file_is_whole_at_every_instant(void **state)
{
    (void)state;
    struct sink *sink = NULL;
    struct hall hall;
    assert_ok(sink_file_create(path_of("a.wav"), 1 << 20, &sink, NULL));
    open_hall(&hall, sink);
    play_some(&hall, 200000);
    /* Still open, as after a crash. */
    assert_int_equal(count_in(path_of("a.wav"), 7000), 9600);
    engine_destroy(hall.engine);
    assert_int_equal(count_in(path_of("a.wav"), 7000), 9600);
}

static void a_full_wav_file_gives_way_to_a_new_one(void **state)
{
    (void)state;
    struct sink *sink = NULL;
    int16_t pcm[SINK_TURN_MOST];
    struct stat about;
    for (size_t i = 0; i < SINK_TURN_MOST; i++) {
        pcm[i] = 5;
    }
    assert_failed(sink_file_create(path_of("b.wav"), 1000, &sink, NULL), ERR_INVALID);
    assert_ok(sink_file_create(path_of("b.wav"), 100000, &sink, NULL));
    assert_ok(sink->kind->open(sink, NULL));
    for (int i = 0; i < 150; i++) {
        assert_ok(sink->kind->put(sink, pcm, SINK_TURN_MOST, NULL));
        assert_int_equal(stat(path_of("b.wav"), &about), 0);
        assert_true(about.st_size <= 100000);
    }
    size_t old = count_in(path_of("b.wav.1"), 5);
    size_t now = count_in(path_of("b.wav"), 5);
    assert_int_equal(old + now, 150 * SINK_TURN_MOST);
    sink_destroy(sink);
}

static void alsa_takes_what_is_played(void **state)
{
    (void)state;
    struct hall hall;
    open_hall(&hall, sink_alsa_create("loa_null"));
    play_some(&hall, 300000);
    assert_true(engine_health(hall.engine).sink_works);
    engine_destroy(hall.engine);
    open_hall(&hall, sink_alsa_create("loa_file"));
    play_some(&hall, 300000);
    engine_destroy(hall.engine);
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, 64 << 20);
    assert_ok(file_read(path_of("alsa.raw"), 64 << 20, &bytes, NULL));
    size_t count = 0;
    for (size_t at = 0; at + 1 < bytes.len; at += 2) {
        count += bytes.at[at] == (char)(7000 & 0xff) && bytes.at[at + 1] == (char)(7000 >> 8);
    }
    /* But for a few samples by which it follows the time. */
    assert_in_range(count, 14000, 14800);
}

static void a_card_that_is_not_there_is_told_and_time_goes_on(void **state)
{
    (void)state;
    struct hall hall;
    struct why why = {""};
    open_hall(&hall, sink_alsa_create("loa_none"));
    ignore_int((long)wait_for(&hall, ENGINE_SINK_LOST).voice);
    engine_sink_reason(hall.engine, &why);
    assert_true(str_starts(str_of(why.text), S("loa_none: opening")));
    struct source source = count_source(100000, 7000);
    voice_id voice = 0;
    struct engine_play play = {.start_at = 0};
    assert_ok(engine_play(hall.engine, &play, now_steady(), &source, &voice, NULL));
    struct engine_event ended = wait_for(&hall, ENGINE_ENDED);
    assert_int_equal(ended.sounded, 0);
    assert_in_range(ended.position, 99950, 100000);
    engine_destroy(hall.engine);
}

/* A card that is pulled out now and then. */
struct loose {
    struct sink base;
    struct sink *null;
    int puts;
};

static errc open_loose(struct sink *sink, struct why *why)
{
    return ((struct loose *)sink)->null->kind->open(((struct loose *)sink)->null, why);
}

static errc wait_loose(struct sink *sink, struct sink_turn *ret_turn, struct why *why)
{
    struct sink *null = ((struct loose *)sink)->null;
    return null->kind->wait(null, ret_turn, why);
}

static errc put_loose(struct sink *sink, const int16_t *pcm, size_t frames, struct why *why)
{
    struct loose *loose = (struct loose *)sink;
    (void)pcm;
    (void)frames;
    return ++loose->puts % 16 == 0 ? fail(why, ERR_IO, "pulled out") : OK;
}

static void stop_loose(struct sink *sink)
{
    ((struct loose *)sink)->null->kind->stop(((struct loose *)sink)->null);
}

static void destroy_loose(struct sink *sink)
{
    sink_destroy(((struct loose *)sink)->null);
    mem_give(sink);
}

static void a_card_that_is_pulled_out_comes_back(void **state)
{
    (void)state;
    static const struct sink_kind kind = {"loose",       open_loose, wait_loose,   put_loose,
                                          stage_nothing, stop_loose, destroy_loose};
    struct hall hall;
    struct loose *loose = mem_take(sizeof *loose);
    loose->base.kind = &kind;
    loose->null = sink_null_create();
    open_hall(&hall, &loose->base);
    for (int i = 0; i < 3; i++) {
        ignore_int((long)wait_for(&hall, ENGINE_SINK_LOST).voice);
        ignore_int((long)wait_for(&hall, ENGINE_SINK_BACK).voice);
    }
    engine_destroy(hall.engine);
}

static int set_up(void **state)
{
    (void)state;
    ignore_int(snprintf(folder, sizeof folder, "/tmp/loa-sink-XXXXXX"));
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 4096);
    buf_add_text(&text,
                 "pcm.loa_null { type null }\npcm.loa_file { type file\n slave.pcm loa_null\n");
    buf_add_format(&text, " file \"%s\"\n format raw }\n", path_of("alsa.raw"));
    if (file_write(path_of("asound.conf"), buf_str(&text), 0600, NULL) != OK) {
        return -1;
    }
    return setenv("ALSA_CONFIG_PATH", path_of("asound.conf"), 1);
}

static int clean_up(void **state)
{
    (void)state;
    return file_remove_tree(folder, NULL) == OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nowhere_takes_sound_at_the_pace_of_time),
        cmocka_unit_test(a_wav_file_is_whole_at_every_instant),
        cmocka_unit_test(a_full_wav_file_gives_way_to_a_new_one),
        cmocka_unit_test(alsa_takes_what_is_played),
        cmocka_unit_test(a_card_that_is_not_there_is_told_and_time_goes_on),
        cmocka_unit_test(a_card_that_is_pulled_out_comes_back),
    };
    return cmocka_run_group_tests_name("agent: sinks", tests, set_up, clean_up);
}

/* The loop: timers, posts from other threads, jobs, signals, and an end that loses nothing. */
#include "loop/loop.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 4, POSTS = 2000 };

struct scene {
    struct loop *loop;
    int ticks;
    loop_timer timer;
    loop_timer other;
    size_t posted;
    size_t stop_at;
    atomic_int ran;
    int done;
    pthread_t loop_thread;
    bool same_thread;
};

static int begin(void **state)
{
    static struct scene scene;
    scene = (struct scene){.loop_thread = pthread_self()};
    assert_int_equal(loop_create(NULL, &scene.loop, NULL), OK);
    *state = &scene;
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    loop_destroy(scene->loop);
    return 0;
}

static void tick(void *ctx)
{
    struct scene *scene = ctx;
    scene->ticks++;
    if (scene->ticks == 3) {
        loop_timer_stop(scene->loop, scene->timer);
        loop_timer_stop(scene->loop, scene->timer);
        loop_stop(scene->loop);
    }
}

static void never_called(void *ctx)
{
    (void)ctx;
    fail_msg("this was stopped");
}

static void repeats_a_timer_until_it_is_stopped(void **state)
{
    struct scene *scene = *state;
    scene->timer = loop_timer_start(scene->loop, 1000, 1000, tick, scene);
    loop_timer stopped = loop_timer_start(scene->loop, 0, 0, never_called, NULL);
    loop_timer_stop(scene->loop, stopped);
    loop_timer_stop(scene->loop, LOOP_TIMER_NONE);
    usec before = loop_now(scene->loop);
    loop_run(scene->loop);
    assert_int_equal(scene->ticks, 3);
    assert_true(loop_now(scene->loop) - before >= 2000);
}

static void count_post(void *ctx)
{
    struct scene *scene = ctx;
    scene->posted++;
    scene->same_thread = pthread_equal(pthread_self(), scene->loop_thread) != 0;
    if (scene->posted == scene->stop_at) {
        loop_stop(scene->loop);
    }
}

static void *post_many(void *ctx)
{
    struct scene *scene = ctx;
    for (int i = 0; i < POSTS; i++) {
        while (loop_post(scene->loop, count_post, scene) != OK) {
        }
    }
    return NULL;
}

static void runs_what_other_threads_post(void **state)
{
    struct scene *scene = *state;
    pthread_t threads[THREADS];
    scene->stop_at = (size_t)THREADS * POSTS;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, post_many, scene), 0);
    }
    loop_run(scene->loop);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(scene->posted, THREADS * POSTS);
    assert_true(scene->same_thread);
}

static void refuses_a_post_beyond_the_limit_and_runs_the_others(void **state)
{
    (void)state;
    struct scene scene = {.loop_thread = pthread_self()};
    struct loop_config config = {.posts_most = 3};
    assert_int_equal(loop_create(&config, &scene.loop, NULL), OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(loop_post(scene.loop, count_post, &scene), OK);
    }
    assert_int_equal(loop_post(scene.loop, count_post, &scene), ERR_BUSY);
    loop_destroy(scene.loop); /* what was accepted still runs */
    assert_int_equal(scene.posted, 3);
}

static void run_job(void *ctx)
{
    struct scene *scene = ctx;
    atomic_fetch_add(&scene->ran, 1);
}

static void end_job(void *ctx)
{
    struct scene *scene = ctx;
    scene->done++;
    assert_true(pthread_equal(pthread_self(), scene->loop_thread) != 0);
}

static void brings_every_job_back_to_the_loop_thread(void **state)
{
    (void)state;
    struct scene scene = {.loop_thread = pthread_self()};
    struct loop_config config = {.works_most = 8};
    assert_int_equal(loop_create(&config, &scene.loop, NULL), OK);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(loop_work(scene.loop, run_job, end_job, &scene), OK);
    }
    assert_int_equal(loop_work(scene.loop, run_job, end_job, &scene), ERR_BUSY);
    loop_destroy(scene.loop); /* waits for them */
    assert_int_equal(atomic_load(&scene.ran), 8);
    assert_int_equal(scene.done, 8);
}

static void on_signal(void *ctx)
{
    struct scene *scene = ctx;
    scene->ticks++;
    loop_stop(scene->loop);
}

static void send_signal(void *ctx)
{
    (void)ctx;
    ignore_int(kill(getpid(), SIGHUP));
}

static void hears_signals(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(loop_on_signal(scene->loop, SIGHUP, on_signal, scene, NULL), OK);
    assert_int_equal(loop_on_signal(scene->loop, SIGHUP, on_signal, scene, NULL), ERR_EXISTS);
    assert_int_equal(loop_post(scene->loop, send_signal, NULL), OK);
    loop_run(scene->loop);
    assert_int_equal(scene->ticks, 1);
}

static void may_be_stopped_before_it_runs_and_run_again(void **state)
{
    struct scene *scene = *state;
    loop_stop(scene->loop);
    loop_run(scene->loop);
    scene->stop_at = 1;
    assert_int_equal(loop_post(scene->loop, count_post, scene), OK);
    loop_run(scene->loop);
    assert_int_equal(scene->posted, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(repeats_a_timer_until_it_is_stopped, begin, end),
        cmocka_unit_test_setup_teardown(runs_what_other_threads_post, begin, end),
        cmocka_unit_test(refuses_a_post_beyond_the_limit_and_runs_the_others),
        cmocka_unit_test(brings_every_job_back_to_the_loop_thread),
        cmocka_unit_test_setup_teardown(hears_signals, begin, end),
        cmocka_unit_test_setup_teardown(may_be_stopped_before_it_runs_and_run_again, begin, end),
    };
    return cmocka_run_group_tests_name("loop: loop", tests, NULL, NULL);
}

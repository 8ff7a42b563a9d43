/* The loop over libuv: timers behind ids, a bounded queue into the loop thread, jobs on libuv's
 * worker threads. Nothing that was accepted (a post, a job's `done`) may be lost, not even when
 * the loop ends. */
#include "loop/loop.h"

#include "base/crash.h"

#include "loop/loop_uv.h"
#include "loop/slots.h"

#include <signal.h>
#include <stdatomic.h>

enum {
    POSTS_MOST = 65536,
    WORKS_MOST = 4096,
    SIGNALS_MOST = 8,
};

struct post {
    struct post *next;
    loop_fn *fn;
    void *ctx;
};

struct timer {
    uv_timer_t uv;
    struct loop *loop;
    loop_timer id;
    loop_fn *fn;
    void *ctx;
};

struct job {
    uv_work_t uv;
    struct loop *loop;
    loop_fn *run;
    loop_fn *done;
    void *ctx;
};

struct signal_handler {
    uv_signal_t uv;
    int number;
    loop_fn *fn;
    void *ctx;
};

struct loop {
    uv_loop_t uv;
    uv_async_t wake;
    struct slots timers;
    size_t works;
    size_t works_most;
    struct signal_handler signals[SIGNALS_MOST];
    size_t signal_count;
    atomic_bool stop;
    uv_mutex_t lock; /* guards what follows */
    struct post *first_post;
    struct post *last_post;
    size_t posts;
    size_t posts_most;
};

uv_loop_t *loop_uv(struct loop *loop)
{
    return &loop->uv;
}

static struct post *take_posts(struct loop *loop)
{
    uv_mutex_lock(&loop->lock);
    struct post *posts = loop->first_post;
    loop->first_post = NULL;
    loop->last_post = NULL;
    loop->posts = 0;
    uv_mutex_unlock(&loop->lock);
    return posts;
}

static void run_posts(struct loop *loop)
{
    struct post *post = take_posts(loop);
    while (post != NULL) {
        struct post *next = post->next;
        post->fn(post->ctx);
        mem_give(post);
        post = next;
    }
}

static void on_wake(uv_async_t *wake)
{
    struct loop *loop = wake->data;
    run_posts(loop);
    if (atomic_load(&loop->stop)) {
        uv_stop(&loop->uv);
    }
}

errc loop_create(const struct loop_config *config, struct loop **ret_loop, struct why *why)
{
    struct loop *loop = mem_take(sizeof *loop);
    loop->posts_most = config == NULL || config->posts_most == 0 ? POSTS_MOST : config->posts_most;
    loop->works_most = config == NULL || config->works_most == 0 ? WORKS_MOST : config->works_most;
    slots_init(&loop->timers);
    atomic_init(&loop->stop, false);
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    ignore_int(sigaction(SIGPIPE, &ignored, NULL)); /* a peer that has left is an error value */
    int rc = uv_loop_init(&loop->uv);
    if (rc != 0) {
        mem_give(loop);
        return fail_errno(why, -rc, "cannot make an event loop");
    }
    rc = uv_async_init(&loop->uv, &loop->wake, on_wake);
    if (rc == 0) {
        rc = uv_mutex_init(&loop->lock);
    }
    if (rc != 0) {
        ignore_int(uv_loop_close(&loop->uv));
        mem_give(loop);
        return fail_errno(why, -rc, "cannot make an event loop");
    }
    loop->wake.data = loop;
    *ret_loop = loop;
    return OK;
}

void loop_run(struct loop *loop)
{
    uv_update_time(&loop->uv);
    if (!atomic_load(&loop->stop)) {
        ignore_int(uv_run(&loop->uv, UV_RUN_DEFAULT));
    }
    atomic_store(&loop->stop, false);
}

static bool has_posts(struct loop *loop)
{
    uv_mutex_lock(&loop->lock);
    bool has = loop->first_post != NULL;
    uv_mutex_unlock(&loop->lock);
    return has;
}

void loop_drain(struct loop *loop)
{
    while (has_posts(loop) || loop->works > 0) {
        run_posts(loop);
        if (loop->works > 0) {
            ignore_int(uv_run(&loop->uv, UV_RUN_ONCE));
        }
    }
}

void loop_stop(struct loop *loop)
{
    atomic_store(&loop->stop, true);
    ignore_int(uv_async_send(&loop->wake));
}

usec loop_now(const struct loop *loop)
{
    return (usec)uv_now(&loop->uv) * 1000;
}

errc loop_post(struct loop *loop, loop_fn *fn, void *ctx)
{
    struct post *post = mem_take(sizeof *post);
    post->fn = fn;
    post->ctx = ctx;
    uv_mutex_lock(&loop->lock);
    bool full = loop->posts >= loop->posts_most;
    if (!full) {
        if (loop->last_post == NULL) {
            loop->first_post = post;
        } else {
            loop->last_post->next = post;
        }
        loop->last_post = post;
        loop->posts++;
    }
    uv_mutex_unlock(&loop->lock);
    if (full) {
        mem_give(post);
        return ERR_BUSY;
    }
    ignore_int(uv_async_send(&loop->wake));
    return OK;
}

static void on_timer_closed(uv_handle_t *handle)
{
    mem_give(handle->data);
}

static void end_timer(struct timer *timer)
{
    slots_drop(&timer->loop->timers, timer->id.slot, timer->id.generation);
    uv_close((uv_handle_t *)&timer->uv, on_timer_closed);
}

static void on_timer(uv_timer_t *handle)
{
    struct timer *timer = handle->data;
    loop_fn *fn = timer->fn;
    void *ctx = timer->ctx;
    if (uv_timer_get_repeat(handle) == 0) {
        end_timer(timer);
    }
    fn(ctx);
}

static uint64_t milliseconds(usec length)
{
    return length <= 0 ? 0 : (uint64_t)((length + 999) / 1000);
}

loop_timer loop_timer_start(struct loop *loop, usec after, usec every, loop_fn *fn, void *ctx)
{
    struct timer *timer = mem_take(sizeof *timer);
    timer->loop = loop;
    timer->fn = fn;
    timer->ctx = ctx;
    timer->uv.data = timer;
    ignore_int(uv_timer_init(&loop->uv, &timer->uv));
    /* A small allocation of our own: dies like mem_take(). */
    ENSURE(slots_add(&loop->timers, timer, &timer->id.slot, &timer->id.generation));
    ignore_int(uv_timer_start(&timer->uv, on_timer, milliseconds(after), milliseconds(every)));
    return timer->id;
}

void loop_timer_stop(struct loop *loop, loop_timer id)
{
    struct timer *timer = slots_get(&loop->timers, id.slot, id.generation);
    if (timer != NULL) {
        end_timer(timer);
    }
}

static void on_run(uv_work_t *work)
{
    struct job *job = work->data;
    job->run(job->ctx);
}

static void on_ran(uv_work_t *work, int status)
{
    (void)status; /* jobs are never cancelled */
    struct job *job = work->data;
    loop_fn *done = job->done;
    void *ctx = job->ctx;
    job->loop->works--;
    mem_give(job);
    if (done != NULL) {
        done(ctx);
    }
}

errc loop_work(struct loop *loop, loop_fn *run, loop_fn *done, void *ctx)
{
    if (loop->works >= loop->works_most) {
        return ERR_BUSY;
    }
    struct job *job = mem_take(sizeof *job);
    *job = (struct job){.loop = loop, .run = run, .done = done, .ctx = ctx};
    job->uv.data = job;
    if (uv_queue_work(&loop->uv, &job->uv, on_run, on_ran) != 0) {
        mem_give(job);
        return ERR_BUSY;
    }
    loop->works++;
    return OK;
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    struct signal_handler *handler = handle->data;
    handler->fn(handler->ctx);
}

errc loop_on_signal(struct loop *loop, int number, loop_fn *fn, void *ctx, struct why *why)
{
    for (size_t i = 0; i < loop->signal_count; i++) {
        if (loop->signals[i].number == number) {
            return fail(why, ERR_EXISTS, "signal %d already has its handler", number);
        }
    }
    if (loop->signal_count == SIGNALS_MOST) {
        return fail(why, ERR_TOO_MANY, "more than %d signals", SIGNALS_MOST);
    }
    struct signal_handler *handler = &loop->signals[loop->signal_count];
    handler->number = number;
    handler->fn = fn;
    handler->ctx = ctx;
    handler->uv.data = handler;
    ignore_int(uv_signal_init(&loop->uv, &handler->uv));
    loop->signal_count++;
    int rc = uv_signal_start(&handler->uv, on_signal, number);
    if (rc != 0) {
        return fail_errno(why, -rc, "cannot listen for signal %d", number);
    }
    return OK;
}

void loop_destroy(struct loop *loop)
{
    if (loop == NULL) {
        return;
    }
    run_posts(loop);
    while (loop->works > 0) {
        ignore_int(uv_run(&loop->uv, UV_RUN_ONCE));
        run_posts(loop);
    }
    for (uint32_t i = 0; i < loop->timers.count; i++) {
        struct timer *timer = slots_at(&loop->timers, i);
        if (timer != NULL) {
            end_timer(timer);
        }
    }
    for (size_t i = 0; i < loop->signal_count; i++) {
        uv_close((uv_handle_t *)&loop->signals[i].uv, NULL);
    }
    uv_close((uv_handle_t *)&loop->wake, NULL);
    ignore_int(uv_run(&loop->uv, UV_RUN_DEFAULT));
    ignore_int(uv_loop_close(&loop->uv));
    run_posts(loop);
    uv_mutex_destroy(&loop->lock);
    slots_finish(&loop->timers);
    mem_give(loop);
}

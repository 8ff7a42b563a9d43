/* The event loop: the one place that waits. Everything a loop calls runs on the thread that is
 * inside loop_run(); only loop_post() and loop_stop() may be called from another thread. What is
 * slow (files, databases, password hashes) goes to worker threads through loop_work() and comes
 * back to the loop thread. Which library does the waiting is nobody's business outside this room.
 */
#ifndef LOA_LOOP_LOOP_H
#define LOA_LOOP_LOOP_H

#include "base/base.h"

struct loop;

struct loop_config {
    size_t posts_most; /* waiting loop_post() calls; 0 gives 65,536 */
    size_t works_most; /* loop_work() jobs waiting or running; 0 gives 4,096 */
};

typedef void loop_fn(void *ctx);

/* A null config gives the defaults. The process ignores SIGPIPE from then on. */
CHECKED errc loop_create(const struct loop_config *config, struct loop **ret_loop, struct why *why);
/* Waits for running jobs (their `done` is called), drops timers and signals. Accepts null. Posts
 * that never ran are run now, so that what they carry is not lost. */
void loop_destroy(struct loop *loop);
/* Returns after loop_stop(). May be called again. */
void loop_run(struct loop *loop);
/* Runs what was posted and waits for the jobs under way, with what they post in turn, until
 * nothing is left: for stopping in order, before what they refer to is taken apart. */
void loop_drain(struct loop *loop);
/* Ends loop_run() after the current turn; sticks until loop_run() has returned. Any thread. */
void loop_stop(struct loop *loop);

/* The steady clock, read once per turn, in steps of a millisecond. */
usec loop_now(const struct loop *loop);

/* Timers. An id that has ended is harmless: stopping it does nothing, and it never hits another. */
typedef struct loop_timer {
    uint32_t slot;
    uint32_t generation; /* 0 in no living timer */
} loop_timer;

#define LOOP_TIMER_NONE ((loop_timer){0, 0})

/* `every` 0 fires once. fn may stop its own timer. */
loop_timer loop_timer_start(struct loop *loop, usec after, usec every, loop_fn *fn, void *ctx);
void loop_timer_stop(struct loop *loop, loop_timer timer);

/* Runs fn(ctx) on the loop thread, in the order of posting. Any thread. ERR_BUSY when the queue is
 * full: then nothing was posted and ctx is still the caller's. */
CHECKED errc loop_post(struct loop *loop, loop_fn *fn, void *ctx);

/* run(ctx) on a worker thread, then done(ctx) on the loop thread; done may be null. ERR_BUSY when
 * too many jobs wait: then neither is called. Loop thread only. */
CHECKED errc loop_work(struct loop *loop, loop_fn *run, loop_fn *done, void *ctx);

/* fn(ctx) on the loop thread whenever the process gets this signal. One handler per signal and
 * loop: ERR_EXISTS otherwise. The disposition returns to the default when the loop ends. */
CHECKED errc loop_on_signal(struct loop *loop, int signal, loop_fn *fn, void *ctx, struct why *why);

#endif

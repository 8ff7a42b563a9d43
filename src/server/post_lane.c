/* See post_lane.h. */
#include "server/post_lane.h"

#include "base/crash.h"

#include <pthread.h>

struct post_lane {
    struct loop *loop;
    struct post *post;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    struct post_batch *batch; /* to be sent; under the lock */
    bool ends;                /* under the lock */
    bool is_running;          /* the thread is there */
};

static struct post_batch *wait_for_batch(struct post_lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    while (lane->batch == NULL && !lane->ends) {
        pthread_cond_wait(&lane->woken, &lane->lock);
    }
    struct post_batch *batch = lane->batch;
    lane->batch = NULL;
    pthread_mutex_unlock(&lane->lock);
    return batch;
}

static void *run(void *ctx)
{
    struct post_lane *lane = ctx;
    for (struct post_batch *batch = wait_for_batch(lane); batch != NULL;
         batch = wait_for_batch(lane)) {
        post_send(lane->post, batch->config, &batch->letters, batch->now, batch->results);
        ENSURE(loop_post(lane->loop, batch->done, batch->ctx) == OK);
    }
    return NULL;
}

errc post_lane_start(struct loop *loop, struct post_lane **ret_lane, struct why *why)
{
    struct post_lane *lane = mem_take(sizeof *lane);
    lane->loop = loop;
    pthread_mutex_init(&lane->lock, NULL);
    pthread_cond_init(&lane->woken, NULL);
    errc rc = post_create(&lane->post, why);
    if (rc == OK && pthread_create(&lane->thread, NULL, run, lane) != 0) {
        rc = fail(why, ERR_NO_MEMORY, "no thread");
    }
    lane->is_running = rc == OK;
    if (rc != OK) {
        post_lane_destroy(lane);
        return rc;
    }
    *ret_lane = lane;
    return OK;
}

void post_lane_send(struct post_lane *lane, struct post_batch *batch)
{
    pthread_mutex_lock(&lane->lock);
    lane->batch = batch;
    pthread_cond_signal(&lane->woken);
    pthread_mutex_unlock(&lane->lock);
}

void post_lane_halt(struct post_lane *lane)
{
    if (lane == NULL || !lane->is_running) {
        return;
    }
    pthread_mutex_lock(&lane->lock);
    lane->ends = true;
    pthread_cond_signal(&lane->woken);
    pthread_mutex_unlock(&lane->lock);
    post_stop(lane->post);
    pthread_join(lane->thread, NULL);
    lane->is_running = false;
}

void post_lane_destroy(struct post_lane *lane)
{
    if (lane != NULL) {
        post_destroy(lane->post);
        pthread_cond_destroy(&lane->woken);
        pthread_mutex_destroy(&lane->lock);
        mem_give(lane);
    }
}

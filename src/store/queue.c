/* A ring under a lock. Closing lets the waiting jobs be taken, but no new one in. */
#include "store/queue.h"

#include <errno.h>
#include <time.h>

void queue_init(struct queue *queue, size_t most)
{
    pthread_condattr_t steady;
    *queue = (struct queue){.most = most, .ring = mem_take_array(most, sizeof(struct store_job))};
    pthread_mutex_init(&queue->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->filled, &steady);
    pthread_condattr_destroy(&steady);
}

void queue_finish(struct queue *queue)
{
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
    mem_give(queue->ring);
}

errc queue_put(struct queue *queue, const struct store_job *job, struct why *why)
{
    errc rc = OK;
    pthread_mutex_lock(&queue->lock);
    if (queue->closing) {
        rc = fail(why, ERR_CLOSED, "the store is closing");
    } else if (queue->count == queue->most) {
        rc = fail(why, ERR_BUSY, "%zu jobs are waiting", queue->count);
    } else {
        queue->ring[(queue->first + queue->count) % queue->most] = *job;
        queue->count++;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return rc;
}

static void wait_locked(struct queue *queue, usec until)
{
    struct timespec time = {until / USEC_SECOND, (long)(until % USEC_SECOND) * 1000};
    int rc = 0;
    while (queue->count == 0 && !queue->closing && rc != ETIMEDOUT) {
        rc = pthread_cond_timedwait(&queue->filled, &queue->lock, &time);
    }
}

enum queue_state queue_take(struct queue *queue, usec until, struct store_job *ret_job)
{
    enum queue_state state = QUEUE_EMPTY;
    pthread_mutex_lock(&queue->lock);
    if (until != 0) {
        wait_locked(queue, until);
    }
    if (queue->count > 0) {
        *ret_job = queue->ring[queue->first];
        queue->first = (queue->first + 1) % queue->most;
        queue->count--;
        state = QUEUE_JOB;
    } else if (queue->closing) {
        state = QUEUE_CLOSED;
    }
    pthread_mutex_unlock(&queue->lock);
    return state;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closing = true;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

size_t queue_waiting(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    size_t count = queue->count;
    pthread_mutex_unlock(&queue->lock);
    return count;
}

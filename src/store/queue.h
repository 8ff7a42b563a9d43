/* A bounded queue of jobs between threads. */
#ifndef LOA_STORE_QUEUE_H
#define LOA_STORE_QUEUE_H

#include "base/base.h"
#include "store/store.h"

#include <pthread.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct store_job *ring;
    size_t most;
    size_t first;
    size_t count;
    bool closing;
};

enum queue_state { QUEUE_JOB, QUEUE_EMPTY, QUEUE_CLOSED };

void queue_init(struct queue *queue, size_t most);
void queue_finish(struct queue *queue);
CHECKED errc queue_put(struct queue *queue, const struct store_job *job, struct why *why);
/* Waits until `until` (steady clock; 0 does not wait). QUEUE_CLOSED: closing and empty. */
enum queue_state queue_take(struct queue *queue, usec until, struct store_job *ret_job);
void queue_close(struct queue *queue);
size_t queue_waiting(struct queue *queue);

#endif

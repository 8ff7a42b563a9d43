/* The load of a bench; a slot per job under way, given back by its acknowledgement. */
#include "store/testing/test_load.h"

#include "probe/probe_sql.h"

#include <pthread.h>

struct slot {
    struct thread *thread;
    struct plays_add_in *rows;
    usec started;
    bool busy;
};

struct thread {
    const struct test_load *load;
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct slot *slots;
    int under_way;
    int number;
    usec slowest;
    errc rc;
    struct why why;
};

static errc add_rows(void *ctx, struct db *db, struct why *why)
{
    const struct slot *slot = ctx;
    return plays_add_batch(db, slot->rows, (size_t)slot->thread->load->rows_per_job, why);
}

static void acknowledged(void *ctx, errc rc, const struct why *why)
{
    struct slot *slot = ctx;
    struct thread *thread = slot->thread;
    usec took = now_steady() - slot->started;
    pthread_mutex_lock(&thread->lock);
    if (rc != OK) {
        thread->rc = rc;
        thread->why = *why;
    }
    thread->slowest = took > thread->slowest ? took : thread->slowest;
    slot->busy = false;
    thread->under_way--;
    pthread_cond_signal(&thread->freed);
    pthread_mutex_unlock(&thread->lock);
}

static struct slot *wait_for_slot(struct thread *thread)
{
    struct slot *slot = thread->slots;
    pthread_mutex_lock(&thread->lock);
    while (thread->under_way == thread->load->jobs_under_way) {
        pthread_cond_wait(&thread->freed, &thread->lock);
    }
    while (slot->busy) {
        slot++;
    }
    slot->busy = true;
    thread->under_way++;
    pthread_mutex_unlock(&thread->lock);
    return slot;
}

static void wait_for_all(struct thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    while (thread->under_way > 0) {
        pthread_cond_wait(&thread->freed, &thread->lock);
    }
    pthread_mutex_unlock(&thread->lock);
}

static void fill_rows(const struct thread *thread, struct slot *slot, int job)
{
    usec now = 1800000000 * USEC_SECOND + (usec)job * 1000;
    for (int i = 0; i < thread->load->rows_per_job; i++) {
        slot->rows[i] = (struct plays_add_in){.device_id = (thread->number * 2500 + i) % 10000,
                                              .item_id = 100000 + job % 300,
                                              .at_us = now + i,
                                              .state = i % 5,
                                              .gain = -6};
    }
}

static void *submit_all(void *ctx)
{
    struct thread *thread = ctx;
    for (int job = 0; job < thread->load->jobs_per_thread; job++) {
        struct slot *slot = wait_for_slot(thread);
        struct store_job one = {.run = add_rows, .done = acknowledged, .ctx = slot};
        struct why why = {.text = ""};
        fill_rows(thread, slot, job);
        slot->started = now_steady();
        errc rc = store_write(thread->store, &one, &why);
        if (rc != OK) {
            acknowledged(slot, rc, &why);
        }
    }
    wait_for_all(thread);
    return NULL;
}

static void start_thread(struct thread *thread)
{
    const struct test_load *load = thread->load;
    pthread_mutex_init(&thread->lock, NULL);
    pthread_cond_init(&thread->freed, NULL);
    thread->slots = mem_take_array((size_t)load->jobs_under_way, sizeof *thread->slots);
    for (int i = 0; i < load->jobs_under_way; i++) {
        thread->slots[i].thread = thread;
        thread->slots[i].rows =
            mem_take_array((size_t)load->rows_per_job, sizeof(struct plays_add_in));
    }
    if (pthread_create(&thread->thread, NULL, submit_all, thread) != 0) {
        exit(1);
    }
}

static void end_thread(struct thread *thread)
{
    pthread_join(thread->thread, NULL);
    for (int i = 0; i < thread->load->jobs_under_way; i++) {
        mem_give(thread->slots[i].rows);
    }
    mem_give(thread->slots);
    pthread_mutex_destroy(&thread->lock);
    pthread_cond_destroy(&thread->freed);
}

errc test_load_run(struct store *store, const struct test_load *load,
                   struct test_load_result *ret_result, struct why *why)
{
    struct thread *threads = mem_take_array((size_t)load->threads, sizeof *threads);
    usec before = now_steady();
    errc rc = OK;
    *ret_result = (struct test_load_result){.slowest = 0};
    for (int i = 0; i < load->threads; i++) {
        threads[i] = (struct thread){.load = load, .store = store, .number = i};
        start_thread(&threads[i]);
    }
    for (int i = 0; i < load->threads; i++) {
        end_thread(&threads[i]);
        rc = threads[i].rc == OK ? rc : fail(why, threads[i].rc, "%.200s", threads[i].why.text);
        if (threads[i].slowest > ret_result->slowest) {
            ret_result->slowest = threads[i].slowest;
        }
    }
    mem_give(threads);
    ret_result->seconds = (double)(now_steady() - before) / 1e6;
    ret_result->rows = (int64_t)load->threads * load->jobs_per_thread * load->rows_per_job;
    return rc;
}

/* Opening, closing and the two queues. What must never happen: a store that opens on a schema which
 * one of its statements does not fit. */
#include "store/store.h"

#include "store/migrate.h"
#include "store/store_impl.h"
#include "store/store_store.h"

enum { READERS = 2, WRITERS = 2, QUEUE_MOST = 4096, GROUP_MOST = 256 };
enum { QUEUE_CEILING = 1000000 };
#define JOB_LIMIT (30 * USEC_SECOND)

static size_t choose(size_t wanted, size_t usual, size_t most)
{
    size_t value = wanted == 0 ? usual : wanted;
    return value > most ? most : value;
}

static void take_config(struct store *store, const struct store_config *config)
{
    struct store_config *own = &store->config;
    *own = *config;
    store->path = config->path == NULL ? NULL : mem_text(config->path);
    store->conninfo = config->conninfo == NULL ? NULL : mem_text(config->conninfo);
    own->readers = choose(config->readers, READERS, STORE_THREADS_MOST);
    own->writers = choose(config->writers, WRITERS, STORE_THREADS_MOST);
    own->writers = own->kind == STORE_SQLITE ? 1 : own->writers;
    own->queue_most = choose(config->queue_most, QUEUE_MOST, QUEUE_CEILING);
    own->group_most = choose(config->group_most, GROUP_MOST, QUEUE_MOST);
    own->job_limit = config->job_limit == 0 ? JOB_LIMIT : config->job_limit;
}

static errc take_rooms(struct store *store, const struct store_config *config, struct why *why)
{
    if (config->room_count >= DB_ROOMS) {
        return fail(why, ERR_TOO_BIG, "too many rooms");
    }
    store->list[0] = &store_room;
    for (size_t i = 0; i < config->room_count; i++) {
        store->list[i + 1] = config->rooms[i];
    }
    return db_rooms_init(&store->rooms, store->list, config->room_count + 1, why);
}

/* The first connection: creates the file, migrates. */
static errc prepare_schema(struct store *store, struct why *why)
{
    struct db *db = NULL;
    if (store->config.kind == STORE_SQLITE) {
        struct db_sqlite_open open = {
            .path = store->path,
            .rooms = &store->rooms,
            .pages_most = store->config.pages_most,
            .create = !store->config.only_check,
        };
        TRY(db_sqlite_open(&open, &db, why));
    } else {
        struct db_pg_open open = {.conninfo = store->conninfo, .rooms = &store->rooms};
        TRY(db_pg_open(&open, &db, why));
    }
    errc rc = migrate(db, &store->rooms, store->config.only_check, why);
    db_close(db);
    return rc;
}

static void *read_thread(void *ctx)
{
    struct worker *worker = ctx;
    work_read(worker->link.store, &worker->link);
    return NULL;
}

static void *write_thread(void *ctx)
{
    struct worker *worker = ctx;
    if (worker->link.store->config.kind == STORE_SQLITE) {
        work_write_groups(worker->link.store, &worker->link);
    } else {
        work_write(worker->link.store, &worker->link);
    }
    return NULL;
}

static errc open_worker(struct store *store, struct worker *worker, bool read_only, struct why *why)
{
    worker->link = (struct link){.store = store, .read_only = read_only};
    worker->link.seed.state = entropy_u64(store->config.entropy);
    return link_open(&worker->link, why);
}

static errc start_worker(struct worker *worker, void *(*body)(void *ctx), struct why *why)
{
    if (pthread_create(&worker->thread, NULL, body, worker) != 0) {
        return fail(why, ERR_NO_MEMORY, "no thread");
    }
    worker->started = true;
    return OK;
}

static errc start_all(struct store *store, struct why *why)
{
    TRY(prepare_schema(store, why));
    for (size_t i = 0; i < store->config.writers; i++) {
        TRY(open_worker(store, &store->writers[i], false, why));
    }
    for (size_t i = 0; i < store->config.readers; i++) {
        TRY(open_worker(store, &store->readers[i], true, why));
    }
    TRY(watch_start(store, why));
    for (size_t i = 0; i < store->config.writers; i++) {
        TRY(start_worker(&store->writers[i], write_thread, why));
    }
    for (size_t i = 0; i < store->config.readers; i++) {
        TRY(start_worker(&store->readers[i], read_thread, why));
    }
    return OK;
}

errc store_open(const struct store_config *config, struct store **ret_store, struct why *why)
{
    struct why own;
    why = why == NULL ? &own : why;
    bool sqlite = config->kind == STORE_SQLITE;
    if ((sqlite ? config->path : config->conninfo) == NULL || config->entropy.fill == NULL) {
        return fail(why, ERR_USAGE, "the store was not told where it is");
    }
    AUTO(store_closer) struct store *store = mem_take(sizeof *store);
    take_config(store, config);
    queue_init(&store->reads, store->config.queue_most);
    queue_init(&store->writes, store->config.queue_most);
    watch_init(&store->watch, config->entropy);
    TRY(take_rooms(store, config, why));
    TRY(start_all(store, why));
    *ret_store = store;
    store = NULL;
    return OK;
}

static void end_workers(struct worker *workers)
{
    for (size_t i = 0; i < STORE_THREADS_MOST; i++) {
        if (workers[i].started) {
            pthread_join(workers[i].thread, NULL);
        }
        link_close(&workers[i].link);
    }
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    queue_close(&store->writes);
    end_workers(store->writers);
    queue_close(&store->reads);
    end_workers(store->readers);
    watch_finish(store);
    queue_finish(&store->reads);
    queue_finish(&store->writes);
    mem_give(store->path);
    mem_give(store->conninfo);
    mem_give(store);
}

void store_closer(struct store **store)
{
    store_close(*store);
    *store = NULL;
}

static errc submit(struct store *store, struct queue *queue, const struct store_job *job,
                   struct why *why)
{
    struct store_job dated = *job;
    if (dated.deadline == 0) {
        dated.deadline = now_steady() + store->config.job_limit;
    }
    return queue_put(queue, &dated, why);
}

errc store_read(struct store *store, const struct store_job *job, struct why *why)
{
    return submit(store, &store->reads, job, why);
}

errc store_write(struct store *store, const struct store_job *job, struct why *why)
{
    return submit(store, &store->writes, job, why);
}

/* A job that somebody waits for. */
struct waited {
    errc (*run)(void *ctx, struct db *db, struct why *why);
    void *ctx;
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool is_over;
    errc rc;
    struct why why;
};

static errc run_waited(void *ctx, struct db *db, struct why *why)
{
    struct waited *waited = ctx;
    return waited->run(waited->ctx, db, why);
}

static void end_waited(void *ctx, errc rc, const struct why *why)
{
    struct waited *waited = ctx;
    pthread_mutex_lock(&waited->lock);
    waited->rc = rc;
    waited->why = *why;
    waited->is_over = true;
    pthread_cond_signal(&waited->over);
    pthread_mutex_unlock(&waited->lock);
}

/* No time limit of its own: the deadline of the job ends it, and closing runs what waits. */
static errc wait_for(struct store *store, struct queue *queue, struct waited *waited,
                     struct why *why)
{
    struct store_job job = {.run = run_waited, .done = end_waited, .ctx = waited};
    pthread_mutex_init(&waited->lock, NULL);
    pthread_cond_init(&waited->over, NULL);
    errc rc = submit(store, queue, &job, why);
    if (rc == OK) {
        pthread_mutex_lock(&waited->lock);
        while (!waited->is_over) {
            pthread_cond_wait(&waited->over, &waited->lock);
        }
        pthread_mutex_unlock(&waited->lock);
        rc = waited->rc;
        if (rc != OK && why != NULL) {
            *why = waited->why;
        }
    }
    pthread_cond_destroy(&waited->over);
    pthread_mutex_destroy(&waited->lock);
    return rc;
}

errc store_read_now(struct store *store, errc (*run)(void *ctx, struct db *db, struct why *why),
                    void *ctx, struct why *why)
{
    struct waited waited = {.run = run, .ctx = ctx};
    return wait_for(store, &store->reads, &waited, why);
}

errc store_write_now(struct store *store, errc (*run)(void *ctx, struct db *db, struct why *why),
                     void *ctx, struct why *why)
{
    struct waited waited = {.run = run, .ctx = ctx};
    return wait_for(store, &store->writes, &waited, why);
}

void store_stats(struct store *store, struct store_stats *ret_stats)
{
    *ret_stats = (struct store_stats){
        .reads = atomic_load(&store->read_count),
        .writes = atomic_load(&store->write_count),
        .failed = atomic_load(&store->failed_count),
        .commits = atomic_load(&store->commit_count),
        .retries = atomic_load(&store->retry_count),
        .reconnects = atomic_load(&store->reconnect_count),
        .reads_waiting = queue_waiting(&store->reads),
        .writes_waiting = queue_waiting(&store->writes),
    };
}

bool store_is_postgresql(const struct store *store)
{
    return store->config.kind == STORE_POSTGRESQL;
}

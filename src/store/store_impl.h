/* Inside the store: what its threads share. */
#ifndef LOA_STORE_STORE_IMPL_H
#define LOA_STORE_STORE_IMPL_H

#include "base/base.h"
#include "store/db_impl.h"
#include "store/queue.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>

enum { STORE_MARK_SIZE = 17 }; /* of this server among others: 16 hex digits */

struct watcher {
    void (*on_topic)(void *ctx, const char *topic);
    void *ctx;
};

struct watch {
    pthread_mutex_t lock;
    struct watcher list[STORE_WATCHERS];
    size_t count;
    char mark[STORE_MARK_SIZE];
    int wake_fd; /* ends the listening thread */
    pthread_t thread;
    bool listening;
};

/* A connection that comes back: owned by one thread. */
struct link {
    struct store *store;
    bool read_only;
    struct db *db; /* null while the database is not there */
    usec pause;    /* grows with each attempt that failed */
    usec next_try;
    struct entropy_seed seed; /* of the pauses; each thread its own */
};

struct worker {
    struct link link;
    pthread_t thread;
    bool started;
};

struct store {
    struct store_config config;
    char *path;
    char *conninfo;
    const struct store_room *list[DB_ROOMS];
    struct db_rooms rooms;
    struct queue reads;
    struct queue writes;
    struct worker readers[STORE_THREADS_MOST];
    struct worker writers[STORE_THREADS_MOST];
    struct watch watch;
    atomic_uint_fast64_t read_count;
    atomic_uint_fast64_t write_count;
    atomic_uint_fast64_t failed_count;
    atomic_uint_fast64_t commit_count;
    atomic_uint_fast64_t retry_count;
    atomic_uint_fast64_t reconnect_count;
};

/* link.c: opens, or comes back. link_ready answers ERR_STORE at once while the pause lasts. */
CHECKED errc link_open(struct link *link, struct why *why);
CHECKED errc link_ready(struct link *link, struct why *why);
void link_check(struct link *link); /* lets a dead connection go */
void link_close(struct link *link);

/* work.c: the bodies of the threads. */
void work_read(struct store *store, struct link *link);
void work_write(struct store *store, struct link *link);
void work_done(struct store *store, const struct store_job *job, errc rc, const struct why *why);
errc work_run(struct db *db, const struct store_job *job, struct why *why);

/* group.c: SQLite's writer. */
void work_write_groups(struct store *store, struct link *link);

/* watch.c */
CHECKED errc watch_start(struct store *store, struct why *why);
void watch_init(struct watch *watch, struct entropy entropy);
void watch_finish(struct store *store);
void watch_tell(struct store *store, const struct db_topics *topics);
CHECKED errc watch_notify(struct store *store, struct db *db, struct why *why);

#endif

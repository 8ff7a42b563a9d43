/* The store: one SQLite file or one PostgreSQL database behind queues of jobs.
 *
 * A job's `run` works on a connection lent to it, on a thread of the store; `done` is called
 * there afterwards and posts to the caller's loop. Write jobs are acknowledged (done with OK) only
 * when they are durable. `run` MAY BE CALLED MORE THAN ONCE (PostgreSQL: the transaction collided;
 * SQLite: the group it was in broke): it starts from nothing each time and has no effect outside
 * the database but to fill its ctx.
 *
 * SQLite: one writer thread commits jobs in groups, each in a savepoint of its own; readers have
 * their own connections. PostgreSQL: each writer runs one job at a time, SERIALIZABLE, because jobs
 * are written as if alone. When the database vanishes, jobs answer ERR_STORE at once, connections
 * come back by themselves with growing pauses. A write that answered ERR_STORE, ERR_TIMEOUT or
 * ERR_IO while committing may still have happened: writes are made idempotent by their ids.
 *
 * Every function may be called from any thread, but not from inside `run` or `done` unless said. */
#ifndef LOA_STORE_STORE_H
#define LOA_STORE_STORE_H

#include "base/base.h"
#include "base/entropy.h"
#include "store/db.h"

struct store;

enum store_kind { STORE_SQLITE, STORE_POSTGRESQL };

enum { STORE_THREADS_MOST = 16, STORE_WATCHERS = 32 };

/* Zeroes take the defaults in brackets. */
struct store_config {
    enum store_kind kind;
    const char *path;                      /* SQLite */
    const char *conninfo;                  /* PostgreSQL */
    const struct store_room *const *rooms; /* lowest first, without the store's own */
    size_t room_count;
    size_t readers;         /* threads and connections (2) */
    size_t writers;         /* PostgreSQL (2); SQLite has one */
    size_t queue_most;      /* waiting jobs, of each kind; past it ERR_BUSY (4096) */
    size_t group_most;      /* jobs of one commit (256) */
    usec job_limit;         /* from submission to the last statement (30 s) */
    int64_t pages_most;     /* SQLite: ceiling of the file (none) */
    bool only_check;        /* a missing migration is an error, nothing is applied */
    struct entropy entropy; /* pauses between attempts; the server's own mark */
};

struct store_job {
    errc (*run)(void *ctx, struct db *db, struct why *why);
    void (*done)(void *ctx, errc rc, const struct why *why);
    void *ctx;
    usec deadline; /* by the steady clock; 0: now + job_limit */
};

/* Migrates, prepares every statement of every room on the real schema and starts the threads. A
 * statement that does not fit its schema fails here: ERR_INTERNAL, "room/name: reason". */
CHECKED errc store_open(const struct store_config *config, struct store **ret_store,
                        struct why *why);
/* Takes no more jobs, runs those that wait, ends the threads. Accepts null. */
void store_close(struct store *store);
void store_closer(struct store **store); /* for AUTO */

/* ERR_BUSY: the queue is full; ERR_CLOSED: the store is closing. On OK `done` will be called once.
 * May be called from `done`. */
CHECKED errc store_read(struct store *store, const struct store_job *job, struct why *why);
CHECKED errc store_write(struct store *store, const struct store_job *job, struct why *why);

/* For commands and tests: the same, waiting for the answer. */
CHECKED errc store_read_now(struct store *store,
                            errc (*run)(void *ctx, struct db *db, struct why *why), void *ctx,
                            struct why *why);
CHECKED errc store_write_now(struct store *store,
                             errc (*run)(void *ctx, struct db *db, struct why *why), void *ctx,
                             struct why *why);

/* What db_announce said, on this server before the job's `done`, and soon on every other. "*" is
 * "assume that everything changed" (after a lost connection). Called on threads of the store; must
 * be quick and must not call the store. Watchers stay until the store is closed. */
CHECKED errc store_watch(struct store *store, void (*on_topic)(void *ctx, const char *topic),
                         void *ctx, struct why *why);

struct store_stats {
    uint64_t reads;
    uint64_t writes;
    uint64_t failed;
    uint64_t commits;
    uint64_t retries; /* of collided transactions, and of jobs of a broken group */
    uint64_t reconnects;
    size_t reads_waiting;
    size_t writes_waiting;
};
void store_stats(struct store *store, struct store_stats *ret_stats);

bool store_is_postgresql(const struct store *store);

/* Torture: the n-th statement, commit or announcement from now fails once with ERR_STORE; 0
 * switches it off. For tests only. */
void store_torture(unsigned long nth);
bool store_torture_hit(void);

#endif

/* The threads: a read job sees one snapshot, a write job on PostgreSQL is one transaction, run
 * again when it collided with another. What must never happen: `done` with OK before the commit. */
#include "store/control_sql.h"
#include "store/store_impl.h"

#include <poll.h>

enum { RETRIES = 10, RETRY_FIRST_US = 500, IDLE_S = 1 };

void work_done(struct store *store, const struct store_job *job, errc rc, const struct why *why)
{
    if (rc != OK) {
        atomic_fetch_add(&store->failed_count, 1);
    }
    job->done(job->ctx, rc, why);
}

errc work_run(struct db *db, const struct store_job *job, struct why *why)
{
    db_job_begin(db, job->deadline);
    if (now_steady() >= job->deadline) {
        return fail(why, ERR_TIMEOUT, "the job waited past its deadline");
    }
    errc rc = job->run(job->ctx, db, why);
    if (rc == OK && db->doomed != OK) {
        *why = db->doomed_why; /* the job swallowed it; nothing of it is kept all the same */
        rc = db->doomed;
    }
    return rc;
}

static void roll_back(struct db *db)
{
    struct why second;
    if (db->driver->in_transaction(db)) {
        ignore(db_end_words(db, &control_rollback, &second));
    }
}

/* A connection that died while idle is found out here, before anything was done: once more. */
static errc begin(struct link *link, const struct db_words *words, usec deadline, struct why *why)
{
    TRY(link_ready(link, why));
    db_job_begin(link->db, deadline);
    errc rc = db_words(link->db, words, why);
    link_check(link);
    if (link->db != NULL) {
        return rc;
    }
    TRY(link_ready(link, why));
    db_job_begin(link->db, deadline);
    return db_words(link->db, words, why);
}

static errc read_job(struct link *link, const struct store_job *job, struct why *why)
{
    TRY(begin(link, &control_begin_read, job->deadline, why));
    errc rc = work_run(link->db, job, why);
    roll_back(link->db); /* nothing was written; ending is all */
    return rc;
}

static errc commit(struct store *store, struct db *db, struct why *why)
{
    TRY(watch_notify(store, db, why));
    if (db_torture_hits()) {
        return fail(why, ERR_STORE, "torture");
    }
    TRY(db_end_words(db, &control_commit, why));
    atomic_fetch_add(&store->commit_count, 1);
    return OK;
}

static errc write_once(struct link *link, const struct store_job *job, struct why *why)
{
    struct store *store = link->store;
    TRY(begin(link, &control_begin_write, job->deadline, why));
    errc rc = work_run(link->db, job, why);
    rc = rc == OK ? commit(store, link->db, why) : rc;
    if (rc != OK) {
        roll_back(link->db);
        return rc;
    }
    watch_tell(store, &link->db->topics);
    return OK;
}

static bool may_retry(const struct link *link, const struct store_job *job)
{
    return link->db != NULL && link->db->transient && now_steady() < job->deadline;
}

static void pause_before(struct link *link, int attempt)
{
    uint64_t most = (uint64_t)RETRY_FIRST_US << attempt;
    uint64_t pause = entropy_below(entropy_seeded(&link->seed), most) + 1;
    ignore_int(poll(NULL, 0, (int)(pause / 1000)));
}

static errc write_job(struct link *link, const struct store_job *job, struct why *why)
{
    errc rc = write_once(link, job, why);
    for (int attempt = 0; rc != OK && attempt < RETRIES && may_retry(link, job); attempt++) {
        pause_before(link, attempt);
        atomic_fetch_add(&link->store->retry_count, 1);
        rc = write_once(link, job, why);
    }
    return rc;
}

/* While the database is away the thread tries it in the pauses, not at the cost of a job. */
static enum queue_state next_job(struct queue *queue, struct link *link, struct store_job *ret_job)
{
    struct why unseen;
    usec until = now_steady() + IDLE_S * USEC_SECOND;
    if (link->db == NULL && link->next_try < until) {
        until = link->next_try;
    }
    until = until <= 0 ? 1 : until;
    enum queue_state state = queue_take(queue, until, ret_job);
    if (state == QUEUE_EMPTY && link->db == NULL) {
        ignore(link_ready(link, &unseen));
    }
    return state;
}

void work_read(struct store *store, struct link *link)
{
    while (true) {
        struct store_job job;
        struct why why = {.text = ""};
        enum queue_state state = next_job(&store->reads, link, &job);
        if (state == QUEUE_CLOSED) {
            return;
        }
        if (state == QUEUE_EMPTY) {
            continue;
        }
        errc rc = read_job(link, &job, &why);
        link_check(link);
        atomic_fetch_add(&store->read_count, 1);
        work_done(store, &job, rc, &why);
    }
}

void work_write(struct store *store, struct link *link)
{
    while (true) {
        struct store_job job;
        struct why why = {.text = ""};
        enum queue_state state = next_job(&store->writes, link, &job);
        if (state == QUEUE_CLOSED) {
            return;
        }
        if (state == QUEUE_EMPTY) {
            continue;
        }
        errc rc = write_job(link, &job, &why);
        link_check(link);
        atomic_fetch_add(&store->write_count, 1);
        work_done(store, &job, rc, &why);
    }
}

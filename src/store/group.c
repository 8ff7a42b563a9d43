/* SQLite's one writer: the jobs that wait are run one after the other, each in a savepoint, and
 * made durable by one commit, so that the price of the disk is paid once for all of them. A job
 * that fails is undone alone. A grave error (full disk, a change stopped at its deadline) makes
 * SQLite drop the whole transaction; then the jobs that had gone well are run again, each by
 * itself. What must never happen: `done` with OK before the commit, or a job done twice. */
#include "store/control_sql.h"
#include "store/store_impl.h"

enum { IDLE_S = 1, GROUP_TIME_MS = 20 };

struct outcome {
    struct store_job job;
    errc rc;
    struct why why;
};

struct group {
    struct store *store;
    struct db *db;
    struct outcome *list;
    size_t count;
    size_t most;
    struct db_topics topics; /* of the jobs that went well */
};

static void add_topics(struct db_topics *all, const struct db_topics *more)
{
    for (size_t i = 0; i < more->count; i++) {
        bool known = false;
        for (size_t j = 0; j < all->count; j++) {
            known = known || strcmp(all->list[j], more->list[i]) == 0;
        }
        if (!known && all->count == DB_TOPICS) {
            *all = (struct db_topics){.count = 1, .list = {"*"}};
            return;
        }
        if (!known) {
            memcpy(all->list[all->count++], more->list[i], DB_TOPIC_SIZE);
        }
    }
}

/* One job inside the open transaction; false when the transaction is gone. */
static bool run_in_savepoint(struct group *group, struct outcome *outcome)
{
    struct db *db = group->db;
    struct why second;
    outcome->rc = db_words(db, &control_savepoint, &outcome->why);
    if (outcome->rc == OK) {
        outcome->rc = work_run(db, &outcome->job, &outcome->why);
    }
    if (!db->driver->in_transaction(db)) {
        return false;
    }
    if (outcome->rc != OK && db_end_words(db, &control_back, &second) != OK) {
        return false;
    }
    errc rc = db_end_words(db, &control_release, &second);
    if (rc != OK && outcome->rc == OK) {
        outcome->rc = rc;
        outcome->why = second;
    }
    if (outcome->rc == OK) {
        add_topics(&group->topics, &db->topics);
    }
    return rc == OK;
}

static void end_transaction(struct db *db)
{
    struct why second;
    db_job_begin(db, 0);
    if (db->driver->in_transaction(db)) {
        ignore(db_words(db, &control_rollback, &second));
    }
}

static errc commit(struct group *group, struct why *why)
{
    db_job_begin(group->db, 0); /* a deadline of a job must not stop the commit of all */
    errc rc = db_torture_hits() ? fail(why, ERR_STORE, "torture")
                                : db_words(group->db, &control_commit, why);
    if (rc != OK) {
        end_transaction(group->db);
        return rc;
    }
    atomic_fetch_add(&group->store->commit_count, 1);
    watch_tell(group->store, &group->topics);
    return OK;
}

static void fail_all(struct group *group, errc rc, const struct why *why)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->list[i].rc == OK) {
            group->list[i].rc = rc;
            group->list[i].why = *why;
        }
    }
}

/* After the transaction broke: a job that had gone well, in a transaction of its own. */
static void run_alone(struct group *group, struct outcome *outcome)
{
    struct db *db = group->db;
    atomic_fetch_add(&group->store->retry_count, 1);
    group->topics.count = 0;
    db_job_begin(db, 0);
    outcome->rc = db_words(db, &control_begin_write, &outcome->why);
    if (outcome->rc != OK) {
        return;
    }
    outcome->rc = work_run(db, &outcome->job, &outcome->why);
    if (outcome->rc == OK) {
        add_topics(&group->topics, &db->topics);
        outcome->rc = commit(group, &outcome->why);
    }
    end_transaction(db);
}

static void repair(struct group *group)
{
    end_transaction(group->db);
    for (size_t i = 0; i < group->count; i++) {
        if (group->list[i].rc == OK) {
            run_alone(group, &group->list[i]);
        }
    }
}

/* Runs the first job and those that wait behind it, until enough or late. */
static bool run_jobs(struct group *group, const struct store_job *first)
{
    usec until = now_steady() + GROUP_TIME_MS * USEC_SECOND / 1000;
    struct store_job job = *first;
    enum queue_state state = QUEUE_JOB;
    while (state == QUEUE_JOB) {
        struct outcome *outcome = &group->list[group->count++];
        outcome->job = job;
        outcome->why.text[0] = '\0';
        if (!run_in_savepoint(group, outcome)) {
            return false;
        }
        bool enough = group->count == group->most || now_steady() >= until;
        state = enough ? QUEUE_EMPTY : queue_take(&group->store->writes, 0, &job);
    }
    return true;
}

static void write_group(struct group *group, const struct store_job *first)
{
    struct why why = {.text = ""};
    group->count = 0;
    group->topics.count = 0;
    db_job_begin(group->db, 0);
    errc rc = db_words(group->db, &control_begin_write, &why);
    if (rc != OK) {
        group->list[group->count++] = (struct outcome){.job = *first, .rc = rc, .why = why};
    } else if (!run_jobs(group, first)) {
        repair(group);
    } else {
        rc = commit(group, &why);
        if (rc != OK) {
            fail_all(group, rc, &why);
        }
    }
    for (size_t i = 0; i < group->count; i++) {
        struct outcome *outcome = &group->list[i];
        atomic_fetch_add(&group->store->write_count, 1);
        work_done(group->store, &outcome->job, outcome->rc, &outcome->why);
    }
}

void work_write_groups(struct store *store, struct link *link)
{
    struct group *group = mem_take(sizeof *group);
    group->store = store;
    group->db = link->db;
    group->most = store->config.group_most;
    group->list = mem_take_array(group->most, sizeof(struct outcome));
    enum queue_state state = QUEUE_EMPTY;
    while (state != QUEUE_CLOSED) {
        struct store_job job;
        state = queue_take(&store->writes, now_steady() + IDLE_S * USEC_SECOND, &job);
        if (state == QUEUE_JOB) {
            write_group(group, &job);
        }
    }
    mem_give(group->list);
    mem_give(group);
}

/* The store as its callers see it: jobs, limits, groups, announcements, migrations. */
#include "store/store.h"

#include "base/hash.h"
#include "probe/probe_sql.h"
#include "probe/probe_store.h"
#include "store/testing/test_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

static const struct store_room *const rooms[] = {&probe_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

/* A gate that holds a thread of the store until the test opens it. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool open;
    int waiting;
};

static void gate_init(struct gate *gate)
{
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->moved, NULL);
    gate->open = false;
    gate->waiting = 0;
}

static errc wait_at_gate(void *ctx, struct db *db, struct why *why)
{
    (void)db;
    (void)why;
    struct gate *gate = ctx;
    pthread_mutex_lock(&gate->lock);
    gate->waiting++;
    pthread_cond_broadcast(&gate->moved);
    while (!gate->open) {
        pthread_cond_wait(&gate->moved, &gate->lock);
    }
    pthread_mutex_unlock(&gate->lock);
    return OK;
}

static void gate_wait_for(struct gate *gate, int waiting)
{
    pthread_mutex_lock(&gate->lock);
    while (gate->waiting < waiting) {
        pthread_cond_wait(&gate->moved, &gate->lock);
    }
    pthread_mutex_unlock(&gate->lock);
}

static void gate_open(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->open = true;
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->lock);
}

/* Counts the answers of jobs; a test waits for them. */
struct answers {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int good;
    int bad;
    errc last;
};

static void answers_init(struct answers *answers)
{
    *answers = (struct answers){.good = 0};
    pthread_mutex_init(&answers->lock, NULL);
    pthread_cond_init(&answers->moved, NULL);
}

static void take_answer(struct answers *answers, errc rc)
{
    pthread_mutex_lock(&answers->lock);
    answers->good += rc == OK ? 1 : 0;
    answers->bad += rc == OK ? 0 : 1;
    answers->last = rc == OK ? answers->last : rc;
    pthread_cond_broadcast(&answers->moved);
    pthread_mutex_unlock(&answers->lock);
}

static void answers_wait(struct answers *answers, int count)
{
    pthread_mutex_lock(&answers->lock);
    while (answers->good + answers->bad < count) {
        pthread_cond_wait(&answers->moved, &answers->lock);
    }
    pthread_mutex_unlock(&answers->lock);
}

struct number_job {
    struct answers *answers;
    int64_t number;
};

static errc insist(void *ctx, struct db *db, struct why *why)
{
    const struct number_job *job = ctx;
    struct numbers_insist_in in = {.number = job->number, .text = S("x")};
    return numbers_insist(db, &in, NULL, why);
}

static void answered(void *ctx, errc rc, const struct why *why)
{
    (void)why;
    const struct number_job *job = ctx;
    take_answer(job->answers, rc);
}

static void gate_passed(void *ctx, errc rc, const struct why *why)
{
    (void)ctx;
    (void)why;
    assert_int_equal(rc, OK);
}

struct total {
    int64_t count;
    int64_t sum;
};

static errc read_total(void *ctx, struct db *db, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct total *total = ctx;
    struct numbers_count_row row;
    TRY(arena_create(4096, &arena));
    TRY(numbers_count(db, arena, &row, why));
    *total = (struct total){row.count, row.total};
    return OK;
}

static struct total total_of(struct store *store)
{
    struct total total = {-1, -1};
    struct why why = {.text = ""};
    errc rc = store_read_now(store, read_total, &total, &why);
    if (rc != OK) {
        print_error("%s\n", why.text);
    }
    assert_int_equal(rc, OK);
    return total;
}

static void store_keeps_what_it_acknowledged(void **state)
{
    struct test_store *test = test_store_of(state);
    struct answers answers;
    struct number_job jobs[100];
    struct why why;
    answers_init(&answers);
    for (int i = 0; i < 100; i++) {
        jobs[i] = (struct number_job){&answers, i};
        struct store_job job = {.run = insist, .done = answered, .ctx = &jobs[i]};
        assert_int_equal(store_write(test->store, &job, &why), OK);
    }
    answers_wait(&answers, 100);
    assert_int_equal(answers.good, 100);
    test_store_reopen(test);
    struct total total = total_of(test->store);
    assert_int_equal(total.count, 100);
    assert_int_equal(total.sum, 4950);
}

/* All behind one gate, so that on SQLite they make one group. */
static void store_undoes_a_failed_job_alone(void **state)
{
    struct test_store *test = test_store_of(state);
    struct answers answers;
    struct number_job jobs[10];
    struct gate gate;
    struct why why;
    answers_init(&answers);
    gate_init(&gate);
    struct store_job held = {.run = wait_at_gate, .done = gate_passed, .ctx = &gate};
    assert_int_equal(store_write(test->store, &held, &why), OK);
    gate_wait_for(&gate, 1);
    for (int i = 0; i < 10; i++) {
        jobs[i] = (struct number_job){&answers, i / 2}; /* each number twice: the second fails */
        struct store_job job = {.run = insist, .done = answered, .ctx = &jobs[i]};
        assert_int_equal(store_write(test->store, &job, &why), OK);
    }
    gate_open(&gate);
    answers_wait(&answers, 10);
    assert_int_equal(answers.good, 5);
    assert_int_equal(answers.last, ERR_EXISTS);
    assert_int_equal(total_of(test->store).count, 5);
}

static void store_commits_waiting_jobs_as_a_group(void **state)
{
    struct test_store *test = test_store_of(state);
    struct answers answers;
    struct number_job jobs[50];
    struct gate gates[2];
    struct why why;
    struct store_stats before;
    struct store_stats after;
    answers_init(&answers);
    for (int i = 0; i < 2; i++) { /* the second gate keeps the group open for those behind it */
        gate_init(&gates[i]);
        struct store_job held = {.run = wait_at_gate, .done = gate_passed, .ctx = &gates[i]};
        assert_int_equal(store_write(test->store, &held, &why), OK);
    }
    gate_wait_for(&gates[0], 1);
    for (int i = 0; i < 50; i++) {
        jobs[i] = (struct number_job){&answers, i};
        struct store_job job = {.run = insist, .done = answered, .ctx = &jobs[i]};
        assert_int_equal(store_write(test->store, &job, &why), OK);
    }
    store_stats(test->store, &before);
    gate_open(&gates[0]);
    gate_open(&gates[1]);
    answers_wait(&answers, 50);
    store_stats(test->store, &after);
    assert_int_equal(answers.good, 50);
    assert_true(after.commits - before.commits < 25);
}

static void store_refuses_more_jobs_than_its_queue(void **state)
{
    struct test_store *test = test_store_of(state);
    struct gate gate;
    struct why why;
    struct answers answers;
    struct number_job number = {&answers, 1};
    answers_init(&answers);
    gate_init(&gate);
    store_close(test->store);
    test->config.queue_most = 4;
    test->config.readers = 1;
    assert_int_equal(store_open(&test->config, &test->store, &why), OK);
    struct store_job held = {.run = wait_at_gate, .done = gate_passed, .ctx = &gate};
    struct store_job job = {.run = insist, .done = answered, .ctx = &number};
    assert_int_equal(store_read(test->store, &held, &why), OK);
    gate_wait_for(&gate, 1);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(store_read(test->store, &job, &why), OK);
    }
    assert_int_equal(store_read(test->store, &job, &why), ERR_BUSY);
    gate_open(&gate);
    answers_wait(&answers, 4);
    assert_int_equal(answers.bad, 4); /* readers do not write */
    assert_int_equal(total_of(test->store).count, 0);
}

static errc sleep_in_database(void *ctx, struct db *db, struct why *why)
{
    (void)ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    struct sleep_long_row row;
    TRY(arena_create(4096, &arena));
    return sleep_long(db, arena, &row, why);
}

static errc insist_and_sleep(void *ctx, struct db *db, struct why *why)
{
    TRY(insist(ctx, db, why));
    return sleep_in_database(ctx, db, why);
}

static void store_ends_a_job_at_its_deadline(void **state)
{
    struct test_store *test = test_store_of(state);
    struct answers answers;
    struct why why;
    answers_init(&answers);
    struct number_job good = {&answers, 1};
    struct number_job late = {&answers, 2};
    struct store_job first = {.run = insist, .done = answered, .ctx = &good};
    struct store_job second = {.run = insist_and_sleep, .done = answered, .ctx = &late};
    second.deadline = now_steady() + USEC_SECOND / 5;
    assert_int_equal(store_write(test->store, &first, &why), OK);
    assert_int_equal(store_write(test->store, &second, &why), OK);
    answers_wait(&answers, 2);
    assert_int_equal(answers.good, 1);
    assert_int_equal(answers.last, ERR_TIMEOUT);
    assert_int_equal(total_of(test->store).sum, 1);
    assert_int_equal(store_write_now(test->store, insist, &late, &why), OK); /* still works */
}

static errc count_up(void *ctx, struct db *db, struct why *why)
{
    (void)ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    struct counters_get_row row;
    TRY(arena_create(4096, &arena));
    TRY(counters_get(db, &(struct counters_get_in){.name = S("c")}, arena, &row, why));
    struct counters_set_in set = {.name = S("c"), .value = row.value + 1};
    return counters_set(db, &set, NULL, why);
}

static errc start_counter(void *ctx, struct db *db, struct why *why)
{
    (void)ctx;
    return counters_start(db, &(struct counters_start_in){.name = S("c")}, NULL, why);
}

static errc read_counter(void *ctx, struct db *db, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct counters_get_row row;
    TRY(arena_create(4096, &arena));
    TRY(counters_get(db, &(struct counters_get_in){.name = S("c")}, arena, &row, why));
    *(int64_t *)ctx = row.value;
    return OK;
}

/* Read, then write, from several writers at once: no count may get lost. */
static void store_runs_write_jobs_as_if_one_after_the_other(void **state)
{
    struct test_store *test = test_store_of(state);
    struct answers answers;
    struct why why;
    int64_t value = -1;
    answers_init(&answers);
    store_close(test->store);
    test->config.writers = 4;
    assert_int_equal(store_open(&test->config, &test->store, &why), OK);
    assert_int_equal(store_write_now(test->store, start_counter, NULL, &why), OK);
    struct number_job unused = {&answers, 0};
    for (int i = 0; i < 200; i++) {
        struct store_job job = {.run = count_up, .done = answered, .ctx = &unused};
        assert_int_equal(store_write(test->store, &job, &why), OK);
    }
    answers_wait(&answers, 200);
    assert_int_equal(store_read_now(test->store, read_counter, &value, &why), OK);
    assert_int_equal(value, answers.good);
    assert_true(answers.bad == 0 || answers.last == ERR_BUSY);
}

struct heard {
    _Atomic int topics;
    char last[DB_TOPIC_SIZE];
};

static void hear(void *ctx, const char *topic)
{
    struct heard *heard = ctx;
    snprintf(heard->last, sizeof heard->last, "%s", topic);
    atomic_fetch_add(&heard->topics, 1);
}

static errc announce(void *ctx, struct db *db, struct why *why)
{
    TRY(db_announce(db, "units", why));
    TRY(db_announce(db, "units", why));
    return *(errc *)ctx;
}

static void store_announces_what_is_committed_and_only_that(void **state)
{
    struct test_store *test = test_store_of(state);
    struct heard heard = {.topics = 0};
    struct why why;
    errc wanted = ERR_CANCELLED;
    assert_int_equal(store_watch(test->store, hear, &heard, &why), OK);
    assert_int_equal(store_write_now(test->store, announce, &wanted, &why), ERR_CANCELLED);
    assert_int_equal(atomic_load(&heard.topics), 0);
    wanted = OK;
    assert_int_equal(store_write_now(test->store, announce, &wanted, &why), OK);
    assert_int_equal(atomic_load(&heard.topics), 1); /* before the answer */
    assert_string_equal(heard.last, "units");
}

static void store_refuses_writing_by_a_reader(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why;
    struct number_job job = {NULL, 1};
    assert_int_not_equal(store_read_now(test->store, insist, &job, &why), OK);
    assert_int_equal(total_of(test->store).count, 0);
}

static errc insist_many(void *ctx, struct db *db, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    int64_t first = *(const int64_t *)ctx;
    TRY(arena_create(1 << 20, &arena));
    struct numbers_add_in *rows = arena_take_array(arena, 500, sizeof *rows);
    for (int i = 0; i < 500; i++) {
        rows[i] =
            (struct numbers_add_in){.number = first + i, .text = S("0123456789abcdef0123456789")};
    }
    return numbers_add_batch(db, rows, 500, why);
}

static void store_says_disk_full_and_goes_on(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why = {.text = ""};
    errc rc = OK;
    int64_t first = 0;
    store_close(test->store);
    test->config.pages_most = 40;
    assert_int_equal(store_open(&test->config, &test->store, &why), OK);
    while (rc == OK && first < 1000000) {
        rc = store_write_now(test->store, insist_many, &first, &why);
        first += rc == OK ? 500 : 0;
    }
    assert_int_equal(rc, ERR_DISK_FULL);
    assert_int_equal(total_of(test->store).count, first); /* whole jobs, and all of them */
    assert_int_equal(store_write_now(test->store, start_counter, NULL, &why), OK);
}

static void store_says_corrupt(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why = {.text = ""};
    struct total total;
    int64_t first = 0;
    assert_int_equal(store_write_now(test->store, insist_many, &first, &why), OK);
    store_close(test->store);
    test->store = NULL;
    FILE *file = fopen(test->path, "r+b");
    assert_non_null(file);
    static const char noise[8192] = {'x', 'y'};
    for (long at = 3; at < 12; at++) {
        assert_int_equal(fseek(file, at * 8192, SEEK_SET), 0);
        assert_int_equal(fwrite(noise, 1, sizeof noise, file), sizeof noise);
    }
    assert_int_equal(fclose(file), 0);
    errc rc = store_open(&test->config, &test->store, &why);
    rc = rc == OK ? store_read_now(test->store, read_total, &total, &why) : rc;
    assert_int_equal(rc, ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(store_keeps_what_it_acknowledged),
        TEST_ON_BOTH(store_undoes_a_failed_job_alone),
        TEST_ON_SQLITE(store_commits_waiting_jobs_as_a_group),
        TEST_ON_BOTH(store_refuses_more_jobs_than_its_queue),
        TEST_ON_BOTH(store_ends_a_job_at_its_deadline),
        TEST_ON_BOTH(store_runs_write_jobs_as_if_one_after_the_other),
        TEST_ON_BOTH(store_announces_what_is_committed_and_only_that),
        TEST_ON_BOTH(store_refuses_writing_by_a_reader),
        TEST_ON_SQLITE(store_says_disk_full_and_goes_on),
        TEST_ON_SQLITE(store_says_corrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What is left when something dies: the process (SIGKILL at a random moment), another server on the
 * same PostgreSQL, PostgreSQL itself. Acknowledged is durable, and the rest goes on. */
#include "base/entropy.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/testing.h"
#include "probe/probe_sql.h"
#include "probe/probe_store.h"
#include "store/store.h"
#include "store/testing/test_cluster.h"
#include "store/testing/test_store.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct store_room *const rooms[] = {&probe_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

enum { PATIENCE_S = 60 };

/* In the child: a number is written to the pipe when it was acknowledged. */
struct number {
    int64_t number;
    int pipe;
};

static errc insist(void *ctx, struct db *db, struct why *why)
{
    const struct number *number = ctx;
    TRY(db_announce(db, "numbers", why));
    struct numbers_insist_in in = {.number = number->number, .text = S("acknowledged")};
    return numbers_insist(db, &in, NULL, why);
}

static void acknowledge(void *ctx, errc rc, const struct why *why)
{
    (void)why;
    struct number *number = ctx;
    if (rc == OK && write(number->pipe, &number->number, sizeof number->number) < 0) {
        _exit(1);
    }
    mem_give(number);
}

static _Noreturn void write_for_ever(const struct store_config *config, int64_t first, int pipe)
{
    struct store *store = NULL;
    struct why why;
    ignore_int(prctl(PR_SET_PDEATHSIG, SIGKILL));
    if (store_open(config, &store, &why) != OK) {
        _exit(1);
    }
    for (int64_t i = first;; i++) {
        struct number *number = mem_take(sizeof *number);
        *number = (struct number){i, pipe};
        struct store_job job = {.run = insist, .done = acknowledge, .ctx = number};
        while (store_write(store, &job, &why) == ERR_BUSY) {
            ignore_int(poll(NULL, 0, 1));
        }
    }
}

struct child {
    pid_t pid;
    int pipe;
};

/* The store of the test is closed: no threads are forked. */
static struct child start_child(const struct store_config *config, int64_t first)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        write_for_ever(config, first, ends[1]);
    }
    close(ends[1]);
    return (struct child){pid, ends[0]};
}

static bool read_number(int pipe, int64_t *ret_number)
{
    return read(pipe, ret_number, sizeof *ret_number) == sizeof *ret_number;
}

/* Reads some acknowledgements, kills, reads what was still in the pipe. */
static int64_t kill_after(struct child child, uint64_t count, uint8_t *acknowledged, size_t most)
{
    int64_t number = -1;
    int64_t total = 0;
    for (uint64_t i = 0; read_number(child.pipe, &number); i++) {
        assert_true(number >= 0 && (size_t)number < most);
        acknowledged[number] = 1;
        total++;
        if (i == count) {
            assert_int_equal(kill(child.pid, SIGKILL), 0);
        }
    }
    int status = 0;
    assert_int_equal(waitpid(child.pid, &status, 0), child.pid);
    assert_true(WIFSIGNALED(status));
    close(child.pipe);
    return total;
}

struct presence {
    uint8_t *acknowledged; /* cleared for each number that is found */
    size_t most;
    int64_t highest;
};

static errc on_number(void *ctx, const struct numbers_all_row *row)
{
    struct presence *presence = ctx;
    presence->highest = row->number;
    if ((size_t)row->number < presence->most) {
        presence->acknowledged[row->number] = 0;
    }
    return OK;
}

static errc read_numbers(void *ctx, struct db *db, struct why *why)
{
    return numbers_all(db, on_number, ctx, why);
}

static void check_all_there(struct store *store, struct presence *presence)
{
    struct why why = {.text = ""};
    assert_int_equal(store_read_now(store, read_numbers, presence, &why), OK);
    for (size_t i = 0; i < presence->most; i++) {
        if (presence->acknowledged[i] != 0) {
            print_error("%zu was acknowledged and is lost\n", i);
        }
        assert_int_equal(presence->acknowledged[i], 0);
    }
}

static void store_loses_nothing_when_killed(void **state)
{
    struct test_store *test = test_store_of(state);
    struct entropy chance = entropy_seeded(&(struct entropy_seed){test->seed});
    enum { MOST = 4000000 };
    size_t rounds = test_rounds(6, test->config.kind == STORE_SQLITE ? 1000 : 200);
    uint64_t longest = test->config.kind == STORE_SQLITE ? 3000 : 300; /* acknowledgements */
    uint8_t *acknowledged = mem_take(MOST);
    struct presence presence = {acknowledged, MOST, -1};
    for (size_t round = 0; round < rounds; round++) {
        store_close(test->store);
        test->store = NULL;
        struct child child = start_child(&test->config, presence.highest + 1);
        assert_true(kill_after(child, entropy_below(chance, longest), acknowledged, MOST) > 0);
        test_store_reopen(test);
        check_all_there(test->store, &presence);
    }
    mem_give(acknowledged);
}

/* Another server: announces, then dies in the middle of a transaction that holds a lock. */
static errc hold_counter(void *ctx, struct db *db, struct why *why)
{
    int64_t mark = -1;
    struct counters_set_in set = {.name = S("shared"), .value = 77};
    TRY(counters_set(db, &set, NULL, why));
    if (write(*(int *)ctx, &mark, sizeof mark) != sizeof mark) {
        _exit(1);
    }
    while (true) {
        ignore_int(poll(NULL, 0, 1000));
    }
}

static _Noreturn void be_other_server(const struct store_config *config, int pipe, int go)
{
    struct store *store = NULL;
    struct why why;
    char byte;
    struct store_config own = *config;
    own.entropy = entropy_system(); /* another server has another mark */
    ignore_int(prctl(PR_SET_PDEATHSIG, SIGKILL));
    if (store_open(&own, &store, &why) != OK || read(go, &byte, 1) != 1) {
        _exit(1);
    }
    for (int64_t i = 0; i < 50; i++) {
        struct number *number = mem_take(sizeof *number);
        *number = (struct number){i, pipe};
        struct store_job job = {.run = insist, .done = acknowledge, .ctx = number};
        ignore(store_write(store, &job, &why));
    }
    ignore(store_write_now(store, hold_counter, &pipe, &why));
    _exit(1);
}

struct heard {
    _Atomic int numbers;
    _Atomic int all;
};

static void hear(void *ctx, const char *topic)
{
    struct heard *heard = ctx;
    if (strcmp(topic, "numbers") == 0) {
        atomic_fetch_add(&heard->numbers, 1);
    }
    if (strcmp(topic, "*") == 0) {
        atomic_fetch_add(&heard->all, 1);
    }
}

static void wait_until_heard(_Atomic int *count)
{
    usec until = now_steady() + PATIENCE_S * USEC_SECOND;
    while (atomic_load(count) == 0 && now_steady() < until) {
        ignore_int(poll(NULL, 0, 5));
    }
    assert_true(atomic_load(count) > 0);
}

static errc start_counter(void *ctx, struct db *db, struct why *why)
{
    (void)ctx;
    return counters_start(db, &(struct counters_start_in){.name = S("shared")}, NULL, why);
}

static errc set_counter(void *ctx, struct db *db, struct why *why)
{
    (void)ctx;
    return counters_set(db, &(struct counters_set_in){.name = S("shared"), .value = 5}, NULL, why);
}

static errc get_counter(void *ctx, struct db *db, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct counters_get_row row;
    TRY(arena_create(4096, &arena));
    TRY(counters_get(db, &(struct counters_get_in){.name = S("shared")}, arena, &row, why));
    *(int64_t *)ctx = row.value;
    return OK;
}

static struct child start_other_server(struct test_store *test, int *ret_go)
{
    int ends[2];
    int go[2];
    store_close(test->store);
    test->store = NULL;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(go), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(go[1]);
        be_other_server(&test->config, ends[1], go[0]);
    }
    close(ends[1]);
    close(go[0]);
    *ret_go = go[1];
    return (struct child){pid, ends[0]};
}

static void store_shares_postgresql_with_a_server_that_is_killed(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why = {.text = ""};
    struct heard heard = {.numbers = 0};
    uint8_t acknowledged[50] = {0};
    struct presence presence = {acknowledged, sizeof acknowledged, -1};
    int64_t number = 0;
    int64_t value = -1;
    int go = -1;
    struct child other = start_other_server(test, &go);
    test_store_reopen(test); /* both start together: one migrates, the other waits */
    assert_int_equal(store_write_now(test->store, start_counter, NULL, &why), OK);
    assert_int_equal(store_watch(test->store, hear, &heard, &why), OK);
    assert_int_equal(write(go, "g", 1), 1);
    int seen = 0;
    for (bool held = false; seen < 50 || !held;) {
        assert_true(read_number(other.pipe, &number));
        held = held || number < 0;
        seen += number >= 0 ? 1 : 0;
        if (number >= 0) {
            acknowledged[number] = 1;
        }
    }
    wait_until_heard(&heard.numbers); /* the change on one wakes the other */
    assert_int_equal(kill(other.pid, SIGKILL), 0);
    assert_int_equal(waitpid(other.pid, NULL, 0), other.pid);
    assert_int_equal(store_write_now(test->store, set_counter, NULL, &why), OK);
    assert_int_equal(store_read_now(test->store, get_counter, &value, &why), OK);
    assert_int_equal(value, 5);
    check_all_there(test->store, &presence);
    close(other.pipe);
    close(go);
}

/* A database that vanishes and comes back. */
static struct test_cluster cluster;

/* Each connection comes back in its own time. */
static errc insist_on(errc (*call)(struct store *store, struct why *why), struct store *store)
{
    usec until = now_steady() + PATIENCE_S * USEC_SECOND;
    struct why why = {.text = ""};
    errc rc = ERR_STORE;
    while (rc == ERR_STORE && now_steady() < until) {
        rc = call(store, &why);
        ignore_int(poll(NULL, 0, rc == OK ? 0 : 20));
    }
    if (rc != OK) {
        print_error("%s\n", why.text);
    }
    return rc;
}

static errc write_counter(struct store *store, struct why *why)
{
    return store_write_now(store, set_counter, NULL, why);
}

static errc check_counter(struct store *store, struct why *why)
{
    int64_t value = -1;
    TRY(store_read_now(store, get_counter, &value, why));
    return value == 5 ? OK : ERR_CORRUPT;
}

static void store_survives_a_database_that_vanishes(void **state)
{
    (void)state;
    if (!test_cluster_available()) {
        skip();
    }
    struct store *store = NULL;
    struct why why = {.text = ""};
    struct heard heard = {.numbers = 0};
    struct entropy_seed seed = {test_seed()};
    char conninfo[160];
    int64_t value = -1;
    assert_int_equal(test_cluster_create(false, &cluster, &why), OK);
    test_cluster_conninfo(&cluster, "postgres", conninfo, sizeof conninfo);
    struct store_config config = {.kind = STORE_POSTGRESQL,
                                  .conninfo = conninfo,
                                  .rooms = rooms,
                                  .room_count = COUNT_OF(rooms),
                                  .entropy = entropy_seeded(&seed)};
    assert_int_equal(store_open(&config, &store, &why), OK);
    assert_int_equal(store_watch(store, hear, &heard, &why), OK);
    assert_int_equal(store_write_now(store, start_counter, NULL, &why), OK);
    assert_int_equal(store_write_now(store, set_counter, NULL, &why), OK);
    test_cluster_stop(&cluster);
    for (int i = 0; i < 20; i++) {
        usec before = now_steady();
        assert_int_equal(store_write_now(store, set_counter, NULL, &why), ERR_STORE);
        assert_int_equal(store_read_now(store, get_counter, &value, &why), ERR_STORE);
        assert_true(now_steady() - before < 2 * USEC_SECOND);
    }
    assert_int_equal(test_cluster_start(&cluster, &why), OK);
    assert_int_equal(insist_on(check_counter, store), OK); /* what was acknowledged is there */
    assert_int_equal(insist_on(write_counter, store), OK);
    wait_until_heard(&heard.all);
    store_close(store);
}

/* Also after a test that failed. */
static int end_cluster(void **state)
{
    (void)state;
    test_cluster_destroy(&cluster);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(store_loses_nothing_when_killed),
        TEST_ON_POSTGRESQL(store_shares_postgresql_with_a_server_that_is_killed),
        cmocka_unit_test_teardown(store_survives_a_database_that_vanishes, end_cluster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

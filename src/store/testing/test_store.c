/* A store in a fresh place, and everything removed behind it. Test code: what fails, stops. */
#include "store/testing/test_store.h"

#include "base/file.h"
#include "store/testing/test_cluster.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <unistd.h>

/* One cluster per program, started when first needed, ended with the program. */
static struct test_cluster cluster;
static bool cluster_runs;
static unsigned database_count;

static _Noreturn void stop(const char *what, const char *reason)
{
    fprintf(stderr, "test store: %s: %s\n", what, reason);
    exit(1);
}

static void end_cluster(void)
{
    test_cluster_destroy(&cluster);
}

/* False where there is no PostgreSQL. */
static bool server_conninfo(char *text, size_t size)
{
    struct why why = {.text = ""};
    const char *given = getenv("LOA_TEST_PG");
    if (given != NULL && given[0] != '\0') {
        return str_to_array(str_of(given), text, size);
    }
    if (!test_cluster_available()) {
        return false;
    }
    if (!cluster_runs) {
        if (test_cluster_create(false, &cluster, &why) != OK) {
            stop("a cluster", why.text);
        }
        cluster_runs = true;
        ignore_int(atexit(end_cluster));
    }
    test_cluster_conninfo(&cluster, "postgres", text, size);
    return true;
}

/* "create" and "drop" are libpq's business here, not a statement of Loa. */
static void run_on_server(const char *conninfo, const char *verb, const char *database)
{
    char text[160];
    PGconn *conn = PQconnectdb(conninfo);
    ignore_int(snprintf(text, sizeof text, "%s %s%s", verb, database,
                        strncmp(verb, "DROP", 4) == 0 ? " WITH (FORCE)" : ""));
    PGresult *result = PQexec(conn, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        stop(text, PQerrorMessage(conn));
    }
    PQclear(result);
    PQfinish(conn);
}

uint64_t test_seed(void)
{
    const char *given = getenv("LOA_TEST_SEED");
    uint64_t seed = 0;
    if (given != NULL && str_to_u64(str_of(given), &seed)) {
        return seed;
    }
    return entropy_u64(entropy_system());
}

static void open_store(struct test_store *test)
{
    struct why why = {.text = ""};
    if (store_open(&test->config, &test->store, &why) != OK) {
        stop("opening", why.text);
    }
}

static bool make_place(struct test_store *test, enum store_kind kind)
{
    char server[TEST_TEXT];
    memcpy(test->folder, "/tmp/loa-test-XXXXXX", sizeof "/tmp/loa-test-XXXXXX");
    if (mkdtemp(test->folder) == NULL) {
        stop("a folder", test->folder);
    }
    ignore_int(snprintf(test->path, sizeof test->path, "%s/loa.db", test->folder));
    if (kind == STORE_SQLITE) {
        return true;
    }
    if (!server_conninfo(server, sizeof server)) {
        return false;
    }
    ignore_int(snprintf(test->database, sizeof test->database, "loa_test_%d_%u", (int)getpid(),
                        ++database_count));
    run_on_server(server, "CREATE DATABASE", test->database);
    int length = snprintf(test->conninfo, sizeof test->conninfo, "%s dbname=%s", server,
                          test->database); /* the later name counts */
    if (length < 0 || (size_t)length >= sizeof test->conninfo) {
        stop("LOA_TEST_PG", "too long");
    }
    return true;
}

struct test_store *test_store_create(const struct test_plan *plan)
{
    struct test_store *test = mem_take(sizeof *test);
    if (!make_place(test, plan->kind)) {
        test_store_destroy(test);
        return NULL;
    }
    test->seed = test_seed();
    test->entropy.state = test->seed;
    fprintf(stderr, "LOA_TEST_SEED=%llu\n", (unsigned long long)test->seed);
    test->config = (struct store_config){
        .kind = plan->kind,
        .path = test->path,
        .conninfo = test->conninfo,
        .rooms = plan->rooms,
        .room_count = plan->room_count,
        .entropy = entropy_seeded(&test->entropy),
    };
    open_store(test);
    return test;
}

void test_store_destroy(struct test_store *test)
{
    struct why why;
    char server[TEST_TEXT];
    store_close(test->store);
    if (test->database[0] != '\0' && server_conninfo(server, sizeof server)) {
        run_on_server(server, "DROP DATABASE", test->database);
    }
    ignore(file_remove_tree(test->folder, &why));
    mem_give(test);
}

void test_store_empty_database(struct test_store *test)
{
    char server[TEST_TEXT];
    if (server_conninfo(server, sizeof server)) {
        run_on_server(server, "DROP DATABASE", test->database);
        run_on_server(server, "CREATE DATABASE", test->database);
    }
}

void test_store_reopen(struct test_store *test)
{
    store_close(test->store);
    test->store = NULL;
    open_store(test);
}

int test_store_setup(void **state)
{
    const struct test_plan *plan = *state;
    *state = test_store_create(plan);
    return 0;
}

struct test_store *test_store_of(void **state)
{
    if (*state == NULL) {
        print_message("skipped: PostgreSQL is not installed\n");
        skip();
    }
    return *state;
}

int test_store_teardown(void **state)
{
    if (*state != NULL) {
        test_store_destroy(*state);
    }
    return 0;
}

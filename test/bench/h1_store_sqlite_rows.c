/* h1-store-sqlite-rows: durable small rows a second through the writer's queue, submitted by four
 * threads in jobs of 500 rows as the server does, on the append-only layout; beside a plain SQLite
 * loop with a thousand rows a transaction on a table with two indexes. Both WAL, synchronous FULL.
 */
#include "base/bench_testing.h"
#include "probe/probe_sql.h"
#include "probe/probe_store.h"
#include "store/store.h"
#include "store/testing/test_load.h"
#include "store/testing/test_store.h"

#include <sqlite3.h>

enum { MUST = 50000, GOAL = 200000, PEER_ROWS = 300000, PEER_BATCH = 1000 };

static _Noreturn void stop(const char *what, const char *reason)
{
    fprintf(stderr, "%s: %s\n", what, reason);
    exit(1);
}

static void run_words(sqlite3 *db, const struct db_words *words)
{
    if (sqlite3_exec(db, words->sqlite, NULL, NULL, NULL) != SQLITE_OK) {
        stop("peer", sqlite3_errmsg(db));
    }
}

static void insert(sqlite3_stmt *statement, int i)
{
    sqlite3_bind_int64(statement, 1, i % 10000);
    sqlite3_bind_int64(statement, 2, 100000 + i % 300);
    sqlite3_bind_int64(statement, 3, 1800000000 * USEC_SECOND + i);
    sqlite3_bind_int64(statement, 4, i % 5);
    sqlite3_bind_int64(statement, 5, -6);
    if (sqlite3_step(statement) != SQLITE_DONE) {
        stop("peer", "a row was refused");
    }
    sqlite3_reset(statement);
}

static double measure_peer(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK) {
        stop("peer", "cannot open");
    }
    run_words(db, &peer_settings);
    if (sqlite3_prepare_v2(db, peer_insert.sqlite, -1, &statement, NULL) != SQLITE_OK) {
        stop("peer", sqlite3_errmsg(db));
    }
    usec before = now_steady();
    for (int i = 0; i < PEER_ROWS; i++) {
        if (i % PEER_BATCH == 0) {
            run_words(db, &peer_begin);
        }
        insert(statement, i);
        if (i % PEER_BATCH == PEER_BATCH - 1) {
            run_words(db, &peer_commit);
        }
    }
    double seconds = (double)(now_steady() - before) / 1e6;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return PEER_ROWS / seconds;
}

static errc read_count(void *ctx, struct db *db, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct plays_count_row row;
    TRY(arena_create(4096, &arena));
    TRY(plays_count(db, arena, &row, why));
    *(int64_t *)ctx = row.count;
    return OK;
}

/* What was acknowledged is in the file that another opens. */
static void check_kept(struct test_store *test, int64_t rows)
{
    int64_t count = 0;
    struct why why = {.text = ""};
    test_store_reopen(test);
    if (store_read_now(test->store, read_count, &count, &why) != OK || count != rows) {
        stop("rows are missing", why.text);
    }
}

int main(void)
{
    static const struct store_room *const rooms[] = {&probe_room};
    static const struct test_plan plan = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
    struct test_store *test = test_store_create(&plan);
    struct test_load batched = {4, 500, 500, 8};
    struct test_load single = {4, 1, 20000, 64};
    struct test_load_result all;
    struct test_load_result ones;
    struct why why = {.text = ""};
    char note[200];
    if (test_load_run(test->store, &batched, &all, &why) != OK ||
        test_load_run(test->store, &single, &ones, &why) != OK) {
        stop("load", why.text);
    }
    check_kept(test, all.rows + ones.rows);
    store_close(test->store);
    test->store = NULL;
    double peer = measure_peer(test->path);
    double rate = (double)all.rows / all.seconds;
    snprintf(note, sizeof note,
             "must %d; append-only, no secondary index, many jobs a commit; the limit is one core "
             "inserting; slowest job %.0f ms; the peer keeps two indexes",
             MUST, (double)all.slowest / 1000);
    bench_print(&(struct bench_row){"h1-store-sqlite-rows", rate, "rows/s",
                                    "sqlite3 loop, 1000 rows a commit", peer, ">= 200000",
                                    rate >= GOAL, note});
    double ones_rate = (double)ones.rows / ones.seconds;
    snprintf(note, sizeof note, "each row a job of its own, 256 under way; slowest %.0f ms",
             (double)ones.slowest / 1000);
    bench_print(&(struct bench_row){"h1-store-sqlite-single-row-jobs", ones_rate, "rows/s",
                                    "sqlite3 loop, 1000 rows a commit", peer, ">= 50000",
                                    ones_rate >= MUST, note});
    test_store_destroy(test);
    return 0;
}

/* h1-store-pg-rows: durable small rows a second through the store's writers into PostgreSQL, beside
 * COPY by psql of as many rows into the same table, in the same cluster with fsync on. */
#include "base/bench_testing.h"
#include "probe/probe_sql.h"
#include "probe/probe_store.h"
#include "store/store.h"
#include "store/testing/test_cluster.h"
#include "store/testing/test_load.h"

#include "base/entropy.h"

#include <sys/wait.h>
#include <unistd.h>

static struct test_cluster cluster;

static _Noreturn void stop(const char *what, const char *reason)
{
    fprintf(stderr, "%s: %s\n", what, reason);
    test_cluster_destroy(&cluster);
    exit(1);
}

/* What psql reads: tab-separated, made before the clock runs. */
static void write_rows(const char *path, int64_t rows)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        stop(path, "cannot be written");
    }
    for (int64_t i = 0; i < rows; i++) {
        fprintf(file, "%lld\t%lld\t%lld\t%lld\t-6\n", (long long)(i % 10000),
                (long long)(100000 + i % 300), (long long)(1800000000000000 + i),
                (long long)(i % 5));
    }
    if (fclose(file) != 0) {
        stop(path, "cannot be written");
    }
}

static double measure_copy(const char *path, int64_t rows)
{
    char program[200];
    char command[400];
    snprintf(program, sizeof program, "%s/psql", cluster.programs);
    snprintf(command, sizeof command,
             "\\copy plays (device_id, item_id, at_us, state, gain) from %s", path);
    usec before = now_steady();
    pid_t child = fork();
    if (child == 0) {
        execl(program, "psql", "-qX", "-h", cluster.folder, "-U", "loa", "-d", "postgres", "-c",
              command, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        stop("psql", "failed");
    }
    return (double)rows / ((double)(now_steady() - before) / 1e6);
}

int main(void)
{
    static const struct store_room *const rooms[] = {&probe_room};
    struct store *store = NULL;
    struct test_load load = {4, 1000, 200, 4};
    struct test_load_result result;
    struct why why = {.text = ""};
    char conninfo[160];
    char path[128];
    char note[200];
    if (!test_cluster_available()) {
        fprintf(stderr, "PostgreSQL is not installed\n");
        return 77;
    }
    if (test_cluster_create(true, &cluster, &why) != OK) {
        stop("cluster", why.text);
    }
    test_cluster_conninfo(&cluster, "postgres", conninfo, sizeof conninfo);
    struct store_config config = {.kind = STORE_POSTGRESQL,
                                  .conninfo = conninfo,
                                  .rooms = rooms,
                                  .room_count = COUNT_OF(rooms),
                                  .writers = 2,
                                  .entropy = entropy_system()};
    if (store_open(&config, &store, &why) != OK ||
        test_load_run(store, &load, &result, &why) != OK) {
        stop("load", why.text);
    }
    store_close(store);
    double rate = (double)result.rows / result.seconds;
    snprintf(path, sizeof path, "%s/rows", cluster.folder);
    write_rows(path, result.rows);
    double copy = measure_copy(path, result.rows);
    snprintf(note, sizeof note,
             "arrays through unnest, 1000 rows a serializable transaction, 2 writers; slowest job "
             "%.0f ms; COPY is one transaction",
             (double)result.slowest / 1000);
    bench_print(&(struct bench_row){"h1-store-pg-rows", rate, "rows/s",
                                    "psql COPY, one transaction", copy, ">= 50000", rate >= 50000,
                                    note});
    test_cluster_destroy(&cluster);
    return 0;
}

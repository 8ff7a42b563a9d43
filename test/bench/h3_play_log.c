/* h3-play-log: entries of devices' logs a second, verified (signature, chain), stored with their
 * plays and acknowledged as durable: SQLite and PostgreSQL, in jobs of many messages as the gate
 * makes them. Every entry is a play, the worst case. Beside them COPY by psql of as many plays into
 * the same table, which verifies nothing, keeps no evidence and is one transaction. */
#include "broadcast/play_log.h"

#include "base/bench_testing.h"
#include "broadcast/broadcast_store.h"
#include "broadcast/play_log_testing.h"
#include "orders/orders_store.h"
#include "people/people_store.h"
#include "store/store.h"
#include "store/testing/test_cluster.h"
#include "store/testing/test_store.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    DEVICES = 1000,
    ROUNDS = 6,
    ENTRIES = 64,
    MESSAGES_OF_JOB = 32,
    MUST = 50000,
    GOAL = 200000
};

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room};

struct message {
    struct pen pen;
    struct play_log_message said;
};

/* One job: some messages, each of another device. */
struct job {
    struct message *messages;
    size_t count;
    struct arena *arena;
    struct load *load;
};

struct load {
    pthread_mutex_t lock;
    pthread_cond_t done;
    size_t left;
    errc rc;
    struct why why;
};

static struct message *messages; /* DEVICES of them, rewritten for each round */

static _Noreturn void stop(const char *what, const char *reason)
{
    fprintf(stderr, "%s: %s\n", what, reason);
    exit(1);
}

static errc keep_all(void *ctx, struct db *db, struct why *why)
{
    struct job *job = ctx;
    arena_reset(job->arena);
    for (size_t i = 0; i < job->count; i++) {
        struct play_log_kept kept;
        TRY(play_log_keep(db, &job->messages[i].said, job->arena, &kept, why));
        if (kept.is_refused || kept.seq != job->messages[i].pen.chain.seq) {
            return fail(why, ERR_INTERNAL, "a message was not kept");
        }
    }
    return OK;
}

static void job_done(void *ctx, errc rc, const struct why *why)
{
    struct job *job = ctx;
    struct load *load = job->load;
    pthread_mutex_lock(&load->lock);
    if (rc != OK) {
        load->rc = rc;
        load->why = why == NULL ? (struct why){""} : *why;
    }
    load->left--;
    pthread_cond_signal(&load->done);
    pthread_mutex_unlock(&load->lock);
}

/* Devices write and sign; not measured. */
static void write_round(int round)
{
    for (size_t i = 0; i < DEVICES; i++) {
        struct pen *pen = &messages[i].pen;
        pen_sent(pen);
        for (int n = 0; n < ENTRIES; n++) {
            pen_item(pen, n % 8 == 0 ? LOG_ITEM_PARTLY : LOG_ITEM_PLAYED, (uint8_t)(n + round));
        }
        messages[i].said = (struct play_log_message){pen->device, pen->key, pen_send(pen),
                                                     PEN_BEGIN + 3000 * USEC_DAY};
    }
}

static void run_round(struct store *store, struct job *jobs, size_t count, struct load *load)
{
    load->left = count;
    for (size_t i = 0; i < count; i++) {
        struct store_job job = {keep_all, job_done, &jobs[i], 0};
        if (store_write(store, &job, NULL) != OK) {
            stop("store", "a job was not taken");
        }
    }
    pthread_mutex_lock(&load->lock);
    while (load->left > 0) {
        pthread_cond_wait(&load->done, &load->lock);
    }
    pthread_mutex_unlock(&load->lock);
    if (load->rc != OK) {
        stop("a job failed", load->why.text);
    }
}

/* Entries a second. */
static double measure(struct store *store)
{
    enum { JOBS = (DEVICES + MESSAGES_OF_JOB - 1) / MESSAGES_OF_JOB };
    static struct job jobs[JOBS];
    struct load load = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, OK, {""}};
    usec measured = 0;
    for (size_t i = 0; i < JOBS; i++) {
        size_t first = i * MESSAGES_OF_JOB;
        size_t left = DEVICES - first;
        jobs[i] = (struct job){&messages[first], left < MESSAGES_OF_JOB ? left : MESSAGES_OF_JOB,
                               NULL, &load};
        ENSURE(arena_create((size_t)64 * 1024 * 1024, &jobs[i].arena) == OK);
    }
    for (size_t i = 0; i < DEVICES; i++) {
        pen_init(&messages[i].pen, i + 1);
    }
    for (int round = 0; round < ROUNDS; round++) {
        write_round(round);
        usec before = now_steady();
        run_round(store, jobs, JOBS, &load);
        measured += now_steady() - before;
    }
    for (size_t i = 0; i < JOBS; i++) {
        arena_destroy(jobs[i].arena);
    }
    return (double)DEVICES * ROUNDS * ENTRIES / ((double)measured / 1e6);
}

/* --- the peer --------------------------------------------------------------------------------- */

static void write_rows(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        stop(path, "cannot be written");
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int device = 1; device <= DEVICES; device++) {
            for (int n = 0; n < ENTRIES; n++) {
                fprintf(file, "%d\t%lld\t%d\t\\\\x%032d\t0\t0\t1000\t\\N\n", device + 100000,
                        (long long)(PEN_BEGIN + (round * ENTRIES + n) * USEC_MINUTE),
                        round * ENTRIES + n, n);
            }
        }
    }
    if (fclose(file) != 0) {
        stop(path, "cannot be written");
    }
}

static double measure_copy(const struct test_cluster *cluster, const char *path)
{
    char program[200];
    char command[400];
    snprintf(program, sizeof program, "%s/psql", cluster->programs);
    snprintf(command, sizeof command,
             "\\copy plays (device_id, at_us, seq, item, outcome, reason, ms, other) from %s",
             path);
    usec before = now_steady();
    pid_t child = fork();
    if (child == 0) {
        execl(program, "psql", "-qX", "-h", cluster->folder, "-U", "loa", "-d", "postgres", "-c",
              command, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        stop("psql", "failed");
    }
    return (double)DEVICES * ROUNDS * ENTRIES / ((double)(now_steady() - before) / 1e6);
}

static void measure_postgresql(double *ret_rate, double *ret_copy)
{
    static struct test_cluster cluster;
    struct store *store = NULL;
    struct why why = {.text = ""};
    char conninfo[160];
    char path[160];
    if (!test_cluster_available() || test_cluster_create(true, &cluster, &why) != OK) {
        return;
    }
    test_cluster_conninfo(&cluster, "postgres", conninfo, sizeof conninfo);
    struct store_config config = {.kind = STORE_POSTGRESQL,
                                  .conninfo = conninfo,
                                  .rooms = rooms,
                                  .room_count = COUNT_OF(rooms),
                                  .writers = 2,
                                  .entropy = entropy_system()};
    if (store_open(&config, &store, &why) != OK) {
        stop("store", why.text);
    }
    *ret_rate = measure(store);
    store_close(store);
    snprintf(path, sizeof path, "%s/rows", cluster.folder);
    write_rows(path);
    *ret_copy = measure_copy(&cluster, path);
    test_cluster_destroy(&cluster);
}

int main(void)
{
    static const struct test_plan plan = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
    double rate = 0;
    double copy = 0;
    char note[240];
    messages = mem_take_array(DEVICES, sizeof *messages);
    struct test_store *test = test_store_create(&plan);
    double sqlite = measure(test->store);
    test_store_destroy(test);
    measure_postgresql(&rate, &copy);
    mem_give(messages);
    snprintf(
        note, sizeof note,
        "must %d; %d entries a message, each verified (Ed25519, BLAKE2b chain), its bytes kept "
        "and its play in a table by device and time; the limit is the writer's core",
        MUST, ENTRIES);
    bench_print(&(struct bench_row){"h3-play-log-sqlite", sqlite, "entries/s",
                                    "psql COPY of bare rows", copy, ">= 200000", sqlite >= GOAL,
                                    note});
    if (rate > 0) {
        bench_print(&(struct bench_row){"h3-play-log-postgresql", rate, "entries/s",
                                        "psql COPY of bare rows", copy, ">= 50000", rate >= MUST,
                                        "two writers, serializable; COPY is one transaction"});
    }
    return 0;
}

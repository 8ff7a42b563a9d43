/* A disk that loses its power, again and again: of what was not synced, parts are there, torn and
 * out of order. Whatever was acknowledged before must be found afterwards, and the store must open
 * by itself each time; the next round goes on with what the last cut left. */
#include "base/file.h"
#include "base/testing.h"
#include "probe/probe_sql.h"
#include "probe/probe_store.h"
#include "store/store.h"
#include "store/testing/power_vfs.h"
#include "store/testing/test_store.h"

enum { NUMBERS_MOST = 1000000, JOBS = 120, ROUNDS_OF_ONE = 50 };

static const struct store_room *const rooms[] = {&probe_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};

/* Written on the store's writer thread only, but for `next`. */
struct ledger {
    uint8_t acknowledged[NUMBERS_MOST];
    uint8_t promised[NUMBERS_MOST]; /* at the moment of the cut */
    int64_t next;
    int64_t highest;
    struct store *store;
};

struct job {
    struct ledger *ledger;
    int64_t number;
};

static errc insist(void *ctx, struct db *db, struct why *why)
{
    const struct job *job = ctx;
    struct numbers_insist_in in = {.number = job->number, .text = S("acknowledged")};
    return numbers_insist(db, &in, NULL, why);
}

static void acknowledge(void *ctx, errc rc, const struct why *why)
{
    (void)why;
    struct job *job = ctx;
    if (rc == OK) {
        job->ledger->acknowledged[job->number] = 1;
    }
    mem_give(job);
}

static void on_cut(void *ctx)
{
    struct ledger *ledger = ctx;
    memcpy(ledger->promised, ledger->acknowledged, sizeof ledger->promised);
}

static void write_some(struct ledger *ledger)
{
    for (int i = 0; i < JOBS; i++) {
        struct job *job = mem_take(sizeof *job);
        *job = (struct job){ledger, ledger->next++};
        struct store_job work = {.run = insist, .done = acknowledge, .ctx = job};
        assert_ok(store_write(ledger->store, &work, NULL));
    }
}

/* Whoever waits for this has let everything before it be written. */
static errc wait_in_line(void *ctx, struct db *db, struct why *why)
{
    (void)ctx;
    (void)db;
    (void)why;
    return OK;
}

static errc on_number(void *ctx, const struct numbers_all_row *row)
{
    struct ledger *ledger = ctx;
    ledger->promised[row->number] = 0;
    ledger->highest = row->number;
    return OK;
}

static errc read_numbers(void *ctx, struct db *db, struct why *why)
{
    return numbers_all(db, on_number, ctx, why);
}

static void check_promises(struct ledger *ledger, size_t round)
{
    ledger->highest = -1;
    assert_ok(store_read_now(ledger->store, read_numbers, ledger, NULL));
    for (int64_t i = 0; i < ledger->next; i++) {
        if (ledger->promised[i] != 0) {
            fail_msg("round %zu: %lld was acknowledged and is lost", round, (long long)i);
        }
    }
    /* What came back is what the next round begins with. */
    memset(ledger->acknowledged, 0, sizeof ledger->acknowledged);
    memset(ledger->acknowledged, 1, (size_t)(ledger->highest + 1));
}

static void run_until_cut(struct ledger *ledger, struct store_config *config, const char *folder,
                          struct entropy chance)
{
    struct power_cut cut = {.folder = folder,
                            .at = 1 + entropy_below(chance, 300),
                            .chance = chance,
                            .on_cut = on_cut,
                            .ctx = ledger};
    power_vfs_begin();
    power_vfs_arm(&cut);
    assert_ok(store_open(config, &ledger->store, NULL));
    while (!power_vfs_was_cut()) {
        write_some(ledger);
        assert_ok(store_write_now(ledger->store, wait_in_line, NULL, NULL));
    }
    store_close(ledger->store);
    power_vfs_end();
}

static void store_keeps_what_it_acknowledged_when_the_power_goes(void **state)
{
    struct test_store *test = test_store_of(state);
    struct entropy chance = entropy_seeded(&(struct entropy_seed){test->seed});
    struct ledger *ledger = mem_take(sizeof *ledger);
    struct store_config config = test->config;
    char folders[2][TEST_TEXT];
    char paths[2][TEST_TEXT + 32];
    for (size_t i = 0; i < 2; i++) {
        ignore_int(snprintf(folders[i], sizeof folders[i], "%s/cut%zu", test->folder, i));
        ignore_int(snprintf(paths[i], sizeof paths[i], "%s/power.db", folders[i]));
        assert_ok(file_make_folder(folders[i], 0700, NULL));
    }
    size_t rounds = test_rounds(25, 1000);
    for (size_t round = 0; round < rounds; round++) {
        size_t from = round % 2;
        if (round % ROUNDS_OF_ONE == 0) { /* else there would be more to read than to test */
            memset(ledger, 0, sizeof *ledger);
            assert_ok(file_remove_tree(folders[from], NULL));
            assert_ok(file_make_folder(folders[from], 0700, NULL));
        }
        config.path = paths[from];
        assert_ok(file_remove_tree(folders[1 - from], NULL));
        assert_ok(file_make_folder(folders[1 - from], 0700, NULL));
        run_until_cut(ledger, &config, folders[1 - from], chance);
        config.path = paths[1 - from];
        struct why why = {.text = ""};
        if (store_open(&config, &ledger->store, &why) != OK) {
            fail_msg("round %zu: does not open: %s", round, why.text);
        }
        check_promises(ledger, round);
        ledger->next = ledger->highest + 1;
        store_close(ledger->store);
    }
    mem_give(ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_SQLITE(store_keeps_what_it_acknowledged_when_the_power_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

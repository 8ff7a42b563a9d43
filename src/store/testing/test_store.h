/* A fresh store for a test, on either database. A test program lists each test twice:
 *
 *   static const struct store_room *const rooms[] = {&people_room};
 *   static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
 *   static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};
 *   const struct CMUnitTest tests[] = {TEST_ON_BOTH(units_import_twice), …};
 *
 * and each test begins with test_store_of(state). The PostgreSQL cluster is the one named by
 * LOA_TEST_PG, or one of the program's own; every test has a database of its own in it. Where
 * PostgreSQL is not installed its tests are skipped and say so. */
#ifndef LOA_STORE_TESTING_TEST_STORE_H
#define LOA_STORE_TESTING_TEST_STORE_H

#include "base/base.h"
#include "store/store.h"

enum { TEST_TEXT = 256 };

struct test_plan {
    enum store_kind kind;
    const struct store_room *const *rooms;
    size_t room_count;
};

struct test_store {
    struct store *store;        /* open */
    struct store_config config; /* to open it once more, or a second one beside it */
    char folder[64];            /* the test's own; removed at the end */
    char path[TEST_TEXT];       /* of the SQLite file */
    char conninfo[TEST_TEXT];
    char database[64];
    uint64_t seed;               /* printed; LOA_TEST_SEED repeats it */
    struct entropy_seed entropy; /* begins there */
};

#define TEST_ON_BOTH(test)                                                                         \
    {#test " [sqlite]", (test), test_store_setup, test_store_teardown,                             \
     (void *)(uintptr_t)&sqlite},                                                                  \
    {                                                                                              \
#test " [postgresql]", (test), test_store_setup, test_store_teardown,                      \
            (void *)(uintptr_t)&postgresql                                                         \
    }

#define TEST_ON_SQLITE(test)                                                                       \
    {                                                                                              \
#test " [sqlite]", (test), test_store_setup, test_store_teardown,                          \
            (void *)(uintptr_t)&sqlite                                                             \
    }

#define TEST_ON_POSTGRESQL(test)                                                                   \
    {                                                                                              \
#test " [postgresql]", (test), test_store_setup, test_store_teardown,                      \
            (void *)(uintptr_t)&postgresql                                                         \
    }

int test_store_setup(void **state);    /* from the plan to an open struct test_store */
int test_store_teardown(void **state); /* closes and removes everything */

/* The state of a test; skips the test when there is no PostgreSQL. */
struct test_store *test_store_of(void **state);

/* The same outside of cmocka's setup, for benches. Null when PostgreSQL is not installed. */
struct test_store *test_store_create(const struct test_plan *plan);
void test_store_destroy(struct test_store *test);

/* Closes the store and opens it again on the same data. */
void test_store_reopen(struct test_store *test);
/* PostgreSQL: drops the test's database and creates it anew; the store is closed before. */
void test_store_empty_database(struct test_store *test);
uint64_t test_seed(void);

#endif

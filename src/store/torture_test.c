/* The n-th statement, commit or allocation fails, for every n: a job is done whole or not at all,
 * it is told so, and the store goes on. */
#include "base/torture.h"

#include "base/hash.h"
#include "probe/probe_sql.h"
#include "probe/probe_store.h"
#include "store/store.h"
#include "store/testing/test_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&probe_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static const struct torture_seam seam_statement = {"statement", store_torture, store_torture_hit};

struct scene {
    struct test_store *test;
    int64_t run;    /* names the thing of this run */
    int64_t things; /* found afterwards */
    int64_t parts;
    bool heard;
};

/* A thing, two parts, one of them in an attempt, an announcement: all or nothing. */
static errc add_part(void *ctx, struct db *db, struct why *why)
{
    struct parts_add_in in = {.thing_id = *(const int64_t *)ctx, .name = S("attempt")};
    return parts_add(db, &in, NULL, why);
}

static errc write_all(void *ctx, struct db *db, struct why *why)
{
    const struct scene *scene = ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    struct things_add_row added;
    char name[32];
    snprintf(name, sizeof name, "run %lld", (long long)scene->run);
    struct things_add_in in = {.name = str_of(name), .hash = hash_of(S("x"))};
    TRY(arena_create(4096, &arena));
    TRY(things_add(db, &in, arena, &added, why));
    struct parts_add_in part = {.thing_id = added.id, .name = S("batch")};
    TRY(parts_add_batch(db, &part, 1, why));
    TRY(db_attempt(db, add_part, &added.id, why));
    return db_announce(db, "things", why);
}

static errc count_all(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    struct things_named_row named;
    struct parts_of_row *parts = NULL;
    size_t count = 0;
    char name[32];
    snprintf(name, sizeof name, "run %lld", (long long)scene->run);
    scene->things = scene->parts = 0;
    TRY(arena_create(1 << 16, &arena));
    errc rc = things_named(db, &(struct things_named_in){.name = str_of(name)}, arena, &named, why);
    if (rc == ERR_NOT_FOUND) {
        return OK;
    }
    TRY(rc);
    struct parts_of_in in = {.thing_id = named.id};
    TRY(parts_of_all(db, &in, arena, &parts, &count, why));
    scene->things = 1;
    scene->parts = (int64_t)count;
    return OK;
}

static errc run(void *ctx)
{
    struct scene *scene = ctx;
    struct why why;
    scene->run++;
    scene->heard = false;
    return store_write_now(scene->test->store, write_all, scene, &why);
}

static bool holds(void *ctx, errc rc)
{
    struct scene *scene = ctx;
    struct why why;
    if (store_read_now(scene->test->store, count_all, scene, &why) != OK) {
        return false;
    }
    bool all = scene->things == 1 && scene->parts == 2 && scene->heard;
    bool nothing = scene->things == 0 && scene->parts == 0 && !scene->heard;
    return rc == OK ? all : nothing;
}

static void hear(void *ctx, const char *topic)
{
    struct scene *scene = ctx;
    scene->heard = strcmp(topic, "things") == 0;
}

static void torture_with(void **state, const struct torture_seam *seam)
{
    struct scene scene = {.test = test_store_of(state)};
    struct why why = {.text = ""};
    struct torture torture = {.name = "store", .run = run, .holds = holds, .ctx = &scene};
    assert_int_equal(store_watch(scene.test->store, hear, &scene, &why), OK);
    errc rc = torture_run(seam, &torture, &why);
    if (rc != OK) {
        print_error("%s\n", why.text);
    }
    assert_int_equal(rc, OK);
    assert_true(torture.runs > 2);
}

static void store_is_whole_when_the_nth_statement_fails(void **state)
{
    torture_with(state, &seam_statement);
}

static void store_is_whole_when_the_nth_allocation_fails(void **state)
{
    torture_with(state, &torture_heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(store_is_whole_when_the_nth_statement_fails),
        TEST_ON_BOTH(store_is_whole_when_the_nth_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a sweep must leave alone: everything that any room names, in one set. */
#include "server/media_used.h"

#include "base/testing.h"
#include "broadcast/media_item.h"
#include "server/app.h"
#include "store/testing/test_store.h"

static struct test_plan sqlite = {STORE_SQLITE, NULL, 0};
static struct test_plan postgresql = {STORE_POSTGRESQL, NULL, 0};

static hash sound_of(int number)
{
    char name[16];
    ignore_int(snprintf(name, sizeof name, "sound %d", number));
    return hash_of(str_of(name));
}

static errc run_add(void *ctx, struct db *db, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct actor server = {.now = USEC_DAY};
    int64_t id = 0;
    const int *count = ctx;
    TRY(arena_create(1024 * 1024, &arena));
    struct desk desk = {.actor = &server, .arena = arena};
    for (int i = 0; i < *count; i++) {
        struct media_item item = {
            .media = sound_of(i), .unit = 1, .title = S("x"), .ms = 1, .bytes = 1};
        TRY(media_item_register(&desk, db, &item, &id, why));
    }
    return OK;
}

static void knows_what_is_named_and_nothing_else(void **state)
{
    struct test_store *test = test_store_of(state);
    AUTO(media_used_destroy) struct media_used *none = NULL;
    AUTO(media_used_destroy) struct media_used *used = NULL;
    int count = 40;
    assert_ok(media_used_read(test->store, &none, NULL));
    assert_false(media_used_has(none, sound_of(0)));
    assert_ok(store_write_now(test->store, run_add, &count, NULL));
    assert_ok(media_used_read(test->store, &used, NULL));
    for (int i = 0; i < count; i++) {
        assert_true(media_used_has(used, sound_of(i)));
    }
    assert_false(media_used_has(used, sound_of(count)));
}

int main(void)
{
    sqlite.rooms = postgresql.rooms = app_rooms(&sqlite.room_count);
    postgresql.room_count = sqlite.room_count;
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(knows_what_is_named_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Uploads on both databases, and their bytes in a folder: what was acknowledged is there. */
#include "sounds/upload_file.h"

#include "base/file.h"
#include "base/testing.h"
#include "sounds/sounds_testing.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct store_room *const rooms[] = {&people_room, &sounds_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static errc run_begin(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    struct upload upload = {.name = S("a.wav"), .bytes = 1000, .place = 7};
    errc rc = upload_begin(&kit->desk, db, &upload, why);
    kit->numbers[0] = upload.id;
    return rc;
}

static errc run_advance(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    return upload_advance(&kit->desk, db, kit->numbers[0], kit->numbers[1], kit->numbers[2],
                          kit->out, why);
}

static errc run_find(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    return upload_find(&kit->desk, db, kit->numbers[0], kit->out, why);
}

static errc run_expire(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    return uploads_expire(db, SOUNDS_NOW + USEC_HOUR, &kit->numbers[1], why);
}

static errc run_ask(void *ctx, struct db *db, struct why *why)
{
    struct sounds_kit *kit = ctx;
    struct sound sound = {.mark = S("0123456789abcdef"),
                          .unit = kit->commune,
                          .title = S("News"),
                          .upload = kit->numbers[0],
                          .partial = kit->numbers[1] != 0,
                          .speed = 100};
    int64_t id = 0;
    return sound_ask(&kit->desk, db, &sound, &id, why);
}

static void advances_only_from_where_it_is(void **state)
{
    struct sounds_kit kit;
    struct upload upload;
    sounds_kit_init(&kit, state);
    kit.out = &upload;
    assert_ok(sounds_write(&kit, run_begin));
    kit.numbers[1] = 0;
    kit.numbers[2] = 400;
    assert_ok(sounds_write(&kit, run_advance));
    assert_int_equal(upload.kept, 400);
    assert_int_equal(sounds_write(&kit, run_advance), ERR_CONFLICT);
    assert_ok(sounds_write(&kit, run_find));
    assert_int_equal(upload.kept, 400);
    assert_int_equal(upload.place, 7);
    assert_int_equal(upload_check(&kit.desk, &upload, 400, 601), ERR_INVALID);
    assert_int_equal(upload_check(&kit.desk, &upload, 300, 10), ERR_CONFLICT);
    assert_ok(upload_check(&kit.desk, &upload, 400, 600));
    kit.actor.account_id = 6;
    assert_int_equal(sounds_write(&kit, run_find), ERR_NOT_FOUND);
    sounds_kit_finish(&kit);
}

static void a_person_begins_only_so_many(void **state)
{
    struct sounds_kit kit;
    sounds_kit_init(&kit, state);
    for (int i = 0; i < UPLOADS_OPEN_MOST; i++) {
        assert_ok(sounds_write(&kit, run_begin));
    }
    assert_int_equal(sounds_write(&kit, run_begin), ERR_TOO_MANY);
    kit.actor.account_id = 6;
    assert_ok(sounds_write(&kit, run_begin));
    sounds_kit_finish(&kit);
}

static void what_a_job_waits_for_is_not_swept(void **state)
{
    struct sounds_kit kit;
    struct upload upload;
    sounds_kit_init(&kit, state);
    kit.out = &upload;
    assert_ok(sounds_write(&kit, run_begin));
    kit.numbers[1] = 0;
    kit.numbers[2] = 400;
    assert_ok(sounds_write(&kit, run_advance));
    assert_int_equal(sounds_write(&kit, run_ask), ERR_INVALID);
    kit.numbers[1] = 1; /* what there is of it */
    assert_ok(sounds_write(&kit, run_ask));
    assert_ok(sounds_write(&kit, run_find));
    assert_int_equal(upload.bytes, 400);
    assert_ok(sounds_write(&kit, run_expire));
    assert_int_equal(kit.numbers[1], 0);
    assert_ok(sounds_write(&kit, run_begin));
    assert_ok(sounds_write(&kit, run_expire));
    assert_int_equal(kit.numbers[1], 1);
    sounds_kit_finish(&kit);
}

/* --- the files ------------------------------------------------------------------------------- */

static void a_late_twin_takes_nothing_away(void **state)
{
    (void)state;
    char root[] = "/tmp/loa-uploads-XXXXXX";
    char folder[64];
    AUTO(file_close) int fd = -1;
    char bytes[8] = "";
    assert_non_null(mkdtemp(root));
    ignore_int(snprintf(folder, sizeof folder, "%s/uploads", root));
    assert_ok(upload_file_keep(folder, 3, 0, S("abcd"), NULL));
    assert_ok(upload_file_keep(folder, 3, 4, S("efgh"), NULL));
    assert_ok(upload_file_keep(folder, 3, 0, S("ab"), NULL));
    assert_int_equal(upload_file_keep(folder, 3, 9, S("x"), NULL), ERR_CORRUPT);
    assert_ok(upload_file_open(folder, 3, 8, &fd, NULL));
    assert_int_equal(read(fd, bytes, 8), 8);
    assert_memory_equal(bytes, "abcdefgh", 8);
    file_close(&fd);
    assert_int_equal(upload_file_open(folder, 3, 9, &fd, NULL), ERR_CORRUPT);
    assert_int_equal(upload_file_open(folder, 4, 0, &fd, NULL), ERR_NOT_FOUND);
    assert_ok(file_remove_tree(root, NULL));
}

static void sweeps_what_no_row_knows(void **state)
{
    (void)state;
    char root[] = "/tmp/loa-uploads-XXXXXX";
    AUTO(file_close) int fd = -1;
    const int64_t known[] = {2, 5, 9};
    struct upload_ids ids = {known, COUNT_OF(known)};
    int64_t gone = 0;
    usec later = now_utc() + USEC_DAY;
    assert_non_null(mkdtemp(root));
    for (int64_t id = 1; id <= 9; id += 4) {
        assert_ok(upload_file_keep(root, id, 0, S("abcd"), NULL));
    }
    assert_ok(upload_files_sweep(root, ids, now_utc() - USEC_HOUR, &gone, NULL));
    assert_int_equal(gone, 0); /* younger than the list */
    assert_ok(upload_files_sweep(root, ids, later, &gone, NULL));
    assert_int_equal(gone, 1);
    assert_ok(upload_file_open(root, 5, 4, &fd, NULL));
    file_close(&fd);
    assert_int_equal(upload_file_open(root, 1, 0, &fd, NULL), ERR_NOT_FOUND);
    assert_ok(file_remove_tree(root, NULL));
    assert_ok(upload_files_sweep(root, ids, later, &gone, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(advances_only_from_where_it_is),
        TEST_ON_BOTH(a_person_begins_only_so_many),
        TEST_ON_BOTH(what_a_job_waits_for_is_not_swept),
        cmocka_unit_test(a_late_twin_takes_nothing_away),
        cmocka_unit_test(sweeps_what_no_row_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

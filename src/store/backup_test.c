/* A backup is a backup when it has been restored: while writers go on, on both databases. */
#include "store/backup.h"

#include "base/file.h"
#include "base/hash.h"
#include "probe/probe_sql.h"
#include "probe/probe_store.h"
#include "store/testing/test_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct store_room *const rooms[] = {&probe_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

struct scene {
    struct test_store *test;
    char media[128];
    char folder[128]; /* of the backup */
    struct media_config media_config;
    struct backup_place place;
    hash names[2]; /* of the media that rows refer to */
};

static errc add_things(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(1 << 16, &arena));
    for (int i = 0; i < 2; i++) {
        struct things_add_row added;
        struct things_add_in in = {.name = i == 0 ? S("a") : S("b"), .hash = scene->names[i]};
        TRY(things_add(db, &in, arena, &added, why));
    }
    return OK;
}

/* "Which media do rows refer to": here, of the two things by name. */
static errc each_name(void *ctx, struct db *db, const struct backup_names *names, struct why *why)
{
    (void)ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(1 << 16, &arena));
    for (int i = 0; i < 2; i++) {
        struct things_named_row found;
        struct things_by_id_row row;
        struct things_named_in named = {.name = i == 0 ? S("b") : S("a")};
        TRY(things_named(db, &named, arena, &found, why));
        TRY(things_by_id(db, &(struct things_by_id_in){.id = found.id}, arena, &row, why));
        TRY(names->on_name(names->ctx, &row.hash));
        TRY(names->on_name(names->ctx, &row.hash));
    }
    return OK;
}

static hash put_text(const struct media_config *config, str text)
{
    struct media *media = NULL;
    struct media_put *put = NULL;
    struct media_info info;
    struct why why;
    assert_int_equal(media_open(config, &media, &why), OK);
    assert_int_equal(media_put_begin(media, &put, &why), OK);
    assert_int_equal(media_put_add(put, text, &why), OK);
    assert_int_equal(media_put_end(put, NULL, &info, &why), OK);
    media_close(media);
    return info.name;
}

static void scene_begin(struct scene *scene, struct test_store *test)
{
    struct why why = {.text = ""};
    *scene = (struct scene){.test = test};
    snprintf(scene->media, sizeof scene->media, "%s/media", test->folder);
    snprintf(scene->folder, sizeof scene->folder, "%s/backup", test->folder);
    scene->media_config = (struct media_config){.kind = MEDIA_FOLDER, .folder = scene->media};
    scene->place = (struct backup_place){
        .store = &test->config, .media = &scene->media_config, .each_name = each_name};
    scene->names[0] = put_text(&scene->media_config, S("the first medium"));
    scene->names[1] = put_text(&scene->media_config, S("the second medium"));
    assert_int_equal(store_write_now(test->store, add_things, scene, &why), OK);
}

static void expect(errc rc, errc expected, const struct why *why)
{
    if (rc != expected) {
        print_error("%s: %s\n", error_key(rc), why->text);
    }
    assert_int_equal(rc, expected);
}

static struct backup_report make(struct scene *scene)
{
    struct backup_report report;
    struct why why = {.text = ""};
    expect(backup_make(&scene->place, scene->folder, 1800000000 * USEC_SECOND, &report, &why), OK,
           &why);
    return report;
}

/* A second, empty place beside the first. */
struct target {
    struct test_store *test;
    char media[128];
    struct media_config media_config;
    struct backup_place place;
};

static void target_begin(struct target *target, const struct scene *scene,
                         const struct test_plan *plan)
{
    target->test = test_store_create(plan);
    snprintf(target->media, sizeof target->media, "%s/media", target->test->folder);
    target->media_config = (struct media_config){.kind = MEDIA_FOLDER, .folder = target->media};
    target->place = scene->place;
    target->place.store = &target->test->config;
    target->place.media = &target->media_config;
}

/* Its store was opened when it was made: back to nothing. */
static void target_empty(struct target *target)
{
    store_close(target->test->store);
    target->test->store = NULL;
    if (target->test->config.kind == STORE_SQLITE) {
        assert_int_equal(unlink(target->test->path), 0);
    } else {
        test_store_empty_database(target->test);
    }
}

static const struct test_plan *plan_of(const struct scene *scene)
{
    return scene->test->config.kind == STORE_SQLITE ? &sqlite : &postgresql;
}

struct content {
    int64_t things;
    int64_t numbers;
    int64_t total;
};

static errc read_content(void *ctx, struct db *db, struct why *why)
{
    struct content *content = ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    struct things_fine_row things;
    struct numbers_count_row numbers;
    TRY(arena_create(4096, &arena));
    TRY(things_fine(db, arena, &things, why));
    TRY(numbers_count(db, arena, &numbers, why));
    *content = (struct content){things.count, numbers.count, numbers.total};
    return OK;
}

static void backup_restores_what_was_there(void **state)
{
    struct scene scene;
    struct target target;
    struct backup_report report;
    struct content content = {-1, -1, -1};
    struct why why = {.text = ""};
    scene_begin(&scene, test_store_of(state));
    report = make(&scene);
    assert_true(report.media == 2 && report.media_bytes == 33 &&
                report.migrations == probe_room.migration_count);
    target_begin(&target, &scene, plan_of(&scene));
    target_empty(&target);
    expect(backup_restore(&target.place, scene.folder, &report, &why), OK, &why);
    test_store_reopen(target.test);
    expect(store_read_now(target.test->store, read_content, &content, &why), OK, &why);
    assert_int_equal(content.things, 2);
    expect(backup_verify(&target.place, scene.folder, &report, &why), OK, &why);
    struct media *media = NULL;
    struct media_info info;
    int fd = -1;
    assert_int_equal(media_open(&target.media_config, &media, &why), OK);
    assert_int_equal(media_get(media, scene.names[1], &fd, &info, &why), OK);
    file_close(&fd);
    media_close(media);
    test_store_destroy(target.test);
}

struct writing {
    struct store *store;
    _Atomic bool stop;
    _Atomic int64_t next;
};

static errc add_number(void *ctx, struct db *db, struct why *why)
{
    struct numbers_add_in in[100];
    int64_t first = *(const int64_t *)ctx;
    for (int i = 0; i < 100; i++) {
        in[i] = (struct numbers_add_in){.number = first + i, .text = S("written meanwhile")};
    }
    return numbers_add_batch(db, in, 100, why);
}

static void *write_on(void *ctx)
{
    struct writing *writing = ctx;
    while (!atomic_load(&writing->stop)) {
        int64_t first = atomic_load(&writing->next);
        struct why why;
        if (store_write_now(writing->store, add_number, &first, &why) == OK) {
            atomic_fetch_add(&writing->next, 100);
        }
    }
    return NULL;
}

/* Jobs write 100 numbers at a time from 0 on: a snapshot holds whole jobs and no gap. */
static void backup_is_one_moment_while_writers_go_on(void **state)
{
    struct scene scene;
    struct target target;
    struct backup_report report;
    struct content content = {-1, -1, -1};
    struct why why = {.text = ""};
    pthread_t thread;
    scene_begin(&scene, test_store_of(state));
    struct writing writing = {.store = scene.test->store};
    for (int64_t first = 0; first < 2000; first += 100) {
        expect(store_write_now(scene.test->store, add_number, &first, &why), OK, &why);
    }
    atomic_store(&writing.next, 2000);
    assert_int_equal(pthread_create(&thread, NULL, write_on, &writing), 0);
    scene.place.pause_ms = 1;
    make(&scene);
    int64_t after = atomic_load(&writing.next);
    atomic_store(&writing.stop, true);
    pthread_join(thread, NULL);
    target_begin(&target, &scene, plan_of(&scene));
    target_empty(&target);
    expect(backup_restore(&target.place, scene.folder, &report, &why), OK, &why);
    test_store_reopen(target.test);
    expect(store_read_now(target.test->store, read_content, &content, &why), OK, &why);
    assert_true(content.numbers >= 2000 && content.numbers <= after + 100);
    assert_int_equal(content.numbers % 100, 0);
    assert_int_equal(content.total, content.numbers * (content.numbers - 1) / 2);
    test_store_destroy(target.test);
}

static void backup_refuses_a_place_that_is_taken(void **state)
{
    struct scene scene;
    struct backup_report report;
    struct why why = {.text = ""};
    scene_begin(&scene, test_store_of(state));
    make(&scene);
    expect(backup_make(&scene.place, scene.folder, 0, &report, &why), ERR_EXISTS, &why);
    expect(backup_restore(&scene.place, scene.folder, &report, &why), ERR_EXISTS, &why);
}

static void damage_file(const char *path)
{
    assert_int_equal(chmod(path, 0600), 0);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, -5, SEEK_END), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, -5, SEEK_END), 0);
    assert_int_equal(fputc(byte ^ 1, file), byte ^ 1);
    assert_int_equal(fclose(file), 0);
}

static void backup_refuses_a_damaged_backup(void **state)
{
    struct scene scene;
    struct backup_report report;
    struct why why = {.text = ""};
    char path[512];
    char name[HASH_TEXT_SIZE];
    scene_begin(&scene, test_store_of(state));
    hash_text(scene.names[0], name);
    for (int i = 0; i < 4; i++) {
        make(&scene);
        const char *database =
            scene.test->config.kind == STORE_SQLITE ? "database.sqlite" : "database.pgdump";
        if (i < 2) {
            snprintf(path, sizeof path, "%s/%s", scene.folder, i == 0 ? "manifest" : database);
        } else {
            snprintf(path, sizeof path, "%s/media/kept/%.2s/%s", scene.folder, name, name);
        }
        if (i == 3) {
            assert_int_equal(unlink(path), 0);
        } else {
            damage_file(path);
        }
        expect(backup_verify(&scene.place, scene.folder, &report, &why), ERR_CORRUPT, &why);
        assert_int_equal(backup_restore(&scene.place, scene.folder, &report, &why), ERR_CORRUPT);
        assert_int_equal(file_remove_tree(scene.folder, &why), OK);
    }
}

static int entries_named(const char *folder, const char *begin)
{
    int count = 0;
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        count += strncmp(entry->d_name, begin, strlen(begin)) == 0 ? 1 : 0;
    }
    closedir(listing);
    return count;
}

/* The n-th write or sync fails until one backup comes through. */
static void backup_leaves_nothing_when_the_disk_fails(void **state)
{
    struct scene scene;
    struct backup_report report;
    struct why why = {.text = ""};
    scene_begin(&scene, test_store_of(state));
    errc rc = ERR_IO;
    for (unsigned long n = 1; rc != OK; n++) {
        file_torture(n, 28); /* ENOSPC */
        rc = backup_make(&scene.place, scene.folder, 0, &report, &why);
        bool hit = file_torture_hit();
        file_torture(0, 0);
        assert_true(rc == OK || hit);
        if (rc != OK && !file_exists(scene.folder)) {
            assert_int_equal(entries_named(scene.test->folder, "backup"), 0);
        }
        if (rc != OK && file_exists(scene.folder)) { /* the very last sync, of a whole backup */
            expect(backup_verify(&scene.place, scene.folder, &report, &why), OK, &why);
            rc = OK;
        }
    }
}

static void backup_says_which_medium_is_missing(void **state)
{
    struct scene scene;
    struct backup_report report;
    struct why why = {.text = ""};
    char path[512];
    char name[HASH_TEXT_SIZE];
    scene_begin(&scene, test_store_of(state));
    hash_text(scene.names[0], name);
    snprintf(path, sizeof path, "%s/kept/%.2s/%s", scene.media, name, name);
    assert_int_equal(unlink(path), 0);
    expect(backup_make(&scene.place, scene.folder, 0, &report, &why), ERR_NOT_FOUND, &why);
    name[16] = '\0';
    assert_non_null(strstr(why.text, name));
    assert_int_equal(entries_named(scene.test->folder, "backup"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(backup_restores_what_was_there),
        TEST_ON_BOTH(backup_is_one_moment_while_writers_go_on),
        TEST_ON_BOTH(backup_refuses_a_place_that_is_taken),
        TEST_ON_BOTH(backup_refuses_a_damaged_backup),
        TEST_ON_BOTH(backup_leaves_nothing_when_the_disk_fails),
        TEST_ON_BOTH(backup_says_which_medium_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

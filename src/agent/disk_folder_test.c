/* A folder that somebody else may have filled: nothing in it is followed, and nothing waited for.
 */
#include "agent/disk_folder.h"

#include "base/testing.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const folders[] = {"orders", "logs", NULL};

static void path_in(const char *root, const char *name, char path[200])
{
    ignore_int(snprintf(path, 200, "%s/%s", root, name));
}

static void make_root(char root[64])
{
    ignore_int(snprintf(root, 64, "/tmp/loa-test-XXXXXX"));
    assert_non_null(mkdtemp(root));
}

static void remove_root(const char *root)
{
    static const char *const names[] = {"trust", "logs", "roots", "loa"};
    char path[200];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        path_in(root, names[i], path);
        ignore_int(unlink(path));
        ignore_int(rmdir(path));
    }
    path_in(root, "orders", path);
    ignore_int(rmdir(path));
    ignore_int(rmdir(root));
}

static void a_pipe_is_no_file_and_nobody_waits_for_it(void **state)
{
    (void)state;
    char root[64];
    char path[200];
    struct disk_folder *folder = NULL;
    AUTO(buf_finish) struct buf out;
    buf_init(&out, 100);
    make_root(root);
    path_in(root, "trust", path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_ok(disk_folder_open(root, folders, &folder, NULL));
    struct disk disk = disk_folder_disk(folder);
    assert_failed(disk.read(disk.ctx, "trust", 0, 10, &out, NULL), ERR_INVALID);
    disk_folder_close(folder);
    remove_root(root);
}

static void a_folder_that_leads_elsewhere_is_refused(void **state)
{
    (void)state;
    char root[64];
    char path[200];
    struct disk_folder *folder = NULL;
    make_root(root);
    path_in(root, "logs", path);
    assert_int_equal(symlink("/tmp", path), 0);
    assert_failed(disk_folder_open(root, folders, &folder, NULL), ERR_INVALID);
    path_in(root, "loa", path);
    assert_int_equal(symlink("/tmp", path), 0);
    assert_false(disk_folder_is_plain(path));
    assert_true(disk_folder_is_plain(root));
    remove_root(root);
}

static errc count(void *ctx, const char *name, uint64_t size)
{
    (void)name;
    (void)size;
    ++*(int *)ctx;
    return OK;
}

static void a_list_follows_no_link(void **state)
{
    (void)state;
    char root[64];
    char path[200];
    int found = 0;
    struct disk_folder *folder = NULL;
    struct disk_each each = {count, &found};
    make_root(root);
    assert_ok(disk_folder_open(root, folders, &folder, NULL));
    struct disk disk = disk_folder_disk(folder);
    path_in(root, "roots", path);
    assert_int_equal(symlink("/etc", path), 0);
    assert_true(disk.list(disk.ctx, "roots", &each, NULL) != OK);
    assert_int_equal(found, 0);
    disk_folder_close(folder);
    remove_root(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_is_no_file_and_nobody_waits_for_it),
        cmocka_unit_test(a_folder_that_leads_elsewhere_is_refused),
        cmocka_unit_test(a_list_follows_no_link),
    };
    return cmocka_run_group_tests_name("agent: disk folder", tests, NULL, NULL);
}

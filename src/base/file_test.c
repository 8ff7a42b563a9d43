/* Files: whole or not there, whatever the disk does; nothing is read or removed that should not. */
#include "base/file.h"

#include "base/base.h"
#include "base/testing.h"
#include "base/torture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static int set_up(void **state)
{
    char *folder = mem_text("/tmp/loa-file-XXXXXX");
    *state = folder;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    errc rc = file_remove_tree(*state, NULL);
    mem_give(*state);
    return rc == OK ? 0 : -1;
}

/* A path below the test's folder; the text lives until the next call but three. */
static const char *at(void **state, const char *name)
{
    static char paths[4][200];
    static size_t next;
    char *path = paths[next++ % COUNT_OF(paths)];
    ignore_int(snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name));
    return path;
}

static void assert_holds(const char *path, str expected)
{
    AUTO(buf_finish) struct buf out = {.ceiling = 1 << 20};
    assert_ok(file_read(path, 1 << 20, &out, NULL));
    assert_str(buf_str(&out), expected);
}

static void writes_replaces_and_reads(void **state)
{
    struct why why = {""};
    struct stat facts;
    const char *path = at(state, "a");
    assert_false(file_exists(path));
    assert_ok(file_write(path, S("one"), 0640, &why));
    assert_true(file_exists(path));
    assert_holds(path, S("one"));
    assert_ok(file_write(path, STR_NONE, 0600, &why));
    assert_holds(path, S(""));
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0600);
    assert_int_equal(chdir(*state), 0);
    assert_ok(file_write("b", S("in the working folder"), 0600, &why));
    assert_holds(at(state, "b"), S("in the working folder"));
    assert_int_equal(chdir("/"), 0);
}

static void reads_no_more_than_is_allowed(void **state)
{
    struct why why = {""};
    AUTO(buf_finish) struct buf large = {.ceiling = 100000};
    while (large.len < 50000) {
        buf_add_text(&large, "0123456789");
    }
    const char *path = at(state, "a");
    assert_ok(file_write(path, buf_str(&large), 0600, &why));
    assert_holds(path, buf_str(&large));
    AUTO(buf_finish) struct buf out = {.ceiling = 60000};
    buf_add_text(&out, "before");
    assert_failed(file_read(path, 49999, &out, &why), ERR_TOO_BIG);
    assert_str(buf_str(&out), S("before"));
    assert_ok(file_read(path, 50000, &out, &why));
    assert_int_equal(out.len, 50006);
    assert_failed(file_read(path, 50000, &out, &why), ERR_TOO_BIG);
    assert_int_equal(out.len, 50006);
    assert_failed(file_read(path, 50000, &out, &why), ERR_TOO_BIG); /* it stays failed */
}

static void reads_regular_files_only(void **state)
{
    struct why why = {""};
    AUTO(buf_finish) struct buf out = {.ceiling = 100};
    const char *pipe_path = at(state, "pipe");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_failed(file_read(pipe_path, 10, &out, &why), ERR_INVALID);
    assert_failed(file_read(*state, 10, &out, &why), ERR_INVALID);
    assert_failed(file_read(at(state, "none"), 10, &out, &why), ERR_NOT_FOUND);
    assert_failed(file_read("/proc/self/mem", 10, &out, &why), ERR_IO);
    assert_ok(file_read("/proc/self/status", 1, &out, &why) == ERR_TOO_BIG ? OK : ERR_IO);
    assert_int_equal(out.len, 0);
}

static void tells_what_cannot_be_written(void **state)
{
    struct why why = {""};
    char long_path[PATH_MAX + 10];
    memset(long_path, 'x', sizeof long_path);
    long_path[sizeof long_path - 1] = '\0';
    assert_failed(file_write(long_path, S("x"), 0600, &why), ERR_INVALID);
    assert_failed(file_make_folder(long_path, 0700, &why), ERR_INVALID);
    assert_failed(file_make_folder("", 0700, &why), ERR_INVALID);
    assert_failed(file_write(at(state, "none/a"), S("x"), 0600, &why), ERR_NOT_FOUND);
    assert_ok(file_make_folder(at(state, "folder"), 0700, &why));
    assert_failed(file_write(at(state, "folder"), S("x"), 0600, &why), ERR_IO);
    assert_failed(file_write(at(state, "folder/"), S("x"), 0600, &why), ERR_IO);
    assert_int_equal(rmdir(at(state, "folder")), 0); /* nothing was left in it */
    assert_failed(file_write_all(-1, "x", 1, &why), ERR_IO);
    assert_failed(file_sync(-1, &why), ERR_IO);
    assert_failed(file_sync_folder(at(state, "none"), &why), ERR_NOT_FOUND);
    int fd = -1;
    file_close(&fd);
    assert_int_equal(fd, -1);
}

static void makes_folders_with_their_parents(void **state)
{
    struct why why = {""};
    assert_ok(file_make_folder(at(state, "a/b//c/"), 0700, &why));
    assert_ok(file_make_folder(at(state, "a/b/c"), 0700, &why));
    assert_true(file_exists(at(state, "a/b/c")));
    assert_ok(file_write(at(state, "a/x"), S("x"), 0600, &why));
    assert_failed(file_make_folder(at(state, "a/x"), 0700, &why), ERR_EXISTS);
    assert_failed(file_make_folder(at(state, "a/x/y"), 0700, &why), ERR_EXISTS);
    assert_failed(file_make_folder("/proc/none", 0700, &why), ERR_NOT_FOUND);
    assert_int_equal(symlink("nowhere", at(state, "dangling")), 0);
    assert_failed(file_make_folder(at(state, "dangling"), 0700, &why), ERR_NOT_FOUND);
    assert_int_equal(chdir(*state), 0);
    assert_ok(file_make_folder("relative/x", 0700, &why));
    assert_true(file_exists(at(state, "relative/x")));
    assert_int_equal(chdir("/"), 0);
    assert_ok(file_make_folder("/", 0700, &why));
    assert_ok(file_make_folder("//tmp", 0700, &why));
}

static void removes_links_and_not_what_they_point_at(void **state)
{
    struct why why = {""};
    assert_ok(file_make_folder(at(state, "keep"), 0700, &why));
    assert_ok(file_write(at(state, "keep/x"), S("x"), 0600, &why));
    assert_ok(file_make_folder(at(state, "a/b/c"), 0700, &why));
    assert_ok(file_write(at(state, "a/b/x"), S("x"), 0600, &why));
    assert_int_equal(symlink("../keep", at(state, "a/link")), 0);
    assert_ok(file_remove_tree(at(state, "a"), &why));
    assert_false(file_exists(at(state, "a")));
    assert_true(file_exists(at(state, "keep/x")));
    assert_ok(file_remove_tree(at(state, "a"), &why));
    assert_ok(file_remove_tree(at(state, "keep/x"), &why));
    assert_ok(file_write(at(state, "file"), S("x"), 0600, &why));
    assert_failed(file_remove_tree(at(state, "file/below"), &why), ERR_IO);
    assert_failed(file_remove_tree(at(state, "keep/."), &why), ERR_IO);
    assert_failed(file_remove_tree("/", &why), ERR_INVALID);
    assert_failed(file_remove_tree("//", &why), ERR_INVALID);
    assert_failed(file_remove_tree("", &why), ERR_INVALID);
    assert_failed(file_remove_tree("/proc/self/status", &why), ERR_IO);
    assert_failed(file_remove_tree("/proc/self/fd", &why), ERR_IO);
}

static void gives_up_on_folders_nested_too_deeply(void **state)
{
    struct why why = {""};
    AUTO(buf_finish) struct buf path = {.ceiling = PATH_MAX};
    buf_add_format(&path, "%s/deep", (const char *)*state);
    for (int i = 0; i < 64; i++) {
        buf_add_text(&path, "/d");
    }
    assert_ok(file_make_folder(path.at, 0700, &why));
    assert_failed(file_remove_tree(at(state, "deep"), &why), ERR_INVALID);
    assert_ok(file_remove_tree(at(state, "deep/d"), &why));
}

struct disk {
    void **state;
    size_t writes;
};

static errc run_write(void *ctx)
{
    struct disk *disk = ctx;
    TRY(file_make_folder(at(disk->state, "f/g"), 0700, NULL));
    return file_write(at(disk->state, "f/g/a"), S("new and longer"), 0600, NULL);
}

/* The old or the new content, whole; no temporary file left over. */
static bool is_whole(void *ctx, errc rc)
{
    struct disk *disk = ctx;
    disk->writes++;
    AUTO(buf_finish) struct buf out = {.ceiling = 1000};
    errc read = file_read(at(disk->state, "f/g/a"), 1000, &out, NULL);
    bool old = str_is(buf_str(&out), S("old"));
    bool new = str_is(buf_str(&out), S("new and longer"));
    bool left_over = file_remove_tree(at(disk->state, "f/g/a"), NULL) != OK ||
                     (file_exists(at(disk->state, "f/g")) && rmdir(at(disk->state, "f/g")) != 0);
    ignore(file_remove_tree(at(disk->state, "f"), NULL));
    return (rc == ERR_DISK_FULL || rc == ERR_IO) && (read == ERR_NOT_FOUND || old || new) &&
           !left_over;
}

static void torture_survives_each_failed_write_and_sync(void **state)
{
    struct why why = {""};
    struct disk disk = {.state = state};
    struct torture torture = {.name = "file", .run = run_write, .holds = is_whole, .ctx = &disk};
    assert_ok(torture_run(&torture_disk_full, &torture, &why));
    assert_int_equal(torture.runs, 6); /* two folders, write, sync, folder, untouched */
    assert_ok(file_remove_tree(at(state, "f"), &why));
    assert_ok(torture_run(&torture_disk_broken, &torture, &why));
    assert_int_equal(disk.writes, 10);
}

static void keeps_the_old_file_when_the_disk_is_full(void **state)
{
    struct why why = {""};
    const char *path = at(state, "a");
    assert_ok(file_write(path, S("old"), 0600, &why));
    for (unsigned long nth = 1; nth <= 2; nth++) {
        file_torture(nth, ENOSPC);
        assert_failed(file_write(path, S("new"), 0600, &why), ERR_DISK_FULL);
        assert_true(file_torture_hit());
        assert_holds(path, S("old"));
    }
    file_torture(3, EINVAL); /* a file system whose folders cannot be synced */
    assert_ok(file_write(path, S("new"), 0600, &why));
    assert_true(file_torture_hit());
    assert_holds(path, S("new"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_replaces_and_reads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_no_more_than_is_allowed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_regular_files_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_what_cannot_be_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(makes_folders_with_their_parents, set_up, tear_down),
        cmocka_unit_test_setup_teardown(removes_links_and_not_what_they_point_at, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(gives_up_on_folders_nested_too_deeply, set_up, tear_down),
        cmocka_unit_test_setup_teardown(torture_survives_each_failed_write_and_sync, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_old_file_when_the_disk_is_full, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("base: file", tests, NULL, NULL);
}

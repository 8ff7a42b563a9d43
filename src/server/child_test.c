/* Children: what they read and write, what they may say, and that files which were turned over cost
 * one child each and never more than a reason. The corpus is that of the fuzz target. */
#include "server/child.h"

#include "base/entropy.h"
#include "base/file.h"
#include "base/testing.h"
#include "broadcast/opus_file.h"
#include "sounds/report.h"

#include <dirent.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PATH_MOST = 512, FILES_MOST = 64, FILE_MOST = 256 * 1024, WAIT_MS = 60000 };

static int memory_of(str bytes)
{
    int fd = memfd_create("child-test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_ok(file_write_all(fd, bytes.at, bytes.len, NULL));
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static str bytes_of(int fd, struct buf *out)
{
    char block[4096];
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    for (ssize_t size = read(fd, block, sizeof block); size > 0;
         size = read(fd, block, sizeof block)) {
        buf_add(out, (str){block, (size_t)size});
    }
    return buf_str(out);
}

static void an_engine_reads_and_writes_its_standard_streams(void **state)
{
    (void)state;
    AUTO(file_close) int in = memory_of(S("xin"));
    AUTO(file_close) int out = memory_of(S(""));
    AUTO(buf_finish) struct buf said;
    struct child child;
    struct child_plan plan = {.program = "/bin/cat", .input = in, .output = out, .speaks = true};
    buf_init(&said, 100);
    assert_ok(child_start(&plan, &child, NULL));
    assert_ok(child_finish(&child, NULL));
    assert_str(bytes_of(out, &said), S("xin"));
}

static void one_that_waits_is_killed(void **state)
{
    (void)state;
    int ends[2];
    struct child child;
    assert_int_equal(pipe(ends), 0);
    struct child_plan plan = {
        .program = "/bin/cat", .input = ends[0], .output = ends[1], .speaks = true};
    assert_ok(child_start(&plan, &child, NULL));
    child_kill(&child);
    assert_failed(child_finish(&child, NULL), ERR_CANCELLED);
    plan.program = "/nowhere/at/all";
    assert_int_not_equal(child_start(&plan, &child, NULL), OK);
    ignore_int(close(ends[0]));
    ignore_int(close(ends[1]));
}

/* --- loa-ingest ------------------------------------------------------------------------------ */

struct files {
    struct buf bytes[FILES_MOST];
    size_t count;
};

static void load(struct files *files)
{
    static const char folder[] = LOA_SOURCE_DIR "/test/fuzz/corpus/ingest_sound_in";
    DIR *open_folder = opendir(folder);
    assert_non_null(open_folder);
    for (const struct dirent *entry = readdir(open_folder);
         entry != NULL && files->count < FILES_MOST; entry = readdir(open_folder)) {
        char path[PATH_MOST];
        struct buf *bytes = &files->bytes[files->count];
        ignore_int(snprintf(path, sizeof path, "%s/%s", folder, entry->d_name));
        buf_init(bytes, FILE_MOST);
        if (entry->d_name[0] != '.' && file_read(path, FILE_MOST, bytes, NULL) == OK) {
            files->count++;
        }
    }
    assert_int_equal(closedir(open_folder), 0);
    assert_true(files->count > 5);
}

static void forget(struct files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        buf_finish(&files->bytes[i]);
    }
}

static void find_program(char path[PATH_MOST])
{
    ssize_t size = readlink("/proc/self/exe", path, PATH_MOST - 32);
    assert_true(size > 0);
    str folder = {path, (size_t)size};
    for (int i = 0; i < 2; i++) {
        while (folder.at[--folder.len] != '/') {
        }
    }
    ignore_int(snprintf(path + folder.len, 32, "/bin/loa-ingest"));
}

static void listen_to(struct child *child, struct report *report)
{
    char bytes[512];
    for (;;) {
        struct pollfd wait = {.fd = child->report, .events = POLLIN};
        if (poll(&wait, 1, WAIT_MS) != 1) {
            child_kill(child);
            fail_msg("loa-ingest does not end within %d s", WAIT_MS / 1000);
        }
        ssize_t size = read(child->report, bytes, sizeof bytes);
        if (size <= 0) {
            return;
        }
        assert_ok(report_take(report, (str){bytes, (size_t)size}));
    }
}

static bool make_sound(str file, struct report *report)
{
    AUTO(file_close) int in = memory_of(file);
    AUTO(file_close) int out = memory_of(S(""));
    AUTO(buf_finish) struct buf made;
    struct opus_facts facts;
    struct child child;
    char program[PATH_MOST];
    find_program(program);
    struct child_plan plan = {
        .program = program, .arguments = {"--seconds", "20"}, .input = in, .output = out};
    buf_init(&made, FILE_MOST);
    *report = (struct report){.progress = 0};
    assert_ok(child_start(&plan, &child, NULL));
    listen_to(&child, report);
    errc rc = child_finish(&child, NULL);
    if (rc == OK) {
        assert_true(report->has_result);
        assert_ok(opus_file_read(bytes_of(out, &made), &facts, NULL));
    }
    return rc == OK;
}

static void files_of_every_kind_are_made_ready(void **state)
{
    (void)state;
    static struct files files;
    struct report report;
    size_t made = 0;
    files.count = 0;
    load(&files);
    for (size_t i = 0; i < files.count; i++) {
        made += make_sound(buf_str(&files.bytes[i]), &report) ? 1 : 0;
    }
    assert_int_equal(made, files.count - 2); /* but for those that only name other files */
    forget(&files);
}

static void turn_over(struct buf *bytes, struct entropy chance)
{
    uint64_t changes = 1 + entropy_below(chance, 40);
    for (uint64_t i = 0; i < changes; i++) {
        size_t at = (size_t)entropy_below(chance, bytes->len);
        bytes->at[at] = (char)entropy_below(chance, 256);
    }
    if (entropy_below(chance, 3) == 0) {
        buf_cut(bytes, 1 + (size_t)entropy_below(chance, bytes->len));
    }
}

static void files_that_were_turned_over_end_with_a_reason(void **state)
{
    (void)state;
    static struct files files;
    struct entropy_seed seed = {20260712};
    struct entropy chance = entropy_seeded(&seed);
    struct report report;
    size_t rounds = test_rounds(12, 3000);
    files.count = 0;
    load(&files);
    for (size_t i = 0; i < rounds; i++) {
        AUTO(buf_finish) struct buf bytes;
        buf_init(&bytes, FILE_MOST);
        buf_add(&bytes, buf_str(&files.bytes[entropy_below(chance, files.count)]));
        turn_over(&bytes, chance);
        if (!make_sound(buf_str(&bytes), &report)) {
            assert_false(report.has_result);
        }
    }
    forget(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_engine_reads_and_writes_its_standard_streams),
        cmocka_unit_test(one_that_waits_is_killed),
        cmocka_unit_test(files_of_every_kind_are_made_ready),
        cmocka_unit_test(files_that_were_turned_over_end_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

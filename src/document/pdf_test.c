/* What other people's programs read in our PDF. */
#include "document/document.h"

#include "base/file.h"
#include "base/testing.h"
#include "document/document_testing.h"

#include <sys/wait.h>
#include <unistd.h>

struct written {
    struct arena *arena;
    struct document document;
    char path[64];
    size_t pages;
};

static int set_up(void **state)
{
    static struct written written;
    AUTO(buf_finish) struct buf file;
    buf_init(&file, 4 << 20);
    errc rc = arena_create(64 << 20, &written.arena);
    written.document = sample_document(written.arena);
    ignore_int(snprintf(written.path, sizeof written.path, "/tmp/loa-pdf-XXXXXX"));
    int fd = mkstemp(written.path);
    rc = rc == OK
             ? pdf_write(&written.document, 1707206400 * USEC_SECOND, &file, &written.pages, NULL)
             : rc;
    bool whole = write(fd, file.at, file.len) == (ssize_t)file.len && close(fd) == 0;
    *state = &written;
    return rc == OK && whole ? 0 : -1;
}

static int tear_down(void **state)
{
    struct written *written = *state;
    arena_destroy(written->arena);
    return unlink(written->path);
}

/* What a program prints about the file; null when it is not installed. */
static const char *ask(const struct written *written, const char *const *words)
{
    static char answer[256 * 1024];
    int ends[2];
    size_t len = 0;
    ssize_t got = 0;
    int status = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        const char *command[8] = {words[0], words[1], words[2], words[3]};
        size_t count = words[1] == NULL ? 1 : words[2] == NULL ? 2 : words[3] == NULL ? 3 : 4;
        command[count] = written->path;
        command[count + 1] = str_is(str_of(words[0]), S("pdftotext")) ? "-" : NULL;
        ignore_int(dup2(ends[1], STDOUT_FILENO));
        ignore_int(close(ends[0]));
        execvp(command[0], (char *const *)command);
        _exit(127);
    }
    ignore_int(close(ends[1]));
    while ((got = read(ends[0], answer + len, sizeof answer - 1 - len)) > 0) {
        len += (size_t)got;
    }
    answer[len] = '\0';
    ignore_int(close(ends[0]));
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WEXITSTATUS(status) == 127) {
        print_message("not installed: %s\n", words[0]);
        return NULL;
    }
    assert_int_equal(status, 0);
    return answer;
}

static const char *const text_words[] = {"pdftotext", "-layout", NULL, NULL};
static const char *const font_words[] = {"pdffonts", NULL, NULL, NULL};
static const char *const page_words[] = {"pdfinfo", "-l", "99", NULL};

static int count_of(const char *text, const char *what)
{
    int count = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        count++;
    }
    return count;
}

static void its_words_can_be_searched(void **state)
{
    const char *text = ask(*state, text_words);
    static const char *const wanted[] = {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                                         "Độc lập - Tự do - Hạnh phúc",
                                         "Số: 05/BC-STTTT",
                                         "Lam Giang, ngày 06 tháng 02 năm 2024",
                                         "Nơi nhận:",
                                         "- Lưu: VT.",
                                         "Trần Thị Mai",
                                         "Số đo từ thiết bị đến hết ngày 31/5.",
                                         "11.500.000.000",
                                         "PHỤ LỤC"};
    for (size_t i = 0; text != NULL && i < COUNT_OF(wanted); i++) {
        if (count_of(text, wanted[i]) != 1) {
            fail_msg("%d times: %s", count_of(text, wanted[i]), wanted[i]);
        }
    }
    assert_true(text == NULL || count_of(text, "Xã có truyền thanh đến thôn") == SAMPLE_ROWS - 2);
}

static void the_head_of_a_table_stands_on_each_of_its_pages(void **state)
{
    const struct written *written = *state;
    const char *text = ask(written, text_words);
    assert_true(text == NULL || count_of(text, "Nội dung") == (int)written->pages - 3);
    assert_in_range(written->pages, 5, 9);
}

static void its_fonts_are_inside(void **state)
{
    const char *fonts = ask(*state, font_words);
    assert_true(fonts == NULL || count_of(fonts, "\n") - 2 == count_of(fonts, " yes yes yes"));
    assert_true(fonts == NULL || count_of(fonts, "LiberationSerif") >= 3);
}

static void pages_lie_where_the_document_says(void **state)
{
    const struct written *written = *state;
    const char *sizes = ask(written, page_words);
    assert_true(sizes == NULL || count_of(sizes, "841.89 x 595.276") == (int)written->pages - 3);
    assert_true(sizes == NULL || count_of(sizes, "595.276 x 841.89") == 3);
}

static void a_file_that_has_no_room_is_an_error(void **state)
{
    const struct written *written = *state;
    size_t pages = 0;
    AUTO(buf_finish) struct buf file;
    buf_init(&file, 1000);
    assert_failed(pdf_write(&written->document, 0, &file, &pages, NULL), ERR_TOO_BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_words_can_be_searched),
        cmocka_unit_test(the_head_of_a_table_stands_on_each_of_its_pages),
        cmocka_unit_test(its_fonts_are_inside),
        cmocka_unit_test(pages_lie_where_the_document_says),
        cmocka_unit_test(a_file_that_has_no_room_is_an_error),
    };
    return cmocka_run_group_tests_name("document: pdf", tests, set_up, tear_down);
}

/* Log lines: always one JSON object, whatever was given and from however many threads. */
#include "base/log.h"

#include "base/base.h"
#include "base/json_in.h"
#include "base/testing.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

static void keep_line(void *ctx, str line)
{
    struct buf *lines = ctx;
    buf_add(lines, line);
    buf_add_byte(lines, '\n');
}

/* The only line that was logged since, parsed. */
static struct json_in parse_line(struct buf *lines)
{
    struct json_in in = {NULL};
    struct why why = {""};
    str rest = STR_NONE;
    str line = str_split(buf_str(lines), '\n', &rest);
    assert_int_equal(rest.len, 0);
    errc rc = json_in_parse(line, &in, &why);
    if (rc != OK) {
        fail_msg("%s in %.*s", why.text, STR_ARG(line));
    }
    buf_clear(lines);
    return in;
}

static str field_of(const struct json_in *in, const char *name)
{
    str text = STR_NONE;
    assert_ok(json_in_lines(in->root, name, 0, 4000, &text, NULL));
    return text;
}

static int set_up(void **state)
{
    struct buf *lines = mem_take(sizeof *lines);
    buf_init(lines, 1 << 20);
    log_set_sink(keep_line, lines);
    log_set_level(LOG_INFO);
    *state = lines;
    return 0;
}

static int tear_down(void **state)
{
    log_set_sink(NULL, NULL);
    buf_finish(*state);
    mem_give(*state);
    return 0;
}

static void writes_each_kind_of_field(void **state)
{
    struct why why = {"disk gone"};
    LOG(LOG_WARN, "it_happened", log_str("a", S("đài \"x\"\\\n\t")), log_int("n", INT64_MIN),
        log_text("t", "x"), log_errc(ERR_IO), log_why(&why));
    AUTO(json_in_finish) struct json_in in = parse_line(*state);
    assert_str(field_of(&in, "level"), S("warn"));
    assert_str(field_of(&in, "event"), S("it_happened"));
    assert_str(field_of(&in, "a"), S("đài \"x\"\\\n\t"));
    assert_str(field_of(&in, "error"), S("io"));
    assert_str(field_of(&in, "why"), S("disk gone"));
    int64_t n = 0;
    assert_ok(json_in_i64(in.root, "n", INT64_MIN, INT64_MAX, &n, NULL));
    assert_true(n == INT64_MIN);
    usec at = 0;
    assert_true(usec_parse(field_of(&in, "at"), &at));
}

static void replaces_what_is_not_utf8(void **state)
{
    LOG(LOG_ERROR, "x", log_str("a", S("\xff|\xe1\xba|\xc2\x85|\x7f|\xf0\x9f\x98\x80")));
    AUTO(json_in_finish) struct json_in in = parse_line(*state);
    const struct json_value *a = json_in_get(in.root, "a");
    assert_non_null(a);
}

static void cuts_what_is_too_long(void **state)
{
    char large[3000];
    for (size_t from = 0; from < 8; from++) {
        /* escapes, pairs of bytes and plain bytes, at each offset from the line's end */
        static const char *const units[] = {"\n", "đ", "x", "\"", "\xff"};
        for (size_t u = 0; u < COUNT_OF(units); u++) {
            memset(large, 'x', sizeof large);
            size_t unit = strlen(units[u]);
            for (size_t i = from; i + unit <= sizeof large; i += unit) {
                memcpy(large + i, units[u], unit);
            }
            LOG(LOG_ERROR, "x", log_str("a", (str){large, sizeof large}), log_int("late", 1));
            AUTO(json_in_finish) struct json_in in = parse_line(*state);
            assert_true(json_in_has(in.root, "a"));
            assert_false(json_in_has(in.root, "late"));
        }
    }
}

static void leaves_out_a_field_that_does_not_fit(void **state)
{
    char name[1990];
    char event[3000];
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    LOG(LOG_ERROR, "x", log_int(name, 5), log_int("late", 1));
    AUTO(json_in_finish) struct json_in in = parse_line(*state);
    assert_false(json_in_has(in.root, name));
    memset(event, 'e', sizeof event);
    event[sizeof event - 1] = '\0';
    LOG(LOG_ERROR, event, log_int("late", 1));
    AUTO(json_in_finish) struct json_in again = parse_line(*state);
    assert_true(json_in_has(again.root, "event"));
}

static void keeps_to_its_level(void **state)
{
    const struct buf *lines = *state;
    LOG(LOG_DEBUG, "x", log_int("n", 1));
    assert_int_equal(lines->len, 0);
    log_set_level(LOG_DEBUG);
    LOG(LOG_DEBUG, "x", log_int("n", 1));
    assert_true(lines->len > 0);
    enum log_level level = LOG_INFO;
    assert_true(log_parse_level(S("debug"), &level) && level == LOG_DEBUG);
    assert_true(log_parse_level(S("error"), &level) && level == LOG_ERROR);
    assert_false(log_parse_level(S("Error"), &level));
    assert_int_equal(level, LOG_ERROR);
}

static void *log_much(void *ctx)
{
    (void)ctx;
    for (int i = 0; i < 200; i++) {
        LOG(LOG_INFO, "x", log_int("n", i));
    }
    return NULL;
}

static void never_mixes_the_lines_of_threads(void **state)
{
    struct buf *lines = *state;
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, log_much, NULL), 0);
    }
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    size_t count = 0;
    str rest = buf_str(lines);
    while (rest.len > 0) {
        str line = str_split(rest, '\n', &rest);
        assert_true(str_starts(line, S("{\"at\":\"")) && str_ends(line, S("}")));
        count++;
    }
    assert_int_equal(count, 800);
}

/* What goes to stderr, which is a pipe for the time of the call. */
static str logged_to_stderr(const char *stream, char *line, size_t size)
{
    int ends[2];
    char this_pipe[64];
    struct stat facts;
    assert_int_equal(pipe(ends), 0);
    int kept = dup(STDERR_FILENO);
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(fstat(STDERR_FILENO, &facts), 0);
    ignore_int(snprintf(this_pipe, sizeof this_pipe, "%llu:%llu", (unsigned long long)facts.st_dev,
                        (unsigned long long)facts.st_ino));
    assert_int_equal(setenv("JOURNAL_STREAM", stream == NULL ? this_pipe : stream, 1), 0);
    LOG(LOG_WARN, "x", log_int("n", 1));
    assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);
    assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    close(kept);
    close(ends[1]);
    ssize_t got = read(ends[0], line, size);
    close(ends[0]);
    assert_true(got > 0);
    return (str){line, (size_t)got};
}

static void puts_a_priority_in_front_for_the_journal(void **state)
{
    (void)state;
    char line[4096];
    str logged = logged_to_stderr(NULL, line, sizeof line);
    assert_true(str_starts(logged, S("<4>{\"at\":")));
    assert_true(str_ends(logged, S(",\"n\":1}\n")));
    logged = logged_to_stderr("8:999999999", line, sizeof line);
    assert_true(str_starts(logged, S("{\"at\":")));
}

static void bears_a_closed_stderr(void **state)
{
    (void)state;
    int kept = dup(STDERR_FILENO);
    assert_int_equal(setenv("JOURNAL_STREAM", "8:1", 1), 0);
    close(STDERR_FILENO);
    LOG(LOG_WARN, "x", log_int("n", 1));
    assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);
    close(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_each_kind_of_field, set_up, tear_down),
        cmocka_unit_test_setup_teardown(replaces_what_is_not_utf8, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cuts_what_is_too_long, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaves_out_a_field_that_does_not_fit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_to_its_level, set_up, tear_down),
        cmocka_unit_test_setup_teardown(never_mixes_the_lines_of_threads, set_up, tear_down),
        cmocka_unit_test(puts_a_priority_in_front_for_the_journal),
        cmocka_unit_test(bears_a_closed_stderr),
    };
    return cmocka_run_group_tests_name("base: log", tests, NULL, NULL);
}

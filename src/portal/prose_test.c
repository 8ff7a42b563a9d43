#include "portal/prose.h"

#include "base/cases.h"
#include "base/testing.h"

static str picture(void *ctx, str name)
{
    (void)ctx;
    return str_is(name, S("co.png")) ? S("/m/co.png") : STR_NONE;
}

static const struct prose_ports ports = {NULL, picture};

static void write_text(str text, struct buf *out)
{
    struct html html;
    html_init(&html, out);
    assert_ok(prose_write(&html, text, 2, &ports));
    assert_ok(html_check(&html));
}

static void check_case(void *ctx, const struct cases_row *row)
{
    AUTO(buf_finish) struct buf out;
    (void)ctx;
    buf_init(&out, 10000);
    write_text(row->cells[0], &out);
    str found = str_trim(buf_str(&out));
    if (!str_is(found, row->cells[1])) {
        fail_msg("%s:%zu: %.*s", row->path, row->line, STR_ARG(found));
    }
}

static void writes_only_the_tags_it_knows(void **state)
{
    (void)state;
    assert_ok(cases_each(LOA_SOURCE_DIR "/src/portal/prose.cases", 2, check_case, NULL, NULL));
}

static void repeat(struct buf *text, const char *what, int times)
{
    for (int i = 0; i < times; i++) {
        buf_add_text(text, what);
    }
}

static void what_is_too_deep_is_only_its_words(void **state)
{
    AUTO(buf_finish) struct buf text;
    AUTO(buf_finish) struct buf out;
    (void)state;
    buf_init(&text, 100000);
    buf_init(&out, 1000000);
    repeat(&text, "> ", 2000);
    buf_add_text(&text, "đáy");
    write_text(buf_str(&text), &out);
    assert_non_null(strstr(out.at, "đáy"));
}

static void refuses_what_is_too_long(void **state)
{
    AUTO(buf_finish) struct buf text;
    AUTO(buf_finish) struct buf out;
    struct html html;
    (void)state;
    buf_init(&text, 1000000);
    buf_init(&out, 1000000);
    repeat(&text, "chữ ", 60000);
    html_init(&html, &out);
    assert_int_equal(prose_write(&html, buf_str(&text), 2, NULL), ERR_TOO_BIG);
    assert_int_equal(prose_words(buf_str(&text), 100, &out), ERR_TOO_BIG);
}

static void gives_the_words_alone(void **state)
{
    static const struct {
        const char *text;
        size_t most;
        const char *words;
    } cases[] = {{"# Đầu\n\nMột *hai*\nba\n\n- bốn\n- năm", 100, "Đầu Một hai ba bốn năm"},
                 {"một hai ba bốn năm sáu", 14, "một hai…"},
                 {"đđđđđđđđđđđđ", 10, "đđđ…"},
                 {"", 10, ""}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_finish) struct buf out;
        buf_init(&out, 1000);
        assert_ok(prose_words(str_of(cases[i].text), cases[i].most, &out));
        assert_str(buf_str(&out), str_of(cases[i].words));
    }
}

static void a_forgotten_end_is_an_error(void **state)
{
    AUTO(buf_finish) struct buf out;
    struct html html;
    (void)state;
    buf_init(&out, 1000);
    html_init(&html, &out);
    html_tag(&html, "p");
    assert_int_equal(html_check(&html), ERR_INTERNAL);
    html_end(&html);
    assert_ok(html_check(&html));
    html_end(&html);
    assert_int_equal(html_check(&html), ERR_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_only_the_tags_it_knows),
        cmocka_unit_test(what_is_too_deep_is_only_its_words),
        cmocka_unit_test(refuses_what_is_too_long),
        cmocka_unit_test(gives_the_words_alone),
        cmocka_unit_test(a_forgotten_end_is_an_error),
    };
    return cmocka_run_group_tests_name("portal: prose", tests, NULL, NULL);
}

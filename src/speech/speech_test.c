/* How text is read aloud: a table of what is written and what is said, and what must hold for all.
 */
#include "speech/speech.h"

#include "base/cases.h"
#include "base/crash.h"
#include "base/testing.h"

enum { READING_MOST = 1024 * 1024 };

static void check(void *ctx, const struct cases_row *row)
{
    AUTO(buf_finish) struct buf out;
    struct speech_list none = {.count = 0};
    size_t *wrong = ctx;
    buf_init(&out, READING_MOST);
    ENSURE(speech_read(row->cells[0], none, &out) == OK);
    if (!str_is(buf_str(&out), row->cells[1])) {
        print_error("%s:%zu: %.*s\n  said   %.*s\n  wanted %.*s\n", row->path, row->line,
                    STR_ARG(row->cells[0]), STR_ARG(buf_str(&out)), STR_ARG(row->cells[1]));
        (*wrong)++;
    }
}

static void reads_as_the_table_says(void **state)
{
    (void)state;
    size_t wrong = 0;
    struct why why = {""};
    errc rc = cases_each(LOA_SOURCE_DIR "/src/speech/speech.cases", 2, check, &wrong, &why);
    assert_string_equal(why.text, "");
    assert_int_equal(rc, OK);
    assert_int_equal(wrong, 0);
}

static str read_with(struct buf *out, const char *text, struct speech_list list)
{
    buf_clear(out);
    assert_int_equal(speech_read(str_of(text), list, out), OK);
    return buf_str(out);
}

static void says_the_words_of_the_unit_first(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out;
    struct speech_said said[] = {{S("Si Pa Phìn"), S("xi pa phìn")},
                                 {S("Si Pa"), S("xi pa")},
                                 {S("UBND"), S("ủy ban")},
                                 {S("x2"), S("gấp đôi")}};
    struct speech_list list = {said, COUNT_OF(said)};
    buf_init(&out, READING_MOST);
    assert_true(str_is(read_with(&out, "UBND Si Pa Phìn", list), S("ủy ban xi pa phìn")));
    assert_true(str_is(read_with(&out, "Si Pan x2", list), S("Si Pan gấp đôi")));
}

static void keeps_lines_apart(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out;
    struct speech_list none = {.count = 0};
    buf_init(&out, READING_MOST);
    assert_true(str_is(read_with(&out, "Mục 1\n\n- 2 hộ\n", none), S("Mục một\n\nhai hộ\n")));
    assert_true(str_is(read_with(&out, "", none), S("")));
}

static void refuses_what_is_no_text(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out;
    AUTO(buf_finish) struct buf small;
    struct speech_list none = {.count = 0};
    buf_init(&out, READING_MOST);
    buf_init(&small, 8);
    assert_int_equal(speech_read(S("\xff\xfe"), none, &out), ERR_BAD_UTF8);
    assert_int_equal(speech_read(S("1.500.000 đồng"), none, &small), ERR_TOO_BIG);
}

static void reads_decomposed_letters_like_composed_ones(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out;
    struct speech_list none = {.count = 0};
    buf_init(&out, READING_MOST);
    assert_true(str_is(read_with(&out, "nga\xcc\x80y 5/6", none), S("ngày năm tháng sáu")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_as_the_table_says),
        cmocka_unit_test(says_the_words_of_the_unit_first),
        cmocka_unit_test(keeps_lines_apart),
        cmocka_unit_test(refuses_what_is_no_text),
        cmocka_unit_test(reads_decomposed_letters_like_composed_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

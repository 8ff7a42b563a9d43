/* Table files: escapes, and a slip in a table is an error and not a case less. */
#include "base/cases.h"

#include "base/base.h"
#include "base/file.h"
#include "base/testing.h"
#include "base/torture.h"

#include <unistd.h>

static int set_up(void **state)
{
    char *folder = mem_text("/tmp/loa-cases-XXXXXX");
    *state = folder;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    errc rc = file_remove_tree(*state, NULL);
    mem_give(*state);
    return rc == OK ? 0 : -1;
}

static void join(void *ctx, const struct cases_row *row)
{
    struct buf *out = ctx;
    buf_add_format(out, "%zu", row->line);
    for (size_t i = 0; i < row->count; i++) {
        buf_add_byte(out, '[');
        buf_add(out, row->cells[i]);
        buf_add_byte(out, ']');
        assert_int_equal(row->cells[i].at[row->cells[i].len], 0);
    }
}

static errc read_table(const char *folder, str table, struct buf *out, struct why *why)
{
    char path[64];
    ignore_int(snprintf(path, sizeof path, "%s/x.cases", folder));
    assert_ok(file_write(path, table, 0600, why));
    return cases_each(path, 2, join, out, why);
}

static void reads_columns_and_escapes(void **state)
{
    struct why why = {""};
    AUTO(buf_finish) struct buf out = {.ceiling = 1000};
    str table = S("# comment | x\n\n a b | \\s\\p\\n\\r\\t\\\\\\x00\\xfe \n|");
    assert_ok(read_table(*state, table, &out, &why));
    assert_str(buf_str(&out), S("3[a b][ |\n\r\t\\\0\xfe]4[][]"));
}

static void refuses_a_slip_in_the_table(void **state)
{
    static const char *const tables[] = {
        "a",           "a|b|c",   "a|\\",
        "a|\\q",       "a|\\x1",  "a|\\x1g",
        "a|\\xg1",     "a|\\xA0", "a|b|c|d|e|f|g|h|i",
        "# nothing\n", "",        "\\q|b",
    };
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        struct why why = {""};
        AUTO(buf_finish) struct buf out = {.ceiling = 1000};
        assert_failed(read_table(*state, str_of(tables[i]), &out, &why), ERR_INVALID);
        assert_true(why.text[0] != '\0');
    }
    AUTO(buf_finish) struct buf out = {.ceiling = 1000};
    assert_failed(cases_each("/nowhere/x.cases", 1, join, &out, NULL), ERR_NOT_FOUND);
    AUTO(buf_finish) struct buf large = {.ceiling = 100000};
    for (int i = 0; i < 70000; i++) {
        buf_add_byte(&large, 'x');
    }
    buf_add_text(&large, "|");
    assert_failed(read_table(*state, buf_str(&large), &out, NULL), ERR_INVALID);
}

static errc run_cases(void *ctx)
{
    AUTO(buf_finish) struct buf out = {.ceiling = 1000};
    const char *path = ctx;
    TRY(cases_each(path, 2, join, &out, NULL));
    return buf_check(&out);
}

static void torture_survives_each_failed_allocation(void **state)
{
    char path[64];
    struct why why = {""};
    AUTO(buf_finish) struct buf out = {.ceiling = 1000};
    assert_ok(read_table(*state, S("a|b"), &out, &why));
    ignore_int(snprintf(path, sizeof path, "%s/x.cases", (char *)*state));
    struct torture torture = {.name = "cases", .run = run_cases, .ctx = path};
    assert_ok(torture_run(&torture_heap, &torture, &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_columns_and_escapes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_a_slip_in_the_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(torture_survives_each_failed_allocation, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("base: cases", tests, NULL, NULL);
}

/* CSV by table; its limits; headings compared as names; what is written reads back. */
#include "base/csv.h"

#include "base/base.h"
#include "base/cases.h"
#include "base/entropy.h"
#include "base/testing.h"
#include "base/torture.h"

static int set_up(void **state)
{
    return arena_create(4 << 20, (struct arena **)state) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

/* All rows as "[cell][cell]line " into `out`, or the failure. */
static errc print_rows(str text, struct arena *arena, struct buf *out, struct why *why)
{
    struct csv csv;
    bool more = false;
    TRY(csv_open(text, arena, &csv, why));
    TRY(csv_next(&csv, &more, why));
    while (more) {
        for (size_t i = 0; i < csv.cell_count; i++) {
            buf_add_byte(out, '[');
            buf_add(out, csv.cells[i]);
            buf_add_byte(out, ']');
        }
        buf_add_format(out, "%zu ", csv.line);
        TRY(csv_next(&csv, &more, why));
    }
    assert_int_equal(csv.cell_count, 0);
    return OK;
}

static void check_row(void *ctx, const struct cases_row *row)
{
    struct why why = {""};
    AUTO(buf_finish) struct buf out = {.ceiling = 10000};
    errc rc = print_rows(row->cells[0], ctx, &out, &why);
    if (rc != OK) {
        assert_true(rc == ERR_BAD_CSV || rc == ERR_BAD_UTF8);
        buf_clear(&out);
        buf_add_format(&out, "! %s", why.text);
    }
    if (rc == OK && out.len == 0) {
        buf_add_text(&out, "nothing");
    }
    assert_str(str_trim(buf_str(&out)), row->cells[1]);
}

static void reads_by_table(void **state)
{
    struct why why = {""};
    assert_ok(cases_each(LOA_SOURCE_DIR "/src/base/csv.cases", 2, check_row, *state, &why));
}

static void reads_nothing_after_a_failure(void **state)
{
    struct csv csv;
    struct why why = {""};
    bool more = true;
    assert_ok(csv_open(S("a,b\n\"x\n1,2\n"), *state, &csv, &why));
    assert_ok(csv_next(&csv, &more, &why));
    assert_failed(csv_next(&csv, &more, &why), ERR_BAD_CSV);
    assert_ok(csv_next(&csv, &more, &why));
    assert_false(more);
}

static void refuses_what_is_too_much(void **state)
{
    struct csv csv;
    struct why why = {""};
    AUTO(buf_finish) struct buf text = {.ceiling = 1 << 20};
    bool more = false;
    for (int i = 0; i < CSV_CELLS; i++) {
        buf_add_text(&text, "x,");
    }
    buf_add_text(&text, "x\n");
    assert_ok(csv_open(buf_str(&text), *state, &csv, &why));
    assert_failed(csv_next(&csv, &more, &why), ERR_BAD_CSV);
    assert_string_equal(why.text, "line 1: more than 64 cells");
    assert_ok(csv_open(str_cut(buf_str(&text), 2, text.len), *state, &csv, &why));
    assert_ok(csv_next(&csv, &more, &why));
    assert_int_equal(csv.cell_count, CSV_CELLS);
    assert_failed(csv_open((str){"", CSV_SIZE + 1}, *state, &csv, &why), ERR_TOO_BIG);
}

static errc read_cell_of(struct arena *arena, size_t size, const char *around, const char *inside)
{
    AUTO(buf_finish) struct buf text = {.ceiling = 1 << 20};
    struct csv csv;
    bool more = false;
    buf_add_text(&text, around);
    while (text.len < size + strlen(around)) {
        buf_add_text(&text, inside);
    }
    buf_add_text(&text, around);
    TRY(csv_open(buf_str(&text), arena, &csv, NULL));
    return csv_next(&csv, &more, NULL);
}

static void refuses_a_cell_that_is_too_large(void **state)
{
    assert_ok(read_cell_of(*state, CSV_CELL_SIZE, "", "x"));
    assert_failed(read_cell_of(*state, CSV_CELL_SIZE + 1, "", "x"), ERR_BAD_CSV);
    assert_ok(read_cell_of(*state, CSV_CELL_SIZE, "\"", "x"));
    assert_failed(read_cell_of(*state, CSV_CELL_SIZE + 1, "\"", "x"), ERR_BAD_CSV);
    assert_ok(read_cell_of(*state, 2 * CSV_CELL_SIZE, "\"", "\"\""));
    assert_failed(read_cell_of(*state, 2 * CSV_CELL_SIZE + 2, "\"", "\"\""), ERR_BAD_CSV);
    AUTO(arena_close) struct arena *small = NULL;
    assert_ok(arena_create(64, &small));
    assert_failed(read_cell_of(small, 1000, "\"", "\"\""), ERR_NO_MEMORY);
}

static void finds_a_column_by_its_name(void **state)
{
    struct csv csv;
    bool more = false;
    assert_ok(csv_open(S("Mã TP, Tỉnh / Thành Phố ,\"Mã \"\"xã\"\"\",Hòa\n"), *state, &csv, NULL));
    assert_ok(csv_next(&csv, &more, NULL));
    assert_int_equal(csv_column(&csv, S("mã tp")), 0);
    assert_int_equal(csv_column(&csv, S("MÃ  TP")), 0);
    assert_int_equal(csv_column(&csv, S("tỉnh / thành phố")), 1);
    assert_int_equal(csv_column(&csv, S("mã \"xã\"")), 2);
    assert_int_equal(csv_column(&csv, S("hoà")), 3);
    assert_int_equal(csv_column(&csv, S("ma tp")), -1);
    assert_int_equal(csv_column(&csv, S("\xff")), -1);
    assert_int_equal(csv_column(&csv, S("")), -1);
    AUTO(arena_close) struct arena *small = NULL;
    assert_ok(arena_create(8, &small));
    csv.arena = small;
    assert_int_equal(csv_column(&csv, S("hoà")), -1);
}

static void writes_what_a_spreadsheet_cannot_run(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"a", "a"},
        {"a,b", "\"a,b\""},
        {"a;b", "\"a;b\""},
        {"a\"b", "\"a\"\"b\""},
        {"a\nb", "\"a\nb\""},
        {"a\rb", "\"a\rb\""},
        {" a", "\" a\""},
        {"=1+1", "'=1+1"},
        {"+84 123", "'+84 123"},
        {"-x", "'-x"},
        {"@x", "'@x"},
        {"-12.5", "-12.5"},
        {"-", "'-"},
        {"=\"x\"", "\"'=\"\"x\"\"\""},
        {"\tx", "\"'\tx\""},
        {"a=1", "a=1"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        AUTO(buf_finish) struct buf out = {.ceiling = 100};
        csv_write_cell(&out, str_of(pairs[i][0]), true);
        assert_str(buf_str(&out), str_of(pairs[i][1]));
    }
    AUTO(buf_finish) struct buf out = {.ceiling = 100};
    csv_write_cell(&out, S("a"), true);
    csv_write_cell(&out, S("b"), false);
    csv_write_end(&out);
    assert_str(buf_str(&out), S("a,b\r\n"));
}

static str random_cell(struct arena *arena, struct entropy chance)
{
    static const char *const pieces[] = {"a",  "đ", "\"", ",", ";",   "\n",
                                         "\r", " ", "'",  "0", "\r\n"};
    str cell = S("x"); /* so that no row is blank and no cell a formula */
    uint64_t count = entropy_below(chance, 6);
    for (uint64_t i = 0; i < count; i++) {
        const char *piece = pieces[entropy_below(chance, COUNT_OF(pieces))];
        cell = arena_format(arena, "%.*s%s", STR_ARG(cell), piece);
    }
    return cell;
}

static void reads_back_what_it_writes(void **state)
{
    (void)state;
    struct entropy_seed seed = {.state = entropy_u64(entropy_system())};
    print_message("seed %llu\n", (unsigned long long)seed.state);
    struct entropy chance = entropy_seeded(&seed);
    AUTO(arena_close) struct arena *model = NULL;
    AUTO(buf_finish) struct buf text = {.ceiling = 1 << 20};
    assert_ok(arena_create(1 << 20, &model));
    for (int run = 0; run < 2000; run++) {
        str cells[12];
        arena_reset(model);
        buf_clear(&text);
        for (size_t i = 0; i < COUNT_OF(cells); i++) {
            cells[i] = random_cell(model, chance);
            csv_write_cell(&text, cells[i], i % 3 == 0);
            if (i % 3 == 2) {
                csv_write_end(&text);
            }
        }
        struct csv csv;
        bool more = false;
        assert_ok(csv_open(buf_str(&text), *state, &csv, NULL));
        for (size_t i = 0; i < COUNT_OF(cells); i++) {
            if (i % 3 == 0) {
                assert_ok(csv_next(&csv, &more, NULL));
                assert_int_equal(csv.cell_count, 3);
            }
            assert_str(csv.cells[i % 3], cells[i]);
        }
    }
}

static errc run_csv(void *ctx)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct buf *out = ctx;
    buf_finish(out);
    buf_init(out, 10000);
    TRY(arena_create(1 << 20, &arena));
    TRY(print_rows(S("a,\"b\"\"\"\n1,\"\"\"2\"\n"), arena, out, NULL));
    return buf_check(out);
}

static void torture_survives_each_failed_allocation(void **state)
{
    (void)state;
    struct why why = {""};
    struct buf out = {0};
    struct torture torture = {.name = "csv", .run = run_csv, .ctx = &out};
    assert_ok(torture_run(&torture_heap, &torture, &why));
    assert_str(buf_str(&out), S("[a][b\"]1 [1][\"2]2 "));
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_by_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_nothing_after_a_failure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_is_too_much, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_a_cell_that_is_too_large, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_a_column_by_its_name, set_up, tear_down),
        cmocka_unit_test(writes_what_a_spreadsheet_cannot_run),
        cmocka_unit_test_setup_teardown(reads_back_what_it_writes, set_up, tear_down),
        cmocka_unit_test(torture_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests_name("base: csv", tests, NULL, NULL);
}

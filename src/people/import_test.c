#include "people/import.h"
#include "people/import_text.h"
#include "people/lineage.h"
#include "people/rebase.h"
#include "people/unit_testing.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HEAD_BEFORE "Tỉnh Thành Phố,Mã TP,Quận Huyện,Mã QH,Phường Xã,Mã PX,Cấp\n"
#define HEAD_AFTER "Tên,Mã,Cấp,Tỉnh / Thành Phố,Mã tỉnh\n"
#define HEAD_LINEAGE                                                                               \
    "date,old_code,new_code,relation,share_numerator,share_denominator,old_name,new_name\n"

static const char before_list[] =
    HEAD_BEFORE "Tỉnh Sơn Hà,91,Huyện Khe Vàng,911,Thị trấn Khe Vàng,91101,Thị trấn\n"
                "Tỉnh Sơn Hà,91,Huyện Khe Vàng,911,Xã Hoà Lâm,91102,Xã\n"
                "Tỉnh Sơn Hà,91,Huyện Suối Ngà,912,Xã Đồng Sen,91201,Xã\n"
                "Tỉnh Sơn Hà,91,Huyện Suối Ngà,912,Xã Thuỵ Khê,91202,Xã\n";
static const char villages[] = "code,name,kind,parent_code\n"
                               "9110201,Thôn Thượng,thon,91102\n"
                               "9120101,Thôn Hạ,Thôn,91201\n";
/* Hoà Lâm lives on; a new Xã Sen Vàng bears the code of Thị trấn Khe Vàng. */
static const char after_list[] = HEAD_AFTER "Xã Hòa Lâm,91102,Xã,Tỉnh Sơn Hà,91\n"
                                            "Xã Sen Vàng,91101,Xã,Tỉnh Sơn Hà,91\n";
static const char lineage_list[] =
    HEAD_LINEAGE "2025-07-01,91101,91101,whole,,,Thị trấn Khe Vàng,Xã Sen Vàng\n"
                 "1/7/2025,91201,91101,whole,,,,\n"
                 "2025-07-01,91202,91102,một phần,1,4,,\n"
                 "2025-07-01,91202,91101,rest,,,,\n"
                 "2025-07-01,91102,91102,whole,,,,\n";

static int set_up(void **state)
{
    static struct unit_kit kit;
    kit = kit_create();
    *state = &kit;
    return 0;
}

static int tear_down(void **state)
{
    kit_finish(*state);
    return 0;
}

static struct import_plan check_file(struct unit_kit *kit, enum import_kind kind, const char *on,
                                     str text)
{
    struct import_job job = {kit->forest, kind, kit_day(on), text, kit->arena};
    struct import_plan plan;
    struct forest *after = NULL;
    assert_int_equal(import_check(&job, &plan, &after, NULL), OK);
    assert_true((after != NULL) == (plan.problems.errors == 0));
    if (after != NULL) {
        forest_drop(kit->forest);
        kit->forest = after;
    }
    return plan;
}

static struct import_plan load(struct unit_kit *kit, enum import_kind kind, const char *on,
                               const char *text)
{
    struct import_plan plan = check_file(kit, kind, on, str_of(text));
    assert_int_equal(plan.problems.errors, 0);
    return plan;
}

static void load_before(struct unit_kit *kit)
{
    struct import_plan plan = load(kit, IMPORT_UNITS_BEFORE, "2020-01-01", before_list);
    assert_int_equal(plan.lines, 4);
    assert_int_equal(plan.adds, 7);
    plan = load(kit, IMPORT_UNITS, "2020-01-01", villages);
    assert_int_equal(plan.adds, 2);
}

static void importing_again_changes_nothing(void **state)
{
    struct unit_kit *kit = *state;
    load_before(kit);
    struct import_plan plan = load(kit, IMPORT_UNITS_BEFORE, "2020-01-01", before_list);
    assert_int_equal(plan.keeps, 7);
    assert_int_equal(plan.patch.count, 0);
    plan = load(kit, IMPORT_UNITS, "2021-01-01", villages);
    assert_int_equal(plan.patch.count, 0);
    load(kit, IMPORT_UNITS_AFTER, "2025-07-01", after_list);
    plan = load(kit, IMPORT_UNITS_AFTER, "2025-07-01", after_list);
    assert_int_equal(plan.patch.count, 0);
    load(kit, IMPORT_LINEAGE, "2025-07-01", lineage_list);
    plan = load(kit, IMPORT_LINEAGE, "2025-07-01", lineage_list);
    assert_int_equal(plan.keeps, 5);
    assert_int_equal(plan.patch.count, 0);
}

static void a_semicolon_file_with_a_mark_reads_the_same(void **state)
{
    struct unit_kit *kit = *state;
    char text[sizeof before_list + 3] = "\xef\xbb\xbf";
    for (size_t i = 0; i < sizeof before_list; i++) {
        text[3 + i] = before_list[i] == ',' ? ';' : before_list[i];
    }
    assert_int_equal(load(kit, IMPORT_UNITS_BEFORE, "2020-01-01", text).adds, 7);
}

static void a_new_name_on_an_old_code_is_a_renaming_in_the_old_list(void **state)
{
    struct unit_kit *kit = *state;
    load_before(kit);
    unit_id unit = kit_find(kit, kit_day("2020-01-01"), "91102");
    struct import_plan plan =
        load(kit, IMPORT_UNITS_BEFORE, "2022-01-01",
             HEAD_BEFORE "Tỉnh Sơn Hà,91,Huyện Suối Ngà,912,Thị trấn Lâm Hoà,91102,Thị trấn\n");
    assert_int_equal(plan.changes, 1);
    assert_true(kit_has_problem(&plan.problems, NOTE_UNIT_RENAMED));
    struct unit_line line;
    struct tree tree = forest_at(kit->forest, kit_day("2022-01-01"));
    assert_true(tree_line(tree, unit, &line));
    assert_true(str_is(line.name, S("Thị trấn Lâm Hoà")));
    assert_int_equal(line.parent, tree_by_code(tree, -1, S("912")));
    assert_true(tree_line(forest_at(kit->forest, kit_day("2021-12-31")), unit, &line));
    assert_true(str_is(line.name, S("Xã Hoà Lâm")));
}

static void the_province_that_was_founded_by_name_gets_its_code(void **state)
{
    struct unit_kit *kit = *state;
    ignore_int(kit_begin(kit, DAY_LEAST, "tinh", "Tỉnh Sơn Hà", "", 0));
    unit_id province = kit_commit(kit, DAY_LEAST);
    struct import_plan plan = load(kit, IMPORT_UNITS_BEFORE, "2020-01-01", before_list);
    assert_int_equal(plan.adds, 6);
    assert_int_equal(plan.changes, 1);
    assert_int_equal(kit_find(kit, kit_day("2020-01-01"), "91"), province);
    size_t epochs = 0;
    assert_int_equal(forest_epochs(kit->forest, &epochs)->on, kit_day("2020-01-01"));
    assert_int_equal(epochs, 1);
}

static void the_new_list_ends_what_it_replaces(void **state)
{
    struct unit_kit *kit = *state;
    load_before(kit);
    struct import_plan plan = load(kit, IMPORT_UNITS_AFTER, "2025-07-01", after_list);
    assert_int_equal(plan.adds, 1);
    assert_int_equal(plan.changes, 1);
    assert_int_equal(plan.ends, 5); /* 3 communes, 2 districts */
    struct tree eve = forest_at(kit->forest, kit_day("2025-06-30"));
    struct tree day_one = forest_at(kit->forest, kit_day("2025-07-01"));
    unit_id old = tree_by_code(eve, -1, S("91101"));
    unit_id new = tree_by_code(day_one, -1, S("91101"));
    assert_true(old != new);
    assert_int_equal(tree_by_code(eve, -1, S("91102")), tree_by_code(day_one, -1, S("91102")));
    unit_id waiting = tree_by_code(eve, -1, S("9120101"));
    assert_int_equal(tree_parent(day_one, waiting), 0);
    assert_true(kit_has_problem(&plan.problems, PROBLEM_CHILDREN_WAIT));
    load(kit, IMPORT_LINEAGE, "2025-07-01", lineage_list);
    day_one = forest_at(kit->forest, kit_day("2025-07-01"));
    assert_int_equal(tree_parent(day_one, waiting), new);
}

static void lineage_divides_by_the_declared_share(void **state)
{
    struct unit_kit *kit = *state;
    load_before(kit);
    load(kit, IMPORT_UNITS_AFTER, "2025-07-01", after_list);
    load(kit, IMPORT_LINEAGE, "2025-07-01", lineage_list);
    day then = kit_day("2024-12-31");
    struct figure figure = {kit_find(kit, then, "91202"), then, 1000};
    struct rebased_series series;
    struct tree onto = forest_at(kit->forest, kit_day("2025-07-01"));
    assert_int_equal(rebase(onto, &figure, 1, kit->arena, &series), OK);
    assert_int_equal(series.count, 2);
    assert_int_equal(series.rows[0].unit, kit_find(kit, onto.on, "91102"));
    assert_int_equal(series.rows[0].value, 250);
    assert_int_equal(series.rows[1].value, 750);
}

struct wrong {
    enum import_kind kind;
    const char *text;
    enum unit_problem_code code;
    size_t line;
    const char *column;
};

static const struct wrong wrongs[] = {
    {IMPORT_UNITS_BEFORE, "", PROBLEM_FILE_EMPTY, 1, ""},
    {IMPORT_UNITS_BEFORE, "\xff\xfe", PROBLEM_FILE_UNREADABLE, 1, ""},
    {IMPORT_UNITS_BEFORE, "Mã TP,Quận Huyện\n1,2\n", PROBLEM_COLUMN_MISSING, 1, "Tỉnh Thành Phố"},
    {IMPORT_UNITS_BEFORE, HEAD_BEFORE "Tỉnh A,91,Huyện B,911,Xã C\n", PROBLEM_CELLS_COUNT, 2, ""},
    {IMPORT_UNITS_BEFORE, HEAD_BEFORE "Tỉnh A,91,Huyện B,911,Xã C,,Xã\n", PROBLEM_CELL_MISSING, 2,
     "Mã PX"},
    {IMPORT_UNITS_BEFORE, HEAD_BEFORE "Tỉnh A,91,Huyện B,911,Xã C,9110,Xã\n", PROBLEM_CODE_UNFIT, 2,
     "Mã PX"},
    {IMPORT_UNITS_BEFORE, HEAD_BEFORE "Tỉnh A,91,Vùng B,911,Xã C,91101,Xã\n", PROBLEM_KIND_UNKNOWN,
     2, "Quận Huyện"},
    {IMPORT_UNITS_BEFORE, HEAD_BEFORE "Tỉnh A,91,Huyện B,911,Xã C,91101,Phường\n",
     PROBLEM_KIND_DIFFERS, 2, "Cấp"},
    {IMPORT_UNITS_BEFORE,
     HEAD_BEFORE "Tỉnh A,91,Huyện B,911,Xã C,91101,Xã\nTỉnh A,91,Huyện B,911,Xã D,91101,Xã\n",
     PROBLEM_CODE_TWICE, 3, "Mã PX"},
    {IMPORT_UNITS_BEFORE,
     HEAD_BEFORE "Tỉnh A,91,Huyện B,911,Xã C,91101,Xã\nTỉnh Z,91,Huyện B,911,Xã D,91102,Xã\n",
     PROBLEM_NAME_DIFFERS, 3, "Mã TP"},
    {IMPORT_UNITS_BEFORE, HEAD_BEFORE "Tỉnh A,91,Huyện B,911,\"Xã C,91101,Xã\n",
     PROBLEM_FILE_UNREADABLE, 2, ""},
    {IMPORT_UNITS, "code,name,kind,parent_code\n1,Thôn A,thon,99999\n", PROBLEM_PARENT_UNKNOWN, 2,
     "parent_code"},
    {IMPORT_UNITS_AFTER, HEAD_AFTER "Thị trấn A,91101,Thị trấn,Tỉnh A,91\n", PROBLEM_KIND_NOT_VALID,
     2, ""},
    {IMPORT_LINEAGE, HEAD_LINEAGE "2025-07-01,00001,91101,whole,,,,\n", PROBLEM_CODE_UNKNOWN, 2,
     "old_code"},
    {IMPORT_LINEAGE, HEAD_LINEAGE "2025-02-30,91101,91102,whole,,,,\n", PROBLEM_DATE_UNFIT, 2,
     "date"},
    {IMPORT_LINEAGE, HEAD_LINEAGE "2025-07-01,91101,91102,nuốt,,,,\n", PROBLEM_RELATION_UNKNOWN, 2,
     "relation"},
    {IMPORT_LINEAGE, HEAD_LINEAGE "2025-07-01,91101,91102,part,3,2,,\n", PROBLEM_SHARE_UNFIT, 2,
     "share_numerator"},
    {IMPORT_LINEAGE, HEAD_LINEAGE "2025-07-01,91101,91102,whole,,,Xã Khác,\n", PROBLEM_NAME_DIFFERS,
     2, "old_name"},
    {IMPORT_LINEAGE, HEAD_LINEAGE "2025-07-01,91101,,whole,,,,\n", PROBLEM_CELL_MISSING, 2,
     "new_code"},
};

static const struct unit_problem *find_problem(const struct unit_problems *problems,
                                               enum unit_problem_code code)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->items[i].code == code) {
            return &problems->items[i];
        }
    }
    return NULL;
}

static void a_wrong_line_is_named_with_line_and_column(void **state)
{
    struct unit_kit *kit = *state;
    load_before(kit);
    for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
        const struct wrong *wrong = &wrongs[i];
        struct import_plan plan = check_file(kit, wrong->kind, "2025-07-01", str_of(wrong->text));
        const struct unit_problem *found = find_problem(&plan.problems, wrong->code);
        if (found == NULL) {
            fail_msg("row %zu: no %s", i, unit_problem_key(wrong->code));
            return;
        }
        assert_int_equal(found->origin, wrong->line);
        assert_true(str_is(found->column, str_of(wrong->column)));
    }
}

static void names_that_look_like_code_stay_names(void **state)
{
    struct unit_kit *kit = *state;
    load(kit, IMPORT_UNITS_BEFORE, "2020-01-01",
         HEAD_BEFORE "Tỉnh A,91,Huyện '; DROP TABLE units;--,911,\"Xã <script>alert(1)</script>\","
                     "91101,Xã\n");
    struct unit_line line;
    struct tree tree = forest_at(kit->forest, kit_day("2020-01-01"));
    assert_true(tree_line(tree, tree_by_code(tree, -1, S("91101")), &line));
    assert_true(str_is(line.name, S("Xã <script>alert(1)</script>")));
}

static void the_published_wording_is_resolved_or_listed(void **state)
{
    struct unit_kit *kit = *state;
    load_before(kit);
    load(kit, IMPORT_UNITS_AFTER, "2025-07-01", after_list);
    static const char wording[] =
        "Tỉnh mới,Mã mới,Đơn vị mới,Hình thành từ (nguyên văn công bố)\n"
        "Tỉnh Sơn Hà,91102,Xã Hòa Lâm,\"Xã Hoà Lâm, Xã Đồng Xen, và một phần diện tích tự nhiên, "
        "quy mô dân số của Xã Thụy Khê, Thôn Bãi\"\n"
        "Tỉnh Sơn Hà,91101,Xã Sen Vàng,\"Thị trấn Khe Vàng, xã Đồng Sen (huyện Suối Ngà) và phần "
        "còn lại của xã Thuỵ Khê sau khi sắp xếp\"\n";
    struct buf csv;
    buf_init(&csv, 65536);
    struct text_job job = {kit->forest, kit_day("2025-07-01"), str_of(wording), kit->arena};
    struct text_report report;
    assert_int_equal(import_text(&job, &csv, &report), OK);
    assert_int_equal(report.mentions, 7);
    assert_int_equal(report.resolved, 5);
    assert_int_equal(report.parts, 2);
    assert_true(kit_has_problem(&report.problems, NOTE_TEXT_UNKNOWN));
    assert_true(kit_has_problem(&report.problems, NOTE_TEXT_VILLAGE));
    assert_false(kit_has_problem(&report.problems, NOTE_NEVER_MENTIONED));
    struct import_plan plan = check_file(kit, IMPORT_LINEAGE, "2025-07-01", buf_str(&csv));
    assert_int_equal(plan.problems.errors, 0);
    assert_int_equal(plan.adds, 4);
    assert_int_equal(plan.keeps, 1);
    buf_finish(&csv);
}

static bool is_expected(errc rc)
{
    return rc == OK || rc == ERR_NO_MEMORY;
}

/* Whichever allocation fails, the check says so, and the forest it was given is as it was. */
static void a_failing_allocation_in_the_check_leaves_all_as_it_was(void **state)
{
    struct unit_kit *kit = *state;
    load_before(kit);
    size_t facts = forest_ledger(kit->forest)->fact_count;
    const char *const files[] = {before_list, after_list};
    for (size_t f = 0; f < COUNT_OF(files); f++) {
        bool hit = true;
        for (unsigned long n = 1; hit; n++) {
            struct arena *arena AUTO(arena_close) = NULL;
            assert_int_equal(arena_create(64 * 1024 * 1024, &arena), OK);
            struct import_job job = {kit->forest, f == 0 ? IMPORT_UNITS_BEFORE : IMPORT_UNITS_AFTER,
                                     kit_day("2025-07-01"), str_of(files[f]), arena};
            struct import_plan plan;
            struct forest *after = NULL;
            mem_torture(n);
            errc rc = import_check(&job, &plan, &after, NULL);
            hit = mem_torture_hit();
            mem_torture(0);
            assert_true(is_expected(rc));
            assert_true(hit || rc == OK);
            forest_drop(after);
        }
    }
    assert_int_equal(forest_ledger(kit->forest)->fact_count, facts);
}

static bool read_shared(const char *name, struct buf *ret_text)
{
    char path[512];
    ignore_int(snprintf(path, sizeof path, "%s/../shared/data/%s", LOA_SOURCE_DIR, name));
    buf_init(ret_text, 1 << 24);
    return file_exists(path) && file_read(path, 1 << 24, ret_text, NULL) == OK;
}

static size_t count_of(const struct unit_problems *problems, enum unit_problem_code code)
{
    size_t count = 0;
    for (size_t i = 0; i < problems->count; i++) {
        count += problems->items[i].code == code;
    }
    return count;
}

/* The figures were counted by hand and by another program from the same files: 3 provinces, 28
 * districts, 491 communes before; 180 after, of which 111 keep code and name. */
static void load_real_units(struct unit_kit *kit, str before, str after)
{
    struct import_plan plan = check_file(kit, IMPORT_UNITS_BEFORE, "2020-01-01", before);
    assert_int_equal(plan.problems.errors, 0);
    assert_int_equal(plan.lines, 491);
    assert_int_equal(plan.adds, 522);
    plan = check_file(kit, IMPORT_UNITS_AFTER, "2025-07-01", after);
    assert_int_equal(plan.problems.errors, 0);
    assert_int_equal(plan.lines, 180);
    assert_int_equal(plan.adds, 69);
    assert_int_equal(plan.changes, 111);
    assert_int_equal(plan.ends, 380 + 28 + 1);
}

/* 498 old units are named, 11 communes stay as they were; 8 names are spelt as no old commune was,
 * 3 are hamlets, and so 9 old communes are never named. */
static void check_real_wording(struct unit_kit *kit, str wording, struct buf *csv)
{
    struct text_job job = {kit->forest, kit_day("2025-07-01"), wording, kit->arena};
    struct text_report report;
    assert_int_equal(import_text(&job, csv, &report), OK);
    assert_int_equal(report.problems.errors, 0);
    assert_int_equal(report.lines, 180);
    assert_int_equal(report.mentions, 498);
    assert_int_equal(report.resolved, 487);
    assert_int_equal(report.unchanged, 11);
    assert_int_equal(report.parts, 10);
    assert_int_equal(count_of(&report.problems, NOTE_TEXT_UNKNOWN), 8);
    assert_int_equal(count_of(&report.problems, NOTE_TEXT_VILLAGE), 3);
    assert_int_equal(count_of(&report.problems, NOTE_TEXT_AMBIGUOUS), 0);
    assert_int_equal(count_of(&report.problems, NOTE_NEVER_MENTIONED), 9);
}

static void three_real_provinces_live_through_the_reform(void **state)
{
    struct unit_kit *kit = *state;
    struct buf before;
    struct buf after;
    struct buf wording;
    struct buf csv;
    buf_init(&csv, 1 << 24);
    bool is_there = read_shared("units-before-2025-07.csv", &before);
    is_there = read_shared("units-after-2025-07.csv", &after) && is_there;
    is_there = read_shared("lineage-2025-07.csv", &wording) && is_there;
    if (is_there) {
        load_real_units(kit, buf_str(&before), buf_str(&after));
        check_real_wording(kit, buf_str(&wording), &csv);
        struct import_plan plan = check_file(kit, IMPORT_LINEAGE, "2025-07-01", buf_str(&csv));
        assert_int_equal(plan.problems.errors, 0);
        assert_int_equal(plan.adds, 487 - 111);
        assert_int_equal(plan.keeps, 111);
        plan = check_file(kit, IMPORT_LINEAGE, "2025-07-01", buf_str(&csv));
        assert_int_equal(plan.patch.count, 0);
    }
    buf_finish(&before);
    buf_finish(&after);
    buf_finish(&wording);
    buf_finish(&csv);
    if (!is_there) {
        print_message("the shared lists are not here\n");
        skip();
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(importing_again_changes_nothing),
        TEST(a_semicolon_file_with_a_mark_reads_the_same),
        TEST(a_new_name_on_an_old_code_is_a_renaming_in_the_old_list),
        TEST(the_province_that_was_founded_by_name_gets_its_code),
        TEST(the_new_list_ends_what_it_replaces),
        TEST(lineage_divides_by_the_declared_share),
        TEST(a_wrong_line_is_named_with_line_and_column),
        TEST(names_that_look_like_code_stay_names),
        TEST(a_failing_allocation_in_the_check_leaves_all_as_it_was),
        TEST(the_published_wording_is_resolved_or_listed),
        TEST(three_real_provinces_live_through_the_reform),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}

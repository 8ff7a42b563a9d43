#include "report/model.h"

#include "base/cases.h"
#include "base/file.h"
#include "base/testing.h"

static int set_up(void **state)
{
    struct arena *arena = NULL;
    errc rc = arena_create(64 << 20, &arena);
    *state = arena;
    return (int)rc;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static str file_text(struct arena *arena, const char *path)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, MODEL_SIZE_MOST);
    assert_ok(file_read(path, MODEL_SIZE_MOST, &text, NULL));
    return arena_str(arena, buf_str(&text));
}

static void read_whole(struct arena *arena, str text, struct model *model)
{
    struct model_problem problem = {.at = 0};
    errc rc = model_read(arena, text, model, &problem);
    if (rc != OK) {
        fail_msg("%s: %s at %zu (%s)", problem.where, problem.word, problem.at, problem.what);
    }
}

static void reads_the_packages_that_come_with_the_program(void **state)
{
    struct model model;
    read_whole(*state, file_text(*state, LOA_SOURCE_DIR "/src/report/packages/strategy.json"),
               &model);
    assert_int_equal(model.indicator_count, 9);
    assert_int_equal(model.target_count, 27);
    assert_int_equal(model.order_count, 1);
    const struct model_target *dash =
        &model.targets[12]; /* I.5 of 2022 has no target, which is not 0 */
    assert_str(dash->indicator, S("I.5"));
    assert_false(figure_is_there(dash->value));
    read_whole(*state, file_text(*state, LOA_SOURCE_DIR "/src/report/packages/new_rural.json"),
               &model);
    assert_int_equal(model.set_count, 3);
    assert_int_equal(model.sets[1].criteria[0].mark_count, 4);
    assert_false(model.sets[1].criteria[0].marks[2].thresholds[0].is_verified);
}

#define PACKAGE_HEAD                                                                               \
    "{\"loa_report_package\":1,\"code\":\"p\",\"name\":\"P\",\"measures\":[{\"code\":\"thon\","    \
    "\"name\":\"t\",\"base\":\"thon\"}],\"elements\":[{\"code\":\"a\",\"name\":\"A\"},"            \
    "{\"code\":\"b\",\"name\":\"B\",\"measure\":\"thon\"},{\"code\":\"c\",\"name\":\"C\","         \
    "\"type\":\"truth\"}"

/* A row's package: the head with what the row says after it; "=" begins a package of its own. */
static str package_of(struct arena *arena, str cell)
{
    return str_starts(cell, S("=")) ? str_cut(cell, 1, cell.len)
                                    : arena_format(arena, "%s%.*s}", PACKAGE_HEAD, STR_ARG(cell));
}

static void check_case(void *ctx, const struct cases_row *row)
{
    struct model model;
    struct model_problem problem = {.at = 0};
    struct arena *arena = ctx;
    errc rc = model_read(arena, package_of(arena, row->cells[0]), &model, &problem);
    str found = arena_format(arena, "%s %s", problem.where, problem.word);
    if (rc == OK || !str_is(str_trim(found), row->cells[1])) {
        fail_msg("%s:%zu: %s: %.*s", row->path, row->line, error_key(rc), STR_ARG(found));
    }
    arena_reset(arena);
}

static void refuses_what_the_table_says_and_says_where(void **state)
{
    assert_ok(cases_each(LOA_SOURCE_DIR "/src/report/model.cases", 2, check_case, *state, NULL));
}

static void orders_computed_elements_after_what_they_need(void **state)
{
    struct model model;
    read_whole(*state,
               S(PACKAGE_HEAD ",{\"code\":\"x\",\"name\":\"X\",\"formula\":\"y + z\"},"
                              "{\"code\":\"y\",\"name\":\"Y\",\"formula\":\"z * 2\"},"
                              "{\"code\":\"z\",\"name\":\"Z\",\"formula\":\"a + previous(x)\"}]}"),
               &model);
    assert_int_equal(model.order_count, 3);
    assert_int_equal(model.order[0], 5);
    assert_int_equal(model.order[1], 4);
    assert_int_equal(model.order[2], 3);
}

static str written(struct arena *arena, str text)
{
    struct model model;
    AUTO(buf_finish) struct buf out;
    buf_init(&out, MODEL_SIZE_MOST);
    read_whole(arena, text, &model);
    model_write(&model, &out);
    assert_ok(buf_check(&out));
    return arena_str(arena, buf_str(&out));
}

static void writes_what_it_reads(void **state)
{
    static const char *const files[] = {LOA_SOURCE_DIR "/src/report/packages/strategy.json",
                                        LOA_SOURCE_DIR "/src/report/packages/new_rural.json"};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        str once = written(*state, file_text(*state, files[i]));
        assert_true(once.len > 4000);
        assert_str(written(*state, once), once);
    }
}

static void refuses_a_package_from_the_future(void **state)
{
    struct model model;
    struct model_problem problem = {.at = 0};
    str text = S("{\"loa_report_package\":2,\"code\":\"p\",\"name\":\"P\",\"new\":{}}");
    assert_int_equal(model_read(*state, text, &model, &problem), ERR_VERSION);
    assert_string_equal(problem.word, "from_the_future");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_the_packages_that_come_with_the_program, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_the_table_says_and_says_where, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(orders_computed_elements_after_what_they_need, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(writes_what_it_reads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_a_package_from_the_future, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("report: model", tests, NULL, NULL);
}

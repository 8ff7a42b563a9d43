#include "report/formula.h"

#include "base/cases.h"
#include "base/entropy.h"
#include "base/testing.h"

static const struct measure measures[] = {
    {{"thon", 4}, 1, {1, 1}},
    {{"cum", 3}, 2, {1, 1}},
    {{"dong", 4}, 3, {1, 1}},
    {{"trieu_dong", 10}, 3, {1000000, 1}},
    {{"ty_dong", 7}, 3, {1000000000, 1}},
    {{"percent", 7}, 0, {1, 100}},
};

static const str kinds[] = {{"wired", 5}, {"fm", 2}, {"ip", 2}};

#define NUMBER(text, base_number)                                                                  \
    {                                                                                              \
        .name = {text, sizeof(text) - 1}, .type = FORMULA_NUMBER, .dimension = {                   \
            .at = {{base_number, 1}},                                                              \
            .count = 1                                                                             \
        }                                                                                          \
    }

static const struct formula_name names[] = {
    NUMBER("villages", 1),
    NUMBER("villages_phone", 1),
    NUMBER("clusters", 2),
    NUMBER("paid", 3),
    NUMBER("paid_local", 3),
    NUMBER("planned", 3),
    {.name = {"has_station", 11}, .type = FORMULA_TRUTH},
    {.name = {"kind", 4}, .type = FORMULA_CHOICE, .choices = kinds, .choice_count = 3},
};

static const struct formula_scope scope = {names, COUNT_OF(names), measures, COUNT_OF(measures)};

static bool is_called(str word, const struct formula_use *use)
{
    static const str prefixes[] = {{"", 0}, {"before_", 7}, {"year_", 5}};
    str prefix = prefixes[use->when];
    return str_starts(word, prefix) &&
           str_is(str_cut(word, prefix.len, word.len), names[use->name].name);
}

static figure value_of(str words, const struct formula_use *use)
{
    figure value = FIGURE_NONE;
    while (words.at != NULL) {
        str text = STR_NONE;
        str word = str_split(words, ' ', &words);
        str name = str_split(word, '=', &text);
        if (is_called(name, use)) {
            assert_true(figure_parse(text, &value));
        }
    }
    return value;
}

static void expect(const struct cases_row *row, str is)
{
    if (!str_is(is, row->cells[2])) {
        fail_msg("%s:%zu: %.*s", row->path, row->line, STR_ARG(is));
    }
}

static void check_case(void *ctx, const struct cases_row *row)
{
    AUTO(arena_close) struct arena *arena = NULL;
    AUTO(buf_finish) struct buf is;
    struct formula formula;
    struct formula_problem problem;
    figure values[FORMULA_STEPS_MOST];
    (void)ctx;
    buf_init(&is, 200);
    assert_ok(arena_create(1 << 20, &arena));
    errc rc = formula_read(arena, row->cells[0], &scope, &formula, &problem);
    if (rc != OK) {
        assert_int_equal(rc, ERR_INVALID);
        buf_add_format(&is, "! %s %zu", problem.word, problem.at);
        expect(row, buf_str(&is));
        return;
    }
    for (size_t i = 0; i < formula.use_count; i++) {
        values[i] = value_of(row->cells[1], &formula.uses[i]);
    }
    struct formula_value value = formula_run(&formula, values);
    if (value.lack == FORMULA_HAS) {
        figure_write(value.figure, &is);
    } else {
        buf_add_text(&is, formula_lack_name(value.lack));
    }
    expect(row, buf_str(&is));
}

static void computes_and_refuses_as_the_table_says(void **state)
{
    (void)state;
    assert_ok(cases_each(LOA_SOURCE_DIR "/src/report/formula.cases", 3, check_case, NULL, NULL));
}

static errc read_text(struct arena *arena, const struct buf *text, struct formula_problem *problem)
{
    struct formula formula;
    return formula_read(arena, buf_str(text), &scope, &formula, problem);
}

static void repeat(struct buf *text, const char *what, int times)
{
    for (int i = 0; i < times; i++) {
        buf_add_text(text, what);
    }
}

static void bounds_depth_length_and_stack(void **state)
{
    static const struct {
        const char *before;
        int times;
        const char *after;
        const char *word;
    } cases[] = {{"(", 1000, "1", "too_deep"},   {"-", 1000, "1", "too_deep"},
                 {"not ", 400, "1", "too_deep"}, {"1+", 450, "1", "too_long"},
                 {"1+", 2000, "1", "too_long"},  {"if(1=1,1,", 100, "1", "too_deep"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(arena_close) struct arena *arena = NULL;
        AUTO(buf_finish) struct buf text;
        struct formula_problem problem;
        buf_init(&text, 100000);
        assert_ok(arena_create(1 << 20, &arena));
        repeat(&text, cases[i].before, cases[i].times);
        buf_add_text(&text, cases[i].after);
        assert_int_equal(read_text(arena, &text, &problem), ERR_INVALID);
        assert_string_equal(problem.word, cases[i].word);
    }
}

static void knows_the_measure_of_a_result(void **state)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct formula formula;
    struct formula_problem problem;
    (void)state;
    assert_ok(arena_create(1 << 20, &arena));
    assert_ok(formula_read(arena, S("paid / villages"), &scope, &formula, &problem));
    assert_int_equal(formula.dimension.count, 2);
    assert_int_equal(formula.dimension.at[0].power, -1);
    assert_int_equal(formula.dimension.at[1].power, 1);
    assert_ok(formula_read(arena, S("paid / planned"), &scope, &formula, &problem));
    assert_true(dimension_is_bare(&formula.dimension));
}

static void lists_each_use_once(void **state)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct formula formula;
    struct formula_problem problem;
    (void)state;
    assert_ok(arena_create(1 << 20, &arena));
    assert_ok(formula_read(arena, S("paid + paid - previous(paid) + paid_local"), &scope, &formula,
                           &problem));
    assert_int_equal(formula.use_count, 3);
    assert_int_equal(formula.uses[1].when, FORMULA_PREVIOUS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes_and_refuses_as_the_table_says),
        cmocka_unit_test(bounds_depth_length_and_stack),
        cmocka_unit_test(knows_the_measure_of_a_result),
        cmocka_unit_test(lists_each_use_once),
    };
    return cmocka_run_group_tests_name("report: formula", tests, NULL, NULL);
}

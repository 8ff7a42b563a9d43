#include "people/lineage.h"
#include "people/rebase.h"
#include "people/reform.h"
#include "people/unit_testing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int set_up(void **state)
{
    static struct unit_kit kit;
    kit = kit_create();
    kit_small_province(&kit, kit_day("2010-01-01"));
    *state = &kit;
    return 0;
}

static int tear_down(void **state)
{
    kit_finish(*state);
    return 0;
}

static struct reform_source source(struct unit_kit *kit, const char *code,
                                   enum link_relation relation, share part)
{
    return (struct reform_source){kit_find(kit, kit_day("2020-01-01"), code), relation, part};
}

/* Hoà Lâm and Đồng Sen (of the other district) become Xã Sen Lâm, which takes Hoà Lâm's code. */
static size_t merge_across_districts(struct unit_kit *kit, struct reform_preview *ret_preview)
{
    day on = kit_day("2025-07-01");
    struct reform_source sources[] = {source(kit, "91102", LINK_WHOLE, SHARE_WHOLE),
                                      source(kit, "91203", LINK_WHOLE, SHARE_WHOLE)};
    struct reform_step step = {
        .op = REFORM_MERGE,
        .sources = sources,
        .source_count = 2,
        .parent = kit_find(kit, on, "91"),
        .kind = kind_find(forest_tiers(kit->forest), S("xa")),
        .name = S("Xã Sen Lâm"),
        .code = S("91102"),
    };
    return kit_reform(kit, on, &step, 1, ret_preview);
}

static void a_merger_ends_begins_and_takes_the_villages_along(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    assert_int_equal(merge_across_districts(kit, &preview), 0);
    assert_int_equal(preview.ends, 2);
    assert_int_equal(preview.begins, 1);
    assert_int_equal(preview.moves, 4);
    assert_true(str_is(preview.lines[0].text, S("Xã Hoà Lâm + Xã Đồng Sen → Xã Sen Lâm (91102)")));
    struct tree before = forest_at(kit->forest, kit_day("2025-06-30"));
    struct tree after = forest_at(kit->forest, kit_day("2025-07-01"));
    unit_id old = tree_by_code(before, 3, S("91102"));
    unit_id new = tree_by_code(after, 3, S("91102"));
    assert_true(old != 0 && new != 0 && old != new);
    assert_int_equal(tree_children(after, new, NULL, 0), 4);
    assert_int_equal(tree_children(before, old, NULL, 0), 2);
    assert_false(tree_has(after, old));
    assert_true(lineage_covers(after, new, old));
    assert_true(lineage_covers(after, tree_by_code(after, 1, S("91")), old));
    assert_false(lineage_covers(after, tree_by_code(after, 2, S("912")), old));
}

static void figures_of_merged_units_add_up(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    day then = kit_day("2024-12-31");
    struct figure figures[] = {{kit_find(kit, then, "91102"), then, 7},
                               {kit_find(kit, then, "91203"), then, -2},
                               {kit_find(kit, then, "91201"), then, 100}};
    assert_int_equal(merge_across_districts(kit, &preview), 0);
    struct tree onto = forest_at(kit->forest, kit_day("2026-01-01"));
    struct rebased_series series;
    assert_int_equal(rebase(onto, figures, 3, kit->arena, &series), OK);
    assert_int_equal(series.count, 2);
    assert_int_equal(series.rows[0].value, 100);
    assert_int_equal(series.rows[1].unit, tree_by_code(onto, 3, S("91102")));
    assert_int_equal(series.rows[1].value, 5);
    assert_false(series.rows[1].assumed);
}

/* Đồng Sen is divided: `given` to Hoà Lâm, which lives on, the rest to Khe Vàng, which does too. */
static size_t divide(struct unit_kit *kit, share given, enum link_relation second,
                     struct reform_preview *ret_preview)
{
    day on = kit_day("2020-01-01");
    struct reform_source parts[] = {source(kit, "91103", LINK_PART, given),
                                    source(kit, "91103", second, SHARE_UNDECLARED)};
    unit_id to[] = {kit_find(kit, on, "91102"), kit_find(kit, on, "91101")};
    struct reform_step steps[] = {
        {.op = REFORM_MERGE, .sources = &parts[0], .source_count = 1, .unit = to[0]},
        {.op = REFORM_MERGE, .sources = &parts[1], .source_count = 1, .unit = to[1]},
        {.op = REFORM_MOVE, .unit = kit_find(kit, on, "9110301"), .parent = to[0]},
        {.op = REFORM_MOVE, .unit = kit_find(kit, on, "9110302"), .parent = to[1]},
    };
    return kit_reform(kit, on, steps, 4, ret_preview);
}

static void a_declared_part_and_the_rest_divide_exactly(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    day then = kit_day("2019-12-31");
    struct figure figure = {kit_find(kit, then, "91103"), then, 10};
    assert_int_equal(divide(kit, (share){1, 3}, LINK_REST, &preview), 0);
    assert_int_equal(preview.parts, 2);
    assert_int_equal(preview.ends, 1);
    struct tree onto = forest_at(kit->forest, kit_day("2020-01-01"));
    struct rebased_series series;
    assert_int_equal(rebase(onto, &figure, 1, kit->arena, &series), OK);
    assert_int_equal(series.count, 2);
    assert_int_equal(series.rows[0].unit, kit_find(kit, onto.on, "91101"));
    assert_int_equal(series.rows[0].value, 7);
    assert_int_equal(series.rows[1].value, 3);
    assert_false(series.rows[0].assumed || series.rows[1].assumed);
}

static void an_undeclared_part_stays_whole_on_the_rest_and_is_flagged(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    day then = kit_day("2019-12-31");
    struct figure figure = {kit_find(kit, then, "91103"), then, 10};
    assert_int_equal(divide(kit, SHARE_UNDECLARED, LINK_REST, &preview), 0);
    assert_true(kit_has_problem(&preview.problems, PROBLEM_SHARE_UNDECLARED));
    struct tree onto = forest_at(kit->forest, kit_day("2020-01-01"));
    struct rebased_series series;
    assert_int_equal(rebase(onto, &figure, 1, kit->arena, &series), OK);
    assert_int_equal(series.count, 2);
    assert_int_equal(series.rows[0].value, 10);
    assert_int_equal(series.rows[1].value, 0);
    assert_true(series.rows[0].assumed && series.rows[1].assumed);
}

static void children_of_a_divided_unit_must_be_placed(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    struct reform_source parts[] = {source(kit, "91103", LINK_PART, (share){1, 2}),
                                    source(kit, "91103", LINK_PART, (share){1, 2})};
    day on = kit_day("2020-01-01");
    struct reform_step steps[] = {
        {.op = REFORM_MERGE,
         .sources = &parts[0],
         .source_count = 1,
         .unit = kit_find(kit, on, "91102")},
        {.op = REFORM_MERGE,
         .sources = &parts[1],
         .source_count = 1,
         .unit = kit_find(kit, on, "91101")},
    };
    assert_int_equal(kit_reform(kit, on, steps, 2, &preview), 1);
    assert_true(kit_has_problem(&preview.problems, PROBLEM_CHILDREN_LEFT));
}

static void an_ended_district_hands_its_communes_up(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    day on = kit_day("2025-07-01");
    struct reform_step steps[] = {{.op = REFORM_END, .unit = kit_find(kit, on, "911")},
                                  {.op = REFORM_END, .unit = kit_find(kit, on, "912")}};
    assert_int_equal(kit_reform(kit, on, steps, 2, &preview), 0);
    assert_int_equal(preview.moves, 6);
    struct tree tree = forest_at(kit->forest, on);
    unit_id province = kit_find(kit, on, "91");
    assert_int_equal(tree_children(tree, province, NULL, 0), 6);
    assert_int_equal(tree_parent(tree, kit_find(kit, on, "91203")), province);
}

/* Each row: one wrong step, and the problem that must be named. */
static void wrong_steps_are_named(void **state)
{
    struct unit_kit *kit = *state;
    day on = kit_day("2020-01-01");
    const struct tier_set *tiers = forest_tiers(kit->forest);
    unit_id commune = kit_find(kit, on, "91102");
    unit_id district = kit_find(kit, on, "911");
    int xa = kind_find(tiers, S("xa"));
    const struct {
        struct reform_step step;
        enum unit_problem_code code;
    } rows[] = {
        {{.op = REFORM_RENAME, .unit = 999, .name = S("Xã A")}, PROBLEM_UNIT_UNKNOWN},
        {{.op = REFORM_RENAME, .unit = commune, .name = S(" x")}, PROBLEM_NAME_UNFIT},
        {{.op = REFORM_RECODE, .unit = commune, .code = S("91103")}, PROBLEM_CODE_TAKEN},
        {{.op = REFORM_RECODE, .unit = commune, .code = S("9 1")}, PROBLEM_CODE_UNFIT},
        {{.op = REFORM_REKIND, .unit = commune, .kind = kind_find(tiers, S("huyen"))},
         PROBLEM_KIND_OF_OTHER_TIER},
        {{.op = REFORM_REKIND, .unit = commune, .kind = -1}, PROBLEM_KIND_UNKNOWN},
        {{.op = REFORM_MOVE, .unit = district, .parent = commune}, PROBLEM_PARENT_TIER},
        {{.op = REFORM_MOVE, .unit = commune, .parent = 999}, PROBLEM_PARENT_UNKNOWN},
        {{.op = REFORM_MERGE, .unit = commune}, PROBLEM_STEP_EMPTY},
        {{.op = REFORM_BEGIN,
          .kind = xa,
          .name = S("Xã Mới"),
          .code = S("91101"),
          .parent = district},
         PROBLEM_CODE_TAKEN},
        {{.op = REFORM_BEGIN, .kind = xa, .name = S("Xã Mới"), .parent = -9},
         PROBLEM_PARENT_UNKNOWN},
        {{.op = REFORM_BEGIN, .kind = xa, .name = S("Xã Mới")}, PROBLEM_PARENT_MISSING},
        {{.op = REFORM_BEGIN, .kind = xa, .name = S("Xã Đồng Sen"), .parent = district},
         PROBLEM_NAME_TAKEN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reform_preview preview;
        struct reform_steps steps = {&rows[i].step, 1};
        struct reform_trial trial = {kit->forest, on, S("Sai"), &steps, kit->arena};
        struct unit_patch patch;
        assert_int_equal(reform_preview(&trial, &patch, &preview, NULL, NULL), OK);
        if (!kit_has_problem(&preview.problems, rows[i].code)) {
            fail_msg("row %zu: no %s", i, unit_problem_key(rows[i].code));
        }
        assert_int_equal(preview.problems.items[0].origin, 1);
    }
}

static void shares_must_make_sense(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    assert_int_equal(divide(kit, (share){1, 1}, LINK_REST, &preview), 1);
    assert_true(kit_has_problem(&preview.problems, PROBLEM_SHARE_TOO_MUCH));
    day on = kit_day("2020-01-01");
    struct reform_source part = source(kit, "91103", LINK_PART, (share){1, 3});
    struct reform_step steps[] = {
        {.op = REFORM_MERGE,
         .sources = &part,
         .source_count = 1,
         .unit = kit_find(kit, on, "91102")},
        {.op = REFORM_END, .unit = part.unit},
        {.op = REFORM_MOVE,
         .unit = kit_find(kit, on, "9110301"),
         .parent = kit_find(kit, on, "91102")},
        {.op = REFORM_MOVE,
         .unit = kit_find(kit, on, "9110302"),
         .parent = kit_find(kit, on, "91102")},
    };
    assert_int_equal(kit_reform(kit, on, steps, 4, &preview), 1);
    assert_true(kit_has_problem(&preview.problems, PROBLEM_SHARE_INCOMPLETE));
}

static void the_past_is_not_rewritten_under_later_changes(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    unit_id commune = kit_find(kit, kit_day("2020-01-01"), "91102");
    struct reform_step step = {.op = REFORM_RENAME, .unit = commune, .name = S("Xã Lâm Hoà")};
    assert_int_equal(kit_reform(kit, kit_day("2020-01-01"), &step, 1, &preview), 0);
    step.name = S("Xã Lâm Thượng");
    assert_int_equal(kit_reform(kit, kit_day("2015-01-01"), &step, 1, &preview), 1);
    assert_true(kit_has_problem(&preview.problems, PROBLEM_CHANGED_LATER));
    /* corrected on the same day: the wrong name was never in force */
    assert_int_equal(kit_reform(kit, kit_day("2020-01-01"), &step, 1, &preview), 0);
    struct unit_line line;
    assert_true(tree_line(forest_at(kit->forest, kit_day("2020-01-01")), commune, &line));
    assert_true(str_is(line.name, S("Xã Lâm Thượng")));
}

static void a_reform_can_be_undone_until_something_depends_on_it(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    assert_int_equal(merge_across_districts(kit, &preview), 0);
    const struct unit_ledger *ledger = forest_ledger(kit->forest);
    batch_id batch = ledger->batches[ledger->batch_count - 1].id;
    batch_id dependant = -1;
    assert_int_equal(unit_ledger_dependant(ledger, batch, &dependant), OK);
    assert_int_equal(dependant, 0);
    struct reform_step step = {.op = REFORM_RENAME,
                               .unit = kit_find(kit, kit_day("2025-07-01"), "91102"),
                               .name = S("Xã Lâm Sen")};
    assert_int_equal(kit_reform(kit, kit_day("2026-01-01"), &step, 1, &preview), 0);
    assert_int_equal(unit_ledger_dependant(forest_ledger(kit->forest), batch, &dependant), OK);
    assert_int_equal(dependant, batch + 1);
}

static void undoing_restores_every_row(void **state)
{
    struct unit_kit *kit = *state;
    struct reform_preview preview;
    struct unit_ledger *before = NULL;
    struct unit_ledger *after = NULL;
    assert_int_equal(unit_ledger_copy(forest_ledger(kit->forest), &before), OK);
    assert_int_equal(merge_across_districts(kit, &preview), 0);
    assert_int_equal(unit_ledger_copy(forest_ledger(kit->forest), &after), OK);
    unit_ledger_undo(after, after->batches[after->batch_count - 1].id);
    assert_int_equal(unit_ledger_seal(after, NULL), OK);
    assert_int_equal(after->life_count, before->life_count);
    assert_int_equal(after->fact_count, before->fact_count);
    assert_int_equal(after->link_count, before->link_count);
    for (size_t i = 0; i < before->fact_count; i++) {
        assert_int_equal(after->facts[i].unit, before->facts[i].unit);
        assert_int_equal(after->facts[i].from, before->facts[i].from);
        assert_int_equal(after->facts[i].to, before->facts[i].to);
        assert_int_equal(after->facts[i].value, before->facts[i].value);
        assert_true(str_is(after->facts[i].text, before->facts[i].text));
    }
    unit_ledger_destroy(before);
    unit_ledger_destroy(after);
}

static void steps_survive_json(void **state)
{
    struct unit_kit *kit = *state;
    static const char text[] =
        "[{\"op\":\"merge\",\"from\":[{\"unit_id\":\"91102\",\"share\":1},"
        "{\"unit_id\":\"91203\",\"share\":0.4}],\"into\":{\"tier\":\"commune\",\"kind\":\"xa\","
        "\"name\":\"Xã Sen Lâm\",\"code\":\"91104\",\"parent_id\":\"91\"}},"
        "{\"op\":\"merge\",\"from\":[{\"unit_id\":\"91203\",\"rest\":true}],\"unit_id\":\"91202\"},"
        "{\"op\":\"move\",\"unit_id\":\"9120301\",\"parent_id\":-1},"
        "{\"op\":\"end\",\"unit_id\":\"911\"}]";
    struct json_in in;
    struct reform_steps steps;
    struct bad_field bad = {0};
    struct tree eve = forest_at(kit->forest, kit_day("2025-06-30"));
    assert_int_equal(json_in_parse(str_of(text), &in, NULL), OK);
    assert_int_equal(reform_steps_parse(in.root, eve, kit->arena, &steps, &bad), OK);
    json_in_finish(&in);
    assert_int_equal(steps.count, 4);
    assert_int_equal(steps.steps[0].sources[1].share.num, 2);
    assert_int_equal(steps.steps[1].sources[0].relation, LINK_REST);
    struct buf first;
    struct buf second;
    struct json_out out;
    buf_init(&first, 65536);
    buf_init(&second, 65536);
    json_out_init(&out, &first);
    reform_steps_write(&out, forest_tiers(kit->forest), &steps);
    assert_int_equal(json_out_check(&out), OK);
    assert_int_equal(json_in_parse(buf_str(&first), &in, NULL), OK);
    assert_int_equal(reform_steps_parse(in.root, eve, kit->arena, &steps, &bad), OK);
    json_in_finish(&in);
    json_out_init(&out, &second);
    reform_steps_write(&out, forest_tiers(kit->forest), &steps);
    assert_true(str_is(buf_str(&first), buf_str(&second)));
    buf_finish(&first);
    buf_finish(&second);
}

static void a_wrong_field_is_named_with_its_step(void **state)
{
    struct unit_kit *kit = *state;
    static const struct {
        const char *text;
        const char *field;
        const char *code;
    } rows[] = {
        {"[{\"op\":\"end\",\"unit_id\":\"911\"},{\"op\":\"fly\"}]", "steps[1].op", "unknown_op"},
        {"[{\"op\":\"end\",\"unit_id\":\"00000\"}]", "steps[0].unit_id", "unit_unknown"},
        {"[{\"op\":\"end\",\"unit_id\":-1}]", "steps[0].unit_id", "unit_unknown"},
        {"[{\"op\":\"end\",\"unit_id\":1,\"name\":\"x\"}]", "steps[0].name", "unknown_field"},
        {"[{\"op\":\"rename\",\"unit_id\":1}]", "steps[0].name", "missing"},
        {"[{\"op\":\"merge\",\"from\":[],\"unit_id\":1}]", "steps[0].from", "wrong_type"},
        {"[{\"op\":\"merge\",\"from\":[{\"unit_id\":1,\"share\":\"3/2\"}],\"unit_id\":2}]",
         "steps[0].share", "share_unfit"},
        {"[7]", "steps[0].op", "wrong_type"},
        {"{}", "steps", "wrong_type"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct json_in in;
        struct reform_steps steps;
        struct bad_field bad = {0};
        struct tree eve = forest_at(kit->forest, kit_day("2025-06-30"));
        assert_int_equal(json_in_parse(str_of(rows[i].text), &in, NULL), OK);
        assert_int_not_equal(reform_steps_parse(in.root, eve, kit->arena, &steps, &bad), OK);
        json_in_finish(&in);
        assert_string_equal(bad.name, rows[i].field);
        assert_string_equal(bad.code, rows[i].code);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_merger_ends_begins_and_takes_the_villages_along),
        TEST(figures_of_merged_units_add_up),
        TEST(a_declared_part_and_the_rest_divide_exactly),
        TEST(an_undeclared_part_stays_whole_on_the_rest_and_is_flagged),
        TEST(children_of_a_divided_unit_must_be_placed),
        TEST(an_ended_district_hands_its_communes_up),
        TEST(wrong_steps_are_named),
        TEST(shares_must_make_sense),
        TEST(the_past_is_not_rewritten_under_later_changes),
        TEST(a_reform_can_be_undone_until_something_depends_on_it),
        TEST(undoing_restores_every_row),
        TEST(steps_survive_json),
        TEST(a_wrong_field_is_named_with_its_step),
    };
    return cmocka_run_group_tests_name("reform", tests, NULL, NULL);
}

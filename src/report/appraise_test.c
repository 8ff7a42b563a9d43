#include "report/appraise.h"

#include "base/file.h"
#include "base/testing.h"

struct world {
    struct arena *arena;
    struct model strategy;
    struct model rural;
};

static struct model read_package(struct arena *arena, const char *path)
{
    AUTO(buf_finish) struct buf text;
    struct model model;
    struct model_problem problem = {.at = 0};
    buf_init(&text, MODEL_SIZE_MOST);
    assert_ok(file_read(path, MODEL_SIZE_MOST, &text, NULL));
    assert_ok(model_read(arena, arena_str(arena, buf_str(&text)), &model, &problem));
    return model;
}

static int set_up(void **state)
{
    static struct world world;
    assert_ok(arena_create(64 << 20, &world.arena));
    world.strategy = read_package(world.arena, LOA_SOURCE_DIR "/src/report/packages/strategy.json");
    world.rural = read_package(world.arena, LOA_SOURCE_DIR "/src/report/packages/new_rural.json");
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_destroy(world->arena);
    return 0;
}

static figure *values_of(struct arena *arena, const struct model *model)
{
    return arena_take_array(arena, model->element_count, sizeof(figure));
}

static void put(const struct model *model, figure *values, const char *code, int64_t value)
{
    size_t element = model_element_find(model, str_of(code));
    assert_true(element < model->element_count);
    values[element] = figure_of(value);
}

static void expect_result(const struct model *model, const struct model_indicator *indicator,
                          const struct indicator_sum *sum, const char *is)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 100);
    figure_write_vi(indicator_result(model, indicator, sum), indicator->decimals, &text);
    assert_str(buf_str(&text), str_of(is));
}

/* 32 wards and townships, of which 22 have a portal: 68,8 %, as the plan of 2024 says. */
static void a_share_is_summed_before_it_is_divided(void **state)
{
    struct world *world = *state;
    const struct model *model = &world->strategy;
    const struct model_indicator *portals =
        &model->indicators[model_indicator_find(model, S("I.3"))];
    struct indicator_sum sum;
    indicator_sum_init(&sum);
    expect_result(model, portals, &sum, "–");
    for (int i = 0; i < 32; i++) {
        figure *values = values_of(world->arena, model);
        put(model, values, "has_portal", i < 22);
        indicator_add(model, portals, &(struct unit_values){.now = values}, &sum);
    }
    expect_result(model, portals, &sum, "68,8");
    assert_int_equal(sum.units, 32);
    assert_int_equal(sum.unknown, 0);
}

static void who_says_nothing_counts_in_neither_part(void **state)
{
    struct world *world = *state;
    const struct model *model = &world->strategy;
    const struct model_indicator *stations =
        &model->indicators[model_indicator_find(model, S("I.2"))];
    struct indicator_sum sum;
    indicator_sum_init(&sum);
    figure *silent = values_of(world->arena, model);
    indicator_add(model, stations, &(struct unit_values){.now = silent}, &sum);
    expect_result(model, stations, &sum, "–");
    figure *none = values_of(world->arena, model);
    put(model, none, "stations_wired_fm", 0);
    put(model, none, "stations_converted", 0);
    indicator_add(model, stations, &(struct unit_values){.now = none}, &sum);
    expect_result(model, stations, &sum, "–");
    figure *two = values_of(world->arena, model);
    put(model, two, "stations_wired_fm", 3);
    put(model, two, "stations_converted", 1);
    indicator_add(model, stations, &(struct unit_values){.now = two}, &sum);
    expect_result(model, stations, &sum, "33,3");
    assert_int_equal(sum.unknown, 1);
}

static void computed_elements_follow_what_they_need(void **state)
{
    struct world *world = *state;
    const struct model *model = &world->strategy;
    size_t reaches = model_element_find(model, S("reaches_villages"));
    figure *values = values_of(world->arena, model);
    put(model, values, "villages", 12);
    model_compute(model, values, NULL, NULL);
    assert_false(figure_is_there(values[reaches]));
    put(model, values, "villages_heard", 11);
    model_compute(model, values, NULL, NULL);
    assert_int_equal(values[reaches].num, 0);
    put(model, values, "villages_heard", 12);
    model_compute(model, values, NULL, NULL);
    assert_int_equal(values[reaches].num, 1);
}

static const struct model_mark *mark_of(const struct model *model, size_t set, const char *code)
{
    const struct model_criterion *criterion = &model->sets[set].criteria[0];
    for (size_t i = 0; i < criterion->mark_count; i++) {
        if (str_is(criterion->marks[i].code, str_of(code))) {
            return &criterion->marks[i];
        }
    }
    fail_msg("no mark %s", code);
    return NULL;
}

static void every_village_must_have_both_services(void **state)
{
    struct world *world = *state;
    const struct model *model = &world->rural;
    figure *values = values_of(world->arena, model);
    struct unit_values all = {.now = values};
    const struct model_mark *mark = mark_of(model, 1, "8.2");
    assert_int_equal(mark_appraise(model, mark, S(""), &all).state, MARK_UNKNOWN);
    put(model, values, "ntm_villages", 12);
    put(model, values, "villages_with_phone", 12);
    put(model, values, "villages_with_internet", 11);
    assert_int_equal(mark_appraise(model, mark, S(""), &all).state, MARK_NOT_MET);
    put(model, values, "villages_with_internet", 12);
    assert_int_equal(mark_appraise(model, mark, S(""), &all).state, MARK_MET);
}

static void a_threshold_that_is_not_set_decides_nothing(void **state)
{
    struct world *world = *state;
    const struct model *model = &world->rural;
    figure *values = values_of(world->arena, model);
    struct unit_values all = {.now = values};
    put(model, values, "has_station", 1);
    put(model, values, "ntm_villages", 12);
    put(model, values, "villages_with_speakers", 12);
    struct mark_result open = mark_appraise(model, mark_of(model, 1, "8.3"), S(""), &all);
    assert_int_equal(open.state, MARK_UNKNOWN);
    assert_true(open.is_open);
    struct mark_result unverified = mark_appraise(model, mark_of(model, 0, "8.3"), S(""), &all);
    assert_int_equal(unverified.state, MARK_MET);
    assert_true(unverified.is_unverified);
    put(model, values, "has_station", 0);
    open = mark_appraise(model, mark_of(model, 1, "8.3"), S(""), &all);
    assert_int_equal(open.state, MARK_NOT_MET); /* whatever the threshold will be */
}

static void a_criterion_is_as_good_as_its_worst_mark(void **state)
{
    struct world *world = *state;
    const struct model *model = &world->rural;
    const struct model_criterion *criterion = &model->sets[0].criteria[0];
    figure *values = values_of(world->arena, model);
    struct unit_values all = {.now = values};
    put(model, values, "postal_points", 1);
    assert_int_equal(criterion_appraise(model, criterion, S(""), &all).state, MARK_UNKNOWN);
    put(model, values, "uses_document_system", 0);
    assert_int_equal(criterion_appraise(model, criterion, S(""), &all).state, MARK_NOT_MET);
    put(model, values, "uses_document_system", 1);
    put(model, values, "ntm_villages", 3);
    put(model, values, "villages_with_phone", 3);
    put(model, values, "villages_with_internet", 3);
    put(model, values, "villages_with_speakers", 3);
    put(model, values, "has_station", 1);
    assert_int_equal(criterion_appraise(model, criterion, S(""), &all).state, MARK_MET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_summed_before_it_is_divided),
        cmocka_unit_test(who_says_nothing_counts_in_neither_part),
        cmocka_unit_test(computed_elements_follow_what_they_need),
        cmocka_unit_test(every_village_must_have_both_services),
        cmocka_unit_test(a_threshold_that_is_not_set_decides_nothing),
        cmocka_unit_test(a_criterion_is_as_good_as_its_worst_mark),
    };
    return cmocka_run_group_tests_name("report: appraise", tests, set_up, tear_down);
}

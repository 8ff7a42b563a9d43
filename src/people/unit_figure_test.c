/* Who lives where, by small provinces. */
#include "people/unit_figure.h"

#include "people/unit_testing.h"

#include "base/testing.h"

struct town {
    struct unit_kit kit;
    day on;
    struct tree tree;
};

static void begin(struct town *town)
{
    town->kit = kit_create();
    town->on = kit_day("2015-01-01");
    kit_small_province(&town->kit, town->on);
    town->tree = forest_at(town->kit.forest, town->on);
}

static unit_id of_code(const struct town *town, const char *code)
{
    return kit_find(&town->kit, town->on, code);
}

static void sums_what_lies_below(void **state)
{
    struct town town;
    unit_id communes[8];
    unit_id province = 0;
    (void)state;
    begin(&town);
    province = of_code(&town, "91");
    unit_id district = 0;
    assert_int_equal(tree_children(town.tree, province, &district, 1), 2);
    size_t count = tree_children(town.tree, district, communes, COUNT_OF(communes));
    struct unit_value values[8];
    for (size_t i = 0; i < count; i++) {
        values[i] = (struct unit_value){communes[i], 1000};
    }
    for (size_t i = 1; i < count; i++) { /* ascending by unit */
        for (size_t j = i; j > 0 && values[j].unit < values[j - 1].unit; j--) {
            struct unit_value swap = values[j];
            values[j] = values[j - 1];
            values[j - 1] = swap;
        }
    }
    struct unit_sum sum =
        unit_figure_add(town.tree, values, count, (struct unit_set){&district, 1});
    assert_int_equal(sum.value, 1000 * (int64_t)count);
    assert_true(sum.is_whole);
    sum = unit_figure_add(town.tree, values, count, (struct unit_set){&province, 1});
    assert_int_equal(sum.value, 1000 * (int64_t)count);
    assert_false(sum.is_whole); /* of the other district nobody told */
    unit_id twice[] = {communes[0], district, communes[1], communes[1]};
    sum = unit_figure_add(town.tree, values, count, (struct unit_set){twice, COUNT_OF(twice)});
    assert_int_equal(sum.value, 1000 * (int64_t)count); /* each person once */
    kit_finish(&town.kit);
}

static void what_nobody_told_is_unknown(void **state)
{
    struct town town;
    (void)state;
    begin(&town);
    unit_id province = of_code(&town, "91");
    struct unit_sum sum = unit_figure_add(town.tree, NULL, 0, (struct unit_set){&province, 1});
    assert_int_equal(sum.value, 0);
    assert_false(sum.is_whole);
    struct unit_value own = {province, 41230};
    sum = unit_figure_add(town.tree, &own, 1, (struct unit_set){&province, 1});
    assert_int_equal(sum.value, 41230);
    assert_true(sum.is_whole);
    kit_finish(&town.kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_what_lies_below),
        cmocka_unit_test(what_nobody_told_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

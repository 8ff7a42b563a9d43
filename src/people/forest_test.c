#include "people/forest.h"
#include "people/forest_search.h"
#include "people/unit_testing.h"

#include <pthread.h>
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

static void climbs_and_descends_on_a_day(void **state)
{
    struct unit_kit *kit = *state;
    struct tree tree = forest_at(kit->forest, kit_day("2020-01-01"));
    unit_id village = kit_find(kit, tree.on, "9110201");
    unit_id up[UNIT_DEPTH];
    assert_int_equal(tree_ancestors(tree, village, up), 3);
    assert_int_equal(up[0], kit_find(kit, tree.on, "91"));
    assert_int_equal(up[2], kit_find(kit, tree.on, "91102"));
    assert_true(tree_covers(tree, up[0], village));
    assert_true(tree_covers(tree, village, village));
    assert_false(tree_covers(tree, village, up[0]));
    assert_false(tree_covers(tree, kit_find(kit, tree.on, "912"), village));
    size_t counts[TIERS_MOST];
    assert_int_equal(tree_counts(tree, up[0], counts), OK);
    assert_int_equal(counts[2], 2);
    assert_int_equal(counts[3], 6);
    assert_int_equal(counts[4], 12);
}

static void nothing_lives_before_it_began(void **state)
{
    struct unit_kit *kit = *state;
    struct tree tree = forest_at(kit->forest, kit_day("2009-12-31"));
    unit_id province = kit_find(kit, kit_day("2010-01-01"), "91");
    assert_false(tree_has(tree, province));
    assert_false(tree_covers(tree, province, province));
    assert_int_equal(tree_children(tree, 0, NULL, 0), 0);
    struct unit_line line;
    assert_true(tree_line(tree, province, &line));
    assert_false(line.lives);
    assert_true(str_is(line.name, S("Tỉnh Sơn Hà")));
}

static void an_unknown_unit_is_just_not_there(void **state)
{
    struct unit_kit *kit = *state;
    struct tree tree = forest_at(kit->forest, kit_day("2020-01-01"));
    struct unit_line line;
    unit_id up[UNIT_DEPTH];
    assert_false(tree_line(tree, 777, &line));
    assert_false(tree_covers(tree, 777, 1));
    assert_int_equal(tree_parent(tree, 777), 0);
    assert_int_equal(tree_ancestors(tree, -5, up), 0);
    assert_int_equal(tree_children(tree, 777, NULL, 0), 0);
    assert_int_equal(tree_by_code(tree, -1, S("00000")), 0);
}

static void lists_children_in_the_order_of_the_alphabet(void **state)
{
    struct unit_kit *kit = *state;
    struct tree tree = forest_at(kit->forest, kit_day("2020-01-01"));
    unit_id children[8];
    size_t count = tree_children(tree, kit_find(kit, tree.on, "911"), children, 8);
    assert_int_equal(count, 3);
    static const char *const names[] = {"Thị trấn Khe Vàng", "Xã Đồng Sen", "Xã Hoà Lâm"};
    for (size_t i = 0; i < count; i++) {
        struct unit_line line;
        assert_true(tree_line(tree, children[i], &line));
        assert_true(str_is(line.name, str_of(names[i])));
        assert_int_equal(line.children, 2);
    }
}

static void knows_a_name_however_its_tone_is_typed(void **state)
{
    struct unit_kit *kit = *state;
    struct tree tree = forest_at(kit->forest, kit_day("2020-01-01"));
    unit_id units[4];
    size_t count = 0;
    assert_int_equal(tree_by_name(tree, S("xã  hòa lâm"), units, 4, &count), OK);
    assert_int_equal(count, 1);
    assert_int_equal(units[0], kit_find(kit, tree.on, "91102"));
    assert_int_equal(tree_by_name(tree, S("Xã Đồng Sen"), units, 4, &count), OK);
    assert_int_equal(count, 2);
    assert_int_equal(tree_by_name(tree, S("Xã Dong Sen"), units, 4, &count), OK);
    assert_int_equal(count, 0);
}

static size_t search(struct unit_kit *kit, const char *text, bool any_day,
                     const struct forest_hit **ret_hits)
{
    struct forest_query query = {
        .text = str_of(text), .any_day = any_day, .on = kit_day("2020-01-01"), .most = 20};
    size_t count = 0;
    assert_int_equal(forest_search(kit->forest, &query, kit->arena, ret_hits, &count), OK);
    return count;
}

static void finds_with_and_without_diacritics(void **state)
{
    struct unit_kit *kit = *state;
    const struct forest_hit *hits = NULL;
    assert_int_equal(search(kit, "dong sen", false, &hits), 2);
    assert_int_equal(search(kit, "Đồng Sen", false, &hits), 2);
    assert_int_equal(search(kit, "thuy khe", false, &hits), 1);
    assert_int_equal(search(kit, "thụy khê", false, &hits), 1);
    assert_int_equal(search(kit, "911", false, &hits), 10);
    assert_true(str_is(hits[0].matched, S("911")));
    assert_int_equal(search(kit, "khong co", false, &hits), 0);
    assert_int_equal(search(kit, "", false, &hits), 0);
    /* the district is named so as a whole, and is the higher tier */
    assert_int_equal(search(kit, "khe vang", false, &hits), 2);
    assert_int_equal(hits[0].unit, kit_find(kit, kit_day("2020-01-01"), "911"));
}

static void finds_former_names_when_asked_for_any_day(void **state)
{
    struct unit_kit *kit = *state;
    day on = kit_day("2015-01-01");
    struct reform_step step = {
        .op = REFORM_RENAME, .unit = kit_find(kit, on, "91102"), .name = S("Xã Lâm Hoà")};
    struct reform_preview preview;
    assert_int_equal(kit_reform(kit, on, &step, 1, &preview), 0);
    const struct forest_hit *hits = NULL;
    assert_int_equal(search(kit, "hoa lam", false, &hits), 0);
    assert_int_equal(search(kit, "hoa lam", true, &hits), 1);
    assert_int_equal(hits[0].unit, step.unit);
    assert_true(str_is(hits[0].matched, S("Xã Hoà Lâm")));
    assert_int_equal(search(kit, "lâm hoà", false, &hits), 1);
}

static void search_refuses_what_is_too_long_or_no_text(void **state)
{
    struct unit_kit *kit = *state;
    char text[600];
    memset(text, 'a', sizeof text);
    const struct forest_hit *hits = NULL;
    size_t count = 0;
    struct forest_query query = {.text = {text, sizeof text}, .most = 5};
    assert_int_equal(forest_search(kit->forest, &query, kit->arena, &hits, &count), ERR_TOO_BIG);
    query.text = S("\xff\xfe");
    assert_int_equal(forest_search(kit->forest, &query, kit->arena, &hits, &count), ERR_BAD_UTF8);
}

static void lists_the_days_of_change(void **state)
{
    struct unit_kit *kit = *state;
    day on = kit_day("2015-01-01");
    struct reform_step step = {
        .op = REFORM_RENAME, .unit = kit_find(kit, on, "91102"), .name = S("Xã Lâm Hoà")};
    struct reform_preview preview;
    assert_int_equal(kit_reform(kit, on, &step, 1, &preview), 0);
    size_t count = 0;
    const struct forest_epoch *epochs = forest_epochs(kit->forest, &count);
    assert_int_equal(count, 2);
    assert_int_equal(epochs[0].on, kit_day("2010-01-01"));
    assert_int_equal(epochs[0].changes, 21);
    assert_int_equal(epochs[1].changes, 1);
    assert_true(str_is(epochs[1].title, S("Thử")));
}

static void a_held_forest_outlives_its_maker(void **state)
{
    struct unit_kit *kit = *state;
    struct forest *held = forest_hold(kit->forest);
    forest_drop(kit->forest);
    assert_int_equal(forest_count(held), 21);
    kit->forest = held;
}

enum { READERS = 4, ROUNDS = 2000 };

static void *read_for_a_while(void *ctx)
{
    struct forest *forest = ctx;
    size_t yes = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct forest *held = forest_hold(forest);
        struct tree tree = forest_at(held, kit_day("2010-01-01") + i);
        yes += tree_covers(tree, 1, forest_unit(held, (size_t)i % forest_count(held)));
        forest_drop(held);
    }
    forest_drop(forest);
    return yes == ROUNDS ? forest : NULL;
}

static void many_threads_read_one_forest(void **state)
{
    struct unit_kit *kit = *state;
    pthread_t threads[READERS];
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(
            pthread_create(&threads[i], NULL, read_for_a_while, forest_hold(kit->forest)), 0);
    }
    for (int i = 0; i < READERS; i++) {
        void *all_yes = NULL;
        assert_int_equal(pthread_join(threads[i], &all_yes), 0);
        assert_non_null(all_yes);
    }
    assert_int_equal(forest_count(kit->forest), 21);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(climbs_and_descends_on_a_day),
        TEST(nothing_lives_before_it_began),
        TEST(an_unknown_unit_is_just_not_there),
        TEST(lists_children_in_the_order_of_the_alphabet),
        TEST(knows_a_name_however_its_tone_is_typed),
        TEST(finds_with_and_without_diacritics),
        TEST(finds_former_names_when_asked_for_any_day),
        TEST(search_refuses_what_is_too_long_or_no_text),
        TEST(lists_the_days_of_change),
        TEST(a_held_forest_outlives_its_maker),
        TEST(many_threads_read_one_forest),
    };
    return cmocka_run_group_tests_name("forest", tests, NULL, NULL);
}

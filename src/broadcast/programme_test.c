/* What a programme may be, and the names of its words. */
#include "broadcast/schedule.h"

#include "base/testing.h"

static struct programme fit(void)
{
    static const struct programme_item item = {
        .on = DAY_FIRST, .position = 1, .language = {"vi", 2}};
    return (struct programme){
        .name = S("Tin"),
        .order_class = CLASS_ORDINARY,
        .when = {.cadence = CADENCE_DAILY, .every = 1, .from = 20000, .to = DAY_OPEN},
        .start_s = 19800,
        .items = &item,
        .item_count = 1,
        .source = S(""),
    };
}

static void expect(const struct programme *programme, const char *field, const char *code)
{
    struct bad_field bad = {.name = ""};
    assert_failed(programme_check(programme, &bad), ERR_INVALID);
    assert_string_equal(bad.name, field);
    assert_string_equal(bad.code, code);
}

static void takes_what_fits(void **state)
{
    (void)state;
    struct programme programme = fit();
    assert_ok(programme_check(&programme, NULL));
    programme.kind = PROGRAMME_RELAY;
    programme.place_ms = 600000;
    programme.source = S("https://tinh.example/tin.opus");
    assert_ok(programme_check(&programme, NULL));
}

static void refuses_times_that_cannot_be(void **state)
{
    (void)state;
    struct programme programme = fit();
    programme.start_s = DAY_S;
    expect(&programme, "start", "out_of_range");
    programme = fit();
    programme.when.cadence = CADENCE_WEEKLY;
    expect(&programme, "when", "no_weekday");
    programme = fit();
    programme.kind = PROGRAMME_SILENCE;
    expect(&programme, "place_ms", "missing");
    struct programme_repeat same = {0, 19800};
    programme = fit();
    programme.repeats = &same;
    programme.repeat_count = 1;
    expect(&programme, "repeats", "twice");
    same = (struct programme_repeat){32, 0};
    expect(&programme, "repeats", "out_of_range");
}

static void refuses_addresses_that_are_none(void **state)
{
    (void)state;
    struct programme programme = fit();
    programme.source = S("https://tinh.example");
    expect(&programme, "source", "not_an_address"); /* only a relay has one */
    programme.kind = PROGRAMME_RELAY;
    programme.place_ms = 1000;
    programme.source = S("file:///etc/passwd");
    expect(&programme, "source", "not_an_address");
    programme.source = S("");
    expect(&programme, "source", "missing");
}

static void refuses_one_version_twice(void **state)
{
    (void)state;
    struct programme programme = fit();
    struct programme_item items[2] = {programme.items[0], programme.items[0]};
    programme.items = items;
    programme.item_count = 2;
    expect(&programme, "items", "twice");
    items[1].language = S("tyz");
    assert_ok(programme_check(&programme, NULL));
    items[1].language = S("tiếng Tày");
    expect(&programme, "items", "not_a_language");
}

static void knows_languages_by_their_form(void **state)
{
    (void)state;
    static const char *const good[] = {"", "vi", "tyz", "nut", "hmn-Latn", "vi-VN"};
    static const char *const bad[] = {"v", "VI", "viet", "vi-", "v1", "vi_VN", "vi VN", "-vi"};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(language_is_fit(str_of(good[i])));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(language_is_fit(str_of(bad[i])));
    }
}

static void reads_back_every_name_that_it_writes(void **state)
{
    (void)state;
    for (int i = 0; i < PROGRAMME_KINDS; i++) {
        enum programme_kind kind = PROGRAMME_ITEMS;
        assert_true(
            programme_kind_parse(str_of(programme_kind_name((enum programme_kind)i)), &kind));
        assert_int_equal(kind, i);
    }
    for (int i = 0; i < AFTER_BREAKS; i++) {
        enum after_break after = BREAK_RESUME;
        assert_true(after_break_parse(str_of(after_break_name((enum after_break)i)), &after));
        assert_int_equal(after, i);
    }
    for (int i = 0; i < CADENCES; i++) {
        enum cadence cadence = CADENCE_ONCE;
        assert_true(cadence_parse(str_of(cadence_name((enum cadence)i)), &cadence));
        assert_int_equal(cadence, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_fits),
        cmocka_unit_test(refuses_times_that_cannot_be),
        cmocka_unit_test(refuses_addresses_that_are_none),
        cmocka_unit_test(refuses_one_version_twice),
        cmocka_unit_test(knows_languages_by_their_form),
        cmocka_unit_test(reads_back_every_name_that_it_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

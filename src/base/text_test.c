/* Text: keys and order by tables; what strangers send is refused or bounded; the laws that the
 * keys promise hold on random text. */
#include "base/text.h"

#include "base/base.h"
#include "base/cases.h"
#include "base/entropy.h"
#include "base/testing.h"
#include "base/text_runes.h"
#include "base/torture.h"

#define CASES(name) LOA_SOURCE_DIR "/src/base/" name

static int set_up(void **state)
{
    return arena_create(64 << 20, (struct arena **)state) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static str nfc(struct arena *arena, str text)
{
    str found = STR_NONE;
    assert_ok(text_nfc(arena, text, &found));
    return found;
}

static str same_key(struct arena *arena, str text)
{
    str found = STR_NONE;
    assert_ok(text_same_key(arena, text, &found));
    return found;
}

static str sort_key(struct arena *arena, str text)
{
    str found = STR_NONE;
    assert_ok(text_sort_key(arena, text, &found));
    return found;
}

static void check_same(void *ctx, const struct cases_row *row)
{
    str key = same_key(ctx, row->cells[0]);
    assert_str(key, nfc(ctx, row->cells[1]));
    assert_str(same_key(ctx, key), key);
}

static void gives_one_key_to_spellings_of_one_name(void **state)
{
    struct why why = {""};
    assert_ok(cases_each(CASES("text_same.cases"), 2, check_same, *state, &why));
}

static void check_search(void *ctx, const struct cases_row *row)
{
    str key = STR_NONE;
    assert_ok(text_search_key(ctx, row->cells[0], &key));
    assert_str(key, row->cells[1]);
}

static void strips_all_marks_for_search(void **state)
{
    struct why why = {""};
    assert_ok(cases_each(CASES("text_search.cases"), 2, check_search, *state, &why));
}

struct order {
    struct arena *arena;
    str before;
    str before_key;
};

static void check_order(void *ctx, const struct cases_row *row)
{
    struct order *order = ctx;
    str text = nfc(order->arena, row->cells[0]);
    str key = sort_key(order->arena, text);
    if (str_compare(order->before_key, key) >= 0 && order->before.at != NULL) {
        fail_msg("%.*s must come before %.*s (line %zu)", STR_ARG(order->before), STR_ARG(text),
                 row->line);
    }
    order->before = text;
    order->before_key = key;
}

static void sorts_as_the_vietnamese_alphabet(void **state)
{
    struct why why = {""};
    struct order order = {.arena = *state};
    assert_ok(cases_each(CASES("text_order.cases"), 1, check_order, &order, &why));
}

static void sorts_the_empty_text_first(void **state)
{
    assert_str(sort_key(*state, S("")), S(""));
    assert_str(sort_key(*state, STR_NONE), S(""));
    assert_true(sort_key(*state, S("!")).len > 0);
}

static void composes_to_nfc(void **state)
{
    assert_str(nfc(*state, S("ho\xcc\x80"
                             "a")),
               S("h\xc3\xb2"
                 "a"));
    assert_str(nfc(*state, S("plain")), S("plain"));
    assert_str(nfc(*state, STR_NONE), S(""));
    assert_str(nfc(*state, S("Ba\xcc\x80\0x")), S("B\xc3\xa0\0x"));
}

static void tells_utf8_from_what_is_not(void **state)
{
    (void)state;
    assert_true(text_is_utf8(S("Đắk Lắk 😀")));
    assert_true(text_is_utf8(STR_NONE));
    assert_true(text_is_utf8(S("\xf4\x8f\xbf\xbf")));
    static const char *const bad[] = {
        "\x80",
        "\xc3",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe0\x80\x80",
        "\xed\xa0\x80",
        "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "a\xe1\xba",
        "\xe1\xba\x41",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(text_is_utf8(str_of(bad[i])));
        assert_false(text_is_plain(str_of(bad[i])));
    }
}

static void refuses_characters_that_deceive(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x01",         "\x7f",         "\xc2\x85",     "\xe2\x80\xa8",
        "\xe2\x80\xa9", "\xe2\x80\xae", "\xe2\x80\xaa", "\xe2\x81\xa6",
        "\xe2\x81\xa9", "\xef\xbf\xbe", "\xef\xb7\x90", "\xf0\x9f\xbf\xbf",
        "\r",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(text_is_plain(str_of(bad[i])));
        assert_false(text_is_plain_lines(str_of(bad[i])));
    }
    assert_true(text_is_plain(S("Xã Ea Súp\t😀 ِا﷽ \xef\xbd\x9e")));
    assert_true(text_is_plain(S("\xef\xb7\xb0 \xe2\x81\xa5 \xe2\x81\xaf")));
    assert_false(text_is_plain(S("a\nb")));
    assert_true(text_is_plain_lines(S("a\nb")));
    assert_false(text_is_plain(S("a\0b")));
}

static void counts_characters_and_cuts_between_them(void **state)
{
    (void)state;
    assert_int_equal(text_length(S("Đắk")), 3);
    assert_int_equal(text_length(STR_NONE), 0);
    assert_str(text_cut(S("Đắk"), 10), S("Đắk"));
    assert_str(text_cut(S("Đắk"), 5), S("Đắ"));
    assert_str(text_cut(S("Đắk"), 4), S("Đ"));
    assert_str(text_cut(S("Đắk"), 1), S(""));
    assert_str(text_cut(S("\x80\x80"), 1), S(""));
}

/* 31 marks, each way that a stranger could lay a long row of them. */
static void refuses_more_marks_than_any_language_has(void **state)
{
    static const char *const marks[] = {"\xcc\x81", "\xe0\xbd\xb3", "\xcc\x81\xe2\x80\x8d"};
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        str key = STR_NONE;
        AUTO(buf_finish) struct buf text = {.ceiling = 1000};
        buf_add_text(&text, "a");
        for (int n = 0; n < TEXT_MARKS + 1; n++) {
            buf_add_text(&text, marks[i]);
        }
        assert_ok(buf_check(&text));
        assert_failed(text_same_key(*state, buf_str(&text), &key), ERR_INVALID);
        assert_failed(text_sort_key(*state, buf_str(&text), &key), ERR_INVALID);
        assert_false(text_is_plain(buf_str(&text)));
    }
    str key = STR_NONE;
    assert_ok(text_same_key(*state, S("a\xcc\x81\xcc\x81\xcc\x81"), &key));
}

static void refuses_what_is_no_text_or_too_long(void **state)
{
    str key = S("untouched");
    assert_failed(text_nfc(*state, S("\xff"), &key), ERR_BAD_UTF8);
    assert_failed(text_same_key(*state, S("\xff"), &key), ERR_BAD_UTF8);
    assert_failed(text_search_key(*state, S("\xff"), &key), ERR_BAD_UTF8);
    assert_failed(text_sort_key(*state, S("\xff"), &key), ERR_BAD_UTF8);
    str large = {arena_take(*state, TEXT_SIZE + 1), TEXT_SIZE + 1};
    assert_failed(text_nfc(*state, large, &key), ERR_TOO_BIG);
    assert_failed(text_sort_key(*state, large, &key), ERR_TOO_BIG);
    assert_str(key, S("untouched"));
}

static void stops_at_the_ceiling_of_the_arena(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_ok(arena_create(64, &arena));
    str key = S("untouched");
    str word = S("một tên dài hơn là sáu mươi tư ký tự thì không còn chỗ cho nó ở đây");
    assert_failed(text_nfc(arena, word, &key), ERR_NO_MEMORY);
    assert_failed(text_nfc(arena,
                           S("0123456789012345678901234567890123456789012345678901234567890123"),
                           &key),
                  ERR_NO_MEMORY);
    assert_failed(text_same_key(arena, word, &key), ERR_NO_MEMORY);
    for (size_t room = 64; room < 400; room += 16) {
        AUTO(arena_close) struct arena *small = NULL;
        assert_ok(arena_create(room, &small));
        errc rc = text_sort_key(small, word, &key);
        assert_true(rc == ERR_NO_MEMORY || (rc == OK && room > 64));
    }
}

static errc run_keys(void *ctx)
{
    str key = STR_NONE;
    arena_reset(ctx);
    TRY(text_nfc(ctx, S("Đắk Lắk"), &key));
    TRY(text_search_key(ctx, S("Đắk Lắk"), &key));
    TRY(text_sort_key(ctx, S("Đắk Lắk 12 có một tên dài để buf phải lớn thêm một lần nữa đấy nhé"),
                      &key));
    return text_same_key(ctx, S("Đắk Lắk"), &key);
}

static void torture_survives_each_failed_allocation(void **state)
{
    struct why why = {""};
    struct torture torture = {.name = "text keys", .run = run_keys, .ctx = *state};
    assert_ok(torture_run(&torture_heap, &torture, &why));
    assert_true(torture.runs > 5);
}

/* A short text of pieces that matter here. */
static str random_text(struct arena *arena, struct entropy chance)
{
    static const char *const pieces[] = {
        "a",        "o",        "u",        "y",        "e",        "i",        "qu",
        "gi",       "h",        "n",        "đ",        "Đ",        "ơ",        "ê",
        "0",        "1",        "9",        " ",        "-",        "ß",        "\xcc\x80",
        "\xcc\x81", "\xcc\x82", "\xcc\x83", "\xcc\x86", "\xcc\x89", "\xcc\x9b", "\xcc\xa3",
        "\xcc\x88", "ấ",        "ự",        "中",       "щ",        ".",        "\xe2\x80\x8d",
    };
    str text = S("");
    uint64_t count = entropy_below(chance, 9);
    for (uint64_t i = 0; i < count; i++) {
        const char *piece = pieces[entropy_below(chance, COUNT_OF(pieces))];
        text = arena_format(arena, "%.*s%s", STR_ARG(text), piece);
    }
    return text;
}

static void check_laws(struct arena *arena, str a, str b)
{
    str composed = nfc(arena, a);
    assert_str(nfc(arena, composed), composed);
    assert_str(same_key(arena, composed), same_key(arena, a));
    assert_str(same_key(arena, same_key(arena, a)), same_key(arena, a));
    bool same = str_is(same_key(arena, a), same_key(arena, b));
    bool level = str_is(sort_key(arena, a), sort_key(arena, b));
    if (same != level) {
        fail_msg("\"%.*s\" and \"%.*s\": same name %d, same place %d", STR_ARG(a), STR_ARG(b), same,
                 level);
    }
    if (!text_is_plain(sort_key(arena, a)) || !text_is_plain(same_key(arena, a))) {
        fail_msg("the keys of \"%.*s\" are no plain text", STR_ARG(a));
    }
}

static void keeps_its_laws_on_random_text(void **state)
{
    struct entropy_seed seed = {.state = entropy_u64(entropy_system())};
    print_message("seed %llu\n", (unsigned long long)seed.state);
    struct entropy chance = entropy_seeded(&seed);
    for (int i = 0; i < 20000; i++) {
        arena_reset(*state);
        str a = random_text(*state, chance);
        str b = random_text(*state, chance);
        check_laws(*state, a, b);
    }
}

static void finds_every_word_of_a_query_or_nothing(void **state)
{
    (void)state;
    assert_true(text_key_has(S("xa den lau"), S("lau xa")));
    assert_true(text_key_has(S("xa den lau"), S("  en ")));
    assert_true(text_key_has(S(""), S("")));
    assert_false(text_key_has(S("xa den lau"), S("lau phuong")));
    assert_false(text_key_has(S("la"), S("lau")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gives_one_key_to_spellings_of_one_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strips_all_marks_for_search, set_up, tear_down),
        cmocka_unit_test(finds_every_word_of_a_query_or_nothing),
        cmocka_unit_test_setup_teardown(sorts_as_the_vietnamese_alphabet, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sorts_the_empty_text_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(composes_to_nfc, set_up, tear_down),
        cmocka_unit_test(tells_utf8_from_what_is_not),
        cmocka_unit_test(refuses_characters_that_deceive),
        cmocka_unit_test(counts_characters_and_cuts_between_them),
        cmocka_unit_test_setup_teardown(refuses_more_marks_than_any_language_has, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_text_or_too_long, set_up, tear_down),
        cmocka_unit_test(stops_at_the_ceiling_of_the_arena),
        cmocka_unit_test_setup_teardown(torture_survives_each_failed_allocation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_its_laws_on_random_text, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("base: text", tests, NULL, NULL);
}

/* Words by which bulletins are found. */
#include "studio/search_words.h"

#include "base/testing.h"

struct words_kit {
    struct arena *arena;
    struct search_words words;
};

static void open_kit(struct words_kit *kit)
{
    *kit = (struct words_kit){.arena = NULL};
    assert_ok(arena_create((size_t)16 * 1024 * 1024, &kit->arena));
}

static bool has(const struct search_words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (str_is(words->at[i], str_of(word))) {
            return true;
        }
    }
    return false;
}

static void keeps_each_word_with_and_without_its_marks(void **state)
{
    (void)state;
    struct words_kit kit;
    open_kit(&kit);
    str texts[] = {S("Cảnh báo LŨ quét"), S("Đường 12A: “ngập”, lũ!")};
    assert_ok(search_words_of(texts, 2, kit.arena, &kit.words));
    static const char *const wanted[] = {"cảnh",  "canh",  "lũ",  "lu",   "quét",
                                         "đường", "duong", "12a", "ngập", "ngap"};
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        assert_true(has(&kit.words, wanted[i]));
    }
    for (size_t i = 1; i < kit.words.count; i++) {
        assert_false(str_is(kit.words.at[i - 1], kit.words.at[i]));
    }
    arena_destroy(kit.arena);
}

static void asks_with_marks_only_for_what_has_them(void **state)
{
    (void)state;
    struct words_kit kit;
    open_kit(&kit);
    assert_ok(search_words_asked(S("  LŨ, đập "), kit.arena, &kit.words));
    assert_int_equal(kit.words.count, 2);
    assert_true(has(&kit.words, "lũ"));
    assert_true(has(&kit.words, "đập"));
    assert_ok(search_words_asked(S("… – !"), kit.arena, &kit.words));
    assert_int_equal(kit.words.count, 0);
    arena_destroy(kit.arena);
}

static void takes_no_more_words_than_it_says(void **state)
{
    (void)state;
    struct words_kit kit;
    AUTO(buf_finish) struct buf text;
    open_kit(&kit);
    buf_init(&text, 256 * 1024);
    for (int i = 0; i < 6000; i++) {
        buf_add_format(&text, "w%d ", i);
    }
    str one = buf_str(&text);
    assert_ok(search_words_of(&one, 1, kit.arena, &kit.words));
    assert_int_equal(kit.words.count, SEARCH_WORDS_MOST);
    assert_ok(search_words_asked(one, kit.arena, &kit.words));
    assert_int_equal(kit.words.count, SEARCH_ASKED_MOST);
    arena_destroy(kit.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_each_word_with_and_without_its_marks),
        cmocka_unit_test(asks_with_marks_only_for_what_has_them),
        cmocka_unit_test(takes_no_more_words_than_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

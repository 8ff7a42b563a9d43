/* The catalogue: both languages say the same things, and everything that can happen has words. */
#include "console/console.h"
#include "people/unit_check.h"

#include "base/testing.h"

struct visit {
    const struct words *words;
    enum words_language other;
    size_t keys;
};

static void has_other(void *ctx, str key)
{
    struct visit *visit = ctx;
    visit->keys++;
    if (!words_has(visit->words, visit->other, key)) {
        fail_msg("%.*s is missing in %s", STR_ARG(key), words_code(visit->other).at);
    }
}

static int load(void **state)
{
    struct why why;
    struct words *words = NULL;
    assert_int_equal(console_words(&words, &why), OK);
    *state = words;
    return 0;
}

static int unload(void **state)
{
    words_destroy(*state);
    return 0;
}

static void both_languages_have_the_same_keys(void **state)
{
    struct visit vi = {.words = *state, .other = WORDS_EN};
    struct visit en = {.words = *state, .other = WORDS_VI};
    words_each(*state, WORDS_VI, has_other, &vi);
    words_each(*state, WORDS_EN, has_other, &en);
    assert_true(vi.keys > 200);
    assert_int_equal(vi.keys, en.keys);
}

static void must_have(const struct words *words, const char *prefix, const char *key)
{
    char name[128];
    ignore_int(snprintf(name, sizeof name, "%s%s", prefix, key));
    if (!words_has(words, WORDS_VI, str_of(name))) {
        fail_msg("%s has no words", name);
    }
}

static void every_error_has_words(void **state)
{
#define X(name, number, status, key) must_have(*state, "error.", key);
#include "base/errors.def"
#undef X
}

static void every_right_and_role_has_words(void **state)
{
    for (int i = 0; i < RIGHT_COUNT; i++) {
        must_have(*state, "right.", right_name((enum right)i));
    }
    for (int i = 0; i < ROLE_COUNT; i++) {
        must_have(*state, "role.", role_name((enum role)i));
    }
}

static void every_problem_of_units_has_words(void **state)
{
#define X(name, severity, key) must_have(*state, "unit.problem.", key);
#include "people/unit_problems.def"
#undef X
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_languages_have_the_same_keys),
        cmocka_unit_test(every_error_has_words),
        cmocka_unit_test(every_right_and_role_has_words),
        cmocka_unit_test(every_problem_of_units_has_words),
    };
    return cmocka_run_group_tests_name("console: catalogue", tests, load, unload);
}

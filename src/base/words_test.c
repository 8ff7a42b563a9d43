/* The catalogue: read strictly, places filled, languages chosen as the browser says. */
#include "base/words.h"

#include "base/base.h"
#include "base/testing.h"

static const char vi[] = "# lời\n"
                         "\n"
                         "a.hello = Chào {name}, {count} tin = mới\r\n"
                         "z = cuối\n"
                         "only_vi=chỉ có ở đây\n"
                         "m-1 = giữa";
static const char en[] = "a.hello = Hello {name}{name}\nz = {first} end {last}\nm-1 = middle\n";

static struct words *make(void)
{
    struct words *words = NULL;
    struct why why = {""};
    errc rc = words_create(str_of(vi), str_of(en), &words, &why);
    if (rc != OK) {
        fail_msg("%s", why.text);
    }
    return words;
}

static void fills_the_places(void **state)
{
    (void)state;
    static const struct {
        enum words_language language;
        const char *key;
        const char *expected;
    } table[] = {
        {WORDS_VI, "a.hello", "Chào Hoà, 3 tin = mới"}, {WORDS_EN, "a.hello", "Hello HoàHoà"},
        {WORDS_EN, "z", "{first} end {last}"},          {WORDS_VI, "z", "cuối"},
        {WORDS_EN, "only_vi", "chỉ có ở đây"},          {WORDS_VI, "m-1", "giữa"},
        {WORDS_VI, "nobody.knows", "nobody.knows"},
    };
    const struct words_arg args[] = {{"count", S("3")}, {"name", S("Hoà")}};
    struct words *words = make();
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        AUTO(buf_finish) struct buf out = {.ceiling = 1000};
        words_write(words, table[i].language, str_of(table[i].key), args, COUNT_OF(args), &out);
        assert_str(buf_str(&out), str_of(table[i].expected));
    }
    assert_true(words_has(words, WORDS_VI, S("only_vi")));
    assert_false(words_has(words, WORDS_EN, S("only_vi")));
    words_destroy(words);
    words_destroy(NULL);
}

static void join_key(void *ctx, str key)
{
    buf_add(ctx, key);
    buf_add_byte(ctx, ' ');
}

static void lists_its_keys_in_order(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out = {.ceiling = 1000};
    struct words *words = make();
    words_each(words, WORDS_VI, join_key, &out);
    assert_str(buf_str(&out), S("a.hello m-1 only_vi z "));
    words_destroy(words);
}

static void accepts_an_empty_catalogue(void **state)
{
    (void)state;
    struct words *words = NULL;
    AUTO(buf_finish) struct buf out = {.ceiling = 1000};
    assert_ok(words_create(STR_NONE, S("# none\n"), &words, NULL));
    words_write(words, WORDS_EN, S("key"), NULL, 0, &out);
    words_each(words, WORDS_VI, join_key, &out);
    assert_str(buf_str(&out), S("key"));
    words_destroy(words);
}

static void names_the_line_of_a_slip(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        {"a = x\nno words\n", "words vi line 2: not a key"},
        {"= x", "words vi line 1: not a key"},
        {"A = x", "words vi line 1: not a key"},
        {"\xc4\x91 = x", "words vi line 1: not a key"},
        {"a", "words vi line 1: no words"},
        {"a = ", "words vi line 1: no words"},
        {"a = \xff", "words vi line 1: not plain UTF-8"},
        {"a = x\x01y", "words vi line 1: not plain UTF-8"},
        {"a = {", "words vi line 1: a brace that is not part of a {name}"},
        {"a = }", "words vi line 1: a brace that is not part of a {name}"},
        {"a = {}", "words vi line 1: a brace that is not part of a {name}"},
        {"a = {a", "words vi line 1: a brace that is not part of a {name}"},
        {"a = {a b}", "words vi line 1: a brace that is not part of a {name}"},
        {"a = {a}}", "words vi line 1: a brace that is not part of a {name}"},
        {"a = {{a}", "words vi line 1: a brace that is not part of a {name}"},
        {"b = x\na = y\nb = z", "words vi: b stands twice"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct words *words = NULL;
        struct why why = {""};
        assert_failed(words_create(str_of(table[i][0]), S(""), &words, &why), ERR_INVALID);
        assert_string_equal(why.text, table[i][1]);
        assert_failed(words_create(S("x = y"), str_of(table[i][0]), &words, &why), ERR_INVALID);
        assert_true(str_starts(str_of(why.text), S("words en")));
        assert_null(words);
    }
}

static void chooses_the_language_that_is_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum words_language expected;
    } table[] = {
        {"en-GB,en;q=0.8", WORDS_EN},
        {"vi-VN,vi;q=0.9,en;q=0.8", WORDS_VI},
        {"en;q=0.8, vi;q=0.9", WORDS_VI},
        {"fr, en;q=0.1", WORDS_EN},
        {"EN", WORDS_EN},
        {"en, vi", WORDS_EN},
        {"vi, en", WORDS_VI},
        {"en;q=0", WORDS_VI},
        {"en;Q=1.000", WORDS_EN},
        {" en ; q=0.5 ", WORDS_EN},
        {"en;q=", WORDS_VI},
        {"en;q=2", WORDS_VI},
        {"en;q=-0.5", WORDS_VI},
        {"en;q=0.1234567", WORDS_VI},
        {"en;level=1", WORDS_VI},
        {"en;q=x", WORDS_VI},
        {"english", WORDS_VI},
        {"*", WORDS_VI},
        {"", WORDS_VI},
        {",,,;;;,en", WORDS_EN},
        {"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,en", WORDS_VI},
        {"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,en", WORDS_EN},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (words_language_of(str_of(table[i].header)) != table[i].expected) {
            fail_msg("%s is taken wrongly", table[i].header);
        }
    }
    assert_str(words_code(WORDS_VI), S("vi"));
    assert_str(words_code(WORDS_EN), S("en"));
    assert_int_equal(words_language_of(STR_NONE), WORDS_VI);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_the_places),
        cmocka_unit_test(lists_its_keys_in_order),
        cmocka_unit_test(accepts_an_empty_catalogue),
        cmocka_unit_test(names_the_line_of_a_slip),
        cmocka_unit_test(chooses_the_language_that_is_asked_for),
    };
    return cmocka_run_group_tests_name("base: words", tests, NULL, NULL);
}

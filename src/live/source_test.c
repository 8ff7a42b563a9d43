/* Names, addresses and passwords of sources. */
#include "live/source.h"

#include "base/testing.h"

static void takes_names_that_stand_in_an_address(void **state)
{
    (void)state;
    assert_true(source_name_is(S("dai-huyen2")));
    static const char *const rows[] = {"", "-a", "A", "đài", "a/b", "a b", "a."};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_false(source_name_is(str_of(rows[i])));
    }
}

static void takes_addresses_of_the_web_alone(void **state)
{
    (void)state;
    assert_true(source_address_is(S("https://radio.example/vov1?x=1")));
    assert_true(source_address_is(S("http://203.0.113.9:8000/a")));
    static const char *const rows[] = {"",           "ftp://a/",     "file:///etc/passwd",
                                       "http://",    "https:///x",   "http://u:p@a/",
                                       "http://a b", "http://a/\\x", "//a/"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_false(source_address_is(str_of(rows[i])));
    }
}

static void makes_passwords_that_are_never_the_same(void **state)
{
    (void)state;
    char one[SOURCE_PASSWORD_SIZE];
    char other[SOURCE_PASSWORD_SIZE];
    source_password(entropy_system(), one);
    source_password(entropy_system(), other);
    assert_int_equal(strlen(one), SOURCE_PASSWORD_SIZE - 1);
    assert_string_not_equal(one, other);
    assert_false(hash_is(source_secret_of(str_of(one)), source_secret_of(str_of(other))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_names_that_stand_in_an_address),
        cmocka_unit_test(takes_addresses_of_the_web_alone),
        cmocka_unit_test(makes_passwords_that_are_never_the_same),
    };
    return cmocka_run_group_tests_name("live: source", tests, NULL, NULL);
}

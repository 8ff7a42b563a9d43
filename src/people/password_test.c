/* Passwords: what is too weak and why, that a kept hash verifies in any Unicode form, and that an
 * unknown account cannot be told from a wrong password. */
#include "people/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

static struct policy quick_policy(void)
{
    struct policy policy = policy_default();
    policy.argon2_memory = 8 << 20;
    policy.argon2_passes = 1;
    return policy;
}

static int set_up(void **state)
{
    return arena_create(1 << 20, (struct arena **)state) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static void tells_why_a_password_is_weak(void **state)
{
    static const struct {
        const char *password;
        const char *code; /* null: good */
    } cases[] = {
        {"short", "too_short"},
        {"mưa rơi nhỏ", "too_short"},
        {"mưa rơi nhỏ!", NULL},
        {"correct horse battery staple", NULL},
        {"k7mq-9xhr-2bvd-wp4e", NULL},
        {"сорок тысяч обезьян", NULL},
        {"Matkhau@123456", "too_common"},
        {"Mật Khẩu 2024!!", "too_common"},
        {"P4ssw0rd!P4ssw0rd?", "too_common"},
        {"qwertyuiop123456", "too_common"},
        {"anhyeuemnhieu1", NULL},
        {"anh yêu em 1975 !", "too_common"},
        {"!@#$%^&*()_+-=", "too_common"},
        {"090123456789", "too_regular"},
        {"aaaaaaaaaaaaaa", "too_regular"},
        {"abcdefghijklmn", "too_regular"},
        {"K7mqK7mqK7mq", "too_regular"},
        {"112233445566778", "too_regular"},
        {"trâu xanh tung.ng 7 quả", "has_name"},
        {"hoàng-thị-mỹ-linh rất vui", "has_name"},
        {"zephyrbox likes rain", "has_name"},
        {"tab\there and more\n", "not_text"},
        {"broken \xff utf-8 text", "not_text"},
    };
    struct policy policy = policy_default();
    struct password_owner owner = {S("tung.ng"), S("Hoàng Thị Mỹ Linh"), S("zephyrbox@example.vn")};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *code = password_weakness(&policy, &owner, str_of(cases[i].password), *state);
        print_message("%s: %s\n", cases[i].password, code == NULL ? "good" : code);
        assert_string_equal(code == NULL ? "" : code, cases[i].code == NULL ? "" : cases[i].code);
    }
}

static void refuses_a_password_that_is_too_long(void **state)
{
    struct policy policy = policy_default();
    struct password_owner owner = {STR_NONE, STR_NONE, STR_NONE};
    char text[PASSWORD_MOST + 1];
    struct entropy_seed seed = {5};
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = (char)('a' + entropy_below(entropy_seeded(&seed), 26));
    }
    assert_null(password_weakness(&policy, &owner, (str){text, PASSWORD_MOST}, *state));
    assert_string_equal(password_weakness(&policy, &owner, (str){text, PASSWORD_MOST + 1}, *state),
                        "too_long");
}

static void keeps_the_common_words_sorted_and_once(void **state)
{
    (void)state;
    static const char *const words[] = {
#define X(word) word,
#include "people/password_common.def"
#undef X
    };
    for (size_t i = 1; i < COUNT_OF(words); i++) {
        assert_true(strcmp(words[i - 1], words[i]) < 0);
    }
}

static void verifies_what_it_hashed_in_either_unicode_form(void **state)
{
    struct policy policy = quick_policy();
    struct password_hash kept;
    str composed = S("Đường về nhà xa");
    str decomposed = S("Đu\xcc\x9bo\xcc\x9b\xcc\x80ng ve\xcc\x82\xcc\x80 nha\xcc\x80 xa");
    assert_int_equal(password_make_hash(&policy, composed, *state, &kept, NULL), OK);
    assert_true(str_starts(str_of(kept.text), S("$argon2id$v=19$m=8192,t=1,p=1$")));
    assert_int_equal(password_verify(&policy, str_of(kept.text), composed, *state, NULL), OK);
    assert_int_equal(password_verify(&policy, str_of(kept.text), decomposed, *state, NULL), OK);
    assert_int_equal(
        password_verify(&policy, str_of(kept.text), S("Đường về nhà gần"), *state, NULL),
        ERR_SIGN_IN_FAILED);
}

static void answers_for_an_unknown_account_as_for_a_wrong_password(void **state)
{
    struct policy policy = quick_policy();
    assert_int_equal(password_verify(&policy, STR_NONE, S("anything at all"), *state, NULL),
                     ERR_SIGN_IN_FAILED);
    assert_int_equal(password_verify(&policy, S("not a hash"), S("anything"), *state, NULL),
                     ERR_SIGN_IN_FAILED);
    assert_int_equal(password_verify(&policy, STR_NONE, S("bad \xff bytes"), *state, NULL),
                     ERR_SIGN_IN_FAILED);
}

static void works_as_long_for_an_unknown_account(void **state)
{
    struct policy policy = quick_policy();
    policy.argon2_passes = 4;
    struct password_hash kept;
    assert_int_equal(password_make_hash(&policy, S("a b c d e f"), *state, &kept, NULL), OK);
    usec best[2] = {INT64_MAX, INT64_MAX};
    for (int i = 0; i < 12; i++) {
        struct timespec from;
        struct timespec to;
        ignore_int(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from));
        str against = i % 2 == 0 ? str_of(kept.text) : STR_NONE;
        ignore(password_verify(&policy, against, S("wrong"), *state, NULL));
        ignore_int(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to));
        usec took = (to.tv_sec - from.tv_sec) * USEC_SECOND + (to.tv_nsec - from.tv_nsec) / 1000;
        best[i % 2] = took < best[i % 2] ? took : best[i % 2];
    }
    print_message("known %lld us, unknown %lld us\n", (long long)best[0], (long long)best[1]);
    assert_true(best[1] * 2 > best[0] && best[0] * 2 > best[1]);
}

static void notices_a_hash_weaker_than_the_policy(void **state)
{
    struct policy policy = quick_policy();
    struct password_hash kept;
    assert_int_equal(password_make_hash(&policy, S("a b c d e f"), *state, &kept, NULL), OK);
    assert_false(password_is_outdated(&policy, str_of(kept.text)));
    policy.argon2_passes++;
    assert_true(password_is_outdated(&policy, str_of(kept.text)));
    assert_true(password_is_outdated(&policy, STR_NONE));
}

static void makes_readable_passwords_that_pass_its_own_rules(void **state)
{
    struct policy policy = policy_default();
    struct password_owner owner = {STR_NONE, STR_NONE, STR_NONE};
    struct entropy_seed seed = {20251121};
    for (int i = 0; i < 500; i++) {
        char password[PASSWORD_READABLE_ROOM];
        password_readable(entropy_seeded(&seed), password);
        assert_int_equal(strlen(password), 19);
        assert_null(strpbrk(password, "01oil "));
        assert_null(password_weakness(&policy, &owner, str_of(password), *state));
        arena_reset(*state);
    }
}

static void fails_without_memory_and_says_so(void **state)
{
    struct policy policy = quick_policy();
    struct password_hash kept = {"untouched"};
    policy.argon2_memory = UINT64_C(1) << 42;
    assert_int_equal(password_make_hash(&policy, S("a b c d e f"), *state, &kept, NULL),
                     ERR_NO_MEMORY);
    assert_string_equal(kept.text, "untouched");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_why_a_password_is_weak, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_a_password_that_is_too_long, set_up, tear_down),
        cmocka_unit_test(keeps_the_common_words_sorted_and_once),
        cmocka_unit_test_setup_teardown(verifies_what_it_hashed_in_either_unicode_form, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(answers_for_an_unknown_account_as_for_a_wrong_password,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(works_as_long_for_an_unknown_account, set_up, tear_down),
        cmocka_unit_test_setup_teardown(notices_a_hash_weaker_than_the_policy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(makes_readable_passwords_that_pass_its_own_rules, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(fails_without_memory_and_says_so, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("people: password", tests, NULL, NULL);
}

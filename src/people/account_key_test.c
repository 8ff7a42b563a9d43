/* Sealed secrets open for their account, purpose and key, and for nothing else. */
#include "people/account_key.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct account_key key = {{1, 2, 3}};
static const struct account_key other = {{3, 2, 1}};
static const struct account_seal ours = {&key, "totp", 7};

static int set_up(void **state)
{
    return arena_create(65536, (struct arena **)state) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static str seal(struct arena *arena, str plain)
{
    struct entropy_seed seed = {4};
    str sealed;
    assert_int_equal(account_key_seal(&ours, plain, entropy_seeded(&seed), arena, &sealed, NULL),
                     OK);
    return sealed;
}

static void opens_what_it_sealed(void **state)
{
    str plain;
    str sealed = seal(*state, S("secret"));
    assert_int_equal(sealed.len, 6 + SEAL_OVERHEAD);
    assert_null(memmem(sealed.at, sealed.len, "secret", 6));
    assert_int_equal(account_key_open(&ours, sealed, *state, &plain, NULL), OK);
    assert_true(str_is(plain, S("secret")));
    sealed = seal(*state, STR_NONE);
    assert_int_equal(account_key_open(&ours, sealed, *state, &plain, NULL), OK);
    assert_int_equal(plain.len, 0);
}

static void does_not_open_for_another_account_purpose_or_key(void **state)
{
    str plain;
    str sealed = seal(*state, S("secret"));
    assert_int_equal(
        account_key_open(&(struct account_seal){&key, "totp", 8}, sealed, *state, &plain, NULL),
        ERR_CORRUPT);
    assert_int_equal(
        account_key_open(&(struct account_seal){&key, "other", 7}, sealed, *state, &plain, NULL),
        ERR_CORRUPT);
    assert_int_equal(
        account_key_open(&(struct account_seal){&other, "totp", 7}, sealed, *state, &plain, NULL),
        ERR_CORRUPT);
}

static void notices_any_changed_or_missing_byte(void **state)
{
    str plain;
    str sealed = seal(*state, S("secret"));
    for (size_t i = 0; i < sealed.len; i++) {
        str copy = arena_str(*state, sealed);
        ((char *)(uintptr_t)copy.at)[i] ^= 1;
        assert_int_equal(account_key_open(&ours, copy, *state, &plain, NULL), ERR_CORRUPT);
        assert_int_equal(account_key_open(&ours, str_cut(sealed, 0, i), *state, &plain, NULL),
                         ERR_CORRUPT);
    }
}

static void refuses_to_seal_what_is_too_large(void **state)
{
    char large[SEAL_PLAIN_MOST + 1] = {0};
    str sealed;
    assert_int_equal(account_key_seal(&ours, (str){large, sizeof(large)}, entropy_system(), *state,
                                      &sealed, NULL),
                     ERR_TOO_BIG);
}

static void reads_a_key_file(void **state)
{
    struct account_key read;
    (void)state;
    assert_int_equal(
        account_key_parse(S("0102030000000000000000000000000000000000000000000000000000000000\n"),
                          &read, NULL),
        OK);
    assert_memory_equal(read.bytes, key.bytes, ACCOUNT_KEY_SIZE);
    assert_int_equal(account_key_parse(S("0102"), &read, NULL), ERR_INVALID);
    assert_int_equal(account_key_parse(S(""), &read, NULL), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opens_what_it_sealed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(does_not_open_for_another_account_purpose_or_key, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(notices_any_changed_or_missing_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_to_seal_what_is_too_large, set_up, tear_down),
        cmocka_unit_test(reads_a_key_file),
    };
    return cmocka_run_group_tests_name("people: account key", tests, NULL, NULL);
}

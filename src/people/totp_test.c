/* One-time codes: the vectors of RFC 6238, the steps that count, and that none counts twice. */
#include "people/totp.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const usec step = 30 * USEC_SECOND;

static struct totp_secret rfc_secret(void)
{
    struct totp_secret secret;
    memcpy(secret.bytes, "12345678901234567890", TOTP_SECRET_SIZE);
    return secret;
}

static void gives_the_codes_of_rfc_6238(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *code;
    } cases[] = {
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"},
    };
    struct totp_secret secret = rfc_secret();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char code[TOTP_CODE_ROOM];
        assert_int_equal(totp_code(&secret, cases[i].seconds / 30, 8, code, NULL), OK);
        assert_string_equal(code, cases[i].code);
    }
}

static void accepts_the_step_before_and_after(void **state)
{
    (void)state;
    struct totp_secret secret = rfc_secret();
    usec now = 1111111111 * USEC_SECOND;
    for (int64_t off = -2; off <= 2; off++) {
        char code[TOTP_CODE_ROOM];
        int64_t used = -1;
        int64_t at = now / step + off;
        assert_int_equal(totp_code(&secret, at, TOTP_DIGITS, code, NULL), OK);
        errc expected = off >= -1 && off <= 1 ? OK : ERR_SIGN_IN_FAILED;
        assert_int_equal(
            totp_check(&secret, str_of(code), &(struct totp_use){now, step, -1}, &used, NULL),
            expected);
        assert_int_equal(used, expected == OK ? at : -1);
    }
}

static void refuses_a_step_that_was_used_and_those_before_it(void **state)
{
    (void)state;
    struct totp_secret secret = rfc_secret();
    usec now = 1111111111 * USEC_SECOND;
    char code[TOTP_CODE_ROOM];
    char earlier[TOTP_CODE_ROOM];
    int64_t used = -1;
    assert_int_equal(totp_code(&secret, now / step, TOTP_DIGITS, code, NULL), OK);
    assert_int_equal(totp_code(&secret, now / step - 1, TOTP_DIGITS, earlier, NULL), OK);
    assert_int_equal(
        totp_check(&secret, str_of(code), &(struct totp_use){now, step, -1}, &used, NULL), OK);
    int64_t again = used;
    assert_int_equal(
        totp_check(&secret, str_of(code), &(struct totp_use){now, step, used}, &again, NULL),
        ERR_SIGN_IN_FAILED);
    assert_int_equal(
        totp_check(&secret, str_of(earlier), &(struct totp_use){now, step, used}, &again, NULL),
        ERR_SIGN_IN_FAILED);
    assert_int_equal(again, used);
}

static void reads_six_digits_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        bool expected;
    } cases[] = {
        {"050471", true},    {"050 471", true},  {" 050471\n", true}, {"", false},
        {"05047", false},    {"0504710", false}, {"O50471", false},   {"05 0471", false},
        {"050  471", false}, {"-50471", false},  {"14050471", false},
    };
    struct totp_secret secret = rfc_secret();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t used;
        errc rc = totp_check(&secret, str_of(cases[i].code),
                             &(struct totp_use){1111111111 * USEC_SECOND, step, -1}, &used, NULL);
        assert_int_equal(rc == OK, cases[i].expected);
    }
}

static void writes_a_uri_that_no_name_can_break(void **state)
{
    (void)state;
    struct totp_secret secret = rfc_secret();
    AUTO(buf_finish) struct buf out;
    buf_init(&out, 4096);
    assert_int_equal(totp_uri(&secret, S("Loa: T\xe1\xbb\x89nh"), S("a&secret=b"), step, &out), OK);
    buf_add_byte(&out, '\0');
    assert_string_equal(out.at, "otpauth://totp/Loa%3A%20T%E1%BB%89nh:a%26secret%3Db"
                                "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                                "&issuer=Loa%3A%20T%E1%BB%89nh&algorithm=SHA1&digits=6&period=30");
}

static void makes_secrets_that_differ(void **state)
{
    (void)state;
    struct entropy_seed seed = {42};
    struct totp_secret one;
    struct totp_secret two;
    totp_secret_make(entropy_seeded(&seed), &one);
    totp_secret_make(entropy_seeded(&seed), &two);
    assert_memory_not_equal(one.bytes, two.bytes, TOTP_SECRET_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_codes_of_rfc_6238),
        cmocka_unit_test(accepts_the_step_before_and_after),
        cmocka_unit_test(refuses_a_step_that_was_used_and_those_before_it),
        cmocka_unit_test(reads_six_digits_and_nothing_else),
        cmocka_unit_test(writes_a_uri_that_no_name_can_break),
        cmocka_unit_test(makes_secrets_that_differ),
    };
    return cmocka_run_group_tests_name("people: totp", tests, NULL, NULL);
}

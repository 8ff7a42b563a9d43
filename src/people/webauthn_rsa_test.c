/* RS256: an authenticator with an RSA key, as Windows Hello is one, registers and is recognised;
 * keys that are weak, unusual or not written canonically are not let in. */
#include "people/webauthn_rsa_testing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct webauthn_site ours = {{"loa.test", 8}, {"https://loa.test:8443", 21}};
static const str challenge = {"a challenge of thirty-two bytes!", WEBAUTHN_CHALLENGE_SIZE};

enum { KEY_AT = 37 + 18 + 4 }; /* in authenticator data of the credential "abcd" */

struct fixture {
    EVP_PKEY *key;
    struct buf client_data;
    struct buf data;
    struct buf object;
    uint8_t signature[WEBAUTHN_SIGNATURE_MOST];
};

static int set_up(void **state)
{
    struct fixture *f = mem_take(sizeof(*f));
    f->key = rsa_make(2048);
    buf_init(&f->client_data, 65536);
    buf_init(&f->data, 65536);
    buf_init(&f->object, 65536);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    EVP_PKEY_free(f->key);
    buf_finish(&f->client_data);
    buf_finish(&f->data);
    buf_finish(&f->object);
    mem_give(f);
    return 0;
}

static str make_client_data(struct fixture *f, const char *type)
{
    buf_clear(&f->client_data);
    buf_add_format(&f->client_data, "{\"type\":\"%s\",\"challenge\":\"", type);
    webauthn_encode(challenge, &f->client_data);
    buf_add_text(&f->client_data, "\",\"origin\":\"https://loa.test:8443\"}");
    return buf_str(&f->client_data);
}

/* The head of authenticator data; with bit 6 in the flags, up to where the COSE key begins. */
static void start_data(struct fixture *f, uint8_t flags, uint8_t count)
{
    static const char credential[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\4abcd";
    hash rp = hash_sha256(ours.rp_id);
    const char tail[] = {(char)flags, 0, 0, 0, (char)count};
    buf_clear(&f->data);
    buf_add(&f->data, (str){(const char *)rp.bytes, HASH_SIZE});
    buf_add(&f->data, (str){tail, sizeof(tail)});
    if ((flags & 0x40) != 0) {
        buf_add(&f->data, (str){credential, sizeof(credential) - 1});
    }
}

static str make_new_data(struct fixture *f)
{
    start_data(f, 0x45, 0);
    rsa_add_key(&f->data, f->key);
    return buf_str(&f->data);
}

static void add_sized(struct buf *out, str bytes)
{
    const uint8_t head[] = {0x59, (uint8_t)(bytes.len >> 8), (uint8_t)bytes.len};
    buf_add(out, (str){(const char *)head, sizeof(head)});
    buf_add(out, bytes);
}

/* Self attestation where there is a signature, "none" where there is none. */
static str make_object(struct fixture *f, str data, str signature)
{
    buf_clear(&f->object);
    if (signature.len == 0) {
        buf_add_text(&f->object, "\xa3\x63"
                                 "fmt\x64none\x67"
                                 "attStmt\xa0\x68"
                                 "authData");
    } else {
        buf_add(&f->object, S("\xa3\x63"
                              "fmt\x66packed\x67"
                              "attStmt\xa2\x63"
                              "alg\x39\1\0\x63sig"));
        add_sized(&f->object, signature);
        buf_add_text(&f->object, "\x68"
                                 "authData");
    }
    add_sized(&f->object, data);
    return buf_str(&f->object);
}

static errc enrol(struct fixture *f, bool self, struct webauthn_credential *ret_credential)
{
    str client_data = make_client_data(f, "webauthn.create");
    str data = make_new_data(f);
    str signature = self ? rsa_sign(f->key, data, client_data, f->signature) : STR_NONE;
    struct webauthn_registration registration = {client_data, make_object(f, data, signature)};
    return webauthn_check_registration(&registration, challenge, &ours, ret_credential, NULL);
}

static struct webauthn_assertion make_assertion(struct fixture *f, uint8_t count)
{
    str client_data = make_client_data(f, "webauthn.get");
    start_data(f, 0x05, count);
    str data = buf_str(&f->data);
    return (struct webauthn_assertion){S("abcd"), client_data, data,
                                       rsa_sign(f->key, data, client_data, f->signature)};
}

static errc check(const struct webauthn_assertion *assertion,
                  const struct webauthn_credential *known)
{
    uint32_t count;
    return webauthn_check_assertion(assertion, challenge, &ours, known, &count, NULL);
}

static void registers_and_recognises_keys_of_every_size_that_is_let_in(void **state)
{
    struct fixture *f = *state;
    static const unsigned bits[] = {2048, 3072};
    for (size_t i = 0; i < COUNT_OF(bits); i++) {
        struct webauthn_credential known;
        EVP_PKEY_free(f->key);
        f->key = rsa_make(bits[i]);
        assert_int_equal(enrol(f, false, &known), OK);
        assert_int_equal(known.algorithm, WEBAUTHN_RS256);
        assert_int_equal(known.key_size, bits[i] / 8 + WEBAUTHN_RSA_EXPONENT);
        assert_true(known.user_verified);
        known.id = S("abcd");
        struct webauthn_assertion assertion = make_assertion(f, 9);
        uint32_t count = 0;
        assert_int_equal(
            webauthn_check_assertion(&assertion, challenge, &ours, &known, &count, NULL), OK);
        assert_int_equal(count, 9);
    }
}

static void refuses_a_self_attestation_with_any_byte_changed(void **state)
{
    struct fixture *f = *state;
    struct webauthn_credential credential;
    assert_int_equal(enrol(f, true, &credential), OK);
    assert_int_equal(credential.algorithm, WEBAUTHN_RS256);
    struct webauthn_registration bad = {buf_str(&f->client_data), buf_str(&f->object)};
    for (size_t i = 0; i < f->object.len; i++) {
        f->object.at[i] ^= 0x01;
        assert_int_not_equal(webauthn_check_registration(&bad, challenge, &ours, &credential, NULL),
                             OK);
        f->object.at[i] ^= 0x01;
    }
    assert_int_equal(webauthn_check_registration(&bad, challenge, &ours, &credential, NULL), OK);
}

static void refuses_an_assertion_with_another_signature(void **state)
{
    struct fixture *f = *state;
    struct webauthn_credential known;
    assert_int_equal(enrol(f, false, &known), OK);
    known.id = S("abcd");
    struct webauthn_assertion assertion = make_assertion(f, 1);
    assert_int_equal(check(&assertion, &known), OK);
    for (size_t i = 0; i < assertion.signature.len; i++) {
        f->signature[i] ^= 0x80;
        assert_int_equal(check(&assertion, &known), ERR_SIGN_IN_FAILED);
        f->signature[i] ^= 0x80;
    }
    static const struct {
        size_t len;
        errc expected;
    } lengths[] = {
        {0, ERR_BAD_REQUEST},      {1, ERR_SIGN_IN_FAILED},   {255, ERR_SIGN_IN_FAILED},
        {257, ERR_SIGN_IN_FAILED}, {512, ERR_SIGN_IN_FAILED}, {513, ERR_BAD_REQUEST},
    };
    char room[WEBAUTHN_SIGNATURE_MOST + 1] = {0};
    memcpy(room, f->signature, sizeof(f->signature));
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        assertion.signature = (str){room, lengths[i].len};
        assert_int_equal(check(&assertion, &known), lengths[i].expected);
    }
}

static void refuses_a_kept_key_that_is_damaged_or_of_another_algorithm(void **state)
{
    struct fixture *f = *state;
    struct webauthn_credential known;
    assert_int_equal(enrol(f, false, &known), OK);
    known.id = S("abcd");
    struct webauthn_assertion assertion = make_assertion(f, 1);
    struct webauthn_credential other = known;
    other.algorithm = WEBAUTHN_ES256;
    assert_int_equal(check(&assertion, &other), ERR_SIGN_IN_FAILED);
    other.algorithm = WEBAUTHN_EDDSA;
    assert_int_equal(check(&assertion, &other), ERR_SIGN_IN_FAILED);
    other = known;
    other.key[7] ^= 0x10;
    assert_int_equal(check(&assertion, &other), ERR_SIGN_IN_FAILED);
    static const size_t sizes[] = {0, 2, 3, 64, 258, 260, WEBAUTHN_KEY_MOST};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        other = known;
        other.key_size = sizes[i];
        assert_int_equal(check(&assertion, &other), ERR_CORRUPT);
    }
}

static void lets_in_only_moduli_of_2048_to_4096_bits_and_the_exponent_65537(void **state)
{
    struct fixture *f = *state;
    static const struct {
        size_t len;
        uint8_t first;
        uint8_t last;
        const char *exponent;
        size_t exponent_len;
        errc expected;
    } cases[] = {
        {256, 0x80, 1, "\1\0\1", 3, OK},
        {512, 0xff, 1, "\1\0\1", 3, OK},
        {257, 0x01, 1, "\1\0\1", 3, OK},
        {256, 0x7f, 1, "\1\0\1", 3, ERR_BAD_REQUEST}, /* 2047 bits */
        {257, 0x00, 1, "\1\0\1", 3, ERR_BAD_REQUEST}, /* a leading zero */
        {256, 0x80, 2, "\1\0\1", 3, ERR_BAD_REQUEST}, /* even */
        {128, 0x80, 1, "\1\0\1", 3, ERR_BAD_REQUEST}, /* 1024 bits */
        {0, 0x80, 1, "\1\0\1", 3, ERR_BAD_REQUEST},
        {513, 0x01, 1, "\1\0\1", 3, ERR_BAD_REQUEST}, /* 4097 bits */
        {2048, 0x80, 1, "\1\0\1", 3, ERR_BAD_REQUEST},
        {256, 0x80, 1, "\3", 1, ERR_BAD_REQUEST},
        {256, 0x80, 1, "\0\1\0\1", 4, ERR_BAD_REQUEST},
        {256, 0x80, 1, "\1\0\0", 3, ERR_BAD_REQUEST},
        {256, 0x80, 1, "", 0, ERR_BAD_REQUEST},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct webauthn_data parsed;
        uint8_t modulus[2048] = {cases[i].first, 5};
        modulus[cases[i].len > 0 ? cases[i].len - 1 : 0] = cases[i].last;
        start_data(f, 0x41, 0);
        rsa_add_cose(&f->data, (str){(const char *)modulus, cases[i].len},
                     (str){cases[i].exponent, cases[i].exponent_len});
        print_message("case %zu\n", i);
        assert_int_equal(webauthn_parse_data(buf_str(&f->data), &parsed, NULL), cases[i].expected);
    }
}

/* Each case puts these bytes in the place of some of a good key's. */
static void refuses_keys_that_are_not_written_canonically(void **state)
{
    struct fixture *f = *state;
    static const struct {
        size_t from; /* bytes of the COSE key that stay in front */
        size_t to;   /* where they go on */
        str bytes;
        errc expected;
    } cases[] = {
        {0, 0, {"", 0}, OK},
        {2, 3, {"\2", 1}, ERR_BAD_REQUEST},                          /* kty EC2 */
        {4, 7, {"\x26", 1}, ERR_BAD_REQUEST},                        /* alg ES256 */
        {4, 7, {"\x27", 1}, ERR_BAD_REQUEST},                        /* alg EdDSA */
        {5, 7, {"\1\1", 2}, ERR_BAD_REQUEST},                        /* alg RS384 */
        {5, 7, {"\xff\xff", 2}, ERR_BAD_REQUEST},                    /* alg RS1 */
        {4, 7, {"\x3a\0\0\1\0", 5}, ERR_BAD_REQUEST},                /* alg in five bytes */
        {2, 3, {"\x18\3", 2}, ERR_BAD_REQUEST},                      /* kty in two bytes */
        {8, 9, {"\x5a\0\0", 3}, ERR_BAD_REQUEST},                    /* length of n in four bytes */
        {1, 7, {"\3\x39\1\0\1\3", 6}, ERR_BAD_REQUEST},              /* alg before kty */
        {0, 1, {"\xa3", 1}, ERR_BAD_REQUEST},                        /* without e */
        {0, 1, {"\xb8\4", 2}, ERR_BAD_REQUEST},                      /* four entries in two bytes */
        {0, 1, {"\xbf", 1}, ERR_BAD_REQUEST},                        /* of no definite length */
        {0, 3, {"\xa5\1\3\2\x41\0", 6}, ERR_BAD_REQUEST},            /* a key id as well */
        {0, 7, {"\xa5\1\3\3\x39\1\0\4\x81\2", 10}, ERR_BAD_REQUEST}, /* key_ops as well */
        {7, 8, {"\x22", 1}, ERR_BAD_REQUEST},                        /* n as label -3 */
        {267, 268, {"\x20", 1}, ERR_BAD_REQUEST},                    /* n twice */
        {268, 269, {"\x63", 1}, ERR_BAD_REQUEST},                    /* e as text */
        {272, 272, {"\0", 1}, ERR_BAD_REQUEST},                      /* a byte behind it */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct webauthn_data parsed;
        str whole = make_new_data(f);
        buf_clear(&f->object);
        buf_add(&f->object, str_cut(whole, 0, KEY_AT + cases[i].from));
        buf_add(&f->object, cases[i].bytes);
        buf_add(&f->object, str_cut(whole, KEY_AT + cases[i].to, whole.len));
        print_message("case %zu\n", i);
        assert_int_equal(webauthn_parse_data(buf_str(&f->object), &parsed, NULL),
                         cases[i].expected);
    }
}

static void refuses_data_that_end_early(void **state)
{
    struct fixture *f = *state;
    struct webauthn_data parsed;
    str whole = make_new_data(f);
    assert_int_equal(whole.len, KEY_AT + 272);
    for (size_t len = 0; len < whole.len; len++) {
        assert_int_equal(webauthn_parse_data(str_cut(whole, 0, len), &parsed, NULL),
                         ERR_BAD_REQUEST);
    }
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(refuses_a_self_attestation_with_any_byte_changed),
        TEST(refuses_an_assertion_with_another_signature),
        TEST(refuses_a_kept_key_that_is_damaged_or_of_another_algorithm),
        TEST(lets_in_only_moduli_of_2048_to_4096_bits_and_the_exponent_65537),
        TEST(refuses_keys_that_are_not_written_canonically),
        TEST(refuses_data_that_end_early),
        TEST(registers_and_recognises_keys_of_every_size_that_is_let_in),
    };
    return cmocka_run_group_tests_name("people: webauthn rsa", tests, set_up, tear_down);
}

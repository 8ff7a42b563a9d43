/* WebAuthn: the published vectors pass, an authenticator of our own (Ed25519) passes, and each
 * single thing that is not ours makes it fail. */
#include "people/webauthn.h"

#include "base/hash.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct webauthn_site w3c = {{"example.org", 11}, {"https://example.org", 19}};
static const struct webauthn_site ours = {{"loa.test", 8}, {"https://loa.test:8443", 21}};

struct fixture {
    struct arena *arena;
    struct buf client_data;
    struct buf data;
    struct buf object;
    uint8_t challenge[WEBAUTHN_CHALLENGE_SIZE];
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    uint8_t signature[crypto_sign_BYTES];
};

static int set_up(void **state)
{
    struct fixture *f = mem_take(sizeof(*f));
    uint8_t seed[crypto_sign_SEEDBYTES];
    memset(seed, 7, sizeof(seed));
    memset(f->challenge, 3, sizeof(f->challenge));
    buf_init(&f->client_data, 65536);
    buf_init(&f->data, 65536);
    buf_init(&f->object, 65536);
    *state = f;
    return crypto_sign_seed_keypair(f->public_key, f->secret_key, seed) == 0 &&
                   arena_create(1 << 20, &f->arena) == OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_destroy(f->arena);
    buf_finish(&f->client_data);
    buf_finish(&f->data);
    buf_finish(&f->object);
    mem_give(f);
    return 0;
}

static str from_hex(struct arena *arena, const char *hex)
{
    size_t len = strlen(hex) / 2;
    unsigned char *bytes = arena_take(arena, len);
    assert_int_equal(sodium_hex2bin(bytes, len, hex, 2 * len, NULL, NULL, NULL), 0);
    return (str){(const char *)bytes, len};
}

static str challenge_of(const struct fixture *f)
{
    return (str){(const char *)f->challenge, sizeof(f->challenge)};
}

static str make_client_data(struct fixture *f, const char *type, const char *origin)
{
    buf_clear(&f->client_data);
    buf_add_format(&f->client_data, "{\"type\":\"%s\",\"challenge\":\"", type);
    webauthn_encode(challenge_of(f), &f->client_data);
    buf_add_format(&f->client_data, "\",\"origin\":\"%s\",\"crossOrigin\":false}", origin);
    return buf_str(&f->client_data);
}

static void add_bytes(struct buf *out, const void *bytes, size_t len)
{
    buf_add(out, (str){bytes, len});
}

/* Authenticator data with these flags and count; with the credential "abcd" when `whole`. */
static str make_data(struct fixture *f, uint8_t flags, uint8_t count, bool whole)
{
    static const uint8_t key_head[] = {0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 0x20};
    hash rp = hash_sha256(ours.rp_id);
    const uint8_t tail[] = {flags, 0, 0, 0, count};
    buf_clear(&f->data);
    add_bytes(&f->data, rp.bytes, HASH_SIZE);
    add_bytes(&f->data, tail, sizeof(tail));
    if (whole) {
        static const uint8_t aaguid[16] = {0};
        add_bytes(&f->data, aaguid, sizeof(aaguid));
        add_bytes(&f->data, "\0\4abcd", 6);
        add_bytes(&f->data, key_head, sizeof(key_head));
        add_bytes(&f->data, f->public_key, sizeof(f->public_key));
    }
    return buf_str(&f->data);
}

static str make_object(struct fixture *f, str data)
{
    const uint8_t head[] = {0x58, (uint8_t)data.len};
    buf_clear(&f->object);
    add_bytes(&f->object,
              "\xa3\x63"
              "fmt\x64none\x67"
              "attStmt\xa0\x68"
              "authData",
              28);
    add_bytes(&f->object, head, sizeof(head));
    buf_add(&f->object, data);
    return buf_str(&f->object);
}

static str sign(struct fixture *f, str data, str client_data)
{
    uint8_t message[256 + HASH_SIZE];
    hash client = hash_sha256(client_data);
    memcpy(message, data.at, data.len);
    memcpy(message + data.len, client.bytes, HASH_SIZE);
    assert_int_equal(
        crypto_sign_detached(f->signature, NULL, message, data.len + HASH_SIZE, f->secret_key), 0);
    return (str){(const char *)f->signature, sizeof(f->signature)};
}

static struct webauthn_credential own_credential(const struct fixture *f)
{
    struct webauthn_credential known = {
        .id = S("abcd"), .algorithm = WEBAUTHN_EDDSA, .key_size = sizeof(f->public_key)};
    memcpy(known.key, f->public_key, sizeof(f->public_key));
    return known;
}

static errc register_vector(struct arena *arena, const char *challenge, const char *client_data,
                            const char *object, struct webauthn_credential *ret_credential)
{
    struct webauthn_registration registration = {from_hex(arena, client_data),
                                                 from_hex(arena, object)};
    return webauthn_check_registration(&registration, from_hex(arena, challenge), &w3c,
                                       ret_credential, NULL);
}

static void passes_the_vectors_of_the_w3c(void **state)
{
    struct fixture *f = *state;
    struct webauthn_credential none_es256;
    struct webauthn_credential self_es256;
    struct webauthn_credential cross_origin;
    errc rc_none_es256;
    errc rc_self_es256;
    errc rc_cross_origin;
#define REGISTRATION(name, challenge, client_data, object)                                         \
    rc_##name = register_vector(f->arena, challenge, client_data, object, &name);
#include "people/webauthn_vectors.def"
#undef REGISTRATION
    assert_int_equal(rc_none_es256, OK);
    assert_int_equal(rc_self_es256, OK);
    assert_int_equal(rc_cross_origin, ERR_SIGN_IN_FAILED);
    assert_int_equal(none_es256.algorithm, WEBAUTHN_ES256);
    assert_int_equal(none_es256.id.len, 32);
    assert_true(self_es256.user_verified);
    uint32_t count;
#define ASSERTION(name, challenge, client_data, data, signature)                                   \
    assert_int_equal(                                                                              \
        webauthn_check_assertion(                                                                  \
            &(struct webauthn_assertion){name.id, from_hex(f->arena, client_data),                 \
                                         from_hex(f->arena, data), from_hex(f->arena, signature)}, \
            from_hex(f->arena, challenge), &w3c, &name, &count, NULL),                             \
        OK);
#include "people/webauthn_vectors.def"
#undef ASSERTION
}

/* Flips every byte of the attestation object in turn: none may pass for self attestation, where
 * the signature covers the data. */
static void refuses_a_self_attestation_with_any_byte_changed(void **state)
{
    struct fixture *f = *state;
    str challenge = STR_NONE;
    struct webauthn_registration good = {STR_NONE, STR_NONE};
#define REGISTRATION(name, a, b, c)                                                                \
    if (strcmp(#name, "self_es256") == 0) {                                                        \
        challenge = from_hex(f->arena, a);                                                         \
        good = (struct webauthn_registration){from_hex(f->arena, b), from_hex(f->arena, c)};       \
    }
#include "people/webauthn_vectors.def"
#undef REGISTRATION
    for (size_t i = 0; i < good.attestation_object.len; i++) {
        str copy = arena_str(f->arena, good.attestation_object);
        ((char *)(uintptr_t)copy.at)[i] ^= 0x01;
        struct webauthn_registration bad = {good.client_data, copy};
        struct webauthn_credential credential;
        assert_int_not_equal(webauthn_check_registration(&bad, challenge, &w3c, &credential, NULL),
                             OK);
    }
}

static void registers_and_recognises_a_key_of_our_own(void **state)
{
    struct fixture *f = *state;
    struct webauthn_credential credential;
    struct webauthn_registration registration = {
        make_client_data(f, "webauthn.create", "https://loa.test:8443"),
        make_object(f, make_data(f, 0x45, 0, true))};
    assert_int_equal(
        webauthn_check_registration(&registration, challenge_of(f), &ours, &credential, NULL), OK);
    assert_int_equal(credential.algorithm, WEBAUTHN_EDDSA);
    assert_true(str_is(credential.id, S("abcd")));
    assert_memory_equal(credential.key, f->public_key, sizeof(f->public_key));
    struct webauthn_credential known = own_credential(f);
    str client_data = make_client_data(f, "webauthn.get", "https://loa.test:8443");
    str data = make_data(f, 0x01, 9, false);
    struct webauthn_assertion assertion = {S("abcd"), client_data, data,
                                           sign(f, data, client_data)};
    uint32_t count = 0;
    assert_int_equal(
        webauthn_check_assertion(&assertion, challenge_of(f), &ours, &known, &count, NULL), OK);
    assert_int_equal(count, 9);
}

static void refuses_client_data_of_another_place_or_purpose(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *json; /* %s is the challenge */
        errc expected;
    } cases[] = {
        {"{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"https://loa.test:8443\"}",
         OK},
        {"{\"type\":\"webauthn.create\",\"challenge\":\"%s\",\"origin\":\"https://loa.test:8443\"}",
         ERR_SIGN_IN_FAILED},
        {"{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"https://loa.test\"}",
         ERR_SIGN_IN_FAILED},
        {"{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"http://loa.test:8443\"}",
         ERR_SIGN_IN_FAILED},
        {"{\"type\":\"webauthn.get\",\"challenge\":\"%sA\",\"origin\":\"https://loa.test:8443\"}",
         ERR_SIGN_IN_FAILED},
        {"{\"type\":\"webauthn.get\",\"challenge\":\"AAAA\",\"origin\":\"https://loa.test:8443\"}",
         ERR_SIGN_IN_FAILED},
        {"{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"https://"
         "loa.test:8443\",\"crossOrigin\":true}",
         ERR_SIGN_IN_FAILED},
        {"{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"https://"
         "loa.test:8443\",\"topOrigin\":\"https://x\"}",
         ERR_SIGN_IN_FAILED},
        {"{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"https://"
         "loa.test:8443\",\"crossOrigin\":\"no\"}",
         ERR_BAD_REQUEST},
        {"{\"type\":\"webauthn.get\",\"challenge\":\"%s\"}", ERR_BAD_REQUEST},
        {"{\"type\":7,\"challenge\":\"%s\",\"origin\":\"https://loa.test:8443\"}", ERR_BAD_REQUEST},
        {"[\"webauthn.get\"]", ERR_BAD_REQUEST},
    };
    AUTO(buf_finish) struct buf challenge;
    buf_init(&challenge, 128);
    webauthn_encode(challenge_of(f), &challenge);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        str rest;
        str before = str_split(str_of(cases[i].json), '%', &rest);
        buf_clear(&f->client_data);
        buf_add(&f->client_data, before);
        if (rest.len > 0) {
            buf_add(&f->client_data, buf_str(&challenge));
            buf_add(&f->client_data, str_cut(rest, 1, rest.len));
        }
        print_message("case %zu\n", i);
        assert_int_equal(webauthn_check_client_data(buf_str(&f->client_data), "webauthn.get",
                                                    challenge_of(f), &ours, NULL),
                         cases[i].expected);
    }
}

static void refuses_an_assertion_with_one_thing_wrong(void **state)
{
    struct fixture *f = *state;
    static const struct {
        uint8_t flags;
        uint8_t count;
        uint32_t count_known;
        bool other_site;
        bool other_id;
        bool bad_signature;
        errc expected;
    } cases[] = {
        {0x01, 6, 5, false, false, false, OK},
        {0x05, 1, 0, false, false, false, OK},
        {0x01, 0, 0, false, false, false, OK}, /* it does not count at all */
        {0x00, 6, 5, false, false, false, ERR_SIGN_IN_FAILED},
        {0x04, 6, 5, false, false, false, ERR_SIGN_IN_FAILED},
        {0x01, 5, 5, false, false, false, ERR_SIGN_IN_FAILED},
        {0x01, 4, 5, false, false, false, ERR_SIGN_IN_FAILED},
        {0x01, 0, 5, false, false, false, ERR_SIGN_IN_FAILED},
        {0x01, 6, 5, true, false, false, ERR_SIGN_IN_FAILED},
        {0x01, 6, 5, false, true, false, ERR_SIGN_IN_FAILED},
        {0x01, 6, 5, false, false, true, ERR_SIGN_IN_FAILED},
        {0x41, 6, 5, false, false, false, ERR_BAD_REQUEST}, /* a credential that is not there */
        {0x81, 6, 5, false, false, false, ERR_BAD_REQUEST}, /* extensions that are not there */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct webauthn_site other = {S("other.test"), ours.origin};
        struct webauthn_credential known = own_credential(f);
        known.sign_count = cases[i].count_known;
        str client_data = make_client_data(f, "webauthn.get", "https://loa.test:8443");
        str data = make_data(f, cases[i].flags, cases[i].count, false);
        str signature = sign(f, data, client_data);
        f->signature[5] ^= cases[i].bad_signature ? 1 : 0;
        struct webauthn_assertion assertion = {cases[i].other_id ? S("abce") : S("abcd"),
                                               client_data, data, signature};
        uint32_t count = 77;
        print_message("case %zu\n", i);
        assert_int_equal(webauthn_check_assertion(&assertion, challenge_of(f),
                                                  cases[i].other_site ? &other : &ours, &known,
                                                  &count, NULL),
                         cases[i].expected);
        assert_int_equal(count == 77, cases[i].expected != OK);
    }
}

static void refuses_authenticator_data_that_end_early_or_late(void **state)
{
    struct fixture *f = *state;
    struct webauthn_data parsed;
    str whole = arena_str(f->arena, make_data(f, 0x45, 0, true));
    assert_int_equal(webauthn_parse_data(whole, &parsed, NULL), OK);
    for (size_t len = 0; len < whole.len; len++) {
        assert_int_equal(webauthn_parse_data(str_cut(whole, 0, len), &parsed, NULL),
                         ERR_BAD_REQUEST);
    }
    buf_add_byte(&f->data, '\0');
    assert_int_equal(webauthn_parse_data(buf_str(&f->data), &parsed, NULL), ERR_BAD_REQUEST);
}

static void refuses_keys_that_are_not_of_a_kind_we_know(void **state)
{
    struct fixture *f = *state;
    static const struct {
        size_t at;
        uint8_t value;
    } changes[] = {{2, 2}, {4, 0x26}, {4, 0x38}, {6, 1}, {3, 1}, {0, 0xa5}, {0, 0xbf}, {9, 0x1f}};
    size_t key_at = 37 + 18 + 4;
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct webauthn_data parsed;
        str data = make_data(f, 0x41, 0, true);
        f->data.at[key_at + changes[i].at] = (char)changes[i].value;
        print_message("change %zu\n", i);
        assert_int_equal(webauthn_parse_data(data, &parsed, NULL), ERR_BAD_REQUEST);
    }
}

static void reads_base64url_strictly(void **state)
{
    struct fixture *f = *state;
    str bytes;
    assert_int_equal(webauthn_decode(f->arena, S("_-8"), 16, &bytes, NULL), OK);
    assert_true(str_is(bytes, S("\xff\xef")));
    assert_int_equal(webauthn_decode(f->arena, STR_NONE, 16, &bytes, NULL), OK);
    assert_int_equal(bytes.len, 0);
    assert_int_equal(webauthn_decode(f->arena, S("_-8="), 16, &bytes, NULL), ERR_BAD_REQUEST);
    assert_int_equal(webauthn_decode(f->arena, S("/+8"), 16, &bytes, NULL), ERR_BAD_REQUEST);
    assert_int_equal(webauthn_decode(f->arena, S("_-9"), 16, &bytes, NULL), ERR_BAD_REQUEST);
    assert_int_equal(webauthn_decode(f->arena, S("AAAAAAAAAAAAAAAA"), 4, &bytes, NULL),
                     ERR_TOO_BIG);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(passes_the_vectors_of_the_w3c),
        TEST(refuses_a_self_attestation_with_any_byte_changed),
        TEST(registers_and_recognises_a_key_of_our_own),
        TEST(refuses_client_data_of_another_place_or_purpose),
        TEST(refuses_an_assertion_with_one_thing_wrong),
        TEST(refuses_authenticator_data_that_end_early_or_late),
        TEST(refuses_keys_that_are_not_of_a_kind_we_know),
        TEST(reads_base64url_strictly),
    };
    return cmocka_run_group_tests_name("people: webauthn", tests, NULL, NULL);
}

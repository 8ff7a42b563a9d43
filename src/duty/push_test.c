/* Web push against the worked examples of the standards: the sealed message of RFC 8291 byte by
 * byte, the token of RFC 8292 by its own signature. */
#include "duty/push.h"

#include "base/testing.h"
#include "people/webauthn.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

struct page {
    struct arena *arena;
    struct push_pair pair;
};

static int set_up(void **state)
{
    static struct page page;
    struct entropy_seed seed = {7};
    *state = &page;
    if (arena_create(1024 * 1024, &page.arena) != OK) {
        return -1;
    }
    return push_pair_make(entropy_seeded(&seed), &page.pair, NULL) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct page *page = *state;
    arena_destroy(page->arena);
    return 0;
}

static str bytes_of(struct page *page, const char *text)
{
    str bytes = STR_NONE;
    assert_ok(webauthn_decode(page->arena, str_of(text), 4096, &bytes, NULL));
    return bytes;
}

static void fill(uint8_t *to, size_t size, str bytes)
{
    assert_int_equal(bytes.len, size);
    memcpy(to, bytes.at, size);
}

static void seals_the_watermelon_of_rfc_8291(void **state)
{
    struct page *page = *state;
    struct push_target target;
    struct push_once once;
    AUTO(buf_finish) struct buf out;
    buf_init(&out, 8192);
    fill(target.public_key, PUSH_PUBLIC_SIZE,
         bytes_of(page, "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZG"
                        "H6SRpkNtoIAiw4"));
    fill(target.auth, PUSH_AUTH_SIZE, bytes_of(page, "BTBZMqHH6r4Tts7J_aSIgg"));
    fill(once.salt, PUSH_SALT_SIZE, bytes_of(page, "DGv6ra1nlYgDCS1FRnbzlw"));
    str private_key = bytes_of(page, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
    assert_int_equal(private_key.len, PUSH_PRIVATE_SIZE);
    assert_ok(push_pair_of((const uint8_t *)private_key.at, &once.pair, NULL));
    struct push_text text = {S("When I grow up, I want to be a watermelon"), 0};
    assert_ok(push_seal(&target, &once, &text, &out, NULL));
    assert_str(buf_str(&out),
               bytes_of(page, "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
                              "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
                              "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"));
}

static void hides_how_long_a_message_is(void **state)
{
    struct page *page = *state;
    struct push_target target = {.auth = {1}};
    struct push_once once;
    struct entropy_seed seed = {11};
    memcpy(target.public_key, page->pair.public_key, PUSH_PUBLIC_SIZE);
    for (size_t size = 0; size <= PUSH_PLAIN_MOST; size += 250) {
        AUTO(buf_finish) struct buf out;
        buf_init(&out, 8192);
        str plain = {arena_take(page->arena, size + 1), size};
        struct push_text text = {plain, push_pad_for(size)};
        assert_ok(push_once_make(entropy_seeded(&seed), &once, NULL));
        assert_ok(push_seal(&target, &once, &text, &out, NULL));
        assert_int_equal((out.len - 86 - 16) % PUSH_PAD_TO, 0);
        assert_true(out.len <= 4096);
    }
    struct push_text long_text = {{arena_take(page->arena, 4096), PUSH_PLAIN_MOST + 1}, 0};
    AUTO(buf_finish) struct buf out;
    buf_init(&out, 8192);
    assert_failed(push_seal(&target, &once, &long_text, &out, NULL), ERR_TOO_BIG);
}

static void refuses_keys_that_are_no_points(void **state)
{
    struct page *page = *state;
    uint8_t bad[PUSH_PUBLIC_SIZE];
    memcpy(bad, page->pair.public_key, sizeof bad);
    str text = {(const char *)bad, sizeof bad};
    assert_true(push_key_is_fit(text));
    assert_false(push_key_is_fit(str_cut(text, 0, 33)));
    bad[40] ^= 1;
    assert_false(push_key_is_fit(text));
    bad[40] ^= 1;
    bad[0] = 6; /* hybrid: the same point, written as nobody writes it */
    assert_false(push_key_is_fit(text));
    uint8_t none[PUSH_PRIVATE_SIZE] = {0};
    struct push_pair pair;
    assert_failed(push_pair_of(none, &pair, NULL), ERR_INVALID);
    memset(none, 0xff, sizeof none);
    assert_failed(push_pair_of(none, &pair, NULL), ERR_INVALID);
}

static bool verifies(str public_key, str signed_text, str both)
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char[]){"prime256v1"}, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)public_key.at,
                                          public_key.len),
        OSSL_PARAM_construct_end()};
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *from = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    ECDSA_SIG *signature = ECDSA_SIG_new();
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned char *list = NULL;
    assert_int_equal(both.len, 64);
    assert_int_equal(EVP_PKEY_fromdata_init(from), 1);
    assert_int_equal(EVP_PKEY_fromdata(from, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    ECDSA_SIG_set0(signature, BN_bin2bn((const uint8_t *)both.at, 32, NULL),
                   BN_bin2bn((const uint8_t *)both.at + 32, 32, NULL));
    int size = i2d_ECDSA_SIG(signature, &list);
    assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
    bool right = EVP_DigestVerify(ctx, list, (size_t)size, (const uint8_t *)signed_text.at,
                                  signed_text.len) == 1;
    OPENSSL_free(list);
    ECDSA_SIG_free(signature);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(from);
    return right;
}

static void writes_the_claim_that_rfc_8292_signed(void **state)
{
    struct page *page = *state;
    struct push_claim claim = {S("https://push.example.net"), 1453523768 * USEC_SECOND,
                               S("mailto:push@example.com")};
    AUTO(buf_finish) struct buf out;
    buf_init(&out, 1024);
    assert_ok(push_claim_write(&claim, &out));
    assert_true(verifies(bytes_of(page, "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-"
                                        "dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"),
                         buf_str(&out),
                         bytes_of(page, "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1Jr"
                                        "ErtmysazNjjvW2L9OkSSHzvoD1oA")));
}

static void signs_a_word_about_itself(void **state)
{
    struct page *page = *state;
    struct push_claim claim = {S("https://push.example.net"), 1453523768 * USEC_SECOND,
                               S("mailto:push@example.com")};
    AUTO(buf_finish) struct buf out;
    buf_init(&out, 2048);
    assert_ok(push_authorize(&page->pair, &claim, &out, NULL));
    str rest = STR_NONE;
    str token = str_split(buf_str(&out), ',', &rest);
    assert_true(str_starts(token, S("vapid t=")));
    assert_true(str_starts(rest, S(" k=")));
    token = str_cut(token, 8, token.len);
    size_t last = token.len;
    while (token.at[last - 1] != '.') {
        last--;
    }
    str signature = arena_str(page->arena, str_cut(token, last, token.len));
    str key = {(const char *)page->pair.public_key, PUSH_PUBLIC_SIZE};
    assert_true(verifies(key, str_cut(token, 0, last - 1), bytes_of(page, signature.at)));
}

static void takes_only_endpoints_that_it_would_dial(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "http://push.example/x",
        "https://push.example",
        "https:///x",
        "https://a@b.example/x",
        "https://b.example?/x",
        "https://b.example/ x",
        "https://b.exam\\ple/x",
        "ftp://b.example/x",
        "https://b.ex\xc3\xa1mple/x",
        "https://b.example#/x",
        "",
    };
    str origin = STR_NONE;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(push_origin(str_of(bad[i]), &origin));
    }
    assert_true(push_origin(S("https://fcm.googleapis.com/fcm/send/x:y"), &origin));
    assert_str(origin, S("https://fcm.googleapis.com"));
    assert_true(push_origin(S("https://push.example:8443/a?b=c"), &origin));
    assert_str(origin, S("https://push.example:8443"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seals_the_watermelon_of_rfc_8291),
        cmocka_unit_test(hides_how_long_a_message_is),
        cmocka_unit_test(refuses_keys_that_are_no_points),
        cmocka_unit_test(writes_the_claim_that_rfc_8292_signed),
        cmocka_unit_test(signs_a_word_about_itself),
        cmocka_unit_test(takes_only_endpoints_that_it_would_dial),
    };
    return cmocka_run_group_tests_name("duty: push", tests, set_up, tear_down);
}

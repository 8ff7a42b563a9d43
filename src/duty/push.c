/* ECDH and ECDSA are OpenSSL's, the key derivation is written out as RFC 8291 writes it: one block
 * each, so HMAC is all it needs. */
#include "duty/push.h"

#include "base/crash.h"
#include "base/json_out.h"
#include "people/webauthn.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>

enum { SECRET = 32, KEY = 16, NONCE = 12, TAG = 16, RECORD = 4096, HALF = 32 };
enum { HEAD = PUSH_SALT_SIZE + 4 + 1 + PUSH_PUBLIC_SIZE, PAIR_TRIES = 8 };
enum { INFO_MOST = 160 };

static void free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void free_key_ctx(EVP_PKEY_CTX **ctx)
{
    EVP_PKEY_CTX_free(*ctx);
}

static void free_cipher(EVP_CIPHER_CTX **ctx)
{
    EVP_CIPHER_CTX_free(*ctx);
}

static void free_digest(EVP_MD_CTX **ctx)
{
    EVP_MD_CTX_free(*ctx);
}

static void free_group(EC_GROUP **group)
{
    EC_GROUP_free(*group);
}

static void free_point(EC_POINT **point)
{
    EC_POINT_free(*point);
}

static void free_number(BIGNUM **number)
{
    BN_clear_free(*number);
}

static void free_signature(ECDSA_SIG **signature)
{
    ECDSA_SIG_free(*signature);
}

/* --- keys ------------------------------------------------------------------------------------- */

errc push_pair_of(const uint8_t private_key[PUSH_PRIVATE_SIZE], struct push_pair *ret_pair,
                  struct why *why)
{
    AUTO(free_group) EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    AUTO(free_number) BIGNUM *number = BN_bin2bn(private_key, PUSH_PRIVATE_SIZE, NULL);
    AUTO(free_point) EC_POINT *point = group == NULL ? NULL : EC_POINT_new(group);
    struct push_pair pair;
    if (group == NULL || number == NULL || point == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for a key");
    }
    if (BN_is_zero(number) || BN_cmp(number, EC_GROUP_get0_order(group)) >= 0) {
        return fail(why, ERR_INVALID, "no private key of P-256");
    }
    if (EC_POINT_mul(group, point, number, NULL, NULL, NULL) != 1 ||
        EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, pair.public_key,
                           PUSH_PUBLIC_SIZE, NULL) != PUSH_PUBLIC_SIZE) {
        return fail(why, ERR_INTERNAL, "P-256 does not compute");
    }
    memcpy(pair.private_key, private_key, PUSH_PRIVATE_SIZE);
    *ret_pair = pair;
    return OK;
}

/* One draw in four thousand million is no key. */
errc push_pair_make(struct entropy entropy, struct push_pair *ret_pair, struct why *why)
{
    uint8_t drawn[PUSH_PRIVATE_SIZE];
    errc rc = ERR_INVALID;
    for (int i = 0; i < PAIR_TRIES && rc == ERR_INVALID; i++) {
        entropy_fill(entropy, drawn, sizeof drawn);
        rc = push_pair_of(drawn, ret_pair, why);
    }
    mem_wipe(drawn, sizeof drawn);
    return rc;
}

errc push_once_make(struct entropy entropy, struct push_once *ret_once, struct why *why)
{
    TRY(push_pair_make(entropy, &ret_once->pair, why));
    entropy_fill(entropy, ret_once->salt, PUSH_SALT_SIZE);
    return OK;
}

bool push_key_is_fit(str public_key)
{
    AUTO(free_group) EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    AUTO(free_point) EC_POINT *point = group == NULL ? NULL : EC_POINT_new(group);
    return point != NULL && public_key.len == PUSH_PUBLIC_SIZE && public_key.at[0] == 4 &&
           EC_POINT_oct2point(group, point, (const uint8_t *)public_key.at, public_key.len, NULL) ==
               1;
}

/* A key of OpenSSL; without a private half when `private_key` is null. */
static EVP_PKEY *load_key(const uint8_t *public_key, const uint8_t *private_key)
{
    AUTO(free_key_ctx) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    AUTO(free_number)
    BIGNUM *number = private_key == NULL ? NULL : BN_bin2bn(private_key, PUSH_PRIVATE_SIZE, NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY *key = NULL;
    bool ok = ctx != NULL && build != NULL &&
              OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
              OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, public_key,
                                               PUSH_PUBLIC_SIZE);
    if (ok && number != NULL) {
        ok = OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number);
    }
    params = ok ? OSSL_PARAM_BLD_to_param(build) : NULL;
    int selection = private_key == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR;
    if (params == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, selection, params) != 1) {
        key = NULL;
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    return key;
}

/* --- sealing ---------------------------------------------------------------------------------- */

static errc agree(const struct push_pair *ours, const uint8_t *theirs, uint8_t ret_secret[SECRET],
                  struct why *why)
{
    AUTO(free_key) EVP_PKEY *own = load_key(ours->public_key, ours->private_key);
    AUTO(free_key) EVP_PKEY *other = load_key(theirs, NULL);
    AUTO(free_key_ctx) EVP_PKEY_CTX *ctx = own == NULL ? NULL : EVP_PKEY_CTX_new(own, NULL);
    size_t size = SECRET;
    if (own == NULL || ctx == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for a key");
    }
    if (other == NULL || EVP_PKEY_derive_init(ctx) != 1 ||
        EVP_PKEY_derive_set_peer(ctx, other) != 1 || EVP_PKEY_derive(ctx, ret_secret, &size) != 1 ||
        size != SECRET) {
        return fail(why, ERR_INVALID, "the browser's key is no point of P-256");
    }
    return OK;
}

static void hmac(str key, str text, uint8_t ret_digest[SECRET])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const uint8_t *)key.at, key.len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)text.at, text.len);
    crypto_auth_hmacsha256_final(&state, ret_digest);
}

static str view(const uint8_t *bytes, size_t size)
{
    return (str){(const char *)bytes, size};
}

/* The first block of HKDF's expansion; none of ours is longer. */
static void expand(const uint8_t key[SECRET], str info, uint8_t ret_block[SECRET])
{
    char text[INFO_MOST];
    ENSURE(info.len < sizeof text);
    memcpy(text, info.at, info.len);
    text[info.len] = 1;
    hmac(view(key, SECRET), (str){text, info.len + 1}, ret_block);
}

struct sealing {
    uint8_t key[SECRET]; /* the first 16 bytes count */
    uint8_t nonce[SECRET];
};

/* RFC 8291, 3.4: the secret of the two keys and of the subscription, then the message's own. */
static void derive(const struct push_target *target, const struct push_once *once,
                   const uint8_t secret[SECRET], struct sealing *ret_sealing)
{
    static const char head[] = "WebPush: info"; /* with its closing zero */
    uint8_t info[sizeof head + 2 * PUSH_PUBLIC_SIZE];
    uint8_t mixed[SECRET];
    uint8_t material[SECRET];
    memcpy(info, head, sizeof head);
    memcpy(info + sizeof head, target->public_key, PUSH_PUBLIC_SIZE);
    memcpy(info + sizeof head + PUSH_PUBLIC_SIZE, once->pair.public_key, PUSH_PUBLIC_SIZE);
    hmac(view(target->auth, PUSH_AUTH_SIZE), view(secret, SECRET), mixed);
    expand(mixed, view(info, sizeof info), material);
    hmac(view(once->salt, PUSH_SALT_SIZE), view(material, SECRET), mixed);
    expand(mixed, (str){"Content-Encoding: aes128gcm", 28}, ret_sealing->key);
    expand(mixed, (str){"Content-Encoding: nonce", 24}, ret_sealing->nonce);
    mem_wipe(mixed, sizeof mixed);
    mem_wipe(material, sizeof material);
}

static errc encrypt(const struct sealing *sealing, const struct push_text *text, uint8_t *to,
                    struct why *why)
{
    AUTO(free_cipher) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t ending[PUSH_PAD_TO + 1] = {2}; /* the last record, then padding */
    int first = 0;
    int second = 0;
    int last = 0;
    if (ctx == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory to seal");
    }
    bool ok = EVP_EncryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, sealing->key, sealing->nonce) == 1 &&
              EVP_EncryptUpdate(ctx, to, &first, (const uint8_t *)text->plain.at,
                                (int)text->plain.len) == 1 &&
              EVP_EncryptUpdate(ctx, to + first, &second, ending, (int)text->pad + 1) == 1 &&
              EVP_EncryptFinal_ex(ctx, to + first + second, &last) == 1 &&
              EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG, to + first + second + last) == 1;
    return ok ? OK : fail(why, ERR_INTERNAL, "AES does not compute");
}

size_t push_pad_for(size_t plain)
{
    return (PUSH_PAD_TO - (plain + 1) % PUSH_PAD_TO) % PUSH_PAD_TO;
}

errc push_seal(const struct push_target *target, const struct push_once *once,
               const struct push_text *text, struct buf *out, struct why *why)
{
    uint8_t secret[SECRET];
    struct sealing sealing;
    if (text->plain.len > PUSH_PLAIN_MOST || text->pad > PUSH_PAD_TO) {
        return fail(why, ERR_TOO_BIG, "%zu bytes are too many for a push", text->plain.len);
    }
    size_t size = HEAD + text->plain.len + 1 + text->pad + TAG;
    uint8_t *to = (uint8_t *)buf_reserve(out, size);
    if (to == NULL) {
        return buf_check(out);
    }
    TRY(agree(&once->pair, target->public_key, secret, why));
    derive(target, once, secret, &sealing);
    memcpy(to, once->salt, PUSH_SALT_SIZE);
    to[PUSH_SALT_SIZE] = 0;
    to[PUSH_SALT_SIZE + 1] = 0;
    to[PUSH_SALT_SIZE + 2] = RECORD >> 8;
    to[PUSH_SALT_SIZE + 3] = RECORD & 0xff;
    to[PUSH_SALT_SIZE + 4] = PUSH_PUBLIC_SIZE;
    memcpy(to + PUSH_SALT_SIZE + 5, once->pair.public_key, PUSH_PUBLIC_SIZE);
    errc rc = encrypt(&sealing, text, to + HEAD, why);
    mem_wipe(secret, sizeof secret);
    mem_wipe(&sealing, sizeof sealing);
    if (rc == OK) {
        buf_advance(out, size);
    }
    return rc;
}

/* --- who we are ------------------------------------------------------------------------------- */

bool push_origin(str endpoint, str *ret_origin)
{
    str scheme = S("https://");
    if (endpoint.len > PUSH_ENDPOINT_MOST || !str_starts(endpoint, scheme)) {
        return false;
    }
    str rest = STR_NONE;
    str host = str_split(str_cut(endpoint, scheme.len, endpoint.len), '/', &rest);
    if (host.len == 0 || rest.at == NULL) {
        return false;
    }
    for (size_t i = 0; i < endpoint.len; i++) {
        if (endpoint.at[i] <= ' ' || endpoint.at[i] > '~' || endpoint.at[i] == '\\') {
            return false;
        }
    }
    if (str_has(host, '@') || str_has(host, '?') || str_has(host, '#')) {
        return false;
    }
    *ret_origin = str_cut(endpoint, 0, scheme.len + host.len);
    return true;
}

static errc write_claim(const struct push_claim *claim, struct buf *out)
{
    struct json_out json;
    json_out_init(&json, out);
    json_object(&json);
    json_str_at(&json, "aud", claim->origin);
    json_i64_at(&json, "exp", claim->expires / USEC_SECOND);
    if (claim->subject.len > 0) {
        json_str_at(&json, "sub", claim->subject);
    }
    json_end(&json);
    return json_out_check(&json);
}

errc push_claim_write(const struct push_claim *claim, struct buf *out)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, PUSH_TOKEN_MOST);
    TRY(write_claim(claim, &text));
    webauthn_encode(S("{\"typ\":\"JWT\",\"alg\":\"ES256\"}"), out);
    buf_add_byte(out, '.');
    webauthn_encode(buf_str(&text), out);
    return buf_check(out);
}

/* As two numbers of 32 bytes, not as the list that OpenSSL gives. */
static bool unpack(const uint8_t *list, size_t size, uint8_t ret_both[2 * HALF])
{
    AUTO(free_signature) ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &list, (long)size);
    return signature != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(signature), ret_both, HALF) == HALF &&
           BN_bn2binpad(ECDSA_SIG_get0_s(signature), ret_both + HALF, HALF) == HALF;
}

static errc sign(const struct push_pair *pair, str text, uint8_t ret_both[2 * HALF],
                 struct why *why)
{
    AUTO(free_key) EVP_PKEY *key = load_key(pair->public_key, pair->private_key);
    AUTO(free_digest) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t list[128];
    size_t size = sizeof list;
    if (key == NULL || ctx == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for a key");
    }
    if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(ctx, list, &size, (const uint8_t *)text.at, text.len) != 1 ||
        !unpack(list, size, ret_both)) {
        return fail(why, ERR_INTERNAL, "P-256 does not sign");
    }
    return OK;
}

errc push_authorize(const struct push_pair *pair, const struct push_claim *claim, struct buf *out,
                    struct why *why)
{
    AUTO(buf_finish) struct buf token;
    uint8_t signature[2 * HALF];
    buf_init(&token, PUSH_TOKEN_MOST);
    TRY(push_claim_write(claim, &token));
    TRY(sign(pair, buf_str(&token), signature, why));
    buf_add_text(out, "vapid t=");
    buf_add(out, buf_str(&token));
    buf_add_byte(out, '.');
    webauthn_encode(view(signature, sizeof signature), out);
    buf_add_text(out, ", k=");
    webauthn_encode(view(pair->public_key, PUSH_PUBLIC_SIZE), out);
    return buf_check(out);
}

/* OpenSSL verifies: libfido2 of Debian 12 takes an RSA modulus of 2048 bits and no other. What
 * OpenSSL says about a wrong signature is taken from its error queue again, where a later call of
 * somebody else would find it. */
#include "people/webauthn_rsa.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

enum { EXPONENT = 65537 };

errc webauthn_rsa_check(str modulus, str exponent, struct why *why)
{
    if (!str_is(exponent, (str){"\1\0\1", WEBAUTHN_RSA_EXPONENT})) {
        return fail(why, ERR_BAD_REQUEST, "an RSA key with an exponent other than 65537");
    }
    if (modulus.len < WEBAUTHN_RSA_MODULUS_LEAST || modulus.len > WEBAUTHN_RSA_MODULUS_MOST) {
        return fail(why, ERR_BAD_REQUEST, "an RSA modulus of %zu bytes", modulus.len);
    }
    uint8_t first = (uint8_t)modulus.at[0];
    bool short_of_2048 = modulus.len == WEBAUTHN_RSA_MODULUS_LEAST && first < 0x80;
    bool even = ((uint8_t)modulus.at[modulus.len - 1] & 1) == 0;
    if (first == 0 || short_of_2048 || even) {
        return fail(why, ERR_BAD_REQUEST, "an RSA modulus that is padded, short or even");
    }
    return OK;
}

static void number_close(BIGNUM **number)
{
    BN_free(*number);
}

static void build_close(OSSL_PARAM_BLD **build)
{
    OSSL_PARAM_BLD_free(*build);
}

static void params_close(OSSL_PARAM **params)
{
    OSSL_PARAM_free(*params);
}

static void key_context_close(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

static void key_close(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void digest_close(EVP_MD_CTX **digest)
{
    EVP_MD_CTX_free(*digest);
}

/* Null when OpenSSL has no memory. */
static EVP_PKEY *make_key(str modulus)
{
    AUTO(number_close)
    BIGNUM *number = BN_bin2bn((const uint8_t *)modulus.at, (int)modulus.len, NULL);
    AUTO(build_close) OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    AUTO(key_context_close)
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (number == NULL || build == NULL || context == NULL ||
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, number) != 1 ||
        OSSL_PARAM_BLD_push_ulong(build, OSSL_PKEY_PARAM_RSA_E, EXPONENT) != 1) {
        return NULL;
    }
    AUTO(params_close) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY *key = NULL;
    if (params == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        return NULL;
    }
    return key;
}

errc webauthn_rsa_verify(str key, str data, str client_hash, str signature, struct why *why)
{
    size_t modulus = key.len > WEBAUTHN_RSA_EXPONENT ? key.len - WEBAUTHN_RSA_EXPONENT : 0;
    if (webauthn_rsa_check(str_cut(key, 0, modulus), str_cut(key, modulus, key.len), NULL) != OK) {
        return fail(why, ERR_CORRUPT, "an RSA key of %zu bytes that was never let in", key.len);
    }
    AUTO(key_close) EVP_PKEY *rsa = make_key(str_cut(key, 0, modulus));
    AUTO(digest_close) EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (rsa == NULL || digest == NULL ||
        EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, rsa) != 1 ||
        EVP_DigestVerifyUpdate(digest, data.at, data.len) != 1 ||
        EVP_DigestVerifyUpdate(digest, client_hash.at, client_hash.len) != 1) {
        ERR_clear_error();
        return fail(why, ERR_NO_MEMORY, "no memory to verify with RSA");
    }
    bool right = EVP_DigestVerifyFinal(digest, (const uint8_t *)signature.at, signature.len) == 1;
    ERR_clear_error();
    return right ? OK : fail(why, ERR_SIGN_IN_FAILED, "the RSA signature is another one");
}

/* For tests: an authenticator with an RSA key, as a TPM is one. Sizes are those of its COSE key and
 * signature as they travel. */
#ifndef LOA_PEOPLE_WEBAUTHN_RSA_TESTING_H
#define LOA_PEOPLE_WEBAUTHN_RSA_TESTING_H

#include "people/webauthn.h"

#include "base/crash.h"
#include "base/hash.h"
#include "people/webauthn_rsa.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

static inline void rsa_close(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static inline EVP_PKEY *rsa_make(unsigned bits)
{
    EVP_PKEY *key = EVP_RSA_gen(bits);
    ENSURE(key != NULL);
    return key;
}

/* The COSE key of this modulus, canonical: kty 3, alg -257, n, e. */
static inline void rsa_add_cose(struct buf *out, str modulus, str exponent)
{
    const uint8_t size[] = {(uint8_t)(modulus.len >> 8), (uint8_t)modulus.len};
    buf_add(out, (str){"\xa4\1\3\3\x39\1\0\x20\x59", 9});
    buf_add(out, (str){(const char *)size, sizeof(size)});
    buf_add(out, modulus);
    buf_add_byte(out, 0x21);
    buf_add_byte(out, (char)(0x40 + exponent.len));
    buf_add(out, exponent);
}

static inline void rsa_add_key(struct buf *out, const EVP_PKEY *key)
{
    uint8_t bytes[WEBAUTHN_RSA_MODULUS_MOST];
    BIGNUM *modulus = NULL;
    ENSURE(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1);
    int len = BN_num_bytes(modulus);
    ENSURE(BN_bn2binpad(modulus, bytes, len) == len);
    BN_free(modulus);
    rsa_add_cose(out, (str){(const char *)bytes, (size_t)len}, S("\1\0\1"));
}

/* Signs what an authenticator signs: its data, then the digest of the client data. */
static inline str rsa_sign(EVP_PKEY *key, str data, str client_data,
                           uint8_t room[WEBAUTHN_SIGNATURE_MOST])
{
    hash client = hash_sha256(client_data);
    size_t len = WEBAUTHN_SIGNATURE_MOST;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    ENSURE(digest != NULL && EVP_DigestSignInit(digest, NULL, EVP_sha256(), NULL, key) == 1);
    ENSURE(EVP_DigestSignUpdate(digest, data.at, data.len) == 1);
    ENSURE(EVP_DigestSignUpdate(digest, client.bytes, HASH_SIZE) == 1);
    ENSURE(EVP_DigestSignFinal(digest, room, &len) == 1);
    EVP_MD_CTX_free(digest);
    return (str){(const char *)room, len};
}

#endif

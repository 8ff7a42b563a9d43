/* Version byte, nonce, and the fields in network order with the secret behind them, encrypted and
 * authenticated together (XChaCha20-Poly1305). */
#include "signer/vault.h"

#include "base/hash.h"

#include <sodium.h>

enum {
    VERSION = 1,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    NUMBERS = 4,
    PLAIN = NUMBERS * 8 + COSE_SECRET_SIZE,
    SEALED = 1 + NONCE + PLAIN + TAG,
};

static const uint8_t purpose[] = "loa:signer:unit-key:1";

_Static_assert((int)SEALED <= (int)SIGNING_SEALED_MOST, "a sealed secret fits its place");
_Static_assert(VAULT_KEY_SIZE == (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");

errc vault_key_parse(str text, struct vault_key *ret_key, struct why *why)
{
    hash bytes;
    if (!hash_parse(str_trim(text), &bytes)) {
        return fail(why, ERR_INVALID, "a key is 64 hexadecimal digits");
    }
    memcpy(ret_key->bytes, bytes.bytes, VAULT_KEY_SIZE);
    mem_wipe(&bytes, sizeof bytes);
    return OK;
}

static void put_number(uint8_t *at, uint64_t value)
{
    for (int i = 0; i < 8; i++) {
        at[i] = (uint8_t)(value >> (56 - 8 * i));
    }
}

static uint64_t take_number(const uint8_t *at)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

void vault_seal(const struct vault_key *key, const struct vault_secret *secret,
                struct entropy entropy, struct signing_made *made)
{
    uint8_t plain[PLAIN];
    put_number(plain, secret->use);
    put_number(plain + 8, secret->unit);
    put_number(plain + 16, secret->tier);
    put_number(plain + 24, (uint64_t)secret->to);
    memcpy(plain + NUMBERS * 8, secret->secret, COSE_SECRET_SIZE);
    uint8_t *sealed = made->sealed;
    sealed[0] = VERSION;
    entropy_fill(entropy, sealed + 1, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + 1 + NONCE, NULL, plain, sizeof plain,
                                               purpose, sizeof purpose - 1, NULL, sealed + 1,
                                               key->bytes);
    mem_wipe(plain, sizeof plain);
    made->sealed_len = SEALED;
}

errc vault_open(const struct vault_key *key, str sealed, struct vault_secret *ret_secret,
                struct why *why)
{
    const uint8_t *bytes = (const uint8_t *)sealed.at;
    uint8_t plain[PLAIN];
    bool opens = sealed.len == SEALED && bytes[0] == VERSION &&
                 crypto_aead_xchacha20poly1305_ietf_decrypt(
                     plain, NULL, NULL, bytes + 1 + NONCE, SEALED - 1 - NONCE, purpose,
                     sizeof purpose - 1, bytes + 1, key->bytes) == 0;
    if (!opens) {
        return fail(why, ERR_CORRUPT, "a sealed key does not open with this signer's key");
    }
    ret_secret->use = (enum key_use)take_number(plain);
    ret_secret->unit = take_number(plain + 8);
    ret_secret->tier = take_number(plain + 16);
    ret_secret->to = (usec)take_number(plain + 24);
    memcpy(ret_secret->secret, plain + NUMBERS * 8, COSE_SECRET_SIZE);
    mem_wipe(plain, sizeof plain);
    return OK;
}

void vault_secret_wipe(struct vault_secret *secret)
{
    mem_wipe(secret, sizeof *secret);
}

/* libsodium's generic hash behind our own value type. */
#include "base/hash.h"

#include "base/crash.h"

#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(struct hasher) >= sizeof(crypto_generichash_state), "room for the state");
_Static_assert(crypto_generichash_BYTES == HASH_SIZE, "BLAKE2b-256");
_Static_assert(crypto_hash_sha256_BYTES == HASH_SIZE, "SHA-256");

static crypto_generichash_state *state_of(struct hasher *hasher)
{
    return (crypto_generichash_state *)(void *)hasher->state;
}

void hasher_start(struct hasher *hasher)
{
    ENSURE(sodium_init() >= 0); /* picks the fastest code for this processor, once */
    ENSURE(crypto_generichash_init(state_of(hasher), NULL, 0, HASH_SIZE) == 0);
}

void hasher_add(struct hasher *hasher, const void *bytes, size_t size)
{
    ENSURE(crypto_generichash_update(state_of(hasher), bytes, size) == 0);
}

hash hasher_end(struct hasher *hasher)
{
    hash value;
    ENSURE(crypto_generichash_final(state_of(hasher), value.bytes, HASH_SIZE) == 0);
    return value;
}

hash hash_of(str bytes)
{
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, bytes.at, bytes.len);
    return hasher_end(&hasher);
}

hash hash_sha256(str bytes)
{
    hash value;
    ENSURE(crypto_hash_sha256(value.bytes, (const unsigned char *)bytes.at, bytes.len) == 0);
    return value;
}

bool hash_is(hash a, hash b)
{
    return sodium_memcmp(a.bytes, b.bytes, HASH_SIZE) == 0;
}

void hash_text(hash value, char text[HASH_TEXT_SIZE])
{
    sodium_bin2hex(text, HASH_TEXT_SIZE, value.bytes, HASH_SIZE);
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool hash_parse(str text, hash *ret_hash)
{
    hash value;
    if (text.len != 2 * HASH_SIZE) {
        return false;
    }
    for (size_t i = 0; i < HASH_SIZE; i++) {
        int high = hex_value(text.at[2 * i]);
        int low = hex_value(text.at[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        value.bytes[i] = (uint8_t)(high * 16 + low);
    }
    *ret_hash = value;
    return true;
}

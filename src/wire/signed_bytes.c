/* Ed25519 of libsodium over a few bytes. */
#include "wire/signed_bytes.h"

#include "base/crash.h"

#include <sodium.h>

void signed_add(struct signed_bytes *to, const void *bytes, size_t size)
{
    ENSURE(size <= sizeof to->bytes - to->size);
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

void signed_add_u64(struct signed_bytes *to, uint64_t number)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    }
    signed_add(to, bytes, sizeof bytes);
}

wire_signature signed_make(const struct signed_bytes *from, const uint8_t secret[COSE_SECRET_SIZE])
{
    wire_signature signature;
    ENSURE(crypto_sign_detached(signature.bytes, NULL, from->bytes, from->size, secret) == 0);
    return signature;
}

bool signed_check(const struct signed_bytes *from, const wire_signature *signature, hash key)
{
    return crypto_sign_verify_detached(signature->bytes, from->bytes, from->size, key.bytes) == 0;
}

/* The proof of possession at attach, and the fingerprint of a key. */
#include "wire/proof.h"

#include "wire/signed_bytes.h"

enum { FINGERPRINT_BITS = 5, FINGERPRINT_GROUP = 4 };

static struct signed_bytes bytes_of(const struct proof_facts *facts)
{
    static const char purpose[] = "loa-attach-1";
    struct signed_bytes bytes = {.size = 0};
    signed_add(&bytes, purpose, sizeof purpose - 1);
    signed_add(&bytes, facts->nonce.bytes, sizeof facts->nonce.bytes);
    signed_add(&bytes, facts->channel.bytes, sizeof facts->channel.bytes);
    signed_add_u64(&bytes, facts->version);
    signed_add(&bytes, facts->boot.bytes, sizeof facts->boot.bytes);
    return bytes;
}

wire_signature proof_make(const struct proof_facts *facts, const uint8_t secret[COSE_SECRET_SIZE])
{
    struct signed_bytes bytes = bytes_of(facts);
    return signed_make(&bytes, secret);
}

bool proof_check(const struct proof_facts *facts, const wire_signature *proof, hash device_key)
{
    struct signed_bytes bytes = bytes_of(facts);
    return signed_check(&bytes, proof, device_key);
}

void fingerprint_write(hash device_key, char text[FINGERPRINT_SIZE])
{
    static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    hash digest = hash_of((str){(const char *)device_key.bytes, sizeof device_key.bytes});
    uint32_t bits = 0;
    int held = 0;
    size_t from = 0;
    for (size_t i = 0; i < FINGERPRINT_SIZE - 1; i++) {
        if (i % (FINGERPRINT_GROUP + 1) == FINGERPRINT_GROUP) {
            text[i] = '-';
            continue;
        }
        if (held < FINGERPRINT_BITS) {
            bits = bits << 8 | digest.bytes[from++];
            held += 8;
        }
        held -= FINGERPRINT_BITS;
        text[i] = letters[bits >> held & 31];
    }
    text[FINGERPRINT_SIZE - 1] = '\0';
}

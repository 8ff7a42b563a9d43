/* How a device proves that it holds its key: Ed25519 over "loa-attach-1", the server's nonce, the
 * bytes that bind the proof to this TLS connection (RFC 9266 exporter; zeros without TLS), version
 * and boot. */
#ifndef LOA_WIRE_PROOF_H
#define LOA_WIRE_PROOF_H

#include "wire/cose.h"

struct proof_facts {
    hash nonce;
    hash channel; /* zeros without TLS */
    uint64_t version;
    wire_id boot;
};

wire_signature proof_make(const struct proof_facts *facts, const uint8_t secret[COSE_SECRET_SIZE]);
bool proof_check(const struct proof_facts *facts, const wire_signature *proof, hash device_key);

/* What people compare: eight groups of four digits and letters without 0, 1, I and O, which stand
 * for the first 160 bits of the BLAKE2b-256 of the key. */
enum { FINGERPRINT_SIZE = 40 };
void fingerprint_write(hash device_key, char text[FINGERPRINT_SIZE]);

#endif

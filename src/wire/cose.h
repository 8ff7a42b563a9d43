/* COSE_Sign1 with Ed25519 (RFC 9052, RFC 9053), the one form that orders, certificates and
 * revocations have. Reading is strict: exactly our headers, nothing else, deterministic. */
#ifndef LOA_WIRE_COSE_H
#define LOA_WIRE_COSE_H

#include "wire/types.h"

enum { COSE_SECRET_SIZE = 64 }; /* libsodium's Ed25519 secret key */

typedef struct wire_kid {
    uint8_t bytes[WIRE_KID_SIZE];
} wire_kid;

wire_kid kid_of(hash key); /* the first 8 bytes of the BLAKE2b-256 of the public key */
bool kid_is(wire_kid a, wire_kid b);
hash cose_public(const uint8_t secret[COSE_SECRET_SIZE]); /* the public half of a secret key */

/* What is signed is bound to its use, so that one can never be taken for another: external_aad. */
enum cose_use { COSE_ORDER, COSE_CERT, COSE_REVOCATIONS };

struct cose {
    wire_kid kid;
    str payload;        /* a view */
    str protected_head; /* a view */
    wire_signature signature;
};

CHECKED errc cose_sign(enum cose_use use, str payload, const uint8_t secret[COSE_SECRET_SIZE],
                       struct buf *out);
CHECKED errc cose_read(str bytes, struct cose *ret_cose, struct why *why);
/* Whether this key signed it for this use. False also when there is no memory for the check. */
bool cose_check(enum cose_use use, const struct cose *cose, hash key);

#endif

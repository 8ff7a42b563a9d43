/* RSA keys of RS256 (RSASSA-PKCS1-v1_5 with SHA-256): what the TPM behind Windows Hello makes. Only
 * a modulus of 2048 to 4096 bits and the exponent 65537 are let in, so that neither a weak key nor
 * one that is slow to verify gets past the registration. Pure: bytes in, a verdict out. */
#ifndef LOA_PEOPLE_WEBAUTHN_RSA_H
#define LOA_PEOPLE_WEBAUTHN_RSA_H

#include "base/base.h"

enum {
    WEBAUTHN_RSA_MODULUS_LEAST = 256,
    WEBAUTHN_RSA_MODULUS_MOST = 512, /* also the longest signature */
    WEBAUTHN_RSA_EXPONENT = 3,       /* bytes of 65537 */
};

/* Big-endian without leading zeros; ERR_BAD_REQUEST for a key that is not let in. */
CHECKED errc webauthn_rsa_check(str modulus, str exponent, struct why *why);
/* `key` is the modulus with the exponent behind it, as it is kept; the signature covers `data` and
 * `client_hash`, in this order. ERR_CORRUPT for a kept key that would not be let in. */
CHECKED errc webauthn_rsa_verify(str key, str data, str client_hash, str signature,
                                 struct why *why);

#endif

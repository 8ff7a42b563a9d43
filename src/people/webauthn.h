/* WebAuthn as the relying party: the answers of a browser and its authenticator are parsed
 * strictly, and believed only when the challenge, the origin, the relying party and the signature
 * are ours. Attestation "none" and self attestation are accepted: who made the key does not matter
 * here, that it is the same key later does. ES256, EdDSA, and RS256, because Windows Hello on many
 * office computers has nothing else.
 *
 * All of it is pure: bytes in, a credential or a reason out. ERR_BAD_REQUEST is for what is
 * malformed, ERR_SIGN_IN_FAILED for what is well-formed and not to be believed. */
#ifndef LOA_PEOPLE_WEBAUTHN_H
#define LOA_PEOPLE_WEBAUTHN_H

#include "base/base.h"

enum {
    WEBAUTHN_CHALLENGE_SIZE = 32,
    WEBAUTHN_ID_MOST = 1023,
    WEBAUTHN_KEY_MOST = 520, /* an RSA modulus of 4096 bits and its exponent */
    WEBAUTHN_CLIENT_DATA_MOST = 4096,
    WEBAUTHN_ATTESTATION_MOST = 8192,
    WEBAUTHN_DATA_MOST = 4096,
    WEBAUTHN_SIGNATURE_MOST = 512,
};

/* COSE's numbers. */
enum webauthn_algorithm { WEBAUTHN_ES256 = -7, WEBAUTHN_EDDSA = -8, WEBAUTHN_RS256 = -257 };

struct webauthn_site {
    str rp_id;  /* "loa.example.gov.vn" */
    str origin; /* "https://loa.example.gov.vn" */
};

struct webauthn_credential {
    str id; /* a view into what was parsed */
    enum webauthn_algorithm algorithm;
    uint8_t key[WEBAUTHN_KEY_MOST]; /* x and y; the 32 bytes of Ed25519; modulus, exponent */
    size_t key_size;
    uint32_t sign_count;
    bool user_verified;
};

/* What the authenticator says about itself, taken apart. */
struct webauthn_data {
    str rp_hash;
    uint8_t flags;
    uint32_t sign_count;
    bool has_credential;
    struct webauthn_credential credential;
};

struct webauthn_registration {
    str client_data;
    str attestation_object;
};

struct webauthn_assertion {
    str id;
    str client_data;
    str authenticator_data;
    str signature;
};

/* The algorithm of this number; false for one that is not accepted here. */
CHECKED bool webauthn_algorithm_of(int64_t number, enum webauthn_algorithm *ret_algorithm);
/* `type` is "webauthn.create" or "webauthn.get". */
CHECKED errc webauthn_check_client_data(str client_data, const char *type, str challenge,
                                        const struct webauthn_site *site, struct why *why);
CHECKED errc webauthn_parse_data(str data, struct webauthn_data *ret_data, struct why *why);
CHECKED errc webauthn_check_registration(const struct webauthn_registration *registration,
                                         str challenge, const struct webauthn_site *site,
                                         struct webauthn_credential *ret_credential,
                                         struct why *why);
/* `known` is the credential as it was registered, with the last sign count seen; a count that does
 * not grow is the sign of a copied key. *ret_sign_count is to be kept. */
CHECKED errc webauthn_check_assertion(const struct webauthn_assertion *assertion, str challenge,
                                      const struct webauthn_site *site,
                                      const struct webauthn_credential *known,
                                      uint32_t *ret_sign_count, struct why *why);
/* Base64url without padding, the text form of every byte string above. */
CHECKED errc webauthn_decode(struct arena *arena, str text, size_t most, str *ret_bytes,
                             struct why *why);
void webauthn_encode(str bytes, struct buf *out);

#endif

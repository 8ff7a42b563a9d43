/* Secrets as they lie in the database: sealed with the signer's own key, which never leaves its
 * process, together with what the secret may be used for. Whoever holds the database holds nothing;
 * whoever swaps two of them has changed nothing that he may do. */
#ifndef LOA_SIGNER_VAULT_H
#define LOA_SIGNER_VAULT_H

#include "base/entropy.h"
#include "wire/signing.h"

enum { VAULT_KEY_SIZE = 32 };

struct vault_key {
    uint8_t bytes[VAULT_KEY_SIZE];
};

/* What a sealed value holds. */
struct vault_secret {
    enum key_use use;
    uint64_t unit;
    uint64_t tier;
    usec to; /* of its certificate */
    uint8_t secret[COSE_SECRET_SIZE];
};

/* 64 hexadecimal digits. */
CHECKED errc vault_key_parse(str text, struct vault_key *ret_key, struct why *why);
void vault_seal(const struct vault_key *key, const struct vault_secret *secret,
                struct entropy entropy, struct signing_made *made);
/* ERR_CORRUPT: changed, or sealed with another key. The caller wipes the secret. */
CHECKED errc vault_open(const struct vault_key *key, str sealed, struct vault_secret *ret_secret,
                        struct why *why);
void vault_secret_wipe(struct vault_secret *secret); /* for AUTO too */

#endif

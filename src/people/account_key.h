/* The server's own secret for what must not be readable in a stolen database: second-factor
 * secrets are sealed with it (XChaCha20-Poly1305), recovery codes and one-way marks are keyed with
 * it (BLAKE2b). The key never enters the database; the server reads it from a file at start. */
#ifndef LOA_PEOPLE_ACCOUNT_KEY_H
#define LOA_PEOPLE_ACCOUNT_KEY_H

#include "base/base.h"
#include "base/entropy.h"
#include "base/hash.h"

enum { ACCOUNT_KEY_SIZE = 32, SEAL_OVERHEAD = 1 + 24 + 16, SEAL_PLAIN_MOST = 256 };

struct account_key {
    uint8_t bytes[ACCOUNT_KEY_SIZE];
};

/* 64 hex digits, as the server's key file holds them. */
CHECKED errc account_key_parse(str text, struct account_key *ret_key, struct why *why);
/* Which secret: with whose key, for which purpose, of which account. */
struct account_seal {
    const struct account_key *key;
    const char *purpose;
    int64_t account_id;
};

/* Sealed for one account and purpose: put in another row or another use, it does not open. */
CHECKED errc account_key_seal(const struct account_seal *seal, str plain, struct entropy entropy,
                              struct arena *arena, str *ret_sealed, struct why *why);
/* ERR_CORRUPT when it was changed, moved or sealed with another key. */
CHECKED errc account_key_open(const struct account_seal *seal, str sealed, struct arena *arena,
                              str *ret_plain, struct why *why);
/* A keyed digest: the same text gives the same mark, and no mark tells the text. */
hash account_key_mark(const struct account_seal *seal, str text);

#endif

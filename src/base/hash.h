/* Digests. BLAKE2b-256 names media and chains the audit; SHA-256 is for what others define. */
#ifndef LOA_BASE_HASH_H
#define LOA_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { HASH_SIZE = 32, HASH_TEXT_SIZE = 2 * HASH_SIZE + 1 };

typedef struct hash {
    uint8_t bytes[HASH_SIZE];
} hash;

struct hasher {
    _Alignas(64) unsigned char state[384];
};

void hasher_start(struct hasher *hasher);
void hasher_add(struct hasher *hasher, const void *bytes, size_t size);
hash hasher_end(struct hasher *hasher);
hash hash_of(str bytes);
hash hash_sha256(str bytes);
bool hash_is(hash a, hash b);                          /* in constant time */
void hash_text(hash value, char text[HASH_TEXT_SIZE]); /* lower-case hex */
CHECKED bool hash_parse(str text, hash *ret_hash);

#endif

/* What the device's own key signs outside of COSE: a purpose, so that one signature can never be
 * taken for another, then values of fixed size, numbers with the highest byte first. */
#ifndef LOA_WIRE_SIGNED_BYTES_H
#define LOA_WIRE_SIGNED_BYTES_H

#include "wire/cose.h"

enum { SIGNED_BYTES_MOST = 128 };

struct signed_bytes {
    size_t size;
    uint8_t bytes[SIGNED_BYTES_MOST];
};

void signed_add(struct signed_bytes *to, const void *bytes, size_t size);
void signed_add_u64(struct signed_bytes *to, uint64_t number);
wire_signature signed_make(const struct signed_bytes *from, const uint8_t secret[COSE_SECRET_SIZE]);
bool signed_check(const struct signed_bytes *from, const wire_signature *signature, hash key);

#endif

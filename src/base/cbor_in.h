/* Reading CBOR from strangers (devices, authenticators), piece by piece, with libcbor's streaming
 * decoder: nothing is allocated, so a length that lies costs nothing. Only what the canonical forms
 * (CTAP2; RFC 8949, 4.2.1) allow is read: definite lengths, no tags, no floats, at most four
 * levels. Views point into the input. Any thread; errors are ERR_BAD_REQUEST. */
#ifndef LOA_BASE_CBOR_IN_H
#define LOA_BASE_CBOR_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/errors.h"
#include "base/str.h"

enum { CBOR_DEPTH = 4 };

enum cbor_kind {
    CBOR_KIND_NONE, /* a piece that this reader does not accept */
    CBOR_KIND_UINT,
    CBOR_KIND_NEGATIVE, /* the value is -1 - number */
    CBOR_KIND_BYTES,
    CBOR_KIND_TEXT,
    CBOR_KIND_ARRAY,
    CBOR_KIND_MAP,
    CBOR_KIND_BOOL,
    CBOR_KIND_NULL,
};

struct cbor_piece {
    enum cbor_kind kind;
    uint64_t number; /* value, or how many items (pairs) follow */
    str bytes;
};

struct cbor_reader {
    str rest;
    bool shortest; /* refuse numbers and lengths that could have been written shorter */
};

CHECKED errc cbor_next(struct cbor_reader *reader, struct cbor_piece *ret_piece, struct why *why);
/* The next piece, which must be of this kind. */
CHECKED errc cbor_expect(struct cbor_reader *reader, enum cbor_kind kind,
                         struct cbor_piece *ret_piece, struct why *why);
/* An integer of either sign that fits. */
CHECKED errc cbor_next_int(struct cbor_reader *reader, int64_t *ret_number, struct why *why);
/* Steps over one whole item with everything in it. */
CHECKED errc cbor_skip(struct cbor_reader *reader, struct why *why);

#endif

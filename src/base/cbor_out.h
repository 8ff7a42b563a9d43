/* Writing CBOR, piece by piece, in its deterministic form (RFC 8949, 4.2.1): every head as short as
 * it can be, every length known before what it counts. A failure stays in the buf. */
#ifndef LOA_BASE_CBOR_OUT_H
#define LOA_BASE_CBOR_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

void cbor_uint(struct buf *out, uint64_t value);
void cbor_int(struct buf *out, int64_t value);
void cbor_bool(struct buf *out, bool value);
void cbor_bytes(struct buf *out, str value);
void cbor_text(struct buf *out, str value);     /* UTF-8 is the caller's to see to */
void cbor_array(struct buf *out, size_t count); /* that many values follow */
void cbor_map(struct buf *out, size_t count);   /* that many pairs follow, keys ascending */

#endif

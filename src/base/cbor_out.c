/* libcbor's encoders behind a buf. */
#include "base/cbor_out.h"

#include <cbor.h>

enum { HEAD_MOST = 9 };

typedef unsigned char head[HEAD_MOST];

static void put(struct buf *out, const unsigned char *bytes, size_t size)
{
    buf_add(out, (str){(const char *)bytes, size});
}

void cbor_uint(struct buf *out, uint64_t value)
{
    head bytes;
    put(out, bytes, cbor_encode_uint(value, bytes, sizeof bytes));
}

void cbor_int(struct buf *out, int64_t value)
{
    head bytes;
    if (value >= 0) {
        cbor_uint(out, (uint64_t)value);
    } else {
        put(out, bytes, cbor_encode_negint((uint64_t)(-1 - value), bytes, sizeof bytes));
    }
}

void cbor_bool(struct buf *out, bool value)
{
    head bytes;
    put(out, bytes, cbor_encode_bool(value, bytes, sizeof bytes));
}

void cbor_bytes(struct buf *out, str value)
{
    head bytes;
    put(out, bytes, cbor_encode_bytestring_start(value.len, bytes, sizeof bytes));
    buf_add(out, value);
}

void cbor_text(struct buf *out, str value)
{
    head bytes;
    put(out, bytes, cbor_encode_string_start(value.len, bytes, sizeof bytes));
    buf_add(out, value);
}

void cbor_array(struct buf *out, size_t count)
{
    head bytes;
    put(out, bytes, cbor_encode_array_start(count, bytes, sizeof bytes));
}

void cbor_map(struct buf *out, size_t count)
{
    head bytes;
    put(out, bytes, cbor_encode_map_start(count, bytes, sizeof bytes));
}

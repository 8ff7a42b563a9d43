/* libcbor calls back once per piece; the callback keeps it in a cbor_piece. */
#include "base/cbor_in.h"

#include <cbor.h>

static void keep(void *ctx, enum cbor_kind kind, uint64_t number)
{
    *(struct cbor_piece *)ctx = (struct cbor_piece){.kind = kind, .number = number};
}

static void on_uint8(void *ctx, uint8_t value)
{
    keep(ctx, CBOR_KIND_UINT, value);
}

static void on_uint16(void *ctx, uint16_t value)
{
    keep(ctx, CBOR_KIND_UINT, value);
}

static void on_uint32(void *ctx, uint32_t value)
{
    keep(ctx, CBOR_KIND_UINT, value);
}

static void on_uint64(void *ctx, uint64_t value)
{
    keep(ctx, CBOR_KIND_UINT, value);
}

static void on_negint8(void *ctx, uint8_t value)
{
    keep(ctx, CBOR_KIND_NEGATIVE, value);
}

static void on_negint16(void *ctx, uint16_t value)
{
    keep(ctx, CBOR_KIND_NEGATIVE, value);
}

static void on_negint32(void *ctx, uint32_t value)
{
    keep(ctx, CBOR_KIND_NEGATIVE, value);
}

static void on_negint64(void *ctx, uint64_t value)
{
    keep(ctx, CBOR_KIND_NEGATIVE, value);
}

static void on_bytes(void *ctx, cbor_data at, size_t len)
{
    keep(ctx, CBOR_KIND_BYTES, len);
    ((struct cbor_piece *)ctx)->bytes = (str){(const char *)at, len};
}

static void on_text(void *ctx, cbor_data at, size_t len)
{
    keep(ctx, CBOR_KIND_TEXT, len);
    ((struct cbor_piece *)ctx)->bytes = (str){(const char *)at, len};
}

static void on_array(void *ctx, size_t count)
{
    keep(ctx, CBOR_KIND_ARRAY, count);
}

static void on_map(void *ctx, size_t count)
{
    keep(ctx, CBOR_KIND_MAP, count);
}

static void on_boolean(void *ctx, bool value)
{
    keep(ctx, CBOR_KIND_BOOL, value ? 1 : 0);
}

static void on_null(void *ctx)
{
    keep(ctx, CBOR_KIND_NULL, 0);
}

static struct cbor_callbacks callbacks(void)
{
    struct cbor_callbacks to = cbor_empty_callbacks; /* what stays empty leaves CBOR_KIND_NONE */
    to.uint8 = on_uint8;
    to.uint16 = on_uint16;
    to.uint32 = on_uint32;
    to.uint64 = on_uint64;
    to.negint8 = on_negint8;
    to.negint16 = on_negint16;
    to.negint32 = on_negint32;
    to.negint64 = on_negint64;
    to.byte_string = on_bytes;
    to.string = on_text;
    to.array_start = on_array;
    to.map_start = on_map;
    to.boolean = on_boolean;
    to.null = on_null;
    return to;
}

/* Bytes that the first byte and its number need. */
static size_t head_size(uint64_t number)
{
    if (number <= UINT8_MAX) {
        return number < 24 ? 1 : 2;
    }
    if (number <= UINT32_MAX) {
        return number <= UINT16_MAX ? 3 : 5;
    }
    return 9;
}

static bool is_shortest(const struct cbor_piece *piece, size_t size)
{
    return size == head_size(piece->number) + piece->bytes.len; /* a simple value is its head */
}

errc cbor_next(struct cbor_reader *reader, struct cbor_piece *ret_piece, struct why *why)
{
    struct cbor_callbacks to = callbacks();
    struct cbor_piece piece = {.kind = CBOR_KIND_NONE};
    struct cbor_decoder_result result =
        cbor_stream_decode((cbor_data)reader->rest.at, reader->rest.len, &to, &piece);
    if (result.status != CBOR_DECODER_FINISHED) {
        return fail(why, ERR_BAD_REQUEST, "CBOR that ends early or is not CBOR");
    }
    if (piece.kind == CBOR_KIND_NONE) {
        return fail(why, ERR_BAD_REQUEST, "CBOR of a kind that has no place here");
    }
    if (reader->shortest && !is_shortest(&piece, result.read)) {
        return fail(why, ERR_BAD_REQUEST, "CBOR with a number that is longer than it needs to be");
    }
    reader->rest = str_cut(reader->rest, result.read, reader->rest.len);
    *ret_piece = piece;
    return OK;
}

errc cbor_expect(struct cbor_reader *reader, enum cbor_kind kind, struct cbor_piece *ret_piece,
                 struct why *why)
{
    struct cbor_piece piece;
    TRY(cbor_next(reader, &piece, why));
    if (piece.kind != kind) {
        return fail(why, ERR_BAD_REQUEST, "CBOR kind %d where %d was expected", (int)piece.kind,
                    (int)kind);
    }
    *ret_piece = piece;
    return OK;
}

errc cbor_next_int(struct cbor_reader *reader, int64_t *ret_number, struct why *why)
{
    struct cbor_piece piece;
    TRY(cbor_next(reader, &piece, why));
    if ((piece.kind != CBOR_KIND_UINT && piece.kind != CBOR_KIND_NEGATIVE) ||
        piece.number > INT32_MAX) {
        return fail(why, ERR_BAD_REQUEST, "CBOR without a small number where one was expected");
    }
    *ret_number = piece.kind == CBOR_KIND_UINT ? (int64_t)piece.number : -1 - (int64_t)piece.number;
    return OK;
}

static errc skip_at(struct cbor_reader *reader, int depth, struct why *why)
{
    struct cbor_piece piece;
    TRY(cbor_next(reader, &piece, why));
    if (piece.kind != CBOR_KIND_ARRAY && piece.kind != CBOR_KIND_MAP) {
        return OK;
    }
    if (depth == CBOR_DEPTH) {
        return fail(why, ERR_BAD_REQUEST, "CBOR is nested deeper than %d", CBOR_DEPTH);
    }
    if (piece.number > reader->rest.len) { /* each item has at least a byte */
        return fail(why, ERR_BAD_REQUEST, "CBOR that ends early");
    }
    uint64_t items = piece.kind == CBOR_KIND_MAP ? 2 * piece.number : piece.number;
    for (uint64_t i = 0; i < items; i++) {
        TRY(skip_at(reader, depth + 1, why));
    }
    return OK;
}

errc cbor_skip(struct cbor_reader *reader, struct why *why)
{
    return skip_at(reader, 0, why);
}

/* One CBOR array in the order of struct authority. Lists of fixed-size things are byte strings, so
 * that the count is their length; certificates are the records of the wire. */
#include "agent/authority_pack.h"

#include "base/cbor_in.h"
#include "base/cbor_out.h"
#include "wire/codec.h"

enum { PACK_VERSION = 1, PACK_FIELDS = 17, SEEN_SIZE = WIRE_KID_SIZE + 24, TARGET_FIELDS = 8 };

static void put_u64(uint8_t *to, uint64_t number)
{
    for (int i = 7; i >= 0; i--) {
        to[i] = (uint8_t)number;
        number >>= 8;
    }
}

static uint64_t get_u64(const uint8_t *from)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++) {
        number = number << 8 | from[i];
    }
    return number;
}

static void put_bytes(struct buf *out, const void *bytes, size_t size)
{
    cbor_bytes(out, (str){bytes, size});
}

static void put_uints(struct buf *out, const uint64_t *at, size_t count)
{
    cbor_array(out, count);
    for (size_t i = 0; i < count; i++) {
        cbor_uint(out, at[i]);
    }
}

static errc put_certs(const struct authority *authority, struct buf *out)
{
    cbor_array(out, authority->cert_count);
    for (size_t i = 0; i < authority->cert_count; i++) {
        AUTO(buf_finish) struct buf cert;
        buf_init(&cert, 512);
        TRY(wire_record_write(&wire_record_cert, &authority->certs[i], &cert));
        cbor_bytes(out, buf_str(&cert));
    }
    return OK;
}

static void put_seen(const struct authority *authority, struct buf *out)
{
    uint8_t bytes[AUTHORITY_SEEN * SEEN_SIZE];
    for (size_t i = 0; i < authority->seen_count; i++) {
        const struct authority_seen *seen = &authority->seen[i];
        uint8_t *to = bytes + i * SEEN_SIZE;
        memcpy(to, seen->kid.bytes, WIRE_KID_SIZE);
        put_u64(to + WIRE_KID_SIZE, seen->highest);
        put_u64(to + WIRE_KID_SIZE + 8, seen->below);
        put_u64(to + WIRE_KID_SIZE + 16, (uint64_t)seen->to);
    }
    put_bytes(out, bytes, authority->seen_count * SEEN_SIZE);
}

static void put_targets(const struct authority *authority, struct buf *out)
{
    cbor_array(out, authority->in_force_count);
    for (size_t i = 0; i < authority->in_force_count; i++) {
        const struct authority_target *target = &authority->in_force[i];
        cbor_array(out, TARGET_FIELDS);
        put_bytes(out, target->id.bytes, WIRE_ID_SIZE);
        put_bytes(out, target->aim.bytes, WIRE_ID_SIZE);
        put_bytes(out, target->kid.bytes, WIRE_KID_SIZE);
        cbor_uint(out, target->kind);
        cbor_uint(out, target->order_class);
        cbor_uint(out, target->tier);
        cbor_uint(out, (uint64_t)target->expires);
        cbor_bool(out, target->ended);
    }
}

errc authority_pack(const struct authority *authority, struct buf *out)
{
    cbor_array(out, PACK_FIELDS);
    cbor_uint(out, PACK_VERSION);
    cbor_bool(out, authority->enrolled);
    cbor_bool(out, authority->retired);
    cbor_uint(out, authority->device);
    put_bytes(out, authority->device_key.bytes, HASH_SIZE);
    put_bytes(out, authority->root.bytes, HASH_SIZE);
    put_uints(out, authority->path, authority->path_count);
    cbor_uint(out, authority->trust_version);
    cbor_uint(out, authority->revocations_version);
    put_bytes(out, authority->revoked, authority->revoked_count * sizeof authority->revoked[0]);
    TRY(put_certs(authority, out));
    put_seen(authority, out);
    put_targets(authority, out);
    put_uints(out, authority->versions, AUTHORITY_KINDS);
    put_bytes(out, authority->version_kids, sizeof authority->version_kids);
    put_uints(out, authority->versions_before, AUTHORITY_KINDS);
    cbor_uint(out, (uint64_t)authority->last_trusted);
    return buf_check(out);
}

/* --- reading -------------------------------------------------------------------------------- */

/* What a reader says of the first thing that is wrong; then nothing more is read. */
struct unpacker {
    struct cbor_reader reader;
    errc rc;
    struct why *why;
};

static struct cbor_piece take(struct unpacker *from, enum cbor_kind kind)
{
    struct cbor_piece piece = {.kind = CBOR_KIND_NONE};
    if (from->rc == OK) {
        from->rc = cbor_expect(&from->reader, kind, &piece, from->why);
    }
    return piece;
}

static void doubt(struct unpacker *from, bool holds)
{
    if (from->rc == OK && !holds) {
        from->rc = fail(from->why, ERR_CORRUPT, "impossible value");
    }
}

static usec take_time(struct unpacker *from)
{
    uint64_t number = take(from, CBOR_KIND_UINT).number;
    doubt(from, number <= INT64_MAX);
    return (usec)number;
}

/* Bytes of whole elements of a size, at most so many; the count. */
static size_t take_elements(struct unpacker *from, size_t size, size_t most, str *ret_bytes)
{
    struct cbor_piece piece = take(from, CBOR_KIND_BYTES);
    doubt(from, piece.bytes.len % size == 0 && piece.bytes.len / size <= most);
    *ret_bytes = from->rc == OK ? piece.bytes : STR_NONE;
    return ret_bytes->len / size;
}

static void take_exactly(struct unpacker *from, void *to, size_t size)
{
    struct cbor_piece piece = take(from, CBOR_KIND_BYTES);
    doubt(from, piece.bytes.len == size);
    if (from->rc == OK) {
        memcpy(to, piece.bytes.at, size);
    }
}

static size_t take_count(struct unpacker *from, size_t most)
{
    struct cbor_piece piece = take(from, CBOR_KIND_ARRAY);
    doubt(from, piece.number <= most);
    return from->rc == OK ? (size_t)piece.number : 0;
}

static size_t take_uints(struct unpacker *from, uint64_t *at, size_t most)
{
    size_t count = take_count(from, most);
    for (size_t i = 0; i < count; i++) {
        at[i] = take(from, CBOR_KIND_UINT).number;
    }
    return count;
}

static void take_certs(struct unpacker *from, struct authority *to)
{
    to->cert_count = take_count(from, AUTHORITY_CERTS);
    for (size_t i = 0; i < to->cert_count; i++) {
        str bytes = take(from, CBOR_KIND_BYTES).bytes;
        if (from->rc == OK) {
            from->rc = wire_record_read(&wire_record_cert, bytes, NULL, &to->certs[i], from->why);
        }
    }
}

static void take_seen(struct unpacker *from, struct authority *to)
{
    str bytes = STR_NONE;
    to->seen_count = take_elements(from, SEEN_SIZE, AUTHORITY_SEEN, &bytes);
    for (size_t i = 0; i < to->seen_count; i++) {
        const uint8_t *at = (const uint8_t *)bytes.at + i * SEEN_SIZE;
        memcpy(to->seen[i].kid.bytes, at, WIRE_KID_SIZE);
        to->seen[i].highest = get_u64(at + WIRE_KID_SIZE);
        to->seen[i].below = get_u64(at + WIRE_KID_SIZE + 8);
        to->seen[i].to = (usec)get_u64(at + WIRE_KID_SIZE + 16);
    }
}

static void take_targets(struct unpacker *from, struct authority *to)
{
    to->in_force_count = take_count(from, AUTHORITY_IN_FORCE);
    for (size_t i = 0; i < to->in_force_count; i++) {
        struct authority_target *target = &to->in_force[i];
        doubt(from, take(from, CBOR_KIND_ARRAY).number == TARGET_FIELDS);
        take_exactly(from, target->id.bytes, WIRE_ID_SIZE);
        take_exactly(from, target->aim.bytes, WIRE_ID_SIZE);
        take_exactly(from, target->kid.bytes, WIRE_KID_SIZE);
        uint64_t kind = take(from, CBOR_KIND_UINT).number;
        uint64_t class = take(from, CBOR_KIND_UINT).number;
        target->tier = take(from, CBOR_KIND_UINT).number;
        target->expires = take_time(from);
        target->ended = take(from, CBOR_KIND_BOOL).number != 0;
        doubt(from, kind <= ORDER_LIVE && class <= CLASS_DRILL);
        target->kind = (enum order_kind)kind;
        target->order_class = (enum order_class) class;
    }
}

static void take_revoked(struct unpacker *from, struct authority *to)
{
    str bytes = STR_NONE;
    to->revoked_count = take_elements(from, WIRE_KID_SIZE, AUTHORITY_REVOKED, &bytes);
    if (bytes.len > 0) {
        memcpy(to->revoked, bytes.at, bytes.len);
    }
}

static void take_all(struct unpacker *from, struct authority *to)
{
    doubt(from, take(from, CBOR_KIND_ARRAY).number == PACK_FIELDS);
    doubt(from, take(from, CBOR_KIND_UINT).number == PACK_VERSION);
    to->enrolled = take(from, CBOR_KIND_BOOL).number != 0;
    to->retired = take(from, CBOR_KIND_BOOL).number != 0;
    to->device = take(from, CBOR_KIND_UINT).number;
    take_exactly(from, to->device_key.bytes, HASH_SIZE);
    take_exactly(from, to->root.bytes, HASH_SIZE);
    to->path_count = take_uints(from, to->path, COUNT_OF(to->path));
    to->trust_version = take(from, CBOR_KIND_UINT).number;
    to->revocations_version = take(from, CBOR_KIND_UINT).number;
    take_revoked(from, to);
    take_certs(from, to);
    take_seen(from, to);
    take_targets(from, to);
    doubt(from, take_uints(from, to->versions, AUTHORITY_KINDS) == AUTHORITY_KINDS);
    take_exactly(from, to->version_kids, sizeof to->version_kids);
    doubt(from, take_uints(from, to->versions_before, AUTHORITY_KINDS) == AUTHORITY_KINDS);
    to->last_trusted = take_time(from);
    doubt(from, from->reader.rest.len == 0);
}

errc authority_unpack(str bytes, struct authority *ret_authority, struct why *why)
{
    struct authority *fresh = mem_take(sizeof *fresh);
    struct unpacker from = {{.rest = bytes, .shortest = true}, OK, why};
    take_all(&from, fresh);
    if (from.rc == OK) {
        *ret_authority = *fresh;
    }
    mem_give(fresh);
    return from.rc == OK ? OK : fail_in(why, ERR_CORRUPT, "what is known of orders and keys");
}

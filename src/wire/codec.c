/* Whole messages: the array of number and map that one WebSocket frame carries. */
#include "wire/codec_table.h"

#include "base/cbor_out.h"

static errc write_message(const struct wire_said *said, const struct wire_record *record,
                          struct buf *out)
{
    size_t start = out->len;
    cbor_array(out, 2);
    cbor_uint(out, (uint64_t)said->kind);
    TRY(wire_record_write(record, &said->hello, out)); /* all of the union begin here */
    bool fits = out->len - start <= wire_message_of((uint64_t)said->kind)->most_bytes;
    return fits ? OK : ERR_TOO_BIG;
}

errc wire_say(const struct wire_said *said, struct buf *out)
{
    const struct wire_record *record = wire_record_of(said->kind);
    size_t start = out->len;
    if (record == NULL) {
        return ERR_INVALID;
    }
    errc rc = write_message(said, record, out);
    if (rc != OK) {
        buf_cut(out, start);
    }
    return rc;
}

static errc read_number(struct cbor_reader *reader, uint64_t *ret_number, struct why *why)
{
    struct cbor_piece array;
    struct cbor_piece number;
    TRY(cbor_expect(reader, CBOR_KIND_ARRAY, &array, why));
    if (array.number != 2) {
        return fail(why, ERR_BAD_REQUEST, "a message is an array of two");
    }
    TRY(cbor_expect(reader, CBOR_KIND_UINT, &number, why));
    *ret_number = number.number;
    return OK;
}

static errc check_message(const struct wire_message *message, enum wire_from side, int version,
                          size_t size, struct why *why)
{
    if (!wire_message_is_allowed(message, side, version)) {
        return fail(why, ERR_BAD_REQUEST, "%s may not be said here", message->name);
    }
    if (size > message->most_bytes) {
        return fail(why, ERR_BAD_REQUEST, "%s of %zu bytes", message->name, size);
    }
    return OK;
}

errc wire_hear(str bytes, enum wire_from side, int version, struct arena *arena,
               struct wire_said *ret_said, struct why *why)
{
    struct cbor_reader reader = {.rest = bytes, .shortest = true};
    uint64_t number = 0;
    if (bytes.len > WIRE_MESSAGE_MOST) {
        return fail(why, ERR_BAD_REQUEST, "a message of %zu bytes", bytes.len);
    }
    TRY(read_number(&reader, &number, why));
    const struct wire_message *message = wire_message_of(number);
    if (message == NULL) {
        ret_said->kind = 0;
        return OK;
    }
    TRY(check_message(message, side, version, bytes.len, why));
    TRY(wire_record_read(wire_record_of(message->kind), reader.rest, arena, &ret_said->hello, why));
    ret_said->kind = message->kind;
    return OK;
}

/* Writing, driven by the tables. What a reader would refuse is not written: a value that breaks a
 * limit is ERR_INVALID here, and nothing of it stays in the buf. */
#include "wire/codec_table.h"

#include "base/cbor_out.h"
#include "base/text.h"

static bool is_plain(const struct wire_field *field, str text)
{
    return field->type == WIRE_TYPE_LINES ? text_is_plain_lines(text) : text_is_plain(text);
}

static errc write_text(const struct wire_field *field, str text, struct buf *out)
{
    if (text.len > field->most || !is_plain(field, text)) {
        return ERR_INVALID;
    }
    cbor_text(out, text);
    return OK;
}

static errc write_bytes(const void *at, size_t size, uint64_t most, struct buf *out)
{
    if (size > most) {
        return ERR_INVALID;
    }
    cbor_bytes(out, (str){at, size});
    return OK;
}

static errc write_uint(uint64_t number, uint64_t most, struct buf *out)
{
    if (number > most) {
        return ERR_INVALID;
    }
    cbor_uint(out, number);
    return OK;
}

static errc write_element(const struct wire_field *field, const void *element, struct buf *out)
{
    switch (field->type) {
    case WIRE_TYPE_UINTS:
        return write_uint(*(const uint64_t *)element, INT64_MAX, out);
    case WIRE_TYPE_IDS:
    case WIRE_TYPE_HASHES:
        cbor_bytes(out, (str){element, wire_element_size(field)});
        return OK;
    case WIRE_TYPE_BYTES_LIST:
        return write_bytes(((const str *)element)->at, ((const str *)element)->len, WIRE_BYTES_EACH,
                           out);
    default:
        return wire_record_write(field->of, element, out);
    }
}

static errc write_list(const struct wire_field *field, struct wire_list list, struct buf *out)
{
    size_t size = wire_element_size(field);
    if (list.count > field->most) {
        return ERR_INVALID;
    }
    cbor_array(out, list.count);
    for (size_t i = 0; i < list.count; i++) {
        const void *element = (const char *)list.at + i * size;
        if (wire_element_is_empty(field, element)) {
            return ERR_INVALID;
        }
        TRY(write_element(field, element, out));
    }
    return OK;
}

static errc write_value(const struct wire_field *field, const void *place, struct buf *out)
{
    switch (field->type) {
    case WIRE_TYPE_UINT:
        return write_uint(*(const uint64_t *)place, field->most, out);
    case WIRE_TYPE_INT:
        cbor_int(out, *(const int64_t *)place);
        return OK;
    case WIRE_TYPE_TIME: /* before 1970 it is larger than any time */
        return write_uint(*(const uint64_t *)place, USEC_MOST, out);
    case WIRE_TYPE_BOOL:
        cbor_bool(out, true);
        return OK;
    case WIRE_TYPE_TEXT:
    case WIRE_TYPE_LINES:
        return write_text(field, *(const str *)place, out);
    case WIRE_TYPE_BYTES:
        return write_bytes(((const str *)place)->at, ((const str *)place)->len, field->most, out);
    case WIRE_TYPE_HASH:
        return write_bytes(place, sizeof(hash), sizeof(hash), out);
    case WIRE_TYPE_ID:
        return write_bytes(place, sizeof(wire_id), sizeof(wire_id), out);
    case WIRE_TYPE_SIGNATURE:
        return write_bytes(place, sizeof(wire_signature), sizeof(wire_signature), out);
    case WIRE_TYPE_UINTS:
    case WIRE_TYPE_IDS:
    case WIRE_TYPE_HASHES:
    case WIRE_TYPE_BYTES_LIST:
    case WIRE_TYPE_LIST:
        break;
    }
    return write_list(field, wire_list_at(place), out);
}

static errc write_field(const struct wire_field *field, const void *place, struct buf *out)
{
    if (wire_is_empty(field, place)) {
        return OK;
    }
    cbor_uint(out, field->key);
    return write_value(field, place, out);
}

static errc write_fields(const struct wire_record *record, const char *value, struct buf *out)
{
    size_t count = 0;
    for (const struct wire_field *field = record->fields(); field->key != 0; field++) {
        bool empty = wire_is_empty(field, value + field->offset);
        if (empty && field->must) {
            return ERR_INVALID;
        }
        count += empty ? 0 : 1;
    }
    cbor_map(out, count);
    for (const struct wire_field *field = record->fields(); field->key != 0; field++) {
        TRY(write_field(field, value + field->offset, out));
    }
    return OK;
}

errc wire_record_write(const struct wire_record *record, const void *value, struct buf *out)
{
    size_t start = out->len;
    errc rc = write_fields(record, value, out);
    rc = rc == OK ? buf_check(out) : rc;
    if (rc != OK) {
        buf_cut(out, start);
    }
    return rc;
}

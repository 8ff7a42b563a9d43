/* Reading, driven by the tables. Fields and keys both ascend, so one walk over the fields of the
 * record sees what is missing, what is twice and what is unknown. */
#include "wire/codec_table.h"

#include "base/text.h"

struct source {
    struct cbor_reader reader;
    struct arena *arena;
    struct why *why;
    const struct wire_record *record;
    const struct wire_field *field;
};

static errc read_record(struct source *source, const struct wire_record *record, void *ret_value);

static errc refuse(struct source *source, const char *what)
{
    return fail(source->why, ERR_BAD_REQUEST, "%s.%s %s", source->record->name, source->field->name,
                what);
}

static errc expect(struct source *source, enum cbor_kind kind, struct cbor_piece *ret_piece)
{
    TRY(cbor_next(&source->reader, ret_piece, source->why));
    return ret_piece->kind == kind ? OK : refuse(source, "is of another kind");
}

static errc read_uint(struct source *source, uint64_t most, uint64_t *ret_number)
{
    struct cbor_piece piece;
    TRY(expect(source, CBOR_KIND_UINT, &piece));
    if (piece.number > most) {
        return refuse(source, "is larger than it may be");
    }
    *ret_number = piece.number;
    return OK;
}

static errc read_int(struct source *source, int64_t *ret_number)
{
    struct cbor_piece piece;
    TRY(cbor_next(&source->reader, &piece, source->why));
    if (piece.kind != CBOR_KIND_UINT && piece.kind != CBOR_KIND_NEGATIVE) {
        return refuse(source, "is of another kind");
    }
    if (piece.number > INT64_MAX) {
        return refuse(source, "is larger than it may be");
    }
    *ret_number = piece.kind == CBOR_KIND_UINT ? (int64_t)piece.number : -1 - (int64_t)piece.number;
    return OK;
}

static errc read_bytes(struct source *source, enum cbor_kind kind, uint64_t most, str *ret_bytes)
{
    struct cbor_piece piece;
    TRY(expect(source, kind, &piece));
    if (piece.bytes.len > most) {
        return refuse(source, "is longer than it may be");
    }
    *ret_bytes = piece.bytes;
    return OK;
}

static errc read_text(struct source *source, str *ret_text)
{
    str text;
    TRY(read_bytes(source, CBOR_KIND_TEXT, source->field->most, &text));
    if (source->field->type == WIRE_TYPE_LINES ? !text_is_plain_lines(text)
                                               : !text_is_plain(text)) {
        return refuse(source, "is not plain text");
    }
    *ret_text = text;
    return OK;
}

static errc read_exactly(struct source *source, size_t size, void *ret_bytes)
{
    str bytes;
    TRY(read_bytes(source, CBOR_KIND_BYTES, size, &bytes));
    if (bytes.len != size) {
        return refuse(source, "is shorter than it must be");
    }
    memcpy(ret_bytes, bytes.at, size);
    return OK;
}

static errc read_element(struct source *source, void *ret_element)
{
    const struct wire_field *field = source->field;
    switch (field->type) {
    case WIRE_TYPE_UINTS:
        return read_uint(source, INT64_MAX, ret_element);
    case WIRE_TYPE_IDS:
    case WIRE_TYPE_HASHES:
        return read_exactly(source, wire_element_size(field), ret_element);
    case WIRE_TYPE_BYTES_LIST:
        return read_bytes(source, CBOR_KIND_BYTES, WIRE_BYTES_EACH, ret_element);
    default:
        return read_record(source, field->of, ret_element);
    }
}

static errc read_list(struct source *source, void *ret_list)
{
    const struct wire_field *field = source->field;
    struct cbor_piece piece;
    TRY(expect(source, CBOR_KIND_ARRAY, &piece));
    /* Each element has at least one byte, so a count that lies takes no memory. */
    if (piece.number > field->most || piece.number > source->reader.rest.len) {
        return refuse(source, "has more elements than it may have");
    }
    size_t count = (size_t)piece.number;
    size_t size = wire_element_size(field);
    char *elements = arena_take_array(source->arena, count, size);
    if (elements == NULL) {
        return fail(source->why, ERR_NO_MEMORY, "%s.%s: no room", source->record->name,
                    field->name);
    }
    for (size_t i = 0; i < count; i++) {
        TRY(read_element(source, elements + i * size));
        if (wire_element_is_empty(field, elements + i * size)) {
            return refuse(source, "has an empty element");
        }
    }
    struct wire_list list = {elements, count};
    memcpy(ret_list, &list, sizeof list);
    return OK;
}

static errc read_bool(struct source *source, bool *ret_value)
{
    struct cbor_piece piece;
    TRY(expect(source, CBOR_KIND_BOOL, &piece));
    *ret_value = piece.number != 0;
    return OK;
}

static errc read_value(struct source *source, void *ret_value)
{
    const struct wire_field *field = source->field;
    switch (field->type) {
    case WIRE_TYPE_UINT:
        return read_uint(source, field->most, ret_value);
    case WIRE_TYPE_INT:
        return read_int(source, ret_value);
    case WIRE_TYPE_TIME:
        return read_uint(source, USEC_MOST, ret_value);
    case WIRE_TYPE_BOOL:
        return read_bool(source, ret_value);
    case WIRE_TYPE_TEXT:
    case WIRE_TYPE_LINES:
        return read_text(source, ret_value);
    case WIRE_TYPE_BYTES:
        return read_bytes(source, CBOR_KIND_BYTES, field->most, ret_value);
    case WIRE_TYPE_HASH:
        return read_exactly(source, sizeof(hash), ret_value);
    case WIRE_TYPE_ID:
        return read_exactly(source, sizeof(wire_id), ret_value);
    case WIRE_TYPE_SIGNATURE:
        return read_exactly(source, sizeof(wire_signature), ret_value);
    case WIRE_TYPE_UINTS:
    case WIRE_TYPE_IDS:
    case WIRE_TYPE_HASHES:
    case WIRE_TYPE_BYTES_LIST:
    case WIRE_TYPE_LIST:
        break;
    }
    return read_list(source, ret_value);
}

/* Walks over the fields that stand before `key`; none of them may be missing. */
static errc pass_fields(struct source *source, uint64_t key)
{
    while (source->field->key != 0 && source->field->key < key) {
        if (source->field->must) {
            return refuse(source, "is missing");
        }
        source->field++;
    }
    return OK;
}

static errc read_pair(struct source *source, uint64_t before, char *value, uint64_t *ret_key)
{
    struct cbor_piece key;
    TRY(cbor_expect(&source->reader, CBOR_KIND_UINT, &key, source->why));
    if (key.number <= before) {
        return fail(source->why, ERR_BAD_REQUEST, "%s has keys that do not ascend",
                    source->record->name);
    }
    TRY(pass_fields(source, key.number));
    *ret_key = key.number;
    if (source->field->key != key.number) {
        return cbor_skip(&source->reader, source->why);
    }
    TRY(read_value(source, value + source->field->offset));
    if (wire_is_empty(source->field, value + source->field->offset)) {
        return refuse(source, "is empty and should not stand here");
    }
    source->field++;
    return OK;
}

static errc read_record(struct source *source, const struct wire_record *record, void *ret_value)
{
    struct source inner = *source;
    struct cbor_piece map;
    uint64_t key = 0;
    inner.record = record;
    inner.field = record->fields();
    TRY(cbor_expect(&inner.reader, CBOR_KIND_MAP, &map, inner.why));
    for (uint64_t i = 0; i < map.number; i++) { /* each pair costs bytes: the input bounds it */
        TRY(read_pair(&inner, key, ret_value, &key));
    }
    TRY(pass_fields(&inner, UINT64_MAX));
    source->reader = inner.reader;
    return OK;
}

errc wire_map_read(struct cbor_reader *reader, const struct wire_record *record,
                   struct arena *arena, void *ret_value, struct why *why)
{
    struct source source = {.reader = *reader, .arena = arena, .why = why};
    union wire_any any;
    memset(&any, 0, sizeof any);
    source.reader.shortest = true;
    TRY(read_record(&source, record, &any));
    *reader = source.reader;
    memcpy(ret_value, &any, record->size);
    return OK;
}

errc wire_record_read(const struct wire_record *record, str bytes, struct arena *arena,
                      void *ret_value, struct why *why)
{
    struct cbor_reader reader = {.rest = bytes};
    union wire_any any;
    TRY(wire_map_read(&reader, record, arena, &any, why));
    if (reader.rest.len > 0) {
        return fail(why, ERR_BAD_REQUEST, "%s: %zu bytes behind its end", record->name,
                    reader.rest.len);
    }
    memcpy(ret_value, &any, record->size);
    return OK;
}

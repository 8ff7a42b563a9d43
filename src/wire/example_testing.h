/* Bytes shown to readers: hex, line by line, each with the name that the tables give it. For the
 * test that keeps docs/protocol/examples.md true. */
#ifndef LOA_WIRE_EXAMPLE_TESTING_H
#define LOA_WIRE_EXAMPLE_TESTING_H

#include "base/crash.h"
#include "wire/codec_table.h"

enum { EXAMPLE_ROW = 16, EXAMPLE_COLUMN = 40 };

static inline void example_hex(struct buf *out, str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        buf_add_format(out, "%s%02x", i == 0 ? "" : " ", (unsigned char)bytes.at[i]);
    }
}

/* Without remarks, for what is not CBOR. */
static inline void example_rows(struct buf *out, int depth, str bytes)
{
    for (size_t at = 0; at < bytes.len; at += EXAMPLE_ROW) {
        buf_add_format(out, "%*s", 2 * depth, "");
        example_hex(out, str_cut(bytes, at, at + EXAMPLE_ROW));
        buf_add_byte(out, '\n');
    }
}

static inline void example_line(struct buf *out, int depth, str bytes, const char *name,
                                const char *value)
{
    size_t start = out->len;
    buf_add_format(out, "%*s", 2 * depth, "");
    example_hex(out, bytes);
    while (out->len - start < EXAMPLE_COLUMN) {
        buf_add_byte(out, ' ');
    }
    buf_add_format(out, " # %s%s%s\n", name, name[0] != '\0' && value[0] != '\0' ? ": " : "",
                   value);
}

static inline void example_map(struct buf *out, struct cbor_reader *reader,
                               const struct wire_record *record, int depth, const char *name);

static inline void example_number(const struct wire_field *field, const struct cbor_piece *piece,
                                  char text[64])
{
    if (field->type == WIRE_TYPE_TIME) {
        AUTO(buf_finish) struct buf when = {0};
        buf_init(&when, 64);
        usec_write((usec)piece->number, &when);
        ignore_int(snprintf(text, 64, "%.*s", STR_ARG(buf_str(&when))));
    } else if (piece->kind == CBOR_KIND_BOOL) {
        ignore_int(snprintf(text, 64, "true"));
    } else {
        ignore_int(snprintf(text, 64, "%s%llu", piece->kind == CBOR_KIND_NEGATIVE ? "-" : "",
                            (unsigned long long)piece->number +
                                (piece->kind == CBOR_KIND_NEGATIVE ? 1 : 0)));
    }
}

/* A value; `start` is where its line begins: at its key, or at itself. */
static inline void example_value(struct buf *out, struct cbor_reader *reader, str start,
                                 const struct wire_field *field, int depth)
{
    struct cbor_piece piece;
    const char *name = start.at == reader->rest.at ? "" : field->name;
    char text[64] = "";
    if (field->type == WIRE_TYPE_LIST && start.at == reader->rest.at) {
        example_map(out, reader, field->of, depth, field->of->name);
        return;
    }
    ENSURE(cbor_next(reader, &piece, NULL) == OK);
    str head = str_cut(start, 0, start.len - reader->rest.len - piece.bytes.len);
    if (piece.kind == CBOR_KIND_BYTES || piece.kind == CBOR_KIND_TEXT) {
        ignore_int(snprintf(text, sizeof text, "%zu bytes%s", piece.bytes.len,
                            piece.kind == CBOR_KIND_TEXT ? " of text" : ""));
        example_line(out, depth, head, name, text);
        example_rows(out, depth + 1, piece.bytes);
        return;
    }
    if (piece.kind == CBOR_KIND_ARRAY) {
        ignore_int(snprintf(text, sizeof text, "list of %llu", (unsigned long long)piece.number));
        example_line(out, depth, head, name, text);
        for (uint64_t i = 0; i < piece.number; i++) {
            example_value(out, reader, reader->rest, field, depth + 1);
        }
        return;
    }
    example_number(field, &piece, text);
    example_line(out, depth, head, name, text);
}

static inline void example_map(struct buf *out, struct cbor_reader *reader,
                               const struct wire_record *record, int depth, const char *name)
{
    struct cbor_piece map;
    struct cbor_piece key;
    char text[64];
    str start = reader->rest;
    ENSURE(cbor_expect(reader, CBOR_KIND_MAP, &map, NULL) == OK);
    ignore_int(snprintf(text, sizeof text, "%llu fields", (unsigned long long)map.number));
    example_line(out, depth, (str){start.at, 1}, name, text);
    for (uint64_t i = 0; i < map.number; i++) {
        const struct wire_field *field = record->fields();
        start = reader->rest;
        ENSURE(cbor_expect(reader, CBOR_KIND_UINT, &key, NULL) == OK);
        while (field->key != key.number) {
            field++;
        }
        example_value(out, reader, start, field, depth + 1);
    }
}

static inline void example_record(struct buf *out, const struct wire_record *record, str bytes)
{
    struct cbor_reader reader = {.rest = bytes, .shortest = true};
    example_map(out, &reader, record, 0, record->name);
}

static inline void example_message(struct buf *out, enum wire_kind kind, str bytes)
{
    struct cbor_reader reader = {.rest = bytes, .shortest = true};
    struct cbor_piece piece;
    char text[64];
    ENSURE(cbor_next(&reader, &piece, NULL) == OK && cbor_next(&reader, &piece, NULL) == OK);
    ignore_int(snprintf(text, sizeof text, "message %d", (int)kind));
    example_line(out, 0, str_cut(bytes, 0, bytes.len - reader.rest.len), "", text);
    example_map(out, &reader, wire_record_of(kind), 1, wire_record_of(kind)->name);
}

#endif

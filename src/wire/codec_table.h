/* The two tables as the codec walks them: for each record and message its fields in ascending
 * order of keys, with type, place in the C struct, and limits. Shared by reading, writing and the
 * tests; nobody outside this room needs it. */
#ifndef LOA_WIRE_CODEC_TABLE_H
#define LOA_WIRE_CODEC_TABLE_H

#include "base/cbor_in.h"
#include "wire/codec.h"

/* Of one element of a list of bytes; each message has a most of its own as well. */
enum { WIRE_BYTES_EACH = 512 };

enum wire_type {
    WIRE_TYPE_UINT,
    WIRE_TYPE_INT,
    WIRE_TYPE_BOOL,
    WIRE_TYPE_TIME,
    WIRE_TYPE_TEXT,
    WIRE_TYPE_LINES,
    WIRE_TYPE_BYTES,
    WIRE_TYPE_HASH,
    WIRE_TYPE_ID,
    WIRE_TYPE_SIGNATURE,
    WIRE_TYPE_UINTS,
    WIRE_TYPE_IDS,
    WIRE_TYPE_HASHES,
    WIRE_TYPE_BYTES_LIST,
    WIRE_TYPE_LIST,
};

struct wire_field {
    uint8_t key; /* 0: the end of the fields */
    bool must;
    size_t offset;
    uint64_t most;
    const char *name;
    enum wire_type type;
    const struct wire_record *of; /* of a list of records */
};

struct wire_record {
    const char *name;
    size_t size;
    const struct wire_field *(*fields)(void);
};

/* All lists of the structs look like this. */
struct wire_list {
    const void *at;
    size_t count;
};

/* A record or message of any kind, as a place to read into. */
union wire_any {
#define RECORD(name) struct wire_##name name;
#define MESSAGE(number, NAME, name, from, since, most_bytes) struct wire_##name name;
#define FIELD(key, TYPE, name, NEED, most)
#define END(name)
#include "wire/records.def"

#include "wire/messages.def"
#undef RECORD
#undef MESSAGE
#undef FIELD
#undef END
};

const struct wire_record *wire_record_of(enum wire_kind kind); /* null: no such message */
size_t wire_element_size(const struct wire_field *field);      /* of a list, in C */
struct wire_list wire_list_at(const void *place);              /* the list that stands there */
/* Whether it would not be written: zero, false, no bytes, no elements. */
bool wire_is_empty(const struct wire_field *field, const void *place);
bool wire_element_is_empty(const struct wire_field *field, const void *element);
bool wire_bytes_are_zero(const void *bytes, size_t size);

/* One map, which need not be the end of what is read. */
CHECKED errc wire_map_read(struct cbor_reader *reader, const struct wire_record *record,
                           struct arena *arena, void *ret_value, struct why *why);

#endif

/* The tables, expanded. A record's fields stand in a function, because only there its struct can
 * have the name `self`, by which each row finds its place. */
#include "wire/codec_table.h"

#define WIRE_NEED_MUST true
#define WIRE_NEED_MAY false
#define WIRE_T_UINT WIRE_TYPE_UINT, NULL
#define WIRE_T_INT WIRE_TYPE_INT, NULL
#define WIRE_T_BOOL WIRE_TYPE_BOOL, NULL
#define WIRE_T_TIME WIRE_TYPE_TIME, NULL
#define WIRE_T_TEXT WIRE_TYPE_TEXT, NULL
#define WIRE_T_LINES WIRE_TYPE_LINES, NULL
#define WIRE_T_BYTES WIRE_TYPE_BYTES, NULL
#define WIRE_T_HASH WIRE_TYPE_HASH, NULL
#define WIRE_T_ID WIRE_TYPE_ID, NULL
#define WIRE_T_SIGNATURE WIRE_TYPE_SIGNATURE, NULL
#define WIRE_T_UINTS WIRE_TYPE_UINTS, NULL
#define WIRE_T_IDS WIRE_TYPE_IDS, NULL
#define WIRE_T_HASHES WIRE_TYPE_HASHES, NULL
#define WIRE_T_BYTES_LIST WIRE_TYPE_BYTES_LIST, NULL
#define WIRE_T_LIST_OF(record) WIRE_TYPE_LIST, &wire_record_##record

#define RECORD(record)                                                                             \
    static const struct wire_field *fields_of_##record(void)                                       \
    {                                                                                              \
        typedef struct wire_##record self;                                                         \
        static const struct wire_field fields[] = {
#define MESSAGE(number, NAME, name, from, since, most_bytes) RECORD(name)
#define FIELD(key, TYPE, name, NEED, most)                                                         \
    {key, WIRE_NEED_##NEED, offsetof(self, name), (uint64_t)(most), #name, WIRE_T_##TYPE},
#define END(name)                                                                                  \
    {                                                                                              \
        .offset = sizeof(self)                                                                     \
    }                                                                                              \
    }                                                                                              \
    ;                                                                                              \
    return fields;                                                                                 \
    }
#include "wire/records.def"

#include "wire/messages.def"
#undef RECORD
#undef MESSAGE
#undef FIELD
#undef END

#define RECORD(name)                                                                               \
    const struct wire_record wire_record_##name = {#name, sizeof(struct wire_##name),              \
                                                   fields_of_##name};
#define MESSAGE(number, NAME, name, from, since, most_bytes) RECORD(name)
#define FIELD(key, TYPE, name, NEED, most)
#define END(name)
#include "wire/records.def"

#include "wire/messages.def"
#undef RECORD
#undef MESSAGE

static const struct wire_field *no_fields(void)
{
    static const struct wire_field none = {.key = 0};
    return &none;
}

const struct wire_record wire_record_none = {"none", 0, no_fields};

const struct wire_record *wire_record_of(enum wire_kind kind)
{
    switch (kind) {
#define MESSAGE(number, NAME, name, from, since, most_bytes)                                       \
    case NAME:                                                                                     \
        return &wire_record_##name;
#include "wire/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
    }
    return NULL;
}

size_t wire_element_size(const struct wire_field *field)
{
    switch (field->type) {
    case WIRE_TYPE_UINTS:
        return sizeof(uint64_t);
    case WIRE_TYPE_IDS:
        return sizeof(wire_id);
    case WIRE_TYPE_HASHES:
        return sizeof(hash);
    case WIRE_TYPE_BYTES_LIST:
        return sizeof(str);
    case WIRE_TYPE_LIST:
        return field->of->size;
    case WIRE_TYPE_UINT:
    case WIRE_TYPE_INT:
    case WIRE_TYPE_BOOL:
    case WIRE_TYPE_TIME:
    case WIRE_TYPE_TEXT:
    case WIRE_TYPE_LINES:
    case WIRE_TYPE_BYTES:
    case WIRE_TYPE_HASH:
    case WIRE_TYPE_ID:
    case WIRE_TYPE_SIGNATURE:
        break;
    }
    return 0;
}

struct wire_list wire_list_at(const void *place)
{
    struct wire_list list;
    memcpy(&list, place, sizeof list); /* each list has a pointer type of its own */
    return list;
}

bool wire_bytes_are_zero(const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++) {
        if (at[i] != 0) {
            return false;
        }
    }
    return true;
}

bool wire_is_empty(const struct wire_field *field, const void *place)
{
    switch (field->type) {
    case WIRE_TYPE_UINT:
    case WIRE_TYPE_INT:
    case WIRE_TYPE_TIME:
        return *(const uint64_t *)place == 0;
    case WIRE_TYPE_BOOL:
        return !*(const bool *)place;
    case WIRE_TYPE_TEXT:
    case WIRE_TYPE_LINES:
    case WIRE_TYPE_BYTES:
        return ((const str *)place)->len == 0;
    case WIRE_TYPE_HASH:
        return wire_bytes_are_zero(place, sizeof(hash));
    case WIRE_TYPE_ID:
        return wire_bytes_are_zero(place, sizeof(wire_id));
    case WIRE_TYPE_SIGNATURE:
        return wire_bytes_are_zero(place, sizeof(wire_signature));
    case WIRE_TYPE_UINTS:
    case WIRE_TYPE_IDS:
    case WIRE_TYPE_HASHES:
    case WIRE_TYPE_BYTES_LIST:
    case WIRE_TYPE_LIST:
        break;
    }
    return wire_list_at(place).count == 0;
}

bool wire_element_is_empty(const struct wire_field *field, const void *element)
{
    if (field->type == WIRE_TYPE_BYTES_LIST) {
        return ((const str *)element)->len == 0;
    }
    return field->type != WIRE_TYPE_LIST && wire_bytes_are_zero(element, wire_element_size(field));
}

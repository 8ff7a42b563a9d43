/* Values for the tests of the codec, made from the tables: random ones from a seed, or the largest
 * that each limit allows. For tests only. */
#ifndef LOA_WIRE_CODEC_TESTING_H
#define LOA_WIRE_CODEC_TESTING_H

#include "base/crash.h"
#include "base/entropy.h"
#include "wire/codec_table.h"

struct wire_filler {
    struct entropy chance;
    struct arena *arena;
    bool largest;     /* everything as large as it may be */
    size_t list_most; /* elements of a list, at most */
};

static inline void wire_fill(const struct wire_filler *filler, const struct wire_record *record,
                             void *ret_value);

/* 1 to most. */
static inline uint64_t wire_fill_number(const struct wire_filler *filler, uint64_t most)
{
    uint64_t bits = entropy_below(filler->chance, 63);
    uint64_t number = entropy_u64(filler->chance) >> bits;
    number = number == 0 || number > most ? 1 + number % most : number;
    return filler->largest ? most : number;
}

static inline str wire_fill_bytes(const struct wire_filler *filler, bool text, uint64_t most)
{
    static const char words[] = "Xin mời bà con nghe loa. ";
    size_t len = (size_t)wire_fill_number(filler, most);
    len = len > 64 && !filler->largest ? len % 64 + 1 : len;
    char *at = arena_take(filler->arena, len);
    ENSURE(at != NULL);
    if (!text) {
        entropy_fill(filler->chance, at, len);
        return (str){at, len};
    }
    size_t whole = filler->largest ? 0 : len - len % (sizeof words - 1);
    for (size_t i = 0; i < len; i++) {
        at[i] = i < whole ? words[i % (sizeof words - 1)] : 'a';
    }
    return (str){at, len};
}

static inline void wire_fill_element(const struct wire_filler *filler,
                                     const struct wire_field *field, void *ret_element)
{
    if (field->type == WIRE_TYPE_LIST) {
        wire_fill(filler, field->of, ret_element);
    } else if (field->type == WIRE_TYPE_BYTES_LIST) {
        *(str *)ret_element = wire_fill_bytes(filler, false, WIRE_BYTES_EACH);
    } else if (field->type == WIRE_TYPE_UINTS) {
        *(uint64_t *)ret_element = wire_fill_number(filler, INT64_MAX);
    } else {
        entropy_fill(filler->chance, ret_element, wire_element_size(field));
    }
}

static inline void wire_fill_list(const struct wire_filler *filler, const struct wire_field *field,
                                  void *ret_list)
{
    size_t most = filler->list_most < field->most ? filler->list_most : (size_t)field->most;
    most = filler->largest && field->type == WIRE_TYPE_BYTES_LIST ? 1 : most;
    size_t count = (size_t)wire_fill_number(filler, most);
    size_t size = wire_element_size(field);
    char *elements = arena_take_array(filler->arena, count, size);
    ENSURE(elements != NULL);
    for (size_t i = 0; i < count; i++) {
        wire_fill_element(filler, field, elements + i * size);
    }
    struct wire_list list = {elements, count};
    memcpy(ret_list, &list, sizeof list);
}

static inline void wire_fill_field(const struct wire_filler *filler, const struct wire_field *field,
                                   void *place)
{
    switch (field->type) {
    case WIRE_TYPE_UINT:
        *(uint64_t *)place = wire_fill_number(filler, field->most);
        break;
    case WIRE_TYPE_INT:
        *(int64_t *)place = -(int64_t)wire_fill_number(filler, INT64_MAX);
        break;
    case WIRE_TYPE_BOOL:
        *(bool *)place = true;
        break;
    case WIRE_TYPE_TIME:
        *(usec *)place = (usec)wire_fill_number(filler, USEC_MOST);
        break;
    case WIRE_TYPE_TEXT:
    case WIRE_TYPE_LINES:
        *(str *)place = wire_fill_bytes(filler, true, field->most);
        break;
    case WIRE_TYPE_BYTES:
        *(str *)place = wire_fill_bytes(filler, false, field->most);
        break;
    case WIRE_TYPE_HASH:
        entropy_fill(filler->chance, place, sizeof(hash));
        break;
    case WIRE_TYPE_ID:
        entropy_fill(filler->chance, place, sizeof(wire_id));
        break;
    case WIRE_TYPE_SIGNATURE:
        entropy_fill(filler->chance, place, sizeof(wire_signature));
        break;
    case WIRE_TYPE_UINTS:
    case WIRE_TYPE_IDS:
    case WIRE_TYPE_HASHES:
    case WIRE_TYPE_BYTES_LIST:
    case WIRE_TYPE_LIST:
        wire_fill_list(filler, field, place);
    }
}

static inline void wire_fill(const struct wire_filler *filler, const struct wire_record *record,
                             void *ret_value)
{
    memset(ret_value, 0, record->size);
    for (const struct wire_field *field = record->fields(); field->key != 0; field++) {
        if (field->must || filler->largest || entropy_below(filler->chance, 2) == 0) {
            wire_fill_field(filler, field, (char *)ret_value + field->offset);
        }
    }
}

/* Every record and message of the tables, ended by null. */
static inline const struct wire_record *const *wire_records(void)
{
    static const struct wire_record *const records[] = {
#define RECORD(name) &wire_record_##name,
#define MESSAGE(number, NAME, name, from, since, most_bytes) &wire_record_##name,
#define FIELD(key, TYPE, name, NEED, most)
#define END(name)
#include "wire/records.def"

#include "wire/messages.def"
#undef RECORD
#undef MESSAGE
#undef FIELD
#undef END
        NULL,
    };
    return records;
}

static inline const struct wire_record *wire_record_named(str name)
{
    for (const struct wire_record *const *record = wire_records(); *record != NULL; record++) {
        if (str_is(str_of((*record)->name), name)) {
            return *record;
        }
    }
    return NULL;
}

#endif

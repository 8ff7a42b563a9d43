/* Reading and writing of records and messages: deterministic CBOR (RFC 8949, 4.2.1) and nothing
 * else. A map has ascending small keys; a field whose value is zero or empty is not written; one
 * value has one form of bytes. Reading is strict: what would not be written like this is refused,
 * but for keys we do not know, which are skipped (each bounded, depth at most 4). Every limit of
 * the tables holds. Lists go into the arena; texts and bytes are views of what was read. */
#ifndef LOA_WIRE_CODEC_H
#define LOA_WIRE_CODEC_H

#include "wire/message.h"
#include "wire/types.h"

struct wire_record; /* the description of one record or message */

extern const struct wire_record
#define RECORD(name) wire_record_##name,
#define MESSAGE(number, NAME, name, from, since, most_bytes) wire_record_##name,
#define FIELD(key, TYPE, name, NEED, most)
#define END(name)
#include "wire/records.def"

#include "wire/messages.def"
#undef RECORD
#undef MESSAGE
#undef FIELD
#undef END
    wire_record_none;

/* Any message as a value: one switch over `kind`. */
struct wire_said {
    enum wire_kind kind; /* 0: a number we do not know, skipped */
    union {
#define MESSAGE(number, NAME, name, from, since, most_bytes) struct wire_##name name;
#define FIELD(key, TYPE, name, NEED, most)
#define END(name)
#include "wire/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
    };
};

CHECKED errc wire_record_write(const struct wire_record *record, const void *value,
                               struct buf *out);
CHECKED errc wire_record_read(const struct wire_record *record, str bytes, struct arena *arena,
                              void *ret_value, struct why *why);
/* A whole message, as one WebSocket frame carries it. */
CHECKED errc wire_say(const struct wire_said *said, struct buf *out);
/* Of this side, in this version (0 before the versions are agreed). A message that is too big or
 * may not be said by that side is ERR_BAD_REQUEST; unknown numbers give kind 0. */
CHECKED errc wire_hear(str bytes, enum wire_from side, int version, struct arena *arena,
                       struct wire_said *ret_said, struct why *why);

#endif

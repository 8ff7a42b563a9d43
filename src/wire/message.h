/* The table of messages between server and device. A version is exchanged first (WIRE_HELLO);
 * a message that the other side does not know is skipped by its length. */
#ifndef LOA_WIRE_MESSAGE_H
#define LOA_WIRE_MESSAGE_H

#include "base/base.h"

enum { WIRE_VERSION = 1, WIRE_MESSAGE_MOST = 65536 /* bytes, known or not */ };

enum wire_from { WIRE_FROM_SERVER, WIRE_FROM_DEVICE, WIRE_FROM_BOTH };

enum wire_kind {
#define MESSAGE(number, NAME, name, from, since, most_bytes) NAME = (number),
#define FIELD(key, TYPE, name, NEED, most)
#define END(name)
#include "wire/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
};

struct wire_message {
    enum wire_kind kind;
    const char *name;
    enum wire_from from;
    int since;
    size_t most_bytes;
};

/* The row of a message as read from a stranger, or null when we do not know the number. */
const struct wire_message *wire_message_of(uint64_t number);
/* Whether this side may say it in the version that was agreed. */
bool wire_message_is_allowed(const struct wire_message *message, enum wire_from side, int version);

#endif

/* Looking up the table. It stays a dozen rows or a few; a scan is the simplest search. */
#include "wire/message.h"

static const struct wire_message messages[] = {
#define MESSAGE(number, NAME, name, from, since, most_bytes) {NAME, #name, from, since, most_bytes},
#define FIELD(key, TYPE, name, NEED, most)
#define END(name)
#include "wire/messages.def"
#undef MESSAGE
#undef FIELD
#undef END
};

const struct wire_message *wire_message_of(uint64_t number)
{
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        if ((uint64_t)messages[i].kind == number) {
            return &messages[i];
        }
    }
    return NULL;
}

bool wire_message_is_allowed(const struct wire_message *message, enum wire_from side, int version)
{
    bool direction = message->from == WIRE_FROM_BOTH || message->from == side;
    return direction && version >= message->since;
}

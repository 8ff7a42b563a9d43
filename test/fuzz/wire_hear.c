/* A message from a stranger: the first byte says which side it would be and whether the versions
 * are agreed. Refused, skipped, or understood; what is understood is said again in one form, and
 * that form is understood as the same. */
#include "wire/codec.h"

#include "base/crash.h"

static void check_again(const struct wire_said *said, enum wire_from side, struct arena *arena)
{
    AUTO(buf_finish) struct buf first;
    AUTO(buf_finish) struct buf second;
    struct wire_said heard;
    buf_init(&first, WIRE_MESSAGE_MOST);
    buf_init(&second, WIRE_MESSAGE_MOST);
    ENSURE(wire_say(said, &first) == OK);
    ENSURE(wire_hear(buf_str(&first), side, WIRE_VERSION, arena, &heard, NULL) == OK);
    ENSURE(wire_say(&heard, &second) == OK);
    ENSURE(str_is(buf_str(&first), buf_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct wire_said said;
    if (size == 0 || arena_create(8 << 20, &arena) != OK) {
        return 0;
    }
    enum wire_from side = data[0] % 2 == 0 ? WIRE_FROM_SERVER : WIRE_FROM_DEVICE;
    str bytes = {(const char *)data + 1, size - 1};
    int version = data[0] / 2 % 2 == 0 ? WIRE_VERSION : 0;
    if (wire_hear(bytes, side, version, arena, &said, NULL) == OK && said.kind != 0) {
        check_again(&said, side, arena);
    }
    return 0;
}

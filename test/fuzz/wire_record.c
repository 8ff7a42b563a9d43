/* A record from a stranger; the first byte says which. What is read is written in one form, no
 * longer than it came, and that form is read as the same. */
#include "wire/codec_testing.h"

static void check_again(const struct wire_record *record, const void *value, size_t size,
                        struct arena *arena)
{
    AUTO(buf_finish) struct buf first;
    AUTO(buf_finish) struct buf second;
    union wire_any again;
    buf_init(&first, 1 << 20);
    buf_init(&second, 1 << 20);
    ENSURE(wire_record_write(record, value, &first) == OK);
    ENSURE(first.len <= size); /* keys that we do not know are gone */
    ENSURE(wire_record_read(record, buf_str(&first), arena, &again, NULL) == OK);
    ENSURE(wire_record_write(record, &again, &second) == OK);
    ENSURE(str_is(buf_str(&first), buf_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_close) struct arena *arena = NULL;
    union wire_any value;
    size_t count = 0;
    while (wire_records()[count] != NULL) {
        count++;
    }
    if (size == 0 || arena_create(8 << 20, &arena) != OK) {
        return 0;
    }
    const struct wire_record *record = wire_records()[data[0] % count];
    str bytes = {(const char *)data + 1, size - 1};
    if (wire_record_read(record, bytes, arena, &value, NULL) == OK) {
        check_again(record, &value, bytes.len, arena);
    }
    return 0;
}

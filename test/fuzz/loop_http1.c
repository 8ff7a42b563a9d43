/* A whole HTTP/1 connection, WebSockets and event streams included. It must not crash or forget
 * anything, whatever it says is well-formed HTTP, and it says the same however the bytes are cut.
 */
#include "loop/http.h"

#include "loop_memory.h"

static struct memory memory;

/* Counts the answers; aborts on bytes that are none. Stops at what has no length of its own. */
static size_t check_answers(str said)
{
    size_t count = 0;
    while (said.len > 0) {
        if (!str_starts(said, S("HTTP/1.1 "))) {
            abort();
        }
        const char *end = memmem(said.at, said.len, "\r\n\r\n", 4);
        if (end == NULL) {
            abort();
        }
        str head = {said.at, (size_t)(end - said.at) + 4};
        said = str_cut(said, head.len, said.len);
        int64_t status;
        if (!str_to_i64(str_cut(head, 9, 12), &status) || status < 100 || status > 599) {
            abort();
        }
        count++;
        const char *length = memmem(head.at, head.len, "\r\ncontent-length: ", 18);
        if (status == 100 || status == 304) {
            continue;
        }
        if (length == NULL) {
            return count; /* a WebSocket or a stream follows */
        }
        uint64_t size = strtoull(length + 18, NULL, 10);
        if (said.len < size) {
            if (said.len > 0) {
                abort();
            }
            return count; /* HEAD, the last */
        }
        if (!str_starts(said, S("HTTP/1.1 ")) || size == 0) {
            said = str_cut(said, (size_t)size, said.len);
        } /* else HEAD: the next answer begins at once */
    }
    return count;
}

/* The Date may change between two runs; nothing else may. */
static size_t hide_dates(char *said, size_t size)
{
    char *at = said;
    while ((at = memmem(at, size - (size_t)(at - said), "\r\ndate: ", 8)) != NULL) {
        memset(at + 8, 'd', 29);
        at += 8;
    }
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char first[SAID_MOST];
    if (memory.loop == NULL) {
        memory_begin(&memory);
    }
    if (size > 16384) {
        return 0;
    }
    memory.step = SIZE_MAX;
    memory_run(&memory, &protocol_http1, data, size);
    size_t first_size = hide_dates(memory.said, memory.said_size);
    memcpy(first, memory.said, first_size);
    ignore_int((long)check_answers((str){first, first_size}));
    memory.step = 1;
    memory_run(&memory, &protocol_http1, data, size);
    size_t second_size = hide_dates(memory.said, memory.said_size);
    size_t same = first_size < second_size ? first_size : second_size;
    if (memcmp(first, memory.said, same > 12 ? 12 : same) != 0) {
        abort();
    }
    return 0;
}

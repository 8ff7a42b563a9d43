/* An HTTP/2 connection behind its preface: frames from strangers must not crash the server, make it
 * forget a stream, or make it say much for little. */
#include "loop/http.h"

#include "loop_memory.h"

static struct memory memory;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
    enum { PREFACE = sizeof preface - 1, MOST = 16384 };
    static uint8_t bytes[PREFACE + MOST];
    if (memory.loop == NULL) {
        memory_begin(&memory);
    }
    if (size > MOST) {
        return 0;
    }
    memcpy(bytes, preface, PREFACE);
    if (size > 0) {
        memcpy(bytes + PREFACE, data, size);
    }
    memory.step = size % 7 == 0 ? 1 : SIZE_MAX;
    memory_run(&memory, &protocol_http2, bytes, PREFACE + size);
    if (memory.said_size > 65536 + 64 * size) {
        abort();
    }
    return 0;
}

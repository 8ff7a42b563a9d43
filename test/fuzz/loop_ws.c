/* WebSocket frames: the codec by itself, and a connection that has just been upgraded. */
#include "loop/http.h"
#include "loop/ws_frame.h"

#include "loop_memory.h"

static struct memory memory;

static void check_codec(const uint8_t *data, size_t size)
{
    struct ws_frame frame;
    uint8_t head[WS_HEAD_MOST];
    if (ws_frame_read((str){(const char *)data, size}, &frame) != WS_WHOLE_HEAD) {
        return;
    }
    /* What was read, written again, is the same but for the mask and FIN. */
    size_t written = ws_frame_write(frame.opcode, frame.payload_size, head);
    if (written + 4 != frame.head_size || (head[0] & 0x0f) != (data[0] & 0x0f) ||
        head[1] != (data[1] & 0x7f) || memcmp(head + 2, data + 2, written - 2) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char hello[] = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    enum { HELLO = sizeof hello - 1, MOST = 16384 };
    static uint8_t bytes[HELLO + MOST];
    if (memory.loop == NULL) {
        memory_begin(&memory);
    }
    check_codec(data, size);
    if (size > MOST) {
        return 0;
    }
    memcpy(bytes, hello, HELLO);
    if (size > 0) {
        memcpy(bytes + HELLO, data, size);
    }
    memory.step = size % 5 == 0 ? 1 : SIZE_MAX;
    memory_run(&memory, &protocol_http1, bytes, HELLO + size);
    return 0;
}

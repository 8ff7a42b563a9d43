/* WebSocket frames (RFC 6455, section 5), pure: what clients send, which is masked, and what the
 * server sends, which is not. */
#ifndef LOA_LOOP_WS_FRAME_H
#define LOA_LOOP_WS_FRAME_H

#include "base/base.h"

enum ws_opcode {
    WS_OP_CONTINUE = 0,
    WS_OP_TEXT = 1,
    WS_OP_BINARY = 2,
    WS_OP_CLOSE = 8,
    WS_OP_PING = 9,
    WS_OP_PONG = 10,
};

enum {
    WS_HEAD_MOST = 10,
    WS_MASKED_HEAD_MOST = WS_HEAD_MOST + 4,
    WS_CONTROL_MOST = 125,
    WS_ACCEPT_SIZE = 29,
};

struct ws_frame {
    enum ws_opcode opcode;
    bool last; /* FIN */
    size_t head_size;
    uint64_t payload_size;
    uint8_t mask[4];
};

enum ws_step { WS_MORE, WS_WHOLE_HEAD, WS_BAD };

/* Reads the head of a client's frame from the front of bytes. WS_BAD for unmasked frames, reserved
 * bits and opcodes, control frames that are long or fragmented, and lengths not written the
 * shortest way. */
enum ws_step ws_frame_read(str bytes, struct ws_frame *ret_frame);
/* The same for a server's frame: WS_BAD for masked ones; the mask read is zero. */
enum ws_step ws_frame_read_bare(str bytes, struct ws_frame *ret_frame);
/* Masks or unmasks in place; `from` is the offset of the first byte within its frame. */
void ws_frame_unmask(const struct ws_frame *frame, char *bytes, size_t size, size_t from);
/* Writes the head of an unfragmented, unmasked frame; returns its size. */
size_t ws_frame_write(enum ws_opcode opcode, uint64_t payload_size, uint8_t head[WS_HEAD_MOST]);
/* Writes the head of an unfragmented frame of a client, mask included; returns its size. */
size_t ws_frame_write_masked(enum ws_opcode opcode, uint64_t payload_size, const uint8_t mask[4],
                             uint8_t head[WS_MASKED_HEAD_MOST]);
/* May this code stand in a close frame? */
bool ws_code_is_valid(int code);
/* Sec-WebSocket-Accept for a key; false for a key that is not 16 bytes in base64. */
CHECKED bool ws_key_answer(str key, char ret_answer[WS_ACCEPT_SIZE]);

#endif

/* The frame codec. Clients must mask and the server must not; the shortest length form is the only
 * one accepted, so that a frame has one spelling. */
#include "loop/ws_frame.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

static bool is_known(int opcode)
{
    return opcode <= WS_OP_BINARY || (opcode >= WS_OP_CLOSE && opcode <= WS_OP_PONG);
}

static uint64_t read_number(const uint8_t *at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

static enum ws_step read_head(str bytes, bool masked, struct ws_frame *ret_frame)
{
    size_t mask_size = masked ? 4 : 0;
    if (bytes.len < 2) {
        return WS_MORE;
    }
    const uint8_t *at = (const uint8_t *)bytes.at;
    int opcode = at[0] & 0x0f;
    uint64_t size = at[1] & 0x7f;
    bool last = (at[0] & 0x80) != 0;
    bool control = opcode >= WS_OP_CLOSE;
    if ((at[0] & 0x70) != 0 || ((at[1] & 0x80) != 0) != masked || !is_known(opcode) ||
        (control && (!last || size > WS_CONTROL_MOST))) {
        return WS_BAD;
    }
    size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (bytes.len < 2 + extra + mask_size) {
        return WS_MORE;
    }
    if (extra > 0) {
        size = read_number(at + 2, extra);
        if (size < 126 || (extra == 8 && (size <= UINT16_MAX || size > INT64_MAX))) {
            return WS_BAD;
        }
    }
    struct ws_frame frame = {
        .opcode = (enum ws_opcode)opcode,
        .last = last,
        .head_size = 2 + extra + mask_size,
        .payload_size = size,
    };
    memcpy(frame.mask, at + 2 + extra, mask_size);
    *ret_frame = frame;
    return WS_WHOLE_HEAD;
}

enum ws_step ws_frame_read(str bytes, struct ws_frame *ret_frame)
{
    return read_head(bytes, true, ret_frame);
}

enum ws_step ws_frame_read_bare(str bytes, struct ws_frame *ret_frame)
{
    return read_head(bytes, false, ret_frame);
}

void ws_frame_unmask(const struct ws_frame *frame, char *bytes, size_t size, size_t from)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)(bytes[i] ^ frame->mask[(from + i) % 4]);
    }
}

size_t ws_frame_write(enum ws_opcode opcode, uint64_t payload_size, uint8_t head[WS_HEAD_MOST])
{
    head[0] = (uint8_t)(0x80 | (int)opcode);
    size_t extra = payload_size < 126 ? 0 : payload_size <= UINT16_MAX ? 2 : 8;
    head[1] = (uint8_t)(extra == 0 ? payload_size : extra == 2 ? 126 : 127);
    for (size_t i = 0; i < extra; i++) {
        head[2 + i] = (uint8_t)(payload_size >> (8 * (extra - 1 - i)));
    }
    return 2 + extra;
}

size_t ws_frame_write_masked(enum ws_opcode opcode, uint64_t payload_size, const uint8_t mask[4],
                             uint8_t head[WS_MASKED_HEAD_MOST])
{
    size_t size = ws_frame_write(opcode, payload_size, head);
    head[1] = (uint8_t)(head[1] | 0x80);
    memcpy(head + size, mask, 4);
    return size + 4;
}

bool ws_code_is_valid(int code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

bool ws_key_answer(str key, char ret_answer[WS_ACCEPT_SIZE])
{
    static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char text[64];
    unsigned char digest[SHA_DIGEST_LENGTH];
    if (key.len != 24 || key.at[22] != '=' || key.at[23] != '=' || key.at[21] == '=') {
        return false;
    }
    if (EVP_DecodeBlock(text, (const unsigned char *)key.at, 24) != 18) {
        return false;
    }
    memcpy(text, key.at, 24);
    memcpy(text + 24, magic, sizeof magic - 1);
    SHA1(text, 24 + sizeof magic - 1, digest);
    EVP_EncodeBlock((unsigned char *)ret_answer, digest, sizeof digest);
    return true;
}

/* The reader of a client. Bytes are copied only when a frame came in parts: most messages are read
 * from where the socket put them. */
#include "loop/ws_reader.h"

#include "base/text.h"
#include "loop/ws_frame.h"

void ws_reader_init(struct ws_reader *reader, size_t message_most, size_t fragments_most)
{
    *reader = (struct ws_reader){.message_most = message_most, .fragments_most = fragments_most};
    buf_init(&reader->in,
             SIZE_MAX / 4); /* frames have their ceiling; behind one lies one read at most */
    buf_init(&reader->message, message_most);
}

void ws_reader_finish(struct ws_reader *reader)
{
    buf_finish(&reader->in);
    buf_finish(&reader->message);
}

/* Forgets what was handed out last. */
static void let_go(struct ws_reader *reader)
{
    if (reader->is_done) {
        reader->is_done = false;
        buf_finish(&reader->message);
        buf_init(&reader->message, reader->message_most);
    }
    if (reader->eaten == reader->in.len && reader->eaten > 0) {
        reader->eaten = 0;
        buf_finish(&reader->in);
        buf_init(&reader->in, SIZE_MAX / 4);
    }
}

/* Puts what is left aside, behind what was there. */
static bool keep(struct ws_reader *reader, str *bytes)
{
    if (bytes->len > 0) {
        buf_drop(&reader->in, reader->eaten);
        reader->eaten = 0;
        buf_add(&reader->in, *bytes);
        *bytes = STR_NONE;
    }
    return buf_check(&reader->in) == OK;
}

static enum ws_event broken(struct ws_heard *heard, int code)
{
    *heard = (struct ws_heard){.code = code};
    return WS_BROKEN;
}

static enum ws_event hear_close(str payload, struct ws_heard *heard)
{
    *heard = (struct ws_heard){.code = WS_CLOSE_NONE};
    if (payload.len > 0) {
        int code = payload.len == 1 ? 0 : (uint8_t)payload.at[0] << 8 | (uint8_t)payload.at[1];
        if (!ws_code_is_valid(code)) {
            return broken(heard, WS_CLOSE_PROTOCOL);
        }
        heard->code = code;
        heard->payload = str_cut(payload, 2, payload.len);
        if (!text_is_utf8(heard->payload)) {
            return broken(heard, WS_CLOSE_NOT_UTF8);
        }
    }
    return WS_CLOSE;
}

static enum ws_event hear_message(const struct ws_reader *reader, str payload,
                                  struct ws_heard *heard)
{
    if (reader->kind == WS_TEXT && !text_is_utf8(payload)) {
        return broken(heard, WS_CLOSE_NOT_UTF8);
    }
    *heard = (struct ws_heard){.kind = reader->kind, .payload = payload};
    return WS_MESSAGE;
}

/* WS_NOTHING: a fragment that others follow. */
static enum ws_event hear_data(struct ws_reader *reader, const struct ws_frame *frame, str payload,
                               struct ws_heard *heard)
{
    bool first = frame->opcode != WS_OP_CONTINUE;
    if (first == (reader->fragments > 0)) {
        return broken(heard, WS_CLOSE_PROTOCOL);
    }
    if (first) {
        reader->kind = frame->opcode == WS_OP_TEXT ? WS_TEXT : WS_BINARY;
        if (frame->last) {
            return hear_message(reader, payload, heard);
        }
    }
    reader->fragments++;
    buf_add(&reader->message, payload);
    if (reader->fragments > reader->fragments_most || buf_check(&reader->message) != OK) {
        return broken(heard, WS_CLOSE_TOO_BIG);
    }
    if (!frame->last) {
        return WS_NOTHING;
    }
    reader->fragments = 0;
    reader->is_done = true;
    return hear_message(reader, buf_str(&reader->message), heard);
}

static enum ws_event hear_frame(struct ws_reader *reader, const struct ws_frame *frame, str payload,
                                struct ws_heard *heard)
{
    *heard = (struct ws_heard){.payload = payload};
    switch (frame->opcode) {
    case WS_OP_CONTINUE:
    case WS_OP_TEXT:
    case WS_OP_BINARY:
        return hear_data(reader, frame, payload, heard);
    case WS_OP_CLOSE:
        return hear_close(payload, heard);
    case WS_OP_PING:
        return WS_PING;
    case WS_OP_PONG:
        return WS_PONG;
    }
    return broken(heard, WS_CLOSE_PROTOCOL);
}

/* One frame from the front of bytes; *ret_size is what it took, 0 when it is not whole. */
static enum ws_event hear(struct ws_reader *reader, str bytes, size_t *ret_size,
                          struct ws_heard *heard)
{
    struct ws_frame frame;
    *ret_size = 0;
    switch (ws_frame_read_bare(bytes, &frame)) {
    case WS_MORE:
        return WS_NOTHING;
    case WS_BAD:
        return broken(heard, WS_CLOSE_PROTOCOL);
    case WS_WHOLE_HEAD:
        break;
    }
    if (frame.payload_size > reader->message_most) {
        return broken(heard, WS_CLOSE_TOO_BIG);
    }
    size_t size = (size_t)frame.payload_size;
    if (bytes.len - frame.head_size < size) {
        return WS_NOTHING;
    }
    *ret_size = frame.head_size + size;
    return hear_frame(reader, &frame, str_cut(bytes, frame.head_size, *ret_size), heard);
}

enum ws_event ws_reader_next(struct ws_reader *reader, str *bytes, struct ws_heard *ret_heard)
{
    enum ws_event event = WS_NOTHING;
    size_t size;
    let_go(reader);
    if (reader->in.len == 0) {
        do {
            event = hear(reader, *bytes, &size, ret_heard);
            *bytes = str_cut(*bytes, size, bytes->len);
        } while (event == WS_NOTHING && size > 0);
        if (event != WS_NOTHING) {
            return event;
        }
    }
    if (!keep(reader, bytes)) {
        return broken(ret_heard, WS_CLOSE_TOO_BIG);
    }
    do {
        str waiting = str_cut(buf_str(&reader->in), reader->eaten, reader->in.len);
        event = hear(reader, waiting, &size, ret_heard);
        reader->eaten += size;
    } while (event == WS_NOTHING && size > 0);
    return event;
}

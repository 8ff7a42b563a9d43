/* A dial at work: the handshake, frames in, frames out, and the close that both sides agree on. */
#include "loop/dial_inside.h"

#include "base/text.h"

enum { READS_A_TURN = 8 };

static struct dial *open_of(struct dialer *dialer, dial_id id)
{
    struct dial *dial = dial_of(dialer, id);
    return dial != NULL && dial->state == DIAL_OPEN ? dial : NULL;
}

/* --- the end
 * --------------------------------------------------------------------------------------
 */

void dial_finish(struct dial *dial, int code, const struct why *why)
{
    if (dial->state == DIAL_OVER) {
        return;
    }
    dial->state = DIAL_OVER;
    dial->end.code = code;
    if (why != NULL) {
        dial->end.why = *why;
    }
    dial_touch(dial);
}

static void lose(struct dial *dial, const char *what)
{
    struct why why;
    ignore(fail(&why, ERR_CLOSED, "%s", what));
    dial_finish(dial, WS_CLOSE_LOST, &why);
}

/* --- sending
 * --------------------------------------------------------------------------------------
 */

void dial_flush(struct dial *dial)
{
    size_t sent = 0;
    while (sent < dial->out.len && !dial->is_blocked && dial->state != DIAL_OVER) {
        ssize_t count = dial_write(dial, dial->out.at + sent, dial->out.len - sent);
        if (count == DIAL_IO_LOST) {
            lose(dial, "the line was cut while sending");
        } else if (count == DIAL_IO_WAIT) {
            dial->is_blocked = true;
        } else {
            sent += (size_t)count;
        }
    }
    buf_drop(&dial->out, sent);
    if (dial->out.len > 0) {
        if (sent > 0 || !deadline_is_set(&dial->write_late)) {
            dialer_wait(dial->dialer, &dial->write_late, dial_limits_of(dial)->write_wait);
        }
        return;
    }
    deadline_clear(&dial->dialer->wheel, &dial->write_late);
    if (dial->out.room > 0) {
        size_t ceiling = dial->out.ceiling;
        buf_finish(&dial->out); /* an idle dial holds nothing */
        buf_init(&dial->out, ceiling);
    }
}

static void add_frame(struct dial *dial, enum ws_opcode opcode, str payload)
{
    uint8_t head[WS_MASKED_HEAD_MOST];
    struct ws_frame frame = {.opcode = opcode};
    entropy_fill(dial->dialer->config.entropy, frame.mask, sizeof frame.mask);
    size_t size = ws_frame_write_masked(opcode, payload.len, frame.mask, head);
    buf_add(&dial->out, (str){(const char *)head, size});
    char *at = buf_reserve(&dial->out, payload.len);
    if (at != NULL && payload.len > 0) {
        memcpy(at, payload.at, payload.len);
        ws_frame_unmask(&frame, at, payload.len, 0);
        buf_advance(&dial->out, payload.len);
    }
    if (buf_check(&dial->out) != OK) {
        lose(dial, "no memory for what is to be sent");
    }
    dial_touch(dial);
}

errc dial_send(struct dialer *dialer, dial_id id, enum ws_kind kind, str payload)
{
    struct dial *dial = open_of(dialer, id);
    if (dial == NULL) {
        return ERR_CLOSED;
    }
    size_t most = dialer->config.limits.queue_bytes;
    if (payload.len > most || dial->out.len > most - payload.len) {
        return ERR_TOO_MANY;
    }
    add_frame(dial, kind == WS_TEXT ? WS_OP_TEXT : WS_OP_BINARY, payload);
    return dial->state == DIAL_OPEN ? OK : ERR_CLOSED;
}

static void send_close(struct dial *dial, int code, str reason)
{
    char payload[WS_CONTROL_MOST];
    reason = str_cut(reason, 0, sizeof payload - 2);
    size_t size = code == WS_CLOSE_NONE ? 0 : 2 + reason.len;
    payload[0] = (char)(code >> 8);
    payload[1] = (char)(code & 0xff);
    if (reason.len > 0) {
        memcpy(payload + 2, reason.at, reason.len);
    }
    dial->end.code = code;
    add_frame(dial, WS_OP_CLOSE, (str){payload, size});
    if (dial->state == DIAL_OPEN) {
        dial->state = DIAL_CLOSING;
    }
    dial_wait(dial, dial_limits_of(dial)->close_wait);
}

/* --- what comes in
 * --------------------------------------------------------------------------------
 */

static void hear_close(struct dial *dial, const struct ws_heard *heard)
{
    dial->heard_close = true;
    if (dial->state == DIAL_OPEN) {
        ignore(fail(&dial->end.why, ERR_CLOSED, "the server closes with %d %.*s", heard->code,
                    STR_ARG(heard->payload)));
        send_close(dial, heard->code, STR_NONE);
    }
    dial_touch(dial);
}

static void hear_broken(struct dial *dial, int code)
{
    if (dial->state == DIAL_OPEN) {
        ignore(fail(&dial->end.why, ERR_BAD_REQUEST, "the server's frames are broken (%d)", code));
        send_close(dial, code, STR_NONE);
    }
    dial->heard_close = true; /* nothing that still comes is read */
    dial_touch(dial);
}

static void hear(struct dial *dial, enum ws_event event, const struct ws_heard *heard)
{
    switch (event) {
    case WS_NOTHING:
    case WS_PONG:
        return;
    case WS_MESSAGE:
        if (dial->state == DIAL_OPEN && dial->handler.on_message != NULL) {
            dial->handler.on_message(dial->handler.ctx, dial->id, heard->kind, heard->payload);
        }
        return;
    case WS_PING:
        if (dial->state == DIAL_OPEN && dial->out.len <= dial_limits_of(dial)->queue_bytes) {
            add_frame(dial, WS_OP_PONG, heard->payload);
        }
        return;
    case WS_CLOSE:
        hear_close(dial, heard);
        return;
    case WS_BROKEN:
        hear_broken(dial, heard->code);
        return;
    }
}

static void read_frames(struct dial *dial, str bytes)
{
    enum ws_event event = WS_PONG;
    struct ws_heard heard;
    dial->has_pinged = false;
    if (dial->state == DIAL_OPEN) {
        dial_wait(dial, dial_limits_of(dial)->ping_every);
    }
    while (event != WS_NOTHING && !dial->heard_close && dial->state != DIAL_OVER) {
        event = ws_reader_next(&dial->reader, &bytes, &heard);
        hear(dial, event, &heard);
    }
}

static void be_open(struct dial *dial)
{
    dial_leave_handshake(dial);
    dial_free_start(dial);
    dial->state = DIAL_OPEN;
    dial->end.was_open = true;
    dial_wait(dial, dial_limits_of(dial)->ping_every);
    if (dial->handler.on_open != NULL) {
        dial->handler.on_open(dial->handler.ctx, dial->id);
    }
}

static void read_answer(struct dial *dial, str bytes)
{
    struct dial_start *start = dial->start;
    size_t most = dial_limits_of(dial)->head_bytes;
    struct dial_answer answer;
    struct why why;
    buf_add(&start->head, bytes);
    str head = buf_str(&start->head);
    size_t size = dial_head_size(head);
    if (size > most || (size == 0 && head.len > most) || buf_check(&start->head) != OK) {
        lose(dial, "the server's answer is too long");
        return;
    }
    if (size == 0) {
        return;
    }
    if (dial_hello_read(str_cut(head, 0, size), str_of(start->key), str_of(start->protocol),
                        &answer, &why) != DIAL_AGREED) {
        dial->end.status = answer.status == 101 ? 0 : answer.status;
        dial->end.retry_after = answer.retry_after;
        dial_finish(dial, WS_CLOSE_LOST, &why);
        return;
    }
    struct buf behind = start->head; /* what came behind the head is the first frames */
    start->head = (struct buf){0};
    be_open(dial);
    if (behind.len > size) {
        read_frames(dial, str_cut(buf_str(&behind), size, behind.len));
    }
    buf_finish(&behind);
}

void dial_readable(struct dial *dial)
{
    char *into = dial->dialer->read_buffer;
    dial->is_again = false;
    for (int i = 0; i < READS_A_TURN && dial->state != DIAL_OVER && !dial->heard_close; i++) {
        ssize_t count = dial_read(dial, into, DIAL_READ);
        if (count == DIAL_IO_WAIT) {
            return;
        }
        if (count < 0 && dial->state == DIAL_CLOSING) {
            dial_finish(dial, dial->end.code, NULL);
            return;
        }
        if (count < 0) {
            lose(dial, count == DIAL_IO_END ? "the server has hung up" : "the line was cut");
            return;
        }
        if (dial->state == DIAL_ASKING) {
            read_answer(dial, (str){into, (size_t)count});
        } else {
            read_frames(dial, (str){into, (size_t)count});
        }
    }
    dial->is_again = dial_has_more(dial);
    dial_touch(dial);
}

/* --- beginning
 * ------------------------------------------------------------------------------------
 */

static void ask(struct dial *dial)
{
    struct dial_start *start = dial->start;
    uint8_t chance[16];
    entropy_fill(dial->dialer->config.entropy, chance, sizeof chance);
    dial_key_write(chance, start->key);
    dial_hello_write(&start->url, str_of(start->key), str_of(start->protocol), &dial->out);
    dial->state = DIAL_ASKING;
    dial_touch(dial);
}

static void shake_hands(struct dial *dial)
{
    struct why why;
    int step = dial_tls_shake(dial, &why);
    if (step == DIAL_IO_LOST) {
        dial_finish(dial, WS_CLOSE_LOST, &why);
    } else if (step > 0) {
        ask(dial);
    }
    dial_touch(dial);
}

void dial_connected(struct dial *dial)
{
    struct why why;
    dial_wait(dial, dial_limits_of(dial)->handshake_wait);
    if (!dial->start->url.tls) {
        ask(dial);
        return;
    }
    dial->state = DIAL_SHAKING;
    if (dial_tls_begin(dial, &why) != OK) {
        dial_finish(dial, WS_CLOSE_LOST, &why);
        return;
    }
    shake_hands(dial);
}

void dial_ready(struct dial *dial, int events)
{
    if ((events & UV_WRITABLE) != 0) {
        dial->is_blocked = false;
        dial_touch(dial);
    }
    if (dial->state == DIAL_SHAKING) {
        shake_hands(dial);
    } else if ((events & UV_READABLE) != 0 && dial->state != DIAL_OVER) {
        dial_readable(dial);
    }
}

void dial_late(struct dial *dial)
{
    switch (dial->state) {
    case DIAL_QUEUED:
    case DIAL_OVER:
        return;
    case DIAL_LOOKING_UP:
    case DIAL_CONNECTING:
        dial_connect_late(dial);
        return;
    case DIAL_SHAKING:
    case DIAL_ASKING:
        lose(dial, "the server is too slow to shake hands");
        return;
    case DIAL_CLOSING:
        dial_finish(dial, dial->end.code, NULL);
        return;
    case DIAL_OPEN:
        break;
    }
    if (dial->has_pinged) {
        lose(dial, "the server does not answer");
        return;
    }
    dial->has_pinged = true;
    add_frame(dial, WS_OP_PING, STR_NONE);
    dial_wait(dial, dial_limits_of(dial)->pong_wait);
}

void dial_write_late(struct dial *dial)
{
    lose(dial, "the server takes no bytes");
}

/* --- what callers may do
 * --------------------------------------------------------------------------
 */

void dial_close(struct dialer *dialer, dial_id id, int code, str reason)
{
    struct dial *dial = dial_of(dialer, id);
    bool valid = ws_code_is_valid(code) && text_is_utf8(reason);
    if (dial == NULL) {
        return;
    }
    if (dial->state == DIAL_OPEN) {
        send_close(dial, valid ? code : WS_CLOSE_INTERNAL, valid ? reason : STR_NONE);
    } else if (dial->state < DIAL_OPEN) {
        lose(dial, "given up before it was open");
    }
}

void dial_cut(struct dialer *dialer, dial_id id)
{
    struct dial *dial = dial_of(dialer, id);
    if (dial != NULL) {
        lose(dial, "cut");
    }
}

size_t dial_waiting(struct dialer *dialer, dial_id id)
{
    const struct dial *dial = open_of(dialer, id);
    return dial == NULL ? 0 : dial->out.len;
}

bool dial_channel(struct dialer *dialer, dial_id id, uint8_t ret_bytes[32])
{
    const struct dial *dial = open_of(dialer, id);
    return dial != NULL && dial->ssl != NULL && tls_channel(dial->ssl, ret_bytes);
}

bool dial_was_resumed(struct dialer *dialer, dial_id id)
{
    const struct dial *dial = open_of(dialer, id);
    return dial != NULL && dial->ssl != NULL && SSL_session_reused(dial->ssl) == 1;
}

struct wire_traffic dial_traffic(struct dialer *dialer, dial_id id)
{
    const struct dial *dial = dial_of(dialer, id);
    return dial == NULL || dial->socket == NULL ? (struct wire_traffic){0}
                                                : traffic_of(dial->socket->fd);
}

/* WebSockets (RFC 6455): messages in, messages out, pings, and a close that both sides agree on.
 * Extensions are never agreed to, so reserved bits are always errors. */
#include "loop/websocket.h"

#include "base/text.h"
#include "loop/request.h"
#include "loop/ws_frame.h"

enum { URGENT_MOST = 2 };
enum { MESSAGE_MOST = 16 * 1024 * 1024, FRAME_HEAD_MOST = 14 };

struct websocket *websocket_of(struct http_server *server, http_id id)
{
    struct websocket *ws = slots_get(&server->ids, id.slot, id.generation);
    return ws != NULL && ws->kind == ENTRY_WEBSOCKET ? ws : NULL;
}

/* --- beginning -----------------------------------------------------------------------------------
 */

static bool offers(struct http_request *request, str protocol)
{
    str list = http_request_header(request, S("sec-websocket-protocol"));
    while (list.at != NULL) {
        if (str_is(str_trim(str_split(list, ',', &list)), protocol)) {
            return true;
        }
    }
    return false;
}

static bool write_answer(struct http_request *request, str protocol)
{
    char key[WS_ACCEPT_SIZE];
    char text[512];
    if (!ws_key_answer(request->head.websocket_key, key)) {
        return false;
    }
    int length = snprintf(text, sizeof text,
                          "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
                          "connection: upgrade\r\nsec-websocket-accept: %s\r\n%s%.*s%s\r\n",
                          key, protocol.len > 0 ? "sec-websocket-protocol: " : "",
                          STR_ARG(protocol), protocol.len > 0 ? "\r\n" : "");
    return length > 0 && (size_t)length < sizeof text &&
           out_copy(&request->conn->out, (str){text, (size_t)length});
}

errc ws_accept(struct http_server *server, http_id id, const struct ws_handler *handler,
               str protocol, struct why *why)
{
    struct http_request *request = http_request_of(server, id);
    if (request == NULL || request->conn == NULL) {
        if (request != NULL) {
            request_destroy(request);
        }
        return fail(why, ERR_CLOSED, "nobody waits for this WebSocket any more");
    }
    if (request->plan.kind != HTTP_WEBSOCKET || request->state != REQUEST_WAITING ||
        (protocol.len > 0 && !offers(request, protocol)) || !write_answer(request, protocol)) {
        request_refuse(request, 500);
        return fail(why, ERR_INVALID, "not a WebSocket request, or not with '%.*s'",
                    STR_ARG(protocol));
    }
    struct websocket *ws = mem_take(sizeof *ws);
    struct conn *conn = request->conn;
    ws->kind = ENTRY_WEBSOCKET;
    ws->id = id;
    ws->conn = conn;
    ws->handler = *handler;
    buf_init(&ws->in, limits_of(server)->ws_message_bytes + FRAME_HEAD_MOST + CONN_READ);
    buf_init(&ws->message, limits_of(server)->ws_message_bytes);
    slots_replace(&server->ids, id.slot, id.generation, ws);
    request_done(request, 101, 0);
    http1_upgrade(request);
    request->id = HTTP_ID_NONE; /* it is the WebSocket's now */
    request_destroy(request);
    conn->protocol = &protocol_websocket;
    conn->websocket = ws;
    server->counters.websockets++;
    server->counters.websockets_open++;
    conn_wait(conn, limits_of(server)->ws_ping_every);
    return OK;
}

/* --- the end -------------------------------------------------------------------------------------
 */

static void end(struct websocket *ws, int code)
{
    struct http_server *server = ws->conn->server;
    if (ws->is_over) {
        return;
    }
    ws->is_over = true;
    slots_drop(&server->ids, ws->id.slot, ws->id.generation);
    server->counters.websockets_open--;
    if (ws->handler.on_close != NULL) {
        ws->handler.on_close(ws->handler.ctx, ws->id, code);
    }
}

/* A frame lies in one piece, so that another may be put before or behind it. */
static bool add_frame(struct websocket *ws, enum ws_opcode opcode, str payload)
{
    uint8_t head[WS_HEAD_MOST];
    size_t size = ws_frame_write(opcode, payload.len, head);
    char *at = out_reserve(&ws->conn->out, size + payload.len);
    conn_touch(ws->conn);
    if (at == NULL) {
        return false;
    }
    memcpy(at, head, size);
    if (payload.len > 0) {
        memcpy(at + size, payload.at, payload.len);
    }
    out_advance(&ws->conn->out, size + payload.len);
    return true;
}

static void send_close(struct websocket *ws, int code, str reason)
{
    char payload[WS_CONTROL_MOST];
    if (ws->sent_close || ws->is_over) {
        return;
    }
    ws->sent_close = true;
    ws->code = code;
    reason = str_cut(reason, 0, sizeof payload - 2);
    size_t size = code == WS_CLOSE_NONE ? 0 : 2 + reason.len;
    payload[0] = (char)(code >> 8);
    payload[1] = (char)(code & 0xff);
    if (reason.len > 0) {
        memcpy(payload + 2, reason.at, reason.len);
    }
    if (!add_frame(ws, WS_OP_CLOSE, (str){payload, size})) {
        conn_cut(ws->conn);
    }
    conn_wait(ws->conn, limits_of(ws->conn->server)->ws_close_wait);
}

static void refuse(struct websocket *ws, int code)
{
    server_refused(ws->conn->server,
                   code == WS_CLOSE_TOO_BIG ? HTTP_REFUSED_TOO_BIG : HTTP_REFUSED_MALFORMED);
    send_close(ws, code, STR_NONE);
    conn_close(ws->conn);
    end(ws, code);
}

/* --- messages in
 * ----------------------------------------------------------------------------------- */

static void take_close(struct websocket *ws, str payload)
{
    int code = WS_CLOSE_NONE;
    if (payload.len > 0) {
        code = payload.len == 1 ? 0 : (uint8_t)payload.at[0] << 8 | (uint8_t)payload.at[1];
        if (!ws_code_is_valid(code)) {
            refuse(ws, WS_CLOSE_PROTOCOL);
            return;
        }
        if (!text_is_utf8(str_cut(payload, 2, payload.len))) {
            refuse(ws, WS_CLOSE_NOT_UTF8);
            return;
        }
    }
    int told = ws->sent_close ? ws->code : code;
    send_close(ws, code, STR_NONE);
    conn_close(ws->conn);
    end(ws, told);
}

static void deliver(struct websocket *ws, str payload)
{
    if (ws->message_kind == WS_TEXT && !text_is_utf8(payload)) {
        refuse(ws, WS_CLOSE_NOT_UTF8);
    } else if (!ws->sent_close && ws->handler.on_message != NULL) {
        ws->handler.on_message(ws->handler.ctx, ws->id, ws->message_kind, payload);
    }
}

static void take_data(struct websocket *ws, const struct ws_frame *frame, str payload)
{
    bool first = frame->opcode != WS_OP_CONTINUE;
    if (first == (ws->fragments > 0)) {
        refuse(ws, WS_CLOSE_PROTOCOL);
        return;
    }
    if (first) {
        ws->message_kind = frame->opcode == WS_OP_TEXT ? WS_TEXT : WS_BINARY;
    }
    if (first && frame->last) {
        deliver(ws, payload);
        return;
    }
    ws->fragments++;
    buf_add(&ws->message, payload);
    if (ws->fragments > limits_of(ws->conn->server)->ws_fragments ||
        buf_check(&ws->message) != OK) {
        refuse(ws, WS_CLOSE_TOO_BIG);
    } else if (frame->last) {
        ws->fragments = 0;
        deliver(ws, buf_str(&ws->message));
        buf_finish(&ws->message);
        buf_init(&ws->message, limits_of(ws->conn->server)->ws_message_bytes);
    }
}

static void take_frame(struct websocket *ws, const struct ws_frame *frame, str payload)
{
    switch (frame->opcode) {
    case WS_OP_CONTINUE:
    case WS_OP_TEXT:
    case WS_OP_BINARY:
        take_data(ws, frame, payload);
        return;
    case WS_OP_CLOSE:
        take_close(ws, payload);
        return;
    case WS_OP_PING:
        if (ws->conn->out.size > limits_of(ws->conn->server)->stream_queue_bytes ||
            (!ws->sent_close && !add_frame(ws, WS_OP_PONG, payload))) {
            conn_refuse(ws->conn, HTTP_REFUSED_QUEUE);
        }
        return;
    case WS_OP_PONG:
        return;
    }
}

/* Eats whole frames from the front; returns how many bytes. */
static size_t eat_frames(struct websocket *ws, char *bytes, size_t size)
{
    size_t eaten = 0;
    struct ws_frame frame;
    while (!ws->is_over && !ws->is_stalled && !ws->conn->is_cut) {
        enum ws_step step = ws_frame_read((str){bytes + eaten, size - eaten}, &frame);
        if (step == WS_BAD) {
            refuse(ws, WS_CLOSE_PROTOCOL);
            break;
        }
        if (step == WS_MORE) {
            break;
        }
        if (frame.payload_size > limits_of(ws->conn->server)->ws_message_bytes) {
            refuse(ws, WS_CLOSE_TOO_BIG);
            break;
        }
        size_t payload_size = (size_t)frame.payload_size;
        if (size - eaten - frame.head_size < payload_size) {
            break;
        }
        char *payload = bytes + eaten + frame.head_size;
        ws_frame_unmask(&frame, payload, payload_size, 0);
        eaten += frame.head_size + payload_size;
        take_frame(ws, &frame, (str){payload, payload_size});
    }
    return eaten;
}

static void eat_waiting(struct websocket *ws)
{
    if (ws->in.len == 0) {
        return;
    }
    buf_drop(&ws->in, eat_frames(ws, ws->in.at, ws->in.len));
    if (ws->in.len == 0) {
        buf_finish(&ws->in); /* an idle WebSocket holds nothing */
        buf_init(&ws->in,
                 limits_of(ws->conn->server)->ws_message_bytes + FRAME_HEAD_MOST + CONN_READ);
    }
}

static void eat(struct websocket *ws, char *bytes, size_t size)
{
    size_t eaten = 0;
    eat_waiting(ws);
    if (ws->in.len == 0) {
        eaten = eat_frames(ws, bytes, size);
    }
    if (eaten < size && !ws->is_over) {
        buf_add(&ws->in, (str){bytes + eaten, size - eaten});
        if (buf_check(&ws->in) != OK) {
            conn_refuse(ws->conn, HTTP_REFUSED_QUEUE);
            return;
        }
        eat_waiting(ws);
    }
}

/* What came behind the request, before the WebSocket was accepted. */
static void eat_ahead(struct conn *conn)
{
    struct buf *ahead = &conn->http1.ahead;
    if (ahead->len > 0) {
        struct buf taken = *ahead;
        buf_init(ahead, 0);
        eat(conn->websocket, taken.at, taken.len);
        buf_finish(&taken);
    }
}

static void handle_bytes(struct conn *conn, char *bytes, size_t size)
{
    struct websocket *ws = conn->websocket;
    eat_ahead(conn);
    ws->has_pinged = false;
    if (!ws->sent_close) {
        conn_wait(conn, limits_of(conn->server)->ws_ping_every);
    }
    eat(ws, bytes, size);
}

static bool handle_room(struct conn *conn)
{
    size_t before = conn->out.size;
    eat_ahead(conn);
    eat_waiting(conn->websocket);
    return conn->out.size > before;
}

static void handle_end(struct conn *conn)
{
    conn_cut(conn);
}

static void handle_late(struct conn *conn)
{
    struct websocket *ws = conn->websocket;
    const struct http_limits *limits = limits_of(conn->server);
    if (ws->sent_close) {
        conn_cut(conn);
    } else if (ws->is_stalled) {
        conn_wait(conn, limits->ws_ping_every);
    } else if (ws->has_pinged || !add_frame(ws, WS_OP_PING, STR_NONE)) {
        conn_refuse(conn, HTTP_REFUSED_TOO_SLOW);
    } else {
        ws->has_pinged = true;
        conn_wait(conn, limits->ws_pong_wait);
    }
}

static void handle_stop(struct conn *conn)
{
    send_close(conn->websocket, WS_CLOSE_GOING, STR_NONE);
}

static void let_go(struct conn *conn)
{
    struct websocket *ws = conn->websocket;
    end(ws, ws->sent_close ? ws->code : WS_CLOSE_LOST);
    buf_finish(&ws->in);
    buf_finish(&ws->message);
    buf_finish(&conn->http1.ahead);
    mem_give(ws);
}

const struct protocol protocol_websocket = {
    .handle_bytes = handle_bytes,
    .handle_room = handle_room,
    .handle_end = handle_end,
    .handle_late = handle_late,
    .handle_stop = handle_stop,
    .finish = let_go,
};

/* --- messages out
 * ---------------------------------------------------------------------------------- */

errc ws_message_create(enum ws_kind kind, str payload, struct http_message **ret_message)
{
    uint8_t head[WS_HEAD_MOST];
    if (payload.len > MESSAGE_MOST) {
        return ERR_TOO_BIG;
    }
    size_t size = ws_frame_write(kind == WS_TEXT ? WS_OP_TEXT : WS_OP_BINARY, payload.len, head);
    struct http_message *message = message_take(MESSAGE_WEBSOCKET, size + payload.len);
    if (message == NULL) {
        return ERR_NO_MEMORY;
    }
    memcpy(message->bytes, head, size);
    if (payload.len > 0) {
        memcpy(message->bytes + size, payload.at, payload.len);
    }
    *ret_message = message;
    return OK;
}

/* Null when there is nobody to send to. */
static struct websocket *open_of(struct http_server *server, http_id id)
{
    struct websocket *ws = websocket_of(server, id);
    return ws != NULL && !ws->sent_close && !ws->conn->is_cut ? ws : NULL;
}

static bool has_room(const struct websocket *ws, size_t size)
{
    return ws->conn->out.size + size <= limits_of(ws->conn->server)->stream_queue_bytes;
}

errc ws_send_message(struct http_server *server, http_id id, struct http_message *message)
{
    struct websocket *ws = open_of(server, id);
    if (ws == NULL) {
        return ERR_CLOSED;
    }
    if (message->kind != MESSAGE_WEBSOCKET) {
        return ERR_INVALID;
    }
    if (!has_room(ws, message->size) || !out_share(&ws->conn->out, message)) {
        conn_refuse(ws->conn, HTTP_REFUSED_QUEUE);
        return ERR_TOO_MANY;
    }
    conn_touch(ws->conn);
    return OK;
}

errc ws_send_urgent(struct http_server *server, http_id id, struct http_message *message)
{
    struct websocket *ws = open_of(server, id);
    if (ws == NULL) {
        return ERR_CLOSED;
    }
    if (message->kind != MESSAGE_WEBSOCKET) {
        return ERR_INVALID;
    }
    struct conn *conn = ws->conn;
    if (conn->out.size > URGENT_MOST * limits_of(server)->stream_queue_bytes ||
        !out_share_early(&conn->out, message, conn->owed)) {
        conn_refuse(conn, HTTP_REFUSED_QUEUE);
        return ERR_TOO_MANY;
    }
    conn_flush(conn);
    conn_touch(conn);
    return OK;
}

errc ws_send(struct http_server *server, http_id id, enum ws_kind kind, str payload)
{
    struct websocket *ws = open_of(server, id);
    if (ws == NULL) {
        return ERR_CLOSED;
    }
    if (!has_room(ws, payload.len) ||
        !add_frame(ws, kind == WS_TEXT ? WS_OP_TEXT : WS_OP_BINARY, payload)) {
        conn_refuse(ws->conn, HTTP_REFUSED_QUEUE);
        return ERR_TOO_MANY;
    }
    return OK;
}

size_t ws_waiting(struct http_server *server, http_id id)
{
    struct websocket *ws = open_of(server, id);
    return ws == NULL ? 0 : ws->conn->out.size;
}

void ws_set_record(struct http_server *server, http_id id, size_t bytes)
{
    const size_t least = 512; /* the least that TLS 1.3 and OpenSSL know */
    struct websocket *ws = open_of(server, id);
    if (ws == NULL) {
        return;
    }
    ws->conn->record = bytes < least ? least : bytes > CONN_RECORD ? CONN_RECORD : bytes;
    if (ws->conn->ssl != NULL) {
        ignore_int(SSL_set_max_send_fragment(ws->conn->ssl, (long)ws->conn->record));
    }
}

struct wire_traffic ws_traffic(struct http_server *server, http_id id)
{
    const struct websocket *ws = websocket_of(server, id);
    return ws == NULL || ws->conn->fd < 0 ? (struct wire_traffic){0} : traffic_of(ws->conn->fd);
}

void ws_set_reading(struct http_server *server, http_id id, bool reading)
{
    struct websocket *ws = open_of(server, id);
    if (ws == NULL) {
        return;
    }
    ws->is_stalled = !reading;
    if (reading) {
        conn_resume(ws->conn);
        conn_touch(ws->conn);
    } else {
        conn_pause(ws->conn);
    }
}

void ws_close(struct http_server *server, http_id id, int code, str reason)
{
    struct websocket *ws = open_of(server, id);
    if (ws != NULL) {
        bool valid = ws_code_is_valid(code) && text_is_utf8(reason);
        send_close(ws, valid ? code : WS_CLOSE_INTERNAL, valid ? reason : STR_NONE);
    }
}

/* A connection whose transport is memory: what a fuzz target feeds goes in, what the server says
 * comes out, and no socket is involved. */
#ifndef LOA_FUZZ_LOOP_MEMORY_H
#define LOA_FUZZ_LOOP_MEMORY_H

#include "loop/server.h"

#include "base/entropy.h"

enum { SAID_MOST = 1024 * 1024 };

struct memory {
    struct loop *loop;
    struct http_server *server;
    struct conn *conn; /* null once it has ended */
    const uint8_t *in;
    size_t in_size;
    bool in_ended;
    size_t step; /* most bytes for one read; changes the cuts */
    char *said;
    size_t said_size;
};

static inline ssize_t memory_read(struct conn *conn, char *into, size_t size)
{
    struct memory *memory = conn->test;
    if (memory->in_size == 0) {
        return memory->in_ended ? IO_END : IO_WAIT;
    }
    size = size < memory->step ? size : memory->step;
    size = size < memory->in_size ? size : memory->in_size;
    memcpy(into, memory->in, size);
    memory->in += size;
    memory->in_size -= size;
    return (ssize_t)size;
}

static inline ssize_t memory_write(struct conn *conn, const struct out *out)
{
    struct memory *memory = conn->test;
    struct iovec piece;
    ignore_int(out_look(out, &piece, 1));
    if (memory->said_size + piece.iov_len > SAID_MOST) {
        return IO_LOST;
    }
    memcpy(memory->said + memory->said_size, piece.iov_base, piece.iov_len);
    memory->said_size += piece.iov_len;
    return (ssize_t)piece.iov_len;
}

static inline bool memory_has_more(const struct conn *conn)
{
    const struct memory *memory = conn->test;
    return memory->in_size > 0;
}

static inline void memory_shut(struct conn *conn)
{
    (void)conn;
}

static inline void memory_finish(struct conn *conn)
{
    struct memory *memory = conn->test;
    memory->conn = NULL;
}

static const struct transport transport_memory = {
    .read = memory_read,
    .write = memory_write,
    .has_more = memory_has_more,
    .shut = memory_shut,
    .finish = memory_finish,
};

static inline struct http_plan memory_plan(void *ctx, struct http_request *request)
{
    (void)ctx;
    return (struct http_plan){.kind = str_starts(http_request_path(request), S("/ws"))
                                          ? HTTP_WEBSOCKET
                                          : HTTP_BODY_MEMORY,
                              .most = 4096};
}

static inline void memory_on_message(void *ctx, http_id id, enum ws_kind kind, str payload)
{
    struct memory *memory = ctx;
    ignore(ws_send(memory->server, id, kind, payload));
}

static inline void memory_answer(void *ctx, struct http_request *request)
{
    struct memory *memory = ctx;
    http_id id = http_request_id(request);
    str path = http_request_path(request);
    struct ws_handler handler = {.ctx = memory, .on_message = memory_on_message};
    struct http_stream_config stream = {.type = S("text/event-stream")};
    struct http_answer answer = {.status = 200,
                                 .body = HTTP_BYTES,
                                 .bytes = http_request_body(request),
                                 .etag = S("e"),
                                 .changed = USEC_DAY};
    str value;
    ignore_int(http_request_cookie(request, S("a"), &value));
    ignore_int(http_request_param(request, S("a"), &value));
    if (str_starts(path, S("/ws"))) {
        ignore(ws_accept(memory->server, id, &handler, STR_NONE, NULL));
    } else if (str_is(path, S("/events"))) {
        ignore(http_stream_open(memory->server, id, &stream, NULL));
    } else {
        if (answer.bytes.len == 0) {
            answer.body = HTTP_STATIC;
            answer.bytes = S("0123456789");
        }
        ignore(http_answer_send(memory->server, id, &answer, NULL));
    }
}

static inline void memory_begin(struct memory *memory)
{
    static struct entropy_seed seed = {1};
    struct http_config config = {.ctx = memory,
                                 .on_head = memory_plan,
                                 .on_request = memory_answer,
                                 .entropy = entropy_seeded(&seed),
                                 .limits = http_limits_default()};
    config.limits.header_bytes = 4096;
    config.limits.ws_message_bytes = 4096;
    config.limits.connections = 16;
    memory->said = mem_take(SAID_MOST);
    if (loop_create(NULL, &memory->loop, NULL) != OK ||
        http_server_create(memory->loop, &config, &memory->server, NULL) != OK) {
        abort();
    }
}

static inline void memory_run(struct memory *memory, const struct protocol *protocol,
                              const uint8_t *data, size_t size)
{
    memory->in = data;
    memory->in_size = size;
    memory->in_ended = false;
    memory->said_size = 0;
    memory->conn = conn_create(memory->server, -1, (struct address){{0}}, &transport_memory);
    memory->conn->test = memory;
    if (protocol == &protocol_http2) {
        buf_finish(&memory->conn->http1.ahead);
        conn_begin(memory->conn, protocol);
    }
    while (memory->conn != NULL) { /* until all is read, then until all is said */
        size_t before = memory->in_size;
        bool was_ended = memory->in_ended;
        conn_readable(memory->conn);
        server_turn(memory->server);
        if (memory->conn != NULL && before == memory->in_size && was_ended) {
            conn_cut(memory->conn); /* it waits for what will never come */
        }
        memory->in_ended = was_ended || before == memory->in_size;
    }
    if (http_server_counters(memory->server)->requests_open != 0 ||
        http_server_counters(memory->server)->websockets_open != 0 ||
        http_server_counters(memory->server)->connections_open != 0) {
        abort(); /* something was forgotten */
    }
}

#endif

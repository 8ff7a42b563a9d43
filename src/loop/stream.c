/* Answers without an end: event streams and live sound. HTTP/1 sends them until the connection
 * closes, so that one message suits every receiver as it is. */
#include "loop/request.h"

enum { MESSAGE_MOST = 16 * 1024 * 1024 };

errc http_message_create(str bytes, struct http_message **ret_message)
{
    if (bytes.len > MESSAGE_MOST) {
        return ERR_TOO_BIG;
    }
    struct http_message *message = message_take(MESSAGE_BYTES, bytes.len);
    if (message == NULL) {
        return ERR_NO_MEMORY;
    }
    if (bytes.len > 0) {
        memcpy(message->bytes, bytes.at, bytes.len);
    }
    *ret_message = message;
    return OK;
}

static bool is_line(str text)
{
    return !str_has(text, '\n') && !str_has(text, '\r') && !str_has(text, 0);
}

static void add_field(struct buf *text, const char *name, str value)
{
    if (value.len > 0) {
        buf_add_text(text, name);
        buf_add(text, value);
        buf_add_byte(text, '\n');
    }
}

errc http_event_create(str name, str id, str data, struct http_message **ret_message)
{
    AUTO(buf_finish) struct buf text = {0};
    if (!is_line(name) || !is_line(id) || str_has(data, '\r') || str_has(data, 0)) {
        return ERR_INVALID;
    }
    buf_init(&text, MESSAGE_MOST);
    add_field(&text, "event: ", name);
    add_field(&text, "id: ", id);
    do {
        buf_add(&text, S("data: "));
        buf_add(&text, str_split(data, '\n', &data));
        buf_add_byte(&text, '\n');
    } while (data.at != NULL);
    buf_add_byte(&text, '\n');
    TRY(buf_check(&text));
    return http_message_create(buf_str(&text), ret_message);
}

static void set_beat(struct http_request *request)
{
    struct http_server *server = request->server;
    if (request->is_events) {
        server_wait(server, &request->late, server_now(server) + limits_of(server)->events_beat);
    }
}

/* A stream lives long; what only its beginning needed goes. */
static void shed(struct http_request *request)
{
    arena_destroy(request->arena);
    request->arena = NULL;
    buf_finish(&request->raw);
    buf_finish(&request->body);
    mem_give(request->fields);
    request->fields = NULL;
    request->field_count = 0;
    request->target = (struct target){.raw = STR_NONE};
    request->host = STR_NONE;
}

errc http_stream_open(struct http_server *server, http_id id,
                      const struct http_stream_config *config, struct why *why)
{
    struct http_request *request = http_request_of(server, id);
    if (request == NULL || request->conn == NULL || request->state != REQUEST_WAITING) {
        if (request != NULL && request->conn == NULL) {
            request_destroy(request);
        }
        return fail(why, ERR_CLOSED, "nobody waits for this stream any more");
    }
    struct reply reply;
    reply_init(&reply, request, 200);
    reply.has_size = false;
    errc rc = reply_head(&reply, config->type, config->headers, config->header_count, why);
    if (rc != OK) {
        request_refuse(request, 500);
        return rc;
    }
    reply_add(&reply, S("cache-control"), S("no-store"));
    reply_send(request, &reply);
    if (reply.no_body) {
        return fail(why, ERR_CLOSED, "a HEAD request has no stream");
    }
    request->state = REQUEST_STREAMING;
    request->on_stream = config->stream;
    request->is_events = str_is(config->type, S("text/event-stream"));
    server->counters.streams++;
    server->counters.streams_open++;
    shed(request);
    set_beat(request);
    return OK;
}

static struct http_request *stream_of(struct http_server *server, http_id id)
{
    struct http_request *request = request_of(server, id);
    return request != NULL && request->state == REQUEST_STREAMING && !request->is_over &&
                   !request->conn->is_cut
               ? request
               : NULL;
}

static struct out *queue_of(struct http_request *request)
{
    return request->head.version == 20 ? &request->out : &request->conn->out;
}

static void cut(struct http_request *request)
{
    server_refused(request->server, HTTP_REFUSED_QUEUE);
    if (request->head.version == 20) {
        request->is_over = true;
        http2_abandon(request);
    } else {
        conn_cut(request->conn);
    }
}

errc http_stream_send(struct http_server *server, http_id id, struct http_message *message)
{
    struct http_request *request = stream_of(server, id);
    if (request == NULL) {
        return ERR_CLOSED;
    }
    struct out *queue = queue_of(request);
    if (message->kind != MESSAGE_BYTES) {
        return ERR_INVALID;
    }
    if (queue->size + message->size > limits_of(server)->stream_queue_bytes ||
        !out_share(queue, message)) {
        cut(request);
        return ERR_TOO_MANY;
    }
    set_beat(request);
    request_resume(request);
    return OK;
}

size_t http_stream_waiting(struct http_server *server, http_id id)
{
    struct http_request *request = stream_of(server, id);
    return request == NULL ? 0 : queue_of(request)->size;
}

/* Nothing more will be sent; what waits still goes. */
static void end_stream(struct http_request *request)
{
    struct conn *conn = request->conn;
    request->is_over = true;
    if (request->head.version == 20) {
        http2_resume(request);
    } else {
        conn->http1.request = NULL;
        request_detach(request);
        conn_close(conn);
    }
}

void http_stream_set_reading(struct http_server *server, http_id id, bool reading)
{
    struct http_request *request = stream_of(server, id);
    if (request == NULL || request->head.version == 20) {
        return;
    }
    request->is_stalled = !reading;
    if (reading) {
        conn_resume(request->conn);
        conn_touch(request->conn);
    } else {
        conn_pause(request->conn);
    }
}

void http_stream_close(struct http_server *server, http_id id)
{
    struct http_request *request = stream_of(server, id);
    if (request != NULL) {
        request->on_stream.on_close = NULL;
        end_stream(request);
    }
}

void stream_stop(struct http_request *request)
{
    struct http_server *server = request->server;
    if (request->is_over) {
        return;
    }
    if (request->is_events) { /* they shall not all come back in the same instant */
        char text[40];
        int length = snprintf(text, sizeof text, "retry: %u\n\n",
                              1000 + (unsigned)entropy_below(server->config.entropy, 4000));
        ignore_int(out_copy(queue_of(request), (str){text, (size_t)length}));
    }
    end_stream(request);
}

void stream_beat(struct http_request *request)
{
    struct out *queue = queue_of(request);
    if (queue->size == 0 && !request->is_over) {
        ignore_int(out_copy(queue, S(":\n\n")));
        request_resume(request);
    }
    set_beat(request);
}

void stream_lost(struct http_request *request)
{
    struct http_stream stream = request->on_stream;
    http_id id = request->id;
    request->server->counters.streams_open--;
    request_destroy(request);
    if (stream.on_close != NULL) {
        stream.on_close(stream.ctx, id);
    }
}

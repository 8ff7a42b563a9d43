/* HTTP/2 over nghttp2: each stream is a request that goes the same way as one of HTTP/1. What an
 * abuser can make a server do for little (resets, pings, settings, empty frames) is counted. */
#include "loop/request.h"

#include <ctype.h>
#include <nghttp2/nghttp2.h>

enum { QUEUE_FULL = 4 * CONN_LOW, NV_MOST = REPLY_FIELDS + 2, NAMES = 2048 };

#define FLOOD_WINDOW (10 * USEC_SECOND)
#define RESET_WAIT USEC_SECOND

struct http2 {
    nghttp2_session *session;
    struct conn *conn;
    struct http_request *first; /* of the open streams */
    size_t streams;
    size_t resets; /* in this window */
    size_t controls;
    usec window_end;
    bool going; /* GOAWAY was sent */
};

static struct http_request *request_at(nghttp2_session *session, int32_t stream)
{
    return nghttp2_session_get_stream_user_data(session, stream);
}

static bool is_flood(struct http2 *http2, size_t *count, size_t most)
{
    usec now = server_now(http2->conn->server);
    if (now >= http2->window_end) {
        http2->window_end = now + FLOOD_WINDOW;
        http2->resets = 0;
        http2->controls = 0;
    }
    (*count)++;
    if (*count > most) {
        conn_refuse(http2->conn, HTTP_REFUSED_FLOOD);
        return true;
    }
    return false;
}

static void go_away(struct http2 *http2)
{
    if (!http2->going) {
        http2->going = true;
        ignore_int(nghttp2_submit_goaway(http2->session, NGHTTP2_FLAG_NONE,
                                         nghttp2_session_get_last_proc_stream_id(http2->session),
                                         NGHTTP2_NO_ERROR, NULL, 0));
        conn_touch(http2->conn);
    }
}

static void add_stream(struct http2 *http2, struct http_request *request)
{
    request->next_stream = http2->first;
    if (http2->first != NULL) {
        http2->first->prev_stream = request;
    }
    http2->first = request;
    http2->streams++;
    conn_wait_clear(http2->conn);
}

/* The request may be gone afterwards. */
static void drop_stream(struct http2 *http2, struct http_request *request)
{
    if (request->prev_stream != NULL) {
        request->prev_stream->next_stream = request->next_stream;
    } else {
        http2->first = request->next_stream;
    }
    if (request->next_stream != NULL) {
        request->next_stream->prev_stream = request->prev_stream;
    }
    http2->streams--;
    request_detach(request);
}

/* --- requests ------------------------------------------------------------------------------------
 */

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct http2 *http2 = user;
    struct http_server *server = http2->conn->server;
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) {
        return 0;
    }
    struct http_request *request = request_create(server, http2->conn);
    if (request == NULL) {
        ignore_int(nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                                             NGHTTP2_REFUSED_STREAM));
        return 0;
    }
    request->stream = frame->hd.stream_id;
    request->head.version = 20;
    request->head.keep_alive = true;
    if (nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, request) != 0) {
        request_destroy(request);
        return 0;
    }
    add_stream(http2, request);
    server_wait(server, &request->late, server_now(server) + limits_of(server)->header_wait);
    return 0;
}

/* Fields are written one behind the other into `raw`, which may move: until the head is whole only
 * their lengths are kept. */
static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
                     void *user)
{
    (void)flags;
    struct http2 *http2 = user;
    const struct http_limits *limits = limits_of(http2->conn->server);
    struct http_request *request = request_at(session, frame->hd.stream_id);
    if (request == NULL || frame->headers.cat != NGHTTP2_HCAT_REQUEST) {
        return 0;
    }
    if (request->field_count + 1 >= limits->header_count || /* one place is for Host */
        request->raw.len + name_size + value_size > limits->header_bytes) {
        request->head_status = 431;
        return 0;
    }
    buf_add(&request->raw, (str){(const char *)name, name_size});
    buf_add(&request->raw, (str){(const char *)value, value_size});
    request->fields[request->field_count] =
        (struct head_field){{NULL, name_size}, {NULL, value_size}};
    request->field_count++;
    return 0;
}

struct pseudo {
    str method;
    str path;
    str authority;
};

/* Gives the fields their places and takes the pseudo ones out. */
static void settle_fields(struct http_request *request, struct pseudo *pseudo)
{
    const char *at = request->raw.at;
    size_t kept = 0;
    for (size_t i = 0; i < request->field_count; i++) {
        struct head_field field = request->fields[i];
        field.name.at = at;
        field.value.at = at + field.name.len;
        at += field.name.len + field.value.len;
        if (str_is(field.name, S(":method"))) {
            pseudo->method = field.value;
        } else if (str_is(field.name, S(":path"))) {
            pseudo->path = field.value;
        } else if (str_is(field.name, S(":authority"))) {
            pseudo->authority = field.value;
        } else if (!str_starts(field.name, S(":"))) {
            request->fields[kept] = field;
            kept++;
        }
    }
    request->field_count = kept;
}

static int check_head(struct http_request *request, const struct pseudo *pseudo)
{
    struct request_head *head = &request->head;
    str host = request_field(request, S("host"));
    str length = request_field(request, S("content-length"));
    str expect = request_field(request, S("expect"));
    int status = request_method(pseudo->method, &head->method);
    if (status != 0) {
        return status;
    }
    if (pseudo->authority.at != NULL) {
        if (host.at != NULL && !str_is_fold(host, pseudo->authority)) {
            return 400;
        }
        if (host.at == NULL) {
            request->fields[request->field_count] =
                (struct head_field){S("host"), pseudo->authority};
            request->field_count++;
        }
    }
    if (length.at != NULL) {
        if (!str_to_u64(length, &head->length) || head->length > INT64_MAX) {
            return 400;
        }
        head->has_length = true;
    }
    if (expect.at != NULL && !str_is_fold(expect, S("100-continue"))) {
        return 417;
    }
    head->expects = expect.at != NULL && head->has_body;
    return 0;
}

static void end_body(struct http_request *request)
{
    deadline_clear(&request->server->wheel, &request->late);
    int status = request_body_end(request);
    if (status != 0) {
        request_refuse(request, status);
    }
}

static void wait_for_body(struct http_request *request)
{
    struct http_server *server = request->server;
    server_wait(server, &request->late, server_now(server) + limits_of(server)->body_wait);
}

static void begin_request(nghttp2_session *session, struct http_request *request, bool has_body)
{
    struct pseudo pseudo = {.path = STR_NONE};
    int status = request->head_status;
    if (buf_check(&request->raw) != OK) {
        status = 431;
    }
    request->head.has_body = has_body;
    request->body_done = !has_body;
    if (status == 0) {
        settle_fields(request, &pseudo);
        status = check_head(request, &pseudo);
    } else {
        request->field_count = 0;
    }
    if (status != 0) {
        server_refused(request->server,
                       status == 431 ? HTTP_REFUSED_TOO_BIG : HTTP_REFUSED_MALFORMED);
    } else {
        status = request_begin(request, pseudo.path);
    }
    if (status != 0) {
        request_refuse(request, status);
    } else if (request->state != REQUEST_READING) {
        return;
    } else if (!has_body) {
        end_body(request);
    } else {
        if (request->head.expects) {
            uint8_t name[] = ":status";
            uint8_t value[] = "100";
            nghttp2_nv nv = {name, value, 7, 3, NGHTTP2_NV_FLAG_NONE};
            ignore_int(nghttp2_submit_headers(session, NGHTTP2_FLAG_NONE, request->stream, NULL,
                                              &nv, 1, NULL));
        }
        wait_for_body(request);
    }
}

static bool is_control(const nghttp2_frame *frame)
{
    switch (frame->hd.type) {
    case NGHTTP2_PING:
    case NGHTTP2_SETTINGS:
    case NGHTTP2_PRIORITY:
        return true;
    case NGHTTP2_DATA:
        return frame->hd.length == 0 && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0;
    default:
        return false;
    }
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct http2 *http2 = user;
    const struct http_limits *limits = limits_of(http2->conn->server);
    if ((is_control(frame) && is_flood(http2, &http2->controls, limits->control_frames)) ||
        (frame->hd.type == NGHTTP2_RST_STREAM && is_flood(http2, &http2->resets, limits->resets))) {
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) {
        return 0;
    }
    struct http_request *request = request_at(session, frame->hd.stream_id);
    if (request == NULL || request->state != REQUEST_READING) {
        return 0;
    }
    bool ended = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
        begin_request(session, request, !ended);
    } else if (ended && !request->body_done) {
        end_body(request);
    }
    return 0;
}

/* The connection's window is given back at once, a stream's when its upload has caught up. */
static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *bytes,
                   size_t size, void *user)
{
    (void)flags;
    struct http2 *http2 = user;
    const struct http_limits *limits = limits_of(http2->conn->server);
    struct http_request *request = request_at(session, stream);
    ignore_int(nghttp2_session_consume_connection(session, size));
    if (request == NULL || request->state != REQUEST_READING || request->body_done) {
        return 0;
    }
    int status = request_body(request, (str){(const char *)bytes, size});
    if (status != 0) {
        request_refuse(request, status);
        return 0;
    }
    request->unconsumed += size;
    if (request_is_behind(request)) {
        deadline_clear(&request->server->wheel, &request->late);
        return 0;
    }
    ignore_int(nghttp2_session_consume_stream(session, stream, request->unconsumed));
    request->unconsumed = 0;
    usec most = server_now(request->server) + limits->body_wait;
    usec due = request->late.due + (usec)(size * USEC_SECOND / limits->body_rate);
    server_wait(request->server, &request->late, due > most ? most : due);
    return 0;
}

static int on_stream_close(nghttp2_session *session, int32_t stream, uint32_t code, void *user)
{
    (void)code;
    struct http2 *http2 = user;
    struct conn *conn = http2->conn;
    struct http_request *request = request_at(session, stream);
    if (request == NULL) {
        return 0;
    }
    ignore_int(nghttp2_session_set_stream_user_data(session, stream, NULL));
    drop_stream(http2, request);
    conn->requests++;
    if (conn->requests >= limits_of(conn->server)->requests_per_connection) {
        go_away(http2);
    }
    if (http2->streams == 0) {
        conn_wait(conn, limits_of(conn->server)->keep_alive_wait);
    }
    return 0;
}

/* --- answers -------------------------------------------------------------------------------------
 */

static ssize_t on_read(nghttp2_session *session, int32_t stream, uint8_t *into, size_t most,
                       uint32_t *flags, nghttp2_data_source *data_source, void *user)
{
    (void)session;
    (void)stream;
    (void)user;
    struct http_request *request = data_source->ptr;
    if (request->state == REQUEST_STREAMING) {
        size_t size = out_read(&request->out, into, most);
        if (size == 0 && !request->is_over) {
            return NGHTTP2_ERR_DEFERRED;
        }
        if (request->is_over && request->out.size == 0) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        }
        return (ssize_t)size;
    }
    ssize_t count = 0;
    if (request->source.left > 0) {
        count = source_read(&request->source, request, (char *)into, most);
        if (count <= 0) {
            return count == SOURCE_WAIT ? NGHTTP2_ERR_DEFERRED
                                        : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        }
    }
    if (request->source.left == 0) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return count;
}

/* The answer is out before the body was in: the rest of it is not wanted. The client gets a moment
 * to read the answer, without window, before its stream is reset: some lose the answer otherwise.
 */
static int on_sent(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct http2 *http2 = user;
    struct http_server *server = http2->conn->server;
    bool ends = (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
                (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    struct http_request *request = ends ? request_at(session, frame->hd.stream_id) : NULL;
    if (request != NULL && !request->body_done) {
        server_wait(server, &request->late, server_now(server) + RESET_WAIT);
    }
    return 0;
}

static nghttp2_nv make_nv(str name, str value)
{
    return (nghttp2_nv){(uint8_t *)(uintptr_t)name.at, (uint8_t *)(uintptr_t)value.at, name.len,
                        value.len, NGHTTP2_NV_FLAG_NONE};
}

/* A copy in lower case within `names`; the name itself when there is no room (ours are lower). */
static str lower_name(str name, char names[NAMES], size_t *used)
{
    if (name.len > NAMES - *used) {
        return name;
    }
    char *at = names + *used;
    for (size_t i = 0; i < name.len; i++) {
        at[i] = (char)tolower((unsigned char)name.at[i]);
    }
    *used += name.len;
    return (str){at, name.len};
}

void http2_reply(struct http_request *request, const struct reply *reply)
{
    struct http2 *http2 = request->conn->http2;
    nghttp2_nv nv[NV_MOST];
    char names[NAMES];
    char status[8];
    char size[24];
    size_t used = 0;
    size_t count = 1;
    int length = snprintf(status, sizeof status, "%d", reply->status);
    nv[0] = make_nv(S(":status"), (str){status, (size_t)length});
    for (size_t i = 0; i < reply->field_count; i++) {
        nv[count] =
            make_nv(lower_name(reply->fields[i].name, names, &used), reply->fields[i].value);
        count++;
    }
    if (reply->has_size && reply->status != 204 && reply->status != 304) {
        length = snprintf(size, sizeof size, "%llu", (unsigned long long)reply->size);
        nv[count] = make_nv(S("content-length"), (str){size, (size_t)length});
        count++;
    }
    nghttp2_data_provider provider = {.source = {.ptr = request}, .read_callback = on_read};
    bool has_data = !reply->no_body && (reply->size > 0 || !reply->has_size);
    if (nghttp2_submit_response(http2->session, request->stream, nv, count,
                                has_data ? &provider : NULL) != 0) {
        conn_cut(request->conn);
    }
    conn_touch(request->conn);
}

void http2_resume(struct http_request *request)
{
    struct http2 *http2 = request->conn->http2;
    if (request->state == REQUEST_READING) {
        if (request->unconsumed > 0 && !request_is_behind(request)) {
            ignore_int(nghttp2_session_consume_stream(http2->session, request->stream,
                                                      request->unconsumed));
            request->unconsumed = 0;
            if (!request->body_done) {
                wait_for_body(request);
            }
        }
    } else {
        ignore_int(nghttp2_session_resume_data(http2->session, request->stream));
    }
    conn_touch(request->conn);
}

void http2_abandon(struct http_request *request)
{
    struct http2 *http2 = request->conn->http2;
    ignore_int(nghttp2_submit_rst_stream(http2->session, NGHTTP2_FLAG_NONE, request->stream,
                                         request->state == REQUEST_ANSWERING ? NGHTTP2_NO_ERROR
                                                                             : NGHTTP2_CANCEL));
    conn_touch(request->conn);
}

/* --- the connection
 * -------------------------------------------------------------------------------- */

static bool pump(struct conn *conn)
{
    struct http2 *http2 = conn->http2;
    size_t before = conn->out.size;
    while (conn->out.size < QUEUE_FULL && !conn->is_cut) {
        const uint8_t *bytes;
        ssize_t size = nghttp2_session_mem_send(http2->session, &bytes);
        if (size == 0) {
            break;
        }
        if (size < 0 || !out_copy(&conn->out, (str){(const char *)bytes, (size_t)size})) {
            conn_cut(conn);
        }
    }
    if (!nghttp2_session_want_read(http2->session) && !nghttp2_session_want_write(http2->session)) {
        conn_close(conn);
    }
    return conn->out.size > before;
}

static void handle_bytes(struct conn *conn, char *bytes, size_t size)
{
    ssize_t eaten = nghttp2_session_mem_recv(conn->http2->session, (const uint8_t *)bytes, size);
    if (eaten == NGHTTP2_ERR_FLOODED) {
        conn_refuse(conn, HTTP_REFUSED_FLOOD);
    } else if (eaten < 0) {
        conn_refuse(conn, HTTP_REFUSED_MALFORMED);
    }
    if (conn->out.size > limits_of(conn->server)->queue_bytes) {
        conn_refuse(conn, HTTP_REFUSED_QUEUE);
    }
}

static void handle_end(struct conn *conn)
{
    if (conn->http2->streams == 0) {
        conn_cut(conn);
    }
    conn_wait(conn, limits_of(conn->server)->answer_wait);
}

static void handle_late(struct conn *conn)
{
    if (conn->is_ended || conn->http2->going) {
        conn_cut(conn);
    }
    go_away(conn->http2);
    conn_wait(conn, limits_of(conn->server)->write_wait);
}

static void handle_stop(struct conn *conn)
{
    go_away(conn->http2);
    for (struct http_request *at = conn->http2->first; at != NULL; at = at->next_stream) {
        if (at->state == REQUEST_STREAMING) {
            stream_stop(at);
        }
    }
}

static void let_go(struct conn *conn)
{
    while (conn->http2->first != NULL) {
        drop_stream(conn->http2, conn->http2->first);
    }
    nghttp2_session_del(conn->http2->session);
    mem_give(conn->http2);
}

static nghttp2_session *make_session(struct http2 *http2, const struct http_limits *limits)
{
    nghttp2_session *session = NULL;
    nghttp2_session_callbacks *callbacks = NULL;
    nghttp2_option *option = NULL;
    if (nghttp2_session_callbacks_new(&callbacks) == 0 && nghttp2_option_new(&option) == 0) {
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_sent);
        nghttp2_option_set_no_auto_window_update(option, 1);
        nghttp2_option_set_max_outbound_ack(option, limits->control_frames);
        nghttp2_option_set_stream_reset_rate_limit(option, limits->resets, limits->resets / 10 + 1);
        if (nghttp2_session_server_new2(&session, callbacks, http2, option) != 0) {
            session = NULL;
        }
    }
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    return session;
}

void http2_begin(struct conn *conn)
{
    const struct http_limits *limits = limits_of(conn->server);
    struct http2 *http2 = mem_take(sizeof *http2);
    conn->http2 = http2;
    http2->conn = conn;
    http2->session = make_session(http2, limits);
    conn->server->counters.http2_connections++;
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, (uint32_t)limits->streams},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, (uint32_t)limits->header_bytes},
    };
    if (http2->session == NULL || nghttp2_submit_settings(http2->session, NGHTTP2_FLAG_NONE,
                                                          settings, COUNT_OF(settings)) != 0) {
        conn_cut(conn);
        return;
    }
    conn_wait(conn, limits->idle_wait);
    conn_touch(conn);
}

const struct protocol protocol_http2 = {
    .handle_bytes = handle_bytes,
    .handle_room = pump,
    .handle_end = handle_end,
    .handle_late = handle_late,
    .handle_stop = handle_stop,
    .finish = let_go,
};

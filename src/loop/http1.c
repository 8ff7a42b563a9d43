/* HTTP/1.0 and 1.1 on one connection: one request at a time is read and answered; what a client
 * sends ahead waits, and once a bufferful waits, reading stops. Framing that could be read in two
 * ways is refused and ends the connection. */
#include "loop/request.h"
#include "loop/ws_frame.h"

void http1_begin(struct conn *conn)
{
    buf_init(&conn->http1.ahead, 2 * CONN_READ);
    conn_wait(conn, limits_of(conn->server)->idle_wait);
}

/* --- writing ---------------------------------------------------------------------------------- */

static str phrase_of(int status)
{
    switch (status) {
    case 200:
        return S("OK");
    case 201:
        return S("Created");
    case 204:
        return S("No Content");
    case 206:
        return S("Partial Content");
    case 304:
        return S("Not Modified");
    case 400:
        return S("Bad Request");
    case 404:
        return S("Not Found");
    case 408:
        return S("Request Timeout");
    case 413:
        return S("Content Too Large");
    case 503:
        return S("Service Unavailable");
    default:
        return status < 400 ? S("Fine") : status < 500 ? S("Refused") : S("Failed");
    }
}

static char *put(char *at, str text)
{
    if (text.len > 0) {
        memcpy(at, text.at, text.len);
    }
    return at + text.len;
}

static char *put_number(char *at, uint64_t number)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count] = (char)('0' + number % 10);
        number /= 10;
        count++;
    } while (number > 0);
    while (count > 0) {
        count--;
        *at = digits[count];
        at++;
    }
    return at;
}

/* Status line, fields, empty line. */
static bool write_head(struct out *out, const struct reply *reply, bool has_size, bool close)
{
    size_t most = 128;
    for (size_t i = 0; i < reply->field_count; i++) {
        most += reply->fields[i].name.len + reply->fields[i].value.len + 4;
    }
    char *start = out_reserve(out, most);
    if (start == NULL) {
        return false;
    }
    char *at = put_number(put(start, S("HTTP/1.1 ")), (uint64_t)reply->status);
    at = put(put(put(at, S(" ")), phrase_of(reply->status)), S("\r\n"));
    for (size_t i = 0; i < reply->field_count; i++) {
        at = put(put(at, reply->fields[i].name), S(": "));
        at = put(put(at, reply->fields[i].value), S("\r\n"));
    }
    if (has_size) {
        at = put(put_number(put(at, S("content-length: ")), reply->size), S("\r\n"));
    }
    if (close) {
        at = put(at, S("connection: close\r\n"));
    }
    at = put(at, S("\r\n"));
    out_advance(out, (size_t)(at - start));
    return true;
}

/* A refusal before there is a request that could be answered. */
static void refuse_bare(struct conn *conn, int status)
{
    struct reply reply = {.status = status};
    reply_add(&reply, S("date"), server_date(conn->server));
    conn->server->counters.answers[status / 100]++;
    if (!write_head(&conn->out, &reply, true, true)) {
        conn_cut(conn);
    }
    conn_close(conn);
}

void http1_reply(struct http_request *request, const struct reply *reply)
{
    struct conn *conn = request->conn;
    bool is_stream = !reply->has_size && !reply->no_body;
    conn->http1.last = conn->http1.last || reply->close || !request->head.keep_alive || is_stream ||
                       conn->server->stopping ||
                       conn->requests + 1 >= limits_of(conn->server)->requests_per_connection;
    bool has_size = reply->has_size && reply->status != 204 && reply->status != 304;
    if (!write_head(&conn->out, reply, has_size, conn->http1.last)) {
        conn_cut(conn);
    }
    if (!conn->http1.running) {
        conn_touch(conn);
    }
}

/* --- answering -------------------------------------------------------------------------------- */

enum { BLOCK = 32 * 1024 };

/* Moves the body to the connection's queue as far as there is room; true when all is there. */
static bool pump(struct conn *conn, struct http_request *request)
{
    struct source *source = &request->source;
    if (source->left > 0 && source->at != NULL) {
        str rest = {source->at, (size_t)source->left};
        bool done = source->message == NULL ? out_static(&conn->out, rest)
                    : rest.len <= BLOCK / 8 ? out_copy(&conn->out, rest)
                                            : out_share_part(&conn->out, source->message, rest);
        if (!done) {
            conn_cut(conn);
        }
        source->left = 0;
    }
    while (source->left > 0 && conn->out.size <= CONN_LOW && !conn->is_cut) {
        char *into = out_reserve(&conn->out, BLOCK);
        ssize_t count = into == NULL ? SOURCE_FAILED : source_read(source, request, into, BLOCK);
        if (count == SOURCE_WAIT) {
            return false;
        }
        if (count < 0) {
            conn_cut(conn); /* the length has been promised; only a cut tells the truth */
            return false;
        }
        out_advance(&conn->out, (size_t)count);
    }
    return source->left == 0;
}

static void end_request(struct conn *conn)
{
    struct http1 *http1 = &conn->http1;
    request_destroy(http1->request);
    http1->request = NULL;
    http1->scan = (struct head_scan){0};
    http1->in_body = false;
    conn->requests++;
    if (http1->last) {
        conn_close(conn);
    } else {
        conn_wait(conn, limits_of(conn->server)->keep_alive_wait);
    }
}

void http1_abandon(struct http_request *request)
{
    struct conn *conn = request->conn;
    conn->http1.request = NULL;
    request_detach(request);
    refuse_bare(conn, 503);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void refuse_head(struct conn *conn, int status)
{
    server_refused(conn->server, status == 431 ? HTTP_REFUSED_TOO_BIG : HTTP_REFUSED_MALFORMED);
    refuse_bare(conn, status);
}

/* Counts a field; its first value. */
static size_t count_field(const struct http_request *request, str name, str *ret_value)
{
    size_t count = 0;
    *ret_value = STR_NONE;
    for (size_t i = 0; i < request->field_count; i++) {
        if (str_is(request->fields[i].name, name)) {
            if (count == 0) {
                *ret_value = request->fields[i].value;
            }
            count++;
        }
    }
    return count;
}

static bool has_item(str list, str item)
{
    while (list.at != NULL) {
        if (str_is_fold(str_trim(str_split(list, ',', &list)), item)) {
            return true;
        }
    }
    return false;
}

static int check_framing(struct http_request *request, struct request_head *head)
{
    str host;
    str length;
    str coding;
    size_t lengths = count_field(request, S("content-length"), &length);
    size_t codings = count_field(request, S("transfer-encoding"), &coding);
    size_t hosts = count_field(request, S("host"), &host);
    bool may_lack = head->method == HTTP_SOURCE && hosts == 0;
    if ((hosts != 1 && !may_lack) || lengths + codings > 1) {
        return 400;
    }
    if (codings == 1) {
        if (head->version == 10 || !str_is_fold(coding, S("chunked"))) {
            return 400;
        }
        head->has_body = true;
    }
    if (lengths == 1) {
        if (!str_to_u64(length, &head->length) || head->length > INT64_MAX) {
            return 400;
        }
        head->has_length = true;
        head->has_body = head->length > 0;
    }
    return 0;
}

static void check_upgrade(struct http_request *request, struct request_head *head)
{
    str upgrade;
    str key;
    str version;
    char answer[WS_ACCEPT_SIZE];
    str connection = request_field(request, S("connection"));
    head->wants_upgrade = count_field(request, S("upgrade"), &upgrade) == 1 &&
                          has_item(upgrade, S("websocket")) && has_item(connection, S("upgrade"));
    if (head->wants_upgrade && head->method == HTTP_GET && head->version == 11 && !head->has_body &&
        count_field(request, S("sec-websocket-key"), &key) == 1 &&
        count_field(request, S("sec-websocket-version"), &version) == 1 &&
        str_is(version, S("13")) && ws_key_answer(key, answer)) {
        head->websocket_key = key;
    }
}

/* 0, or the status to refuse with. */
static int check_head(struct http_request *request, const struct head *parsed)
{
    struct request_head *head = &request->head;
    str expect;
    head->version = parsed->version;
    int status = request_method(parsed->method, &head->method);
    if (status != 0) {
        return status;
    }
    status = check_framing(request, head);
    if (status != 0) {
        return status;
    }
    str connection = request_field(request, S("connection"));
    head->keep_alive = head->version == 11 && !has_item(connection, S("close"));
    if (count_field(request, S("expect"), &expect) > 0) {
        if (!str_is_fold(expect, S("100-continue"))) {
            return 417;
        }
        head->expects = head->version == 11 && head->has_body;
    }
    check_upgrade(request, head);
    return 0;
}

static void begin_body(struct conn *conn)
{
    struct http1 *http1 = &conn->http1;
    const struct request_head *head = &http1->request->head;
    http1->in_body = true;
    http1->is_chunked = !head->has_length;
    http1->body_left = head->length;
    http1->chunked = (struct chunked){0};
    if (head->expects && !out_copy(&conn->out, S("HTTP/1.1 100 Continue\r\n\r\n"))) {
        conn_cut(conn);
    }
    conn_wait(conn, limits_of(conn->server)->body_wait);
}

static void end_body(struct conn *conn)
{
    struct http_request *request = conn->http1.request;
    conn->http1.in_body = false;
    conn_wait_clear(conn);
    int status = request_body_end(request);
    if (status != 0) {
        request_refuse(request, status);
    }
}

/* Its bytes wait until the answer has opened a stream for them. */
static void begin_stream(struct conn *conn)
{
    struct http1 *http1 = &conn->http1;
    const struct request_head *head = &http1->request->head;
    http1->is_chunked = head->has_body && !head->has_length;
    http1->chunked = (struct chunked){0};
    http1->request->body_done = true;
    end_body(conn);
}

static void begin_request(struct conn *conn)
{
    struct http_request *request = conn->http1.request;
    struct head parsed = {.fields = request->fields,
                          .field_room = limits_of(conn->server)->header_count};
    errc rc = head_parse(request->raw.at, request->raw.len, &parsed);
    request->field_count = parsed.field_count;
    int status = rc == OK            ? check_head(request, &parsed)
                 : rc == ERR_TOO_BIG ? 431
                 : rc == ERR_VERSION ? 505
                                     : 400;
    if (status != 0) {
        refuse_head(conn, status);
        return;
    }
    request->body_done = !request->head.has_body;
    status = request_begin(request, parsed.target);
    if (status != 0) {
        conn_wait_clear(conn);
        conn->http1.last = conn->http1.last || status == 400 || status == 414;
        request_refuse(request, status);
    } else if (request->state != REQUEST_READING) {
        conn_wait_clear(conn);
    } else if (request->plan.kind == HTTP_BODY_STREAM) {
        begin_stream(conn);
    } else if (request->head.has_body) {
        begin_body(conn);
    } else {
        end_body(conn);
    }
}

/* Takes the head's bytes from the front of *input into the request. */
static void eat_head(struct conn *conn, str *input)
{
    struct http1 *http1 = &conn->http1;
    size_t most = limits_of(conn->server)->header_bytes;
    if (http1->request == NULL) {
        http1->request = request_create(conn->server, conn);
        if (http1->request == NULL) {
            refuse_bare(conn, 503);
            return;
        }
        conn_wait(conn, limits_of(conn->server)->header_wait);
    }
    struct buf *raw = &http1->request->raw;
    size_t had = raw->len;
    enum head_state state;
    if (had == 0) {
        state = head_scan(&http1->scan, *input); /* mostly the whole head, looked at where it is */
        buf_add(raw, state == HEAD_WHOLE ? str_cut(*input, 0, http1->scan.at) : *input);
    } else {
        buf_add(raw, *input);
        state = head_scan(&http1->scan, buf_str(raw));
    }
    if (state == HEAD_BAD || buf_check(raw) != OK) {
        refuse_head(conn, 400);
        return;
    }
    if (http1->scan.at > most || (state == HEAD_MORE && raw->len >= most)) {
        refuse_head(conn, 431);
        return;
    }
    if (state == HEAD_MORE) {
        *input = STR_NONE;
        return;
    }
    *input = str_cut(*input, http1->scan.at - had, input->len);
    raw->len = http1->scan.at;
    begin_request(conn);
}

static void eat_body(struct conn *conn, str *input)
{
    struct http1 *http1 = &conn->http1;
    const struct http_limits *limits = limits_of(conn->server);
    str body = STR_NONE;
    bool whole;
    size_t before = input->len;
    if (http1->is_chunked) {
        enum chunked_step step = chunked_next(&http1->chunked, input, &body);
        if (step == CHUNKED_BAD) {
            refuse_head(conn, 400);
            return;
        }
        whole = step == CHUNKED_END;
        if (chunked_due(&http1->chunked) > http1->request->plan.most) {
            server_refused(conn->server, HTTP_REFUSED_TOO_BIG); /* without waiting for its bytes */
            request_refuse(http1->request, 413);
            return;
        }
    } else {
        body = str_cut(*input, 0,
                       http1->body_left < input->len ? (size_t)http1->body_left : input->len);
        *input = str_cut(*input, body.len, input->len);
        http1->body_left -= body.len;
        whole = http1->body_left == 0;
    }
    conn_wait_more(conn, before - input->len, limits->body_wait, limits->body_rate);
    int status = body.len == 0 ? 0 : request_body(http1->request, body);
    if (status != 0) {
        request_refuse(http1->request, status);
    } else if (whole) {
        end_body(conn);
    } else if (request_is_behind(http1->request)) {
        conn_wait_clear(conn);
        conn_pause(conn);
    }
}

static bool can_eat(const struct conn *conn)
{
    const struct http_request *request = conn->http1.request;
    return request == NULL || (request->state == REQUEST_READING && !request->body_done &&
                               !request_is_behind(request));
}

/* Reads and answers as far as it goes. Answers given at once come back here, not on top of it. */
static void run(struct conn *conn, str *input)
{
    struct http1 *http1 = &conn->http1;
    if (http1->running) {
        return;
    }
    http1->running = true;
    while (!conn->is_cut && !conn->is_closing && conn->protocol == &protocol_http1) {
        if (http1->request != NULL && http1->request->state == REQUEST_ANSWERING) {
            if (!pump(conn, http1->request)) {
                break;
            }
            end_request(conn);
        } else if (input->len > 0 && conn->out.size <= CONN_LOW && can_eat(conn)) {
            if (http1->in_body) {
                eat_body(conn, input);
            } else {
                eat_head(conn, input);
            }
        } else {
            break;
        }
    }
    http1->running = false;
}

/* After the last byte of the peer: what it has asked for is still answered. */
static void check_end(struct conn *conn)
{
    const struct http_request *request = conn->http1.request;
    if (conn->is_ended && (request == NULL || request->state == REQUEST_READING) &&
        !(request != NULL && request->body_done) && conn->http1.ahead.len == 0) {
        conn_close(conn);
    }
}

/* Behind a stream nothing is read as a request, but its end is: bytes go, reading goes on. */
static bool is_streaming(const struct conn *conn)
{
    const struct http_request *request = conn->http1.request;
    return conn->protocol == &protocol_http1 && request != NULL &&
           request->state == REQUEST_STREAMING;
}

/* For who opened the stream, if he wants them. He may end it with any piece. */
static void take_in(struct conn *conn, str input)
{
    bool more = true;
    while (more && is_streaming(conn) && !conn->is_cut) {
        const struct http_request *request = conn->http1.request;
        str piece = input;
        enum chunked_step step = CHUNKED_MORE;
        if (request->on_stream.on_bytes == NULL) {
            return;
        }
        if (conn->http1.is_chunked) {
            step = chunked_next(&conn->http1.chunked, &input, &piece);
            piece = step == CHUNKED_BYTES ? piece : STR_NONE;
        }
        if (piece.len > 0) {
            request->on_stream.on_bytes(request->on_stream.ctx, request->id, piece);
        }
        if (step == CHUNKED_BAD || step == CHUNKED_END) {
            conn_cut(conn);
        }
        more = step == CHUNKED_BYTES;
    }
}

static void handle_bytes(struct conn *conn, char *bytes, size_t size)
{
    struct buf *ahead = &conn->http1.ahead;
    str input = {bytes, size};
    if (ahead->len == 0) {
        run(conn, &input);
    }
    if (is_streaming(conn)) {
        take_in(conn, input);
        return;
    }
    if (input.len > 0 && !conn->is_closing && !conn->is_cut) {
        buf_add(ahead, input);
        if (buf_check(ahead) != OK) {
            conn_refuse(conn, HTTP_REFUSED_QUEUE);
        }
        if (conn->protocol == &protocol_http1) {
            conn_pause(conn);
        }
    }
}

static bool handle_room(struct conn *conn)
{
    struct buf *ahead = &conn->http1.ahead;
    size_t before = conn->out.size;
    str input = buf_str(ahead);
    run(conn, &input);
    if (is_streaming(conn) && ahead->len > 0) {
        take_in(conn, input);
    }
    if (ahead->len > 0) {
        buf_drop(ahead, is_streaming(conn) ? ahead->len : ahead->len - input.len);
        if (ahead->len == 0) {
            buf_finish(ahead);
            buf_init(ahead, 2 * CONN_READ);
        }
    }
    const struct http_request *request = conn->http1.request;
    bool behind = request != NULL && (request_is_behind(request) || request->is_stalled);
    if (ahead->len == 0 && !behind && conn->protocol == &protocol_http1) {
        conn_resume(conn);
    }
    if (conn->protocol == &protocol_http1) {
        check_end(conn);
    }
    return conn->out.size > before;
}

void http1_resume(struct http_request *request)
{
    struct conn *conn = request->conn;
    if (conn->http1.in_body && !request_is_behind(request)) {
        conn_wait(conn, limits_of(conn->server)->body_wait);
    }
    conn_touch(conn); /* handle_room() goes on */
}

static void handle_end(struct conn *conn)
{
    struct http_request *request = conn->http1.request;
    if (request != NULL && request->state == REQUEST_STREAMING) {
        conn_cut(conn);
    }
    check_end(conn);
}

static void handle_late(struct conn *conn)
{
    if (conn->http1.request == NULL) {
        conn_cut(conn); /* idle for long enough */
        return;
    }
    server_refused(conn->server, HTTP_REFUSED_TOO_SLOW);
    refuse_bare(conn, 408);
}

static void handle_stop(struct conn *conn)
{
    struct http_request *request = conn->http1.request;
    conn->http1.last = true;
    if (request == NULL) {
        conn_close(conn);
    } else if (request->state == REQUEST_STREAMING) {
        stream_stop(request);
    }
}

static void let_go(struct conn *conn)
{
    struct http_request *request = conn->http1.request;
    conn->http1.request = NULL;
    if (request != NULL) {
        request_detach(request);
    }
    buf_finish(&conn->http1.ahead);
}

void http1_upgrade(struct http_request *request)
{
    struct conn *conn = request->conn;
    conn->http1.request = NULL;
    conn_wait_clear(conn);
    conn->is_paused = false;
    conn->is_again = conn->transport->has_more(conn);
    conn_touch(conn);
}

const struct protocol protocol_http1 = {
    .handle_bytes = handle_bytes,
    .handle_room = handle_room,
    .handle_end = handle_end,
    .handle_late = handle_late,
    .handle_stop = handle_stop,
    .finish = let_go,
};

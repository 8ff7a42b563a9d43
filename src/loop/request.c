/* The way of a request: checked head, plan, body, on_request(), answer. What is the same for every
 * protocol is here. A request that the room above still works on is never freed under it. */
#include "loop/request.h"

#include "loop/upload.h"

#include <ctype.h>

enum { RAW_KEPT = 16 * 1024 }; /* of the head's buffer, for the next request */

static void on_late(void *ctx);

static struct http_request *make(struct http_server *server)
{
    struct http_request *request = mem_take(sizeof *request);
    request->server = server;
    if (arena_create(limits_of(server)->arena_bytes, &request->arena) != OK) {
        mem_give(request);
        return NULL;
    }
    buf_init(&request->raw, limits_of(server)->header_bytes + CONN_READ);
    request->fields = mem_take_array(limits_of(server)->header_count, sizeof *request->fields);
    return request;
}

static void reset(struct http_request *request, struct conn *conn)
{
    struct http_request fresh = {
        .kind = ENTRY_REQUEST,
        .server = conn->server,
        .conn = conn,
        .arena = request->arena,
        .raw = request->raw,
        .fields = request->fields,
        .begun = server_now(conn->server),
        .late = {.fn = on_late, .ctx = request},
        .host = STR_NONE,
    };
    *request = fresh;
}

static void link_request(struct http_server *server, struct http_request *request)
{
    request->next = server->requests;
    if (request->next != NULL) {
        request->next->prev = request;
    }
    server->requests = request;
    server->counters.requests_open++;
}

struct http_request *request_create(struct http_server *server, struct conn *conn)
{
    struct http_request *request = NULL;
    if (server->counters.requests_open >= limits_of(server)->requests) {
        server_refused(server, HTTP_REFUSED_FULL);
        return NULL;
    }
    if (server->idle_count > 0) {
        server->idle_count--;
        request = server->idle[server->idle_count];
    } else {
        request = make(server);
    }
    if (request == NULL) {
        return NULL;
    }
    reset(request, conn);
    if (!slots_add(&server->ids, request, &request->id.slot, &request->id.generation)) {
        request->conn = NULL;
        server->idle[server->idle_count] =
            request; /* it has just come from there, or is the first */
        server->idle_count++;
        return NULL;
    }
    link_request(server, request);
    return request;
}

static void free_request(struct http_request *request)
{
    arena_destroy(request->arena);
    buf_finish(&request->raw);
    mem_give(request->fields);
    mem_give(request);
}

void request_free_idle(struct http_server *server)
{
    while (server->idle_count > 0) {
        server->idle_count--;
        free_request(server->idle[server->idle_count]);
    }
}

void request_destroy(struct http_request *request)
{
    struct http_server *server = request->server;
    slots_drop(&server->ids, request->id.slot, request->id.generation);
    deadline_clear(&server->wheel, &request->late);
    source_finish(&request->source);
    out_finish(&request->out);
    server->bodies_held -= request->body.len;
    buf_finish(&request->body);
    upload_drop(request->upload);
    if (request->prev != NULL) {
        request->prev->next = request->next;
    } else {
        server->requests = request->next;
    }
    if (request->next != NULL) {
        request->next->prev = request->prev;
    }
    server->counters.requests_open--;
    if (server->idle_count == IDLE_REQUESTS || request->arena == NULL) {
        free_request(request);
    } else {
        arena_reset(request->arena);
        if (request->raw.room > RAW_KEPT) {
            buf_finish(&request->raw);
            buf_init(&request->raw, limits_of(server)->header_bytes + CONN_READ);
        }
        buf_clear(&request->raw);
        server->idle[server->idle_count] = request;
        server->idle_count++;
    }
    server_settle(server);
}

void request_detach(struct http_request *request)
{
    request->conn = NULL;
    if (request->state == REQUEST_STREAMING) {
        stream_lost(request);
    } else if (request->state == REQUEST_WAITING) {
        deadline_clear(&request->server->wheel, &request->late);
    } else {
        request_destroy(request);
    }
}

int request_method(str name, enum http_method *ret_method)
{
    for (int method = HTTP_GET; method <= HTTP_SOURCE; method++) {
        if (str_is(name, str_of(http_method_name((enum http_method)method)))) {
            *ret_method = (enum http_method)method;
            return 0;
        }
    }
    return str_is(name, S("TRACE")) || str_is(name, S("CONNECT")) ? 405 : 501;
}

str request_field(const struct http_request *request, str name)
{
    for (size_t i = 0; i < request->field_count; i++) {
        if (str_is(request->fields[i].name, name)) {
            return request->fields[i].value;
        }
    }
    return STR_NONE;
}

/* Host in lower case; the same as an absolute target's authority. */
static bool take_host(struct http_request *request)
{
    str host = request_field(request, S("host"));
    if (host.at == NULL && request->head.method == HTTP_SOURCE) {
        host = S("localhost");
    }
    if (!target_is_host(host) ||
        (request->target.authority.at != NULL && !str_is_fold(host, request->target.authority))) {
        return false;
    }
    request->host = arena_str(request->arena, host);
    if (request->host.at == NULL) {
        return false;
    }
    char *at = (char *)(uintptr_t)request->host.at; /* our own copy */
    for (size_t i = 0; i < host.len; i++) {
        at[i] = (char)tolower((unsigned char)at[i]);
    }
    return true;
}

static int make_plan(struct http_request *request)
{
    struct http_server *server = request->server;
    const struct request_head *head = &request->head;
    struct http_plan *plan = &request->plan;
    *plan = server->config.on_head(server->config.ctx, request);
    uint64_t ceiling = 0;
    switch (plan->kind) {
    case HTTP_REFUSE:
        return plan->status;
    case HTTP_ANSWERED:
        return request->state == REQUEST_READING ? 500 : 0;
    case HTTP_BODY_NONE:
        break;
    case HTTP_BODY_STREAM:
        return head->version == 20 ? 501 : 0;
    case HTTP_BODY_MEMORY:
        ceiling = limits_of(server)->body_memory;
        buf_init(&request->body, limits_of(server)->body_memory);
        break;
    case HTTP_BODY_FILE:
        ceiling = limits_of(server)->body_disk;
        break;
    case HTTP_WEBSOCKET:
        if (head->websocket_key.at == NULL) {
            return head->wants_upgrade || head->version == 20 ? 400 : 426;
        }
        break;
    }
    plan->most = ceiling < plan->most ? ceiling : plan->most;
    if (plan->kind != HTTP_BODY_MEMORY && plan->kind != HTTP_BODY_FILE) {
        plan->most = 0;
    }
    if (head->has_body && head->has_length && head->length > plan->most) {
        server_refused(server, HTTP_REFUSED_TOO_BIG);
        return 413;
    }
    return 0;
}

int request_begin(struct http_request *request, str target)
{
    struct http_server *server = request->server;
    if (target.len > limits_of(server)->target_bytes) {
        server_refused(server, HTTP_REFUSED_TOO_BIG);
        return 414;
    }
    errc rc =
        target_parse(target, limits_of(server)->query_count, request->arena, &request->target);
    if (rc == ERR_NO_MEMORY) {
        return 503;
    }
    if (rc != OK || !take_host(request)) {
        server_refused(server, HTTP_REFUSED_MALFORMED);
        return 400;
    }
    server->counters.requests++;
    return make_plan(request);
}

/* Many bodies that are each within their limit are too much together. */
static int keep_body(struct http_request *request, str bytes)
{
    struct http_server *server = request->server;
    size_t most = limits_of(server)->bodies_memory;
    if (bytes.len > most || server->bodies_held > most - bytes.len) {
        server_refused(server, HTTP_REFUSED_FULL);
        return 503;
    }
    buf_add(&request->body, bytes);
    if (buf_check(&request->body) != OK) {
        return 503;
    }
    server->bodies_held += bytes.len;
    return 0;
}

int request_body(struct http_request *request, str bytes)
{
    request->body_size += bytes.len;
    if (request->body_size > request->plan.most) {
        server_refused(request->server, HTTP_REFUSED_TOO_BIG);
        return 413;
    }
    if (request->plan.kind == HTTP_BODY_MEMORY) {
        return keep_body(request, bytes);
    }
    if (request->upload == NULL) {
        request->upload = upload_create(request->server, request->id, request->plan.folder);
    }
    errc rc = upload_add(request->upload, bytes);
    if (rc != OK) {
        server_refused(request->server, HTTP_REFUSED_DISK);
        return error_status(rc);
    }
    return 0;
}

static void ask_for_answer(struct http_request *request)
{
    struct http_server *server = request->server;
    request->state = REQUEST_WAITING;
    server_wait(server, &request->late, server_now(server) + limits_of(server)->answer_wait);
    server->config.on_request(server->config.ctx, request);
}

int request_body_end(struct http_request *request)
{
    request->body_done = true;
    if (request->upload == NULL) {
        ask_for_answer(request);
        return 0;
    }
    upload_end(request->upload);
    if (upload_is_whole(request->upload)) {
        ask_for_answer(request);
    }
    return 0;
}

bool request_is_behind(const struct http_request *request)
{
    return request->upload != NULL && upload_is_behind(request->upload);
}

void request_handle_upload(struct http_request *request)
{
    errc rc = upload_error(request->upload);
    if (request->state != REQUEST_READING) {
        return;
    }
    if (rc != OK) {
        server_refused(request->server, HTTP_REFUSED_DISK);
        request_refuse(request, error_status(rc));
    } else if (upload_is_whole(request->upload)) {
        ask_for_answer(request);
    } else {
        request_resume(request);
    }
}

static void on_late(void *ctx)
{
    struct http_request *request = ctx;
    switch (request->state) {
    case REQUEST_STREAMING:
        stream_beat(request);
        return;
    case REQUEST_READING:
        server_refused(request->server, HTTP_REFUSED_TOO_SLOW);
        request_refuse(request, 408);
        return;
    case REQUEST_WAITING: /* the peer is told; the request stays until it is answered */
        server_refused(request->server, HTTP_REFUSED_TOO_SLOW);
        break;
    case REQUEST_ANSWERING: /* HTTP/2, answered before its body was whole */
        break;
    }
    if (request->head.version == 20) {
        http2_abandon(request);
    } else {
        http1_abandon(request);
    }
}

void request_done(struct http_request *request, int status, uint64_t bytes)
{
    struct http_server *server = request->server;
    if (status >= 100 && status < 600) {
        server->counters.answers[status / 100]++;
    }
    if (server->config.on_done != NULL && request->target.raw.at != NULL) {
        struct http_done done = {status, bytes, server_now(server) - request->begun};
        server->config.on_done(server->config.ctx, request, &done);
    }
}

void reply_send(struct http_request *request, const struct reply *reply)
{
    request->state = REQUEST_ANSWERING;
    deadline_clear(&request->server->wheel, &request->late);
    if (request->head.version == 20) {
        http2_reply(request, reply);
    } else {
        http1_reply(request, reply);
    }
    request_done(request, reply->status, reply->no_body ? 0 : reply->size);
}

void request_resume(struct http_request *request)
{
    if (request->conn == NULL) {
        return;
    }
    if (request->head.version == 20) {
        http2_resume(request);
    } else {
        http1_resume(request);
    }
}

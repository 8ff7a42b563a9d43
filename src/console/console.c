/* Intake. A request is looked at twice: when its head is there (is it a page? does the address
 * exist? does it come from our own pages?) and when its body is there. Pages are answered at once
 * from the program's own memory; everything else becomes a struct ask and goes through flow.c. */
#include "console/console.h"

#include "base/log.h"
#include "console/asset.h"
#include "console/console_inside.h"
#include "console/embedded.h"
#include "console/reply.h"

static bool is_reading(struct http_request *request)
{
    enum http_method method = http_request_method(request);
    return method == HTTP_GET || method == HTTP_HEAD;
}

/* Other sites' pages may send a browser's cookies along; what changes something must say that it
 * comes from us. A request without Origin is not from a page of another site. */
static bool is_own_origin(const struct console *console, struct http_request *request)
{
    str origin = http_request_header(request, S("origin"));
    if (origin.at == NULL) {
        str site = http_request_header(request, S("sec-fetch-site"));
        return site.at == NULL || str_is(site, S("same-origin")) || str_is(site, S("none"));
    }
    if (console->house.public_origin.len > 0) {
        return str_is(origin, console->house.public_origin);
    }
    str scheme = reply_is_tls(console, request) ? S("https://") : S("http://");
    return str_starts(origin, scheme) &&
           str_is(str_cut(origin, scheme.len, origin.len), http_request_host(request));
}

static struct http_plan refuse(struct console *console, struct http_request *request, errc rc)
{
    reply_error_early(console, request, rc);
    return (struct http_plan){.kind = HTTP_ANSWERED};
}

static struct http_plan plan_page(struct console *console, struct http_request *request)
{
    if (!is_reading(request)) {
        return refuse(console, request, ERR_METHOD);
    }
    reply_page(console, request);
    return (struct http_plan){.kind = HTTP_ANSWERED};
}

static str method_name(struct http_request *request)
{
    enum http_method method = http_request_method(request);
    return str_of(http_method_name(method == HTTP_HEAD ? HTTP_GET : method));
}

/* A stranger's upload is refused before it is taken; who was let in lately may send a big one. */
static bool may_upload(struct console *console, struct http_request *request,
                       const struct route *route)
{
    str token = STR_NONE;
    return http_request_cookie(request, S("loa_session"), &token) &&
           seen_may(console, token, route->right, now_utc());
}

static struct http_plan plan_body(struct console *console, struct http_request *request,
                                  const struct route *route)
{
    /* Who asks without upgrading learns like everybody else whether he may, before that he cannot.
     */
    bool upgrades = http_request_header(request, S("upgrade")).at != NULL;
    if (upgrades && str_is(str_of(route->answer), S("application/websocket"))) {
        return (struct http_plan){.kind = HTTP_WEBSOCKET};
    }
    if (route->method == ROUTE_GET) {
        return (struct http_plan){.kind = HTTP_BODY_NONE};
    }
    bool upload = str_has(str_of(route->request), '/') && may_upload(console, request, route);
    size_t most = upload ? console->house.upload_most : console->house.body_most;
    return (struct http_plan){.kind = HTTP_BODY_MEMORY, .most = most};
}

static struct http_plan on_head(void *ctx, struct http_request *request)
{
    struct console *console = ctx;
    str path = http_request_path(request);
    if (str_is(path, S("/healthz")) || str_is(path, S("/metrics"))) {
        return is_reading(request) ? (struct http_plan){.kind = HTTP_BODY_NONE}
                                   : refuse(console, request, ERR_METHOD);
    }
    struct route_match match;
    errc rc = route_find(method_name(request), path, &match);
    if (rc == ERR_NOT_FOUND && !str_starts(path, S("/api/"))) {
        return plan_page(console, request);
    }
    if (rc != OK) {
        return refuse(console, request, rc);
    }
    /* A page of another site may open a WebSocket with our cookie: it only says where it is from.
     */
    bool speaks = str_is(str_of(match.route->answer), S("application/websocket"));
    if ((!is_reading(request) || speaks) && !is_own_origin(console, request)) {
        return refuse(console, request, ERR_BAD_ORIGIN);
    }
    return plan_body(console, request, match.route);
}

static bool is_loopback(str address)
{
    return str_starts(address, S("127.")) || str_is(address, S("::1"));
}

static void answer_metrics(struct console *console, struct http_request *request)
{
    bool open = console->house.metrics_open || is_loopback(reply_address(console, request));
    if (!open) {
        reply_error_early(console, request, ERR_FORBIDDEN);
        return;
    }
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 256 * 1024);
    console->house.ports.metrics(console->house.ports.ctx, &text);
    reply_text(console, request, buf_str(&text), S("text/plain; version=0.0.4; charset=utf-8"));
}

static void on_request(void *ctx, struct http_request *request)
{
    struct console *console = ctx;
    str path = http_request_path(request);
    if (str_is(path, S("/metrics"))) {
        answer_metrics(console, request);
        return;
    }
    if (str_is(path, S("/healthz"))) {
        flow_health(console, request);
        return;
    }
    struct route_match match;
    errc rc = route_find(method_name(request), path, &match);
    if (rc != OK) {
        reply_error_early(console, request, rc);
        return;
    }
    flow_begin(console, request, &match);
}

/* At debug only, and without the address: who read what is nobody's business otherwise. */
static void on_done(void *ctx, const struct http_request *request, const struct http_done *done)
{
    (void)ctx;
    LOG(LOG_DEBUG, "request", log_text("method", http_method_name(http_request_method(request))),
        log_str("path", http_request_path(request)), log_int("status", done->status),
        log_int("us", done->took), log_int("bytes", (int64_t)done->body_bytes));
}

errc console_create(const struct house *house, struct loop *loop, struct console **ret_console,
                    struct why *why)
{
    struct console *console = mem_take(sizeof *console);
    console->house = *house;
    console->loop = loop;
    errc rc = openapi_init(console, why);
    if (rc == OK) {
        rc = seen_start(console);
    }
    if (rc != OK) {
        console_destroy(console);
        return rc;
    }
    *ret_console = console;
    return OK;
}

void console_destroy(struct console *console)
{
    if (console == NULL) {
        return;
    }
    seen_stop(console);
    buf_finish(&console->openapi);
    mem_give(console);
}

void console_http_config(struct console *console, struct http_config *config)
{
    config->ctx = console;
    config->on_head = on_head;
    config->on_request = on_request;
    config->on_done = on_done;
}

struct house *console_house(struct console *console)
{
    return &console->house;
}

errc console_words(struct words **ret_words, struct why *why)
{
    return words_create(embedded_vi_words(), embedded_en_words(), ret_words, why);
}

void console_use_http(struct console *console, struct http_server *http)
{
    console->http = http;
}

/* The server that the HTTP measurements run against: src/loop alone, with a small cached page and
 * a WebSocket, so that what is measured is the room and not what stands above it. What is POSTed to
 * /publish goes to all WebSockets.
 *
 *     http_server PORT [CHAIN KEY]
 *
 * Prints "ready" once it listens on 127.0.0.1; ends on SIGTERM. */
#include "loop/http.h"

#include "base/entropy.h"

#include <signal.h>
#include <sys/resource.h>

static char page[600];

enum { SOCKETS_MOST = 20000 };

struct bench {
    struct loop *loop;
    struct http_server *server;
    http_id sockets[SOCKETS_MOST];
    size_t count;
};

static struct http_plan plan(void *ctx, struct http_request *request)
{
    (void)ctx;
    bool is_socket = str_is(http_request_path(request), S("/ws"));
    return (struct http_plan){.kind = is_socket ? HTTP_WEBSOCKET : HTTP_BODY_MEMORY, .most = 65536};
}

static void publish(struct bench *bench, str text)
{
    struct http_message *message;
    if (ws_message_create(WS_BINARY, text, &message) != OK) {
        return;
    }
    for (size_t i = 0; i < bench->count; i++) {
        ignore(ws_send_urgent(bench->server, bench->sockets[i], message));
    }
    http_message_release(message);
}

static void answer(void *ctx, struct http_request *request)
{
    struct bench *bench = ctx;
    http_id id = http_request_id(request);
    if (str_is(http_request_path(request), S("/ws"))) {
        struct ws_handler handler = {.ctx = bench};
        if (ws_accept(bench->server, id, &handler, STR_NONE, NULL) == OK &&
            bench->count < SOCKETS_MOST) {
            bench->sockets[bench->count++] = id;
        }
        return;
    }
    if (http_request_method(request) == HTTP_POST) {
        publish(bench, http_request_body(request));
        struct http_answer empty = {.status = 204, .body = HTTP_EMPTY};
        ignore(http_answer_send(bench->server, id, &empty, NULL));
        return;
    }
    struct http_answer page_answer = {
        .status = 200,
        .body = HTTP_STATIC,
        .bytes = {page, sizeof page},
        .type = S("text/html"),
        .etag = S("673f1a2b-258"),
        .changed = 1700000000 * USEC_SECOND,
    };
    ignore(http_answer_send(bench->server, id, &page_answer, NULL));
}

static void stop(void *ctx)
{
    loop_stop(ctx);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct why why;
    int64_t port;
    struct rlimit files;
    memset(page, 'x', sizeof page);
    if (argc == 1) {
        return 77; /* started by the bench runner: it is no measurement itself */
    }
    if ((argc != 2 && argc != 4) || !str_to_i64(str_of(argv[1]), &port)) {
        return 2;
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_max = files.rlim_max < SOCKETS_MOST + 100 ? SOCKETS_MOST + 100 : files.rlim_max;
        files.rlim_cur = files.rlim_max;
        ignore_int(setrlimit(RLIMIT_NOFILE, &files));
    }
    struct http_config config = {
        .ctx = &bench,
        .on_head = plan,
        .on_request = answer,
        .entropy = entropy_system(),
        .limits = http_limits_default(),
    };
    config.limits.requests_per_connection = SIZE_MAX;
    config.limits.keep_alive_wait = USEC_HOUR;
    config.limits.idle_wait = USEC_HOUR;
    config.limits.ws_ping_every = USEC_HOUR;
    struct http_listen listen_on = {.address = "127.0.0.1", .port = (int)port, .tls = argc == 4};
    int bound;
    if (loop_create(NULL, &bench.loop, &why) != OK ||
        http_server_create(bench.loop, &config, &bench.server, &why) != OK ||
        (argc == 4 && http_server_use_certificate(bench.server, argv[2], argv[3], &why) != OK) ||
        http_server_listen(bench.server, &listen_on, &bound, &why) != OK ||
        loop_on_signal(bench.loop, SIGTERM, stop, bench.loop, &why) != OK) {
        fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    puts("ready");
    fflush(stdout);
    loop_run(bench.loop);
    http_server_destroy(bench.server);
    loop_destroy(bench.loop);
    return 0;
}

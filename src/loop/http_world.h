/* For the tests of this room: a server with a handful of routes on a thread of its own, and plain
 * blocking clients. Every wait of a client ends after PATIENCE seconds, so a test cannot hang.
 * What belongs to the loop thread is only touched there, through world_call(). */
#ifndef LOA_LOOP_HTTP_WORLD_H
#define LOA_LOOP_HTTP_WORLD_H

#include "loop/http.h"

#include "base/entropy.h"
#include "base/file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE = 20, ANSWER_MOST = 8 * 1024 * 1024, FILE_SIZE = 300000 };

struct world {
    struct loop *loop;
    struct http_server *server;
    pthread_t thread;
    int port;
    int tls_port;
    char folder[64];
    char chain[96];
    char key[96];
    http_id waiting; /* the last request to /wait */
    http_id stream;  /* the last to /events or /sound */
    http_id socket;  /* the last WebSocket */
    int closed_code; /* of the last WebSocket that ended */
    int streams_closed;
    int paused_notices;
    int resumed_notices;
    bool stopped;
    bool stop_loop;
    char address[64];    /* of the last request */
    uint8_t channel[32]; /* of the last WebSocket over TLS */
};

static const struct http_asset world_asset = {
    .identity = {"identity", 8}, .gzip = {"gzipped", 7}, .br = {"brotli", 6}};

/* --- the routes ---------------------------------------------------------------------------------
 */

static inline struct http_plan world_plan(void *ctx, struct http_request *request)
{
    struct world *world = ctx;
    str path = http_request_path(request);
    if (str_is(path, S("/upload"))) {
        return (struct http_plan){
            .kind = HTTP_BODY_FILE, .most = 4 * 1024 * 1024, .folder = world->folder};
    }
    if (str_is(path, S("/in"))) {
        return (struct http_plan){.kind = HTTP_BODY_STREAM};
    }
    if (str_starts(path, S("/ws"))) {
        return (struct http_plan){.kind = HTTP_WEBSOCKET};
    }
    if (str_is(path, S("/secret"))) {
        return (struct http_plan){.kind = HTTP_REFUSE, .status = 403};
    }
    if (str_is(path, S("/early"))) {
        struct http_answer answer = {.status = 401, .body = HTTP_STATIC, .bytes = S("early")};
        ignore(http_answer_send(world->server, http_request_id(request), &answer, NULL));
        return (struct http_plan){.kind = HTTP_ANSWERED};
    }
    if (http_request_method(request) == HTTP_POST) {
        return (struct http_plan){.kind = HTTP_BODY_MEMORY, .most = 256 * 1024};
    }
    return (struct http_plan){.kind = HTTP_BODY_NONE};
}

static inline void world_on_message(void *ctx, http_id id, enum ws_kind kind, str payload)
{
    struct world *world = ctx;
    if (str_is(payload, S("close"))) {
        ws_close(world->server, id, 4000, S("as you wish"));
        return;
    }
    ignore(ws_send(world->server, id, kind, payload));
}

static inline void world_on_ws_close(void *ctx, http_id id, int code)
{
    (void)id;
    struct world *world = ctx;
    world->closed_code = code;
}

static inline void world_on_stream_close(void *ctx, http_id id)
{
    (void)id;
    struct world *world = ctx;
    world->streams_closed++;
}

static inline void world_answer_file(struct world *world, http_id id)
{
    char path[96];
    ignore_int(snprintf(path, sizeof path, "%s/file", world->folder));
    struct http_answer answer = {.status = 200, .body = HTTP_FILE, .etag = S("f")};
    answer.take_file.fd = open(path, O_RDONLY | O_CLOEXEC);
    answer.take_file.size = FILE_SIZE;
    ignore(http_answer_send(world->server, id, &answer, NULL));
}

static inline void world_answer_upload(struct world *world, struct http_request *request)
{
    struct http_file file = http_request_file(request);
    char text[64];
    uint64_t sum = 0;
    char block[4096];
    ssize_t count = 0;
    for (uint64_t at = 0; at < file.size; at += (uint64_t)count) {
        count = pread(file.fd, block, sizeof block, (off_t)at);
        if (count <= 0) {
            break;
        }
        for (ssize_t i = 0; i < count; i++) {
            sum += (unsigned char)block[i];
        }
    }
    int length = snprintf(text, sizeof text, "%llu %llu", (unsigned long long)file.size,
                          (unsigned long long)sum);
    struct http_answer answer = {
        .status = 201, .body = HTTP_BYTES, .bytes = {text, (size_t)length}};
    ignore(http_answer_send(world->server, http_request_id(request), &answer, NULL));
}

/* What comes in goes out again; "end" ends it. */
static inline void world_on_bytes(void *ctx, http_id id, str bytes)
{
    struct world *world = ctx;
    struct http_message *message = NULL;
    if (str_is(bytes, S("end"))) {
        http_stream_close(world->server, id);
        return;
    }
    if (http_message_create(bytes, &message) == OK) {
        ignore(http_stream_send(world->server, id, message));
        http_message_release(message);
    }
}

static inline void world_open_stream(struct world *world, http_id id, str type)
{
    struct http_stream_config config = {
        .type = type, .stream = {.ctx = world, .on_close = world_on_stream_close}};
    config.stream.on_bytes = str_is(type, S("text/plain")) ? world_on_bytes : NULL;
    world->stream = id;
    ignore(http_stream_open(world->server, id, &config, NULL));
}

static inline void world_answer_bytes(struct world *world, struct http_request *request)
{
    str text = STR_NONE;
    uint64_t size = 0;
    ignore_int(http_request_param(request, S("n"), &text) && str_to_u64(text, &size));
    char *bytes = mem_try(size + 1);
    memset(bytes, 'b', size);
    struct http_answer answer = {.status = 200, .body = HTTP_BYTES, .bytes = {bytes, size}};
    ignore(http_answer_send(world->server, http_request_id(request), &answer, NULL));
    mem_give(bytes);
}

static inline void world_answer(void *ctx, struct http_request *request)
{
    struct world *world = ctx;
    http_id id = http_request_id(request);
    str path = http_request_path(request);
    struct http_answer answer = {.status = 200,
                                 .body = HTTP_STATIC,
                                 .bytes = S("hello"),
                                 .type = S("text/plain"),
                                 .etag = S("h1"),
                                 .changed = 1700000000 * USEC_SECOND};
    ignore_int(str_to_array(http_request_address(request), world->address, sizeof world->address));
    if (str_is(path, S("/wait"))) {
        world->waiting = id;
        return;
    }
    if (str_is(path, S("/file"))) {
        world_answer_file(world, id);
    } else if (str_is(path, S("/upload"))) {
        world_answer_upload(world, request);
    } else if (str_is(path, S("/bytes"))) {
        world_answer_bytes(world, request);
    } else if (str_is(path, S("/events"))) {
        world_open_stream(world, id, S("text/event-stream"));
    } else if (str_is(path, S("/in"))) {
        world_open_stream(world, id, S("text/plain"));
    } else if (str_is(path, S("/sound"))) {
        world_open_stream(world, id, S("audio/ogg"));
    } else if (str_starts(path, S("/ws"))) {
        struct ws_handler handler = {
            .ctx = world, .on_message = world_on_message, .on_close = world_on_ws_close};
        world->socket = id;
        ignore_int(http_request_channel(request, world->channel));
        ignore(ws_accept(world->server, id, &handler,
                         str_is(path, S("/ws/loa")) ? S("loa") : STR_NONE, NULL));
    } else {
        if (str_is(path, S("/asset"))) {
            answer.body = HTTP_ASSET;
            answer.asset = &world_asset;
        } else if (http_request_method(request) == HTTP_POST) {
            answer.body = HTTP_BYTES;
            answer.bytes = http_request_body(request);
        } else if (str_is(path, S("/target"))) {
            answer.body = HTTP_BYTES;
            answer.bytes = http_request_target(request);
        }
        ignore(http_answer_send(world->server, id, &answer, NULL));
    }
}

static inline void world_on_notice(void *ctx, enum http_notice notice, const struct why *why)
{
    (void)why;
    struct world *world = ctx;
    world->paused_notices += notice == HTTP_NOTICE_ACCEPT_PAUSED;
    world->resumed_notices += notice == HTTP_NOTICE_ACCEPT_RESUMED;
}

/* --- begin and end
 * ---------------------------------------------------------------------------------- */

/* A key and a certificate for `name`, made anew. */
static inline void world_make_certificate(const char *chain, const char *key_path, const char *name)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    FILE *out;
    ignore_int(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1));
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    out = fopen(chain, "w");
    assert_non_null(out);
    PEM_write_X509(out, certificate);
    fclose(out);
    out = fopen(key_path, "w");
    assert_non_null(out);
    PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
    fclose(out);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static inline void world_make_folder(struct world *world)
{
    char path[96];
    static char bytes[FILE_SIZE];
    ignore_int(snprintf(world->folder, sizeof world->folder, "/tmp/loa-loop-XXXXXX"));
    assert_non_null(mkdtemp(world->folder));
    ignore_int(snprintf(world->chain, sizeof world->chain, "%s/chain.pem", world->folder));
    ignore_int(snprintf(world->key, sizeof world->key, "%s/key.pem", world->folder));
    ignore_int(snprintf(path, sizeof path, "%s/file", world->folder));
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)('a' + i % 26);
    }
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, sizeof bytes, out), sizeof bytes);
    fclose(out);
}

static inline void *world_run(void *ctx)
{
    struct world *world = ctx;
    loop_run(world->loop);
    return NULL;
}

/* The limits that a test does not shorten are long enough to never be met. */
static inline struct http_limits world_limits(void)
{
    struct http_limits limits = http_limits_default();
    limits.handshake_wait = USEC_HOUR;
    limits.header_wait = USEC_HOUR;
    limits.body_wait = USEC_HOUR;
    limits.idle_wait = USEC_HOUR;
    limits.keep_alive_wait = USEC_HOUR;
    limits.write_wait = USEC_HOUR;
    limits.answer_wait = USEC_HOUR;
    limits.events_beat = USEC_HOUR;
    limits.ws_ping_every = USEC_HOUR;
    limits.body_rate = 1024 * 1024;
    limits.read_rate = 1024 * 1024;
    return limits;
}

static inline void world_begin(struct world *world, struct http_limits limits)
{
    struct why why = {""};
    *world = (struct world){.port = 0};
    world_make_folder(world);
    world_make_certificate(world->chain, world->key, "localhost");
    struct http_config config = {.ctx = world,
                                 .on_head = world_plan,
                                 .on_request = world_answer,
                                 .on_notice = world_on_notice,
                                 .entropy = entropy_system(),
                                 .limits = limits};
    assert_int_equal(loop_create(NULL, &world->loop, &why), OK);
    assert_int_equal(http_server_create(world->loop, &config, &world->server, &why), OK);
    assert_int_equal(http_server_use_certificate(world->server, world->chain, world->key, &why),
                     OK);
    struct http_listen plain = {.address = "127.0.0.1"};
    struct http_listen tls = {.address = "127.0.0.1", .tls = true};
    assert_int_equal(http_server_listen(world->server, &plain, &world->port, &why), OK);
    assert_int_equal(http_server_listen(world->server, &tls, &world->tls_port, &why), OK);
    assert_int_equal(pthread_create(&world->thread, NULL, world_run, world), 0);
}

static inline void world_end(struct world *world)
{
    struct why why;
    loop_stop(world->loop);
    assert_int_equal(pthread_join(world->thread, NULL), 0);
    http_server_destroy(world->server);
    loop_destroy(world->loop);
    assert_int_equal(file_remove_tree(world->folder, &why), OK);
}

struct world_call {
    loop_fn *fn;
    void *ctx;
    sem_t done;
};

static inline void world_run_call(void *ctx)
{
    struct world_call *call = ctx;
    call->fn(call->ctx);
    ignore_int(sem_post(&call->done));
}

/* Runs fn on the loop thread and waits for it. */
static inline void world_call(struct world *world, loop_fn *fn, void *ctx)
{
    struct world_call call = {.fn = fn, .ctx = ctx};
    ignore_int(sem_init(&call.done, 0, 0));
    assert_int_equal(loop_post(world->loop, world_run_call, &call), OK);
    while (sem_wait(&call.done) != 0) {
    }
    ignore_int(sem_destroy(&call.done));
}

struct world_look {
    struct world *world;
    struct world seen;
    struct http_counters counters;
};

static inline void world_copy(void *ctx)
{
    struct world_look *look = ctx;
    look->seen = *look->world;
    look->counters = *http_server_counters(look->world->server);
}

static inline struct world_look world_look(struct world *world)
{
    struct world_look look = {.world = world};
    world_call(world, world_copy, &look);
    return look;
}

/* Looks until the test says yes; fails after PATIENCE. */
static inline void world_until(struct world *world, bool (*is_so)(const struct world_look *look))
{
    usec end = now_steady() + PATIENCE * USEC_SECOND;
    for (;;) {
        struct world_look look = world_look(world);
        if (is_so(&look)) {
            return;
        }
        if (now_steady() > end) {
            fail_msg("waited in vain");
        }
        ignore_int(sched_yield());
    }
}

/* --- clients
 * ------------------------------------------------------------------------------------------ */

static inline int client_open(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = PATIENCE};
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    ignore_int(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
    ignore_int(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience));
    ignore_int(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* What cannot be sent because the server has hung up is no failure of the client. */
static inline void client_send(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t count = send(fd, at, size, MSG_NOSIGNAL);
        if (count <= 0) {
            return;
        }
        at += count;
        size -= (size_t)count;
    }
}

static inline void client_say(int fd, const char *text)
{
    client_send(fd, text, strlen(text));
}

static const char *client_about = "the request"; /* for the message of a failure */

/* Everything until the server closes; the text stays until the next call. */
static inline const char *client_hear(int fd)
{
    static char text[ANSWER_MOST + 1];
    size_t size = 0;
    while (size < ANSWER_MOST) {
        ssize_t count = recv(fd, text + size, ANSWER_MOST - size, 0);
        if (count < 0 && (errno == EAGAIN)) {
            fail_msg("%s: the server has not closed", client_about);
        }
        if (count <= 0) {
            break;
        }
        size += (size_t)count;
    }
    text[size] = 0;
    return text;
}

/* Until the text has been heard `times` times. */
static inline const char *client_hear_text(int fd, const char *wanted, int times)
{
    static char text[ANSWER_MOST + 1];
    size_t size = 0;
    text[0] = 0;
    for (;;) {
        int found = 0;
        for (const char *at = text; (at = strstr(at, wanted)) != NULL; at += strlen(wanted)) {
            found++;
        }
        if (found >= times) {
            return text;
        }
        ssize_t count = recv(fd, text + size, ANSWER_MOST - size, 0);
        if (count <= 0) {
            fail_msg("closed before '%s' came %d times; got: %s", wanted, times, text);
        }
        size += (size_t)count;
        text[size] = 0;
    }
}

/* One request on a connection of its own, and all that comes back. */
static inline const char *client_ask(struct world *world, const char *request)
{
    int fd = client_open(world->port);
    client_say(fd, request);
    const char *answer = client_hear(fd);
    ignore_int(close(fd));
    return answer;
}

static inline int client_status(const char *answer)
{
    int64_t status = 0;
    if (strncmp(answer, "HTTP/1.1 ", 9) != 0 || !str_to_i64((str){answer + 9, 3}, &status)) {
        return -1;
    }
    return (int)status;
}

static inline const char *client_body(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    return end == NULL ? "" : end + 4;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

#define assert_status(answer, wanted) assert_int_equal(client_status(answer), (wanted))

#endif

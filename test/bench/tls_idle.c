/* Idle TLS connections, for the measurement of their memory: the floor, which is a bare OpenSSL
 * server that does nothing but shake hands and answer, and the client that opens the connections
 * of both.
 *
 *     tls_idle floor PORT CHAIN KEY        tls_idle open PORT COUNT
 *
 * The floor prints "ready", the client "open" once each connection has had one answer; the client
 * then holds them until its standard input ends. */
#include "base/base.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER = 600, CONNECTIONS_MOST = 15000 };

static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void raise_limit(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ignore_int(setrlimit(RLIMIT_NOFILE, &files));
    }
}

/* --- the floor -----------------------------------------------------------------------------------
 */

static void watch(int epoll, int fd, void *what)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
    ignore_int(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

static void accept_all(int epoll, int listener, SSL_CTX *context)
{
    int fd;
    int on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        SSL *ssl = SSL_new(context);
        ignore_int(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
        ignore_int(SSL_set_fd(ssl, fd));
        SSL_set_accept_state(ssl);
        watch(epoll, fd, ssl);
    }
}

/* Handshake and reading are one for OpenSSL; false when the connection has ended. */
static bool serve(SSL *ssl)
{
    char bytes[16384];
    static char answer[ANSWER];
    int count;
    while ((count = SSL_read(ssl, bytes, sizeof bytes)) > 0) {
        ignore_int(SSL_write(ssl, answer, sizeof answer));
    }
    return SSL_get_error(ssl, count) == SSL_ERROR_WANT_READ;
}

static int run_floor(int port, const char *chain, const char *key)
{
    struct sockaddr_in address = loopback(port);
    struct epoll_event events[256];
    int on = 1;
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    ignore_int(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION));
    ignore_int(SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS));
    ignore_int(SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF));
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ignore_int(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
    if (SSL_CTX_use_certificate_chain_file(context, chain) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 4096) != 0) {
        return 1;
    }
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(epoll, listener, NULL);
    puts("ready");
    fflush(stdout);
    for (;;) {
        int count = epoll_wait(epoll, events, COUNT_OF(events), -1);
        for (int i = 0; i < count; i++) {
            SSL *ssl = events[i].data.ptr;
            if (ssl == NULL) {
                accept_all(epoll, listener, context);
            } else if (!serve(ssl)) {
                ignore_int(close(SSL_get_fd(ssl)));
                SSL_free(ssl);
            }
        }
    }
}

/* --- the client
 * ----------------------------------------------------------------------------------- */

static SSL *open_one(SSL_CTX *context, int port)
{
    struct sockaddr_in address = loopback(port);
    char answer[4096];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SSL *ssl = SSL_new(context);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        SSL_set_fd(ssl, fd) != 1 || SSL_connect(ssl) != 1 ||
        SSL_write(ssl, request, sizeof request - 1) <= 0) {
        return NULL;
    }
    int got = 0;
    while (got < ANSWER) {
        int count = SSL_read(ssl, answer, sizeof answer);
        if (count <= 0) {
            return NULL;
        }
        got += count;
    }
    return ssl;
}

static int run_client(int port, size_t count)
{
    char byte;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    ignore_int(SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS));
    for (size_t i = 0; i < count; i++) {
        if (open_one(context, port) == NULL) {
            fprintf(stderr, "connection %zu failed\n", i);
            return 1;
        }
    }
    puts("open");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    return 0;
}

int main(int argc, char **argv)
{
    uint64_t port;
    uint64_t count;
    if (argc == 1) {
        return 77; /* started by the bench runner: it is no measurement itself */
    }
    raise_limit();
    if (argc == 5 && strcmp(argv[1], "floor") == 0 && str_to_u64(str_of(argv[2]), &port)) {
        return run_floor((int)port, argv[3], argv[4]);
    }
    if (argc == 4 && strcmp(argv[1], "open") == 0 && str_to_u64(str_of(argv[2]), &port) &&
        str_to_u64(str_of(argv[3]), &count) && count <= CONNECTIONS_MOST) {
        return run_client((int)port, (size_t)count);
    }
    return 2;
}

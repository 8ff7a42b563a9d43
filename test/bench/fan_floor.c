/* The floor of fan-out: a server that does nothing but shake hands and write the same bytes to
 * everybody, with bare epoll and OpenSSL.
 *
 *     fan_floor PORT [CHAIN KEY]
 *
 * A line that says S listens; what a line says behind a P goes to all that listen. */
#include "base/base.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINES_MOST = 20000, EVENTS = 256 };

struct line {
    int fd;
    SSL *ssl;
};

static struct floor_server {
    int epoll;
    int listener;
    SSL_CTX *context; /* null: plain */
    struct line *listening[LINES_MOST];
    size_t count;
} server;

static void watch(int fd, void *what)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
    ignore_int(epoll_ctl(server.epoll, EPOLL_CTL_ADD, fd, &event));
}

static void accept_all(void)
{
    int fd;
    int on = 1;
    while ((fd = accept4(server.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct line *line = mem_take(sizeof *line);
        line->fd = fd;
        ignore_int(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
        if (server.context != NULL) {
            line->ssl = SSL_new(server.context);
            ignore_int(SSL_set_fd(line->ssl, fd));
            SSL_set_accept_state(line->ssl);
        }
        watch(fd, line);
    }
}

static void publish(const char *bytes, size_t size)
{
    for (size_t i = 0; i < server.count; i++) {
        const struct line *line = server.listening[i];
        if (line->ssl != NULL) {
            ignore_int(SSL_write(line->ssl, bytes, (int)size));
        } else {
            ignore_int(send(line->fd, bytes, size, MSG_NOSIGNAL));
        }
    }
}

/* False when the line has ended. */
static bool serve(struct line *line)
{
    char bytes[4096];
    for (;;) {
        ssize_t count = line->ssl != NULL ? SSL_read(line->ssl, bytes, sizeof bytes)
                                          : recv(line->fd, bytes, sizeof bytes, 0);
        if (count <= 0) {
            return line->ssl != NULL ? SSL_get_error(line->ssl, (int)count) == SSL_ERROR_WANT_READ
                                     : count < 0 && errno == EAGAIN;
        }
        if (bytes[0] == 'S' && server.count < LINES_MOST) {
            server.listening[server.count++] = line;
        } else if (bytes[0] == 'P') {
            publish(bytes + 1, (size_t)count - 1);
        }
    }
}

static bool begin(int port, const char *chain, const char *key)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct rlimit files = {.rlim_cur = LINES_MOST + 100, .rlim_max = LINES_MOST + 100};
    int on = 1;
    ignore_int(setrlimit(RLIMIT_NOFILE, &files));
    if (chain != NULL) {
        server.context = SSL_CTX_new(TLS_server_method());
        ignore_int(SSL_CTX_set_min_proto_version(server.context, TLS1_3_VERSION));
        ignore_int(SSL_CTX_set_mode(server.context, SSL_MODE_RELEASE_BUFFERS));
        ignore_int(SSL_CTX_set_session_cache_mode(server.context, SSL_SESS_CACHE_OFF));
        if (SSL_CTX_use_certificate_chain_file(server.context, chain) != 1 ||
            SSL_CTX_use_PrivateKey_file(server.context, key, SSL_FILETYPE_PEM) != 1) {
            return false;
        }
    }
    server.epoll = epoll_create1(EPOLL_CLOEXEC);
    server.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ignore_int(setsockopt(server.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
    watch(server.listener, NULL);
    return bind(server.listener, (struct sockaddr *)&address, sizeof address) == 0 &&
           listen(server.listener, 4096) == 0;
}

int main(int argc, char **argv)
{
    struct epoll_event events[EVENTS];
    uint64_t port;
    if (argc == 1) {
        return 77; /* started by the bench runner: it is no measurement itself */
    }
    if ((argc != 2 && argc != 4) || !str_to_u64(str_of(argv[1]), &port) ||
        !begin((int)port, argc == 4 ? argv[2] : NULL, argc == 4 ? argv[3] : NULL)) {
        return 2;
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        int count = epoll_wait(server.epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct line *line = events[i].data.ptr;
            if (line == NULL) {
                accept_all();
            } else if (!serve(line)) {
                ignore_int(
                    close(line->fd)); /* its memory stays: the floor lives as long as a run */
            }
        }
    }
}

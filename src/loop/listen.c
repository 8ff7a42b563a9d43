/* Listening sockets. Accepting pauses when descriptors run out, and goes on by itself. It does not
 * pause for TLS handshakes: the kernel's queue is short and refuses who does not fit, ours is not,
 * so a province that comes back at once waits here, in order. */
#include "loop/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

/* The kernel cuts the backlog down to net.core.somaxconn. */
enum { BACKLOG = 65535, ACCEPTS_A_TURN = 256 };

#define ACCEPT_PAUSE (100 * (usec)1000)

struct listener {
    struct listener *next;
    struct http_server *server;
    uv_poll_t poll;
    int fd; /* -1: closed */
    bool tls;
    bool watching;
};

static void on_readable(uv_poll_t *poll, int status, int events);

static bool may_accept(const struct http_server *server)
{
    return !server->accept_paused && !server->stopping;
}

void listeners_watch(struct http_server *server)
{
    for (struct listener *at = server->listeners; at != NULL; at = at->next) {
        bool watch = may_accept(server);
        if (at->fd < 0 || watch == at->watching) {
            continue;
        }
        at->watching = watch;
        ignore_int(watch ? uv_poll_start(&at->poll, UV_READABLE, on_readable)
                         : uv_poll_stop(&at->poll));
    }
}

static void go_on(void *ctx)
{
    struct http_server *server = ctx;
    server->accept_timer = LOOP_TIMER_NONE;
    server->accept_paused = false;
    listeners_watch(server);
}

static void pause_accept(struct http_server *server, int number)
{
    struct why why;
    server->accept_paused = true;
    server->counters.accept_pauses++;
    if (!server->accept_complained) {
        server->accept_complained = true;
        ignore(fail_errno(&why, number, "cannot accept connections"));
        if (server->config.on_notice != NULL) {
            server->config.on_notice(server->config.ctx, HTTP_NOTICE_ACCEPT_PAUSED, &why);
        }
    }
    server->accept_timer = loop_timer_start(server->loop, ACCEPT_PAUSE, 0, go_on, server);
    listeners_watch(server);
}

static void accept_recovered(struct http_server *server)
{
    if (server->accept_complained) {
        server->accept_complained = false;
        if (server->config.on_notice != NULL) {
            server->config.on_notice(server->config.ctx, HTTP_NOTICE_ACCEPT_RESUMED, NULL);
        }
    }
}

static void admit(struct listener *listener, int fd, struct address address)
{
    struct http_server *server = listener->server;
    const struct http_limits *limits = limits_of(server);
    int on = 1;
    if (server->counters.connections_open >= limits->connections) {
        server_refused(server, HTTP_REFUSED_FULL);
        ignore_int(close(fd));
        return;
    }
    if (!addresses_add(&server->addresses, address, limits->connections_per_address)) {
        server_refused(server, HTTP_REFUSED_ADDRESS);
        ignore_int(close(fd));
        return;
    }
    ignore_int(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    if (conn_create(server, fd, address, listener->tls ? &transport_tls : &transport_tcp) == NULL) {
        addresses_drop(&server->addresses, address);
    }
}

/* Errors of the connection that was to come, not of ours: the next one may be fine. */
static bool is_of_peer(int number)
{
    return number == ECONNABORTED || number == EINTR || number == EPROTO || number == ENETDOWN ||
           number == EHOSTUNREACH || number == ENETUNREACH || number == EPERM;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct listener *listener = poll->data;
    (void)events;
    for (int i = 0; status == 0 && i < ACCEPTS_A_TURN && may_accept(listener->server); i++) {
        struct sockaddr_storage from = {0};
        socklen_t size = sizeof from;
        int fd =
            accept4(listener->fd, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            accept_recovered(listener->server);
            admit(listener, fd, address_of(&from));
        } else if (errno == EAGAIN) {
            break;
        } else if (!is_of_peer(errno)) {
            pause_accept(listener->server, errno);
        }
    }
    listeners_watch(listener->server);
}

static bool parse_address(const struct http_listen *listen, struct sockaddr_storage *ret_address,
                          socklen_t *ret_size, bool *ret_loopback)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)listen->port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)listen->port)};
    if (listen->port < 0 || listen->port > 65535) {
        return false;
    }
    if (inet_pton(AF_INET, listen->address, &v4.sin_addr) == 1) {
        *ret_size = sizeof v4;
        *ret_loopback = (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
        memcpy(ret_address, &v4, sizeof v4);
        return true;
    }
    if (inet_pton(AF_INET6, listen->address, &v6.sin6_addr) == 1) {
        *ret_size = sizeof v6;
        *ret_loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
        memcpy(ret_address, &v6, sizeof v6);
        return true;
    }
    return false;
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        ignore_int(close(*fd));
    }
}

static int port_of(int fd)
{
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof bound;
    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0) {
        return 0;
    }
    return ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                             : ((struct sockaddr_in *)&bound)->sin_port);
}

errc http_server_listen(struct http_server *server, const struct http_listen *listen_on,
                        int *ret_port, struct why *why)
{
    struct sockaddr_storage address;
    socklen_t size;
    bool loopback;
    int on = 1;
    if (!parse_address(listen_on, &address, &size, &loopback)) {
        return fail(why, ERR_INVALID, "'%s' port %d is no address", listen_on->address,
                    listen_on->port);
    }
    if (!listen_on->tls && !loopback && !listen_on->plain_anywhere) {
        return fail(why, ERR_INVALID, "plain HTTP on %s, which is not loopback, was not allowed",
                    listen_on->address);
    }
    if (listen_on->tls && !tls_is_loaded(server->tls)) {
        return fail(why, ERR_INVALID, "TLS on %s without a certificate", listen_on->address);
    }
    AUTO(close_fd)
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return fail_errno(why, errno, "cannot make a socket");
    }
    ignore_int(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
    if (address.ss_family == AF_INET6) {
        ignore_int(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
    }
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, BACKLOG) != 0) {
        return fail_errno(why, errno, "cannot listen on %s port %d", listen_on->address,
                          listen_on->port);
    }
    struct listener *listener = mem_take(sizeof *listener);
    *listener = (struct listener){.server = server, .fd = fd, .tls = listen_on->tls};
    if (uv_poll_init(loop_uv(server->loop), &listener->poll, fd) != 0) {
        mem_give(listener);
        return fail(why, ERR_IO, "cannot watch the socket of %s", listen_on->address);
    }
    listener->poll.data = listener;
    *ret_port = port_of(fd);
    fd = -1;
    listener->next = server->listeners;
    server->listeners = listener;
    listeners_watch(server);
    return OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct listener *listener = handle->data;
    struct http_server *server = listener->server;
    mem_give(listener);
    server->closing--;
    server_freed(server);
}

void listeners_close(struct http_server *server)
{
    loop_timer_stop(server->loop, server->accept_timer);
    server->accept_timer = LOOP_TIMER_NONE;
    while (server->listeners != NULL) {
        struct listener *listener = server->listeners;
        server->listeners = listener->next;
        server->closing++;
        uv_close((uv_handle_t *)&listener->poll, on_closed);
        ignore_int(close(listener->fd));
    }
}

/* From a name to a connected socket: the lookup on a worker thread, then one address after the
 * other until one takes the call. */
#include "loop/dial_inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* Outlives its dial and its dialer: a lookup under way cannot be taken back. */
struct dial_lookup {
    uv_getaddrinfo_t request;
    struct dialer *dialer; /* null: nobody waits */
    struct dial_lookup *next;
    struct dial_lookup *prev;
    dial_id id;
};

/* --- the lookup
 * -----------------------------------------------------------------------------------
 */

static void unlink_lookup(struct dial_lookup *lookup)
{
    struct dialer *dialer = lookup->dialer;
    if (dialer == NULL) {
        return;
    }
    *(lookup->prev == NULL ? &dialer->lookups : &lookup->prev->next) = lookup->next;
    if (lookup->next != NULL) {
        lookup->next->prev = lookup->prev;
    }
    lookup->dialer = NULL;
}

void dial_forget_lookup(struct dial *dial)
{
    if (dial->start->lookup != NULL) {
        struct dial_lookup *lookup = dial->start->lookup;
        dial->start->lookup = NULL;
        unlink_lookup(lookup);
        ignore_int(uv_cancel((uv_req_t *)&lookup->request));
    }
}

void dialer_forget_lookups(struct dialer *dialer)
{
    while (dialer->lookups != NULL) {
        unlink_lookup(dialer->lookups);
    }
}

static void add_address(struct dial_start *start, const struct sockaddr *address, size_t size)
{
    if (start->address_count < DIAL_ADDRESSES && size <= sizeof start->addresses[0]) {
        memcpy(&start->addresses[start->address_count], address, size);
        start->address_count++;
    }
}

static void try_next(struct dial *dial, const struct why *last);

static void on_found(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
    struct dial_lookup *lookup = request->data;
    struct dial *dial = lookup->dialer == NULL ? NULL : dial_of(lookup->dialer, lookup->id);
    unlink_lookup(lookup);
    if (dial != NULL && dial->state == DIAL_LOOKING_UP) {
        struct why why;
        dial->start->lookup = NULL;
        for (struct addrinfo *at = found; status == 0 && at != NULL; at = at->ai_next) {
            add_address(dial->start, at->ai_addr, at->ai_addrlen);
        }
        ignore(fail(&why, ERR_NOT_FOUND, "cannot find %s: %s", dial->start->url.host,
                    status == 0 ? "no address" : uv_strerror(status)));
        try_next(dial, &why);
    }
    uv_freeaddrinfo(found);
    mem_give(lookup);
}

static void look_up(struct dial *dial)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct dialer *dialer = dial->dialer;
    struct why why;
    char port[8];
    ignore_int(snprintf(port, sizeof port, "%u", dial->start->url.port));
    struct dial_lookup *lookup = mem_take(sizeof *lookup);
    lookup->request.data = lookup;
    lookup->id = dial->id;
    dial->state = DIAL_LOOKING_UP;
    dial_wait(dial, dial_limits_of(dial)->connect_wait);
    int rc = uv_getaddrinfo(loop_uv(dialer->loop), &lookup->request, on_found,
                            dial->start->url.host, port, &hints);
    if (rc != 0) {
        mem_give(lookup);
        ignore(fail_errno(&why, -rc, "cannot look up %s", dial->start->url.host));
        dial_finish(dial, WS_CLOSE_LOST, &why);
        return;
    }
    lookup->dialer = dialer;
    lookup->next = dialer->lookups;
    if (lookup->next != NULL) {
        lookup->next->prev = lookup;
    }
    dialer->lookups = lookup;
    dial->start->lookup = lookup;
}

static void take_numeric(struct dial_start *start)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(start->url.port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(start->url.port)};
    if (inet_pton(AF_INET, start->url.host, &v4.sin_addr) == 1) {
        add_address(start, (const struct sockaddr *)&v4, sizeof v4);
    } else if (inet_pton(AF_INET6, start->url.host, &v6.sin6_addr) == 1) {
        add_address(start, (const struct sockaddr *)&v6, sizeof v6);
    }
}

void dial_begin(struct dial *dial)
{
    if (!dial->start->url.is_numeric) {
        look_up(dial);
        return;
    }
    take_numeric(dial->start);
    try_next(dial, NULL);
}

/* --- the socket
 * -----------------------------------------------------------------------------------
 */

static void on_closed(uv_handle_t *handle)
{
    mem_give(handle->data);
}

void dial_hang_up(struct dial *dial)
{
    struct dial_socket *socket = dial->socket;
    if (socket != NULL) {
        dial->socket = NULL;
        socket->dial = NULL;
        uv_close((uv_handle_t *)&socket->poll, on_closed);
        ignore_int(close(socket->fd));
    }
}

static void on_connect(struct dial *dial, int status)
{
    int number = 0;
    socklen_t size = sizeof number;
    struct why why;
    /* The socket knows better: whatever went wrong, libuv calls it EBADF. */
    if (getsockopt(dial->socket->fd, SOL_SOCKET, SO_ERROR, &number, &size) != 0) {
        number = errno;
    }
    if (number == 0 && status < 0) {
        number = -status;
    }
    if (number != 0) {
        ignore(fail_errno(&why, number, "cannot connect to %s", dial->start->url.host));
        try_next(dial, &why);
        return;
    }
    dial_connected(dial);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct dial_socket *socket = poll->data;
    struct dial *dial = socket->dial;
    if (dial == NULL || dial->state == DIAL_OVER) {
        return;
    }
    if (dial->state == DIAL_CONNECTING) {
        on_connect(dial, status);
    } else {
        dial_ready(dial, status < 0 ? UV_READABLE : events); /* reading tells what is wrong */
    }
}

void dial_watch(struct dial *dial, int events)
{
    struct dial_socket *socket = dial->socket;
    if (socket != NULL && events != socket->events) {
        socket->events = events;
        if (uv_poll_start(&socket->poll, events, on_poll) != 0) {
            dial_finish(dial, WS_CLOSE_LOST, NULL);
        }
    }
}

/* One loopback address has only so many ports: thousands of calls come from several. */
static void choose_source(struct dialer *dialer, int fd, const struct sockaddr_storage *to)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)to;
    int on = 1;
    if (dialer->config.local_addresses == 0 || to->ss_family != AF_INET ||
        ntohl(v4->sin_addr.s_addr) >> 24 != 127) {
        return;
    }
    uint32_t host = INADDR_LOOPBACK + dialer->next_source % dialer->config.local_addresses;
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(host)};
    dialer->next_source++;
    /* The port is chosen when the other end is known: a port may serve many ends. */
    ignore_int(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on));
    ignore_int(bind(fd, (const struct sockaddr *)&from, sizeof from));
}

/* 0, or the number of what went wrong. */
static int connect_to(struct dial *dial, const struct sockaddr_storage *to)
{
    struct dialer *dialer = dial->dialer;
    int on = 1;
    /* A line that is half dead is found out by what nobody acknowledges. */
    unsigned patience = (unsigned)(dial_limits_of(dial)->write_wait / 1000);
    socklen_t size =
        to->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    int fd = socket(to->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return errno;
    }
    ignore_int(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    ignore_int(setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience));
    choose_source(dialer, fd, to);
    if (connect(fd, (const struct sockaddr *)to, size) != 0 && errno != EINPROGRESS) {
        int number = errno;
        ignore_int(close(fd));
        return number;
    }
    struct dial_socket *socket = mem_take(sizeof *socket);
    *socket = (struct dial_socket){.dial = dial, .fd = fd};
    int rc = uv_poll_init(loop_uv(dialer->loop), &socket->poll, fd);
    if (rc != 0) {
        ignore_int(close(fd));
        mem_give(socket);
        return -rc;
    }
    socket->poll.data = socket;
    dial->socket = socket;
    dial->state = DIAL_CONNECTING;
    dial_wait(dial, dial_limits_of(dial)->connect_wait);
    dial_watch(dial, UV_WRITABLE);
    return 0;
}

/* The next address; when there is none, the end, with what went wrong last. */
static void try_next(struct dial *dial, const struct why *last)
{
    struct dial_start *start = dial->start;
    struct why why = last == NULL ? (struct why){""} : *last;
    dial_hang_up(dial);
    while (start->next_address < start->address_count) {
        int number = connect_to(dial, &start->addresses[start->next_address]);
        start->next_address++;
        if (number == 0) {
            return;
        }
        ignore(fail_errno(&why, number, "cannot connect to %s", start->url.host));
    }
    dial_finish(dial, WS_CLOSE_LOST, &why);
}

void dial_connect_late(struct dial *dial)
{
    struct why why;
    ignore(fail(&why, ERR_TIMEOUT, "%s does not take the call", dial->start->url.host));
    if (dial->state == DIAL_LOOKING_UP) {
        dial_finish(dial, WS_CLOSE_LOST, &why);
    } else {
        try_next(dial, &why);
    }
}

/* The life of a connection between its transport and its protocol. */
#include "loop/conn.h"

#include "loop/server.h"

#include <unistd.h>

/* Then the others have their turn. */
enum { READS_A_TURN = 4, ROUNDS_A_TURN = 16, WRITE_A_TURN = 1024 * 1024 };

#define LINGER_WAIT (2 * USEC_SECOND)

static void on_read_late(void *ctx)
{
    struct conn *conn = ctx;
    if (conn->is_cut) {
        return;
    }
    if (conn->is_linger) {
        conn_cut(conn);
    } else if (conn->protocol == NULL) {
        conn_refuse(conn, HTTP_REFUSED_TOO_SLOW);
    } else if (!conn->is_closing) {
        conn->protocol->handle_late(conn);
        conn_touch(conn);
    }
}

static void on_write_late(void *ctx)
{
    conn_refuse(ctx, HTTP_REFUSED_TOO_SLOW);
}

void conn_shake_hands(struct conn *conn)
{
    struct http_server *server = conn->server;
    switch (tls_handshake(conn->ssl)) {
    case TLS_DONE:
        server->counters.tls_handshakes++;
        server->counters.tls_resumed += SSL_session_reused(conn->ssl) == 1;
        conn_leave_admission(conn);
        conn->is_blocked = false;
        conn_begin(conn, tls_is_http2(conn->ssl) ? &protocol_http2 : &protocol_http1);
        conn_readable(conn);
        return;
    case TLS_WANTS_READ:
        conn->is_blocked = false;
        break;
    case TLS_WANTS_WRITE:
        conn->is_blocked = true;
        break;
    case TLS_FAILED:
        SSL_set_quiet_shutdown(conn->ssl, 1);
        conn_refuse(conn, HTTP_REFUSED_TLS);
        return;
    }
    conn_watch(conn);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct conn *conn = poll->data;
    if (conn->is_cut) {
        return;
    }
    if (status < 0) {
        conn_cut(conn);
        return;
    }
    if (conn->protocol == NULL) {
        if (conn->is_shaking) {
            conn_shake_hands(conn);
        } else {
            conn_ask_admission(conn);
        }
        return;
    }
    if ((events & UV_WRITABLE) != 0) {
        conn->is_blocked = false;
        conn_touch(conn);
    }
    if ((events & UV_READABLE) != 0) {
        conn_readable(conn);
    }
}

void conn_watch(struct conn *conn)
{
    if (conn->fd < 0 || conn->is_cut) {
        return;
    }
    bool reading = conn->is_linger || (!conn->is_paused && !conn->is_ended && !conn->is_waiting);
    int events = (reading ? UV_READABLE : 0) | (conn->is_blocked ? UV_WRITABLE : 0);
    if (events == conn->events) {
        return;
    }
    conn->events = events;
    int rc = events == 0 ? uv_poll_stop(&conn->poll) : uv_poll_start(&conn->poll, events, on_poll);
    if (rc != 0) {
        conn_cut(conn);
    }
}

struct conn *conn_create(struct http_server *server, int fd, struct address address,
                         const struct transport *transport)
{
    struct conn *conn = mem_take(sizeof *conn);
    conn->server = server;
    conn->fd = fd;
    conn->address = address;
    conn->transport = transport;
    conn->record = CONN_RECORD;
    conn->read_late = (struct deadline){.fn = on_read_late, .ctx = conn};
    conn->write_late = (struct deadline){.fn = on_write_late, .ctx = conn};
    conn->poll.data = conn;
    if (fd >= 0 && uv_poll_init(loop_uv(server->loop), &conn->poll, fd) != 0) {
        ignore_int(close(fd));
        mem_give(conn);
        return NULL;
    }
    conn->next = server->conns;
    if (conn->next != NULL) {
        conn->next->prev = conn;
    }
    server->conns = conn;
    server->counters.connections++;
    server->counters.connections_open++;
    if (transport == &transport_tls) {
        conn_wait(conn, limits_of(server)->handshake_wait); /* for its first bytes */
        conn_watch(conn);
    } else {
        conn_begin(conn, &protocol_http1);
    }
    return conn;
}

void conn_begin(struct conn *conn, const struct protocol *protocol)
{
    conn->protocol = protocol;
    if (protocol == &protocol_http2) {
        http2_begin(conn);
    } else if (protocol == &protocol_http1) {
        http1_begin(conn);
    }
    conn_watch(conn);
}

void conn_touch(struct conn *conn)
{
    if (conn->is_touched) {
        return;
    }
    struct http_server *server = conn->server;
    conn->is_touched = true;
    conn->next_touched = NULL;
    *(server->touched == NULL ? &server->touched : &server->last_touched->next_touched) = conn;
    server->last_touched = conn;
}

void conn_cut(struct conn *conn)
{
    conn->is_cut = true;
    conn_touch(conn);
}

void conn_refuse(struct conn *conn, enum http_refusal refusal)
{
    if (!conn->is_cut) {
        server_refused(conn->server, refusal);
        conn_cut(conn);
    }
}

void conn_close(struct conn *conn)
{
    conn->is_closing = true;
    conn_touch(conn);
}

static void linger(struct conn *conn)
{
    conn->transport->shut(conn);
    if (conn->is_ended) {
        conn_cut(conn);
        return;
    }
    conn->is_linger = true;
    conn_wait(conn, LINGER_WAIT);
    conn_watch(conn);
}

void conn_flush(struct conn *conn)
{
    size_t sent = 0;
    while (conn->out.size > 0 && !conn->is_blocked && !conn->is_cut && sent < WRITE_A_TURN) {
        ssize_t count = conn->transport->write(conn, &conn->out);
        if (count == IO_LOST) {
            conn_cut(conn);
        } else if (count == IO_WAIT) {
            conn->is_blocked = true;
        } else {
            sent += (size_t)count;
            out_drop(&conn->out, (size_t)count);
        }
    }
    struct http_server *server = conn->server;
    server->counters.bytes_out += sent;
    if (conn->out.size == 0) {
        deadline_clear(&server->wheel, &conn->write_late);
    } else {
        usec now = server_now(server);
        usec most = now + limits_of(server)->write_wait;
        usec due = conn->write_late.due + (usec)(sent * USEC_SECOND / limits_of(server)->read_rate);
        bool fresh = !deadline_is_set(&conn->write_late);
        server_wait(server, &conn->write_late, fresh || due > most ? most : due);
        if (!conn->is_blocked) {
            conn_touch(conn);
        }
    }
}

static bool wants_more(const struct conn *conn)
{
    return !conn->is_cut && !conn->is_closing && !conn->is_linger && !conn->is_blocked &&
           conn->protocol != NULL && conn->out.size <= CONN_LOW;
}

/* Sends, lets the protocol fill up, sends again; ends what is to end. */
static void send_all(struct conn *conn)
{
    int rounds = 0;
    conn_flush(conn);
    while (wants_more(conn) && conn->protocol->handle_room(conn)) {
        conn_flush(conn);
        rounds++;
        if (rounds == ROUNDS_A_TURN) {
            conn_touch(conn);
            break;
        }
    }
    if (conn->is_closing && !conn->is_linger && !conn->is_cut && conn->out.size == 0) {
        linger(conn);
    }
    conn_watch(conn);
}

static void read_some(struct conn *conn)
{
    struct http_server *server = conn->server;
    conn->is_again = false;
    for (int i = 0; i < READS_A_TURN; i++) {
        if (conn->is_cut || conn->is_ended || (conn->is_paused && !conn->is_linger)) {
            return;
        }
        ssize_t count = conn->transport->read(conn, server->read_buffer, CONN_READ);
        if (count == IO_WAIT) {
            return;
        }
        if (count == IO_LOST) {
            conn_cut(conn);
        } else if (count == IO_END) {
            conn->is_ended = true;
            if (conn->is_linger) {
                conn_cut(conn);
            } else {
                conn->protocol->handle_end(conn);
            }
        } else {
            server->counters.bytes_in += (uint64_t)count;
            if (!conn->is_linger && !conn->is_closing) {
                conn->protocol->handle_bytes(conn, server->read_buffer, (size_t)count);
            }
        }
        if (conn->transport == &transport_tcp) {
            return; /* the poll says when there is more */
        }
    }
    if (conn->transport->has_more(conn)) {
        conn->is_again = true;
        conn_touch(conn);
    }
}

void conn_readable(struct conn *conn)
{
    read_some(conn);
    if (!conn->is_cut) {
        send_all(conn);
    }
}

void conn_pause(struct conn *conn)
{
    conn->is_paused = true;
    conn_touch(conn);
}

void conn_resume(struct conn *conn)
{
    if (conn->is_paused) {
        conn->is_paused = false;
        conn->is_again = conn->transport->has_more(conn);
        conn_touch(conn);
    }
}

void conn_wait(struct conn *conn, usec wait)
{
    server_wait(conn->server, &conn->read_late, server_now(conn->server) + wait);
}

void conn_wait_more(struct conn *conn, size_t bytes, usec wait, size_t rate)
{
    usec most = server_now(conn->server) + wait;
    usec due = conn->read_late.due + (usec)(bytes * USEC_SECOND / rate);
    server_wait(conn->server, &conn->read_late, due > most ? most : due);
}

void conn_wait_clear(struct conn *conn)
{
    deadline_clear(&conn->server->wheel, &conn->read_late);
}

static void on_closed(uv_handle_t *handle)
{
    struct conn *conn = handle->data;
    struct http_server *server = conn->server;
    mem_give(conn);
    server->closing--;
    server_freed(server);
}

static void free_conn(struct conn *conn)
{
    struct http_server *server = conn->server;
    conn->is_touched = true; /* nobody may put it into the list any more */
    if (conn->protocol != NULL) {
        conn->protocol->finish(conn);
    }
    conn_leave_admission(conn);
    deadline_clear(&server->wheel, &conn->read_late);
    deadline_clear(&server->wheel, &conn->write_late);
    out_finish(&conn->out);
    if (conn->prev != NULL) {
        conn->prev->next = conn->next;
    } else {
        server->conns = conn->next;
    }
    if (conn->next != NULL) {
        conn->next->prev = conn->prev;
    }
    addresses_drop(&server->addresses, conn->address);
    server->counters.connections_open--;
    if (conn->fd >= 0) {
        if (!conn->is_linger && conn->ssl != NULL && conn->protocol != NULL && !conn->is_blocked) {
            conn->transport->shut(conn); /* a close_notify, so that nobody suspects truncation */
        }
        server->closing++;
        uv_close((uv_handle_t *)&conn->poll, on_closed);
        conn->transport->finish(conn);
        ignore_int(close(conn->fd));
    } else {
        conn->transport->finish(conn);
        mem_give(conn);
    }
    server_settle(server);
}

void conn_turn(struct conn *conn)
{
    if (!conn->is_cut && conn->is_again && !conn->is_paused) {
        read_some(conn);
    }
    if (!conn->is_cut) {
        send_all(conn);
    }
    if (conn->is_cut && !conn->is_touched) { /* else the next turn has it in its list */
        free_conn(conn);
    }
}

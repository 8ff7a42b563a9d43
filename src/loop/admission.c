/* Who may shake hands. A handshake costs half a millisecond, so when everybody comes back at once
 * most have to wait: each in the order of its first byte, with as little memory as a socket needs,
 * and so few in a turn of the loop that an alarm under way is not held up. */
#include "loop/server.h"

enum { HANDSHAKES_A_TURN = 8 };

static void unlink_conn(struct http_server *server, struct conn *conn)
{
    struct conn *next = conn->next_waiting;
    struct conn *prev = conn->prev_waiting;
    *(prev == NULL ? &server->first_waiting : &prev->next_waiting) = next;
    *(next == NULL ? &server->last_waiting : &next->prev_waiting) = prev;
    conn->next_waiting = conn->prev_waiting = NULL;
    conn->is_waiting = false;
    server->counters.tls_waiting--;
}

void conn_ask_admission(struct conn *conn)
{
    struct http_server *server = conn->server;
    if (conn->is_waiting) {
        return;
    }
    conn->is_waiting = true;
    conn->prev_waiting = server->last_waiting;
    *(conn->prev_waiting == NULL ? &server->first_waiting : &conn->prev_waiting->next_waiting) =
        conn;
    server->last_waiting = conn;
    server->counters.tls_waiting++;
    conn_wait_clear(conn); /* that it waits now is our slowness */
    conn_watch(conn);
}

void conn_leave_admission(struct conn *conn)
{
    if (conn->is_waiting) {
        unlink_conn(conn->server, conn);
    }
    if (conn->is_shaking) {
        conn->is_shaking = false;
        conn->server->handshakes--;
    }
}

static void begin(struct conn *conn)
{
    struct http_server *server = conn->server;
    conn->is_shaking = true;
    server->handshakes++;
    conn->ssl = tls_accept(server->tls, conn->fd);
    if (conn->ssl == NULL) {
        conn_refuse(conn, HTTP_REFUSED_TLS);
        return;
    }
    conn_wait(conn, limits_of(server)->handshake_wait);
    conn_watch(conn);
    conn_shake_hands(conn);
}

void conn_admit(struct http_server *server)
{
    for (int i = 0; i < HANDSHAKES_A_TURN && may_admit(server); i++) {
        struct conn *conn = server->first_waiting;
        unlink_conn(server, conn);
        if (!conn->is_cut) {
            begin(conn);
        }
    }
}

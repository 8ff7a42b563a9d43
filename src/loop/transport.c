/* The transports: plain TCP and TLS over it. */
#include "loop/server.h"

#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECES = 32, RECORD = CONN_RECORD };

static ssize_t io_error(void)
{
    return errno == EAGAIN || errno == EINTR ? IO_WAIT : IO_LOST;
}

static ssize_t tcp_read(struct conn *conn, char *into, size_t size)
{
    ssize_t count = recv(conn->fd, into, size, 0);
    return count > 0 ? count : count == 0 ? IO_END : io_error();
}

static ssize_t tcp_write(struct conn *conn, const struct out *out)
{
    struct iovec pieces[PIECES];
    struct msghdr message = {.msg_iov = pieces};
    message.msg_iovlen = (size_t)out_look(out, pieces, PIECES);
    ssize_t count = message.msg_iovlen == 1
                        ? send(conn->fd, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL)
                        : sendmsg(conn->fd, &message, MSG_NOSIGNAL);
    return count >= 0 ? count : io_error();
}

static bool tcp_has_more(const struct conn *conn)
{
    (void)conn;
    return false;
}

static void tcp_shut(struct conn *conn)
{
    ignore_int(shutdown(conn->fd, SHUT_WR));
}

static void tcp_finish(struct conn *conn)
{
    (void)conn;
}

const struct transport transport_tcp = {
    .read = tcp_read,
    .write = tcp_write,
    .has_more = tcp_has_more,
    .shut = tcp_shut,
    .finish = tcp_finish,
};

static ssize_t tls_error(struct conn *conn, int rc)
{
    switch (SSL_get_error(conn->ssl, rc)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return IO_WAIT;
    case SSL_ERROR_ZERO_RETURN:
        return IO_END;
    default:
        ERR_clear_error();
        SSL_set_quiet_shutdown(conn->ssl, 1); /* after such an error nothing may be sent */
        return IO_LOST;
    }
}

static ssize_t tls_read(struct conn *conn, char *into, size_t size)
{
    ERR_clear_error();
    int count = SSL_read(conn->ssl, into, (int)size);
    return count > 0 ? count : tls_error(conn, count);
}

/* Small pieces are gathered into one record; large ones go as they are. After IO_WAIT the same
 * bytes stand at the front next time, which is all that OpenSSL asks for. */
static ssize_t tls_write(struct conn *conn, const struct out *out)
{
    struct iovec pieces[PIECES];
    char record[RECORD];
    size_t most = conn->record;
    int count = out_look(out, pieces, PIECES);
    const char *at = pieces[0].iov_base;
    size_t size = pieces[0].iov_len;
    if (count > 1 && size < most) {
        size = 0;
        for (int i = 0; i < count && size < most; i++) {
            size_t part = pieces[i].iov_len < most - size ? pieces[i].iov_len : most - size;
            memcpy(record + size, pieces[i].iov_base, part);
            size += part;
        }
        at = record;
    }
    size = size < most ? size : most;
    ERR_clear_error();
    int written = SSL_write(conn->ssl, at, (int)size);
    conn->owed = written > 0 ? 0 : size;
    return written > 0 ? written : tls_error(conn, written);
}

static bool tls_has_more(const struct conn *conn)
{
    return SSL_has_pending(conn->ssl) == 1;
}

static void tls_shut(struct conn *conn)
{
    ERR_clear_error();
    ignore_int(SSL_shutdown(conn->ssl));
    ERR_clear_error();
    ignore_int(shutdown(conn->fd, SHUT_WR));
}

static void tls_finish(struct conn *conn)
{
    SSL_free(conn->ssl);
    conn->ssl = NULL;
}

const struct transport transport_tls = {
    .read = tls_read,
    .write = tls_write,
    .has_more = tls_has_more,
    .shut = tls_shut,
    .finish = tls_finish,
};

/* A connection: a transport below (TCP, TLS over it, memory in tests), a protocol above (HTTP/1,
 * HTTP/2, WebSocket), and between them an outgoing queue, the two waits and the way to the end.
 *
 * Nobody frees a connection in the middle of things: conn_cut() marks it, and the server's turn
 * (before the loop waits again) lets the protocol finish and frees it. Loop thread only. */
#ifndef LOA_LOOP_CONN_H
#define LOA_LOOP_CONN_H

#include "base/base.h"
#include "loop/addresses.h"
#include "loop/chunked.h"
#include "loop/deadline.h"
#include "loop/head.h"
#include "loop/http.h"
#include "loop/out.h"

#include <openssl/ssl.h>
#include <sys/types.h>
#include <uv.h>

struct conn;

enum { IO_WAIT = 0, IO_END = -1, IO_LOST = -2 };

enum { CONN_READ = 64 * 1024, CONN_LOW = 64 * 1024, CONN_RECORD = 16 * 1024 };

struct transport {
    /* Bytes read into, or IO_*. */
    ssize_t (*read)(struct conn *conn, char *into, size_t size);
    /* Sends from the front of out; bytes taken, or IO_WAIT, IO_LOST. */
    ssize_t (*write)(struct conn *conn, const struct out *out);
    /* Are there bytes that the next read gives without the socket becoming readable? */
    bool (*has_more)(const struct conn *conn);
    void (*shut)(struct conn *conn); /* nothing more will be written */
    void (*finish)(struct conn *conn);
};

struct protocol {
    void (*handle_bytes)(struct conn *conn, char *bytes, size_t size); /* may be changed in place */
    bool (*handle_room)(struct conn *conn); /* the queue is short; true when it added to it */
    void (*handle_end)(struct conn *conn);  /* the peer will send nothing more */
    void (*handle_late)(struct conn *conn); /* the reading wait is over */
    void (*handle_stop)(struct conn *conn); /* the server is stopping */
    void (*finish)(struct conn *conn);      /* cut: last words */
};

struct http1 {
    struct http_request *request; /* being read or answered */
    struct buf ahead;             /* what came after it */
    struct head_scan scan;
    struct chunked chunked;
    uint64_t body_left;
    bool is_chunked;
    bool in_body;
    bool running; /* guards against re-entry from answers given at once */
    bool last;    /* no further request on this connection */
};

struct conn {
    struct http_server *server;
    struct conn *next; /* all of the server */
    struct conn *prev;
    struct conn *next_touched;
    struct conn *next_waiting;
    struct conn *prev_waiting;
    const struct transport *transport;
    const struct protocol *protocol; /* null during the TLS handshake */
    SSL *ssl;
    struct http1 http1;
    union {
        struct http2 *http2;
        struct websocket *websocket;
    };
    uv_poll_t poll;
    int fd; /* -1 for a transport without a socket */
    int events;
    struct out out;
    struct deadline read_late;
    struct deadline write_late;
    struct address address;
    size_t requests;
    size_t record; /* most bytes of a TLS record that is sent */
    size_t owed;   /* bytes at the front that TLS has begun to send: they must stay there */
    bool is_touched;
    bool is_waiting; /* for its turn to shake hands */
    bool is_shaking; /* counted among the handshakes */
    bool is_paused;  /* the protocol wants no bytes now */
    bool is_blocked; /* the peer takes no bytes now */
    bool is_again;   /* read on in the next turn without asking the socket */
    bool is_ended;   /* the peer has sent its last byte */
    bool is_closing; /* to be shut when the queue is empty */
    bool is_linger;  /* shut; what still comes is thrown away */
    bool is_cut;
    void *test; /* what a test's transport keeps */
};

/* Takes fd. Null (and fd closed) when it cannot be watched. */
struct conn *conn_create(struct http_server *server, int fd, struct address address,
                         const struct transport *transport);
void conn_begin(struct conn *conn, const struct protocol *protocol);
/* Lets the server's turn look at it: flush, read on, or free. */
void conn_touch(struct conn *conn);
void conn_turn(struct conn *conn); /* by the server's turn only */
void conn_readable(struct conn *conn);
/* Sends what may be sent. Never calls back into the protocol before the turn. */
void conn_flush(struct conn *conn);
void conn_cut(struct conn *conn);
void conn_refuse(struct conn *conn, enum http_refusal refusal); /* counts, then cuts */
/* Sends what is queued, says goodbye, and gives the peer a moment to read it. */
void conn_close(struct conn *conn);
void conn_pause(struct conn *conn);
void conn_resume(struct conn *conn);
void conn_wait(struct conn *conn, usec wait); /* for bytes; handle_late() after that */
/* n bytes have come: the wait goes on, but no further than the rate allows. */
void conn_wait_more(struct conn *conn, size_t bytes, usec wait, size_t rate);
void conn_wait_clear(struct conn *conn);

/* TLS handshakes in the order in which the peers asked for them. */
void conn_ask_admission(struct conn *conn);  /* its first bytes have come */
void conn_admit(struct http_server *server); /* by the server's turn only */
void conn_leave_admission(struct conn *conn);
void conn_shake_hands(struct conn *conn);
void conn_watch(struct conn *conn);

void http1_begin(struct conn *conn);
void http2_begin(struct conn *conn);

extern const struct transport transport_tcp;
extern const struct transport transport_tls;
extern const struct protocol protocol_http1;
extern const struct protocol protocol_http2;
extern const struct protocol protocol_websocket;

#endif

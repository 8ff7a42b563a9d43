/* The HTTP server as the rooms above see it: requests come in as values, answers go out by id.
 * HTTP/1.1 and HTTP/2 (TLS only) look alike; WebSockets and event streams begin as requests.
 *
 * The way of a request: on_head() is asked once the head has been read and found sound, and says
 * what may happen to the body. When the body is there, on_request() is called. Each request that
 * reached on_request() must be answered once, at once or later: http_answer_send(),
 * http_stream_open() or ws_accept(), by its id. Until then its memory stands, even when the peer
 * has long gone, so a worker may read it; the answer to somebody who has gone is ERR_CLOSED and
 * harmless. A stale or invented id is ERR_CLOSED too; it never reaches another request.
 *
 * Everything here runs on the loop thread. What strangers send never asserts. Requests that the
 * server refuses by itself (malformed, over a limit, too slow) never reach the callbacks; they are
 * counted in struct http_counters. */
#ifndef LOA_LOOP_HTTP_H
#define LOA_LOOP_HTTP_H

#include "base/base.h"
#include "base/entropy.h"
#include "loop/loop.h"
#include "loop/traffic.h"

struct http_server;
struct http_request;

/* A request, then the stream or WebSocket that it became. {0, 0} is nobody. */
typedef struct http_id {
    uint32_t slot;
    uint32_t generation;
} http_id;

#define HTTP_ID_NONE ((http_id){0, 0})

static inline bool http_id_is(http_id a, http_id b)
{
    return a.slot == b.slot && a.generation == b.generation;
}

/* --- limits ---------------------------------------------------------------------------------- */

/* No zero means "none" here: every limit holds. http_limits_default() fills them all; a server
 * refuses to start with a zero among them. */
struct http_limits {
    size_t header_bytes; /* the whole head, request line included */
    size_t header_count; /* at most 200 */
    size_t target_bytes;
    size_t query_count;   /* parameters; more is 400 */
    size_t body_memory;   /* ceiling over every plan for memory */
    size_t bodies_memory; /* all bodies in memory together; then 503 */
    uint64_t body_disk;   /* ceiling over every plan for a file */
    size_t arena_bytes;   /* per request */
    size_t connections;
    size_t connections_per_address; /* an IPv4 address, or the /64 of an IPv6 one */
    size_t handshakes;              /* TLS handshakes at one time; others wait in order */
    size_t requests;                /* unanswered at one time, over all connections; then 503 */
    size_t requests_per_connection; /* then it is closed in order */
    size_t streams;                 /* HTTP/2: at one time on one connection */
    size_t resets;                  /* HTTP/2: streams that the peer resets, per 10 s */
    size_t control_frames;          /* HTTP/2: PING, SETTINGS and empty frames, per 10 s */
    size_t queue_bytes;             /* outgoing bytes waiting on one connection */
    size_t stream_queue_bytes;      /* outgoing bytes waiting for one stream or WebSocket */
    size_t ws_message_bytes;        /* one message, all its fragments */
    size_t ws_fragments;
    usec handshake_wait;  /* from accept to the end of the TLS handshake */
    usec header_wait;     /* from a request's first byte to the end of its head */
    usec body_wait;       /* longest silence while a body is due */
    usec idle_wait;       /* from accept to the first byte of a request */
    usec keep_alive_wait; /* between requests */
    usec write_wait;      /* longest time without the peer taking a byte that is due */
    usec answer_wait;     /* from on_request() to the answer; then 503 */
    size_t body_rate;     /* bytes a second that a body must average beyond body_wait */
    size_t read_rate;     /* bytes a second that the peer must take beyond write_wait */
    usec events_beat;     /* a comment on a silent event stream */
    usec ws_ping_every;   /* a ping on a silent WebSocket */
    usec ws_pong_wait;    /* and the time for anything to come back */
    usec ws_close_wait;   /* for the peer's half of the close */
};

struct http_limits http_limits_default(void);

/* --- requests -------------------------------------------------------------------------------- */

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_SOURCE, /* as Icecast's encoders say: a PUT without an end; may lack Host */
};

enum http_plan_kind {
    HTTP_REFUSE,      /* the server answers `status`, with an empty body, now */
    HTTP_ANSWERED,    /* on_head() has answered by itself; a body that still comes is not read */
    HTTP_BODY_NONE,   /* a body of any length but 0 is refused (413) */
    HTTP_BODY_MEMORY, /* up to `most` bytes */
    HTTP_BODY_FILE,   /* up to `most` bytes into a new file in `folder` */
    HTTP_WEBSOCKET,   /* not a proper WebSocket request is refused (400, 426) */
    HTTP_BODY_STREAM, /* framed or without an end, for the stream that answers (HTTP/1 only: 501) */
};

struct http_plan {
    enum http_plan_kind kind;
    int status;
    uint64_t most;
    const char *folder; /* must live as long as the server */
};

const char *http_method_name(enum http_method method);

/* All views live until the request is answered. */
http_id http_request_id(const struct http_request *request);
/* The request of an id that has not been answered; null for any other. */
struct http_request *http_request_of(struct http_server *server, http_id id);
bool http_request_is_gone(const struct http_request *request); /* the peer has left */
struct arena *http_request_arena(struct http_request *request);
enum http_method http_request_method(const struct http_request *request);
str http_request_target(const struct http_request *request); /* as sent, origin form */
/* Percent-decoded and strict UTF-8, begins with '/', has no "//", ".", "..", backslash or control
 * byte: such targets are refused before anybody sees them. */
str http_request_path(const struct http_request *request);
str http_request_query(const struct http_request *request); /* raw, without '?' */
size_t http_request_param_count(const struct http_request *request);
/* The n-th parameter, decoded ('+' is a blank), in order. */
void http_request_param_at(const struct http_request *request, size_t n, str *ret_name,
                           str *ret_value);
/* The first of that name; false when there is none. */
CHECKED bool http_request_param(const struct http_request *request, str name, str *ret_value);
/* STR_NONE when absent. A header that came twice is joined with ", " (Cookie with "; "); one that
 * must not come twice was refused. Names are compared without regard to case. */
str http_request_header(struct http_request *request, str name);
CHECKED bool http_request_cookie(struct http_request *request, str name, str *ret_value);
str http_request_host(const struct http_request *request); /* lower case, with port if sent */
str http_request_address(struct http_request *request);    /* the peer's, numeric, no port */
bool http_request_is_tls(const struct http_request *request);
int http_request_version(const struct http_request *request); /* 10, 11 or 20 */
usec http_request_begun(const struct http_request *request);  /* loop_now() of its first byte */
/* 32 bytes bound to this TLS connection (RFC 9266), for proofs that must not be replayed on
 * another; false without TLS. */
CHECKED bool http_request_channel(const struct http_request *request, uint8_t ret_bytes[32]);
/* What the room above wants to find again; null at first. Not looked at here. */
void http_request_set_user(struct http_request *request, void *user);
void *http_request_user(const struct http_request *request);

/* The body in memory; empty when there is none or it is in a file. */
str http_request_body(const struct http_request *request);

struct http_file {
    int fd; /* open for reading and writing; -1 when the body was empty or is not in a file */
    uint64_t size;
    const char *path;
};

/* A loan; the file is closed and removed with the request. */
struct http_file http_request_file(const struct http_request *request);
/* The same, now the caller's: to close, and to rename or remove. The path stays a loan. */
struct http_file http_request_take_file(struct http_request *request);

/* --- answers --------------------------------------------------------------------------------- */

struct http_header {
    str name;
    str value;
};

/* One representation, borrowed for ever (compiled-in assets). Encodings that do not exist have
 * at == null; the server chooses by Accept-Encoding and adds Vary. */
struct http_asset {
    str identity;
    str gzip;
    str br;
};

enum http_body_kind {
    HTTP_EMPTY,
    HTTP_BYTES,  /* copied */
    HTTP_STATIC, /* borrowed for ever */
    HTTP_ASSET,
    HTTP_FILE, /* taken: closed by the server in every case, also when sending fails */
};

struct http_answer {
    int status; /* 200 to 599; 204 and 304 never have a body */
    enum http_body_kind body;
    str bytes;                      /* HTTP_BYTES, HTTP_STATIC */
    const struct http_asset *asset; /* HTTP_ASSET; the struct is borrowed for ever as well */
    struct http_answer_file {
        int fd;
        uint64_t size;
    } take_file;  /* HTTP_FILE; from offset 0 */
    str type;     /* Content-Type; none when empty */
    str etag;     /* without quotes; none when empty. "" gzip and br add a suffix */
    usec changed; /* Last-Modified; 0 is none */
    const struct http_header *headers; /* further ones; framing headers are refused (ERR_INVALID) */
    size_t header_count;
    bool close; /* end the connection after it (HTTP/1) */
};

/* With an etag or a time of change, conditional requests are answered 304; static, asset
 * and file bodies of a 200 answer ranges. HEAD sends the head only. Errors: ERR_CLOSED (gone or
 * stale), ERR_INVALID (a header that would break the framing: 500 is sent instead), ERR_TOO_BIG.
 * The request and its arena are gone afterwards in every case. */
CHECKED errc http_answer_send(struct http_server *server, http_id id,
                              const struct http_answer *answer, struct why *why);

/* --- messages shared by many receivers ---------------------------------------------------------
 */

/* A piece of text or bytes, built once and sent to any number of streams and WebSockets without
 * being copied. Made on any thread; the rest on the loop thread. Holders count. */
struct http_message;

enum ws_kind { WS_TEXT, WS_BINARY };

/* The whole frame is built here. ERR_TOO_BIG past 16 MiB. */
CHECKED errc ws_message_create(enum ws_kind kind, str payload, struct http_message **ret_message);
/* Bytes as they are, for http_stream_send(). */
CHECKED errc http_message_create(str bytes, struct http_message **ret_message);
/* One event in the event-stream format; name and id may be empty, data may have several lines.
 * ERR_INVALID for a line break or NUL in name or id. */
CHECKED errc http_event_create(str name, str id, str data, struct http_message **ret_message);
void http_message_release(struct http_message *message); /* accepts null */
size_t http_message_size(const struct http_message *message);

/* --- streams: server-sent events, live sound -----------------------------------------------------
 */

struct http_stream {
    void *ctx;
    /* Once, when the stream has ended for whatever reason but http_stream_close(). */
    void (*on_close)(void *ctx, http_id id);
    /* Of a plan HTTP_BODY_STREAM: what the peer sends, as it comes; a loan. May close the stream.
     * May be null. */
    void (*on_bytes)(void *ctx, http_id id, str bytes);
};

struct http_stream_config {
    str type; /* text/event-stream gets heartbeats */
    const struct http_header *headers;
    size_t header_count;
    struct http_stream stream;
};

/* The id stays valid until the stream ends. Errors as for http_answer_send(). */
CHECKED errc http_stream_open(struct http_server *server, http_id id,
                              const struct http_stream_config *config, struct why *why);
/* ERR_CLOSED when it has ended; ERR_TOO_MANY when the receiver is too slow: it is cut, and
 * on_close comes later in the same turn or the next. */
CHECKED errc http_stream_send(struct http_server *server, http_id id, struct http_message *message);
size_t http_stream_waiting(struct http_server *server, http_id id); /* bytes not yet taken */
/* Takes no more from the peer until true: back-pressure for what is behind on_bytes(). */
void http_stream_set_reading(struct http_server *server, http_id id, bool reading);
void http_stream_close(struct http_server *server, http_id id);

/* --- WebSockets ------------------------------------------------------------------------------- */

enum {
    WS_CLOSE_NORMAL = 1000,
    WS_CLOSE_GOING = 1001,
    WS_CLOSE_PROTOCOL = 1002,
    WS_CLOSE_KIND = 1003,
    WS_CLOSE_NONE = 1005, /* the peer gave no code */
    WS_CLOSE_LOST = 1006, /* no close frame came */
    WS_CLOSE_NOT_UTF8 = 1007,
    WS_CLOSE_POLICY = 1008,
    WS_CLOSE_TOO_BIG = 1009,
    WS_CLOSE_INTERNAL = 1011,
    WS_CLOSE_AGAIN_LATER = 1013,
};

struct ws_handler {
    void *ctx;
    void (*on_message)(void *ctx, http_id id, enum ws_kind kind, str payload); /* a loan */
    /* Once for each accepted WebSocket, also after ws_close() and when the server stops. */
    void (*on_close)(void *ctx, http_id id, int code);
};

/* For a request whose plan was HTTP_WEBSOCKET. `protocol` is echoed when not empty and must be
 * one that the client offered (ERR_INVALID otherwise). The request and its arena are gone
 * afterwards; the id stays. */
CHECKED errc ws_accept(struct http_server *server, http_id id, const struct ws_handler *handler,
                       str protocol, struct why *why);
/* ERR_CLOSED when it has ended or is closing; ERR_TOO_MANY when the receiver is too slow: it is
 * cut, and on_close comes later. */
CHECKED errc ws_send(struct http_server *server, http_id id, enum ws_kind kind, str payload);
CHECKED errc ws_send_message(struct http_server *server, http_id id, struct http_message *message);
/* The same, but before all that waits and has not begun to leave, and at once: for what may not
 * stand behind a file. A queue that is merely full does not stop it. */
CHECKED errc ws_send_urgent(struct http_server *server, http_id id, struct http_message *message);
size_t ws_waiting(struct http_server *server, http_id id); /* bytes not yet taken */
/* The most bytes of one TLS record, 512 to 16384: a receiver on a weak line can use a record only
 * when it is whole, and loses the part of it that has come when the line is cut. */
void ws_set_record(struct http_server *server, http_id id, size_t bytes);
/* What went over the line so far; all zero for nobody. */
struct wire_traffic ws_traffic(struct http_server *server, http_id id);
/* Stops taking messages from this peer until true: back-pressure for what is behind. */
void ws_set_reading(struct http_server *server, http_id id, bool reading);
/* Begins the close handshake; reason at most 123 bytes of UTF-8. */
void ws_close(struct http_server *server, http_id id, int code, str reason);

/* --- the server --------------------------------------------------------------------------------
 */

enum http_notice {
    HTTP_NOTICE_ACCEPT_PAUSED, /* no descriptors or memory left; said once until it recovers */
    HTTP_NOTICE_ACCEPT_RESUMED,
};

struct http_done {
    int status; /* 101 for a WebSocket */
    uint64_t body_bytes;
    usec took; /* from the first byte of the request to the answer */
};

struct http_config {
    void *ctx;
    struct http_plan (*on_head)(void *ctx, struct http_request *request);
    void (*on_request)(void *ctx, struct http_request *request);
    /* After each answer, with the request still there: for the access log. May be null. */
    void (*on_done)(void *ctx, const struct http_request *request, const struct http_done *done);
    void (*on_notice)(void *ctx, enum http_notice notice, const struct why *why); /* may be null */
    struct entropy entropy;                                                       /* ticket keys */
    struct http_limits limits;
};

/* Copies the config. Many servers may share a loop. */
CHECKED errc http_server_create(struct loop *loop, const struct http_config *config,
                                struct http_server **ret_server, struct why *why);
/* Cuts what is left. Requests not yet answered vanish: their ids are stale from now on, so no
 * worker may still hold their views (http_server_stop() first). Not from a callback of this
 * server. The last memory returns with the loop's next turn or loop_destroy(). Accepts null. */
void http_server_destroy(struct http_server *server);

/* The certificate chain and key (PEM) for every TLS listener. Called again (on SIGHUP) it reads
 * anew: handshakes from now on use the new pair; when that fails, the old pair stays in use and
 * the error says why. */
CHECKED errc http_server_use_certificate(struct http_server *server, const char *chain_path,
                                         const char *key_path, struct why *why);

struct http_listen {
    const char *address; /* numeric IPv4 or IPv6 */
    int port;            /* 0: any */
    bool tls;
    bool plain_anywhere; /* without it, plain HTTP is refused off the loopback addresses */
};

/* May be called several times. ERR_INVALID for a bad address or plain HTTP where it may not be. */
CHECKED errc http_server_listen(struct http_server *server, const struct http_listen *listen,
                                int *ret_port, struct why *why);

/* Stops accepting, lets requests in flight be answered, sends GOAWAY, close code 1001 and a retry
 * hint to streams, and cuts what is left after `wait`. on_stopped comes once, when nothing is left.
 */
void http_server_stop(struct http_server *server, usec wait, loop_fn *on_stopped, void *ctx);

enum http_refusal {
    HTTP_REFUSED_MALFORMED,
    HTTP_REFUSED_TOO_BIG,  /* head, target, body, message */
    HTTP_REFUSED_TOO_SLOW, /* any wait or rate */
    HTTP_REFUSED_FULL,     /* connections, requests */
    HTTP_REFUSED_ADDRESS,  /* connections of one address */
    HTTP_REFUSED_FLOOD,    /* HTTP/2 resets and control frames */
    HTTP_REFUSED_TLS,      /* handshakes that failed */
    HTTP_REFUSED_QUEUE,    /* outgoing queue full */
    HTTP_REFUSED_DISK,     /* a body that could not be written */
    HTTP_REFUSALS,
};

const char *http_refusal_name(enum http_refusal refusal);

struct http_counters {
    uint64_t connections; /* ever */
    uint64_t connections_open;
    uint64_t requests;
    uint64_t requests_open;
    uint64_t answers[6]; /* by status class; [0] is unused */
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t refused[HTTP_REFUSALS];
    uint64_t tls_handshakes;
    uint64_t tls_resumed;
    uint64_t tls_waiting; /* now, for their turn to shake hands */
    uint64_t http2_connections;
    uint64_t websockets;
    uint64_t websockets_open;
    uint64_t streams;
    uint64_t streams_open;
    uint64_t accept_pauses;
};

const struct http_counters *http_server_counters(const struct http_server *server);

#endif

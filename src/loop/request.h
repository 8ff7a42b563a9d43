/* A request from its first byte to the last byte of its answer, whichever protocol carries it; and
 * the stream or WebSocket it may become. The protocols fill it in, this room's request.c leads it
 * through the callbacks, answer.c forms the answer, and the protocol sends it. */
#ifndef LOA_LOOP_REQUEST_H
#define LOA_LOOP_REQUEST_H

#include "loop/conn.h"
#include "loop/server.h"
#include "loop/source.h"
#include "loop/target.h"

enum request_state {
    REQUEST_READING,   /* head or body */
    REQUEST_WAITING,   /* on_request() was called */
    REQUEST_ANSWERING, /* the answer is under way */
    REQUEST_STREAMING,
};

enum { FIELDS_MOST = 200 };

struct request_head {
    enum http_method method;
    int version;
    bool has_body; /* a body follows */
    bool has_length;
    uint64_t length; /* of the body, when it was announced */
    bool keep_alive;
    bool expects;      /* 100-continue */
    str websocket_key; /* STR_NONE: not a proper WebSocket request */
    bool wants_upgrade;
};

struct http_request {
    enum entry_kind kind;
    struct http_server *server;
    struct http_request *next; /* all of the server */
    struct http_request *prev;
    http_id id;
    struct conn *conn;                /* null when the peer has gone */
    int32_t stream;                   /* HTTP/2 */
    struct http_request *next_stream; /* HTTP/2: of the same connection */
    struct http_request *prev_stream;
    enum request_state state;
    usec begun;
    struct deadline late;
    void *user;
    struct arena *arena;
    struct buf raw; /* the head's bytes */
    struct head_field *fields;
    size_t field_count;
    struct request_head head;
    struct target target;
    str host;
    char address[ADDRESS_TEXT_SIZE];
    /* the body */
    struct http_plan plan;
    struct buf body;
    uint64_t body_size;
    struct upload *upload;
    bool body_done;
    /* the answer */
    struct source source;
    size_t unconsumed; /* HTTP/2: bytes of the body that are not yet acknowledged */
    int head_status;   /* HTTP/2: why the head is refused; 0 */
    /* a stream */
    struct http_stream on_stream;
    struct out out; /* HTTP/2: what waits for this stream */
    bool is_events;
    bool is_stalled; /* on_bytes() wants none now */
    bool is_over;    /* close once `out` is empty */
};

/* Null when memory or the number of requests is exhausted (the caller answers 503). */
struct http_request *request_create(struct http_server *server, struct conn *conn);
/* The protocol lets go: the peer has left, or the answer has been sent. A request that is still
 * with the room above stays until it is answered. */
void request_detach(struct http_request *request);
/* Frees it; the id is stale from now on. */
void request_destroy(struct http_request *request);
void request_free_idle(struct http_server *server);

/* The head is complete in `fields` and `head`: checks it, asks on_head(). Returns 0, or the status
 * of a refusal that the protocol must answer (request_refuse()). */
int request_begin(struct http_request *request, str target);
/* Bytes of the body, and its end. Returns 0 or the status of a refusal. */
int request_body(struct http_request *request, str bytes);
int request_body_end(struct http_request *request);
/* Is the upload so far behind that no more bytes should come? */
bool request_is_behind(const struct http_request *request);
/* Answers with nothing but a status, by the server itself. */
void request_refuse(struct http_request *request, int status);
void request_handle_upload(struct http_request *request); /* the worker has caught up, or failed */

/* 0, or 405 or 501 for a method we do not serve. */
int request_method(str name, enum http_method *ret_method);
str request_field(const struct http_request *request, str name); /* the first; STR_NONE */
/* Counts, tells on_done(). Called once for each answer, before the request goes. */
void request_done(struct http_request *request, int status, uint64_t bytes);

/* A formed answer, ready to be written down by a protocol. */
enum { REPLY_FIELDS = 40, REPLY_TEXT = 512 };

struct reply {
    int status;
    struct http_header fields[REPLY_FIELDS];
    size_t field_count;
    uint64_t size; /* of the body */
    bool has_size; /* false: until the end of the stream */
    bool no_body;  /* HEAD, 204, 304: nothing follows whatever the size */
    bool close;
    char text[REPLY_TEXT]; /* what the fields view */
    size_t text_used;
};

errc reply_head(struct reply *reply, str type, const struct http_header *headers, size_t count,
                struct why *why);
void reply_add(struct reply *reply, str name, str value);
void reply_add_text(struct reply *reply, str name, const char *format, ...) PRINTF_LIKE(3, 4);

/* The protocols' ends. They send the head and then the request's source (or stream). */
void reply_init(struct reply *reply, struct http_request *request, int status);
void http1_reply(struct http_request *request, const struct reply *reply);
void http2_reply(struct http_request *request, const struct reply *reply);
void http1_resume(struct http_request *request); /* the source or the upload has news */
void http2_resume(struct http_request *request);
void http1_upgrade(struct http_request *request); /* the connection is no longer its business */

void reply_send(struct http_request *request, const struct reply *reply);
void request_resume(struct http_request *request);

/* The answer is too late: the peer is told by the protocol, which lets go of the request. */
void http1_abandon(struct http_request *request);
void http2_abandon(struct http_request *request);

/* stream.c */
void stream_lost(struct http_request *request); /* the peer has left; destroys it */
void stream_stop(struct http_request *request); /* the server is stopping */
void stream_beat(struct http_request *request);

#endif

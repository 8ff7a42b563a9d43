/* What the files of this room share about a server. */
#ifndef LOA_LOOP_SERVER_H
#define LOA_LOOP_SERVER_H

#include "loop/addresses.h"
#include "loop/conn.h"
#include "loop/http.h"
#include "loop/loop_uv.h"
#include "loop/negotiate.h"
#include "loop/slots.h"
#include "loop/tls.h"

struct listener;
struct http_request;
struct websocket;

/* What an id may stand for; the first member of each. */
enum entry_kind { ENTRY_REQUEST, ENTRY_WEBSOCKET };

enum { IDLE_REQUESTS = 64 };

struct http_server {
    struct loop *loop;
    struct http_config config;
    struct http_counters counters;
    struct slots ids;
    struct wheel wheel;
    loop_timer wheel_timer;
    struct addresses addresses;
    struct tls *tls;
    struct listener *listeners;
    bool accept_paused;
    bool accept_complained;
    loop_timer accept_timer;
    struct conn *conns;
    struct conn *touched; /* in the order of touching */
    struct conn *last_touched;
    struct conn *first_waiting; /* for a TLS handshake */
    struct conn *last_waiting;
    size_t handshakes;
    size_t closing; /* connections whose memory libuv still holds */
    struct http_request *idle[IDLE_REQUESTS];
    size_t idle_count;
    struct http_request *requests; /* all that live */
    size_t bodies_held;            /* bytes of bodies in memory */
    uv_prepare_t turn;
    uv_idle_t busy; /* active while somebody has to be looked at again without waiting */
    char *read_buffer;
    char date[HTTP_DATE_SIZE];
    usec date_second;
    bool stopping;
    bool stop_reported;
    bool destroying;
    loop_timer stop_timer;
    loop_fn *on_stopped;
    void *stopped_ctx;
};

static inline const struct http_limits *limits_of(const struct http_server *server)
{
    return &server->config.limits;
}
static inline usec server_now(const struct http_server *server)
{
    return loop_now(server->loop);
}
struct http_request *request_of(struct http_server *server, http_id id); /* in any state */
struct websocket *websocket_of(struct http_server *server, http_id id);
void server_wait(struct http_server *server, struct deadline *deadline, usec due);
void server_turn(struct http_server *server);
void server_refused(struct http_server *server, enum http_refusal refusal);
/* The Date header, made once a second. */
str server_date(struct http_server *server);
/* A connection has ended or a handshake is over: accept on, or report that all has stopped. */
void server_settle(struct http_server *server);
void server_freed(struct http_server *server);

/* Waits somebody for a handshake that may have it now? */
static inline bool may_admit(const struct http_server *server)
{
    return server->first_waiting != NULL && server->handshakes < limits_of(server)->handshakes;
}

/* listen.c */
void listeners_close(struct http_server *server);
void listeners_watch(struct http_server *server); /* accept or not, as the limits allow now */

#endif

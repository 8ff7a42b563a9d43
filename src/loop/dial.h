/* WebSocket clients (RFC 6455) over TCP and TLS 1.3: what an agent calls its server with, one or
 * twenty thousand in a process. The peer is a stranger until TLS has shown who it is, and may be
 * broken even then: its answer is read strictly, every frame, queue and wait has a limit.
 *
 * dial_open() gives an id. Then comes on_open(), perhaps, messages, and on_close() exactly once,
 * after which the id is nobody's. A dial never comes back by itself: when to try again is for who
 * called to decide. Loop thread only; nothing here blocks, names are looked up on a worker.
 *
 * These files need libuv and OpenSSL, and nothing of the server beside them: the agent is small. */
#ifndef LOA_LOOP_DIAL_H
#define LOA_LOOP_DIAL_H

#include "base/base.h"
#include "base/entropy.h"
#include "loop/http.h"
#include "loop/loop.h"
#include "loop/traffic.h"

struct dialer;

/* {0, 0} is nobody; a stale or invented id is ERR_CLOSED and reaches nobody else. */
typedef struct dial_id {
    uint32_t slot;
    uint32_t generation;
} dial_id;

#define DIAL_NONE ((dial_id){0, 0})

static inline bool dial_id_is(dial_id a, dial_id b)
{
    return a.slot == b.slot && a.generation == b.generation;
}

/* No zero means "none" here: every limit holds. */
struct dial_limits {
    size_t dials;         /* open or opening at one time */
    size_t handshakes;    /* connecting or shaking hands at one time; others wait in order */
    size_t head_bytes;    /* the server's answer to the handshake */
    size_t message_bytes; /* one message that comes in, all its fragments */
    size_t fragments;
    size_t queue_bytes;  /* outgoing bytes waiting */
    usec connect_wait;   /* for each address of a name */
    usec handshake_wait; /* TLS and the WebSocket's own */
    usec write_wait;     /* longest time without the peer taking a byte that is due */
    usec ping_every;     /* a ping after such a silence of the peer */
    usec pong_wait;      /* and the time for anything to come back */
    usec close_wait;     /* for the peer's half of the close */
};

struct dial_limits dial_limits_default(void);

struct dialer_config {
    const char *ca_file;      /* PEM; null: the system's */
    bool insecure;            /* no certificate is checked; for loopback addresses only */
    bool plain_anywhere;      /* without it, ws:// is refused off the loopback addresses */
    unsigned local_addresses; /* spread calls to 127/8 over so many of 127.0.0.1, .2, … as source;
                               * 0: as the system likes. One address has some 28,000 ports. */
    struct entropy entropy;   /* masks and keys of handshakes */
    struct dial_limits limits;
};

/* Copies the config. ERR_INVALID when the CA file cannot be used. */
CHECKED errc dialer_create(struct loop *loop, const struct dialer_config *config,
                           struct dialer **ret_dialer, struct why *why);
/* Cuts all dials without calling anybody. Not from a callback. The last memory returns with the
 * loop's next turn or loop_destroy(). Accepts null. */
void dialer_destroy(struct dialer *dialer);

/* --- one dial --------------------------------------------------------------------------------- */

/* A ticket with which the next TLS handshake with the same server is short. Owned by who calls,
 * must outlive the dials that use it, and is filled by them; only for one device. */
struct dial_memory {
    struct buf ticket;
    char server[128]; /* host:port that gave it */
};

void dial_memory_init(struct dial_memory *memory);
void dial_memory_finish(struct dial_memory *memory);

struct dial_end {
    int code;         /* WS_CLOSE_*: what the peer said, or what we told it; WS_CLOSE_LOST */
    bool was_open;    /* on_open() had been called */
    int status;       /* of an answer that was no WebSocket; else 0 */
    usec retry_after; /* what such an answer asked for, at most a day; else 0 */
    struct wire_traffic traffic;
    struct why why; /* for the log */
};

struct dial_handler {
    void *ctx;
    void (*on_open)(void *ctx, dial_id id);
    void (*on_message)(void *ctx, dial_id id, enum ws_kind kind, str payload); /* a loan */
    void (*on_close)(void *ctx, dial_id id, const struct dial_end *end);
};

struct dial_target {
    const char *url;            /* wss://host[:port]/path or ws:// */
    const char *protocol;       /* the subprotocol that must be agreed; null for none */
    struct dial_memory *memory; /* null: each handshake is a full one */
};

/* ERR_INVALID (a URL that may not be called), ERR_TOO_MANY; then no callback comes. What goes wrong
 * later comes with on_close(), never from within this call. */
CHECKED errc dial_open(struct dialer *dialer, const struct dial_target *target,
                       const struct dial_handler *handler, dial_id *ret_id, struct why *why);
/* ERR_CLOSED when it is not open; ERR_TOO_MANY past queue_bytes: then nothing was sent. */
CHECKED errc dial_send(struct dialer *dialer, dial_id id, enum ws_kind kind, str payload);
size_t dial_waiting(struct dialer *dialer, dial_id id); /* bytes not yet taken */
/* Begins the close handshake, or gives up opening; on_close() comes later. */
void dial_close(struct dialer *dialer, dial_id id, int code, str reason);
/* Ends it at once, as if the line were cut: the peer hears nothing. */
void dial_cut(struct dialer *dialer, dial_id id);
/* 32 bytes bound to this TLS connection (RFC 9266); false without TLS or before on_open(). */
CHECKED bool dial_channel(struct dialer *dialer, dial_id id, uint8_t ret_bytes[32]);
bool dial_was_resumed(struct dialer *dialer, dial_id id);

/* All zero for nobody. */
struct wire_traffic dial_traffic(struct dialer *dialer, dial_id id);

#endif

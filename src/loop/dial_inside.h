/* What the files of the dialer share. */
#ifndef LOA_LOOP_DIAL_INSIDE_H
#define LOA_LOOP_DIAL_INSIDE_H

#include "loop/deadline.h"
#include "loop/dial.h"
#include "loop/dial_hello.h"
#include "loop/loop_uv.h"
#include "loop/slots.h"
#include "loop/tls.h"
#include "loop/ws_frame.h"
#include "loop/ws_reader.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/types.h>

enum { DIAL_READ = 16 * 1024, DIAL_ADDRESSES = 8 };

enum dial_state {
    DIAL_QUEUED,
    DIAL_LOOKING_UP,
    DIAL_CONNECTING,
    DIAL_SHAKING, /* TLS */
    DIAL_ASKING,  /* the WebSocket's handshake */
    DIAL_OPEN,
    DIAL_CLOSING, /* a close frame was sent */
    DIAL_OVER,    /* on_close is due */
};

/* One attempt's socket; it outlives its dial by the turn that libuv needs to let go of it. */
struct dial_socket {
    uv_poll_t poll;
    struct dial *dial;
    int fd;
    int events;
};

/* What is needed until it is open, and given back then. */
struct dial_start {
    struct dial_url url;
    char protocol[DIAL_PROTOCOL_MOST];
    char key[DIAL_KEY_SIZE];
    struct buf head;
    struct dial_lookup *lookup; /* under way */
    struct sockaddr_storage addresses[DIAL_ADDRESSES];
    size_t address_count;
    size_t next_address;
};

struct dial {
    struct dialer *dialer;
    struct dial *next; /* all of the dialer */
    struct dial *prev;
    struct dial *next_touched;
    struct dial *next_queued;
    struct dial *prev_queued;
    dial_id id;
    enum dial_state state;
    struct dial_handler handler;
    struct dial_memory *memory;
    struct dial_start *start; /* null once it is open */
    struct dial_socket *socket;
    SSL *ssl;
    struct buf out;
    struct ws_reader reader;
    struct deadline late;
    struct deadline write_late;
    bool is_queued;
    bool is_touched;
    bool is_blocked;  /* the peer takes no bytes now */
    bool is_again;    /* bytes may wait that the socket does not tell of */
    bool is_admitted; /* counted among the handshakes */
    bool has_pinged;
    bool heard_close;
    struct dial_end end;
};

struct dialer {
    struct loop *loop;
    struct dialer_config config;
    SSL_CTX *context;
    struct slots ids;
    struct wheel wheel;
    loop_timer wheel_timer;
    struct dial *dials;
    struct dial *touched;
    struct dial *first_queued;
    struct dial *last_queued;
    struct dial_lookup *lookups;
    size_t count;
    size_t handshakes;
    unsigned next_source;
    uv_prepare_t turn;
    uv_idle_t busy; /* active while somebody has to be looked at again without waiting */
    int closing;    /* handles that libuv still holds */
    char *read_buffer;
};

static inline const struct dial_limits *dial_limits_of(const struct dial *dial)
{
    return &dial->dialer->config.limits;
}

static inline struct dial *dial_of(struct dialer *dialer, dial_id id)
{
    return slots_get(&dialer->ids, id.slot, id.generation);
}

/* dialer.c */
void dialer_wait(struct dialer *dialer, struct deadline *deadline, usec wait);
void dial_wait(struct dial *dial, usec wait);
void dial_touch(struct dial *dial); /* lets the turn look at it */
void dial_leave_handshake(struct dial *dial);
void dial_free_start(struct dial *dial);

/* dial.c */
/* The end, for whatever reason; on_close comes with the turn. The first call counts. */
void dial_finish(struct dial *dial, int code, const struct why *why);
void dial_connected(struct dial *dial); /* the socket is */
void dial_ready(struct dial *dial, int events);
void dial_readable(struct dial *dial);
void dial_flush(struct dial *dial);
void dial_late(struct dial *dial);
void dial_write_late(struct dial *dial);

/* dial_connect.c */
void dial_begin(struct dial *dial);        /* looks up and connects, or finishes */
void dial_connect_late(struct dial *dial); /* the connect wait is over: the next address */
void dial_forget_lookup(struct dial *dial);
void dialer_forget_lookups(struct dialer *dialer);
void dial_watch(struct dial *dial, int events);
void dial_hang_up(struct dial *dial);

/* dial_tls.c: IO_* as of a connection's transport */
enum { DIAL_IO_WAIT = 0, DIAL_IO_END = -1, DIAL_IO_LOST = -2 };
CHECKED errc dial_tls_create(const struct dialer_config *config, SSL_CTX **ret_context,
                             struct why *why);
CHECKED errc dial_tls_begin(struct dial *dial, struct why *why);
/* 1 done, DIAL_IO_WAIT (is_blocked says for what), or DIAL_IO_LOST. */
int dial_tls_shake(struct dial *dial, struct why *why);
ssize_t dial_read(struct dial *dial, char *into, size_t size);
ssize_t dial_write(struct dial *dial, const char *bytes, size_t size);
bool dial_has_more(const struct dial *dial);
void dial_tls_goodbye(struct dial *dial);

#endif

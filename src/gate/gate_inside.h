/* What the files of the gate share. All of it belongs to the loop's thread; jobs on other threads
 * carry copies and come back with a session id. */
#ifndef LOA_GATE_GATE_INSIDE_H
#define LOA_GATE_GATE_INSIDE_H

#include "base/crash.h"
#include "gate/gate.h"
#include "gate/slot_map.h"
#include "orders/order_book.h"
#include "wire/codec.h"

enum {
    SESSION_PATH = 8,
    SESSION_FETCHES = 2,
    SESSION_STREAMS = 4,  /* live ones at a time */
    SESSION_LOGS = 4,     /* pieces of log on their way to the store, of one session */
    MEETS_MOST = 64,      /* strangers that are being written down at a time */
    JOINS_MOST = 256,     /* attaching devices whose state is being read at a time */
    MESSAGES_BURST = 400, /* of one session, then … */
    MESSAGES_PER_SECOND = 40,
};

#define ATTACH_WAIT (20 * USEC_SECOND) /* from the hello to the attach */
#define LEAVE_WAIT USEC_MINUTE         /* a retired device hears of it, and goes */

/* A session across turns: a stale one is nobody's. */
struct session_id {
    uint32_t slot;
    uint32_t generation;
};

enum session_stage {
    SESSION_GREETED,  /* hello is said */
    SESSION_MEETING,  /* a stranger is being written down */
    SESSION_WAITING,  /* for a person who accepts it */
    SESSION_QUEUED,   /* too many are met or joining just now */
    SESSION_JOINING,  /* its state is being read */
    SESSION_ATTACHED, /* has it */
    SESSION_LEAVING,  /* was said goodbye */
};

struct medium;

struct fetch {
    bool is_open;
    bool is_urgent;
    bool needs_outline;
    uint8_t tag;
    hash name;
    uint64_t at; /* next byte to send */
    uint64_t end;
    struct medium *medium; /* null while it is being opened; held */
};

struct listening;
struct tuned;
struct gate_live;

/* What is needed until it is attached and written down, and no longer. */
struct session_intro {
    hash nonce;
    hash channel;
    struct wire_attach attach; /* texts are in `words` */
    char words[272];           /* model, serial, program, claim */
};

struct gate_session {
    struct session_id id;
    struct gate *gate;
    http_id ws;
    enum session_stage stage;
    enum bye_reason parting;     /* of a retired device; 0: stays */
    usec since;                  /* of the stage; steady */
    struct session_intro *intro; /* null: it is over */
    hash key;
    wire_id boot;
    enum device_link link;
    int64_t device;   /* 0: not known yet */
    int64_t waits_as; /* a stranger that people see waiting; 0: not yet */
    bool is_proved;   /* it holds its key */
    bool is_accepted;
    bool is_retired;
    bool has_waited; /* as a stranger */
    bool state_due;  /* a new state version is to be told */
    bool words_due;  /* what it says of itself is to be written down */
    bool want_busy;  /* what it lacks is being read */
    bool is_read_stopped;
    uint8_t logs; /* on their way */
    uint64_t path[SESSION_PATH];
    size_t path_count;
    uint64_t said_device; /* what it said when it attached */
    int64_t state_version;
    int64_t trust_version;
    int64_t roots_told; /* trust version up to which it knows of other roots */
    uint64_t log_seq;
    usec tokens_at;
    int64_t tokens;
    struct fetch fetches[SESSION_FETCHES];
    struct listening *listening; /* or null */
    struct tuned *tuned[SESSION_STREAMS];
    char address[48];
};

struct gate_trust;
struct log_desk;
struct media_desk;
struct liars;
struct meet_addresses;

struct gate {
    struct gate_config config;
    struct arena *scratch; /* of one message */
    struct buf out;        /* likewise */
    struct gate_session **sessions;
    uint32_t *generations;
    uint32_t *free_slots;
    size_t free_count;
    size_t slot_most; /* slots that were ever used */
    struct slot_map by_key;
    struct slot_map by_device;
    struct gate_counters counters;
    loop_timer tick;
    bool is_stopping;
    size_t meets;
    size_t joins;
    size_t queued;
    size_t queue_at; /* the slot that is looked at next */
    /* fan_out.c */
    int64_t last_order; /* -1: not known yet */
    bool is_reading_orders;
    bool read_orders_again;
    bool has_orders_failed;
    uint64_t seconds;
    struct gate_trust *trust; /* null before the first reading */
    struct log_desk *logs;
    struct media_desk *media;
    struct liars *liars;
    struct meet_addresses *addresses;
    struct listening *listening; /* list */
    uint8_t listen_tag;
    struct gate_live *lives; /* list */
};

/* --- gate.c ---------------------------------------------------------------------------------- */

void gate_tick(void *gate); /* once a second */

/* --- session_table.c ------------------------------------------------------------------------- */

CHECKED errc session_table_create(struct gate *gate);
void session_table_destroy(struct gate *gate);
struct gate_session *session_take(struct gate *gate); /* null: full */
void session_free(struct gate_session *session);
void session_drop_intro(struct gate_session *session); /* it is attached and written down */
struct gate_session *session_of(struct gate *gate, struct session_id id); /* or null */
struct gate_session *session_of_device(struct gate *gate, int64_t device);
struct gate_session *session_of_key(struct gate *gate, hash key);
/* From now on this session is the one of its key; the one before is returned, or null. */
struct gate_session *session_claim_key(struct gate_session *session);
void session_claim_device(struct gate_session *session);

/* --- session.c ------------------------------------------------------------------------------- */

errc session_say(struct gate_session *session, const struct wire_said *said);
/* Its stage's place is given back; the session ends. */
void session_leave(struct gate_session *session);
void session_bye(struct gate_session *session, enum bye_reason reason, usec again);
/* It said what cannot be: shown to people, sent away, and kept out for a while. */
void session_lies(struct gate_session *session, uint32_t lies, const char *what);
void session_on_attach(struct gate_session *session, const struct wire_attach *attach);
void session_stop_reading(struct gate_session *session);
void session_read_on(struct gate_session *session);
CHECKED errc message_of(const struct wire_said *said, struct buf *out,
                        struct http_message **ret_message);

/* --- attach.c, meet.c, join.c ---------------------------------------------------------------- */

void session_handle(struct gate_session *session, const struct wire_said *said, usec heard);
void attach_handle(struct gate_session *session, const struct wire_attach *attach);
void attach_look(struct gate_session *session); /* who is it, now that the key is proved */
CHECKED errc meet_create(struct gate *gate);
void meet_destroy(struct gate *gate);
void meet_start(struct gate_session *session);
void meet_known(struct gate *gate); /* once a second */
void join_start(struct gate_session *session);
void join_next(struct gate *gate); /* somebody who waits for his turn */

/* --- trust.c --------------------------------------------------------------------------------- */

/* What a job read: certificates by unit, and revocations. */
CHECKED errc gate_trust_read(struct db *db, usec now, struct gate_trust **ret_trust,
                             struct why *why);
void gate_trust_destroy(struct gate_trust *trust); /* accepts null */
int64_t gate_trust_version(const struct gate_trust *trust, struct wire_uints path);
int64_t gate_trust_head(const struct gate_trust *trust);
/* The next root that was replaced after a trust version; false when there is none. */
bool gate_trust_say_root(const struct gate_trust *trust, int64_t after, struct wire_said *ret_said);
/* The version of the last root that was replaced. */
int64_t gate_trust_roots(const struct gate_trust *trust);
/* As a message; the version is the path's. */
CHECKED errc gate_trust_say(const struct gate_trust *trust, struct wire_uints path,
                            struct arena *arena, struct wire_said *ret_said);

/* --- fan_out.c ------------------------------------------------------------------------------- */

void fan_out_start(struct gate *gate);
void fan_out_tick(struct gate *gate); /* once a second: what failed is tried again */
void session_send_trust(struct gate_session *session);

/* --- want.c ---------------------------------------------------------------------------------- */

void want_start(struct gate_session *session, const struct wire_want *want);

/* --- log_desk.c ------------------------------------------------------------------------------ */

CHECKED errc log_desk_create(struct gate *gate);
void log_desk_destroy(struct gate *gate);
/* `payload` is the whole message, copied. */
void log_desk_take(struct gate_session *session, str payload);
void log_desk_tick(struct gate *gate);

/* --- media_desk.c ---------------------------------------------------------------------------- */

CHECKED errc media_desk_create(struct gate *gate);
void media_desk_destroy(struct gate *gate);
void media_desk_fetch(struct gate_session *session, const struct wire_fetch *fetch);
void media_desk_leave(struct gate_session *session);

/* --- listen.c -------------------------------------------------------------------------------- */

void listen_take(struct gate_session *session, const struct wire_sound *sound);
void listen_leave(struct gate_session *session);
void listen_destroy(struct gate *gate);

/* --- live.c ---------------------------------------------------------------------------------- */

void live_tune(struct gate_session *session, const struct wire_tune *tune);
void live_leave(struct gate_session *session);
void live_destroy(struct gate *gate);

/* --- liars.c --------------------------------------------------------------------------------- */

CHECKED errc liars_create(struct liars **ret_liars);
void liars_destroy(struct liars *liars);
/* How long a key is still kept out; 0: it may come. */
usec liars_wait(const struct liars *liars, hash key, usec now);
void liars_add(struct liars *liars, hash key, usec now);

#endif

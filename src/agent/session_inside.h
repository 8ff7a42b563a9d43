/* The parts of session.c, session_say.c, session_log.c and session_orders.c; nobody else's. */
#ifndef LOA_AGENT_SESSION_INSIDE_H
#define LOA_AGENT_SESSION_INSIDE_H

#include "agent/backoff.h"
#include "agent/link_beat.h"
#include "agent/session.h"

struct session_room {
    struct arena *arena;
    int depth; /* ports may call back into a session: the arena is emptied by the outermost */
    struct authority *authority;
    struct buf out;
};

enum session_phase {
    PHASE_AWAY,     /* until dial_at */
    PHASE_DIALING,  /* the port tries */
    PHASE_OPEN,     /* waiting for hello */
    PHASE_PROVING,  /* waiting for attached */
    PHASE_ATTACHED, /* let in; obeys orders once a person has accepted it */
};

/* A list that costs nothing while it is empty. */
struct held_list {
    struct session_held *at;
    size_t count;
    size_t room;
};
struct id_list {
    wire_id *at;
    size_t count;
    size_t room;
};

enum {
    HELD_MOST = 192,
    LACKING_MOST = 128,
    REFUSED_LATELY = 8,
    TIME_BURST = 8,
    LOG_WINDOW = 4, /* messages on their way */
};

struct session {
    struct session_config config;
    hash key;
    /* --- kept --- */
    struct buf authority; /* packed */
    uint64_t device;      /* of the authority; 0: not enrolled */
    uint64_t trust_version;
    uint64_t state_version;
    struct held_list held;
    /* --- the link --- */
    enum session_phase phase;
    usec phase_at;
    usec dial_at;
    struct backoff backoff;
    bool said_goodbye;
    bool is_accepted; /* the server named our number */
    hash channel;
    struct link_beat beat;
    uint64_t beat_ms; /* told by the server */
    uint64_t settings_beat_ms;
    usec heard_at;
    /* --- time --- */
    usec time_every;
    usec time_due;
    usec time_asked; /* t1 of the question on its way; 0: none */
    unsigned time_burst;
    unsigned time_unanswered;
    /* --- status --- */
    bool status_dirty;
    usec status_at; /* sent last */
    /* --- log --- */
    uint64_t log_sent;
    uint64_t log_kept;
    usec log_due;   /* when to look at it again; 0: nothing waits */
    usec log_since; /* what is not sent yet waits since then */
    usec log_pause; /* nothing is sent before */
    usec log_sent_at;
    unsigned log_in_flight;
    unsigned log_stalls;
    bool log_urgent;
    /* --- state --- */
    bool has_target;
    uint64_t target_version;
    uint64_t target_trust;
    struct id_list lacking;
    usec want_at; /* asked again when nothing came */
    unsigned want_tries;
    /* --- refusals --- */
    wire_id refused[REFUSED_LATELY];
    uint8_t refused_why[REFUSED_LATELY];
    unsigned refused_next;
    usec refusal_credit_at; /* entries about refusals are rationed */
};

/* session.c */
void session_enter(struct session *session);
void session_leave(struct session *session);
void session_refuse_peer(struct session *session, usec now, enum bye_reason reason);
void session_attached(struct session *session, usec now, const struct wire_attached *attached);

/* session_say.c */
void session_say(struct session *session, usec now, const struct wire_said *said);
void session_attach(struct session *session, usec now, const struct wire_hello *hello);
void session_time_begin(struct session *session, usec now);
void session_time_tick(struct session *session, usec now);
void session_time_tell(struct session *session, usec now, const struct wire_time_tell *tell);
void session_status_tick(struct session *session, usec now);
usec session_beat_at(const struct session *session, usec now);

/* session_log.c */
void session_note(struct session *session, usec now, const struct wire_log_entry *entry,
                  bool urgent);
void session_log_attached(struct session *session, usec now, uint64_t kept);
void session_log_tick(struct session *session, usec now);
void session_log_kept(struct session *session, usec now, uint64_t seq);

/* session_orders.c */
void session_enrol(struct session *session, usec now, const struct wire_enrol *enrol);
void session_state(struct session *session, usec now, const struct wire_state *state);
void session_want_tick(struct session *session, usec now);
void session_want(struct session *session, usec now);
void session_lists_finish(struct session *session);
CHECKED errc session_hold(struct session *session, const struct session_held *held);
struct authority *session_unpack(struct session *session);

#endif

/* The device's side of the protocol, as a machine without hands: it is told what happened (opened,
 * heard, closed, the time), and asks its ports to do what is to be done. The agent gives it one
 * WebSocket and a disk, loa-sim gives twenty thousand of it a pretended world.
 *
 * It proves the key, pins the root, takes trust and orders (wire/authority.h decides), says which
 * orders it lacks, asks the time, beats, tells its status, and sends the log until the server keeps
 * it. What must never happen: that something is acknowledged which is not durable, or obeyed which
 * no key in the chain has signed.
 *
 * `now` is the device's steady clock throughout. One thread; nothing blocks. */
#ifndef LOA_AGENT_SESSION_H
#define LOA_AGENT_SESSION_H

#include "agent/device_log.h"
#include "base/entropy.h"
#include "wire/authority.h"
#include "wire/codec.h"

struct session;

/* What sessions of one thread share: scratch for reading, judging and writing. */
struct session_room;
CHECKED errc session_room_create(struct session_room **ret_room);
void session_room_destroy(struct session_room *room); /* after its sessions; accepts null */

/* The server's clock as the device has it. */
struct session_time {
    enum clock_state state;
    usec now;
};

/* One question and answer over the time: asked and heard by the device's steady clock. */
struct session_exchange {
    usec t1;
    usec t2;
    usec t3;
    usec t4;
};

/* An order that the device holds: in force, or the newest of its kind. */
struct session_held {
    wire_id id;
    wire_kid kid;
    usec expires;
    uint8_t kind;
};

/* All that has to survive a power cut. Views for the call. */
struct session_keep {
    str authority; /* authority_pack() */
    uint64_t state_version;
    const struct session_held *held;
    size_t held_count;
    const struct authority_order *order; /* new now, to be kept as well; null: none */
    str cose;
};

struct session_ports {
    void *ctx;
    void (*dial)(void *ctx); /* begin a connection; opened() or closed() follows */
    void (*send)(void *ctx, str message);
    void (*hang_up)(void *ctx); /* closed() follows */
    struct session_time (*time)(void *ctx, usec now);
    void (*time_told)(void *ctx, const struct session_exchange *exchange);
    /* Durable when it returns OK. */
    errc (*keep)(void *ctx, const struct session_keep *keep, struct why *why);
    /* Accepted: act. Alarms and stops come before they are kept, since a second counts and the
     * server sends again what was not acknowledged; all else after. */
    void (*obey)(void *ctx, const struct authority_order *order);
    /* A key was revoked, and with it fell this plan, these clips, this alarm or stop. */
    void (*fallen)(void *ctx, const struct session_held *held);
    void (*status)(void *ctx, struct wire_status *ret_status);
    void (*media)(void *ctx, const struct wire_said *said); /* an outline, a chunk, a later */
    void (*listen)(void *ctx, const struct wire_listen *listen);
    void (*live)(void *ctx, const struct wire_said *said); /* a tuned, a live_sound */
    void (*attached)(void *ctx, bool is_attached);         /* may fetch now, or no longer */
};

/* Texts are borrowed and must outlive the session. */
struct session_identity {
    enum device_kind kind;
    enum device_link link;
    uint64_t abilities;
    str model;
    str serial;
    str program;
    str claim;
};

struct session_config {
    struct session_room *room;
    const struct session_ports *ports;    /* must outlive it */
    const struct session_identity *about; /* must outlive it */
    const uint8_t *secret;                /* COSE_SECRET_SIZE bytes; must outlive it */
    struct device_log log;
    struct entropy entropy;
    wire_id boot; /* of this start */
};

/* What was kept before the start; zeros on the first. */
struct session_restored {
    str authority;
    uint64_t state_version;
    const struct session_held *held;
    size_t held_count;
    uint64_t beat_ms; /* of the settings in force */
};

/* Asks to dial at once (port dial, from the first tick). */
CHECKED errc session_create(const struct session_config *config,
                            const struct session_restored *restored, usec now,
                            struct session **ret_session, struct why *why);
void session_destroy(struct session *session); /* accepts null; calls no port */

/* `channel`: 32 bytes bound to the connection, or null without TLS. */
void session_opened(struct session *session, usec now, const uint8_t *channel);
void session_heard(struct session *session, usec now, str message);
void session_closed(struct session *session, usec now);
void session_tick(struct session *session, usec now);
usec session_next(const struct session *session); /* when tick wants to be called at the latest */

/* The log has grown; urgent entries are sent at once, others within a minute. */
void session_logged(struct session *session, usec now, bool urgent);
void session_changed(struct session *session, usec now); /* what the status says has changed */
void session_clocked(struct session *session, usec now); /* the clock has become surer */
/* An order that came another way, such as a stick. The verdict; what is durable is acted upon. */
enum log_reason session_order(struct session *session, usec now, str cose);
enum log_reason session_trust(struct session *session, usec now, const struct wire_trust *trust);
/* Only while attached; ERR_CLOSED else. */
CHECKED errc session_fetch(struct session *session, usec now, const struct wire_fetch *fetch);
CHECKED errc session_sound(struct session *session, usec now, const struct wire_sound *sound);
CHECKED errc session_tune(struct session *session, usec now, const struct wire_tune *tune);

bool session_is_attached(const struct session *session); /* and accepted by a person */
uint64_t session_device(const struct session *session);  /* 0: accepted nowhere yet */
hash session_key(const struct session *session);
/* In the room's scratch, until the next call of any session of the room. */
const struct authority *session_authority(struct session *session);
/* Keeps everything again, for an owner that has changed what is behind it: the last trusted time.
 */
CHECKED errc session_keep_now(struct session *session, usec now, struct why *why);

#endif

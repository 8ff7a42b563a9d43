/* The phases of a connection, and who is told what. */
#include "agent/session_inside.h"

#include "agent/authority_pack.h"
#include "base/crash.h"

#include <sodium.h>

enum { ARENA_MOST = 1024 * 1024, SETTLED_MS = 30000 };

#define DIAL_WAIT (3 * USEC_MINUTE) /* the port gives up sooner; this is for one that forgets */
#define HELLO_WAIT (30 * USEC_SECOND)

errc session_room_create(struct session_room **ret_room)
{
    struct session_room *room = mem_take(sizeof *room);
    if (arena_create(ARENA_MOST, &room->arena) != OK) {
        mem_give(room);
        return ERR_NO_MEMORY;
    }
    room->authority = mem_take(sizeof *room->authority);
    buf_init(&room->out, WIRE_MESSAGE_MOST);
    *ret_room = room;
    return OK;
}

void session_room_destroy(struct session_room *room)
{
    if (room != NULL) {
        arena_destroy(room->arena);
        mem_give(room->authority);
        buf_finish(&room->out);
        mem_give(room);
    }
}

void session_enter(struct session *session)
{
    struct session_room *room = session->config.room;
    if (room->depth == 0) {
        arena_reset(room->arena);
    }
    room->depth++;
}

void session_leave(struct session *session)
{
    session->config.room->depth--;
}

static errc restore(struct session *session, const struct session_restored *restored,
                    struct why *why)
{
    struct authority *authority = session->config.room->authority;
    if (restored->authority.len == 0) {
        *authority = (struct authority){.enrolled = false};
    } else {
        TRY(authority_unpack(restored->authority, authority, why));
    }
    TRY(authority_pack(authority, &session->authority));
    session->device = authority->enrolled ? authority->device : 0;
    session->trust_version = authority->trust_version;
    session->state_version = restored->state_version;
    session->settings_beat_ms = restored->beat_ms;
    for (size_t i = 0; i < restored->held_count; i++) {
        TRY(session_hold(session, &restored->held[i]));
    }
    return OK;
}

errc session_create(const struct session_config *config, const struct session_restored *restored,
                    usec now, struct session **ret_session, struct why *why)
{
    struct session *session = mem_take(sizeof *session);
    session->config = *config;
    session->key = cose_public(config->secret);
    session->beat = link_beat_start();
    session->phase = PHASE_AWAY;
    session->dial_at = now;
    buf_init(&session->authority, AUTHORITY_PACK_MOST);
    errc rc = restore(session, restored, why);
    if (rc != OK) {
        session_destroy(session);
        return rc;
    }
    *ret_session = session;
    return OK;
}

void session_destroy(struct session *session)
{
    if (session != NULL) {
        session_lists_finish(session);
        buf_finish(&session->authority);
        mem_give(session);
    }
}

static void enter_phase(struct session *session, usec now, enum session_phase phase)
{
    session->phase = phase;
    session->phase_at = now;
}

void session_opened(struct session *session, usec now, const uint8_t *channel)
{
    enter_phase(session, now, PHASE_OPEN);
    session->said_goodbye = false;
    session->is_accepted = false;
    session->channel = (hash){{0}};
    if (channel != NULL) {
        memcpy(session->channel.bytes, channel, sizeof session->channel.bytes);
    }
    session->heard_at = now;
    memset(session->refused_why, 0, sizeof session->refused_why);
    link_beat_opened(&session->beat, now);
}

void session_closed(struct session *session, usec now)
{
    bool was_attached = session->phase == PHASE_ATTACHED;
    if (was_attached && !session->said_goodbye) {
        link_beat_broke(&session->beat, now, session->heard_at);
    }
    if (was_attached && now - session->phase_at >= (usec)SETTLED_MS * 1000) {
        session->backoff.attempts = 0;
    }
    enter_phase(session, now, PHASE_AWAY);
    session->is_accepted = false;
    session->dial_at = now + backoff_delay(&session->backoff, entropy_u64(session->config.entropy));
    session->backoff.attempts++;
    session->backoff.reason = 0;
    session->backoff.again = 0;
    session->time_asked = 0;
    session->log_in_flight = 0;
    session->has_target = false;
    session->lacking.count = 0;
    if (was_attached) {
        session->config.ports->attached(session->config.ports->ctx, false);
    }
}

/* What was said is not allowed; the peer hears why, and a while nothing. */
void session_refuse_peer(struct session *session, usec now, enum bye_reason reason)
{
    struct wire_said bye = {.kind = WIRE_BYE, .bye = {.reason = reason}};
    session_say(session, now, &bye);
    session->said_goodbye = true;
    session->backoff.reason = reason;
    session->config.ports->hang_up(session->config.ports->ctx);
}

void session_attached(struct session *session, usec now, const struct wire_attached *attached)
{
    enter_phase(session, now, PHASE_ATTACHED);
    session->beat_ms = attached->beat_ms;
    session->time_every = (usec)attached->time_every_ms * 1000;
    session->is_accepted = attached->device != 0 && attached->device == session->device;
    session_time_begin(session, now);
    session->status_at = 0;
    session->status_dirty = true;
    if (attached->device != 0) {
        session_log_attached(session, now, attached->log_seq);
    }
    session->config.ports->attached(session->config.ports->ctx, true);
    session_tick(session, now);
}

static void hear_bye(struct session *session, const struct wire_bye *bye)
{
    session->said_goodbye = true;
    session->backoff.reason = (enum bye_reason)bye->reason;
    session->backoff.again = (usec)bye->again_ms * 1000;
    if (bye->reason == BYE_GOING) {
        session->backoff.attempts = 0;
    }
    session->config.ports->hang_up(session->config.ports->ctx);
}

static void hear_orderly(struct session *session, usec now, const struct wire_said *said)
{
    const struct session_ports *ports = session->config.ports;
    switch (said->kind) {
    case WIRE_ENROL:
        session_enrol(session, now, &said->enrol);
        break;
    case WIRE_TRUST:
        ignore_int(session_trust(session, now, &said->trust));
        break;
    case WIRE_ORDER:
        ignore_int(session_order(session, now, said->order_sent.cose));
        break;
    case WIRE_STATE:
        session_state(session, now, &said->state);
        break;
    case WIRE_TIME_TELL:
        session_time_tell(session, now, &said->time_tell);
        break;
    case WIRE_LOG_KEPT:
        session_log_kept(session, now, said->log_kept.seq);
        break;
    case WIRE_OUTLINE:
    case WIRE_CHUNK:
    case WIRE_LATER:
        ports->media(ports->ctx, said);
        break;
    case WIRE_LISTEN:
        ports->listen(ports->ctx, &said->listen);
        break;
    case WIRE_TUNED:
    case WIRE_LIVE_SOUND:
        ports->live(ports->ctx, said);
        break;
    case WIRE_ATTACHED: /* once more: a person has just accepted us */
        session->log_kept = said->attached.log_seq;
        break;
    case WIRE_HELLO:
    case WIRE_BYE:
    case WIRE_ATTACH:
    case WIRE_WANT:
    case WIRE_REPORT:
    case WIRE_TIME_ASK:
    case WIRE_BEAT:
    case WIRE_STATUS:
    case WIRE_LOG:
    case WIRE_FETCH:
    case WIRE_SOUND:
    case WIRE_TUNE:
        session_refuse_peer(session, now, BYE_PROTOCOL);
        break;
    }
}

static void hear_said(struct session *session, usec now, const struct wire_said *said)
{
    if ((int)said->kind == 0) {
        return; /* of a version to come */
    }
    if (said->kind == WIRE_BYE) {
        hear_bye(session, &said->bye);
    } else if (session->phase == PHASE_OPEN && said->kind == WIRE_HELLO) {
        enter_phase(session, now, PHASE_PROVING);
        session_attach(session, now, &said->hello);
    } else if (session->phase == PHASE_PROVING && said->kind == WIRE_ATTACHED) {
        session_attached(session, now, &said->attached);
    } else if (session->phase == PHASE_ATTACHED) {
        hear_orderly(session, now, said);
    } else {
        session_refuse_peer(session, now, BYE_PROTOCOL);
    }
}

void session_heard(struct session *session, usec now, str message)
{
    if (session->phase < PHASE_OPEN || session->said_goodbye) {
        return;
    }
    session->heard_at = now;
    session_enter(session);
    struct wire_said said;
    int version = session->phase == PHASE_OPEN ? 0 : WIRE_VERSION;
    struct why why = {""};
    if (wire_hear(message, WIRE_FROM_SERVER, version, session->config.room->arena, &said, &why) ==
        OK) {
        hear_said(session, now, &said);
    } else {
        session_refuse_peer(session, now, BYE_PROTOCOL);
    }
    session_leave(session);
}

static void tick_apart(struct session *session, usec now)
{
    const struct session_ports *ports = session->config.ports;
    bool is_away = session->phase == PHASE_AWAY;
    if (is_away && now >= session->dial_at) {
        enter_phase(session, now, PHASE_DIALING);
        ports->dial(ports->ctx);
    } else if (!is_away && now - session->phase_at >=
                               (session->phase == PHASE_DIALING ? DIAL_WAIT : HELLO_WAIT)) {
        session->phase_at = now; /* once for each wait, should the port be slow to close */
        ports->hang_up(ports->ctx);
    }
}

void session_tick(struct session *session, usec now)
{
    if (session->phase != PHASE_ATTACHED) {
        tick_apart(session, now);
        return;
    }
    if (session->said_goodbye) {
        return;
    }
    session_enter(session);
    session_time_tick(session, now);
    if (session->is_accepted) {
        session_log_tick(session, now);
        session_want_tick(session, now);
    }
    session_status_tick(session, now);
    session_leave(session);
}

static void sooner(usec *at, usec other)
{
    if (other != 0 && other < *at) {
        *at = other;
    }
}

usec session_next(const struct session *session)
{
    switch (session->phase) {
    case PHASE_AWAY:
        return session->dial_at;
    case PHASE_DIALING:
        return session->phase_at + DIAL_WAIT;
    case PHASE_OPEN:
    case PHASE_PROVING:
        return session->phase_at + HELLO_WAIT;
    case PHASE_ATTACHED:
        break;
    }
    usec at = session_beat_at(session, session->heard_at);
    sooner(&at, session->time_due);
    if (session->is_accepted) {
        sooner(&at, session->log_due);
        sooner(&at, session->want_at);
    }
    return at;
}

void session_changed(struct session *session, usec now)
{
    session->status_dirty = true;
    session_tick(session, now);
}

bool session_is_attached(const struct session *session)
{
    return session->phase == PHASE_ATTACHED && session->is_accepted && !session->said_goodbye;
}

uint64_t session_device(const struct session *session)
{
    return session->device;
}

hash session_key(const struct session *session)
{
    return session->key;
}

const struct authority *session_authority(struct session *session)
{
    return session_unpack(session);
}

errc session_fetch(struct session *session, usec now, const struct wire_fetch *fetch)
{
    if (!session_is_attached(session)) {
        return ERR_CLOSED;
    }
    struct wire_said said = {.kind = WIRE_FETCH, .fetch = *fetch};
    session_say(session, now, &said);
    return OK;
}

errc session_tune(struct session *session, usec now, const struct wire_tune *tune)
{
    if (!session_is_attached(session)) {
        return ERR_CLOSED;
    }
    struct wire_said said = {.kind = WIRE_TUNE, .tune = *tune};
    session_say(session, now, &said);
    return OK;
}

errc session_sound(struct session *session, usec now, const struct wire_sound *sound)
{
    if (!session_is_attached(session)) {
        return ERR_CLOSED;
    }
    struct wire_said said = {.kind = WIRE_SOUND, .sound = *sound};
    session_say(session, now, &said);
    return OK;
}

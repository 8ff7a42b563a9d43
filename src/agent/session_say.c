/* What a device says on its own: who it is, that it lives, how it is, and what time it is. */
#include "agent/session_inside.h"

#include "base/crash.h"
#include "wire/proof.h"

#define TIME_PACE (200 * 1000) /* between the questions of a burst */
#define TIME_WAIT (10 * USEC_SECOND)
#define STATUS_LEAST (5 * USEC_SECOND)
#define STATUS_MOST (10 * USEC_MINUTE)

enum { TIME_TRIES = 4 };

void session_say(struct session *session, usec now, const struct wire_said *said)
{
    const struct session_ports *ports = session->config.ports;
    struct buf *out = &session->config.room->out;
    buf_clear(out);
    errc rc = wire_say(said, out);
    ENSURE(rc == OK || rc == ERR_NO_MEMORY); /* what we say ourselves keeps to the table */
    if (rc == OK) {
        link_beat_sent(&session->beat, now);
        ports->send(ports->ctx, buf_str(out));
    }
}

void session_attach(struct session *session, usec now, const struct wire_hello *hello)
{
    if (hello->version_least > WIRE_VERSION || hello->version_most < WIRE_VERSION) {
        session_refuse_peer(session, now, BYE_VERSION);
        return;
    }
    const struct session_identity *about = session->config.about;
    struct proof_facts facts = {
        .nonce = hello->nonce,
        .channel = session->channel,
        .version = WIRE_VERSION,
        .boot = session->config.boot,
    };
    struct log_span log = session->config.log.span(session->config.log.ctx);
    struct wire_said said = {
        .kind = WIRE_ATTACH,
        .attach =
            {
                .version = WIRE_VERSION,
                .device_key = session->key,
                .proof = proof_make(&facts, session->config.secret),
                .boot = session->config.boot,
                .device = session->device,
                .kind = about->kind,
                .model = about->model,
                .serial = about->serial,
                .program = about->program,
                .abilities = about->abilities,
                .state_version = session->state_version,
                .trust_version = session->trust_version,
                .log_seq = log.last,
                .log_head = log.last > 0 ? log.head : (hash){{0}},
                .claim = about->claim,
                .link = about->link,
            },
    };
    session_say(session, now, &said);
}

/* --- time ------------------------------------------------------------------------------------ */

static void ask_time(struct session *session, usec now)
{
    session->time_asked = now;
    session->time_due = now + TIME_WAIT;
    struct wire_said said = {.kind = WIRE_TIME_ASK, .time_ask = {.t1 = now}};
    session_say(session, now, &said);
}

/* The first question goes out before anything else: alarms may wait for its answer. */
void session_time_begin(struct session *session, usec now)
{
    session->time_burst = TIME_BURST;
    session->time_unanswered = 0;
    ask_time(session, now);
}

void session_time_tick(struct session *session, usec now)
{
    if (now < session->time_due) {
        return;
    }
    if (session->time_asked != 0) {
        session->time_unanswered++;
    }
    if (session->time_unanswered >= TIME_TRIES) {
        session->time_unanswered = 0;
        session->config.ports->hang_up(session->config.ports->ctx); /* nobody is there */
        return;
    }
    ask_time(session, now);
}

void session_time_tell(struct session *session, usec now, const struct wire_time_tell *tell)
{
    const struct session_ports *ports = session->config.ports;
    if (session->time_asked == 0 || tell->t1 != session->time_asked) {
        return; /* too late, or never asked for */
    }
    session->time_asked = 0;
    session->time_unanswered = 0;
    session->time_burst -= session->time_burst > 0;
    usec pause = TIME_PACE;
    if (session->time_burst == 0) {
        usec every = session->time_every;
        pause = every - every / 16 +
                (usec)entropy_below(session->config.entropy, (uint64_t)(every / 8 + 1));
    }
    session->time_due = now + pause;
    struct session_exchange exchange = {tell->t1, tell->t2, tell->t3, now};
    ports->time_told(ports->ctx, &exchange);
}

/* --- beats and status ------------------------------------------------------------------------ */

static usec silence_most(struct session *session, usec now)
{
    uint64_t told = session->beat_ms;
    if (session->settings_beat_ms > 0 && session->settings_beat_ms < told) {
        told = session->settings_beat_ms;
    }
    return link_beat_due(&session->beat, told, now);
}

static usec status_due(const struct session *session)
{
    if (session->status_at == 0) {
        return session->phase_at;
    }
    return session->status_at + (session->status_dirty ? STATUS_LEAST : STATUS_MOST);
}

/* When the next of both is due. */
usec session_beat_at(const struct session *session, usec now)
{
    struct session copy = *session; /* asking must not change what it learns of the link */
    usec beat = session->beat.sent_at + silence_most(&copy, now);
    usec status = status_due(session);
    return status < beat ? status : beat;
}

static void say_status(struct session *session, usec now)
{
    const struct session_ports *ports = session->config.ports;
    struct wire_said said = {.kind = WIRE_STATUS};
    ports->status(ports->ctx, &said.status);
    said.status.state_version = session->state_version;
    said.status.trust_version = session->trust_version;
    said.status.log_seq = session->config.log.span(session->config.log.ctx).last;
    session->status_at = now;
    session->status_dirty = false;
    session_say(session, now, &said);
}

void session_status_tick(struct session *session, usec now)
{
    if (session->said_goodbye) {
        return;
    }
    if (now >= status_due(session)) {
        say_status(session, now);
    } else if (now - session->beat.sent_at >= silence_most(session, now)) {
        struct wire_said said = {.kind = WIRE_BEAT};
        session_say(session, now, &said);
    }
}

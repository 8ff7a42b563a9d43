/* Saying things to one device, and hearing what an attached one says. */
#include "base/log.h"
#include "gate/gate_inside.h"

enum { NOTE_MOST = 120 };

errc message_of(const struct wire_said *said, struct buf *out, struct http_message **ret_message)
{
    buf_clear(out);
    TRY(wire_say(said, out));
    return ws_message_create(WS_BINARY, buf_str(out), ret_message);
}

/* A device that is too slow was cut: its end comes by itself, and it finds everything again. */
errc session_say(struct gate_session *session, const struct wire_said *said)
{
    struct gate *gate = session->gate;
    buf_clear(&gate->out);
    TRY(wire_say(said, &gate->out));
    return ws_send(gate->config.http, session->ws, WS_BINARY, buf_str(&gate->out));
}

void session_leave(struct gate_session *session)
{
    struct gate *gate = session->gate;
    if (session->stage == SESSION_ATTACHED) {
        gate->counters.attached--;
    }
    if (session->stage == SESSION_WAITING || session->stage == SESSION_MEETING) {
        gate->counters.strangers--;
    }
    if (session->stage == SESSION_QUEUED) {
        gate->queued--;
    }
    session->stage = SESSION_LEAVING;
    session->since = loop_now(gate->config.loop);
}

void session_bye(struct gate_session *session, enum bye_reason reason, usec again)
{
    struct gate *gate = session->gate;
    if (session->stage == SESSION_LEAVING) {
        return;
    }
    struct wire_said said = {.kind = WIRE_BYE,
                             .bye = {.reason = reason, .again_ms = (uint64_t)(again / 1000)}};
    ignore(session_say(session, &said));
    session_leave(session);
    ws_close(gate->config.http, session->ws, reason == BYE_GOING ? WS_CLOSE_GOING : WS_CLOSE_POLICY,
             STR_NONE);
}

void session_lies(struct gate_session *session, uint32_t lies, const char *what)
{
    struct gate *gate = session->gate;
    usec now = loop_now(gate->config.loop);
    char key[HASH_TEXT_SIZE];
    hash_text(session->key, key);
    LOG(LOG_WARN, "device_refused", log_int("device", session->device), log_text("key", key),
        log_text("address", session->address), log_text("reason", what));
    gate->counters.refused++;
    if (!session->is_proved) { /* anybody may have said it */
        session_bye(session, BYE_PROTOCOL, USEC_MINUTE);
        return;
    }
    gate->counters.liars++;
    liars_add(gate->liars, session->key, now);
    if (lies != 0 && session->device != 0) {
        presence_lie(gate->config.ports.presence, session->device, lies, now);
    }
    session_bye(session, BYE_PROTOCOL, liars_wait(gate->liars, session->key, now));
}

void session_stop_reading(struct gate_session *session)
{
    session->is_read_stopped = true;
    ws_set_reading(session->gate->config.http, session->ws, false);
}

void session_read_on(struct gate_session *session)
{
    if (session->is_read_stopped && session->stage != SESSION_LEAVING) {
        session->is_read_stopped = false;
        ws_set_reading(session->gate->config.http, session->ws, true);
    }
}

/* --- what is said ---------------------------------------------------------------------------- */

static void handle_time(struct gate_session *session, const struct wire_time_ask *ask, usec heard)
{
    struct wire_said said = {.kind = WIRE_TIME_TELL, .time_tell = {.t1 = ask->t1, .t2 = heard}};
    said.time_tell.t3 = now_utc();
    ignore(session_say(session, &said));
}

static void handle_report(struct gate_session *session, const struct wire_report *report)
{
    struct gate *gate = session->gate;
    if (report->state_version > (uint64_t)INT64_MAX ||
        (int64_t)report->state_version > session->state_version) {
        session_lies(session, LIE_STATE_AHEAD, "reports orders that were never given");
        return;
    }
    presence_beat(gate->config.ports.presence, session->device, loop_now(gate->config.loop));
    if (session->parting != 0) {
        session_bye(session, session->parting, 0);
    }
}

static void handle_attached(struct gate_session *session, const struct wire_said *said, usec heard)
{
    struct gate *gate = session->gate;
    usec now = loop_now(gate->config.loop);
    switch (said->kind) {
    case WIRE_TIME_ASK:
        presence_beat(gate->config.ports.presence, session->device, now);
        handle_time(session, &said->time_ask, heard);
        return;
    case WIRE_BEAT:
        presence_beat(gate->config.ports.presence, session->device, now);
        return;
    case WIRE_STATUS:
        presence_status(gate->config.ports.presence, session->device, &said->status, now);
        return;
    case WIRE_REPORT:
        handle_report(session, &said->report);
        return;
    case WIRE_WANT:
        want_start(session, &said->want);
        return;
    case WIRE_FETCH:
        media_desk_fetch(session, &said->fetch);
        return;
    case WIRE_SOUND:
        listen_take(session, &said->sound);
        return;
    case WIRE_TUNE:
        live_tune(session, &said->tune);
        return;
    case WIRE_ATTACH:
    case WIRE_HELLO:
    case WIRE_BYE:
    case WIRE_TUNED:
    case WIRE_LIVE_SOUND:
    case WIRE_ATTACHED:
    case WIRE_ENROL:
    case WIRE_TRUST:
    case WIRE_ORDER:
    case WIRE_STATE:
    case WIRE_TIME_TELL:
    case WIRE_LOG:
    case WIRE_LOG_KEPT:
    case WIRE_OUTLINE:
    case WIRE_CHUNK:
    case WIRE_LATER:
    case WIRE_LISTEN:
        session_lies(session, 0, "a message that has no place here");
        return;
    }
}

/* Who waits for something may ask the time and say that it is there; what else it says is too early
 * and is said again. */
static void handle_early(struct gate_session *session, const struct wire_said *said, usec heard)
{
    if (said->kind == WIRE_TIME_ASK) {
        handle_time(session, &said->time_ask, heard);
    }
}

void session_handle(struct gate_session *session, const struct wire_said *said, usec heard)
{
    if (said->kind == 0) { /* a number of a later version: skipped */
        return;
    }
    if (said->kind == WIRE_BYE) {
        session_bye(session, BYE_GOING, 0);
        return;
    }
    switch (session->stage) {
    case SESSION_GREETED:
        if (said->kind == WIRE_ATTACH) {
            attach_handle(session, &said->attach);
        } else {
            session_lies(session, 0, "speaks before it has attached");
        }
        return;
    case SESSION_MEETING:
    case SESSION_WAITING:
    case SESSION_QUEUED:
    case SESSION_JOINING:
        handle_early(session, said, heard);
        return;
    case SESSION_ATTACHED:
        handle_attached(session, said, heard);
        return;
    case SESSION_LEAVING:
        return;
    }
}

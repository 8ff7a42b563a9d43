/* The door itself: upgrades, one beat a second, and the end. */
#include "gate/gate.h"

#include "base/log.h"
#include "gate/gate_inside.h"

enum {
    SCRATCH_MOST = 4 * 1024 * 1024,
    MESSAGE_MOST = 65536,
    RECORD_BYTES = 1400, /* a device on a weak line loses at most one */
};

static void on_message(void *ctx, http_id id, enum ws_kind kind, str payload);
static void on_close(void *ctx, http_id id, int code);

errc gate_create(const struct gate_config *config, struct gate **ret_gate, struct why *why)
{
    struct gate *gate = mem_take(sizeof *gate);
    gate->config = *config;
    gate->last_order = -1;
    buf_init(&gate->out, MESSAGE_MOST);
    errc rc = arena_create(SCRATCH_MOST, &gate->scratch);
    if (rc == OK) {
        rc = session_table_create(gate);
    }
    if (rc == OK) {
        rc = liars_create(&gate->liars);
    }
    if (rc == OK) {
        rc = meet_create(gate);
    }
    if (rc == OK) {
        rc = log_desk_create(gate);
    }
    if (rc == OK) {
        rc = media_desk_create(gate);
    }
    if (rc != OK) {
        gate_destroy(gate);
        return fail(why, rc, "the door for devices");
    }
    gate->tick = loop_timer_start(config->loop, USEC_SECOND, USEC_SECOND, gate_tick, gate);
    fan_out_start(gate);
    *ret_gate = gate;
    return OK;
}

void gate_destroy(struct gate *gate)
{
    if (gate == NULL) {
        return;
    }
    loop_timer_stop(gate->config.loop, gate->tick);
    listen_destroy(gate);
    live_destroy(gate);
    session_table_destroy(gate);
    media_desk_destroy(gate);
    log_desk_destroy(gate);
    liars_destroy(gate->liars);
    meet_destroy(gate);
    gate_trust_destroy(gate->trust);
    arena_destroy(gate->scratch);
    buf_finish(&gate->out);
    mem_give(gate);
}

/* --- coming and going ------------------------------------------------------------------------ */

static void refuse(struct gate *gate, http_id id, int status)
{
    struct http_answer answer = {.status = status};
    gate->counters.refused++;
    ignore(http_answer_send(gate->config.http, id, &answer, NULL));
}

static void greet(struct gate_session *session)
{
    struct gate *gate = session->gate;
    entropy_fill(gate->config.entropy, &session->intro->nonce, sizeof session->intro->nonce);
    struct wire_said said = {.kind = WIRE_HELLO,
                             .hello = {.version_least = WIRE_VERSION,
                                       .version_most = WIRE_VERSION,
                                       .nonce = session->intro->nonce,
                                       .now = now_utc()}};
    ignore(session_say(session, &said));
}

void gate_request(struct gate *gate, struct http_request *request)
{
    http_id id = http_request_id(request);
    struct gate_session *session = gate->is_stopping ? NULL : session_take(gate);
    if (session == NULL) {
        refuse(gate, id, 503);
        return;
    }
    struct ws_handler handler = {.ctx = session, .on_message = on_message, .on_close = on_close};
    session->ws = id;
    session->since = loop_now(gate->config.loop);
    session->tokens = MESSAGES_BURST;
    session->tokens_at = session->since;
    if (!http_request_channel(request, session->intro->channel.bytes)) {
        session->intro->channel = (hash){{0}};
    }
    if (!str_to_array(http_request_address(request), session->address, sizeof session->address)) {
        session->address[0] = '\0';
    }
    errc rc = ws_accept(gate->config.http, id, &handler, S(GATE_PROTOCOL), NULL);
    if (rc != OK) {
        session_free(session);
        if (rc != ERR_CLOSED) {
            refuse(gate, id, 400);
        }
        return;
    }
    ws_set_record(gate->config.http, id, RECORD_BYTES);
    greet(session);
}

static void on_close(void *ctx, http_id id, int code)
{
    struct gate_session *session = ctx;
    struct gate *gate = session->gate;
    (void)id;
    (void)code;
    bool current = session_of_device(gate, session->device) == session;
    session_leave(session);
    if (session->waits_as != 0 && !session->is_accepted) {
        presence_lost(gate->config.ports.presence, session->waits_as, loop_now(gate->config.loop));
    }
    if (current && session->is_accepted) {
        presence_lost(gate->config.ports.presence, session->device, loop_now(gate->config.loop));
    }
    media_desk_leave(session);
    listen_leave(session);
    live_leave(session);
    session_free(session);
}

/* --- what it says ---------------------------------------------------------------------------- */

static bool take_token(struct gate_session *session, usec now)
{
    int64_t more = (now - session->tokens_at) * MESSAGES_PER_SECOND / USEC_SECOND;
    if (more > 0) {
        int64_t room = MESSAGES_BURST - session->tokens;
        session->tokens += more < room ? more : room;
        session->tokens_at = now;
    }
    return session->tokens-- > 0;
}

static void on_message(void *ctx, http_id id, enum ws_kind kind, str payload)
{
    struct gate_session *session = ctx;
    struct gate *gate = session->gate;
    struct wire_said said = {.kind = 0};
    usec heard = now_utc();
    (void)id;
    if (session->stage == SESSION_LEAVING) {
        return;
    }
    if (kind != WS_BINARY || !take_token(session, loop_now(gate->config.loop))) {
        session_lies(session, 0, "too many messages, or no binary ones");
        return;
    }
    arena_reset(gate->scratch);
    int version = session->stage == SESSION_GREETED ? 0 : WIRE_VERSION;
    struct why why = {""};
    errc rc = wire_hear(payload, WIRE_FROM_DEVICE, version, gate->scratch, &said, &why);
    if (rc != OK) {
        session_lies(session, 0, why.text);
        return;
    }
    if (said.kind == WIRE_LOG && session->stage == SESSION_ATTACHED) {
        log_desk_take(session, payload);
        return;
    }
    session_handle(session, &said, heard);
}

/* --- once a second --------------------------------------------------------------------------- */

static void say_state(struct gate_session *session)
{
    struct wire_said said = {.kind = WIRE_STATE,
                             .state = {.version = (uint64_t)session->state_version,
                                       .trust_version = (uint64_t)session->trust_version}};
    session->state_due = false;
    ignore(session_say(session, &said));
}

static void tick_session(struct gate_session *session, usec now)
{
    usec passed = now - session->since;
    switch (session->stage) {
    case SESSION_GREETED:
        if (passed > ATTACH_WAIT) {
            session_bye(session, BYE_PROTOCOL, 0);
        }
        break;
    case SESSION_WAITING:
        attach_look(session);
        break;
    case SESSION_ATTACHED:
        if (session->state_due) {
            say_state(session);
        }
        if (session->parting != 0 && passed > LEAVE_WAIT) {
            session_bye(session, session->parting, 0);
        }
        break;
    case SESSION_MEETING:
    case SESSION_QUEUED:
    case SESSION_JOINING:
        break;
    case SESSION_LEAVING: /* its half of the close did not come: loop cuts it by itself */
        break;
    }
}

void gate_tick(void *ctx)
{
    struct gate *gate = ctx;
    usec now = loop_now(gate->config.loop);
    for (size_t i = 0; i < gate->slot_most; i++) {
        if (gate->sessions[i] != NULL) {
            tick_session(gate->sessions[i], now);
        }
    }
    log_desk_tick(gate);
    join_next(gate);
    meet_known(gate);
    fan_out_tick(gate);
}

void gate_changed(struct gate *gate, str topic)
{
    bool everything = str_is(topic, S("*"));
    if (everything || str_is(topic, S("orders"))) {
        fan_out_start(gate);
    }
    bool devices = everything || str_is(topic, S("devices"));
    for (size_t i = 0; devices && i < gate->slot_most; i++) {
        struct gate_session *session = gate->sessions[i];
        if (session != NULL && session->stage == SESSION_WAITING) {
            attach_look(session);
        }
    }
}

void gate_stop(struct gate *gate)
{
    gate->is_stopping = true;
    for (size_t i = 0; i < gate->slot_most; i++) {
        if (gate->sessions[i] != NULL) {
            usec again = USEC_SECOND + (usec)entropy_below(gate->config.entropy, 20000000);
            session_bye(gate->sessions[i], BYE_GOING, again);
        }
    }
}

void gate_count(const struct gate *gate, struct gate_counters *ret_counters)
{
    *ret_counters = gate->counters;
    ret_counters->last_order = gate->last_order;
}

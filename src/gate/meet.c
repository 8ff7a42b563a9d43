/* Strangers are written down, so that people see them with their fingerprint, and wait. So many at
 * a time, and so many a minute from one address: a flood of invented keys costs its sender more
 * than us. What a known device says of itself is written down too, when there is nothing else to
 * do. */
#include "base/log.h"
#include "gate/gate_inside.h"

enum {
    ARENA_MOST = 1024 * 1024,
    ADDRESSES = 256,
    REFILL_S = 120,      /* after which an address may bring as many strangers as may be attached */
    WORDS_A_SECOND = 40, /* known devices whose words are written down */
};

/* How many strangers an address may still bring. */
struct meet_address {
    char text[48];
    int64_t tokens;
    usec at;
};

struct meet_addresses {
    struct meet_address list[ADDRESSES];
};

struct meeting {
    struct gate *gate;
    struct session_id id;
    struct device_words words;
    char texts[sizeof(((struct session_intro *)0)->words)];
    char address[48];
    struct device_met met;
    bool is_known; /* only what it says of itself is kept up */
    errc rc;
    struct why why;
};

static errc meet(struct meeting *meeting, struct db *db, struct arena *arena, struct why *why)
{
    const struct gate_config *config = &meeting->gate->config;
    struct forest *forest = NULL;
    usec now = now_utc();
    struct actor server = {.now = now, .today = day_of(now, config->zone)};
    TRY(unit_book_write(config->ports.units, db, &forest, why));
    struct fleet_job job = {.forest = forest,
                            .actor = &server,
                            .arena = arena,
                            .signing = config->ports.signing,
                            .entropy = config->entropy,
                            .zone_s = config->zone / USEC_SECOND};
    errc rc = device_meet(db, &job, &meeting->words, &meeting->met, why);
    forest_drop(forest);
    return rc;
}

static errc run_meeting(void *ctx, struct db *db, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(ARENA_MOST, &arena));
    return meet(ctx, db, arena, why);
}

static void say_waiting(struct gate_session *session)
{
    const struct gate_config *config = &session->gate->config;
    struct wire_said said = {.kind = WIRE_ATTACHED,
                             .attached = {.beat_ms = (uint64_t)(config->beat / 1000),
                                          .time_every_ms = (uint64_t)(config->time_every / 1000)}};
    session->stage = SESSION_WAITING;
    session->has_waited = true;
    session->since = loop_now(config->loop);
    ignore(session_say(session, &said));
    attach_look(session); /* a list may have accepted it */
}

static void finish_meeting(void *ctx)
{
    struct meeting *meeting = ctx;
    struct gate *gate = meeting->gate;
    struct gate_session *session = session_of(gate, meeting->id);
    gate->meets--;
    join_next(gate);
    if (meeting->rc != OK) {
        LOG(LOG_WARN, "device_not_written_down", log_errc(meeting->rc), log_why(&meeting->why));
    }
    if (session != NULL && session->stage == SESSION_MEETING && !meeting->is_known) {
        if (meeting->rc == OK) {
            say_waiting(session);
        } else {
            session_bye(session, BYE_FULL, USEC_MINUTE);
        }
    }
    mem_give(meeting);
}

static void meeting_done(void *ctx, errc rc, const struct why *why)
{
    struct meeting *meeting = ctx;
    meeting->rc = rc;
    if (rc != OK && why != NULL) {
        meeting->why = *why;
    }
    ENSURE(loop_post(meeting->gate->config.loop, finish_meeting, meeting) == OK);
}

static str moved(const struct gate_session *session, str text, char *texts)
{
    return text.len == 0 ? S("") : (str){texts + (text.at - session->intro->words), text.len};
}

static struct meeting *make_meeting(struct gate_session *session)
{
    struct meeting *meeting = mem_take(sizeof *meeting);
    const struct wire_attach *attach = &session->intro->attach;
    meeting->gate = session->gate;
    meeting->id = session->id;
    memcpy(meeting->texts, session->intro->words, sizeof meeting->texts);
    memcpy(meeting->address, session->address, sizeof meeting->address);
    meeting->words =
        (struct device_words){.key = session->key,
                              .kind = (enum device_kind)attach->kind,
                              .serial = moved(session, attach->serial, meeting->texts),
                              .model = moved(session, attach->model, meeting->texts),
                              .program = moved(session, attach->program, meeting->texts),
                              .claim = moved(session, attach->claim, meeting->texts),
                              .abilities = attach->abilities,
                              .address = str_of(meeting->address)};
    return meeting;
}

/* --- how many -------------------------------------------------------------------------------- */

errc meet_create(struct gate *gate)
{
    gate->addresses = mem_take(sizeof *gate->addresses);
    return OK;
}

void meet_destroy(struct gate *gate)
{
    mem_give(gate->addresses);
}

static struct meet_address *address_of(struct gate *gate, const char *text)
{
    struct meet_address *oldest = &gate->addresses->list[0];
    for (size_t i = 0; i < ADDRESSES; i++) {
        struct meet_address *address = &gate->addresses->list[i];
        if (strcmp(address->text, text) == 0) {
            return address;
        }
        oldest = address->at < oldest->at ? address : oldest;
    }
    *oldest = (struct meet_address){.tokens = (int64_t)gate->config.strangers_most};
    ignore_int(snprintf(oldest->text, sizeof oldest->text, "%s", text));
    return oldest;
}

static bool take_token(struct gate *gate, const char *text)
{
    int64_t most = (int64_t)gate->config.strangers_most;
    usec now = loop_now(gate->config.loop);
    struct meet_address *address = address_of(gate, text);
    usec passed = address->at == 0 ? 0 : now - address->at;
    usec refill = REFILL_S * USEC_SECOND;
    int64_t more = passed >= refill ? most : most * passed / refill;
    if (more > 0 || address->at == 0) {
        address->tokens = address->tokens + more < most ? address->tokens + more : most;
        address->at = now;
    }
    return address->tokens > 0 && address->tokens-- > 0;
}

static bool submit(struct meeting *take_meeting)
{
    struct gate *gate = take_meeting->gate;
    const struct gate_ports *ports = &gate->config.ports;
    struct gate_job job = {.run = run_meeting, .done = meeting_done, .ctx = take_meeting};
    if (ports->write(ports->ctx, job) != OK) {
        mem_give(take_meeting);
        return false;
    }
    gate->meets++;
    return true;
}

static void send_away(struct gate_session *session, enum bye_reason reason)
{
    struct gate *gate = session->gate;
    usec spread = (usec)entropy_below(gate->config.entropy, (uint64_t)USEC_MINUTE);
    gate->counters.busy++;
    session_bye(session, reason, USEC_MINUTE + spread);
}

void meet_start(struct gate_session *session)
{
    struct gate *gate = session->gate;
    if (gate->counters.strangers >= gate->config.strangers_most) {
        send_away(session, BYE_STRANGER);
        return;
    }
    if (gate->meets >= MEETS_MOST) { /* in its turn */
        session->stage = SESSION_QUEUED;
        gate->queued++;
        return;
    }
    if (!take_token(gate, session->address) || !submit(make_meeting(session))) {
        send_away(session, BYE_FULL);
        return;
    }
    gate->counters.strangers++;
    session->stage = SESSION_MEETING;
}

void meet_known(struct gate *gate)
{
    size_t room = WORDS_A_SECOND;
    for (size_t i = 0; i < gate->slot_most && room > 0 && gate->meets < MEETS_MOST / 2; i++) {
        struct gate_session *session = gate->sessions[i];
        if (session == NULL || !session->words_due || session->stage != SESSION_ATTACHED) {
            continue;
        }
        struct meeting *meeting = make_meeting(session);
        meeting->is_known = true;
        session->words_due = false;
        session_drop_intro(session);
        room = submit(meeting) ? room - 1 : 0;
    }
}

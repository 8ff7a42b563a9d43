/* Strangers are written down, so that people see them with their fingerprint, and wait. So many at
 * a time and no more: a flood of invented keys costs its sender more than us. */
#include "base/log.h"
#include "gate/gate_inside.h"

enum { ARENA_MOST = 1024 * 1024 };

struct meeting {
    struct gate *gate;
    struct session_id id;
    struct device_words words;
    char texts[sizeof(((struct gate_session *)0)->words)];
    char address[48];
    struct device_met met;
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
    if (meeting->rc != OK) {
        LOG(LOG_WARN, "device_not_written_down", log_errc(meeting->rc), log_why(&meeting->why));
    }
    if (session != NULL && session->stage == SESSION_MEETING) {
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
    return text.len == 0 ? S("") : (str){texts + (text.at - session->words), text.len};
}

static struct meeting *make_meeting(struct gate_session *session)
{
    struct meeting *meeting = mem_take(sizeof *meeting);
    const struct wire_attach *attach = &session->attach;
    meeting->gate = session->gate;
    meeting->id = session->id;
    memcpy(meeting->texts, session->words, sizeof meeting->texts);
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

void meet_start(struct gate_session *session)
{
    struct gate *gate = session->gate;
    const struct gate_ports *ports = &gate->config.ports;
    if (gate->meets == MEETS_MOST || gate->counters.strangers >= gate->config.strangers_most) {
        gate->counters.busy++;
        usec spread = (usec)entropy_below(gate->config.entropy, (uint64_t)USEC_MINUTE);
        session_bye(session, gate->meets == MEETS_MOST ? BYE_FULL : BYE_STRANGER,
                    USEC_MINUTE + spread);
        return;
    }
    struct meeting *meeting = make_meeting(session);
    struct gate_job job = {.run = run_meeting, .done = meeting_done, .ctx = meeting};
    if (ports->write(ports->ctx, job) != OK) {
        mem_give(meeting);
        session_bye(session, BYE_FULL, USEC_MINUTE);
        return;
    }
    gate->meets++;
    gate->counters.strangers++;
    session->stage = SESSION_MEETING;
}

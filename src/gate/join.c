/* An accepted device attaches: one reading of the store tells what it must have; then it gets that,
 * in the order in which it needs it. What was ordered while the store was read comes by the fan-out
 * – and if that was faster, the store is read again. */
#include "base/log.h"
#include "broadcast/play_log.h"
#include "gate/gate_inside.h"

enum { ARENA_MOST = 64 * 1024 * 1024 };

struct joining {
    struct gate *gate;
    struct session_id id;
    struct order_sight sight;
    uint64_t path[SESSION_PATH];
    hash key;
    uint64_t has_state; /* what the device said it has */
    usec now;
    /* read */
    struct arena *arena;
    struct orders orders;
    int64_t state_version;
    int64_t book_last;
    struct log_chain log;
    hash root;
    errc rc;
    struct why why;
};

static errc read_all(struct joining *joining, struct db *db, struct why *why)
{
    struct arena *arena = joining->arena;
    TRY(orders_last(db, arena, &joining->book_last, why));
    TRY(order_state_version(db, &joining->sight, arena, &joining->state_version, why));
    TRY(play_log_head(db, joining->sight.device, joining->key, &joining->log, why));
    TRY(unit_key_root_read(db, arena, &joining->root, why));
    if ((uint64_t)joining->state_version == joining->has_state) {
        return OK;
    }
    return orders_in_force(db, &joining->sight, arena, &joining->orders, why);
}

static errc run_joining(void *ctx, struct db *db, struct why *why)
{
    struct joining *joining = ctx;
    arena_destroy(joining->arena);
    joining->arena = NULL;
    joining->orders = (struct orders){NULL, 0};
    TRY(arena_create(ARENA_MOST, &joining->arena));
    return read_all(joining, db, why);
}

/* --- saying it ------------------------------------------------------------------------------- */

static void say_attached(struct gate_session *session)
{
    const struct gate_config *config = &session->gate->config;
    struct wire_said said = {.kind = WIRE_ATTACHED,
                             .attached = {.device = (uint64_t)session->device,
                                          .state_version = (uint64_t)session->state_version,
                                          .trust_version = (uint64_t)session->trust_version,
                                          .log_seq = session->log_seq,
                                          .beat_ms = (uint64_t)(config->beat / 1000),
                                          .time_every_ms = (uint64_t)(config->time_every / 1000)}};
    ignore(session_say(session, &said));
}

static void say_enrol(struct gate_session *session, hash root)
{
    struct wire_said said = {.kind = WIRE_ENROL,
                             .enrol = {.device = (uint64_t)session->device, .root = root}};
    ignore(session_say(session, &said));
}

static void say_orders(struct gate_session *session, const struct joining *joining)
{
    size_t listed = joining->orders.count < 128 ? joining->orders.count : 128;
    wire_id *ids = arena_take_array(joining->arena, listed + 1, sizeof *ids);
    for (size_t i = 0; i < joining->orders.count; i++) {
        struct wire_said said = {.kind = WIRE_ORDER,
                                 .order_sent = {.cose = joining->orders.at[i].cose}};
        ignore(session_say(session, &said));
        session->gate->counters.orders_sent++;
        if (ids != NULL && i < listed) {
            ids[i] = joining->orders.at[i].wire_id;
        }
    }
    struct wire_said state = {.kind = WIRE_STATE,
                              .state = {.version = (uint64_t)session->state_version,
                                        .trust_version = (uint64_t)session->trust_version,
                                        .orders = {ids, ids == NULL ? 0 : listed}}};
    ignore(session_say(session, &state));
}

static void tell_presence(struct gate_session *session)
{
    struct gate *gate = session->gate;
    struct presence *presence = gate->config.ports.presence;
    struct presence_attach attach = {.boot = session->boot,
                                     .log_seq = session->intro->attach.log_seq,
                                     .state_version = session->intro->attach.state_version,
                                     .trust_version = session->intro->attach.trust_version,
                                     .link = session->link,
                                     .beat = gate->config.beat};
    presence_facts(presence, session->device, session->log_seq, (uint64_t)session->state_version,
                   (uint64_t)gate_trust_head(gate->trust));
    presence_attached(presence, session->device, &attach, loop_now(gate->config.loop));
}

static void welcome(struct gate_session *session, const struct joining *joining)
{
    struct gate *gate = session->gate;
    struct wire_uints path = {session->path, session->path_count};
    session->stage = SESSION_ATTACHED;
    session->since = loop_now(gate->config.loop);
    session->state_version = joining->state_version;
    session->trust_version = gate_trust_version(gate->trust, path);
    session->roots_told = session->said_device == 0 ? gate_trust_roots(gate->trust)
                                                    : (int64_t)session->intro->attach.trust_version;
    session->log_seq = joining->log.seq;
    session->words_due = !session->has_waited;
    session->parting = session->is_retired ? BYE_RETIRED : 0;
    gate->counters.attached++;
    gate->counters.attaches++;
    if (!session->has_waited) { /* else it was let in long ago, and hears only what is new */
        say_attached(session);
    }
    if (session->said_device == 0) {
        say_enrol(session, joining->root);
    }
    if (session->trust_version != (int64_t)session->intro->attach.trust_version && path.count > 0) {
        session_send_trust(session);
    }
    if (joining->has_state != (uint64_t)joining->state_version) {
        say_orders(session, joining);
    }
    if (session->is_accepted) {
        tell_presence(session);
    }
    if (!session->words_due) {
        session_drop_intro(session);
    }
}

static void finish_joining(void *ctx)
{
    struct joining *joining = ctx;
    struct gate *gate = joining->gate;
    struct gate_session *session = session_of(gate, joining->id);
    gate->joins--;
    bool waits = session != NULL && session->stage == SESSION_JOINING;
    if (joining->rc != OK) {
        LOG(LOG_WARN, "device_not_attached", log_int("device", (int64_t)joining->sight.device),
            log_errc(joining->rc), log_why(&joining->why));
    }
    if (waits && joining->rc != OK) {
        session_bye(session, BYE_FULL, 5 * USEC_SECOND);
    } else if (waits && (gate->trust == NULL || gate->last_order > joining->book_last)) {
        join_start(session);
    } else if (waits) {
        welcome(session, joining);
    }
    arena_destroy(joining->arena);
    mem_give(joining);
    join_next(gate);
}

static void joining_done(void *ctx, errc rc, const struct why *why)
{
    struct joining *joining = ctx;
    joining->rc = rc;
    if (rc != OK && why != NULL) {
        joining->why = *why;
    }
    ENSURE(loop_post(joining->gate->config.loop, finish_joining, joining) == OK);
}

/* --- in turn --------------------------------------------------------------------------------- */

static struct joining *make_joining(struct gate_session *session)
{
    struct joining *joining = mem_take(sizeof *joining);
    joining->gate = session->gate;
    joining->id = session->id;
    joining->key = session->key;
    joining->now = now_utc();
    memcpy(joining->path, session->path, sizeof joining->path);
    joining->sight = (struct order_sight){.path = {joining->path, session->path_count},
                                          .device = (uint64_t)session->device,
                                          .now = joining->now};
    joining->has_state = session->intro->attach.state_version;
    return joining;
}

static void enqueue(struct gate_session *session)
{
    session->stage = SESSION_QUEUED;
    session->gate->queued++;
}

void join_start(struct gate_session *session)
{
    struct gate *gate = session->gate;
    const struct gate_ports *ports = &gate->config.ports;
    if (gate->joins == JOINS_MOST || gate->trust == NULL) {
        enqueue(session);
        return;
    }
    struct joining *joining = make_joining(session);
    struct gate_job job = {.run = run_joining, .done = joining_done, .ctx = joining};
    if (ports->read(ports->ctx, job) != OK) {
        mem_give(joining);
        enqueue(session);
        return;
    }
    gate->joins++;
    session->stage = SESSION_JOINING;
}

/* Goes on where it stopped, so that nobody is passed over and a long queue is walked once. */
void join_next(struct gate *gate)
{
    size_t room = JOINS_MOST - gate->joins + MEETS_MOST - gate->meets;
    for (size_t i = 0; gate->queued > 0 && room > 0 && i < gate->slot_most; i++) {
        gate->queue_at = (gate->queue_at + 1) % gate->slot_most;
        struct gate_session *session = gate->sessions[gate->queue_at];
        if (session != NULL && session->stage == SESSION_QUEUED) {
            gate->queued--;
            room--;
            session->stage = SESSION_GREETED;
            session->since = loop_now(gate->config.loop);
            attach_look(session);
        }
    }
}

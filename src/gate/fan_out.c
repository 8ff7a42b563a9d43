/* New orders to the devices that are attached here. One reading of the book at a time, from the
 * number that was passed on last; each order is one message, built once and shared. Keys go before
 * the orders that need them, stops and alarms before everything else.
 *
 * A device that is just joining is left out: it reads the book itself, and reads it again when this
 * was faster. */
#include "base/log.h"
#include "gate/gate_inside.h"
#include "orders/order_book.h"

enum {
    ORDERS_A_TIME = 256,
    LOOK_EVERY_S = 1, /* also without being told: a command of the operator tells nobody */
    ARENA_MOST = 64 * 1024 * 1024,
    MESSAGE_MOST = 65536,
};

#define MOVE_SPREAD USEC_MINUTE

struct reading {
    struct gate *gate;
    int64_t after;      /* -1: only where the book ends */
    int64_t trust_head; /* that we have; -1: none */
    usec now;
    struct arena *arena;
    struct orders orders;
    int64_t last;
    struct gate_trust *trust; /* null: as before */
    errc rc;
    struct why why;
};

static errc read_book(struct reading *reading, struct db *db, struct why *why)
{
    int64_t head = 0;
    TRY(trust_version_last(db, reading->arena, &head, why));
    if (head != reading->trust_head) {
        TRY(gate_trust_read(db, reading->now, &reading->trust, why));
    }
    if (reading->after < 0) {
        return orders_last(db, reading->arena, &reading->last, why);
    }
    TRY(orders_after(db, reading->after, ORDERS_A_TIME, reading->arena, &reading->orders, why));
    size_t count = reading->orders.count;
    reading->last = count > 0 ? reading->orders.at[count - 1].id : reading->after;
    return OK;
}

static void forget(struct reading *reading)
{
    arena_destroy(reading->arena);
    gate_trust_destroy(reading->trust);
    reading->arena = NULL;
    reading->trust = NULL;
    reading->orders = (struct orders){NULL, 0};
}

static errc run_reading(void *ctx, struct db *db, struct why *why)
{
    struct reading *reading = ctx;
    forget(reading);
    TRY(arena_create(ARENA_MOST, &reading->arena));
    return read_book(reading, db, why);
}

/* --- keys ------------------------------------------------------------------------------------ */

/* Who still believes an old root cannot read what the present one signed. */
static void send_roots(struct gate_session *session)
{
    struct wire_said said;
    while (gate_trust_say_root(session->gate->trust, session->roots_told, &said)) {
        session->roots_told = (int64_t)said.trust.version;
        ignore(session_say(session, &said));
    }
}

void session_send_trust(struct gate_session *session)
{
    struct gate *gate = session->gate;
    struct wire_uints path = {session->path, session->path_count};
    struct wire_said said;
    send_roots(session);
    session->trust_version = gate_trust_version(gate->trust, path);
    session->state_due = session->stage == SESSION_ATTACHED;
    arena_reset(gate->scratch);
    if (gate_trust_say(gate->trust, path, gate->scratch, &said) == OK) {
        ignore(session_say(session, &said));
    }
}

static void take_trust(struct gate *gate, struct reading *reading)
{
    if (reading->trust == NULL) {
        return;
    }
    gate_trust_destroy(gate->trust);
    gate->trust = reading->trust;
    reading->trust = NULL;
    for (size_t i = 0; i < gate->slot_most; i++) {
        struct gate_session *session = gate->sessions[i];
        if (session == NULL || session->stage != SESSION_ATTACHED || session->path_count == 0) {
            continue;
        }
        struct wire_uints path = {session->path, session->path_count};
        if (gate_trust_version(gate->trust, path) != session->trust_version) {
            session_send_trust(session);
        }
    }
}

/* --- orders ---------------------------------------------------------------------------------- */

static bool is_urgent(enum order_kind kind)
{
    return kind == ORDER_ALARM || kind == ORDER_STOP || kind == ORDER_RELEASE || kind == ORDER_LIVE;
}

static bool is_another_path(const struct gate_session *session, const struct wire_placement *place)
{
    return place->path.count != session->path_count ||
           memcmp(place->path.at, session->path, session->path_count * sizeof(uint64_t)) != 0;
}

/* A device that moves finds what is in force at its new place by attaching again. */
static void follow_placement(struct gate_session *session, const struct order *order)
{
    struct gate *gate = session->gate;
    struct wire_order head;
    struct wire_placement place;
    struct cose sign1;
    arena_reset(gate->scratch);
    bool readable =
        cose_read(order->cose, &sign1, NULL) == OK &&
        wire_record_read(&wire_record_order, sign1.payload, gate->scratch, &head, NULL) == OK &&
        wire_record_read(&wire_record_placement, head.body, gate->scratch, &place, NULL) == OK;
    if (readable && is_another_path(session, &place)) {
        usec again = (usec)entropy_below(gate->config.entropy, (uint64_t)MOVE_SPREAD);
        session_bye(session, BYE_GOING, again);
    }
}

static void give(struct gate_session *session, const struct order *order,
                 struct http_message *message)
{
    struct gate *gate = session->gate;
    errc rc = is_urgent(order->kind) ? ws_send_urgent(gate->config.http, session->ws, message)
                                     : ws_send_message(gate->config.http, session->ws, message);
    if (rc != OK) {
        return; /* cut: it comes back and finds the order */
    }
    gate->counters.orders_sent++;
    session->state_version =
        order->id > session->state_version ? order->id : session->state_version;
    session->state_due = true;
    presence_facts(gate->config.ports.presence, session->device, session->log_seq,
                   (uint64_t)session->state_version, (uint64_t)gate_trust_head(gate->trust));
    if (order->kind == ORDER_RETIRE) {
        session->parting = BYE_RETIRED;
        session->since = loop_now(gate->config.loop);
    } else if (order->kind == ORDER_PLACEMENT) {
        follow_placement(session, order);
    }
}

static void give_to_named(struct gate *gate, const struct order *order,
                          struct http_message *message)
{
    for (size_t i = 0; i < order->devices.count; i++) {
        struct gate_session *session = session_of_device(gate, (int64_t)order->devices.at[i]);
        if (session != NULL && session->stage == SESSION_ATTACHED) {
            give(session, order, message);
        }
    }
}

static void give_to_area(struct gate *gate, const struct order *order, struct http_message *message)
{
    for (size_t i = 0; i < gate->slot_most; i++) {
        struct gate_session *session = gate->sessions[i];
        if (session == NULL || session->stage != SESSION_ATTACHED) {
            continue;
        }
        struct order_sight sight = {.path = {session->path, session->path_count},
                                    .device = (uint64_t)session->device};
        if (order_concerns(order, &sight)) {
            give(session, order, message);
        }
    }
}

static void pass_on(struct gate *gate, const struct order *order, usec now)
{
    AUTO(buf_finish) struct buf bytes;
    struct http_message *message = NULL;
    struct wire_said said = {.kind = WIRE_ORDER, .order_sent = {.cose = order->cose}};
    if (order->ended_at != 0 || order->expires <= now) {
        return;
    }
    buf_init(&bytes, MESSAGE_MOST);
    if (message_of(&said, &bytes, &message) != OK) {
        LOG(LOG_ERROR, "order_not_sent", log_int("order", order->id));
        return;
    }
    if (order->devices.count > 0) {
        give_to_named(gate, order, message);
    } else {
        give_to_area(gate, order, message);
    }
    http_message_release(message);
}

static void pass_all_on(struct gate *gate, const struct reading *reading)
{
    usec now = now_utc();
    for (int urgent = 1; urgent >= 0; urgent--) {
        for (size_t i = 0; i < reading->orders.count; i++) {
            const struct order *order = &reading->orders.at[i];
            if (is_urgent(order->kind) == (urgent == 1)) {
                pass_on(gate, order, now);
            }
        }
    }
}

/* --- one reading after the other ------------------------------------------------------------- */

static void finish_reading(void *ctx)
{
    struct reading *reading = ctx;
    struct gate *gate = reading->gate;
    bool more = gate->read_orders_again || reading->orders.count == ORDERS_A_TIME;
    gate->is_reading_orders = false;
    gate->has_orders_failed = reading->rc != OK;
    if (reading->rc != OK) {
        LOG(LOG_WARN, "orders_not_read", log_errc(reading->rc), log_why(&reading->why));
    } else {
        take_trust(gate, reading);
        pass_all_on(gate, reading);
        gate->last_order = reading->last;
        join_next(gate);
    }
    bool failed = reading->rc != OK;
    forget(reading);
    mem_give(reading);
    if (more && !failed) {
        fan_out_start(gate);
    }
}

static void reading_done(void *ctx, errc rc, const struct why *why)
{
    struct reading *reading = ctx;
    reading->rc = rc;
    if (rc != OK && why != NULL) {
        reading->why = *why;
    }
    ENSURE(loop_post(reading->gate->config.loop, finish_reading, reading) == OK);
}

void fan_out_start(struct gate *gate)
{
    const struct gate_ports *ports = &gate->config.ports;
    if (gate->is_reading_orders) {
        gate->read_orders_again = true;
        return;
    }
    struct reading *reading = mem_take(sizeof *reading);
    *reading =
        (struct reading){.gate = gate,
                         .after = gate->last_order,
                         .trust_head = gate->trust == NULL ? -1 : gate_trust_head(gate->trust),
                         .now = now_utc()};
    struct gate_job job = {.run = run_reading, .done = reading_done, .ctx = reading};
    gate->read_orders_again = false;
    if (ports->read(ports->ctx, job) != OK) {
        gate->has_orders_failed = true;
        mem_give(reading);
        return;
    }
    gate->is_reading_orders = true;
}

void fan_out_tick(struct gate *gate)
{
    bool is_due = gate->has_orders_failed || ++gate->seconds % LOOK_EVERY_S == 0;
    if (is_due && !gate->is_stopping) {
        fan_out_start(gate);
    }
}

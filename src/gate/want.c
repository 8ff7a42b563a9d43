/* What a device lacks of its state, by id: one question at a time. It is given only what concerns
 * it, so that ids that were heard elsewhere tell it nothing. */
#include "gate/gate_inside.h"

enum { WANTED_MOST = 128, ARENA_MOST = 16 * 1024 * 1024 };

struct wanting {
    struct gate *gate;
    struct session_id id;
    struct order_sight sight;
    uint64_t path[SESSION_PATH];
    wire_id wanted[WANTED_MOST];
    size_t wanted_count;
    struct arena *arena;
    str cose[WANTED_MOST];
    size_t count;
    errc rc;
};

static errc find_one(struct wanting *wanting, struct db *db, wire_id id, struct why *why)
{
    struct order order;
    errc rc = order_find(db, id, wanting->arena, &order, why);
    if (rc == ERR_NOT_FOUND) {
        return OK;
    }
    TRY(rc);
    bool stands = order.ended_at == 0 && order.expires > wanting->sight.now;
    if (stands && order_concerns(&order, &wanting->sight)) {
        wanting->cose[wanting->count++] = order.cose;
    }
    return OK;
}

static errc run_wanting(void *ctx, struct db *db, struct why *why)
{
    struct wanting *wanting = ctx;
    arena_destroy(wanting->arena);
    wanting->arena = NULL;
    wanting->count = 0;
    TRY(arena_create(ARENA_MOST, &wanting->arena));
    for (size_t i = 0; i < wanting->wanted_count; i++) {
        TRY(find_one(wanting, db, wanting->wanted[i], why));
    }
    return OK;
}

static void finish_wanting(void *ctx)
{
    struct wanting *wanting = ctx;
    struct gate_session *session = session_of(wanting->gate, wanting->id);
    if (session != NULL && session->stage == SESSION_ATTACHED) {
        session->want_busy = false;
        for (size_t i = 0; wanting->rc == OK && i < wanting->count; i++) {
            struct wire_said said = {.kind = WIRE_ORDER, .order_sent = {.cose = wanting->cose[i]}};
            ignore(session_say(session, &said));
            session->gate->counters.orders_sent++;
        }
        session->state_due = true;
    }
    arena_destroy(wanting->arena);
    mem_give(wanting);
}

static void wanting_done(void *ctx, errc rc, const struct why *why)
{
    struct wanting *wanting = ctx;
    (void)why; /* the state is told again, and what is lacking asked for again */
    wanting->rc = rc;
    ENSURE(loop_post(wanting->gate->config.loop, finish_wanting, wanting) == OK);
}

static struct wanting *make_wanting(const struct gate_session *session,
                                    const struct wire_want *want)
{
    struct wanting *wanting = mem_take(sizeof *wanting);
    wanting->gate = session->gate;
    wanting->id = session->id;
    wanting->wanted_count = want->orders.count < WANTED_MOST ? want->orders.count : WANTED_MOST;
    memcpy(wanting->wanted, want->orders.at, wanting->wanted_count * sizeof(wire_id));
    memcpy(wanting->path, session->path, sizeof wanting->path);
    wanting->sight = (struct order_sight){.path = {wanting->path, session->path_count},
                                          .device = (uint64_t)session->device,
                                          .now = now_utc()};
    return wanting;
}

static void start_wanting(struct gate_session *session, struct wanting *take_wanting)
{
    const struct gate_ports *ports = &session->gate->config.ports;
    struct gate_job job = {.run = run_wanting, .done = wanting_done, .ctx = take_wanting};
    if (ports->read(ports->ctx, job) != OK) {
        mem_give(take_wanting);
        session->state_due = true;
        return;
    }
    session->want_busy = true;
}

/* Sending trust uses the arena in which the question lies, so it comes last. */
void want_start(struct gate_session *session, const struct wire_want *want)
{
    bool trust = want->trust;
    if (want->orders.count > 0 && !session->want_busy) {
        start_wanting(session, make_wanting(session, want));
    }
    if (trust) {
        session_send_trust(session);
    }
}

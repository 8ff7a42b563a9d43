/* Live streams to the devices that have tuned in: one message for all who take the same bundles,
 * built once. A device tunes in because an order or its plan told it to; whether it may is asked of
 * who carries the stream. Who lags behind misses some rather than getting it ever later. */
#include "gate/gate_inside.h"

#include "live/delays.h"

enum {
    WAITING_MOST = 64 * 1024, /* bytes not yet taken by one device */
    MESSAGE_MOST = 8192,
};

struct tuned {
    struct gate_session *session;
    struct gate_live *live;
    struct tuned *next;
    struct tuned *before;
    uint64_t delay_ms;
};

struct gate_live {
    struct gate_live *next;
    uint64_t stream;
    enum live_state state;
    struct live_delays *delays;
    struct tuned *first;
    size_t count;
};

static struct gate_live *live_of(const struct gate *gate, uint64_t stream)
{
    struct gate_live *live = gate->lives;
    while (live != NULL && live->stream != stream) {
        live = live->next;
    }
    return live;
}

/* Neighbours are who has the same lowest unit. */
static uint64_t place_of(const struct gate_session *session)
{
    return session->path_count == 0 ? 0 : session->path[session->path_count - 1];
}

static void tell(struct gate_session *session, uint64_t stream, enum live_state state,
                 uint64_t delay_ms)
{
    struct wire_said said = {.kind = WIRE_TUNED,
                             .tuned = {.stream = stream, .state = state, .delay_ms = delay_ms}};
    ignore(session_say(session, &said));
}

static struct tuned **place_in(struct gate_session *session, const struct gate_live *live)
{
    for (size_t i = 0; i < SESSION_STREAMS; i++) {
        bool is_it = live == NULL ? session->tuned[i] == NULL
                                  : session->tuned[i] != NULL && session->tuned[i]->live == live;
        if (is_it) {
            return &session->tuned[i];
        }
    }
    return NULL;
}

/* --- in and out ------------------------------------------------------------------------------- */

static void leave(struct tuned **at)
{
    struct tuned *tuned = *at;
    struct gate_live *live = tuned->live;
    *(tuned->before == NULL ? &live->first : &tuned->before->next) = tuned->next;
    if (tuned->next != NULL) {
        tuned->next->before = tuned->before;
    }
    live->count--;
    *at = NULL;
    mem_give(tuned);
}

/* All of one place hear it together, so all of them hear of the change. */
static void move_place(struct gate_live *live, uint64_t place, uint64_t delay_ms)
{
    for (struct tuned *tuned = live->first; tuned != NULL; tuned = tuned->next) {
        if (place_of(tuned->session) == place) {
            tuned->delay_ms = delay_ms;
            tell(tuned->session, live->stream, live->state, delay_ms);
        }
    }
}

static void enter(struct gate_session *session, struct gate_live *live, struct tuned **at)
{
    struct tuned *tuned = mem_take(sizeof *tuned);
    tuned->session = session;
    tuned->live = live;
    tuned->next = live->first;
    if (live->first != NULL) {
        live->first->before = tuned;
    }
    live->first = tuned;
    live->count++;
    *at = tuned;
}

/* The stream that it may have, opened by whoever carries it; null: none. */
static struct gate_live *find(struct gate_session *session, uint64_t stream)
{
    struct gate *gate = session->gate;
    const struct gate_ports *ports = &gate->config.ports;
    struct wire_uints path = {session->path, session->path_count};
    if (ports->live_wanted == NULL || !ports->live_wanted(ports->ctx, stream, path)) {
        return NULL;
    }
    return live_of(gate, stream);
}

static void tune_in(struct gate_session *session, const struct wire_tune *tune)
{
    struct gate_live *live = find(session, tune->stream);
    struct tuned **at = live == NULL ? NULL : place_in(session, live);
    bool is_new = live != NULL && at == NULL;
    if (is_new) {
        at = place_in(session, NULL);
    }
    if (live == NULL || at == NULL) {
        tell(session, tune->stream, LIVE_NONE, 0);
        return;
    }
    uint64_t delay_ms = 0;
    uint64_t place = place_of(session);
    bool moved = live_delays_hear(live->delays, place, session->link, tune->need_ms, &delay_ms);
    if (is_new) {
        enter(session, live, at);
    }
    if (moved) {
        move_place(live, place, delay_ms);
    } else if (is_new) {
        (*at)->delay_ms = delay_ms;
        tell(session, live->stream, live->state, delay_ms);
    }
}

void live_tune(struct gate_session *session, const struct wire_tune *tune)
{
    if (tune->on) {
        tune_in(session, tune);
        return;
    }
    const struct gate_live *live = live_of(session->gate, tune->stream);
    struct tuned **at = live == NULL ? NULL : place_in(session, live);
    if (at != NULL) {
        leave(at);
    }
}

void live_leave(struct gate_session *session)
{
    for (size_t i = 0; i < SESSION_STREAMS; i++) {
        if (session->tuned[i] != NULL) {
            leave(&session->tuned[i]);
        }
    }
}

/* --- from whoever carries the stream ---------------------------------------------------------- */

static struct gate_live *open_live(struct gate *gate, uint64_t stream)
{
    struct gate_live *live = mem_take(sizeof *live);
    live->stream = stream;
    live->delays = live_delays_create();
    live->next = gate->lives;
    gate->lives = live;
    return live;
}

void gate_live_state(struct gate *gate, uint64_t stream, enum live_state state)
{
    struct gate_live *live = live_of(gate, stream);
    live = live == NULL ? open_live(gate, stream) : live;
    if (live->state == state) {
        return;
    }
    live->state = state;
    for (struct tuned *tuned = live->first; tuned != NULL; tuned = tuned->next) {
        tell(tuned->session, stream, state, tuned->delay_ms);
    }
}

static void forget(struct gate_live *live)
{
    while (live->first != NULL) {
        struct tuned *tuned = live->first;
        *place_in(tuned->session, live) = NULL;
        live->first = tuned->next;
        mem_give(tuned);
    }
    live_delays_destroy(live->delays);
    mem_give(live);
}

void gate_live_drop(struct gate *gate, uint64_t stream)
{
    struct gate_live **at = &gate->lives;
    gate_live_state(gate, stream, LIVE_ENDED);
    while ((*at)->stream != stream) {
        at = &(*at)->next;
    }
    struct gate_live *live = *at;
    *at = live->next;
    forget(live);
}

void live_destroy(struct gate *gate)
{
    while (gate->lives != NULL) {
        struct gate_live *live = gate->lives;
        gate->lives = live->next;
        forget(live);
    }
}

void gate_live_send(struct gate *gate, uint64_t stream, const struct live_bundle *bundle)
{
    AUTO(buf_finish) struct buf bytes;
    struct http_message *message = NULL;
    struct gate_live *live = live_of(gate, stream);
    struct wire_said said = {.kind = WIRE_LIVE_SOUND,
                             .live_sound = {.stream = stream,
                                            .index = bundle->index,
                                            .at = bundle->at,
                                            .packets = {bundle->packets, bundle->count}}};
    buf_init(&bytes, MESSAGE_MOST);
    if (live == NULL || live->first == NULL || message_of(&said, &bytes, &message) != OK) {
        return;
    }
    for (struct tuned *tuned = live->first; tuned != NULL; tuned = tuned->next) {
        http_id ws = tuned->session->ws;
        bool wants = live_delay_lane(tuned->delay_ms) == bundle->lane &&
                     ws_waiting(gate->config.http, ws) < WAITING_MOST;
        if (wants) {
            ignore(ws_send_message(gate->config.http, ws, message));
        }
    }
    http_message_release(message);
}

void gate_live_look(const struct gate *gate, uint64_t stream, struct gate_live_view *ret_view)
{
    const struct gate_live *live = live_of(gate, stream);
    *ret_view = (struct gate_live_view){.devices = 0};
    if (live != NULL) {
        ret_view->devices = live->count;
        ret_view->delay_ms = live->count == 0 ? 0 : live_delays_longest(live->delays);
    }
}

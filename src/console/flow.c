/* The walk of a request: reader → worker → writer, whichever of them its route has. Who asks is
 * found again in each phase that has the store, in that phase's own transaction, so that a session
 * ended meanwhile stops the change. Between the phases the ask belongs to exactly one thread; the
 * loop's queue is where it changes hands. */
#include "base/crash.h"
#include "base/log.h"
#include "console/reply.h"
#include "people/unit_book.h"

enum { ANSWER_MOST = 32 * 1024 * 1024, ROOMY = 512 * 1024 * 1024 };

enum phase { PHASE_LOOK, PHASE_WORK, PHASE_ACT, PHASE_DONE };

struct flow {
    struct console *console;
    http_id id;
    enum phase phase;
    errc rc;
    struct why why;
    uint64_t generation; /* of the session cache when the store was asked */
    struct arena *roomy; /* of requests whose work outgrows the request's own arena */
    struct ask ask;
};

static void go_on(void *ctx);

/* The answer ends the request, its arena and with it the flow: nothing of them is used after. */
static void finish(struct flow *flow)
{
    struct console *console = flow->console;
    struct arena *roomy = flow->roomy;
    str answer = str_of(flow->ask.match.route->answer);
    forest_drop(flow->ask.forest);
    flow->ask.forest = NULL;
    if (flow->rc == OK && str_is(answer, S("text/event-stream"))) {
        buf_finish(&flow->ask.out);
        page_events_open(console, flow->id);
    } else if (flow->rc == OK && str_is(answer, S("audio/ogg")) && flow->ask.file < 0) {
        const struct house_ports *ports = &console->house.ports;
        int64_t device = ask_place_id(&flow->ask, 0);
        buf_finish(&flow->ask.out);
        ports->listen(ports->devices, device, flow->id); /* answers in every case */
    } else if (flow->rc == OK && str_is(answer, S("application/websocket"))) {
        const struct house_ports *ports = &console->house.ports;
        buf_finish(&flow->ask.out);
        ports->live_speak(ports->devices, flow->ask.carried, flow->id);
    } else if (flow->rc == OK && str_is(answer, S("application/ogg"))) {
        const struct house_ports *ports = &console->house.ports;
        int64_t live = ask_place_id(&flow->ask, 0);
        buf_finish(&flow->ask.out);
        ports->live_listen(ports->devices, live, flow->id);
    } else {
        reply_ask(console, flow->id, &flow->ask, flow->rc, &flow->why);
    }
    arena_destroy(roomy);
}

static void fail_flow(struct flow *flow, errc rc, const char *reason)
{
    flow->rc = fail(&flow->why, rc, "%s", reason);
    finish(flow);
}

/* A step may run twice; what an earlier run wrote is forgotten. */
static void clear_answer(struct ask *ask)
{
    buf_clear(&ask->out);
    ask_drop_file(ask);
    json_out_init(&ask->json, &ask->out);
    ask->bad = (struct bad_field){.name = ""};
    ask->theirs = STR_NONE;
    ask->cookie = ASK_COOKIE_KEEP;
    ask->refused = OK;
    ask->is_admitted = false;
    ask->is_answered = false;
    ask->status = ask->match.route->status;
}

static errc run_in_store(void *ctx, struct db *db, struct why *why)
{
    struct flow *flow = ctx;
    struct ask *ask = &flow->ask;
    const struct route *route = ask->match.route;
    bool writes = flow->phase == PHASE_ACT;
    if (!writes || !ask->is_answered) {
        clear_answer(ask);
    }
    ask->db = db;
    forest_drop(ask->forest);
    ask->forest = NULL;
    struct unit_book *units = ask->house->ports.units;
    TRY(writes ? unit_book_write(units, db, &ask->forest, why)
               : unit_book_read(units, db, &ask->forest, why));
    TRY(who_find(ask, writes, why));
    TRY(who_check(ask, why));
    ask->is_admitted = true;
    ask_step *step = flow->phase == PHASE_LOOK ? route->look : route->act;
    return step == NULL ? OK : step(ask, why);
}

/* On the store's thread: hands the ask back to the loop. The loop's queue is longer than the number
 * of requests that the server takes, so it is never full. */
static void store_done(void *ctx, errc rc, const struct why *why)
{
    struct flow *flow = ctx;
    flow->rc = rc;
    if (rc != OK && why != NULL) {
        flow->why = *why;
    }
    ENSURE(loop_post(flow->console->loop, go_on, flow) == OK);
}

static void run_work(void *ctx)
{
    struct flow *flow = ctx;
    flow->rc = flow->ask.match.route->work(&flow->ask, &flow->why);
}

static void work_done(void *ctx)
{
    struct flow *flow = ctx;
    flow->console->works--;
    go_on(flow);
}

/* A crowd at the door is told to come back instead of being hashed for minutes. */
static errc start_work(struct flow *flow)
{
    struct console *console = flow->console;
    if (console->works == WORKS_MOST) {
        return ERR_BUSY;
    }
    TRY(loop_work(console->loop, run_work, work_done, flow));
    console->works++;
    return OK;
}

static void start(struct flow *flow)
{
    const struct house_ports *ports = &flow->console->house.ports;
    struct house_job job = {.run = run_in_store, .done = store_done, .ctx = flow};
    if (flow->phase == PHASE_LOOK || flow->phase == PHASE_ACT) {
        flow->generation = session_cache_generation(flow->console->sessions);
    }
    errc rc = OK;
    switch (flow->phase) {
    case PHASE_LOOK:
        rc = ports->read(ports->ctx, job);
        break;
    case PHASE_WORK:
        rc = start_work(flow);
        break;
    case PHASE_ACT:
        rc = ports->write(ports->ctx, job);
        break;
    case PHASE_DONE:
        finish(flow);
        return;
    }
    if (rc != OK) {
        fail_flow(flow, rc, "a queue is full");
    }
}

static bool has_phase(const struct route *route, enum phase phase)
{
    switch (phase) {
    case PHASE_LOOK: /* also finds out who asks before anything costly is done */
        return route->look != NULL || route->work != NULL || route->act == NULL;
    case PHASE_WORK:
        return route->work != NULL;
    case PHASE_ACT:
        return route->act != NULL;
    case PHASE_DONE:
        return true;
    }
    return true;
}

/* On the loop thread, after each phase. */
static void go_on(void *ctx)
{
    struct flow *flow = ctx;
    seen_remember(flow->console, &flow->ask, flow->generation);
    flow->ask.session_is_loaded = false;
    if (flow->rc != OK || flow->ask.refused != OK) {
        flow->rc = flow->rc != OK ? flow->rc : flow->ask.refused;
        finish(flow);
        return;
    }
    do {
        flow->phase++;
    } while (!has_phase(flow->ask.match.route, flow->phase));
    start(flow);
}

static str header_copy(struct http_request *request, const char *name)
{
    return http_request_header(request, str_of(name));
}

/* Views into the request live until it is answered, so the ask borrows them. */
static void take_request(struct flow *flow, struct http_request *request)
{
    struct console *console = flow->console;
    struct ask *ask = &flow->ask;
    ask->house = &console->house;
    ask->policy = console->house.policy;
    ask->duty = console->house.duty;
    ask->request = request;
    ask->body = http_request_body(request);
    ask->address = reply_address(console, request);
    ask->agent = str_cut(header_copy(request, "user-agent"), 0, 200);
    ask->host = http_request_host(request);
    ask->csrf = header_copy(request, "loa-csrf");
    bool stream = str_is(str_of(ask->match.route->answer), S("text/event-stream"));
    ask->is_background = stream || header_copy(request, "loa-background").at != NULL;
    ask->tls = reply_is_tls(console, request);
    if (!http_request_cookie(request, S("loa_session"), &ask->token)) {
        ask->token = STR_NONE;
    }
    ask->language = reply_language(console, request);
    ask->now = now_utc();
    ask->today = day_of(ask->now, console->house.zone);
    ask->arena = http_request_arena(request);
    buf_init(&ask->out, ANSWER_MOST);
    ask->file = -1;
    clear_answer(ask);
}

/* A reform of a whole province, an alarm to ten thousand devices, the programmes of all communes:
 * for whoever holds something over units. */
static errc make_room(struct flow *flow)
{
    if (right_how(flow->ask.match.route->right) != RIGHT_OVER_UNIT) {
        return OK;
    }
    TRY(arena_create(ROOMY, &flow->roomy));
    flow->ask.arena = flow->roomy;
    return OK;
}

static struct flow *make_flow(struct console *console, struct http_request *request)
{
    struct flow *flow = arena_take(http_request_arena(request), sizeof *flow);
    if (flow == NULL) {
        reply_error_early(console, request, ERR_NO_MEMORY);
        return NULL;
    }
    flow->console = console;
    flow->id = http_request_id(request);
    return flow;
}

void flow_begin(struct console *console, struct http_request *request,
                const struct route_match *match)
{
    struct flow *flow = make_flow(console, request);
    if (flow == NULL) {
        return;
    }
    flow->ask.match = *match;
    take_request(flow, request);
    if (make_room(flow) != OK) {
        fail_flow(flow, ERR_NO_MEMORY, "no room for the request");
        return;
    }
    seen_recall(console, &flow->ask);
    flow->phase = PHASE_LOOK;
    if (!has_phase(match->route, PHASE_LOOK)) {
        flow->phase = PHASE_ACT;
    }
    start(flow);
}

/* Healthy is who can open a transaction: the question takes the way of every other one. */
struct health {
    struct console *console;
    http_id id;
    errc rc;
};

static errc run_health(void *ctx, struct db *db, struct why *why)
{
    (void)ctx;
    (void)db;
    (void)why;
    return OK;
}

static void answer_health(void *ctx)
{
    struct health *health = ctx;
    struct http_request *request = http_request_of(health->console->http, health->id);
    if (request == NULL) {
        return;
    }
    if (health->rc != OK) {
        reply_error_early(health->console, request, health->rc);
        return;
    }
    reply_text(health->console, request, S("ok\n"), S("text/plain; charset=utf-8"));
}

static void health_done(void *ctx, errc rc, const struct why *why)
{
    struct health *health = ctx;
    (void)why;
    health->rc = rc;
    ENSURE(loop_post(health->console->loop, answer_health, health) == OK);
}

void flow_health(struct console *console, struct http_request *request)
{
    struct health *health = arena_take(http_request_arena(request), sizeof *health);
    if (health == NULL) {
        reply_error_early(console, request, ERR_NO_MEMORY);
        return;
    }
    *health = (struct health){.console = console, .id = http_request_id(request)};
    struct house_job job = {.run = run_health, .done = health_done, .ctx = health};
    errc rc = console->house.ports.read(console->house.ports.ctx, job);
    if (rc != OK) {
        reply_error_early(console, request, rc);
    }
}

/* Handing out media: everybody who fetches gets a little in each round, what is urgent first, so
 * that one long file holds up nobody; nobody is sent more than he can take just now, so that an
 * order finds his line free. So many fetch at a time, others come back later. */
#include "base/log.h"
#include "gate/gate_inside.h"
#include "gate/media_cache.h"

enum {
    ACTIVE_MOST = 1024,       /* sessions that fetch */
    ACTIVE_USUAL = 512,       /* of them for what is not urgent */
    CHUNK = 1200,             /* bytes of one message */
    CHUNKS_A_ROUND = 16,      /* of one fetch */
    WAITING_MOST = 24 * 1024, /* bytes that wait for one device */
    LATER_SPREAD_MS = 8000,
};

#define ROUND (20000) /* microseconds */

struct media_desk {
    struct media_cache *cache;
    struct session_id active[ACTIVE_MOST];
    size_t count;
    size_t turn; /* who is first in the next round */
    loop_timer timer;
    bool is_running;
};

static void run_round(void *ctx);

static void on_ready(void *ctx)
{
    (void)ctx; /* the next round finds it */
}

errc media_desk_create(struct gate *gate)
{
    gate->media = mem_take(sizeof *gate->media);
    return media_cache_create(&gate->config, on_ready, gate, &gate->media->cache);
}

void media_desk_destroy(struct gate *gate)
{
    if (gate->media != NULL) {
        loop_timer_stop(gate->config.loop, gate->media->timer);
        media_cache_destroy(gate->media->cache);
        mem_give(gate->media);
    }
}

/* --- who fetches ----------------------------------------------------------------------------- */

static void later(struct gate_session *session, uint64_t tag, enum later_reason reason)
{
    struct gate *gate = session->gate;
    uint64_t spread = entropy_below(gate->config.entropy, LATER_SPREAD_MS);
    struct wire_said said = {.kind = WIRE_LATER,
                             .later = {.tag = tag, .after_ms = 2000 + spread, .reason = reason}};
    gate->counters.busy += reason == LATER_BUSY ? 1 : 0;
    ignore(session_say(session, &said));
}

static bool fetches(const struct gate_session *session)
{
    for (size_t i = 0; i < SESSION_FETCHES; i++) {
        if (session->fetches[i].is_open) {
            return true;
        }
    }
    return false;
}

static void end_fetch(struct gate_session *session, struct fetch *fetch)
{
    if (fetch->is_open) {
        media_cache_let_go(fetch->medium);
        *fetch = (struct fetch){.is_open = false};
        session->gate->counters.fetches--;
    }
}

void media_desk_leave(struct gate_session *session)
{
    for (size_t i = 0; i < SESSION_FETCHES; i++) {
        end_fetch(session, &session->fetches[i]);
    }
}

static bool activate(struct gate_session *session, bool urgent)
{
    struct media_desk *desk = session->gate->media;
    size_t most = urgent ? ACTIVE_MOST : ACTIVE_USUAL;
    if (fetches(session)) {
        return true; /* stands in the list */
    }
    if (desk->count >= most) {
        return false;
    }
    desk->active[desk->count++] = session->id;
    return true;
}

/* The place of the tag, or a free one. */
static struct fetch *fetch_of(struct gate_session *session, uint64_t tag)
{
    struct fetch *free_one = NULL;
    for (size_t i = 0; i < SESSION_FETCHES; i++) {
        struct fetch *fetch = &session->fetches[i];
        if (fetch->is_open && fetch->tag == tag) {
            return fetch;
        }
        free_one = fetch->is_open ? free_one : fetch;
    }
    return free_one;
}

static void start_rounds(struct gate *gate)
{
    struct media_desk *desk = gate->media;
    if (!desk->is_running) {
        desk->is_running = true;
        desk->timer = loop_timer_start(gate->config.loop, 0, ROUND, run_round, gate);
    }
}

void media_desk_fetch(struct gate_session *session, const struct wire_fetch *ask)
{
    struct gate *gate = session->gate;
    struct fetch *fetch = fetch_of(session, ask->tag);
    if (fetch == NULL) {
        session_lies(session, 0, "fetches too much at a time");
        return;
    }
    if (!activate(session, ask->urgent)) {
        later(session, ask->tag, LATER_BUSY);
        return;
    }
    end_fetch(session, fetch);
    struct medium *medium = media_cache_hold(gate->media->cache, ask->media);
    if (medium == NULL) {
        later(session, ask->tag, LATER_BUSY);
        return;
    }
    *fetch = (struct fetch){.is_open = true,
                            .is_urgent = ask->urgent,
                            .tag = (uint8_t)ask->tag,
                            .name = ask->media,
                            .at = ask->from,
                            .end = ask->from + ask->most,
                            .needs_outline = ask->most == 0 || ask->from == 0,
                            .medium = medium};
    gate->counters.fetches++;
    start_rounds(gate);
}

/* --- a round --------------------------------------------------------------------------------- */

static void say_outline(struct gate_session *session, struct fetch *fetch)
{
    const struct medium *medium = fetch->medium;
    struct wire_said said = {.kind = WIRE_OUTLINE,
                             .outline = {.tag = fetch->tag,
                                         .bytes = medium->bytes,
                                         .piece_bytes = medium->piece_bytes,
                                         .pieces = {medium->pieces, medium->piece_count}}};
    fetch->needs_outline = false;
    ignore(session_say(session, &said));
}

static bool say_chunk(struct gate_session *session, struct fetch *fetch, str bytes)
{
    uint64_t left = fetch->end - fetch->at;
    size_t len = bytes.len < CHUNK ? bytes.len : CHUNK;
    len = len < left ? len : (size_t)left;
    struct wire_said said = {
        .kind = WIRE_CHUNK,
        .chunk = {.tag = fetch->tag, .from = fetch->at, .bytes = str_cut(bytes, 0, len)}};
    if (session_say(session, &said) != OK) {
        return false;
    }
    fetch->at += len;
    session->gate->counters.media_bytes += len;
    return true;
}

/* A few chunks; returns how many bytes. */
static size_t serve_chunks(struct gate_session *session, struct fetch *fetch)
{
    struct gate *gate = session->gate;
    uint64_t from = fetch->at;
    for (int i = 0; i < CHUNKS_A_ROUND && fetch->at < fetch->end; i++) {
        str bytes = STR_NONE;
        if (ws_waiting(gate->config.http, session->ws) > WAITING_MOST) {
            break;
        }
        if (media_cache_read(fetch->medium, fetch->at, &bytes) != OK) {
            later(session, fetch->tag, LATER_MISSING);
            end_fetch(session, fetch);
            return 0;
        }
        if (bytes.len == 0 || !say_chunk(session, fetch, bytes)) {
            break;
        }
    }
    size_t sent = (size_t)(fetch->at - from);
    if (fetch->at >= fetch->end) {
        end_fetch(session, fetch);
    }
    return sent;
}

static size_t serve_fetch(struct gate_session *session, struct fetch *fetch)
{
    const struct medium *medium = fetch->medium;
    if (medium->state == MEDIUM_OPENING) {
        return 0;
    }
    if (medium->state == MEDIUM_FAILED) {
        later(session, fetch->tag, LATER_MISSING);
        end_fetch(session, fetch);
        return 0;
    }
    if (fetch->needs_outline) {
        say_outline(session, fetch);
    }
    fetch->end = fetch->end < medium->bytes ? fetch->end : medium->bytes;
    return serve_chunks(session, fetch);
}

static size_t serve_session(struct gate_session *session, bool urgent)
{
    size_t sent = 0;
    for (size_t i = 0; i < SESSION_FETCHES; i++) {
        struct fetch *fetch = &session->fetches[i];
        if (fetch->is_open && fetch->is_urgent == urgent && session->stage == SESSION_ATTACHED) {
            sent += serve_fetch(session, fetch);
        }
    }
    return sent;
}

static void forget_idle(struct gate *gate)
{
    struct media_desk *desk = gate->media;
    size_t kept = 0;
    for (size_t i = 0; i < desk->count; i++) {
        const struct gate_session *session = session_of(gate, desk->active[i]);
        if (session != NULL && fetches(session)) {
            desk->active[kept++] = desk->active[i];
        }
    }
    desk->count = kept;
}

static void run_round(void *ctx)
{
    struct gate *gate = ctx;
    struct media_desk *desk = gate->media;
    size_t budget = gate->config.media_rate / (size_t)(USEC_SECOND / ROUND);
    for (int urgent = 1; urgent >= 0; urgent--) {
        for (size_t i = 0; i < desk->count && budget > 0; i++) {
            size_t at = (desk->turn + i) % desk->count;
            struct gate_session *session = session_of(gate, desk->active[at]);
            size_t sent = session == NULL ? 0 : serve_session(session, urgent == 1);
            budget -= sent < budget ? sent : budget;
        }
    }
    desk->turn++;
    forget_idle(gate);
    if (desk->count == 0) {
        loop_timer_stop(gate->config.loop, desk->timer);
        desk->is_running = false;
    }
}

/* Logs on their way to the store: pieces of many devices in one transaction, verified there and
 * acknowledged when they are durable. A piece that breaks its batch is tried alone; what cannot be
 * taken just now is not acknowledged, and comes again. */
#include "base/log.h"
#include "broadcast/play_log.h"
#include "gate/gate_inside.h"

enum {
    ITEMS = 64,
    BATCHES = 8,                     /* under way at a time */
    WAITING_MOST = 64 * 1024 * 1024, /* bytes, all together */
    ARENA_MOST = 64 * 1024 * 1024,
};

struct item {
    struct session_id id;
    uint64_t device;
    hash key;
    str payload; /* our own copy */
    struct play_log_kept kept;
};

struct batch {
    struct gate *gate;
    struct batch *next; /* full, waiting for its turn */
    struct item items[ITEMS];
    size_t count;
    struct arena *arena;
    usec now;
    errc rc;
    struct why why;
};

struct log_desk {
    struct batch *filling; /* or null */
    struct batch *first;
    struct batch *last;
    size_t running;
    size_t bytes;
    bool is_flush_posted;
};

static void batch_destroy(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        union {
            const char *borrowed;
            char *owned;
        } payload = {batch->items[i].payload.at};
        mem_give(payload.owned);
    }
    arena_destroy(batch->arena);
    mem_give(batch);
}

errc log_desk_create(struct gate *gate)
{
    gate->logs = mem_take(sizeof *gate->logs);
    return OK;
}

void log_desk_destroy(struct gate *gate)
{
    struct log_desk *desk = gate->logs;
    if (desk == NULL) {
        return;
    }
    while (desk->first != NULL) {
        struct batch *batch = desk->first;
        desk->first = batch->next;
        batch_destroy(batch);
    }
    if (desk->filling != NULL) {
        batch_destroy(desk->filling);
    }
    mem_give(desk);
}

/* --- in the store ---------------------------------------------------------------------------- */

static errc keep_item(struct batch *batch, struct item *item, struct db *db, struct why *why)
{
    struct wire_said said;
    TRY(wire_hear(item->payload, WIRE_FROM_DEVICE, WIRE_VERSION, batch->arena, &said, why));
    struct play_log_message message = {
        .device = item->device, .device_key = item->key, .log = &said.log, .now = batch->now};
    return play_log_keep(db, &message, batch->arena, &item->kept, why);
}

static errc run_batch(void *ctx, struct db *db, struct why *why)
{
    struct batch *batch = ctx;
    arena_destroy(batch->arena);
    batch->arena = NULL;
    TRY(arena_create(ARENA_MOST, &batch->arena));
    for (size_t i = 0; i < batch->count; i++) {
        TRY(keep_item(batch, &batch->items[i], db, why));
    }
    return OK;
}

/* --- afterwards ------------------------------------------------------------------------------ */

static void start_next(struct gate *gate);

static void release(struct gate_session *session, size_t bytes)
{
    session->gate->logs->bytes -= bytes;
    session->logs--;
    if (session->logs < SESSION_LOGS) {
        session_read_on(session);
    }
}

static void tell_kept(struct gate_session *session, const struct item *item)
{
    struct gate *gate = session->gate;
    struct wire_said said = {.kind = WIRE_LOG_KEPT, .log_kept = {.seq = item->kept.seq}};
    session->log_seq = item->kept.seq;
    presence_facts(gate->config.ports.presence, session->device, session->log_seq,
                   (uint64_t)session->state_version, (uint64_t)gate_trust_head(gate->trust));
    presence_beat(gate->config.ports.presence, session->device, loop_now(gate->config.loop));
    ignore(session_say(session, &said));
}

static void settle_item(struct gate *gate, const struct item *item)
{
    struct gate_session *session = session_of(gate, item->id);
    for (size_t i = 0; i < item->kept.receipt_count; i++) {
        ignore_int(coverage_hears(gate->config.ports.coverage, &item->kept.receipts[i]));
    }
    gate->counters.log_refused += item->kept.is_refused ? 1 : 0;
    if (session == NULL) {
        gate->logs->bytes -= item->payload.len;
        return;
    }
    release(session, item->payload.len);
    if (session->stage != SESSION_ATTACHED) {
        return;
    }
    if (item->kept.is_refused) {
        session_lies(session, LIE_LOG_FORGED, "its log does not hold");
        return;
    }
    gate->counters.log_entries +=
        item->kept.seq > session->log_seq ? item->kept.seq - session->log_seq : 0;
    tell_kept(session, item);
}

static void give_up_item(struct gate *gate, const struct item *item)
{
    struct gate_session *session = session_of(gate, item->id);
    if (session == NULL) {
        gate->logs->bytes -= item->payload.len;
        return;
    }
    release(session, item->payload.len);
    gate->counters.busy++;
    usec again = (usec)entropy_below(gate->config.entropy, (uint64_t)(30 * USEC_SECOND));
    session_bye(session, BYE_FULL, USEC_SECOND + again);
}

static void append(struct log_desk *desk, struct batch *batch)
{
    batch->next = NULL;
    if (desk->first == NULL) {
        desk->first = batch;
    } else {
        desk->last->next = batch;
    }
    desk->last = batch;
}

/* One of them is what the store cannot take; which one shows when each is alone. */
static void part(struct gate *gate, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct batch *alone = mem_take(sizeof *alone);
        alone->gate = gate;
        alone->items[0] = batch->items[i];
        alone->items[0].kept = (struct play_log_kept){.seq = 0};
        alone->count = 1;
        append(gate->logs, alone);
    }
    batch->count = 0;
}

static void finish_batch(void *ctx)
{
    struct batch *batch = ctx;
    struct gate *gate = batch->gate;
    gate->logs->running--;
    if (batch->rc != OK) {
        LOG(LOG_WARN, "logs_not_kept", log_int("pieces", (int64_t)batch->count),
            log_errc(batch->rc), log_why(&batch->why));
    }
    bool is_down = batch->rc == ERR_STORE || batch->rc == ERR_CLOSED || batch->rc == ERR_BUSY ||
                   batch->rc == ERR_DISK_FULL || batch->rc == ERR_TIMEOUT;
    if (batch->rc != OK && !is_down && batch->count > 1) {
        part(gate, batch);
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->rc == OK) {
            settle_item(gate, &batch->items[i]);
        } else {
            give_up_item(gate, &batch->items[i]);
        }
    }
    batch_destroy(batch);
    start_next(gate);
}

static void batch_done(void *ctx, errc rc, const struct why *why)
{
    struct batch *batch = ctx;
    batch->rc = rc;
    if (rc != OK && why != NULL) {
        batch->why = *why;
    }
    ENSURE(loop_post(batch->gate->config.loop, finish_batch, batch) == OK);
}

static void start_batch(struct gate *gate, struct batch *batch)
{
    const struct gate_ports *ports = &gate->config.ports;
    struct gate_job job = {.run = run_batch, .done = batch_done, .ctx = batch};
    batch->now = now_utc();
    gate->logs->running++;
    errc rc = ports->write(ports->ctx, job);
    if (rc != OK) {
        batch->rc = rc;
        ENSURE(loop_post(gate->config.loop, finish_batch, batch) == OK);
    }
}

static void start_next(struct gate *gate)
{
    struct log_desk *desk = gate->logs;
    while (desk->first != NULL && desk->running < BATCHES) {
        struct batch *batch = desk->first;
        desk->first = batch->next;
        start_batch(gate, batch);
    }
}

/* --- taking ---------------------------------------------------------------------------------- */

static void flush(void *ctx)
{
    struct gate *gate = ctx;
    struct log_desk *desk = gate->logs;
    desk->is_flush_posted = false;
    if (desk->filling != NULL) {
        append(desk, desk->filling);
        desk->filling = NULL;
    }
    start_next(gate);
}

/* What comes in the same turn of the loop goes together. */
static void plan_flush(struct gate *gate)
{
    if (!gate->logs->is_flush_posted) {
        gate->logs->is_flush_posted = loop_post(gate->config.loop, flush, gate) == OK;
    }
}

static bool copy_payload(str payload, str *ret_copy)
{
    char *copy = mem_try(payload.len);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, payload.at, payload.len);
    *ret_copy = (str){copy, payload.len};
    return true;
}

void log_desk_take(struct gate_session *session, str payload)
{
    struct gate *gate = session->gate;
    struct log_desk *desk = gate->logs;
    struct item item = {
        .id = session->id, .device = (uint64_t)session->device, .key = session->key};
    if (desk->bytes + payload.len > WAITING_MOST || !copy_payload(payload, &item.payload)) {
        gate->counters.busy++;
        session_bye(session, BYE_FULL, 10 * USEC_SECOND);
        return;
    }
    if (desk->filling == NULL) {
        desk->filling = mem_take(sizeof *desk->filling);
        desk->filling->gate = gate;
    }
    desk->filling->items[desk->filling->count++] = item;
    desk->bytes += payload.len;
    session->logs++;
    if (session->logs >= SESSION_LOGS) {
        session_stop_reading(session);
    }
    if (desk->filling->count == ITEMS) {
        append(desk, desk->filling);
        desk->filling = NULL;
        start_next(gate);
        return;
    }
    plan_flush(gate);
}

void log_desk_tick(struct gate *gate)
{
    if (gate->logs->filling != NULL) {
        plan_flush(gate);
    }
}

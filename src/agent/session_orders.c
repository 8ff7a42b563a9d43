/* Enrolment, trust, orders, and the comparison of what the server has in force with what is here.
 */
#include "agent/session_inside.h"

#include "agent/authority_pack.h"
#include "base/crash.h"

#define WANT_AGAIN (2 * USEC_MINUTE)
#define REFUSAL_EVERY USEC_MINUTE /* one entry of the log in a minute, … */

enum { REFUSALS_AT_ONCE = 32 /* … and so many at once */, WANT_TRIES = 3 };

static bool ids_are(wire_id a, wire_id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

/* --- lists ----------------------------------------------------------------------------------- */

void session_lists_finish(struct session *session)
{
    mem_give(session->held.at);
    mem_give(session->lacking.at);
}

/* Room for one more of `size` bytes; false past `most`. */
static bool grow(void **at, size_t *room, size_t count, size_t size, size_t most)
{
    if (count < *room) {
        return true;
    }
    size_t wanted = *room == 0 ? 4 : *room * 2;
    wanted = wanted < most ? wanted : most;
    void *fresh = count < wanted ? mem_try_grow(*at, wanted * size) : NULL;
    if (fresh != NULL) {
        *at = fresh;
        *room = wanted;
    }
    return fresh != NULL;
}

errc session_hold(struct session *session, const struct session_held *held)
{
    struct held_list *list = &session->held;
    void *at = list->at;
    bool grown = grow(&at, &list->room, list->count, sizeof *list->at, HELD_MOST);
    list->at = at;
    if (!grown) {
        return ERR_TOO_MANY;
    }
    list->at[list->count++] = *held;
    return OK;
}

static bool is_held(const struct session *session, wire_id id)
{
    for (size_t i = 0; i < session->held.count; i++) {
        if (ids_are(session->held.at[i].id, id)) {
            return true;
        }
    }
    return false;
}

static void let_go(struct session *session, wire_id id)
{
    struct held_list *list = &session->held;
    for (size_t i = list->count; i > 0; i--) {
        if (ids_are(list->at[i - 1].id, id)) {
            list->at[i - 1] = list->at[--list->count];
        }
    }
}

static void add_lacking(struct session *session, wire_id id)
{
    struct id_list *list = &session->lacking;
    void *at = list->at;
    bool grown = grow(&at, &list->room, list->count, sizeof *list->at, LACKING_MOST);
    list->at = at;
    if (grown) {
        list->at[list->count++] = id;
    }
}

static void forget_lacking(struct session *session, wire_id id)
{
    struct id_list *list = &session->lacking;
    for (size_t i = list->count; i > 0; i--) {
        if (ids_are(list->at[i - 1], id)) {
            list->at[i - 1] = list->at[--list->count];
        }
    }
}

/* What does not stand in the authority any more (over, ended, replaced, its key revoked) goes. */
static bool still_stands(const struct authority *authority, const struct session_held *held)
{
    if (authority_is_versioned((enum order_kind)held->kind)) {
        return kid_is(authority->version_kids[held->kind], held->kid);
    }
    return authority_find(authority, held->id) != NULL;
}

static void drop_fallen(struct session *session, const struct authority *authority, bool tell)
{
    const struct session_ports *ports = session->config.ports;
    struct held_list *list = &session->held;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct session_held held = list->at[i];
        if (still_stands(authority, &held)) {
            list->at[kept++] = held;
        } else if (tell) {
            ports->fallen(ports->ctx, &held);
        }
    }
    list->count = kept;
}

/* --- the authority, kept packed --------------------------------------------------------------- */

struct authority *session_unpack(struct session *session)
{
    struct authority *authority = session->config.room->authority;
    ENSURE(authority_unpack(buf_str(&session->authority), authority, NULL) == OK);
    return authority;
}

/* Takes what stands in the scratch; *ret_before is how it was, for pack_back(). */
static errc pack(struct session *session, struct buf *ret_before)
{
    const struct authority *authority = session->config.room->authority;
    struct buf fresh;
    buf_init(&fresh, AUTHORITY_PACK_MOST);
    if (authority_pack(authority, &fresh) != OK) {
        buf_finish(&fresh);
        return ERR_NO_MEMORY;
    }
    *ret_before = session->authority;
    session->authority = fresh;
    session->device = authority->enrolled ? authority->device : 0;
    session->trust_version = authority->trust_version;
    return OK;
}

static void pack_back(struct session *session, struct buf *take_before)
{
    buf_finish(&session->authority);
    session->authority = *take_before;
    *take_before = (struct buf){.at = NULL};
    const struct authority *authority = session_unpack(session);
    session->device = authority->enrolled ? authority->device : 0;
    session->trust_version = authority->trust_version;
}

static errc keep(struct session *session, const struct authority_order *order, str cose,
                 struct why *why)
{
    const struct session_ports *ports = session->config.ports;
    struct session_keep what = {
        .authority = buf_str(&session->authority),
        .state_version = session->state_version,
        .held = session->held.at,
        .held_count = session->held.count,
        .order = order,
        .cose = cose,
    };
    return ports->keep(ports->ctx, &what, why);
}

errc session_keep_now(struct session *session, usec now, struct why *why)
{
    const struct session_ports *ports = session->config.ports;
    struct session_time time = ports->time(ports->ctx, now);
    struct authority *authority = session_unpack(session);
    AUTO(buf_finish) struct buf before = {.at = NULL};
    if (time.state >= CLOCK_HOLDING && time.now > authority->last_trusted) {
        authority->last_trusted = time.now;
        authority_expire(authority, time.now);
        drop_fallen(session, authority, false);
    }
    TRY(pack(session, &before));
    return keep(session, NULL, STR_NONE, why);
}

/* --- enrolment -------------------------------------------------------------------------------- */

void session_enrol(struct session *session, usec now, const struct wire_enrol *enrol)
{
    struct authority *authority = session_unpack(session);
    AUTO(buf_finish) struct buf before = {.at = NULL};
    struct wire_log_entry entry = {.kind = LOG_ENROLLED, .value = (int64_t)enrol->device};
    if (authority->enrolled && !hash_is(authority->root, enrol->root)) {
        entry.reason = REASON_UNKNOWN_KEY; /* one root for life; the first one is pinned */
        session_note(session, now, &entry, true);
        return;
    }
    bool is_new = !authority->enrolled || authority->device != enrol->device;
    authority->enrolled = true;
    authority->device = enrol->device;
    authority->device_key = session->key;
    authority->root = enrol->root;
    struct why why = {""};
    if (pack(session, &before) != OK) {
        return;
    }
    if (keep(session, NULL, STR_NONE, &why) != OK) {
        pack_back(session, &before);
        return;
    }
    if (!session->is_accepted) {
        session->is_accepted = true;
        session_log_attached(session, now, session->log_kept);
    }
    if (is_new) {
        session_note(session, now, &entry, true);
    }
}

/* --- trust ------------------------------------------------------------------------------------ */

static void report_if_done(struct session *session, usec now);

static void forget_refusals(struct session *session)
{
    memset(session->refused_why, 0, sizeof session->refused_why);
}

enum log_reason session_trust(struct session *session, usec now, const struct wire_trust *trust)
{
    const struct session_ports *ports = session->config.ports;
    struct session_time time = ports->time(ports->ctx, now);
    AUTO(buf_finish) struct buf before = {.at = NULL};
    struct why why = {""};
    session_enter(session);
    struct authority *authority = session_unpack(session);
    uint64_t version_before = authority->trust_version;
    size_t refused = 0;
    enum log_reason reason = authority_trust(authority, time.state, time.now, trust,
                                             session->config.room->arena, &refused);
    if (reason == REASON_NONE && pack(session, &before) != OK) {
        reason = REASON_NO_ROOM;
    }
    if (reason == REASON_NONE) {
        drop_fallen(session, authority, true);
        forget_refusals(session); /* other keys, other verdicts */
        if (keep(session, NULL, STR_NONE, &why) != OK) {
            reason = REASON_NO_ROOM; /* in force here all the same: it can only forbid */
        }
    }
    if (reason != REASON_NONE || trust->version != version_before) {
        struct wire_log_entry entry = {
            .kind = LOG_TRUST, .value = (int64_t)trust->version, .reason = reason};
        session_note(session, now, &entry, reason != REASON_NONE);
    }
    report_if_done(session, now);
    session_leave(session);
    return reason;
}

/* --- orders ----------------------------------------------------------------------------------- */

static bool was_refused(const struct session *session, wire_id id, enum log_reason reason)
{
    for (size_t i = 0; i < REFUSED_LATELY; i++) {
        bool same = reason == REASON_NONE || session->refused_why[i] == (uint8_t)reason;
        if (session->refused_why[i] != 0 && same && ids_are(session->refused[i], id)) {
            return true;
        }
    }
    return false;
}

/* What will not become right by itself is answered, and not asked for again. */
static bool is_final(enum log_reason reason)
{
    return reason != REASON_CLOCK_UNSURE && reason != REASON_NO_ROOM;
}

/* Whoever floods a device with refusals must not wear out its disk: one entry for each order and
 * reason, and not more than so many in an hour. */
static void refuse(struct session *session, usec now, const struct wire_order *head,
                   enum log_reason reason)
{
    if (is_final(reason)) {
        forget_lacking(session, head->id);
    }
    if (was_refused(session, head->id, reason)) {
        return;
    }
    session->refused[session->refused_next] = head->id;
    session->refused_why[session->refused_next] = (uint8_t)reason;
    session->refused_next = (session->refused_next + 1) % REFUSED_LATELY;
    usec credit = now - REFUSALS_AT_ONCE * REFUSAL_EVERY;
    if (session->refusal_credit_at < credit) {
        session->refusal_credit_at = credit;
    }
    if (session->refusal_credit_at <= now - REFUSAL_EVERY) {
        session->refusal_credit_at += REFUSAL_EVERY;
        struct wire_log_entry entry = {
            .kind = LOG_ORDER_REFUSED, .subject = head->id, .reason = reason};
        session_note(session, now, &entry, true);
    }
}

static void hold_order(struct session *session, const struct authority_order *order,
                       const struct authority *authority)
{
    bool versioned = authority_is_versioned((enum order_kind)order->head.kind);
    for (size_t i = session->held.count; versioned && i > 0; i--) {
        if (session->held.at[i - 1].kind == order->head.kind) {
            session->held.at[i - 1] = session->held.at[--session->held.count];
        }
    }
    drop_fallen(session, authority, false);
    struct session_held held = {
        .id = order->head.id,
        .kid = kid_of(order->cert.key),
        .expires = order->head.expires,
        .kind = (uint8_t)order->head.kind,
    };
    ignore(session_hold(session, &held)); /* past the most it is only asked for again */
}

static bool is_pressing(const struct authority_order *order)
{
    return order->head.kind == ORDER_ALARM || order->head.kind == ORDER_STOP;
}

static void obey(struct session *session, const struct authority_order *order)
{
    const struct session_ports *ports = session->config.ports;
    if (order->head.kind == ORDER_SETTINGS) {
        session->settings_beat_ms = order->settings.beat_ms;
    }
    ports->obey(ports->ctx, order);
}

/* In this order: an alarm sounds, then it is durable, then it is acknowledged. Anything else is
 * durable, then obeyed, and not taken when it cannot be kept. */
static enum log_reason take(struct session *session, usec now, const struct authority_order *order,
                            str cose)
{
    AUTO(buf_finish) struct buf before = {.at = NULL};
    struct why why = {""};
    if (pack(session, &before) != OK) {
        return REASON_NO_ROOM;
    }
    struct wire_log_entry entry = {.kind = LOG_ORDER_RECEIVED, .subject = order->head.id};
    hold_order(session, order, session->config.room->authority);
    if (is_pressing(order)) {
        obey(session, order);
        session_note(session, now, &entry, false);
    }
    errc rc = keep(session, order, cose, &why);
    if (rc != OK && !is_pressing(order)) {
        pack_back(session, &before);
        let_go(session, order->head.id);
        return REASON_NO_ROOM;
    }
    if (!is_pressing(order)) {
        obey(session, order);
    }
    if (order->head.kind == ORDER_PLACEMENT) {
        forget_refusals(session); /* another place, other verdicts */
    }
    entry.kind = order->head.kind == ORDER_RETIRE ? LOG_RETIRED : LOG_ORDER_ACCEPTED;
    session_note(session, now, &entry, is_pressing(order) || order->head.kind == ORDER_RETIRE);
    return REASON_NONE;
}

enum log_reason session_order(struct session *session, usec now, str cose)
{
    const struct session_ports *ports = session->config.ports;
    struct session_time time = ports->time(ports->ctx, now);
    session_enter(session);
    struct authority *authority = session_unpack(session);
    struct authority_order order;
    bool again = false;
    enum log_reason reason = authority_judge(authority, time.state, time.now, cose,
                                             session->config.room->arena, &order, &again);
    if (reason == REASON_NONE && !(again && is_held(session, order.head.id))) {
        if (!again) { /* else it was lost to a damaged disk, and is taken anew */
            authority_take(authority, &order, time.now);
        }
        reason = take(session, now, &order, cose);
    }
    if (reason == REASON_NONE) {
        forget_lacking(session, order.head.id);
    } else {
        refuse(session, now, &order.head, reason);
    }
    report_if_done(session, now);
    session_leave(session);
    return reason;
}

/* --- state ------------------------------------------------------------------------------------ */

static void report_if_done(struct session *session, usec now)
{
    bool done = session->has_target && session->lacking.count == 0 &&
                session->target_trust == session->trust_version;
    if (!done || session->phase != PHASE_ATTACHED) {
        return;
    }
    session->has_target = false;
    session->want_at = 0;
    struct why why = {""};
    uint64_t before = session->state_version;
    session->state_version = session->target_version;
    if (before != session->target_version && keep(session, NULL, STR_NONE, &why) != OK) {
        session->state_version = before;
        return;
    }
    struct wire_said said = {
        .kind = WIRE_REPORT,
        .report = {.state_version = session->state_version,
                   .trust_version = session->trust_version},
    };
    session_say(session, now, &said);
}

static bool was_answered(const struct session *session, wire_id id)
{
    return was_refused(session, id, REASON_NONE) &&
           !was_refused(session, id, REASON_CLOCK_UNSURE) &&
           !was_refused(session, id, REASON_NO_ROOM);
}

void session_want(struct session *session, usec now)
{
    struct wire_said said = {
        .kind = WIRE_WANT,
        .want = {.orders = {session->lacking.at, session->lacking.count},
                 .trust = session->has_target && session->target_trust != session->trust_version},
    };
    session->want_at = now + WANT_AGAIN;
    session_say(session, now, &said);
}

void session_state(struct session *session, usec now, const struct wire_state *state)
{
    session->has_target = true;
    session->target_version = state->version;
    session->target_trust = state->trust_version;
    session->want_tries = 0;
    if (state->orders.count > 0) {
        session->lacking.count = 0;
    }
    for (size_t i = 0; i < state->orders.count; i++) {
        wire_id id = state->orders.at[i];
        if (!is_held(session, id) && !was_answered(session, id)) {
            add_lacking(session, id);
        }
    }
    report_if_done(session, now);
    if (session->has_target) {
        session_want(session, now);
    }
}

void session_want_tick(struct session *session, usec now)
{
    if (!session->has_target || session->want_at == 0 || now < session->want_at) {
        return;
    }
    session->want_tries++;
    if (session->want_tries >= WANT_TRIES) {
        session->lacking.count = 0; /* the server has it no longer: a new state would say so */
        session->want_at = 0;
        report_if_done(session, now);
    } else {
        session_want(session, now);
    }
}

static bool is_unsure(const struct session *session, size_t index)
{
    return session->refused_why[index] == REASON_CLOCK_UNSURE;
}

/* What was refused because the time was not known is asked for once more. */
void session_clocked(struct session *session, usec now)
{
    bool asks = false;
    for (size_t i = 0; i < REFUSED_LATELY; i++) {
        if (is_unsure(session, i)) {
            forget_lacking(session, session->refused[i]);
            add_lacking(session, session->refused[i]);
            session->refused_why[i] = 0;
            asks = true;
        }
    }
    if (asks && session_is_attached(session)) {
        session_enter(session);
        session_want(session, now);
        session_leave(session);
    }
    session_changed(session, now);
}

/* The judge: steps in a fixed order, the first reason is the answer. What costs nothing comes
 * first, what a signature does not cover is never believed, and what depends on the state comes
 * last. */
#include "wire/authority.h"

#include "wire/authority_rules.h"

enum { ZONE_MOST_S = 18 * 3600 };

struct question {
    const struct authority *authority;
    str bytes;
    struct arena *arena;
    struct authority_order *order;
    struct cose cose;
    usec now;  /* no earlier than this */
    bool sure; /* and no later either */
    bool again;
};

static bool ids_are(wire_id a, wire_id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static bool is_ascending(struct wire_uints list)
{
    for (size_t i = 1; i < list.count; i++) {
        if (list.at[i - 1] >= list.at[i]) {
            return false;
        }
    }
    return true;
}

static bool has(struct wire_uints list, uint64_t number)
{
    for (size_t i = 0; i < list.count; i++) {
        if (list.at[i] == number) {
            return true;
        }
    }
    return false;
}

static enum log_reason open_order(struct question *q)
{
    struct wire_order *head = &q->order->head;
    if (cose_read(q->bytes, &q->cose, NULL) != OK ||
        wire_record_read(&wire_record_order, q->cose.payload, q->arena, head, NULL) != OK ||
        !is_ascending(head->area) || !is_ascending(head->devices)) {
        return REASON_MALFORMED;
    }
    return q->authority->enrolled ? REASON_NONE : REASON_NOT_ENROLLED;
}

static const struct wire_cert *cert_of(const struct authority *authority, wire_kid kid)
{
    for (size_t i = 0; i < authority->cert_count; i++) {
        if (kid_is(kid_of(authority->certs[i].key), kid)) {
            return &authority->certs[i];
        }
    }
    return NULL;
}

static enum log_reason check_key(struct question *q)
{
    const struct wire_cert *cert = cert_of(q->authority, q->cose.kid);
    if (authority_is_revoked(q->authority, q->cose.kid)) {
        return REASON_REVOKED;
    }
    if (cert == NULL) {
        return REASON_UNKNOWN_KEY;
    }
    if (!cose_check(COSE_ORDER, &q->cose, cert->key)) {
        return REASON_BAD_SIGNATURE;
    }
    if (cert->to <= q->now || (q->sure && cert->from > q->now + AUTHORITY_EARLY)) {
        return REASON_KEY_TIME;
    }
    q->order->cert = *cert;
    q->order->tier = cert->tier;
    return REASON_NONE;
}

static enum log_reason check_fits(struct question *q)
{
    return authority_fits(&q->order->cert, &q->order->head);
}

/* --- the body -------------------------------------------------------------------------------- */

static enum log_reason check_plan(const struct authority_order *order)
{
    usec free_from = 0;
    for (size_t i = 0; i < order->plan.items.count; i++) {
        const struct wire_plan_item *item = &order->plan.items.at[i];
        /* Else a daily key would make an emergency of a programme. */
        if ((order->cert.classes >> item->order_class & 1) == 0) {
            return REASON_CLASS;
        }
        if (item->at < free_from) {
            return REASON_MALFORMED;
        }
        free_from = item->at + (usec)item->ms * 1000;
    }
    return order->plan.from < order->plan.to ? REASON_NONE : REASON_MALFORMED;
}

static bool has_twice(struct wire_uints list)
{
    for (size_t i = 1; i < list.count; i++) {
        if (has((struct wire_uints){list.at, i}, list.at[i])) {
            return true;
        }
    }
    return false;
}

/* It brings a stream, or ends one; and never itself. */
static bool check_live(const struct wire_live *live, wire_id id)
{
    static const wire_id none = {{0}};
    return (live->stream != 0 || !ids_are(live->replaces, none)) && !ids_are(live->replaces, id);
}

enum log_reason authority_read_body(struct authority_order *order, struct arena *arena)
{
    const struct authority_rule *rule = authority_rule_of(order->head.kind);
    if (wire_record_read(rule->body, order->head.body, arena, &order->placement, NULL) != OK) {
        return REASON_MALFORMED;
    }
    bool holds = true;
    switch ((enum order_kind)order->head.kind) {
    case ORDER_PLAN:
        return check_plan(order);
    case ORDER_PLACEMENT:
        holds = order->placement.zone_s >= -ZONE_MOST_S && order->placement.zone_s <= ZONE_MOST_S &&
                !has_twice(order->placement.path);
        break;
    case ORDER_SETTINGS: /* a cap is below full level, never above */
        holds = order->settings.gain_cap_mb <= 0 && order->settings.drill_gain_mb <= 0;
        break;
    case ORDER_ALARM:
        holds = !ids_are(order->alarm.replaces, order->head.id);
        break;
    case ORDER_LIVE:
        holds = check_live(&order->live, order->head.id);
        break;
    case ORDER_CLIPS:
    case ORDER_STOP:
    case ORDER_RELEASE:
    case ORDER_ACTION:
    case ORDER_RETIRE:
        break;
    }
    return holds ? REASON_NONE : REASON_MALFORMED;
}

static enum log_reason read_body(struct question *q)
{
    return authority_read_body(q->order, q->arena);
}

/* --- the place ------------------------------------------------------------------------------- */

/* The area must reach this device at or below the unit that orders: a commune that names its
 * province orders beyond itself. */
static enum log_reason check_path(const struct authority_order *order, struct wire_uints path)
{
    size_t at = 0;
    while (at < path.count && path.at[at] != order->cert.unit) {
        at++;
    }
    for (; at < path.count; at++) {
        if (has(order->head.area, path.at[at])) {
            return REASON_NONE;
        }
    }
    return REASON_OUT_OF_AREA;
}

static enum log_reason check_place(struct question *q)
{
    const struct authority *known = q->authority;
    const struct authority_order *order = q->order;
    struct wire_uints path = {known->path, known->path_count};
    if (order->head.kind == ORDER_PLACEMENT) {
        if (order->placement.device != known->device ||
            !hash_is(order->placement.device_key, known->device_key)) {
            return REASON_NOT_FOR_ME;
        }
        path = order->placement.path;
    } else if (known->retired) {
        return REASON_RETIRED;
    } else if (known->path_count == 0) {
        return REASON_NOT_ENROLLED;
    }
    enum log_reason reason = check_path(order, path);
    if (reason != REASON_NONE) {
        return reason;
    }
    bool named = order->head.devices.count == 0 || has(order->head.devices, known->device);
    bool meant = order->head.kind != ORDER_RETIRE || order->retire.device == known->device;
    return named && meant ? REASON_NONE : REASON_NOT_FOR_ME;
}

/* --- time and freshness ---------------------------------------------------------------------- */

static enum log_reason check_time(struct question *q)
{
    const struct wire_order *head = &q->order->head;
    if (head->expires <= q->now) {
        return REASON_EXPIRED;
    }
    if (!q->sure) {
        return authority_rule_of(head->kind)->wants_clock ? REASON_CLOCK_UNSURE : REASON_NONE;
    }
    return head->not_before > q->now + AUTHORITY_EARLY ? REASON_NOT_YET : REASON_NONE;
}

/* The version alone says what is fresh: on attach, orders of one key come by kind, not by number.
 */
static enum log_reason check_version(struct question *q)
{
    const struct wire_order *head = &q->order->head;
    uint64_t highest = q->authority->versions[head->kind];
    if (head->version > highest) {
        return REASON_NONE;
    }
    q->again =
        head->version == highest && kid_is(q->authority->version_kids[head->kind], q->cose.kid);
    return q->again ? REASON_NONE : REASON_OLD_VERSION;
}

static enum log_reason check_fresh(struct question *q)
{
    const struct wire_order *head = &q->order->head;
    if (authority_rule_of(head->kind)->versioned) {
        return check_version(q);
    }
    bool seen = authority_is_seen(authority_seen_of(q->authority, q->cose.kid), head->sequence);
    const struct authority_target *same = authority_known(q->authority, head->id);
    q->again = seen && same != NULL && !same->ended && kid_is(same->kid, q->cose.kid);
    return q->again || (!seen && same == NULL) ? REASON_NONE : REASON_REPLAYED;
}

/* --- over whom ------------------------------------------------------------------------------- */

/* One of these ends another of its kind and class. */
static bool replaces_own(const struct authority_target *one)
{
    return one->kind == ORDER_ALARM || one->kind == ORDER_LIVE;
}

static enum log_reason check_command(const struct authority_target *one,
                                     const struct authority_target *aim)
{
    enum order_kind wanted = one->kind == ORDER_RELEASE ? ORDER_STOP
                             : one->kind == ORDER_LIVE  ? ORDER_LIVE
                                                        : ORDER_ALARM;
    if (aim == NULL) { /* what we never heard of may yet come, and is ended already */
        return one->kind == ORDER_RELEASE ? REASON_NO_TARGET : REASON_NONE;
    }
    if (aim->kind != wanted) {
        return REASON_NO_TARGET;
    }
    if (one->tier > aim->tier) {
        return REASON_LOWER_TIER;
    }
    /* Neither does a drill touch what is real, nor does an alarm make a drill real. */
    bool becomes = replaces_own(one) && one->order_class != aim->order_class;
    return becomes || !authority_commands(one, aim) ? REASON_CLASS : REASON_NONE;
}

/* An alarm that was cancelled or replaced, or a live that was ended, before it came. */
static enum log_reason check_ended(const struct authority *authority,
                                   const struct authority_target *alarm)
{
    for (size_t i = 0; i < authority->in_force_count; i++) {
        const struct authority_target *one = &authority->in_force[i];
        if (ids_are(one->aim, alarm->id) && check_command(one, alarm) == REASON_NONE) {
            return replaces_own(one) ? REASON_REPLACED : REASON_CANCELLED;
        }
    }
    return REASON_NONE;
}

static enum log_reason check_target(struct question *q)
{
    static const wire_id none = {{0}};
    struct authority_target target = authority_target_of(q->order);
    enum log_reason reason = REASON_NONE;
    if (q->again) {
        return REASON_NONE;
    }
    if (!ids_are(target.aim, none)) {
        reason = check_command(&target, authority_find(q->authority, target.aim));
    }
    if (reason == REASON_NONE && replaces_own(&target)) {
        reason = check_ended(q->authority, &target);
    }
    return reason;
}

static bool has_room_for_key(const struct authority *known, wire_kid kid)
{
    bool room = known->seen_count < AUTHORITY_SEEN || authority_seen_of(known, kid) != NULL;
    for (size_t i = 0; !room && i < known->seen_count; i++) {
        room = known->seen[i].to <= known->last_trusted;
    }
    return room;
}

static enum log_reason check_room(struct question *q)
{
    if (q->again || authority_rule_of(q->order->head.kind)->versioned) {
        return REASON_NONE;
    }
    struct authority_target target = authority_target_of(q->order);
    bool room = authority_place(q->authority, &target) < AUTHORITY_IN_FORCE;
    return room && has_room_for_key(q->authority, q->cose.kid) ? REASON_NONE : REASON_NO_ROOM;
}

enum log_reason authority_judge(const struct authority *authority, enum clock_state clock, usec now,
                                str cose, struct arena *arena, struct authority_order *ret_order,
                                bool *ret_again)
{
    static enum log_reason (*const steps[])(struct question *) = {
        open_order, check_key,   check_fits,   read_body, check_place,
        check_time, check_fresh, check_target, check_room};
    struct question q = {.authority = authority,
                         .bytes = cose,
                         .arena = arena,
                         .order = ret_order,
                         .now = authority->last_trusted,
                         .sure = clock >= CLOCK_HOLDING};
    if (clock != CLOCK_UNSURE && now > q.now) {
        q.now = now;
    }
    memset(ret_order, 0, sizeof *ret_order);
    ret_order->clock_was_sure = q.sure;
    *ret_again = false;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        enum log_reason reason = steps[i](&q);
        if (reason != REASON_NONE) {
            return reason;
        }
    }
    *ret_again = q.again;
    return REASON_NONE;
}

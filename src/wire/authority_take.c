/* Writing down what was accepted. The judge has seen that there is room. */
#include "wire/authority.h"

#include "base/crash.h"
#include "wire/authority_rules.h"

struct authority_target authority_target_of(const struct authority_order *order)
{
    struct authority_target target = {.id = order->head.id,
                                      .kid = kid_of(order->cert.key),
                                      .kind = (enum order_kind)order->head.kind,
                                      .order_class = (enum order_class)order->head.order_class,
                                      .tier = order->tier,
                                      .expires = order->head.expires};
    if (target.kind == ORDER_ALARM) {
        target.aim = order->alarm.replaces;
    } else if (target.kind == ORDER_STOP) {
        target.aim = order->stop.target;
    } else if (target.kind == ORDER_RELEASE) {
        target.aim = order->release.target;
    } else if (target.kind == ORDER_LIVE) {
        target.aim = order->live.replaces;
    }
    return target;
}

static void remove_target(struct authority *authority, size_t index)
{
    authority->in_force_count--;
    authority->in_force[index] = authority->in_force[authority->in_force_count];
    memset(&authority->in_force[authority->in_force_count], 0, sizeof(struct authority_target));
}

void authority_expire(struct authority *authority, usec now)
{
    for (size_t i = authority->in_force_count; i > 0; i--) {
        if (authority->in_force[i - 1].expires <= now) {
            remove_target(authority, i - 1);
        }
    }
}

static struct authority_seen *seen_to_write(struct authority *authority, wire_kid kid)
{
    for (size_t i = 0; i < authority->seen_count; i++) {
        if (kid_is(authority->seen[i].kid, kid)) {
            return &authority->seen[i];
        }
    }
    size_t at = authority->seen_count;
    if (at == AUTHORITY_SEEN) { /* the judge has seen that one is over */
        at = 0;
        while (authority->seen[at].to > authority->last_trusted) {
            at++;
        }
    } else {
        authority->seen_count++;
    }
    authority->seen[at] = (struct authority_seen){.kid = kid};
    return &authority->seen[at];
}

static void take_sequence(struct authority *authority, const struct authority_order *order)
{
    struct authority_seen *seen = seen_to_write(authority, kid_of(order->cert.key));
    uint64_t sequence = order->head.sequence;
    seen->to = order->cert.to;
    ENSURE(!authority_is_seen(seen, sequence)); /* the judge has seen to it */
    if (sequence < seen->highest) {
        seen->below |= UINT64_C(1) << (seen->highest - sequence - 1);
        return;
    }
    uint64_t step = sequence - seen->highest;
    bool first = seen->highest == 0;
    seen->below = step < 64 ? seen->below << step : 0;
    if (step <= 64 && !first) {
        seen->below |= UINT64_C(1) << (step - 1);
    }
    seen->highest = sequence;
}

static void take_target(struct authority *authority, const struct authority_order *order)
{
    struct authority_target target = authority_target_of(order);
    for (size_t i = 0; i < authority->in_force_count; i++) {
        struct authority_target *one = &authority->in_force[i];
        one->ended = one->ended || memcmp(one->id.bytes, target.aim.bytes, WIRE_ID_SIZE) == 0;
    }
    size_t place = authority_place(authority, &target);
    ENSURE(place < AUTHORITY_IN_FORCE); /* the judge has seen to it */
    authority->in_force_count += place == authority->in_force_count ? 1 : 0;
    authority->in_force[place] = target;
}

static void take_version(struct authority *authority, const struct authority_order *order)
{
    uint64_t kind = order->head.kind;
    wire_kid kid = kid_of(order->cert.key);
    if (!kid_is(authority->version_kids[kind], kid)) {
        authority->versions_before[kind] = authority->versions[kind];
        authority->version_kids[kind] = kid;
    }
    authority->versions[kind] = order->head.version;
}

void authority_take(struct authority *authority, const struct authority_order *order, usec now)
{
    const struct wire_order *head = &order->head;
    authority_expire(authority, now);
    if (order->clock_was_sure && head->not_before > authority->last_trusted) {
        authority->last_trusted = head->not_before;
    }
    if (authority_rule_of(head->kind)->versioned) {
        take_version(authority, order);
    } else {
        take_sequence(authority, order);
        take_target(authority, order);
    }
    if (head->kind == ORDER_PLACEMENT) {
        authority->retired = false;
        authority->path_count = order->placement.path.count;
        memset(authority->path, 0, sizeof authority->path);
        memcpy(authority->path, order->placement.path.at,
               authority->path_count * sizeof authority->path[0]);
    } else if (head->kind == ORDER_RETIRE) {
        authority->retired = true;
        authority->path_count = 0;
    }
}

/* One row for each kind of order; all that is said about a kind stands here. */
#include "wire/authority_rules.h"

#define CLASS(name) (1U << CLASS_##name)

enum {
    QUIET = CLASS(ORDINARY) | CLASS(PRIORITY),
    LOUD = CLASS(EMERGENCY) | CLASS(DRILL),
};

#define LASTING (3660 * USEC_DAY) /* stays until it is replaced */

/* What is dangerous is short: a stolen order is worthless soon. A stop outlives what it stops, so
 * that an alarm that comes after its own cancellation is known to be over. */
static const struct authority_rule rules[] = {
    [ORDER_PLACEMENT] = {QUIET, TIER_PROVINCE, true, false, LASTING, 0, &wire_record_placement},
    [ORDER_SETTINGS] = {QUIET, TIER_COMMUNE, true, false, LASTING, 0, &wire_record_settings},
    [ORDER_PLAN] = {QUIET, TIER_COMMUNE, true, false, 40 * USEC_DAY, 0, &wire_record_plan},
    [ORDER_CLIPS] = {QUIET, TIER_COMMUNE, true, false, LASTING, 0, &wire_record_clips},
    [ORDER_ALARM] = {LOUD, TIER_VILLAGE, false, true, USEC_DAY, 2 * USEC_HOUR, &wire_record_alarm},
    [ORDER_STOP] = {LOUD, TIER_VILLAGE, false, true, 2 * USEC_DAY, 4 * USEC_HOUR,
                    &wire_record_stop},
    [ORDER_RELEASE] = {LOUD, TIER_VILLAGE, false, true, 2 * USEC_DAY, 4 * USEC_HOUR,
                       &wire_record_release},
    [ORDER_ACTION] = {QUIET, TIER_VILLAGE, false, true, USEC_HOUR, 0, &wire_record_action},
    [ORDER_RETIRE] = {QUIET, TIER_PROVINCE, false, false, LASTING, 0, &wire_record_retire},
    [ORDER_LIVE] = {QUIET, TIER_VILLAGE, false, true, 12 * USEC_HOUR, 0, &wire_record_live},
};

_Static_assert(COUNT_OF(rules) <= AUTHORITY_KINDS, "versions are kept for every kind");

const struct authority_rule *authority_rule_of(uint64_t kind)
{
    return kind == 0 || kind >= COUNT_OF(rules) ? NULL : &rules[kind];
}

usec authority_longest(enum order_kind kind, enum order_class order_class)
{
    const struct authority_rule *rule = authority_rule_of(kind);
    if (rule == NULL || order_class > CLASS_DRILL || (rule->classes >> order_class & 1) == 0) {
        return 0;
    }
    return order_class == CLASS_DRILL ? rule->longest_drill : rule->longest;
}

bool authority_is_versioned(enum order_kind kind)
{
    const struct authority_rule *rule = authority_rule_of(kind);
    return rule != NULL && rule->versioned;
}

enum log_reason authority_fits(const struct wire_cert *cert, const struct wire_order *head)
{
    const struct authority_rule *rule = authority_rule_of(head->kind);
    usec longest =
        authority_longest((enum order_kind)head->kind, (enum order_class)head->order_class);
    if (head->issuer != cert->unit) {
        return REASON_ISSUER;
    }
    if ((cert->classes >> head->order_class & 1) == 0) {
        return REASON_CLASS;
    }
    if (rule == NULL || (cert->kinds >> head->kind & 1) == 0 || longest == 0 ||
        cert->tier > rule->lowest) {
        return REASON_KIND;
    }
    if (rule->versioned != (head->version > 0) || head->expires <= head->not_before) {
        return REASON_MALFORMED;
    }
    return head->expires - head->not_before > longest ? REASON_TOO_LONG : REASON_NONE;
}

bool authority_commands(const struct authority_target *one, const struct authority_target *other)
{
    bool drill_over_real = one->order_class == CLASS_DRILL && other->order_class != CLASS_DRILL;
    return one->tier <= other->tier && !drill_over_real;
}

const struct authority_target *authority_known(const struct authority *authority, wire_id id)
{
    for (size_t i = 0; i < authority->in_force_count; i++) {
        if (memcmp(authority->in_force[i].id.bytes, id.bytes, sizeof id.bytes) == 0) {
            return &authority->in_force[i];
        }
    }
    return NULL;
}

const struct authority_target *authority_find(const struct authority *authority, wire_id id)
{
    const struct authority_target *target = authority_known(authority, id);
    return target == NULL || target->ended ? NULL : target;
}

/* The newer of two in the same class and tier gives way to none of its kind. */
static int rank(const struct authority_target *one, const struct authority_target *other)
{
    struct order_rank left = {.order_class = one->order_class, .tier = one->tier};
    struct order_rank right = {.order_class = other->order_class, .tier = other->tier};
    return order_rank_compare(&left, &right);
}

/* What has ended gives way to whoever might have ended it, what is in force to what stands above
 * it: else a stolen key of a commune could fill its devices so that no alarm of the province finds
 * room. */
static bool gives_way(const struct authority_target *one, const struct authority_target *to)
{
    return one->ended ? authority_commands(to, one) : rank(to, one) > 0;
}

/* Ended before in force, lower before higher, sooner over before later. */
static bool goes_before(const struct authority_target *one, const struct authority_target *other)
{
    if (one->ended != other->ended) {
        return one->ended;
    }
    int order = rank(one, other);
    return order < 0 || (order == 0 && one->expires < other->expires);
}

size_t authority_place(const struct authority *authority, const struct authority_target *target)
{
    size_t place = AUTHORITY_IN_FORCE;
    if (authority->in_force_count < AUTHORITY_IN_FORCE) {
        return authority->in_force_count;
    }
    for (size_t i = 0; i < authority->in_force_count; i++) {
        const struct authority_target *one = &authority->in_force[i];
        bool first = place == AUTHORITY_IN_FORCE || goes_before(one, &authority->in_force[place]);
        place = gives_way(one, target) && first ? i : place;
    }
    return place;
}

static int compare_kids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(wire_kid));
}

bool authority_is_revoked(const struct authority *authority, wire_kid kid)
{
    return bsearch(&kid, authority->revoked, authority->revoked_count, sizeof kid, compare_kids) !=
           NULL;
}

const struct authority_seen *authority_seen_of(const struct authority *authority, wire_kid kid)
{
    for (size_t i = 0; i < authority->seen_count; i++) {
        if (kid_is(authority->seen[i].kid, kid)) {
            return &authority->seen[i];
        }
    }
    return NULL;
}

bool authority_is_seen(const struct authority_seen *seen, uint64_t sequence)
{
    if (seen == NULL || sequence > seen->highest) {
        return false;
    }
    uint64_t behind = seen->highest - sequence;
    return behind == 0 || behind > 64 || (seen->below >> (behind - 1) & 1) != 0;
}

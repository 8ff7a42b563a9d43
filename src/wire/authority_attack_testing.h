/* Bad orders from a seed: each begins as a right one that the device would obey (which is checked,
 * for a generator that could not fail is worthless) and is then made wrong in one way, whose
 * reason is known. For tests and measurements only. */
#ifndef LOA_WIRE_AUTHORITY_ATTACK_TESTING_H
#define LOA_WIRE_AUTHORITY_ATTACK_TESTING_H

#include "wire/authority_testing.h"

enum {
    ATTACK_ANY = -1,   /* whatever the reason, it must not be obeyed */
    ATTACK_KID_AT = 7, /* of the key id in the bytes of a COSE_Sign1 of ours */
    /* Ids of what is in force. */
    ATTACK_PROVINCE_ALARM = 1,
    ATTACK_COMMUNE_ALARM = 2,
    ATTACK_DRILL = 3,
    ATTACK_PROVINCE_STOP = 4,
    ATTACK_ENDED_ALARM = 5,
};

struct attack {
    struct authority_kit *kit;
    struct entropy_seed seed;
    struct entropy chance;
    uint64_t number; /* of attempts so far */
    str ended;       /* bytes of an alarm that was taken and has ended */
    char ended_bytes[512];
    uint64_t taken_sequence; /* of the commune's emergency key */
};

/* One attempt. */
struct attempt {
    const char *name;
    int expected; /* enum log_reason, or ATTACK_ANY */
    enum clock_state clock;
    struct kit_draft draft;
    str cose;
};

static inline uint64_t attack_below(struct attack *attack, uint64_t limit)
{
    return entropy_below(attack->chance, limit);
}

/* --- right orders ---------------------------------------------------------------------------- */

static inline struct kit_draft attack_draft(struct attack *attack, enum order_kind kind,
                                            enum kit_key key)
{
    struct kit_draft draft = kit_draft_of(attack->kit, kind, key);
    draft.head.expires += (usec)attack_below(attack, 60 * USEC_SECOND);
    if (attack_below(attack, 2) == 0) {
        draft.head.area = kit_units(attack->kit, KIT_VILLAGE);
    }
    if (attack_below(attack, 2) == 0) {
        draft.head.devices = kit_units(attack->kit, KIT_DEVICE);
    }
    if (kind == ORDER_RELEASE) {
        draft.release.target = kit_id(ATTACK_PROVINCE_STOP);
    }
    return draft;
}

/* Any right order; `loud`: only those that act at once. */
static inline struct kit_draft attack_base(struct attack *attack, bool loud)
{
    static const struct {
        enum order_kind kind;
        enum kit_key key;
    } bases[] = {
        {ORDER_ALARM, KIT_COMMUNE_EMERGENCY}, {ORDER_ALARM, KIT_PROVINCE_EMERGENCY},
        {ORDER_ALARM, KIT_COMMUNE_DRILL},     {ORDER_STOP, KIT_COMMUNE_EMERGENCY},
        {ORDER_STOP, KIT_PROVINCE_DRILL},     {ORDER_RELEASE, KIT_PROVINCE_EMERGENCY},
        {ORDER_ACTION, KIT_VILLAGE_DAILY},    {ORDER_PLACEMENT, KIT_PROVINCE_DAILY},
        {ORDER_SETTINGS, KIT_COMMUNE_DAILY},  {ORDER_PLAN, KIT_COMMUNE_DAILY},
        {ORDER_CLIPS, KIT_PROVINCE_DAILY},    {ORDER_RETIRE, KIT_PROVINCE_DAILY},
    };
    size_t at = (size_t)attack_below(attack, loud ? 7 : COUNT_OF(bases));
    return attack_draft(attack, bases[at].kind, bases[at].key);
}

/* --- made wrong ------------------------------------------------------------------------------ */

/* The bytes of the draft, to be altered. */
static inline char *attack_bytes(struct attack *attack, struct attempt *attempt)
{
    str cose = kit_order(attack->kit, &attempt->draft);
    char *bytes = arena_take(attack->kit->arena, cose.len + 64);
    ENSURE(bytes != NULL);
    memcpy(bytes, cose.at, cose.len);
    attempt->cose = (str){bytes, cose.len};
    return bytes;
}

static inline void attack_signature(struct attack *attack, struct attempt *attempt)
{
    char *bytes = attack_bytes(attack, attempt);
    char *signature = bytes + attempt->cose.len - WIRE_SIGNATURE_SIZE;
    switch (attack_below(attack, 3)) {
    case 0:
        memset(signature, 0, WIRE_SIGNATURE_SIZE);
        break;
    case 1:
        entropy_fill(attack->chance, signature, WIRE_SIGNATURE_SIZE);
        break;
    default: /* S of the signature moved: the same point, another scalar */
        signature[WIRE_SIGNATURE_SIZE - 1 - attack_below(attack, 32)]++;
    }
}

/* By a stranger, who writes the id of a key that is known. */
static inline void attack_kid(struct attack *attack, struct attempt *attempt)
{
    wire_kid kid = kid_of(attack->kit->keys[attempt->draft.key].key);
    attempt->draft.key = attack_below(attack, 2) == 0 ? KIT_STRANGER : KIT_ELSEWHERE_EMERGENCY;
    char *bytes = attack_bytes(attack, attempt);
    memcpy(bytes + ATTACK_KID_AT, kid.bytes, sizeof kid.bytes);
}

static inline void attack_stranger(struct attack *attack, struct attempt *attempt)
{
    attempt->draft.key = attack_below(attack, 2) == 0 ? KIT_STRANGER : KIT_ROOT;
}

static inline void attack_revoked(struct attack *attack, struct attempt *attempt)
{
    attempt->draft = attack_draft(attack, ORDER_ALARM, KIT_REVOKED_EMERGENCY);
}

static inline void attack_key_time(struct attack *attack, struct attempt *attempt)
{
    bool early = attack_below(attack, 2) == 0;
    attempt->draft =
        attack_draft(attack, ORDER_ALARM, early ? KIT_EARLY_EMERGENCY : KIT_OVER_EMERGENCY);
}

static inline void attack_issuer(struct attack *attack, struct attempt *attempt)
{
    attempt->draft.head.issuer += 1 + attack_below(attack, 2000);
}

/* Another class than those of its key, emergencies by drill keys before all. */
static inline void attack_class(struct attack *attack, struct attempt *attempt)
{
    uint64_t classes = attack->kit->certs[attempt->draft.key].classes;
    do {
        attempt->draft.head.order_class = 1 + attack_below(attack, CLASS_DRILL);
    } while ((classes >> attempt->draft.head.order_class & 1) != 0);
}

static inline void attack_drill_as_real(struct attack *attack, struct attempt *attempt)
{
    attempt->draft = attack_draft(attack, ORDER_ALARM, KIT_COMMUNE_DRILL);
    attempt->draft.head.order_class = CLASS_EMERGENCY;
}

static inline void attack_kind(struct attack *attack, struct attempt *attempt)
{
    static const struct {
        enum order_kind kind;
        enum kit_key key;
    } wrong[] = {
        {ORDER_PLACEMENT, KIT_COMMUNE_DAILY}, {ORDER_RETIRE, KIT_COMMUNE_DAILY},
        {ORDER_ALARM, KIT_COMMUNE_DAILY},     {ORDER_STOP, KIT_PROVINCE_DAILY},
        {ORDER_SETTINGS, KIT_VILLAGE_DAILY},  {ORDER_PLAN, KIT_COMMUNE_EMERGENCY},
        {ORDER_ACTION, KIT_COMMUNE_DRILL},
    };
    size_t at = (size_t)attack_below(attack, COUNT_OF(wrong));
    attempt->draft = attack_draft(attack, wrong[at].kind, wrong[at].key);
}

static inline void attack_area(struct attack *attack, struct attempt *attempt)
{
    static const uint64_t beyond[] = {KIT_PROVINCE, KIT_DISTRICT};
    attempt->draft = attack_draft(attack, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    uint64_t unit = attack_below(attack, 2) == 0 ? beyond[attack_below(attack, 2)]
                                                 : 2000 + attack_below(attack, 1000);
    attempt->draft.head.area = kit_units(attack->kit, unit);
}

static inline void attack_elsewhere(struct attack *attack, struct attempt *attempt)
{
    static const uint64_t areas[] = {KIT_ELSEWHERE, KIT_PROVINCE, KIT_COMMUNE, KIT_VILLAGE};
    attempt->draft = attack_draft(attack, ORDER_STOP, KIT_ELSEWHERE_EMERGENCY);
    attempt->draft.head.area = kit_units(attack->kit, areas[attack_below(attack, 4)]);
}

static inline void attack_device(struct attack *attack, struct attempt *attempt)
{
    attempt->draft.head.devices = kit_units(attack->kit, KIT_DEVICE + 1 + attack_below(attack, 9));
    if (attempt->draft.head.kind == ORDER_PLACEMENT) {
        attempt->draft.placement.device_key.bytes[attack_below(attack, HASH_SIZE)] ^= 1;
    }
}

static inline void attack_expired(struct attack *attack, struct attempt *attempt)
{
    attempt->draft.head.expires = KIT_NOW - (usec)attack_below(attack, USEC_HOUR);
    attempt->draft.head.not_before = attempt->draft.head.expires - USEC_SECOND;
}

static inline void attack_too_long(struct attack *attack, struct attempt *attempt)
{
    struct wire_order *head = &attempt->draft.head;
    usec longest =
        authority_longest((enum order_kind)head->kind, (enum order_class)head->order_class);
    head->expires = head->not_before + longest + 1 + (usec)attack_below(attack, USEC_DAY);
}

static inline void attack_not_yet(struct attack *attack, struct attempt *attempt)
{
    struct wire_order *head = &attempt->draft.head;
    head->not_before = KIT_NOW + AUTHORITY_EARLY + 1 + (usec)attack_below(attack, USEC_DAY);
    head->expires = head->not_before + USEC_MINUTE;
}

static inline void attack_clock(struct attack *attack, struct attempt *attempt)
{
    attempt->clock = attack_below(attack, 2) == 0 ? CLOCK_UNSURE : CLOCK_BOUNDED;
}

/* The very bytes of an alarm that has ended, or a new one under an old number. */
static inline void attack_replay(struct attack *attack, struct attempt *attempt)
{
    if (attack_below(attack, 2) == 0) {
        attempt->cose = attack->ended;
        return;
    }
    attempt->draft = attack_draft(attack, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    attempt->draft.head.sequence = 1 + attack_below(attack, attack->taken_sequence);
}

static inline void attack_version(struct attack *attack, struct attempt *attempt)
{
    attempt->draft = attack_draft(attack, ORDER_SETTINGS, KIT_COMMUNE_DAILY);
    attempt->draft.head.version =
        1 + attack_below(attack, attack->kit->authority.versions[ORDER_SETTINGS] - 1);
}

static inline void attack_over_higher(struct attack *attack, struct attempt *attempt)
{
    static const enum order_kind kinds[] = {ORDER_STOP, ORDER_ALARM, ORDER_RELEASE};
    enum order_kind kind = kinds[attack_below(attack, COUNT_OF(kinds))];
    attempt->draft = attack_draft(attack, kind, KIT_COMMUNE_EMERGENCY);
    if (kind == ORDER_STOP) {
        attempt->draft.stop.target = kit_id(ATTACK_PROVINCE_ALARM);
    } else if (kind == ORDER_ALARM) {
        attempt->draft.alarm.replaces = kit_id(ATTACK_PROVINCE_ALARM);
    }
}

/* A programme that says it is an emergency. */
static inline void attack_programme(struct attack *attack, struct attempt *attempt)
{
    struct wire_plan_item *item = arena_take(attack->kit->arena, sizeof *item);
    ENSURE(item != NULL);
    *item = (struct wire_plan_item){.id = kit_id(9),
                                    .at = KIT_NOW,
                                    .ms = 1000,
                                    .kind = PLAN_SILENCE,
                                    .order_class = CLASS_EMERGENCY + attack_below(attack, 2),
                                    .tier = TIER_PROVINCE};
    attempt->draft = attack_draft(attack, ORDER_PLAN, KIT_COMMUNE_DAILY);
    attempt->draft.plan.items.at = item;
    attempt->draft.plan.items.count = 1;
}

/* A drill that ends what is real, or an update that makes a drill real. */
static inline void attack_over_drill(struct attack *attack, struct attempt *attempt)
{
    if (attack_below(attack, 2) == 0) {
        attempt->draft = attack_draft(attack, ORDER_STOP, KIT_PROVINCE_DRILL);
        attempt->draft.stop.target = kit_id(ATTACK_COMMUNE_ALARM);
    } else {
        attempt->draft = attack_draft(attack, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
        attempt->draft.alarm.replaces = kit_id(ATTACK_DRILL);
    }
}

/* Every byte in turn. */
static inline void attack_byte(struct attack *attack, struct attempt *attempt)
{
    char *bytes = attack_bytes(attack, attempt);
    size_t at = (size_t)(attack->number % attempt->cose.len);
    bytes[at] = (char)(bytes[at] ^ (1 << attack_below(attack, 8)));
}

/* Every length in turn, and some bytes too many. */
static inline void attack_length(struct attack *attack, struct attempt *attempt)
{
    char *bytes = attack_bytes(attack, attempt);
    size_t len = attempt->cose.len;
    entropy_fill(attack->chance, bytes + len, 64);
    attempt->cose.len = attack->number % 8 == 0 ? len + 1 + attack_below(attack, 64)
                                                : (size_t)(attack->number % len);
}

static inline void attack_use(struct attack *attack, struct attempt *attempt)
{
    attempt->draft.use = attack_below(attack, 2) == 0 ? COSE_CERT : COSE_REVOCATIONS;
}

/* A certificate, or another record, by a key that is known. */
static inline void attack_record(struct attack *attack, struct attempt *attempt)
{
    const struct wire_cert *cert = &attack->kit->certs[KIT_COMMUNE_EMERGENCY];
    attempt->cose =
        attack_below(attack, 2) == 0
            ? kit_sign(attack->kit, COSE_CERT, KIT_ROOT, &wire_record_cert, cert)
            : kit_sign(attack->kit, COSE_ORDER, KIT_PROVINCE_EMERGENCY, &wire_record_cert, cert);
}

/* The head of one order, the signature of another. */
static inline void attack_splice(struct attack *attack, struct attempt *attempt)
{
    char *bytes = attack_bytes(attack, attempt);
    struct kit_draft other = attempt->draft;
    other.head.expires++;
    str signature = kit_order(attack->kit, &other);
    memcpy(bytes + attempt->cose.len - WIRE_SIGNATURE_SIZE,
           signature.at + signature.len - WIRE_SIGNATURE_SIZE, WIRE_SIGNATURE_SIZE);
}

static const struct {
    const char *name;
    int expected;
    bool loud;
    void (*make)(struct attack *attack, struct attempt *attempt);
} attack_kinds[] = {
    {"unsigned", REASON_BAD_SIGNATURE, false, attack_signature},
    {"signed by another", REASON_BAD_SIGNATURE, false, attack_kid},
    {"a stranger's key", REASON_UNKNOWN_KEY, false, attack_stranger},
    {"a revoked key", REASON_REVOKED, false, attack_revoked},
    {"a key out of its time", REASON_KEY_TIME, false, attack_key_time},
    {"another issuer", REASON_ISSUER, false, attack_issuer},
    {"a class above", REASON_CLASS, false, attack_class},
    {"a drill as real", REASON_CLASS, false, attack_drill_as_real},
    {"a kind above", REASON_KIND, false, attack_kind},
    {"out of the area", REASON_OUT_OF_AREA, false, attack_area},
    {"a unit elsewhere", REASON_OUT_OF_AREA, false, attack_elsewhere},
    {"another device", REASON_NOT_FOR_ME, false, attack_device},
    {"expired", REASON_EXPIRED, false, attack_expired},
    {"valid too long", REASON_TOO_LONG, false, attack_too_long},
    {"not yet", REASON_NOT_YET, false, attack_not_yet},
    {"an unsure clock", REASON_CLOCK_UNSURE, true, attack_clock},
    {"replayed", REASON_REPLAYED, false, attack_replay},
    {"an old version", REASON_OLD_VERSION, false, attack_version},
    {"over a higher tier", REASON_LOWER_TIER, false, attack_over_higher},
    {"a drill over what is real", REASON_CLASS, false, attack_over_drill},
    {"a programme as emergency", REASON_CLASS, false, attack_programme},
    {"a byte altered", ATTACK_ANY, false, attack_byte},
    {"cut or longer", REASON_MALFORMED, false, attack_length},
    {"signed for another use", REASON_BAD_SIGNATURE, false, attack_use},
    {"no order", REASON_MALFORMED, false, attack_record},
    {"another's signature", REASON_BAD_SIGNATURE, false, attack_splice},
};

/* --- running --------------------------------------------------------------------------------- */

static inline void attack_put(struct attack *attack, enum order_kind kind, enum kit_key key,
                              uint8_t id)
{
    struct kit_draft draft = kit_draft_of(attack->kit, kind, key);
    draft.head.id = kit_id(id);
    ENSURE(kit_take(attack->kit, &draft) == REASON_NONE);
}

/* A device in the middle of its life. */
static inline struct attack *attack_create(uint64_t seed)
{
    struct attack *attack = mem_take(sizeof *attack);
    attack->kit = kit_create_placed();
    attack->seed.state = seed;
    attack->chance = entropy_seeded(&attack->seed);
    attack->kit->sequence = 1000;
    attack_put(attack, ORDER_ALARM, KIT_PROVINCE_EMERGENCY, ATTACK_PROVINCE_ALARM);
    attack_put(attack, ORDER_STOP, KIT_PROVINCE_EMERGENCY, ATTACK_PROVINCE_STOP);
    attack_put(attack, ORDER_ALARM, KIT_COMMUNE_DRILL, ATTACK_DRILL);
    attack_put(attack, ORDER_SETTINGS, KIT_COMMUNE_DAILY, 9);
    attack_put(attack, ORDER_ALARM, KIT_COMMUNE_EMERGENCY, ATTACK_COMMUNE_ALARM);
    struct kit_draft ended = kit_draft_of(attack->kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    ended.head.id = kit_id(ATTACK_ENDED_ALARM);
    str bytes = kit_order(attack->kit, &ended);
    ENSURE(kit_take(attack->kit, &ended) == REASON_NONE && bytes.len <= 512);
    memcpy(attack->ended_bytes, bytes.at, bytes.len);
    attack->ended = (str){attack->ended_bytes, bytes.len};
    struct kit_draft stop = kit_draft_of(attack->kit, ORDER_STOP, KIT_COMMUNE_EMERGENCY);
    stop.stop.target = ended.head.id;
    ENSURE(kit_take(attack->kit, &stop) == REASON_NONE);
    attack->taken_sequence = stop.head.sequence;
    struct authority_seen *last =
        &attack->kit->authority.seen[attack->kit->authority.seen_count - 1];
    ENSURE(last->highest == attack->taken_sequence);
    last->below = UINT64_MAX; /* it has taken every number up to there */
    return attack;
}

static inline void attack_destroy(struct attack *attack)
{
    kit_destroy(attack->kit);
    mem_give(attack);
}

static inline bool attack_is_obeyed(struct attack *attack, enum clock_state clock, str cose,
                                    enum log_reason *ret_reason)
{
    struct authority_order order;
    bool again = false;
    *ret_reason = authority_judge(&attack->kit->authority, clock, KIT_NOW, cose, attack->kit->arena,
                                  &order, &again);
    return *ret_reason == REASON_NONE && !again;
}

/* The next attempt. *ret_control: the right order that it began as is obeyed. */
static inline struct attempt attack_next(struct attack *attack, bool *ret_control)
{
    size_t kind = (size_t)(attack->number % COUNT_OF(attack_kinds));
    enum log_reason reason;
    arena_reset(attack->kit->arena);
    struct attempt attempt = {.name = attack_kinds[kind].name,
                              .expected = attack_kinds[kind].expected,
                              .clock = CLOCK_SURE,
                              .draft = attack_base(attack, attack_kinds[kind].loud)};
    *ret_control =
        attack_is_obeyed(attack, CLOCK_SURE, kit_order(attack->kit, &attempt.draft), &reason);
    attack_kinds[kind].make(attack, &attempt);
    if (attempt.cose.at == NULL) {
        attempt.cose = kit_order(attack->kit, &attempt.draft);
    }
    attack->number++;
    return attempt;
}

#endif

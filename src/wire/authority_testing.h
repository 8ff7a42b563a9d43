/* A province for tests of the judge: a root, keys of units with their certificates, and one device
 * (number 7, on the path 1, 10, 100, 1000) that has taken trust and placement by the same code as
 * in earnest. Orders are drafts that a test alters before they are signed. For tests only. */
#ifndef LOA_WIRE_AUTHORITY_TESTING_H
#define LOA_WIRE_AUTHORITY_TESTING_H

#include "base/crash.h"
#include "base/entropy.h"
#include "wire/authority.h"
#include "wire/codec.h"
#include "wire/key_use.h"

#include <sodium.h>

enum {
    KIT_DEVICE = 7,
    KIT_PROVINCE = 1,
    KIT_DISTRICT = 10,
    KIT_COMMUNE = 100,
    KIT_VILLAGE = 1000,
    KIT_ELSEWHERE = 101, /* another commune */
    KIT_BYTES = 4096,
};

#define KIT_NOW (20000 * USEC_DAY)

/* name, unit, tier, use, certificate from and to (days from now) */
#define KIT_KEYS(X)                                                                                \
    X(ROOT, 0, 0, KEY_ROOT, -10, 10)                                                               \
    X(PROVINCE_DAILY, KIT_PROVINCE, TIER_PROVINCE, KEY_DAILY, -10, 10)                             \
    X(PROVINCE_EMERGENCY, KIT_PROVINCE, TIER_PROVINCE, KEY_EMERGENCY, -10, 10)                     \
    X(PROVINCE_DRILL, KIT_PROVINCE, TIER_PROVINCE, KEY_DRILL, -10, 10)                             \
    X(DISTRICT_EMERGENCY, KIT_DISTRICT, TIER_DISTRICT, KEY_EMERGENCY, -10, 10)                     \
    X(COMMUNE_DAILY, KIT_COMMUNE, TIER_COMMUNE, KEY_DAILY, -10, 10)                                \
    X(COMMUNE_EMERGENCY, KIT_COMMUNE, TIER_COMMUNE, KEY_EMERGENCY, -10, 10)                        \
    X(COMMUNE_DRILL, KIT_COMMUNE, TIER_COMMUNE, KEY_DRILL, -10, 10)                                \
    X(VILLAGE_DAILY, KIT_VILLAGE, TIER_VILLAGE, KEY_DAILY, -10, 10)                                \
    X(ELSEWHERE_EMERGENCY, KIT_ELSEWHERE, TIER_COMMUNE, KEY_EMERGENCY, -10, 10)                    \
    X(ELSEWHERE_DAILY, KIT_ELSEWHERE, TIER_COMMUNE, KEY_DAILY, -10, 10)                            \
    X(OVER_EMERGENCY, KIT_COMMUNE, TIER_COMMUNE, KEY_EMERGENCY, -10, -1)                           \
    X(EARLY_EMERGENCY, KIT_COMMUNE, TIER_COMMUNE, KEY_EMERGENCY, 1, 10)                            \
    X(REVOKED_EMERGENCY, KIT_COMMUNE, TIER_COMMUNE, KEY_EMERGENCY, -10, 10)                        \
    X(ODD, KIT_COMMUNE, TIER_COMMUNE, KEY_ROOT, -10, 10) /* every kind, every class but drill */   \
    X(STRANGER, KIT_COMMUNE, TIER_COMMUNE, KEY_EMERGENCY, -10, 10) /* has no certificate */

enum kit_key {
#define X(name, unit, tier, use, from, to) KIT_##name,
    KIT_KEYS(X)
#undef X
        KIT_KEY_COUNT
};

struct kit_secret {
    uint8_t secret[COSE_SECRET_SIZE];
    hash key;
};

struct authority_kit {
    struct arena *arena;
    struct kit_secret keys[KIT_KEY_COUNT];
    struct wire_cert certs[KIT_KEY_COUNT];
    struct authority authority;
    uint64_t sequence; /* of the next draft */
};

/* An order before it is signed. */
struct kit_draft {
    enum kit_key key;
    enum cose_use use;
    struct wire_order head;
    union {
        struct wire_placement placement;
        struct wire_settings settings;
        struct wire_plan plan;
        struct wire_clips clips;
        struct wire_alarm alarm;
        struct wire_stop stop;
        struct wire_release release;
        struct wire_action action;
        struct wire_retire retire;
        struct wire_live live;
    };
};

static inline struct kit_secret kit_secret_of(uint8_t number)
{
    struct kit_secret secret;
    uint8_t seed[crypto_sign_SEEDBYTES] = {'k', 'i', 't', number};
    ENSURE(crypto_sign_seed_keypair(secret.key.bytes, secret.secret, seed) == 0);
    return secret;
}

/* Takes the record as a COSE_Sign1 of this key, in the arena. */
static inline str kit_sign(struct authority_kit *kit, enum cose_use use, enum kit_key key,
                           const struct wire_record *record, const void *value)
{
    AUTO(buf_finish) struct buf payload = {0};
    AUTO(buf_finish) struct buf cose = {0};
    buf_init(&payload, 65536);
    buf_init(&cose, 65536);
    ENSURE(wire_record_write(record, value, &payload) == OK);
    ENSURE(cose_sign(use, buf_str(&payload), kit->keys[key].secret, &cose) == OK);
    str kept = arena_str(kit->arena, buf_str(&cose));
    ENSURE(kept.at != NULL);
    return kept;
}

static inline const struct wire_record *kit_body_of(uint64_t kind)
{
    static const struct wire_record *const bodies[] = {
        NULL,
        &wire_record_placement,
        &wire_record_settings,
        &wire_record_plan,
        &wire_record_clips,
        &wire_record_alarm,
        &wire_record_stop,
        &wire_record_release,
        &wire_record_action,
        &wire_record_retire,
        &wire_record_live,
    };
    return bodies[kind];
}

static inline wire_id kit_id(uint8_t number)
{
    wire_id id = {{'i', 'd', number}};
    return id;
}

static inline struct wire_uints kit_units(struct authority_kit *kit, uint64_t unit)
{
    uint64_t *at = arena_take_array(kit->arena, 1, sizeof *at);
    ENSURE(at != NULL);
    *at = unit;
    return (struct wire_uints){at, 1};
}

static inline struct wire_placement kit_placement(const struct authority_kit *kit)
{
    static const uint64_t path[] = {KIT_PROVINCE, KIT_DISTRICT, KIT_COMMUNE, KIT_VILLAGE};
    return (struct wire_placement){.device = KIT_DEVICE,
                                   .device_key = kit->authority.device_key,
                                   .path = {path, COUNT_OF(path)},
                                   .name = S("Cụm loa Nà Sản"),
                                   .zone_s = 7 * 3600};
}

/* A right order: every kind with what it needs at least, over all of the key's unit. */
static inline struct kit_draft kit_draft_of(struct authority_kit *kit, enum order_kind kind,
                                            enum kit_key key)
{
    const struct wire_cert *cert = &kit->certs[key];
    struct kit_draft draft = {.key = key, .use = COSE_ORDER};
    uint64_t order_class = CLASS_PRIORITY;
    if ((cert->classes >> CLASS_PRIORITY & 1) == 0) {
        order_class = (cert->classes >> CLASS_DRILL & 1) != 0 ? CLASS_DRILL : CLASS_EMERGENCY;
    }
    kit->sequence++;
    draft.head = (struct wire_order){.id = kit_id((uint8_t)kit->sequence),
                                     .kind = kind,
                                     .order_class = order_class,
                                     .issuer = cert->unit,
                                     .area = kit_units(kit, cert->unit),
                                     .sequence = kit->sequence,
                                     .not_before = KIT_NOW - USEC_SECOND,
                                     .expires = KIT_NOW + USEC_MINUTE,
                                     .version = authority_is_versioned(kind) ? kit->sequence : 0};
    draft.head.id.bytes[15] = 1; /* none that a test gives itself */
    memcpy(draft.head.id.bytes + 4, &kit->sequence, sizeof kit->sequence);
    if (kind == ORDER_PLACEMENT) {
        draft.placement = kit_placement(kit);
    } else if (kind == ORDER_PLAN) {
        draft.plan = (struct wire_plan){.from = KIT_NOW, .to = KIT_NOW + 8 * USEC_DAY};
    } else if (kind == ORDER_ALARM) {
        draft.alarm = (struct wire_alarm){.signal = SIGNAL_SIREN, .clip = 1};
    } else if (kind == ORDER_RELEASE) {
        draft.release = (struct wire_release){.target = kit_id(0)};
    } else if (kind == ORDER_ACTION) {
        draft.action = (struct wire_action){.what = ACTION_TEST_TONE};
    } else if (kind == ORDER_RETIRE) {
        draft.retire = (struct wire_retire){.device = KIT_DEVICE};
    } else if (kind == ORDER_LIVE) {
        draft.live = (struct wire_live){.stream = 5};
    }
    return draft;
}

static inline str kit_order(struct authority_kit *kit, const struct kit_draft *draft)
{
    AUTO(buf_finish) struct buf body = {0};
    struct wire_order head = draft->head;
    buf_init(&body, 61440);
    if (head.body.len == 0) {
        ENSURE(wire_record_write(kit_body_of(head.kind), &draft->placement, &body) == OK);
        head.body = buf_str(&body);
    }
    return kit_sign(kit, draft->use, draft->key, &wire_record_order, &head);
}

static inline enum log_reason kit_judge(struct authority_kit *kit, str cose, bool *ret_again)
{
    struct authority_order order;
    return authority_judge(&kit->authority, CLOCK_SURE, KIT_NOW, cose, kit->arena, &order,
                           ret_again);
}

/* Judges, and takes what is accepted. */
static inline enum log_reason kit_take(struct authority_kit *kit, const struct kit_draft *draft)
{
    struct authority_order order;
    bool again = false;
    enum log_reason reason = authority_judge(&kit->authority, CLOCK_SURE, KIT_NOW,
                                             kit_order(kit, draft), kit->arena, &order, &again);
    if (reason == REASON_NONE && !again) {
        authority_take(&kit->authority, &order, KIT_NOW);
    }
    return reason;
}

static inline struct wire_trust kit_trust(struct authority_kit *kit, uint64_t version)
{
    str *certs = arena_take_array(kit->arena, KIT_KEY_COUNT, sizeof *certs);
    ENSURE(certs != NULL);
    size_t count = 0;
    wire_kid revoked = kid_of(kit->keys[KIT_REVOKED_EMERGENCY].key);
    struct wire_revocations record = {.version = version,
                                      .at = KIT_NOW - USEC_DAY,
                                      .keys = {(const char *)revoked.bytes, sizeof revoked.bytes}};
    for (int key = KIT_ROOT + 1; key < KIT_STRANGER; key++) {
        if (key != KIT_REVOKED_EMERGENCY) {
            certs[count++] =
                kit_sign(kit, COSE_CERT, KIT_ROOT, &wire_record_cert, &kit->certs[key]);
        }
    }
    return (struct wire_trust){
        .version = version,
        .revocations = kit_sign(kit, COSE_REVOCATIONS, KIT_ROOT, &wire_record_revocations, &record),
        .certs = {certs, count}};
}

static inline void kit_make_keys(struct authority_kit *kit)
{
    static const struct {
        uint64_t unit;
        uint64_t tier;
        enum key_use use;
        int from;
        int to;
    } rows[] = {
#define X(name, unit, tier, use, from, to) {unit, tier, use, from, to},
        KIT_KEYS(X)
#undef X
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct key_limits limits = key_use_limits(rows[i].use, rows[i].tier);
        kit->keys[i] = kit_secret_of((uint8_t)i);
        kit->certs[i] = (struct wire_cert){.key = kit->keys[i].key,
                                           .unit = rows[i].unit,
                                           .tier = rows[i].tier,
                                           .classes = limits.classes,
                                           .kinds = limits.kinds,
                                           .from = KIT_NOW + rows[i].from * USEC_DAY,
                                           .to = KIT_NOW + rows[i].to * USEC_DAY,
                                           .serial = i + 1};
    }
    kit->certs[KIT_ODD].classes =
        1U << CLASS_ORDINARY | 1U << CLASS_PRIORITY | 1U << CLASS_EMERGENCY;
    kit->certs[KIT_ODD].kinds = UINT16_MAX;
}

/* A device that knows its root and nothing else. */
static inline struct authority_kit *kit_create(void)
{
    struct authority_kit *kit = mem_take(sizeof *kit);
    ENSURE(sodium_init() >= 0);
    ENSURE(arena_create(64 << 20, &kit->arena) == OK);
    kit_make_keys(kit);
    kit->authority.enrolled = true;
    kit->authority.device = KIT_DEVICE;
    kit->authority.device_key = kit_secret_of(200).key;
    kit->authority.root = kit->keys[KIT_ROOT].key;
    return kit;
}

/* The same with trust and placement. */
static inline struct authority_kit *kit_create_placed(void)
{
    struct authority_kit *kit = kit_create();
    struct wire_trust trust = kit_trust(kit, 1);
    size_t refused = 0;
    ENSURE(authority_trust(&kit->authority, CLOCK_SURE, KIT_NOW, &trust, kit->arena, &refused) ==
           REASON_NONE);
    ENSURE(refused == 0);
    struct kit_draft draft = kit_draft_of(kit, ORDER_PLACEMENT, KIT_PROVINCE_DAILY);
    ENSURE(kit_take(kit, &draft) == REASON_NONE);
    return kit;
}

static inline void kit_destroy(struct authority_kit *kit)
{
    arena_destroy(kit->arena);
    mem_give(kit);
}

#endif

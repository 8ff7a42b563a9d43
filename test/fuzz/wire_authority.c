/* The judge before strangers and before thieves of keys. The first byte says which: raw bytes are
 * never obeyed; a payload or a body that a stolen key has signed may be, and then what was promised
 * holds; so do revocations and certificates that a careless root has signed. The second byte
 * chooses the key, the third the kind. */
#include "wire/authority_testing.h"

#include "base/crash.h"

static struct authority_kit *device(void)
{
    static struct authority_kit *kit;
    if (kit == NULL) {
        kit = kit_create_placed();
    }
    arena_reset(kit->arena);
    return kit;
}

/* It is obeyed: then it was allowed, and a second time it is nothing new. */
static void check_obeyed(const struct authority_kit *kit, const struct authority_order *order,
                         str cose)
{
    struct authority known = kit->authority;
    struct authority_order second;
    bool again = false;
    const struct wire_order *head = &order->head;
    ENSURE(head->issuer == order->cert.unit);
    ENSURE((order->cert.classes >> head->order_class & 1) != 0);
    ENSURE((order->cert.kinds >> head->kind & 1) != 0);
    ENSURE(head->expires > KIT_NOW && head->not_before <= KIT_NOW + AUTHORITY_EARLY);
    authority_take(&known, order, KIT_NOW);
    enum log_reason reason =
        authority_judge(&known, CLOCK_SURE, KIT_NOW, cose, kit->arena, &second, &again);
    ENSURE(again || reason != REASON_NONE);
}

static void judge(struct authority_kit *kit, str cose, bool may_obey)
{
    struct authority_order order;
    bool again = false;
    if (authority_judge(&kit->authority, CLOCK_SURE, KIT_NOW, cose, kit->arena, &order, &again) ==
        REASON_NONE) {
        ENSURE(may_obey);
        check_obeyed(kit, &order, cose);
    }
}

static void judge_payload(struct authority_kit *kit, enum kit_key key, str payload)
{
    AUTO(buf_finish) struct buf cose;
    buf_init(&cose, 1 << 20);
    if (cose_sign(COSE_ORDER, payload, kit->keys[key].secret, &cose) == OK) {
        judge(kit, buf_str(&cose), true);
    }
}

static void judge_body(struct authority_kit *kit, enum kit_key key, uint8_t kind, str body)
{
    struct kit_draft draft = kit_draft_of(kit, (enum order_kind)(1 + kind % ORDER_RETIRE), key);
    draft.head.body = str_cut(body, 0, 61440);
    if (body.len > 0 && key != KIT_ROOT) {
        judge(kit, kit_order(kit, &draft), true);
    }
}

static void judge_trust(const struct authority_kit *kit, str payload, str certs)
{
    AUTO(buf_finish) struct buf cose;
    struct authority known = kit->authority;
    size_t refused = 0;
    buf_init(&cose, 1 << 20);
    ENSURE(cose_sign(COSE_REVOCATIONS, payload, kit->keys[KIT_ROOT].secret, &cose) == OK);
    struct wire_trust trust = {.version = 9, .revocations = buf_str(&cose), .certs = {&certs, 1}};
    if (authority_trust(&known, CLOCK_SURE, KIT_NOW, &trust, kit->arena, &refused) == REASON_NONE) {
        ENSURE(known.revocations_version >= kit->authority.revocations_version);
        ENSURE(known.revoked_count <= AUTHORITY_REVOKED && known.cert_count == 0 && refused == 1);
    }
}

/* A certificate that the root has signed without looking. */
static void judge_cert(struct authority_kit *kit, str payload)
{
    AUTO(buf_finish) struct buf cose;
    struct authority known = kit->authority;
    struct wire_trust trust = kit_trust(kit, 9);
    size_t refused = 0;
    buf_init(&cose, 1 << 20);
    ENSURE(cose_sign(COSE_CERT, payload, kit->keys[KIT_ROOT].secret, &cose) == OK);
    str cert = buf_str(&cose);
    trust.certs.at = &cert;
    trust.certs.count = 1;
    ENSURE(authority_trust(&known, CLOCK_SURE, KIT_NOW, &trust, kit->arena, &refused) ==
           REASON_NONE);
    ENSURE(known.cert_count + refused == 1);
    uint64_t drill = 1U << CLASS_DRILL;
    uint64_t classes = known.certs[0].classes;
    ENSURE(known.certs[0].from < known.certs[0].to || refused == 1);
    ENSURE((classes & drill) == 0 || classes == drill);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3) {
        return 0;
    }
    struct authority_kit *kit = device();
    enum kit_key key = (enum kit_key)(data[1] % KIT_STRANGER);
    str rest = {(const char *)data + 3, size - 3};
    switch (data[0] % 5) {
    case 0:
        judge(kit, rest, false);
        break;
    case 1:
        judge_payload(kit, key, rest);
        break;
    case 2:
        judge_body(kit, key, data[2], rest);
        break;
    case 3:
        judge_trust(kit, rest, str_cut(rest, rest.len / 2, rest.len));
        break;
    default:
        judge_cert(kit, rest);
    }
    return 0;
}

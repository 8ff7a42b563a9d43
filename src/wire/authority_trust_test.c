/* What the root says about keys: revocations, certificates, another root. */
#include "wire/authority_testing.h"

#include "base/testing.h"

static int setup(void **state)
{
    *state = kit_create_placed();
    return 0;
}

static int teardown(void **state)
{
    kit_destroy(*state);
    return 0;
}

static enum log_reason trust(struct authority_kit *kit, const struct wire_trust *message,
                             size_t *ret_refused)
{
    return authority_trust(&kit->authority, CLOCK_SURE, KIT_NOW, message, kit->arena, ret_refused);
}

/* Revocations by this key, alone. */
static struct wire_trust revocations_by(struct authority_kit *kit, enum kit_key key,
                                        const struct wire_revocations *record)
{
    return (struct wire_trust){
        .version = record->version,
        .revocations = kit_sign(kit, COSE_REVOCATIONS, key, &wire_record_revocations, record)};
}

static enum log_reason revoke(struct authority_kit *kit, const struct wire_revocations *record)
{
    size_t refused;
    struct wire_trust message = revocations_by(kit, KIT_ROOT, record);
    return trust(kit, &message, &refused);
}

static void knows_nobody_before_it_is_enrolled(void **state)
{
    struct authority_kit *kit = *state;
    size_t refused;
    struct wire_trust message = kit_trust(kit, 2);
    kit->authority.enrolled = false;
    assert_int_equal(trust(kit, &message, &refused), REASON_NOT_ENROLLED);
}

static void believes_only_its_root(void **state)
{
    struct authority_kit *kit = *state;
    struct wire_revocations record = {.version = 2, .at = KIT_NOW};
    struct authority before = kit->authority;
    size_t refused;
    struct wire_trust message = revocations_by(kit, KIT_STRANGER, &record);
    assert_int_equal(trust(kit, &message, &refused), REASON_UNKNOWN_KEY);
    message.revocations = kit_sign(kit, COSE_CERT, KIT_ROOT, &wire_record_revocations, &record);
    assert_int_equal(trust(kit, &message, &refused), REASON_BAD_SIGNATURE);
    message.revocations =
        kit_sign(kit, COSE_REVOCATIONS, KIT_ROOT, &wire_record_stop, &(struct wire_stop){0});
    assert_int_equal(trust(kit, &message, &refused), REASON_MALFORMED);
    message.revocations = S("");
    assert_int_equal(trust(kit, &message, &refused), REASON_MALFORMED);
    assert_memory_equal(&before, &kit->authority, sizeof before);
}

static void wants_key_ids_whole_and_ascending(void **state)
{
    struct authority_kit *kit = *state;
    struct wire_revocations record = {.version = 2, .at = KIT_NOW, .keys = S("bbbbbbbbaaaaaaaa")};
    assert_int_equal(revoke(kit, &record), REASON_MALFORMED);
    record.keys = S("aaaaaaaaaaaaaaaa");
    assert_int_equal(revoke(kit, &record), REASON_MALFORMED);
    record.keys = S("aaaaaaaab");
    assert_int_equal(revoke(kit, &record), REASON_MALFORMED);
    record.keys = S("aaaaaaaabbbbbbbb");
    assert_int_equal(revoke(kit, &record), REASON_NONE);
    assert_int_equal(kit->authority.revoked_count, 2);
}

static void never_goes_back_to_older_revocations(void **state)
{
    struct authority_kit *kit = *state;
    struct wire_revocations record = {.version = 5, .at = KIT_NOW};
    assert_int_equal(revoke(kit, &record), REASON_NONE);
    assert_int_equal(revoke(kit, &record), REASON_NONE); /* the same again */
    record.version = 4;
    assert_int_equal(revoke(kit, &record), REASON_OLD_VERSION);
    assert_int_equal(kit->authority.revocations_version, 5);
}

static void ends_what_a_revoked_key_has_ordered(void **state)
{
    struct authority_kit *kit = *state;
    const struct authority *known = &kit->authority;
    struct kit_draft settings = kit_draft_of(kit, ORDER_SETTINGS, KIT_PROVINCE_DAILY);
    struct kit_draft others = kit_draft_of(kit, ORDER_SETTINGS, KIT_COMMUNE_DAILY);
    struct kit_draft alarm = kit_draft_of(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    struct kit_draft action = kit_draft_of(kit, ORDER_ACTION, KIT_COMMUNE_DAILY);
    others.head.version = INT64_MAX; /* a thief uses all numbers up */
    assert_int_equal(kit_take(kit, &settings), REASON_NONE);
    assert_int_equal(kit_take(kit, &others), REASON_NONE);
    assert_int_equal(kit_take(kit, &alarm), REASON_NONE);
    assert_int_equal(kit_take(kit, &action), REASON_NONE);
    wire_kid thief = kid_of(kit->keys[KIT_COMMUNE_DAILY].key);
    struct wire_revocations record = {
        .version = 2, .at = KIT_NOW, .keys = {(const char *)thief.bytes, sizeof thief.bytes}};
    assert_int_equal(revoke(kit, &record), REASON_NONE);
    assert_int_equal(known->in_force_count, 1);
    assert_non_null(authority_find(known, alarm.head.id));
    assert_int_equal(known->seen_count, 1);
    assert_int_equal(known->versions[ORDER_SETTINGS], settings.head.version);
    assert_true(kid_is(known->version_kids[ORDER_SETTINGS], (wire_kid){{0}}));
    assert_true(known->versions[ORDER_PLACEMENT] > 0);
    struct wire_trust message = kit_trust(kit, 3);
    size_t refused;
    assert_int_equal(trust(kit, &message, &refused), REASON_NONE);
    settings.head.version++;
    assert_int_equal(kit_take(kit, &settings), REASON_NONE);
}

static void leaves_certificates_out_that_do_not_hold(void **state)
{
    struct authority_kit *kit = *state;
    struct wire_trust message = kit_trust(kit, 2);
    struct wire_cert odd[3] = {kit->certs[KIT_ODD], kit->certs[KIT_ODD], kit->certs[KIT_ODD]};
    size_t refused = 0;
    odd[0].to = odd[0].from;
    odd[1].classes |= 1U << CLASS_DRILL;
    odd[2] = kit->certs[KIT_REVOKED_EMERGENCY];
    str certs[] = {
        kit_sign(kit, COSE_CERT, KIT_ROOT, &wire_record_cert, &odd[0]),
        kit_sign(kit, COSE_CERT, KIT_ROOT, &wire_record_cert, &odd[1]),
        kit_sign(kit, COSE_CERT, KIT_ROOT, &wire_record_cert, &odd[2]),
        kit_sign(kit, COSE_CERT, KIT_STRANGER, &wire_record_cert, &kit->certs[KIT_STRANGER]),
        kit_sign(kit, COSE_ORDER, KIT_ROOT, &wire_record_cert, &kit->certs[KIT_STRANGER]),
        kit_sign(kit, COSE_CERT, KIT_ROOT, &wire_record_stop, &(struct wire_stop){0}),
        S("no certificate"),
        message.certs.at[0],
    };
    message.certs.at = certs;
    message.certs.count = COUNT_OF(certs);
    assert_int_equal(trust(kit, &message, &refused), REASON_NONE);
    assert_int_equal(refused, COUNT_OF(certs) - 1);
    assert_int_equal(kit->authority.cert_count, 1);
}

static void keeps_at_most_as_many_certificates_as_it_has_room_for(void **state)
{
    struct authority_kit *kit = *state;
    struct wire_trust message = kit_trust(kit, 2);
    str certs[AUTHORITY_CERTS + 1];
    size_t refused = 0;
    for (size_t i = 0; i < COUNT_OF(certs); i++) {
        certs[i] = message.certs.at[0];
    }
    message.certs.at = certs;
    message.certs.count = COUNT_OF(certs);
    assert_int_equal(trust(kit, &message, &refused), REASON_NONE);
    assert_int_equal(refused, 1);
}

/* The old root names the new one; then only that is believed. */
static void follows_to_another_root(void **state)
{
    struct authority_kit *kit = *state;
    size_t refused = 0;
    struct wire_revocations record = {
        .version = 2, .at = KIT_NOW, .next_root = kit->keys[KIT_STRANGER].key};
    struct wire_trust message = revocations_by(kit, KIT_ROOT, &record);
    str cert = kit_sign(kit, COSE_CERT, KIT_STRANGER, &wire_record_cert,
                        &kit->certs[KIT_COMMUNE_EMERGENCY]);
    message.certs.at = &cert;
    message.certs.count = 1;
    assert_int_equal(trust(kit, &message, &refused), REASON_NONE);
    assert_int_equal(refused, 0);
    record = (struct wire_revocations){.version = 3, .at = KIT_NOW};
    assert_int_equal(revoke(kit, &record), REASON_UNKNOWN_KEY);
    message = revocations_by(kit, KIT_STRANGER, &record);
    assert_int_equal(trust(kit, &message, &refused), REASON_NONE);
}

static void moves_the_trusted_time_only_where_a_clock_agrees(void **state)
{
    struct authority_kit *kit = *state;
    size_t refused;
    struct wire_revocations record = {.version = 2, .at = KIT_NOW};
    struct wire_trust message = revocations_by(kit, KIT_ROOT, &record);
    usec before = kit->authority.last_trusted;
    assert_int_equal(
        authority_trust(&kit->authority, CLOCK_BOUNDED, KIT_NOW, &message, kit->arena, &refused),
        REASON_NONE);
    assert_int_equal(kit->authority.last_trusted, before);
    assert_int_equal(trust(kit, &message, &refused), REASON_NONE);
    assert_int_equal(kit->authority.last_trusted, KIT_NOW);
    record.at = KIT_NOW - USEC_DAY;
    assert_int_equal(revoke(kit, &record), REASON_NONE);
    assert_int_equal(kit->authority.last_trusted, KIT_NOW);
    record.at = KIT_NOW + AUTHORITY_EARLY + 1;
    assert_int_equal(revoke(kit, &record), REASON_NONE);
    assert_int_equal(kit->authority.last_trusted, KIT_NOW);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(knows_nobody_before_it_is_enrolled),
        TEST(believes_only_its_root),
        TEST(wants_key_ids_whole_and_ascending),
        TEST(never_goes_back_to_older_revocations),
        TEST(ends_what_a_revoked_key_has_ordered),
        TEST(leaves_certificates_out_that_do_not_hold),
        TEST(keeps_at_most_as_many_certificates_as_it_has_room_for),
        TEST(follows_to_another_root),
        TEST(moves_the_trusted_time_only_where_a_clock_agrees),
    };
    return cmocka_run_group_tests_name("wire: authority, trust", tests, NULL, NULL);
}

#include "agent/authority_pack.h"

#include "base/entropy.h"
#include "base/testing.h"

static size_t below(struct entropy entropy, size_t limit)
{
    return (size_t)entropy_below(entropy, limit);
}

static void fill_certs(struct authority *authority, struct entropy entropy)
{
    authority->cert_count = below(entropy, AUTHORITY_CERTS + 1);
    for (size_t i = 0; i < authority->cert_count; i++) {
        struct wire_cert *cert = &authority->certs[i];
        entropy_fill(entropy, cert->key.bytes, HASH_SIZE);
        cert->unit = 1 + below(entropy, 1000);
        cert->tier = 1 + below(entropy, 4);
        cert->classes = 1 + below(entropy, 31);
        cert->kinds = 1 + below(entropy, 1000);
        cert->from = 1 + (usec)below(entropy, 1000);
        cert->to = cert->from + 1;
        cert->serial = 1 + i;
    }
}

static void fill_targets(struct authority *authority, struct entropy entropy)
{
    authority->in_force_count = below(entropy, AUTHORITY_IN_FORCE + 1);
    for (size_t i = 0; i < authority->in_force_count; i++) {
        struct authority_target *target = &authority->in_force[i];
        entropy_fill(entropy, target->id.bytes, WIRE_ID_SIZE);
        target->kind = ORDER_ALARM;
        target->order_class = CLASS_EMERGENCY;
        target->tier = 1 + below(entropy, 4);
        target->expires = (usec)below(entropy, 100000);
        target->ended = below(entropy, 2) == 1;
    }
}

static void fill(struct authority *authority, uint64_t seed_number)
{
    struct entropy_seed seed = {seed_number};
    struct entropy entropy = entropy_seeded(&seed);
    memset(authority, 0, sizeof *authority);
    authority->enrolled = below(entropy, 2) == 1;
    authority->retired = below(entropy, 2) == 1;
    authority->device = below(entropy, 100000);
    entropy_fill(entropy, authority->root.bytes, HASH_SIZE);
    authority->path_count = below(entropy, COUNT_OF(authority->path) + 1);
    for (size_t i = 0; i < authority->path_count; i++) {
        authority->path[i] = 1 + below(entropy, 5000);
    }
    authority->revoked_count = below(entropy, AUTHORITY_REVOKED + 1);
    entropy_fill(entropy, authority->revoked, authority->revoked_count * WIRE_KID_SIZE);
    fill_certs(authority, entropy);
    authority->seen_count = below(entropy, AUTHORITY_SEEN + 1);
    for (size_t i = 0; i < authority->seen_count; i++) {
        entropy_fill(entropy, authority->seen[i].kid.bytes, WIRE_KID_SIZE);
        authority->seen[i].highest = entropy_u64(entropy);
        authority->seen[i].below = entropy_u64(entropy);
    }
    fill_targets(authority, entropy);
    authority->versions[ORDER_PLAN] = below(entropy, 10000);
    authority->last_trusted = (usec)below(entropy, (size_t)USEC_MOST);
}

static void what_is_packed_comes_back(void **state)
{
    (void)state;
    struct authority *before = mem_take(sizeof *before);
    struct authority *after = mem_take(sizeof *after);
    for (uint64_t seed = 1; seed <= 50; seed++) {
        fill(before, seed);
        AUTO(buf_finish) struct buf first;
        AUTO(buf_finish) struct buf second;
        buf_init(&first, AUTHORITY_PACK_MOST);
        buf_init(&second, AUTHORITY_PACK_MOST);
        assert_ok(authority_pack(before, &first));
        assert_ok(authority_unpack(buf_str(&first), after, NULL));
        assert_ok(authority_pack(after, &second));
        assert_str(buf_str(&second), buf_str(&first));
        assert_int_equal(after->in_force_count, before->in_force_count);
        assert_int_equal(after->last_trusted, before->last_trusted);
    }
    mem_give(before);
    mem_give(after);
}

static void what_is_torn_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct authority *before = mem_take(sizeof *before);
    struct authority *after = mem_take(sizeof *after);
    fill(before, 3);
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, AUTHORITY_PACK_MOST);
    assert_ok(authority_pack(before, &bytes));
    after->device = 77;
    for (size_t len = 0; len < bytes.len; len += 1 + bytes.len / 300) {
        assert_failed(authority_unpack(str_cut(buf_str(&bytes), 0, len), after, NULL), ERR_CORRUPT);
        assert_int_equal(after->device, 77);
    }
    buf_add_byte(&bytes, 0);
    assert_failed(authority_unpack(buf_str(&bytes), after, NULL), ERR_CORRUPT);
    mem_give(before);
    mem_give(after);
}

static void a_device_that_knows_little_takes_little_room(void **state)
{
    (void)state;
    struct authority *authority = mem_take(sizeof *authority);
    for (uint64_t seed = 1; authority->cert_count < 6 || authority->seen_count < 6; seed++) {
        fill(authority, seed);
    }
    authority->revoked_count = 0;
    authority->cert_count = 6;
    authority->seen_count = 6;
    authority->in_force_count = 2;
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, AUTHORITY_PACK_MOST);
    assert_ok(authority_pack(authority, &bytes));
    assert_true(bytes.len < 1024);
    mem_give(authority);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_comes_back),
        cmocka_unit_test(what_is_torn_is_refused_and_changes_nothing),
        cmocka_unit_test(a_device_that_knows_little_takes_little_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

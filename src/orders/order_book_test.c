/* The book on both databases: what was issued comes back signed, in order and only where it
 * belongs; what may not be ordered is not. */
#include "orders/order_book.h"

#include "orders/orders_store.h"
#include "orders/orders_testing.h"
#include "people/people_store.h"
#include "store/testing/test_store.h"
#include "wire/authority.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const usec start = 1700000000 * USEC_SECOND;

/* A test's store, its province, and what a job of it shall do. */
struct play {
    struct test_store *test;
    struct orders_kit kit;
    struct order_draft draft;
    struct order order;
    errc rc;
    struct why why;
    uint64_t area[4];
    uint64_t devices[4];
    struct buf body;
};

static void begin(void **state, struct play *play)
{
    *play = (struct play){.test = test_store_of(state)};
    orders_kit_init(&play->kit, start);
    buf_init(&play->body, 4096);
}

static void end(struct play *play)
{
    orders_kit_finish(&play->kit);
    buf_finish(&play->body);
}

static void use_body(struct play *play, const struct wire_record *record, const void *value)
{
    buf_clear(&play->body);
    assert_int_equal(wire_record_write(record, value, &play->body), OK);
    play->draft.body = buf_str(&play->body);
}

static void draft_settings(struct play *play, unit_id issuer, unit_id area)
{
    struct wire_settings settings = {.volume = 80};
    play->area[0] = (uint64_t)area;
    play->draft = (struct order_draft){.kind = ORDER_SETTINGS,
                                       .order_class = CLASS_ORDINARY,
                                       .right = RIGHT_FLEET_WRITE,
                                       .issuer = issuer,
                                       .area = {play->area, 1},
                                       .not_before = start,
                                       .expires = start + 30 * USEC_DAY};
    use_body(play, &wire_record_settings, &settings);
}

static void draft_alarm(struct play *play, enum order_class order_class, unit_id issuer,
                        unit_id area)
{
    struct wire_alarm alarm = {.signal = SIGNAL_SIREN, .clip = 1};
    draft_settings(play, issuer, area);
    play->draft.kind = ORDER_ALARM;
    play->draft.order_class = order_class;
    play->draft.right = order_class == CLASS_DRILL ? RIGHT_DRILLS_WRITE : RIGHT_ALARMS_WRITE;
    play->draft.expires = start + USEC_HOUR;
    play->draft.written_by = 5;
    use_body(play, &wire_record_alarm, &alarm);
}

static errc do_issue(void *ctx, struct db *db, struct why *why)
{
    struct play *play = ctx;
    return order_issue(db, &play->kit.job, &play->draft, &play->order, why);
}

static errc issue(struct play *play)
{
    return store_write_now(play->test->store, do_issue, play, &play->why);
}

/* --- reading --------------------------------------------------------------------------------- */

struct look {
    struct play *play;
    struct order_sight sight;
    uint64_t path[8];
    struct orders orders;
    int64_t version;
    struct wire_trust trust;
};

static errc do_look(void *ctx, struct db *db, struct why *why)
{
    struct look *look = ctx;
    struct arena *arena = look->play->kit.units.arena;
    TRY(orders_in_force(db, &look->sight, arena, &look->orders, why));
    TRY(order_state_version(db, &look->sight, arena, &look->version, why));
    return trust_for(db, look->sight.path, look->sight.now, arena, &look->trust, why);
}

static struct look look_at(struct play *play, unit_id unit, uint64_t device, usec now)
{
    struct look look = {.play = play, .sight = {.device = device, .now = now}};
    size_t count = unit_key_path(play->kit.units.forest, unit, play->kit.actor.today, look.path);
    look.sight.path = (struct wire_uints){look.path, count};
    assert_int_equal(store_read_now(play->test->store, do_look, &look, &play->why), OK);
    look.sight.path.at = NULL; /* pointed into a struct that is copied now */
    return look;
}

static errc do_revoke(void *ctx, struct db *db, struct why *why)
{
    struct play *play = ctx;
    return unit_key_revoke(db, &play->kit.job, play->order.kid, why);
}

static errc do_end(void *ctx, struct db *db, struct why *why)
{
    struct play *play = ctx;
    return order_end(db, play->order.wire_id, REASON_CANCELLED, start + 1, why);
}

/* --- tests ----------------------------------------------------------------------------------- */

static void an_order_comes_back_as_it_was_signed(void **state)
{
    struct play play;
    begin(state, &play);
    draft_settings(&play, play.kit.commune, play.kit.village);
    assert_int_equal(issue(&play), OK);
    assert_int_equal(play.order.id, 1);
    assert_int_equal(play.order.version, 1);
    assert_int_equal(play.order.tier, TIER_COMMUNE);
    struct look look = look_at(&play, play.kit.village, 1, start);
    assert_int_equal(look.orders.count, 1);
    const struct order *found = &look.orders.at[0];
    assert_memory_equal(&found->wire_id, &play.order.wire_id, sizeof(wire_id));
    assert_true(str_is(found->cose, play.order.cose));
    assert_int_equal(found->kind, ORDER_SETTINGS);
    assert_int_equal(found->issued_by, 5);
    assert_int_equal(look_at(&play, play.kit.other, 1, start).orders.count, 0);
    struct wire_cert cert;
    struct cose sign1;
    assert_int_equal(look.trust.certs.count, 1);
    assert_int_equal(cose_read(look.trust.certs.at[0], &sign1, NULL), OK);
    assert_int_equal(
        wire_record_read(&wire_record_cert, sign1.payload, play.kit.units.arena, &cert, NULL), OK);
    assert_int_equal(cose_read(found->cose, &sign1, NULL), OK);
    assert_true(cose_check(COSE_ORDER, &sign1, cert.key));
    end(&play);
}

static void only_the_newest_of_a_versioned_kind_stands(void **state)
{
    struct play play;
    begin(state, &play);
    draft_settings(&play, play.kit.province, play.kit.commune);
    assert_int_equal(issue(&play), OK);
    play.devices[0] = 9;
    play.draft.devices = (struct wire_uints){play.devices, 1};
    assert_int_equal(issue(&play), OK);
    draft_alarm(&play, CLASS_EMERGENCY, play.kit.province, play.kit.province);
    assert_int_equal(issue(&play), OK);
    struct look named = look_at(&play, play.kit.village, 9, start);
    assert_int_equal(named.orders.count, 2);
    assert_int_equal(named.orders.at[0].kind, ORDER_ALARM);
    assert_int_equal(named.orders.at[1].id, 2);
    assert_int_equal(named.version, 3);
    struct look other = look_at(&play, play.kit.village, 8, start);
    assert_int_equal(other.orders.at[1].id, 1);
    struct look far = look_at(&play, play.kit.other, 8, start);
    assert_int_equal(far.orders.count, 1);
    end(&play);
}

/* Else a device that was just accepted, or moved while it was away, would refuse the alarm. */
static void the_place_comes_before_the_alarm(void **state)
{
    struct play play;
    begin(state, &play);
    uint64_t path[] = {(uint64_t)play.kit.province, (uint64_t)play.kit.commune,
                       (uint64_t)play.kit.village};
    struct wire_placement place = {
        .device = 9, .device_key = hash_of(S("nine")), .path = {path, COUNT_OF(path)}};
    draft_alarm(&play, CLASS_EMERGENCY, play.kit.province, play.kit.province);
    assert_int_equal(issue(&play), OK);
    draft_settings(&play, play.kit.province, play.kit.commune);
    play.draft.kind = ORDER_PLACEMENT;
    play.devices[0] = 9;
    play.draft.devices = (struct wire_uints){play.devices, 1};
    use_body(&play, &wire_record_placement, &place);
    assert_int_equal(issue(&play), OK);
    struct look look = look_at(&play, play.kit.village, 9, start);
    assert_int_equal(look.orders.count, 2);
    assert_int_equal(look.orders.at[0].kind, ORDER_PLACEMENT);
    end(&play);
}

static void what_is_over_is_not_in_force(void **state)
{
    struct play play;
    begin(state, &play);
    draft_alarm(&play, CLASS_DRILL, play.kit.commune, play.kit.commune);
    assert_int_equal(issue(&play), OK);
    assert_int_equal(look_at(&play, play.kit.village, 1, start).orders.count, 1);
    assert_int_equal(look_at(&play, play.kit.village, 1, start + USEC_HOUR).orders.count, 0);
    assert_int_equal(store_write_now(play.test->store, do_end, &play, NULL), OK);
    struct look look = look_at(&play, play.kit.village, 1, start + 2);
    assert_int_equal(look.orders.count, 0);
    assert_int_equal(look.version, 1);
    end(&play);
}

static void nobody_orders_over_what_is_not_his(void **state)
{
    struct play play;
    begin(state, &play);
    draft_settings(&play, play.kit.commune, play.kit.other);
    assert_int_equal(issue(&play), ERR_FORBIDDEN);
    draft_alarm(&play, CLASS_EMERGENCY, play.kit.commune, play.kit.province);
    assert_int_equal(issue(&play), ERR_FORBIDDEN);
    play.kit.grant.unit_id = play.kit.other;
    draft_settings(&play, play.kit.commune, play.kit.village);
    assert_int_equal(issue(&play), ERR_FORBIDDEN);
    play.kit.grant.unit_id = play.kit.province;
    play.draft.order_class = CLASS_EMERGENCY;
    assert_int_equal(issue(&play), ERR_FORBIDDEN);
    draft_settings(&play, play.kit.commune, play.kit.village);
    play.draft.kind = ORDER_PLACEMENT;
    assert_int_equal(issue(&play), ERR_FORBIDDEN);
    end(&play);
}

static void times_that_cannot_be_are_refused(void **state)
{
    struct play play;
    begin(state, &play);
    draft_alarm(&play, CLASS_EMERGENCY, play.kit.commune, play.kit.village);
    play.draft.expires = start;
    assert_int_equal(issue(&play), ERR_INVALID);
    play.draft.expires = start + 40 * USEC_DAY;
    assert_int_equal(issue(&play), ERR_INVALID);
    play.draft.expires = start + USEC_HOUR;
    play.draft.not_before = start + 2 * USEC_HOUR;
    assert_int_equal(issue(&play), ERR_INVALID);
    play.draft.not_before = start;
    play.draft.area.count = 0;
    assert_int_equal(issue(&play), ERR_INVALID);
    end(&play);
}

static void trust_moves_for_whom_it_concerns(void **state)
{
    struct play play;
    begin(state, &play);
    draft_settings(&play, play.kit.commune, play.kit.village);
    assert_int_equal(issue(&play), OK);
    uint64_t here = look_at(&play, play.kit.village, 1, start).trust.version;
    uint64_t there = look_at(&play, play.kit.other, 1, start).trust.version;
    assert_true(here > there);
    draft_settings(&play, play.kit.other, play.kit.other);
    assert_int_equal(issue(&play), OK);
    assert_int_equal(look_at(&play, play.kit.village, 1, start).trust.version, here);
    assert_true(look_at(&play, play.kit.other, 1, start).trust.version > here);
    end(&play);
}

static void a_revoked_key_hands_over_what_it_signed(void **state)
{
    struct play play;
    begin(state, &play);
    draft_settings(&play, play.kit.commune, play.kit.village);
    assert_int_equal(issue(&play), OK);
    struct order first = play.order;
    uint64_t before = look_at(&play, play.kit.other, 1, start).trust.version;
    assert_int_equal(store_write_now(play.test->store, do_revoke, &play, &play.why), OK);
    struct look look = look_at(&play, play.kit.village, 1, start);
    assert_int_equal(look.orders.count, 1);
    assert_false(kid_is(look.orders.at[0].kid, first.kid));
    assert_true(look.orders.at[0].version > first.version);
    assert_int_equal(look.trust.certs.count, 1);
    assert_true(look_at(&play, play.kit.other, 1, start).trust.version > before);
    struct cose sign1;
    struct wire_revocations revoked;
    assert_int_equal(cose_read(look.trust.revocations, &sign1, NULL), OK);
    assert_int_equal(wire_record_read(&wire_record_revocations, sign1.payload, play.kit.units.arena,
                                      &revoked, NULL),
                     OK);
    assert_int_equal(revoked.keys.len, WIRE_KID_SIZE);
    assert_memory_equal(revoked.keys.at, first.kid.bytes, WIRE_KID_SIZE);
    assert_int_equal(store_write_now(play.test->store, do_revoke, &play, NULL), ERR_EXISTS);
    end(&play);
}

struct turn {
    struct play *play;
    hash before;
    hash after;
    struct root_changes changes;
    struct authority *device; /* that believed the old root */
};

static errc do_turn(void *ctx, struct db *db, struct why *why)
{
    struct turn *turn = ctx;
    const struct order_job *job = &turn->play->kit.job;
    TRY(unit_key_root(db, job, &turn->before, why));
    TRY(unit_key_replace_root(db, job, &turn->after, why));
    TRY(unit_key_replace_root(db, job, &turn->after, why));
    return root_changes_after(db, 0, job->arena, &turn->changes, why);
}

static enum log_reason tell(struct turn *turn, const struct wire_trust *trust)
{
    size_t refused = 0;
    enum log_reason reason = authority_trust(turn->device, CLOCK_SURE, start, trust,
                                             turn->play->kit.units.arena, &refused);
    assert_int_equal(refused, 0);
    return reason;
}

/* It was away while the root was replaced twice. */
static void a_device_follows_to_another_root(void **state)
{
    struct play play;
    struct authority *device = mem_take(sizeof *device);
    struct turn turn = {.play = &play, .device = device};
    struct authority_order judged;
    bool again = false;
    begin(state, &play);
    draft_settings(&play, play.kit.commune, play.kit.village);
    assert_int_equal(issue(&play), OK);
    assert_int_equal(store_write_now(play.test->store, do_turn, &turn, &play.why), OK);
    assert_false(hash_is(turn.before, turn.after));
    struct look look = look_at(&play, play.kit.village, 1, start);
    *device = (struct authority){.enrolled = true, .device = 1, .root = turn.before};
    device->path_count =
        unit_key_path(play.kit.units.forest, play.kit.village, play.kit.actor.today, device->path);
    assert_int_equal(tell(&turn, &look.trust), REASON_UNKNOWN_KEY);
    assert_int_equal(turn.changes.count, 2);
    for (size_t i = 0; i < turn.changes.count; i++) {
        struct wire_trust change = {.version = (uint64_t)turn.changes.at[i].version,
                                    .revocations = turn.changes.at[i].revocations};
        assert_int_equal(tell(&turn, &change), REASON_NONE);
    }
    assert_int_equal(tell(&turn, &look.trust), REASON_NONE);
    assert_true(hash_is(device->root, turn.after));
    assert_int_equal(authority_judge(device, CLOCK_SURE, start, look.orders.at[0].cose,
                                     play.kit.units.arena, &judged, &again),
                     REASON_NONE);
    assert_int_equal(look.orders.at[0].id, play.order.id);
    mem_give(device);
    end(&play);
}

static void alarms_of_a_revoked_key_end(void **state)
{
    struct play play;
    begin(state, &play);
    draft_alarm(&play, CLASS_EMERGENCY, play.kit.commune, play.kit.commune);
    assert_int_equal(issue(&play), OK);
    assert_int_equal(store_write_now(play.test->store, do_revoke, &play, &play.why), OK);
    assert_int_equal(look_at(&play, play.kit.village, 1, start).orders.count, 0);
    end(&play);
}

/* A signer that remembers more than the database does. */
static errc sign_above_five(void *ctx, const struct signing_order *ask, struct buf *out,
                            uint64_t *ret_highest, struct why *why)
{
    struct orders_kit *kit = ctx;
    struct wire_order head;
    struct order_signing near = signing_near(&kit->near);
    TRY(wire_record_read(&wire_record_order, ask->payload, kit->units.arena, &head, why));
    *ret_highest = 5;
    return head.sequence <= 5 ? ERR_VERSION : near.sign(near.ctx, ask, out, ret_highest, why);
}

static errc make_near(void *ctx, const struct signing_key *ask, struct signing_made *ret_made,
                      struct why *why)
{
    struct orders_kit *kit = ctx;
    struct order_signing near = signing_near(&kit->near);
    return near.make(near.ctx, ask, ret_made, why);
}

static void sequences_that_were_rolled_back_are_skipped(void **state)
{
    struct play play;
    begin(state, &play);
    play.kit.signing.ctx = &play.kit;
    play.kit.signing.sign = sign_above_five;
    play.kit.signing.make = make_near;
    draft_settings(&play, play.kit.commune, play.kit.village);
    assert_int_equal(issue(&play), OK);
    assert_int_equal(issue(&play), OK);
    struct wire_order head;
    struct cose sign1;
    assert_int_equal(cose_read(play.order.cose, &sign1, NULL), OK);
    assert_int_equal(
        wire_record_read(&wire_record_order, sign1.payload, play.kit.units.arena, &head, NULL), OK);
    assert_int_equal(head.sequence, 7);
    end(&play);
}

static errc do_after(void *ctx, struct db *db, struct why *why)
{
    struct look *look = ctx;
    return orders_after(db, look->version, 10, look->play->kit.units.arena, &look->orders, why);
}

static void the_book_is_read_on_from_a_number(void **state)
{
    struct play play;
    begin(state, &play);
    draft_settings(&play, play.kit.commune, play.kit.village);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(issue(&play), OK);
    }
    struct look look = {.play = &play, .version = 1};
    assert_int_equal(store_read_now(play.test->store, do_after, &look, NULL), OK);
    assert_int_equal(look.orders.count, 2);
    assert_int_equal(look.orders.at[0].id, 2);
    assert_int_equal(look.orders.at[1].id, 3);
    uint64_t path[] = {(uint64_t)play.kit.province, (uint64_t)play.kit.village};
    struct order_sight sight = {.path = {path, 2}, .device = 4};
    assert_true(order_concerns(&look.orders.at[0], &sight));
    sight.path.count = 1;
    assert_false(order_concerns(&look.orders.at[0], &sight));
    end(&play);
}

static const struct store_room *const rooms[] = {&people_room, &orders_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(an_order_comes_back_as_it_was_signed),
        TEST_ON_BOTH(only_the_newest_of_a_versioned_kind_stands),
        TEST_ON_BOTH(the_place_comes_before_the_alarm),
        TEST_ON_BOTH(what_is_over_is_not_in_force),
        TEST_ON_SQLITE(nobody_orders_over_what_is_not_his),
        TEST_ON_SQLITE(times_that_cannot_be_are_refused),
        TEST_ON_BOTH(trust_moves_for_whom_it_concerns),
        TEST_ON_BOTH(a_revoked_key_hands_over_what_it_signed),
        TEST_ON_BOTH(a_device_follows_to_another_root),
        TEST_ON_SQLITE(alarms_of_a_revoked_key_end),
        TEST_ON_SQLITE(sequences_that_were_rolled_back_are_skipped),
        TEST_ON_BOTH(the_book_is_read_on_from_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

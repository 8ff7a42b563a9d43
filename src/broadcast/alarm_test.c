/* Alarms, drills and stops on both databases: raised once, by whoever may, with a second person
 * where they reach far, replaced, cancelled, counted. */
#include "broadcast/alarm.h"

#include "broadcast/alarm_delegation.h"
#include "broadcast/clip.h"
#include "broadcast/coverage_rows.h"
#include "broadcast/desk_testing.h"
#include "orders/order_book.h"
#include "wire/codec.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

struct siren {
    struct desk_kit kit;
    struct alarm_voice voice;
    struct alarm_draft draft;
    struct alarm alarm;
    struct alarms list;
    struct alarm_filter filter;
    struct orders orders;
    struct coverage *coverage;
    struct clip clip;
    struct alarm_ending ending;
    int64_t id;
};

static void begin(struct siren *siren, void **state)
{
    memset(siren, 0, sizeof *siren);
    desk_kit_init(&siren->kit, state);
    siren->voice = (struct alarm_voice){.language = S("vi"), .media = siren->kit.sound};
    siren->ending = (struct alarm_ending){.reason = S("nước đã rút")};
    siren->draft = (struct alarm_draft){.mark = {{1, 2, 3}},
                                        .unit = siren->kit.orders.province,
                                        .title = S("Lũ quét"),
                                        .text = S("Sơ tán ngay"),
                                        .signal = SIGNAL_SIREN,
                                        .valid_ms = 3600000,
                                        .voices = &siren->voice,
                                        .voice_count = 1};
}

static errc read_all(struct siren *siren, struct db *db, struct why *why)
{
    TRY(orders_after(db, 0, 100, siren->kit.desk.arena, &siren->orders, why));
    return alarm_get(&siren->kit.desk, db, siren->id, &siren->alarm, why);
}

static errc run_raise(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    TRY(alarm_raise(&siren->kit.desk, db, &siren->draft, &siren->id, why));
    return read_all(siren, db, why);
}

static errc run_drill(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    TRY(drill_raise(&siren->kit.desk, db, &siren->draft, &siren->id, why));
    return read_all(siren, db, why);
}

static errc run_stop(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    TRY(all_stop_raise(&siren->kit.desk, db, &siren->draft, &siren->id, why));
    return read_all(siren, db, why);
}

static errc run_confirm(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    TRY(alarm_confirm(&siren->kit.desk, db, siren->id, why));
    return read_all(siren, db, why);
}

static errc run_update(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    TRY(alarm_update(&siren->kit.desk, db, siren->id, &siren->draft, &siren->id, why));
    return read_all(siren, db, why);
}

static errc run_cancel(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    TRY(alarm_cancel(&siren->kit.desk, db, siren->id, &siren->ending, why));
    return read_all(siren, db, why);
}

static errc run_expire(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    TRY(alarms_expire(&siren->kit.desk, db, siren->coverage, why));
    return read_all(siren, db, why);
}

static errc run_list(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    return alarm_list(&siren->kit.desk, db, &siren->filter, &siren->list, why);
}

static errc run_recall(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    return alarms_recall(db, siren->coverage, KIT_NOW, siren->kit.desk.arena, why);
}

static errc run_clip(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    TRY(clip_put(&siren->kit.desk, db, &siren->clip, why));
    return orders_after(db, 0, 100, siren->kit.desk.arena, &siren->orders, why);
}

static errc run_receipt(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    struct coverage_receipt receipt = {.order = siren->alarm.mark,
                                       .device = 2,
                                       .kind = LOG_ALARM_PLAYING,
                                       .at = KIT_NOW + USEC_SECOND};
    return coverage_row_step(db, &receipt, siren->kit.desk.arena, why);
}

static errc now(struct siren *siren, errc (*run)(void *ctx, struct db *db, struct why *why))
{
    return store_write_now(siren->kit.test->store, run, siren, &siren->kit.why);
}

static void sends_a_small_alarm_at_once_and_only_once(void **state)
{
    struct siren siren;
    begin(&siren, state);
    assert_int_equal(now(&siren, run_raise), OK);
    assert_int_equal(siren.alarm.state, ALARM_IN_FORCE);
    assert_int_equal(siren.alarm.devices, 6);
    assert_int_equal(siren.alarm.units, 2);
    assert_int_equal(siren.orders.count, 1);
    assert_int_equal(siren.orders.at[0].order_class, CLASS_EMERGENCY);
    assert_memory_equal(siren.orders.at[0].wire_id.bytes, siren.draft.mark.bytes, WIRE_ID_SIZE);
    int64_t first = siren.id;
    assert_int_equal(now(&siren, run_raise), OK);
    assert_int_equal(siren.id, first);
    assert_int_equal(siren.orders.count, 1);
    assert_int_equal(now(&siren, run_drill), ERR_EXISTS);
    desk_kit_finish(&siren.kit);
}

static void waits_for_a_second_person_when_it_reaches_far(void **state)
{
    struct siren siren;
    begin(&siren, state);
    siren.kit.policy.approve_devices = 6;
    assert_int_equal(now(&siren, run_raise), OK);
    assert_int_equal(siren.alarm.state, ALARM_WAITING);
    assert_int_equal(siren.orders.count, 0);
    assert_int_equal(now(&siren, run_confirm), ERR_FORBIDDEN);
    kit_act_as(&siren.kit, 8, ROLE_VIEWER, siren.kit.orders.province);
    assert_int_equal(now(&siren, run_confirm), ERR_FORBIDDEN);
    kit_act_as(&siren.kit, 8, ROLE_APPROVER, siren.kit.orders.province);
    assert_int_equal(now(&siren, run_confirm), OK);
    assert_int_equal(siren.alarm.state, ALARM_IN_FORCE);
    assert_int_equal(siren.alarm.raised_by, 5);
    assert_int_equal(siren.alarm.approved_by, 8);
    assert_int_equal(siren.orders.at[0].written_by, 5);
    assert_int_equal(siren.orders.at[0].issued_by, 8);
    assert_int_equal(now(&siren, run_confirm), OK);
    assert_int_equal(siren.orders.count, 1);
    desk_kit_finish(&siren.kit);
}

static void a_drill_is_signed_by_its_own_key_and_stays_one(void **state)
{
    struct siren siren;
    begin(&siren, state);
    assert_int_equal(now(&siren, run_drill), OK);
    assert_int_equal(siren.orders.at[0].order_class, CLASS_DRILL);
    siren.draft.mark.bytes[0] = 9;
    assert_int_equal(now(&siren, run_update), OK);
    assert_int_equal(siren.alarm.kind, ALARM_DRILL);
    assert_int_equal(siren.orders.at[1].order_class, CLASS_DRILL);
    assert_int_equal(now(&siren, run_cancel), OK);
    assert_int_equal(siren.orders.at[2].kind, ORDER_STOP);
    assert_int_equal(siren.orders.at[2].order_class, CLASS_DRILL);
    kit_act_as(&siren.kit, 8, ROLE_TECHNICIAN, siren.kit.orders.province);
    siren.draft.mark.bytes[0] = 10;
    assert_int_equal(now(&siren, run_raise), ERR_FORBIDDEN);
    desk_kit_finish(&siren.kit);
}

static void an_update_takes_the_place_of_the_version_before(void **state)
{
    struct siren siren;
    begin(&siren, state);
    assert_int_equal(now(&siren, run_raise), OK);
    int64_t first = siren.id;
    siren.draft.mark.bytes[0] = 9;
    siren.draft.text = S("Nước đang lên");
    assert_int_equal(now(&siren, run_update), OK);
    assert_int_equal(siren.alarm.version, 2);
    assert_int_equal(siren.alarm.root, first);
    assert_int_equal(siren.alarm.replaces, first);
    assert_int_equal(siren.orders.count, 2);
    assert_int_equal(siren.orders.at[0].ended_why, REASON_REPLACED);
    siren.id = first;
    siren.draft.mark.bytes[0] = 10;
    assert_int_equal(now(&siren, run_update), ERR_CONFLICT);
    desk_kit_finish(&siren.kit);
}

static void a_cancellation_is_an_order_that_outlives_the_alarm(void **state)
{
    struct siren siren;
    begin(&siren, state);
    assert_int_equal(now(&siren, run_raise), OK);
    siren.kit.orders.actor.now += USEC_MINUTE;
    assert_int_equal(now(&siren, run_cancel), OK);
    assert_int_equal(siren.alarm.state, ALARM_CANCELLED);
    assert_int_equal(siren.orders.count, 2);
    assert_int_equal(siren.orders.at[1].kind, ORDER_STOP);
    assert_true(siren.orders.at[1].expires > siren.orders.at[0].expires);
    assert_int_equal(siren.orders.at[0].ended_why, REASON_CANCELLED);
    assert_int_equal(now(&siren, run_cancel), OK);
    assert_int_equal(siren.orders.count, 2);
    desk_kit_finish(&siren.kit);
}

static void an_all_stop_needs_nobody_else_and_is_released(void **state)
{
    struct siren siren;
    begin(&siren, state);
    siren.kit.policy.approve_devices = 0;
    assert_int_equal(now(&siren, run_stop), OK);
    assert_int_equal(siren.alarm.state, ALARM_IN_FORCE);
    assert_int_equal(siren.orders.at[0].kind, ORDER_STOP);
    assert_int_equal(siren.orders.at[0].order_class, CLASS_EMERGENCY);
    assert_int_equal(now(&siren, run_cancel), OK);
    assert_int_equal(siren.orders.at[1].kind, ORDER_RELEASE);
    desk_kit_finish(&siren.kit);
}

static void refuses_an_area_that_is_not_its_own(void **state)
{
    struct siren siren;
    begin(&siren, state);
    siren.draft.unit = siren.kit.orders.commune;
    siren.draft.areas = &siren.kit.orders.other;
    siren.draft.area_count = 1;
    assert_int_equal(now(&siren, run_raise), ERR_INVALID);
    assert_string_equal(siren.kit.bad.name, "areas");
    siren.draft.area_count = 0;
    siren.draft.valid_ms = 25 * 3600000;
    assert_int_equal(now(&siren, run_raise), ERR_INVALID);
    assert_string_equal(siren.kit.bad.name, "valid_s");
    siren.draft.valid_ms = 3600000;
    siren.draft.voice_count = 0;
    assert_int_equal(now(&siren, run_raise), ERR_INVALID);
    assert_string_equal(siren.kit.bad.name, "voices");
    siren.draft.clip = 1;
    assert_int_equal(now(&siren, run_raise), OK);
    assert_int_equal(siren.alarm.devices, 4);
    desk_kit_finish(&siren.kit);
}

static void expires_when_its_time_is_over(void **state)
{
    struct siren siren;
    begin(&siren, state);
    assert_int_equal(coverage_create(&siren.coverage), OK);
    assert_int_equal(now(&siren, run_raise), OK);
    assert_int_equal(now(&siren, run_expire), OK);
    assert_int_equal(siren.alarm.state, ALARM_IN_FORCE);
    siren.kit.orders.actor.now += USEC_HOUR;
    assert_int_equal(now(&siren, run_expire), OK);
    assert_int_equal(siren.alarm.state, ALARM_EXPIRED);
    coverage_destroy(siren.coverage);
    desk_kit_finish(&siren.kit);
}

static void counts_again_after_a_restart_what_was_heard_before(void **state)
{
    struct siren siren;
    struct coverage_counts counts;
    begin(&siren, state);
    assert_int_equal(coverage_create(&siren.coverage), OK);
    assert_int_equal(now(&siren, run_raise), OK);
    assert_int_equal(now(&siren, run_receipt), OK);
    assert_int_equal(now(&siren, run_recall), OK);
    assert_true(coverage_count(siren.coverage, siren.alarm.mark, &counts));
    assert_int_equal(counts.total, 6);
    assert_int_equal(counts.heard, 1);
    assert_int_equal(counts.by_state[COVERAGE_WAITING], 5);
    coverage_destroy(siren.coverage);
    desk_kit_finish(&siren.kit);
}

static void lists_drills_apart(void **state)
{
    struct siren siren;
    begin(&siren, state);
    siren.filter.limit = 10;
    assert_int_equal(now(&siren, run_raise), OK);
    siren.draft.mark.bytes[0] = 9;
    assert_int_equal(now(&siren, run_drill), OK);
    assert_int_equal(now(&siren, run_list), OK);
    assert_int_equal(siren.list.count, 1);
    assert_int_equal(siren.list.at[0].kind, ALARM_REAL);
    siren.filter.has_kind = true;
    siren.filter.kind = ALARM_DRILL;
    assert_int_equal(now(&siren, run_list), OK);
    assert_int_equal(siren.list.count, 1);
    assert_int_equal(siren.list.at[0].kind, ALARM_DRILL);
    desk_kit_finish(&siren.kit);
}

static void sends_clips_to_the_unit_and_to_those_below_with_their_own(void **state)
{
    struct siren siren;
    begin(&siren, state);
    siren.clip = (struct clip){.unit = siren.kit.orders.commune,
                               .number = 1,
                               .language = S("vi"),
                               .title = S("Lũ"),
                               .signal = SIGNAL_SIREN,
                               .media = siren.kit.sound};
    assert_int_equal(now(&siren, run_clip), OK);
    assert_int_equal(siren.orders.count, 1);
    siren.clip.unit = siren.kit.orders.province;
    siren.clip.number = 2;
    assert_int_equal(now(&siren, run_clip), OK);
    assert_int_equal(siren.orders.count, 3);
    assert_int_equal(siren.orders.at[1].issuer, siren.kit.orders.province);
    assert_int_equal(siren.orders.at[2].issuer, siren.kit.orders.commune);
    desk_kit_finish(&siren.kit);
}

static errc run_correct(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    wire_id mark = {{77}};
    TRY(alarm_correct(&siren->kit.desk, db, siren->id, mark, &siren->id, why));
    return read_all(siren, db, why);
}

static errc run_delegate(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    struct alarm_delegation delegation = {.unit = siren->kit.orders.province,
                                          .hazard = HAZARD_FLOOD,
                                          .account = 9,
                                          .from = siren->kit.orders.actor.today,
                                          .to = DAY_OPEN};
    int64_t id = 0;
    return alarm_delegation_add(&siren->kit.desk, db, &delegation, &id, why);
}

/* Prepared before the send, approved with it, and sent by one person when it is needed. */
static void corrects_and_ends_with_prepared_words(void **state)
{
    struct siren siren;
    begin(&siren, state);
    siren.draft.hazard = HAZARD_FLOOD;
    assert_int_equal(now(&siren, run_raise), OK);
    assert_true(siren.alarm.cancel.text.len > 0);
    assert_true(siren.alarm.correction.text.len > 0);
    str prepared = siren.alarm.correction.text;
    siren.kit.policy.approve_devices = 0;
    assert_int_equal(now(&siren, run_correct), OK);
    assert_int_equal(siren.alarm.state, ALARM_IN_FORCE);
    assert_int_equal(siren.alarm.purpose, PURPOSE_CORRECTION);
    assert_int_equal(siren.alarm.version, 2);
    assert_true(str_is(siren.alarm.text, prepared));
    siren.ending.say = true;
    siren.ending.mark.bytes[0] = 78;
    assert_int_equal(now(&siren, run_cancel), OK);
    assert_int_equal(siren.alarm.state, ALARM_CANCELLED);
    siren.filter = (struct alarm_filter){.limit = 10, .only_open = true};
    assert_int_equal(now(&siren, run_list), OK);
    assert_int_equal(siren.list.count, 1);
    assert_int_equal(siren.list.at[0].purpose, PURPOSE_CANCEL);
    assert_int_equal(siren.list.at[0].root, siren.alarm.root);
    desk_kit_finish(&siren.kit);
}

static void nobody_delegates_to_himself_or_to_whoever_may_not(void **state)
{
    struct siren siren;
    begin(&siren, state);
    kit_act_as(&siren.kit, 9, ROLE_APPROVER, siren.kit.orders.province);
    assert_int_equal(now(&siren, run_delegate), ERR_INVALID);
    assert_string_equal(siren.kit.bad.code, "oneself");
    kit_act_as(&siren.kit, 5, ROLE_APPROVER, siren.kit.orders.province);
    assert_int_equal(now(&siren, run_delegate), ERR_INVALID);
    assert_string_equal(siren.kit.bad.code, "may_not");
    desk_kit_finish(&siren.kit);
}

static errc run_open(void *ctx, struct db *db, struct why *why)
{
    struct siren *siren = ctx;
    siren->filter = (struct alarm_filter){.limit = 10};
    TRY(orders_after(db, 0, 100, siren->kit.desk.arena, &siren->orders, why));
    return alarm_list(&siren->kit.desk, db, &siren->filter, &siren->list, why);
}

/* Whatever statement fails: the alarm, its order and its lines are there, or nothing is. */
static void is_raised_whole_or_not_at_all(void **state)
{
    struct siren siren;
    bool hit = true;
    unsigned long nth = 1;
    begin(&siren, state);
    for (; hit && nth < 300; nth++) {
        store_torture(nth);
        errc rc = now(&siren, run_raise);
        hit = store_torture_hit();
        store_torture(0);
        assert_int_equal(now(&siren, run_open), OK);
        assert_int_equal(siren.list.count, siren.orders.count);
        assert_int_equal(siren.list.count, rc == OK ? 1 : 0);
        assert_true(rc == OK || hit);
        hit = hit && rc != OK;
    }
    assert_true(nth > 10);
    desk_kit_finish(&siren.kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(sends_a_small_alarm_at_once_and_only_once),
        TEST_ON_BOTH(waits_for_a_second_person_when_it_reaches_far),
        TEST_ON_BOTH(a_drill_is_signed_by_its_own_key_and_stays_one),
        TEST_ON_BOTH(an_update_takes_the_place_of_the_version_before),
        TEST_ON_BOTH(a_cancellation_is_an_order_that_outlives_the_alarm),
        TEST_ON_BOTH(an_all_stop_needs_nobody_else_and_is_released),
        TEST_ON_BOTH(refuses_an_area_that_is_not_its_own),
        TEST_ON_BOTH(expires_when_its_time_is_over),
        TEST_ON_BOTH(counts_again_after_a_restart_what_was_heard_before),
        TEST_ON_BOTH(lists_drills_apart),
        TEST_ON_BOTH(corrects_and_ends_with_prepared_words),
        TEST_ON_BOTH(nobody_delegates_to_himself_or_to_whoever_may_not),
        TEST_ON_BOTH(is_raised_whole_or_not_at_all),
        TEST_ON_BOTH(sends_clips_to_the_unit_and_to_those_below_with_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Calling for an alarm: the first, the next when nobody looked, and never twice. */
#include "duty/call.h"

#include "base/testing.h"
#include "duty/duty_testing.h"
#include "duty/letter.h"
#include "duty/roster.h"

static const struct store_room *const rooms[] = {&people_room, &duty_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

enum { ALARM = 12 };

/* Two people on duty, one after the other, and an alarm. */
struct night {
    struct duty_kit kit;
    int64_t first;
    int64_t second;
    struct call_alarm alarm;
    struct call_alarms alarms;
};

static errc run_roster(void *ctx, struct db *db, struct why *why)
{
    struct night *night = ctx;
    struct duty_kit *kit = &night->kit;
    struct roster_span span = {kit->commune, kit->actor.today, kit->actor.today + 1};
    struct duty_shift shifts[] = {
        {.account = night->first, .rank = 1, .from = KIT_NOW - 1, .to = KIT_NOW + USEC_DAY},
        {.account = night->second, .rank = 2, .from = KIT_NOW - 1, .to = KIT_NOW + USEC_DAY}};
    struct duty_shifts all = {shifts, COUNT_OF(shifts)};
    return roster_put(&kit->job, db, &span, &all, why);
}

static errc run_advance(void *ctx, struct db *db, struct why *why)
{
    struct night *night = ctx;
    return calls_advance(&night->kit.job, db, &night->alarms, why);
}

static errc run_due(void *ctx, struct db *db, struct why *why)
{
    struct night *night = ctx;
    return calls_are_due(&night->kit.job, db, &night->alarms, night->kit.out, why);
}

static errc run_calls(void *ctx, struct db *db, struct why *why)
{
    struct night *night = ctx;
    return calls_of_alarm(&night->kit.job, db, ALARM, night->kit.out, why);
}

static errc run_seen(void *ctx, struct db *db, struct why *why)
{
    struct night *night = ctx;
    return calls_seen(&night->kit.job, db, ALARM, why);
}

static errc run_claim(void *ctx, struct db *db, struct why *why)
{
    struct night *night = ctx;
    const struct actor *actor = &night->kit.actor;
    return letters_claim(db, true, actor->now, night->kit.job.arena, night->kit.out, why);
}

static void begin(struct night *night, void **state)
{
    struct duty_kit *kit = &night->kit;
    duty_kit_init(kit, state);
    night->first = kit_person(kit, (struct kit_person){"mot", NULL, kit->commune, ROLE_APPROVER});
    night->second =
        kit_person(kit, (struct kit_person){"hai", "hai@loa.example", kit->commune, ROLE_APPROVER});
    kit_browser(kit, night->first);
    night->alarm = (struct call_alarm){.id = ALARM,
                                       .waits = true,
                                       .unit = kit->commune,
                                       .unit_name = S("Xã Hoà Lâm"),
                                       .title = S("Lũ quét"),
                                       .at = KIT_NOW};
    night->alarms = (struct call_alarms){&night->alarm, 1};
    assert_ok(store_write_now(kit->test->store, run_roster, night, NULL));
}

static void advance(struct night *night)
{
    assert_ok(store_write_now(night->kit.test->store, run_advance, night, NULL));
}

static bool is_due(struct night *night)
{
    bool due = false;
    night->kit.out = &due;
    assert_ok(store_read_now(night->kit.test->store, run_due, night, NULL));
    return due;
}

static struct calls calls(struct night *night)
{
    struct calls found = {.count = 0};
    night->kit.out = &found;
    assert_ok(store_read_now(night->kit.test->store, run_calls, night, NULL));
    return found;
}

static struct letters letters(struct night *night)
{
    struct letters found = {.count = 0};
    night->kit.out = &found;
    assert_ok(store_write_now(night->kit.test->store, run_claim, night, NULL));
    return found;
}

static void the_next_is_called_when_nobody_looked_for_so_long(void **state)
{
    struct night night;
    begin(&night, state);
    assert_true(is_due(&night));
    advance(&night);
    advance(&night); /* another server, at the same moment */
    assert_int_equal(calls(&night).count, 1);
    assert_int_equal(calls(&night).at[0].account, night.first);
    struct letters sent = letters(&night);
    assert_int_equal(sent.count, 1);
    assert_non_null(strstr(sent.at[0].body.at, "CHỜ DUYỆT: Lũ quét"));
    assert_non_null(strstr(sent.at[0].body.at, "\"link\":\"/alarms/12\""));
    kit_pass(&night.kit, 3 * USEC_MINUTE - 1);
    assert_false(is_due(&night));
    kit_pass(&night.kit, 1);
    assert_true(is_due(&night));
    advance(&night);
    assert_int_equal(calls(&night).count, 2);
    sent = letters(&night);
    assert_int_equal(sent.count, 2); /* the first one's, which nobody settled, and a mail */
    assert_str(sent.at[1].address, S("hai@loa.example"));
    assert_str(sent.at[1].subject, S("CHỜ DUYỆT: Lũ quét"));
    duty_kit_finish(&night.kit);
}

static void somebody_who_looked_ends_it(void **state)
{
    struct night night;
    begin(&night, state);
    advance(&night);
    kit_act_as(&night.kit, night.first, ROLE_APPROVER, night.kit.commune);
    assert_ok(store_write_now(night.kit.test->store, run_seen, &night, NULL));
    assert_ok(store_write_now(night.kit.test->store, run_seen, &night, NULL));
    kit_act_as(&night.kit, 0, ROLE_APPROVER, 0);
    kit_pass(&night.kit, 10 * USEC_MINUTE);
    assert_true(is_due(&night)); /* to be ended */
    advance(&night);
    assert_false(is_due(&night));
    assert_int_equal(calls(&night).count, 1);
    assert_int_equal(calls(&night).at[0].seen, KIT_NOW);
    duty_kit_finish(&night.kit);
}

static void who_raised_it_is_not_called_and_an_old_one_calls_nobody(void **state)
{
    struct night night;
    begin(&night, state);
    night.alarm.raised_by = night.first;
    advance(&night);
    assert_int_equal(calls(&night).at[0].account, night.second);
    night.alarms.count = 0; /* confirmed, cancelled or over */
    assert_true(is_due(&night));
    advance(&night);
    assert_false(is_due(&night));
    night.alarms.count = 1;
    night.alarm.waits = false;
    kit_pass(&night.kit, USEC_HOUR);
    assert_false(is_due(&night)); /* raised an hour ago: the server was away, it is no news */
    duty_kit_finish(&night.kit);
}

static void nobody_left_ends_it(void **state)
{
    struct night night;
    begin(&night, state);
    for (int i = 0; i < 3; i++) {
        advance(&night);
        kit_pass(&night.kit, 3 * USEC_MINUTE);
    }
    assert_false(is_due(&night));
    assert_int_equal(calls(&night).count, 2);
    duty_kit_finish(&night.kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(the_next_is_called_when_nobody_looked_for_so_long),
        TEST_ON_BOTH(somebody_who_looked_ends_it),
        TEST_ON_BOTH(who_raised_it_is_not_called_and_an_old_one_calls_nobody),
        TEST_ON_BOTH(nobody_left_ends_it),
    };
    return cmocka_run_group_tests_name("duty: call", tests, NULL, NULL);
}

/* From a programme in the database to a signed plan at the devices, on both databases. */
#include "broadcast/plan_issue.h"

#include "broadcast/desk_testing.h"
#include "broadcast/plan_sent.h"
#include "broadcast/schedule.h"
#include "orders/order_book.h"
#include "wire/codec.h"
#include "wire/cose.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

struct answers {
    int64_t id;
    struct plan_units due;
    struct orders orders;
    struct schedule schedule;
    struct plan_lines sent;
    usec reach;
};

static struct programme_item the_item;

static struct programme programme_of(struct desk_kit *kit, unit_id unit, enum order_class class)
{
    the_item = (struct programme_item){
        .on = DAY_FIRST, .position = 1, .language = S("vi"), .media = kit->sound};
    return (struct programme){
        .unit = unit,
        .name = S("Bản tin xã"),
        .order_class = class,
        .when = {.cadence = CADENCE_DAILY, .every = 1, .from = 20000, .to = DAY_OPEN},
        .start_s = 17 * 3600,
        .items = &the_item,
        .item_count = 1,
    };
}

static errc run_add(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    struct answers *answers = kit->out;
    return programme_add(&kit->desk, db, kit->in, &answers->id, why);
}

static errc run_change(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    return programme_change(&kit->desk, db, kit->in, why);
}

static errc run_due(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    struct answers *answers = kit->out;
    return plans_due(&kit->desk, db, &answers->due, why);
}

static errc run_issue(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    struct answers *answers = kit->out;
    for (size_t i = 0; i < answers->due.count; i++) {
        TRY(plans_issue(&kit->desk, db, answers->due.at[i], why));
    }
    return orders_after(db, 0, 100, kit->desk.arena, &answers->orders, why);
}

static errc run_load(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    struct answers *answers = kit->out;
    return schedule_load(&kit->desk, db, kit->orders.actor.today, &answers->schedule, why);
}

static void renew(struct desk_kit *kit)
{
    assert_int_equal(kit_read(kit, run_due), OK);
    assert_int_equal(kit_write(kit, run_issue), OK);
}

static void sends_a_plan_once_to_the_devices_it_is_for(void **state)
{
    struct desk_kit kit;
    struct answers answers = {.id = 0};
    desk_kit_init(&kit, state);
    struct programme programme = programme_of(&kit, kit.orders.commune, CLASS_ORDINARY);
    kit.in = &programme;
    kit.out = &answers;
    assert_int_equal(kit_write(&kit, run_add), OK);
    renew(&kit);
    assert_int_equal(answers.due.count, 2);
    assert_int_equal(answers.orders.count, 2);
    const struct order *order = &answers.orders.at[0];
    assert_int_equal(order->kind, ORDER_PLAN);
    assert_int_equal(order->issuer, kit.orders.commune);
    assert_int_equal(order->devices.count, 4);
    assert_true(order->expires - KIT_NOW > 8 * USEC_DAY);
    renew(&kit);
    assert_int_equal(answers.due.count, 0);
    assert_int_equal(answers.orders.count, 2);
    desk_kit_finish(&kit);
}

static void sends_it_anew_when_it_changed_and_on_the_next_day(void **state)
{
    struct desk_kit kit;
    struct answers answers = {.id = 0};
    desk_kit_init(&kit, state);
    struct programme programme = programme_of(&kit, kit.orders.commune, CLASS_ORDINARY);
    kit.in = &programme;
    kit.out = &answers;
    assert_int_equal(kit_write(&kit, run_add), OK);
    renew(&kit);
    programme.id = answers.id;
    programme.version = 1;
    programme.start_s = 18 * 3600;
    assert_int_equal(kit_write(&kit, run_change), OK);
    assert_int_equal(kit_write(&kit, run_change), ERR_VERSION);
    kit.orders.actor.now += USEC_SECOND;
    renew(&kit);
    assert_int_equal(answers.due.count, 1);
    assert_int_equal(answers.orders.count, 3);
    kit.orders.actor.now += USEC_DAY;
    kit.orders.actor.today++;
    renew(&kit);
    assert_int_equal(answers.due.count, 2);
    assert_int_equal(answers.orders.count, 5);
    desk_kit_finish(&kit);
}

static errc run_sent(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    struct answers *answers = kit->out;
    usec from = day_start(kit->orders.actor.today, kit->desk.zone);
    return plan_sent_read(&kit->desk, db, 2, from, from + USEC_DAY, &answers->sent, why);
}

static void what_was_sent_stays_when_the_programme_changes(void **state)
{
    struct desk_kit kit;
    struct answers answers = {.id = 0};
    desk_kit_init(&kit, state);
    struct programme programme = programme_of(&kit, kit.orders.commune, CLASS_PRIORITY);
    kit.in = &programme;
    kit.out = &answers;
    assert_int_equal(kit_write(&kit, run_add), OK);
    renew(&kit);
    kit.orders.actor.now += 12 * USEC_HOUR; /* 19:00: it was at 17:00 */
    programme.id = answers.id;
    programme.version = 1;
    programme.start_s = 20 * 3600;
    programme.order_class = CLASS_ORDINARY;
    assert_int_equal(kit_write(&kit, run_change), OK);
    renew(&kit);
    assert_int_equal(kit_read(&kit, run_sent), OK);
    assert_int_equal(answers.sent.count, 2);
    const struct plan_line *line = &answers.sent.at[0];
    assert_int_equal(line->at, KIT_NOW + 10 * USEC_HOUR);
    assert_int_equal(line->order_class, CLASS_PRIORITY);
    assert_true(hash_is(line->media, kit.sound));
    assert_int_equal(line->programme, answers.id);
    assert_int_equal(answers.sent.at[1].at, KIT_NOW + 13 * USEC_HOUR);
    assert_int_equal(answers.sent.at[1].order_class, CLASS_ORDINARY);
    desk_kit_finish(&kit);
}

static void serves_a_device_that_came_later(void **state)
{
    struct desk_kit kit;
    struct answers answers = {.id = 0};
    desk_kit_init(&kit, state);
    struct programme programme = programme_of(&kit, kit.orders.province, CLASS_PRIORITY);
    kit.in = &programme;
    kit.out = &answers;
    kit.device_count = 5;
    assert_int_equal(kit_write(&kit, run_add), OK);
    renew(&kit);
    assert_int_equal(answers.orders.count, 2);
    kit.device_count = 6;
    renew(&kit);
    assert_int_equal(answers.due.count, 1);
    assert_int_equal(answers.orders.count, 3);
    assert_int_equal(answers.orders.at[2].devices.count, 1);
    assert_int_equal(answers.orders.at[2].devices.at[0], 6);
    desk_kit_finish(&kit);
}

static void comes_back_from_the_database_as_it_was_given(void **state)
{
    struct desk_kit kit;
    struct answers answers = {.id = 0};
    day removed[] = {20600, 20601};
    desk_kit_init(&kit, state);
    struct programme_repeat repeats[] = {{1, 21600}, {2, 61200}};
    struct programme programme = programme_of(&kit, kit.orders.commune, CLASS_PRIORITY);
    programme.when = (struct recurrence){.cadence = CADENCE_MONTH_WEEKDAY,
                                         .every = 2,
                                         .from = 20500,
                                         .to = 20900,
                                         .weekdays = 5,
                                         .months = 3,
                                         .nth = LAST_OF_MONTH,
                                         .holidays = HOLIDAY_SKIP,
                                         .removed = {removed, 2}};
    programme.repeats = repeats;
    programme.repeat_count = 2;
    programme.areas = &kit.orders.village;
    programme.area_count = 1;
    kit.in = &programme;
    kit.out = &answers;
    assert_int_equal(kit_write(&kit, run_add), OK);
    assert_int_equal(kit_read(&kit, run_load), OK);
    assert_int_equal(answers.schedule.programme_count, 1);
    const struct programme *read = &answers.schedule.programmes[0];
    assert_int_equal(read->tier, TIER_COMMUNE);
    assert_int_equal(read->when.nth, LAST_OF_MONTH);
    assert_int_equal(read->when.weekdays, 5);
    assert_int_equal(read->when.removed.count, 2);
    assert_int_equal(read->when.removed.at[1], 20601);
    assert_int_equal(read->repeat_count, 2);
    assert_int_equal(read->repeats[1].start_s, 61200);
    assert_int_equal(read->areas[0], kit.orders.village);
    assert_int_equal(read->items[0].on, DAY_FIRST);
    assert_int_equal(read->items[0].ms, 600000);
    desk_kit_finish(&kit);
}

/* What the order says to the device. */
static struct wire_plan plan_in(struct desk_kit *kit, const struct order *order)
{
    struct cose cose;
    struct wire_order head;
    struct wire_plan plan;
    assert_int_equal(cose_read(order->cose, &cose, NULL), OK);
    assert_int_equal(
        wire_record_read(&wire_record_order, cose.payload, kit->desk.arena, &head, NULL), OK);
    assert_int_equal(wire_record_read(&wire_record_plan, head.body, kit->desk.arena, &plan, NULL),
                     OK);
    return plan;
}

static void a_device_that_comes_at_noon_has_not_missed_the_morning(void **state)
{
    struct desk_kit kit;
    struct answers answers = {.id = 0};
    desk_kit_init(&kit, state);
    struct programme programme = programme_of(&kit, kit.orders.commune, CLASS_ORDINARY);
    programme.start_s = 5 * 3600;
    kit.in = &programme;
    kit.out = &answers;
    assert_int_equal(kit_write(&kit, run_add), OK);
    renew(&kit);
    struct wire_plan plan = plan_in(&kit, &answers.orders.at[0]);
    assert_int_equal(plan.items.count, 8);
    assert_true(plan.items.at[0].at > KIT_NOW);
    desk_kit_finish(&kit);
}

static errc run_reach(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    struct answers *answers = kit->out;
    return plan_sent_reach(&kit->desk, db, 2, &answers->reach, why);
}

static void a_plan_that_does_not_fit_an_order_reaches_less_far(void **state)
{
    struct desk_kit kit;
    struct answers answers = {.id = 0};
    struct programme_repeat repeats[PROGRAMME_REPEATS_MOST];
    desk_kit_init(&kit, state);
    struct programme programme = programme_of(&kit, kit.orders.commune, CLASS_ORDINARY);
    for (int i = 0; i < PROGRAMME_REPEATS_MOST; i++) {
        repeats[i] = (struct programme_repeat){0, 60 + i * 1200};
    }
    programme.name = S("Một chương trình có tên rất dài để kế hoạch phát không vừa một lệnh");
    programme.repeats = repeats;
    programme.repeat_count = PROGRAMME_REPEATS_MOST;
    kit.in = &programme;
    kit.out = &answers;
    assert_int_equal(kit_write(&kit, run_add), OK);
    assert_int_equal(kit_write(&kit, run_add), OK);
    renew(&kit);
    struct wire_plan plan = plan_in(&kit, &answers.orders.at[0]);
    assert_true(plan.to - plan.from < 9 * USEC_DAY);
    assert_true(plan.to - plan.from >= 2 * USEC_DAY);
    assert_int_equal(kit_read(&kit, run_reach), OK);
    assert_int_equal(answers.reach, plan.to);
    desk_kit_finish(&kit);
}

static void refuses_what_is_not_the_actors_to_plan(void **state)
{
    struct desk_kit kit;
    struct answers answers = {.id = 0};
    desk_kit_init(&kit, state);
    struct programme programme = programme_of(&kit, kit.orders.other, CLASS_ORDINARY);
    kit.in = &programme;
    kit.out = &answers;
    kit_act_as(&kit, 6, ROLE_COMMUNE_OFFICER, kit.orders.commune);
    assert_int_equal(kit_write(&kit, run_add), ERR_NOT_FOUND);
    programme.unit = kit.orders.commune;
    kit_act_as(&kit, 6, ROLE_VIEWER, kit.orders.commune);
    assert_int_equal(kit_write(&kit, run_add), ERR_FORBIDDEN);
    kit_act_as(&kit, 6, ROLE_COMMUNE_OFFICER, kit.orders.commune);
    programme.areas = &kit.orders.other;
    programme.area_count = 1;
    assert_int_equal(kit_write(&kit, run_add), ERR_INVALID);
    assert_string_equal(kit.bad.name, "areas");
    programme.area_count = 0;
    the_item.media.bytes[0] ^= 1;
    assert_int_equal(kit_write(&kit, run_add), ERR_INVALID);
    assert_string_equal(kit.bad.name, "items");
    desk_kit_finish(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(sends_a_plan_once_to_the_devices_it_is_for),
        TEST_ON_BOTH(sends_it_anew_when_it_changed_and_on_the_next_day),
        TEST_ON_BOTH(what_was_sent_stays_when_the_programme_changes),
        TEST_ON_BOTH(serves_a_device_that_came_later),
        TEST_ON_BOTH(comes_back_from_the_database_as_it_was_given),
        TEST_ON_BOTH(a_device_that_comes_at_noon_has_not_missed_the_morning),
        TEST_ON_BOTH(a_plan_that_does_not_fit_an_order_reaches_less_far),
        TEST_ON_BOTH(refuses_what_is_not_the_actors_to_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

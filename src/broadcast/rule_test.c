/* Limits, offers, clashes and holidays in the database: who may, what stays, what goes. */
#include "broadcast/desk_testing.h"
#include "broadcast/schedule.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static errc run_rules(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    return rule_set_put(&kit->desk, db, kit->in, why);
}

static errc run_holidays(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    return holiday_set_put(&kit->desk, db, kit->in, why);
}

static errc run_load(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    return schedule_load(&kit->desk, db, kit->orders.actor.today, kit->out, why);
}

static errc run_programme(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    int64_t id = 0;
    return programme_add(&kit->desk, db, kit->in, &id, why);
}

static errc run_choose(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    return programme_choose(&kit->desk, db, kit->in, why);
}

static errc run_decide(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    return clash_decide(&kit->desk, db, kit->in, why);
}

static void write(struct desk_kit *kit, errc (*run)(void *ctx, struct db *db, struct why *why),
                  const void *in, errc expected)
{
    kit->in = in;
    assert_int_equal(kit_write(kit, run), expected);
}

static void load(struct desk_kit *kit, struct schedule *schedule)
{
    kit->out = schedule;
    assert_int_equal(kit_read(kit, run_load), OK);
}

static void a_new_set_of_rules_takes_the_place_of_the_old(void **state)
{
    struct desk_kit kit;
    struct schedule schedule;
    desk_kit_init(&kit, state);
    struct rule_hours hours[] = {{18000, 25200}, {61200, 68400}};
    struct broadcast_rule rules[] = {{.name = S("Quyết định 12"),
                                      .from = 20000,
                                      .to = DAY_OPEN,
                                      .weekdays = 31,
                                      .hours = hours,
                                      .hour_count = 2,
                                      .session_most_ms = 3600000},
                                     {.name = S("Gần trường"),
                                      .from = 20000,
                                      .to = DAY_OPEN,
                                      .weekdays = 127,
                                      .quiet_zone = true,
                                      .gain_most_mb = -600}};
    struct broadcast_sound sound = {.role = SOUND_OPENING, .media = kit.sound};
    struct rule_set set = {kit.orders.commune, rules, 2, &sound, 1};
    write(&kit, run_rules, &set, OK);
    load(&kit, &schedule);
    assert_int_equal(schedule.rule_count, 2);
    assert_int_equal(schedule.rules[0].hour_count, 2);
    assert_int_equal(schedule.rules[0].hours[1].to_s, 68400);
    assert_int_equal(schedule.rules[1].gain_most_mb, -600);
    assert_int_equal(schedule.sound_count, 1);
    assert_int_equal(schedule.sounds[0].ms, 600000);
    set.rule_count = 1;
    set.sound_count = 0;
    write(&kit, run_rules, &set, OK);
    load(&kit, &schedule);
    assert_int_equal(schedule.rule_count, 1);
    assert_int_equal(schedule.sound_count, 0);
    desk_kit_finish(&kit);
}

static void rules_that_cannot_be_leave_the_old_ones(void **state)
{
    struct desk_kit kit;
    struct schedule schedule;
    desk_kit_init(&kit, state);
    struct rule_hours hours = {25200, 18000};
    struct broadcast_rule rule = {.name = S("Sai"), .from = 20000, .to = DAY_OPEN, .weekdays = 127};
    struct rule_set set = {kit.orders.commune, &rule, 1, NULL, 0};
    write(&kit, run_rules, &set, OK);
    rule.hours = &hours;
    rule.hour_count = 1;
    write(&kit, run_rules, &set, ERR_INVALID);
    assert_string_equal(kit.bad.name, "hours");
    load(&kit, &schedule);
    assert_int_equal(schedule.rule_count, 1);
    kit_act_as(&kit, 6, ROLE_COMMUNE_OFFICER, kit.orders.commune);
    set.unit = kit.orders.province;
    write(&kit, run_rules, &set, ERR_NOT_FOUND);
    desk_kit_finish(&kit);
}

static void the_country_has_its_holidays_and_a_unit_adds_its_own(void **state)
{
    struct desk_kit kit;
    struct schedule schedule;
    desk_kit_init(&kit, state);
    load(&kit, &schedule);
    size_t known = schedule.holiday_count;
    assert_true(known > 50);
    day today = kit.orders.actor.today;
    struct holiday fair = {.from = today + 3, .to = today + 4, .name = S("Hội làng")};
    struct holiday_set set = {kit.orders.commune, &fair, 1};
    kit_act_as(&kit, 6, ROLE_COMMUNE_OFFICER, kit.orders.commune);
    write(&kit, run_holidays, &set, OK);
    set.unit = 0;
    write(&kit, run_holidays, &set, ERR_FORBIDDEN);
    load(&kit, &schedule);
    assert_int_equal(schedule.holiday_count, known + 1);
    desk_kit_finish(&kit);
}

static struct programme made(unit_id unit, enum order_class order_class)
{
    return (struct programme){
        .unit = unit,
        .name = S("Tin"),
        .order_class = order_class,
        .when = {.cadence = CADENCE_DAILY, .every = 1, .from = 20000, .to = DAY_OPEN}};
}

static void an_offer_is_chosen_below_it_and_nowhere_else(void **state)
{
    struct desk_kit kit;
    struct schedule schedule;
    desk_kit_init(&kit, state);
    struct programme offer = made(kit.orders.province, CLASS_ORDINARY);
    write(&kit, run_programme, &offer, OK);
    struct programme_choice choice = {
        .programme = 1, .unit = kit.orders.commune, .taken = true, .has_start = true};
    kit_act_as(&kit, 6, ROLE_COMMUNE_OFFICER, kit.orders.commune);
    write(&kit, run_choose, &choice, OK);
    choice.taken = false;
    choice.has_start = false;
    write(&kit, run_choose, &choice, OK);
    load(&kit, &schedule);
    assert_int_equal(schedule.choice_count, 1);
    assert_false(schedule.choices[0].taken);
    assert_false(schedule.choices[0].has_start);
    choice.unit = kit.orders.other;
    write(&kit, run_choose, &choice, ERR_NOT_FOUND);
    desk_kit_finish(&kit);
}

static void a_commune_may_change_its_mind_about_a_clash(void **state)
{
    struct desk_kit kit;
    struct schedule schedule;
    desk_kit_init(&kit, state);
    struct programme first = made(kit.orders.province, CLASS_PRIORITY);
    struct programme second = made(kit.orders.commune, CLASS_PRIORITY);
    struct programme ordinary = made(kit.orders.commune, CLASS_ORDINARY);
    write(&kit, run_programme, &first, OK);
    write(&kit, run_programme, &second, OK);
    write(&kit, run_programme, &ordinary, OK);
    struct clash_order order = {kit.orders.commune, 2, 1};
    write(&kit, run_decide, &order, OK);
    order = (struct clash_order){kit.orders.commune, 1, 2};
    write(&kit, run_decide, &order, OK);
    load(&kit, &schedule);
    assert_int_equal(schedule.clash_order_count, 1);
    assert_int_equal(schedule.clash_orders[0].first, 1);
    order.second = 3;
    write(&kit, run_decide, &order, ERR_INVALID);
    desk_kit_finish(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(a_new_set_of_rules_takes_the_place_of_the_old),
        TEST_ON_BOTH(rules_that_cannot_be_leave_the_old_ones),
        TEST_ON_BOTH(the_country_has_its_holidays_and_a_unit_adds_its_own),
        TEST_ON_BOTH(an_offer_is_chosen_below_it_and_nowhere_else),
        TEST_ON_BOTH(a_commune_may_change_its_mind_about_a_clash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

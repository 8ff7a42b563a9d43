/* What is written down when an order was taken. */
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

static struct kit_draft take(struct authority_kit *kit, enum order_kind kind, enum kit_key key,
                             wire_id aim)
{
    struct kit_draft draft = kit_draft_of(kit, kind, key);
    if (kind == ORDER_ALARM) {
        draft.alarm.replaces = aim;
    } else if (kind == ORDER_STOP) {
        draft.stop.target = aim;
    } else if (kind == ORDER_RELEASE) {
        draft.release.target = aim;
    }
    assert_int_equal(kit_take(kit, &draft), REASON_NONE);
    return draft;
}

static const wire_id nothing = {{0}};

static void keeps_what_is_in_force_until_its_time_is_over(void **state)
{
    struct authority_kit *kit = *state;
    struct kit_draft alarm = take(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY, nothing);
    const struct authority_target *target = authority_find(&kit->authority, alarm.head.id);
    assert_non_null(target);
    assert_int_equal(target->kind, ORDER_ALARM);
    assert_int_equal(target->tier, TIER_COMMUNE);
    assert_int_equal(target->expires, alarm.head.expires);
    authority_expire(&kit->authority, alarm.head.expires - 1);
    assert_int_equal(kit->authority.in_force_count, 1);
    authority_expire(&kit->authority, alarm.head.expires);
    assert_int_equal(kit->authority.in_force_count, 0);
}

static void ends_the_target_of_a_stop_a_release_and_an_update(void **state)
{
    struct authority_kit *kit = *state;
    const struct authority *known = &kit->authority;
    struct kit_draft first = take(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY, nothing);
    struct kit_draft second = take(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY, first.head.id);
    assert_null(authority_find(known, first.head.id));
    struct kit_draft stop = take(kit, ORDER_STOP, KIT_COMMUNE_EMERGENCY, second.head.id);
    assert_null(authority_find(known, second.head.id));
    assert_non_null(authority_find(known, stop.head.id));
    struct kit_draft everything = take(kit, ORDER_STOP, KIT_PROVINCE_EMERGENCY, nothing);
    take(kit, ORDER_RELEASE, KIT_PROVINCE_EMERGENCY, everything.head.id);
    assert_null(authority_find(known, everything.head.id));
    assert_non_null(authority_find(known, stop.head.id));
}

static void take_over(struct authority_kit *kit, enum kit_key key, size_t place)
{
    struct kit_draft alarm = take(kit, ORDER_ALARM, key, nothing);
    assert_int_equal(kit->authority.in_force_count, AUTHORITY_IN_FORCE);
    assert_ptr_equal(authority_find(&kit->authority, alarm.head.id),
                     &kit->authority.in_force[place]);
}

static void makes_room_where_it_costs_least(void **state)
{
    struct authority_kit *kit = *state;
    struct authority *known = &kit->authority;
    for (; known->in_force_count < AUTHORITY_IN_FORCE; known->in_force_count++) {
        known->in_force[known->in_force_count] =
            (struct authority_target){.id = {{'f', (uint8_t)known->in_force_count}},
                                      .kind = ORDER_ALARM,
                                      .order_class = CLASS_EMERGENCY,
                                      .tier = TIER_COMMUNE,
                                      .expires = KIT_NOW + 2 * USEC_DAY};
    }
    known->in_force[10].order_class = CLASS_DRILL;
    known->in_force[20].tier = TIER_VILLAGE;
    known->in_force[30].expires = KIT_NOW + USEC_DAY;
    known->in_force[40].ended = true;
    known->in_force[50].ended = true;
    known->in_force[50].order_class = CLASS_DRILL;
    take_over(kit, KIT_PROVINCE_EMERGENCY, 50);
    take_over(kit, KIT_PROVINCE_EMERGENCY, 40);
    take_over(kit, KIT_PROVINCE_EMERGENCY, 10);
    take_over(kit, KIT_PROVINCE_EMERGENCY, 20);
    take_over(kit, KIT_PROVINCE_EMERGENCY, 30);
    take_over(kit, KIT_DISTRICT_EMERGENCY, 0);
}

static void moves_to_another_place(void **state)
{
    struct authority_kit *kit = *state;
    static const uint64_t path[] = {KIT_PROVINCE, KIT_ELSEWHERE};
    struct kit_draft draft = kit_draft_of(kit, ORDER_PLACEMENT, KIT_PROVINCE_DAILY);
    draft.placement.path.at = path;
    draft.placement.path.count = COUNT_OF(path);
    assert_int_equal(kit_take(kit, &draft), REASON_NONE);
    assert_int_equal(kit->authority.path_count, 2);
    draft = kit_draft_of(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    assert_int_equal(kit_take(kit, &draft), REASON_OUT_OF_AREA);
    take(kit, ORDER_ALARM, KIT_ELSEWHERE_EMERGENCY, nothing);
}

static void forgets_its_place_when_it_retires_and_comes_back_by_a_newer_one(void **state)
{
    struct authority_kit *kit = *state;
    struct kit_draft old = kit_draft_of(kit, ORDER_PLACEMENT, KIT_PROVINCE_DAILY);
    take(kit, ORDER_PLACEMENT, KIT_PROVINCE_DAILY, nothing);
    take(kit, ORDER_RETIRE, KIT_PROVINCE_DAILY, nothing);
    assert_true(kit->authority.retired);
    assert_int_equal(kit->authority.path_count, 0);
    assert_int_equal(kit_take(kit, &old), REASON_OLD_VERSION);
    take(kit, ORDER_PLACEMENT, KIT_PROVINCE_DAILY, nothing);
    assert_false(kit->authority.retired);
    take(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY, nothing);
}

/* A time that is signed and that a clock which knows agrees with. */
static void lets_signed_times_move_the_time_that_never_runs_back(void **state)
{
    struct authority_kit *kit = *state;
    struct authority_order order;
    bool again;
    struct kit_draft draft = kit_draft_of(kit, ORDER_SETTINGS, KIT_COMMUNE_DAILY);
    draft.head.not_before = KIT_NOW;
    str cose = kit_order(kit, &draft);
    usec before = kit->authority.last_trusted;
    assert_int_equal(before, KIT_NOW - USEC_SECOND);
    assert_int_equal(
        authority_judge(&kit->authority, CLOCK_BOUNDED, KIT_NOW, cose, kit->arena, &order, &again),
        REASON_NONE);
    authority_take(&kit->authority, &order, KIT_NOW);
    assert_int_equal(kit->authority.last_trusted, before);
    draft = kit_draft_of(kit, ORDER_SETTINGS, KIT_COMMUNE_DAILY);
    draft.head.not_before = KIT_NOW;
    assert_int_equal(kit_take(kit, &draft), REASON_NONE);
    assert_int_equal(kit->authority.last_trusted, KIT_NOW);
    take(kit, ORDER_SETTINGS, KIT_COMMUNE_DAILY, nothing);
    assert_int_equal(kit->authority.last_trusted, KIT_NOW);
}

static void remembers_another_key_in_place_of_one_that_is_over(void **state)
{
    struct authority_kit *kit = *state;
    struct authority *known = &kit->authority;
    take(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY, nothing);
    for (; known->seen_count < AUTHORITY_SEEN; known->seen_count++) {
        known->seen[known->seen_count] =
            (struct authority_seen){.kid = {{1}}, .highest = 9, .to = KIT_NOW + USEC_DAY};
    }
    known->seen[5].to = known->last_trusted;
    take(kit, ORDER_ALARM, KIT_PROVINCE_EMERGENCY, nothing);
    assert_true(kid_is(known->seen[5].kid, kid_of(kit->keys[KIT_PROVINCE_EMERGENCY].key)));
    assert_int_equal(known->seen_count, AUTHORITY_SEEN);
    take(kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY, nothing);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(keeps_what_is_in_force_until_its_time_is_over),
        TEST(ends_the_target_of_a_stop_a_release_and_an_update),
        TEST(makes_room_where_it_costs_least),
        TEST(moves_to_another_place),
        TEST(forgets_its_place_when_it_retires_and_comes_back_by_a_newer_one),
        TEST(lets_signed_times_move_the_time_that_never_runs_back),
        TEST(remembers_another_key_in_place_of_one_that_is_over),
    };
    return cmocka_run_group_tests_name("wire: authority, taking", tests, NULL, NULL);
}

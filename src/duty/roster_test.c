/* The roster: who may be put on duty, what a new week replaces, and who is reached in which order.
 */
#include "duty/roster.h"

#include "base/testing.h"
#include "duty/duty_testing.h"

static const struct store_room *const rooms[] = {&people_room, &duty_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

struct put {
    struct roster_span span;
    struct duty_shifts shifts;
};

static errc run_put(void *ctx, struct db *db, struct why *why)
{
    struct duty_kit *kit = ctx;
    const struct put *put = kit->in;
    return roster_put(&kit->job, db, &put->span, &put->shifts, why);
}

static errc run_read(void *ctx, struct db *db, struct why *why)
{
    struct duty_kit *kit = ctx;
    const struct put *put = kit->in;
    return roster_read(&kit->job, db, &put->span, kit->out, why);
}

static errc run_reach(void *ctx, struct db *db, struct why *why)
{
    struct duty_kit *kit = ctx;
    return roster_reach(&kit->job, db, kit->in, kit->out, why);
}

static struct duty_shift shift(int64_t account, int rank)
{
    return (struct duty_shift){.account = account,
                               .rank = rank,
                               .from = KIT_NOW - USEC_HOUR,
                               .to = KIT_NOW + 8 * USEC_HOUR,
                               .note = S("")};
}

static errc put_on(struct duty_kit *kit, unit_id unit, const struct duty_shift *shifts,
                   size_t count)
{
    struct put put = {{unit, kit->actor.today, kit->actor.today + 7}, {shifts, count}};
    kit->in = &put;
    return kit_write(kit, run_put);
}

static size_t count_on(struct duty_kit *kit, unit_id unit)
{
    struct put put = {{unit, kit->actor.today, kit->actor.today + 7}, {NULL, 0}};
    struct duty_shifts found = {.count = 0};
    kit->in = &put;
    kit->out = &found;
    assert_ok(kit_read(kit, run_read));
    return found.count;
}

static struct reach reach(struct duty_kit *kit, unit_id unit, int64_t but)
{
    struct reach_query query = {unit, kit->actor.now, &but, 1};
    struct reach found;
    kit->in = &query;
    kit->out = &found;
    assert_ok(kit_read(kit, run_reach));
    return found;
}

static void calls_each_person_once_as_early_as_any_list_says(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_ok(arena_create(64 * 1024, &arena));
    struct reach_person shifts[] = {{.account = 1, .rank = 1, .by_shift = true},
                                    {.account = 2, .rank = 1, .by_shift = true},
                                    {.account = 1, .rank = 3, .by_shift = true},
                                    {.account = 3, .rank = 4, .by_shift = true}};
    struct reach_person rights[] = {{.account = 3}, {.account = 4}};
    struct reach found;
    assert_ok(reach_order(&(struct reach_crowd){shifts, 4}, &(struct reach_crowd){rights, 2}, arena,
                          &found));
    assert_int_equal(found.count, 3); /* rank 3 holds nobody new */
    assert_int_equal(found.steps[0].count, 2);
    assert_int_equal(found.steps[1].rank, 4);
    assert_int_equal(found.steps[1].people[0].account, 3);
    assert_int_equal(found.steps[2].count, 1);
    assert_int_equal(found.steps[2].people[0].account, 4);
    assert_ok(
        reach_order(&(struct reach_crowd){NULL, 0}, &(struct reach_crowd){NULL, 0}, arena, &found));
    assert_int_equal(found.count, 0);
}

static void people_of_every_unit_on_the_way_up_are_reached(void **state)
{
    struct duty_kit kit;
    duty_kit_init(&kit, state);
    int64_t officer =
        kit_person(&kit, (struct kit_person){"xa", NULL, kit.commune, ROLE_COMMUNE_OFFICER});
    int64_t watch = kit_person(
        &kit, (struct kit_person){"tinh", "tinh@loa.example", kit.province, ROLE_APPROVER});
    int64_t viewer = kit_person(&kit, (struct kit_person){"xem", NULL, kit.province, ROLE_VIEWER});
    kit_browser(&kit, officer);
    struct duty_shift here[] = {shift(officer, 2)};
    struct duty_shift above[] = {shift(viewer, 1)};
    assert_ok(put_on(&kit, kit.commune, here, 1));
    assert_ok(put_on(&kit, kit.province, above, 1));
    struct reach found = reach(&kit, kit.commune, 0);
    assert_int_equal(found.count, 3);
    assert_int_equal(found.steps[0].people[0].account, viewer);
    assert_int_equal(found.steps[1].people[0].account, officer);
    assert_true(found.steps[1].people[0].has_push);
    assert_int_equal(found.steps[2].people[0].account, watch); /* by right, last */
    assert_true(found.steps[2].people[0].has_mail);
    assert_false(found.steps[2].people[0].by_shift);
    found = reach(&kit, kit.elsewhere, 0);
    assert_int_equal(found.count, 2); /* the commune's own shift is not for others */
    found = reach(&kit, kit.commune, viewer);
    assert_int_equal(found.steps[0].people[0].account, officer);
    duty_kit_finish(&kit);
}

static void a_new_week_takes_the_place_of_the_old_and_no_other(void **state)
{
    struct duty_kit kit;
    duty_kit_init(&kit, state);
    int64_t officer =
        kit_person(&kit, (struct kit_person){"xa", NULL, kit.commune, ROLE_COMMUNE_OFFICER});
    struct duty_shift two[] = {shift(officer, 1), shift(officer, 2)};
    two[0].from = two[0].to - USEC_MINUTE;
    assert_ok(put_on(&kit, kit.commune, two, 2));
    assert_int_equal(count_on(&kit, kit.commune), 2);
    assert_ok(put_on(&kit, kit.commune, two, 1));
    assert_int_equal(count_on(&kit, kit.commune), 1);
    assert_int_equal(count_on(&kit, kit.elsewhere), 0);
    kit_pass(&kit, 8 * USEC_DAY);
    assert_ok(put_on(&kit, kit.commune, NULL, 0));
    kit_pass(&kit, -8 * USEC_DAY);
    assert_int_equal(count_on(&kit, kit.commune), 1);
    duty_kit_finish(&kit);
}

static void refuses_whom_it_does_not_concern_and_times_that_are_none(void **state)
{
    struct duty_kit kit;
    duty_kit_init(&kit, state);
    int64_t officer =
        kit_person(&kit, (struct kit_person){"xa", NULL, kit.commune, ROLE_COMMUNE_OFFICER});
    struct duty_shift one[] = {shift(officer, 1)};
    assert_failed(put_on(&kit, kit.elsewhere, one, 1), ERR_INVALID);
    assert_string_equal(kit.bad.code, "unknown");
    one[0].rank = 10;
    assert_failed(put_on(&kit, kit.commune, one, 1), ERR_INVALID);
    one[0] = shift(officer, 1);
    one[0].to = one[0].from;
    assert_failed(put_on(&kit, kit.commune, one, 1), ERR_INVALID);
    one[0] = shift(officer, 1);
    one[0].from -= 30 * USEC_DAY;
    assert_failed(put_on(&kit, kit.commune, one, 1), ERR_INVALID);
    kit_act_as(&kit, officer, ROLE_VIEWER, kit.commune);
    one[0] = shift(officer, 1);
    assert_failed(put_on(&kit, kit.commune, one, 1), ERR_FORBIDDEN);
    kit_act_as(&kit, officer, ROLE_COMMUNE_OFFICER, kit.commune);
    assert_ok(put_on(&kit, kit.commune, one, 1));
    assert_failed(put_on(&kit, kit.elsewhere, one, 1), ERR_NOT_FOUND);
    duty_kit_finish(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_each_person_once_as_early_as_any_list_says),
        TEST_ON_BOTH(people_of_every_unit_on_the_way_up_are_reached),
        TEST_ON_BOTH(a_new_week_takes_the_place_of_the_old_and_no_other),
        TEST_ON_BOTH(refuses_whom_it_does_not_concern_and_times_that_are_none),
    };
    return cmocka_run_group_tests_name("duty: roster", tests, NULL, NULL);
}

/* From an approved bulletin to the plans of devices: places, offers, and taking it all back. */
#include "studio/offer.h"

#include "base/testing.h"
#include "broadcast/plan.h"
#include "broadcast/schedule.h"
#include "studio/feed.h"
#include "studio/studio_testing.h"
#include "studio/week.h"

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room,
                                                 &studio_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static errc run_schedule(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_schedule(&kit->desk.desk, db, kit->bulletin, kit->in, &kit->made, why);
}

static errc run_send(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_send(&kit->desk.desk, db, kit->bulletin, kit->in, kit->out, why);
}

static errc run_offers(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return offer_list(&kit->desk.desk, db, kit->in, kit->out, why);
}

static errc run_take(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return offer_take(&kit->desk.desk, db, kit->made, kit->in, why);
}

static errc run_withdraw(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_withdraw(&kit->desk.desk, db, kit->bulletin, S("Có bản mới"), why);
}

static errc run_copy(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return week_copy(&kit->desk.desk, db, kit->in, kit->out, why);
}

static errc run_plays(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_plays_load(&kit->desk.desk, db, kit->bulletin, kit->out, why);
}

static errc run_feed(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return feed_load(&kit->desk.desk, db, kit->desk.orders.commune, kit->out, why);
}

static errc run_load(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return schedule_load(&kit->desk.desk, db, kit->desk.orders.actor.today, kit->out, why);
}

/* How often the bulletin is in the next two weeks of the n-th device. */
static size_t planned(struct studio_kit *kit, size_t device)
{
    struct schedule schedule;
    struct device_plan plan;
    day today = kit->desk.orders.actor.today;
    size_t count = 0;
    kit->out = &schedule;
    assert_ok(kit_do(kit, run_load, KIT_WRITER));
    struct plan_request request = {.schedule = &schedule,
                                   .from = day_start(today, 7 * USEC_HOUR),
                                   .to = day_start(today + 14, 7 * USEC_HOUR)};
    assert_ok(
        plan_compile(&request, &kit->desk.devices[device], kit->desk.desk.arena, &plan, NULL));
    for (size_t i = 0; i < plan.count; i++) {
        count += plan.lines[i].bulletin == kit->bulletin;
    }
    return count;
}

static struct airing_place tomorrow(const struct studio_kit *kit)
{
    return (struct airing_place){.on = kit->desk.orders.actor.today + 1, .start_s = 6 * 3600};
}

static void a_place_of_its_own_comes_and_goes(void **state)
{
    struct studio_kit kit;
    struct bulletin_plays plays;
    studio_kit_init(&kit, state);
    kit_make_approved(&kit, kit.desk.orders.commune, 1, BULLETIN_ORDINARY);
    struct airing_place place = tomorrow(&kit);
    day again = place.on + 2;
    place.again = &again;
    place.again_count = 1;
    kit.in = &place;
    assert_ok(kit_do(&kit, run_schedule, KIT_WRITER));
    assert_int_equal(planned(&kit, 0), 2);
    assert_int_equal(planned(&kit, 5), 0);
    assert_int_equal(kit_state(&kit), BULLETIN_SCHEDULED);
    kit.out = &plays;
    assert_ok(kit_do(&kit, run_plays, KIT_WRITER));
    assert_int_equal(plays.count, 0); /* no plan was issued yet */
    assert_ok(kit_do(&kit, run_withdraw, KIT_APPROVER));
    assert_int_equal(planned(&kit, 0), 0);
    studio_kit_finish(&kit);
}

static void an_ordinary_one_waits_for_the_commune(void **state)
{
    struct studio_kit kit;
    struct send_lines lines;
    struct offers offers;
    studio_kit_init(&kit, state);
    kit_make_approved(&kit, kit.desk.orders.province, 1, BULLETIN_ORDINARY);
    unit_id units[] = {kit.desk.orders.commune, kit.desk.orders.village, kit.desk.orders.commune};
    struct sending sending = {.units = units, .unit_count = COUNT_OF(units)};
    kit.in = &sending;
    kit.out = &lines;
    assert_ok(kit_do(&kit, run_send, KIT_WRITER));
    assert_int_equal(lines.count, 2);
    assert_int_equal(lines.at[0].result, SEND_OFFERED);
    assert_string_equal(lines.at[1].code, "not_a_commune");
    assert_int_equal(planned(&kit, 0), 0);
    struct offer_filter filter = {.unit = kit.desk.orders.commune, .limit = 10};
    kit.in = &filter;
    kit.out = &offers;
    assert_ok(kit_do(&kit, run_offers, KIT_WRITER));
    assert_int_equal(offers.count, 1);
    struct airing_place place = tomorrow(&kit);
    kit.made = offers.at[0].id;
    kit.in = &place;
    assert_ok(kit_do(&kit, run_take, KIT_WRITER));
    assert_int_equal(planned(&kit, 0), 1);
    assert_int_equal(planned(&kit, 5), 0);
    studio_kit_finish(&kit);
}

static void a_priority_one_enters_and_is_news(void **state)
{
    struct studio_kit kit;
    struct send_lines lines;
    struct feed feed;
    studio_kit_init(&kit, state);
    kit_make_approved(&kit, kit.desk.orders.province, 1, BULLETIN_PRIORITY);
    struct sending sending = {.units = &kit.desk.orders.province, .unit_count = 1};
    kit.in = &sending;
    kit.out = &lines;
    assert_failed(kit_do(&kit, run_send, KIT_WRITER), ERR_INVALID);
    sending.has_place = true;
    sending.place = tomorrow(&kit);
    assert_ok(kit_do(&kit, run_send, KIT_WRITER));
    assert_true(lines.count >= 2);
    assert_int_equal(lines.at[0].result, SEND_ENTERED);
    assert_int_equal(planned(&kit, 0), 1);
    assert_int_equal(planned(&kit, 5), 1);
    kit.out = &feed;
    assert_ok(kit_do(&kit, run_feed, KIT_WRITER));
    assert_int_equal(feed.count, 1);
    studio_kit_finish(&kit);
}

static void an_emergency_is_never_placed(void **state)
{
    struct studio_kit kit;
    studio_kit_init(&kit, state);
    kit_make_approved(&kit, kit.desk.orders.commune, 1, BULLETIN_EMERGENCY);
    struct airing_place place = tomorrow(&kit);
    kit.in = &place;
    assert_failed(kit_do(&kit, run_schedule, KIT_WRITER), ERR_BY_ALARM);
    assert_int_equal(planned(&kit, 0), 0);
    studio_kit_finish(&kit);
}

static void a_week_that_is_only_tried_leaves_nothing(void **state)
{
    struct studio_kit kit;
    struct week_lines lines;
    studio_kit_init(&kit, state);
    kit_make_approved(&kit, kit.desk.orders.commune, 1, BULLETIN_ORDINARY);
    struct airing_place place = tomorrow(&kit);
    kit.in = &place;
    assert_ok(kit_do(&kit, run_schedule, KIT_WRITER));
    struct week_copy copy = {kit.desk.orders.commune, place.on, place.on + 7, true};
    kit.in = &copy;
    for (int i = 0; i < 2; i++) {
        kit.out = &lines;
        assert_ok(kit_do(&kit, run_copy, KIT_WRITER));
        assert_int_equal(lines.count, 1);
        assert_int_equal(lines.at[0].result, WEEK_COPIED);
        assert_int_equal(planned(&kit, 0), copy.dry ? 1 : 2);
        copy.dry = false;
    }
    kit.out = &lines;
    assert_ok(kit_do(&kit, run_copy, KIT_WRITER));
    assert_int_equal(lines.at[0].result, WEEK_THERE);
    studio_kit_finish(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(a_place_of_its_own_comes_and_goes),
        TEST_ON_BOTH(an_ordinary_one_waits_for_the_commune),
        TEST_ON_BOTH(a_priority_one_enters_and_is_news),
        TEST_ON_BOTH(an_emergency_is_never_placed),
        TEST_ON_BOTH(a_week_that_is_only_tried_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

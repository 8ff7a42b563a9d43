/* Simulated days of a province with power cuts, broken links, restarts and a server that crashes:
 * no dead air, and at the end every planned item of every pole has its one ending, with a reason
 * that has happened. Prints its seed; LOA_TEST_SEED repeats it. */
#include "sim/province_run_testing.h"

#include "base/testing.h"
#include "broadcast/play.h"

enum { MIDNIGHT_S = DAY_S - 10 /* a programme that goes over it */, PROGRAMMES = 8 };

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};

/* --- the beginning ------------------------------------------------------------------------------
 */

static errc add_programme(struct province *province, struct db *db, int start_s, struct why *why)
{
    struct programme_item items[3];
    int64_t id = 0;
    for (int i = 0; i < 3; i++) {
        items[i] = (struct programme_item){
            .on = DAY_FIRST, .position = i, .language = S("vi"), .media = province->media[i].name};
    }
    struct programme programme = {.unit = province->kit.orders.province,
                                  .name = S("tin"),
                                  .order_class = CLASS_PRIORITY,
                                  .when = {.cadence = CADENCE_DAILY,
                                           .every = 1,
                                           .from = province->kit.orders.actor.today + 1,
                                           .to = DAY_OPEN},
                                  .start_s = start_s,
                                  .after_break = BREAK_RESUME,
                                  .items = items,
                                  .item_count = COUNT_OF(items)};
    return programme_add(&province->kit.desk, db, &programme, &id, why);
}

static errc found(void *ctx, struct db *db, struct why *why)
{
    struct serving *serving = ctx;
    struct province *province = serving->province;
    struct order_job job = desk_order_job(&province->kit.desk);
    TRY(unit_key_root(db, &job, &province->root, why));
    TRY(province_add_media(province, db, why));
    static const int starts[] = {19800, 25200, 32400, 41400, 50400, 61200, 72000, MIDNIGHT_S};
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        TRY(add_programme(province, db, starts[i], why));
    }
    for (size_t i = 0; i < KIT_DEVICES; i++) {
        TRY(pole_place(province, db, &province->poles[i], why));
    }
    return OK;
}

/* --- the end -------------------------------------------------------------------------------------
 */

struct tally {
    struct serving serving;
    day from;
    day to;
    size_t planned;
    size_t by_outcome[PLAY_OUTCOMES];
    size_t by_reason[256];
};

static errc count_plays(void *ctx, struct db *db, struct why *why)
{
    struct tally *tally = ctx;
    const struct desk *desk = &tally->serving.province->kit.desk;
    bool more = true;
    while (more) {
        TRY(play_log_sum(db, desk->zone, 1000, &more, why));
    }
    for (uint64_t device = 1; device <= KIT_DEVICES; device++) {
        for (day on = tally->from; on < tally->to; on++) {
            struct plays plays;
            TRY(plays_of_device(desk, db, device, on, &plays, why));
            for (size_t i = 0; i < plays.count; i++) {
                tally->planned++;
                tally->by_outcome[plays.at[i].outcome]++;
                tally->by_reason[plays.at[i].reason]++;
                if (plays.at[i].outcome == PLAY_NOT_REPORTED) {
                    print_message("pole %llu says nothing of an item %lld s after the beginning\n",
                                  (unsigned long long)device - 1,
                                  (long long)(plays.at[i].at - KIT_NOW) / USEC_SECOND);
                }
            }
        }
    }
    return OK;
}

static void check_end(struct province *province, day from)
{
    struct tally tally = {
        .serving = {.province = province}, .from = from, .to = province->kit.orders.actor.today};
    assert_ok(server_do(&tally.serving, true, count_plays));
    size_t excused = tally.by_reason[REASON_NO_POWER] + tally.by_reason[REASON_PREEMPTED] +
                     tally.by_reason[REASON_RESTART] + tally.by_reason[REASON_LATE];
    for (size_t i = 0; i < COUNT_OF(tally.by_reason); i++) {
        if (tally.by_reason[i] > 0) {
            print_message("reason %zu: %zu\n", i, tally.by_reason[i]);
        }
    }
    usec dead = 0;
    unsigned cuts = 0;
    for (size_t i = 0; i < KIT_DEVICES; i++) {
        dead += province->poles[i].dead_air;
        cuts += province->poles[i].cuts;
    }
    print_message(
        "province: %d days, %u power cuts, %u crashes of the server, %u alarms; %zu "
        "items planned, %zu played, %zu partly, %zu not, dead air %lld ms; %zu of %zu starts "
        "more than 10 ms late\n",
        tally.to - tally.from, cuts, province->server_crashes, province->alarms, tally.planned,
        tally.by_outcome[PLAY_PLAYED], tally.by_outcome[PLAY_PARTLY],
        tally.by_outcome[PLAY_NOT_PLAYED], (long long)dead / 1000, province->starts_late,
        province->starts);
    assert_int_equal(dead, 0);
    assert_true(tally.planned >=
                (size_t)(tally.to - tally.from) * KIT_DEVICES * (PROGRAMMES - 1) * 3);
    assert_int_equal(tally.by_outcome[PLAY_NOT_REPORTED], 0);
    assert_true(tally.by_outcome[PLAY_PARTLY] + tally.by_outcome[PLAY_NOT_PLAYED] <= excused);
    assert_true(tally.by_outcome[PLAY_PLAYED] > tally.planned / 2);
    assert_true(province->starts_late * 100 <= province->starts);
}

static void province_has_no_dead_air_whatever_happens(void **state)
{
    struct province *province = province_open(state, found, NULL);
    province_run(province, 6 * USEC_HOUR); /* everybody is let in and fetches */
    day from = province->kit.orders.actor.today + 1;
    province_set_faults(province, true);
    province_run(province, (usec)test_rounds(2, 30) * USEC_DAY);
    province_set_faults(province, false);
    province_run(province, 26 * USEC_HOUR); /* what is still to be told is told */
    check_end(province, from);
    province_close(province);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_SQLITE(province_has_no_dead_air_whatever_happens),
    };
    return cmocka_run_group_tests_name("sim: province", tests, NULL, NULL);
}

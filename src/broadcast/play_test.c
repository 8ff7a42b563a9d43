/* From the log of a device to the sums that people read, on both databases. */
#include "broadcast/play.h"

#include "broadcast/desk_testing.h"
#include "broadcast/plan_issue.h"
#include "broadcast/play_log_testing.h"
#include "broadcast/schedule.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

/* A programme at 17:00 of the commune's four devices; the log begins behind it. */
struct evening {
    struct desk_kit kit;
    struct pen pen;
    int64_t programme;
    day on;
    struct plays plays;
    struct play_question question;
    struct play_summary summary;
    struct play_log_kept kept;
    bool more;
};

static errc run_plan(void *ctx, struct db *db, struct why *why)
{
    struct evening *evening = ctx;
    struct programme_item item = {
        .on = DAY_FIRST, .position = 1, .language = S("vi"), .media = evening->kit.sound};
    struct programme programme = {
        .unit = evening->kit.orders.commune,
        .name = S("Tin chiều"),
        .order_class = CLASS_ORDINARY,
        .when = {.cadence = CADENCE_DAILY, .every = 1, .from = 20000, .to = DAY_OPEN},
        .start_s = 17 * 3600,
        .items = &item,
        .item_count = 1,
    };
    TRY(programme_add(&evening->kit.desk, db, &programme, &evening->programme, why));
    return plans_issue(&evening->kit.desk, db, evening->kit.orders.commune, why);
}

static errc run_settle(void *ctx, struct db *db, struct why *why)
{
    struct evening *evening = ctx;
    usec zone = evening->kit.desk.zone;
    TRY(play_log_sum(db, zone, 100, &evening->more, why));
    return play_log_settle(db, evening->on, zone, evening->kit.orders.actor.now, why);
}

static errc run_look(void *ctx, struct db *db, struct why *why)
{
    struct evening *evening = ctx;
    const struct desk *desk = &evening->kit.desk;
    TRY(plays_of_device(desk, db, evening->pen.device, evening->on, &evening->plays, why));
    return plays_summary(desk, db, &evening->question, &evening->summary, why);
}

static errc run_keep(void *ctx, struct db *db, struct why *why)
{
    struct evening *evening = ctx;
    struct play_log_message message = {evening->pen.device, evening->pen.key,
                                       pen_send(&evening->pen), evening->kit.orders.actor.now};
    return play_log_keep(db, &message, evening->kit.desk.arena, &evening->kept, why);
}

static void at(struct evening *evening, errc (*run)(void *ctx, struct db *db, struct why *why))
{
    assert_int_equal(store_write_now(evening->kit.test->store, run, evening, &evening->kit.why),
                     OK);
}

static void begin(struct evening *evening, void **state)
{
    memset(evening, 0, sizeof *evening);
    desk_kit_init(&evening->kit, state);
    evening->on = evening->kit.orders.actor.today;
    evening->question = (struct play_question){
        .unit = evening->kit.orders.province, .from = evening->on, .to = evening->on + 1};
    at(evening, run_plan);
    evening->kit.orders.actor.now += 12 * USEC_HOUR; /* 19:00 */
    pen_init(&evening->pen, 2);
}

static void log_item(struct evening *evening, enum log_kind kind, enum log_reason reason)
{
    struct wire_log_entry entry = {.kind = kind,
                                   .at = KIT_NOW + 11 * USEC_HOUR,
                                   .subject = evening->plays.at[0].item,
                                   .reason = reason,
                                   .ms = 300000};
    pen_write(&evening->pen, &entry);
    at(evening, run_keep);
    pen_sent(&evening->pen);
}

static void what_nobody_reported_is_not_reported(void **state)
{
    struct evening evening;
    begin(&evening, state);
    at(&evening, run_settle);
    at(&evening, run_look);
    assert_int_equal(evening.plays.count, 1);
    assert_int_equal(evening.plays.at[0].outcome, PLAY_NOT_REPORTED);
    assert_int_equal(evening.plays.at[0].planned_ms, 600000);
    assert_int_equal(evening.summary.total.planned, 4);
    assert_int_equal(evening.summary.total.not_reported, 4);
    assert_int_equal(evening.summary.reasons[0].reason, REASON_NOT_REPORTED);
    desk_kit_finish(&evening.kit);
}

static void what_was_played_is_counted_once(void **state)
{
    struct evening evening;
    begin(&evening, state);
    at(&evening, run_look);
    log_item(&evening, LOG_ITEM_PLAYED, REASON_DONE);
    at(&evening, run_settle);
    at(&evening, run_settle);
    at(&evening, run_look);
    assert_int_equal(evening.plays.at[0].outcome, PLAY_PLAYED);
    assert_int_equal(evening.plays.at[0].ms, 300000);
    assert_int_equal(evening.summary.total.planned, 4);
    assert_int_equal(evening.summary.total.played, 1);
    assert_int_equal(evening.summary.total.not_reported, 3);
    assert_int_equal(evening.summary.total.ms, 300000);
    assert_int_equal(evening.summary.line_count, 1);
    desk_kit_finish(&evening.kit);
}

static void what_was_not_played_has_its_reason(void **state)
{
    struct evening evening;
    begin(&evening, state);
    at(&evening, run_look);
    log_item(&evening, LOG_ITEM_NOT_PLAYED, REASON_NO_POWER);
    at(&evening, run_settle);
    evening.question.by = PLAYS_BY_UNIT;
    at(&evening, run_look);
    assert_int_equal(evening.plays.at[0].reason, REASON_NO_POWER);
    assert_int_equal(evening.summary.total.not_played, 1);
    assert_int_equal(evening.summary.reason_count, 2);
    assert_int_equal(evening.summary.reasons[1].reason, REASON_NO_POWER);
    assert_int_equal(evening.summary.reasons[1].plays, 1);
    assert_int_equal(evening.summary.line_count, 1);
    desk_kit_finish(&evening.kit);
}

static void what_is_still_to_come_is_not_missing_yet(void **state)
{
    struct evening evening;
    begin(&evening, state);
    evening.kit.orders.actor.now = KIT_NOW + USEC_HOUR; /* 08:00 */
    at(&evening, run_settle);
    at(&evening, run_look);
    assert_int_equal(evening.plays.count, 0);
    assert_int_equal(evening.summary.total.planned, 0);
    desk_kit_finish(&evening.kit);
}

static void what_runs_or_is_on_its_way_is_not_missing_yet(void **state)
{
    static const struct {
        usec after; /* 17:00, when ten minutes begin */
        size_t missing;
    } moments[] = {{USEC_MINUTE, 0},
                   {10 * USEC_MINUTE + PLAY_REPORT_WITHIN - 1, 0},
                   {10 * USEC_MINUTE + PLAY_REPORT_WITHIN, 1}};
    struct evening evening;
    begin(&evening, state);
    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        evening.kit.orders.actor.now = KIT_NOW + 10 * USEC_HOUR + moments[i].after;
        at(&evening, run_settle);
        at(&evening, run_look);
        assert_int_equal(evening.plays.count, moments[i].missing);
        assert_int_equal(evening.summary.total.not_reported, 4 * moments[i].missing);
    }
    desk_kit_finish(&evening.kit);
}

static void a_report_counts_before_its_plan_is_counted(void **state)
{
    struct evening evening;
    begin(&evening, state);
    at(&evening, run_look);
    log_item(&evening, LOG_ITEM_PLAYED, REASON_DONE);
    evening.kit.orders.actor.now = KIT_NOW + 10 * USEC_HOUR + 10 * USEC_MINUTE;
    at(&evening, run_settle);
    at(&evening, run_look);
    assert_int_equal(evening.plays.at[0].outcome, PLAY_PLAYED);
    assert_int_equal(evening.summary.total.planned, 1);
    assert_int_equal(evening.summary.total.not_reported, 0);
    desk_kit_finish(&evening.kit);
}

static errc run_prune(void *ctx, struct db *db, struct why *why)
{
    struct evening *evening = ctx;
    return play_log_prune(db, evening->kit.orders.actor.now + USEC_DAY, 100, why);
}

static void forgets_what_is_old_but_not_its_sums(void **state)
{
    struct evening evening;
    begin(&evening, state);
    at(&evening, run_look);
    log_item(&evening, LOG_ITEM_PLAYED, REASON_DONE);
    at(&evening, run_settle);
    at(&evening, run_prune);
    at(&evening, run_look);
    assert_int_equal(evening.summary.total.played, 1);
    desk_kit_finish(&evening.kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(what_nobody_reported_is_not_reported),
        TEST_ON_BOTH(what_was_played_is_counted_once),
        TEST_ON_BOTH(what_was_not_played_has_its_reason),
        TEST_ON_BOTH(what_is_still_to_come_is_not_missing_yet),
        TEST_ON_BOTH(what_runs_or_is_on_its_way_is_not_missing_yet),
        TEST_ON_BOTH(a_report_counts_before_its_plan_is_counted),
        TEST_ON_BOTH(forgets_what_is_old_but_not_its_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

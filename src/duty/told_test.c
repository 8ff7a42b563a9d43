/* What is new is told once, not in quiet hours and not of muted kinds; the letter of the day is
 * one. */
#include "duty/told.h"

#include "base/testing.h"
#include "duty/duty_testing.h"
#include "duty/letter.h"

static const struct store_room *const rooms[] = {&people_room, &duty_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

/* A person, and what waits for her. */
struct morning {
    struct duty_kit kit;
    int64_t person;
    struct inbox_item items[2];
    struct inbox inbox;
    struct notice_choice choice;
    struct account_ids readers;
    struct letters letters;
};

static errc run_told(void *ctx, struct db *db, struct why *why)
{
    struct morning *morning = ctx;
    return told_items(&morning->kit.job, db, WORDS_VI, &morning->inbox, why);
}

static errc run_digest(void *ctx, struct db *db, struct why *why)
{
    struct morning *morning = ctx;
    struct digest_reader reader = {WORDS_VI, S("mai@loa.example")};
    return digest_make(&morning->kit.job, db, &reader, &morning->inbox, why);
}

static errc run_digest_readers(void *ctx, struct db *db, struct why *why)
{
    struct morning *morning = ctx;
    return digest_readers(&morning->kit.job, db, &morning->readers, why);
}

static errc run_readers(void *ctx, struct db *db, struct why *why)
{
    struct morning *morning = ctx;
    return told_readers(db, morning->kit.job.arena, &morning->readers, why);
}

static errc run_choose(void *ctx, struct db *db, struct why *why)
{
    struct morning *morning = ctx;
    return notice_choice_put(&morning->kit.job, db, &morning->choice, why);
}

static errc run_claim(void *ctx, struct db *db, struct why *why)
{
    struct morning *morning = ctx;
    struct duty_kit *kit = &morning->kit;
    return letters_claim(db, false, kit->actor.now, kit->job.arena, &morning->letters, why);
}

static void begin(struct morning *morning, void **state)
{
    memset(morning, 0, sizeof *morning);
    struct duty_kit *kit = &morning->kit;
    duty_kit_init(kit, state);
    morning->person =
        kit_person(kit, (struct kit_person){"mai", "mai@loa.example", kit->commune, ROLE_APPROVER});
    kit_browser(kit, morning->person);
    kit_act_as(kit, morning->person, ROLE_APPROVER, kit->commune);
    for (int i = 0; i < 2; i++) {
        morning->items[i] = (struct inbox_item){.kind = INBOX_BULLETIN,
                                                .id = i == 0 ? S("1") : S("2"),
                                                .unit = kit->commune,
                                                .title = i == 0 ? S("Tiêm chủng") : S("Họp thôn"),
                                                .since = KIT_NOW,
                                                .link = S("/bulletins/1")};
    }
    morning->inbox = (struct inbox){.items = morning->items, .count = 1};
    morning->inbox.counts[INBOX_BULLETIN] = 1;
    morning->choice = notice_choice_default();
}

static void do_job(struct morning *morning, duty_run *run)
{
    assert_ok(store_write_now(morning->kit.test->store, run, morning, NULL));
}

static size_t letters(struct morning *morning)
{
    do_job(morning, run_claim);
    return morning->letters.count;
}

static void a_thing_is_told_once_and_again_when_it_waits_anew(void **state)
{
    struct morning morning;
    begin(&morning, state);
    do_job(&morning, run_readers);
    assert_int_equal(morning.readers.count, 1);
    do_job(&morning, run_told);
    do_job(&morning, run_told);
    assert_int_equal(letters(&morning), 1);
    assert_non_null(strstr(morning.letters.at[0].body.at, "\"title\":\"Bản tin chờ duyệt\""));
    morning.inbox.count = 2;
    do_job(&morning, run_told);
    assert_int_equal(letters(&morning), 1);
    assert_non_null(strstr(morning.letters.at[0].body.at, "\"body\":\"Họp thôn\""));
    morning.items[0].since += USEC_HOUR; /* returned and submitted again, both of them */
    morning.items[1].since += USEC_HOUR;
    do_job(&morning, run_told);
    assert_int_equal(letters(&morning), 1);
    assert_non_null(strstr(morning.letters.at[0].body.at, "2 việc mới"));
    duty_kit_finish(&morning.kit);
}

static void nothing_is_told_in_quiet_hours_and_nothing_is_forgotten(void **state)
{
    struct morning morning;
    begin(&morning, state);
    morning.choice.has_quiet = true;
    morning.choice.quiet_from = 21 * 60;
    morning.choice.quiet_to = 7 * 60 + 30;
    do_job(&morning, run_choose);
    do_job(&morning, run_told);
    assert_int_equal(letters(&morning), 0);
    kit_pass(&morning.kit, 30 * USEC_MINUTE);
    do_job(&morning, run_told);
    assert_int_equal(letters(&morning), 1);
    morning.choice = notice_choice_default();
    morning.choice.muted = 1U << INBOX_BULLETIN;
    do_job(&morning, run_choose);
    morning.inbox.count = 2;
    do_job(&morning, run_told);
    assert_int_equal(letters(&morning), 0);
    morning.choice.push = false;
    do_job(&morning, run_choose);
    do_job(&morning, run_readers);
    assert_int_equal(morning.readers.count, 0);
    duty_kit_finish(&morning.kit);
}

static void calls_cannot_be_muted(void **state)
{
    struct morning morning;
    begin(&morning, state);
    morning.choice.muted = 1U << INBOX_ALARM_CALL;
    assert_failed(store_write_now(morning.kit.test->store, run_choose, &morning, NULL),
                  ERR_INVALID);
    assert_string_equal(morning.kit.bad.name, "muted");
    duty_kit_finish(&morning.kit);
}

static void the_letter_of_the_day_is_one_and_of_things_that_wait(void **state)
{
    struct morning morning;
    begin(&morning, state);
    morning.choice.digest_at = 7 * 60 + 1;
    do_job(&morning, run_choose);
    do_job(&morning, run_digest_readers);
    assert_int_equal(morning.readers.count, 0);
    kit_pass(&morning.kit, USEC_MINUTE);
    do_job(&morning, run_digest_readers);
    assert_int_equal(morning.readers.count, 1);
    do_job(&morning, run_digest);
    do_job(&morning, run_digest); /* another server */
    do_job(&morning, run_digest_readers);
    assert_int_equal(morning.readers.count, 0);
    assert_int_equal(letters(&morning), 1);
    assert_str(morning.letters.at[0].subject, S("1 việc, 02/03/2026"));
    assert_non_null(strstr(morning.letters.at[0].body.at, "https://loa.example/bulletins/1"));
    kit_pass(&morning.kit, USEC_DAY);
    morning.inbox.count = 0;
    morning.inbox.counts[INBOX_BULLETIN] = 0;
    do_job(&morning, run_digest);
    assert_int_equal(letters(&morning), 0); /* nothing waits, and the other was never settled */
    duty_kit_finish(&morning.kit);
}

static void quiet_hours_may_go_over_midnight(void **state)
{
    (void)state;
    struct notice_choice choice = {.has_quiet = true, .quiet_from = 22 * 60, .quiet_to = 5 * 60};
    usec midnight = day_start(20000, KIT_ZONE);
    assert_true(notice_is_quiet(&choice, midnight, KIT_ZONE));
    assert_true(notice_is_quiet(&choice, midnight + 5 * USEC_HOUR - 1, KIT_ZONE));
    assert_false(notice_is_quiet(&choice, midnight + 5 * USEC_HOUR, KIT_ZONE));
    assert_false(notice_is_quiet(&choice, midnight + 22 * USEC_HOUR - 1, KIT_ZONE));
    assert_true(notice_is_quiet(&choice, midnight + 22 * USEC_HOUR, KIT_ZONE));
    choice.quiet_from = 60;
    assert_false(notice_is_quiet(&choice, midnight, KIT_ZONE));
    assert_true(notice_is_quiet(&choice, midnight + USEC_HOUR, KIT_ZONE));
    choice.has_quiet = false;
    assert_false(notice_is_quiet(&choice, midnight + USEC_HOUR, KIT_ZONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(a_thing_is_told_once_and_again_when_it_waits_anew),
        TEST_ON_BOTH(nothing_is_told_in_quiet_hours_and_nothing_is_forgotten),
        TEST_ON_BOTH(calls_cannot_be_muted),
        TEST_ON_BOTH(the_letter_of_the_day_is_one_and_of_things_that_wait),
        cmocka_unit_test(quiet_hours_may_go_over_midnight),
    };
    return cmocka_run_group_tests_name("duty: told", tests, NULL, NULL);
}

/* Letters on their way: once, one sender at a time, again after a pause, and gone with the browser.
 */
#include "duty/letter.h"

#include "base/testing.h"
#include "duty/duty_testing.h"
#include "duty/post.h"

static const struct store_room *const rooms[] = {&people_room, &duty_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

struct trip {
    struct duty_kit kit;
    int64_t person;
    struct letter letter;
    bool is_new;
    size_t pushes;
    struct letters claimed;
    struct letter sent; /* the first of those claimed last */
    struct letter_result result;
};

static errc run_add(void *ctx, struct db *db, struct why *why)
{
    struct trip *trip = ctx;
    return letter_add(&trip->kit.job, db, &trip->letter, &trip->is_new, why);
}

static errc run_push(void *ctx, struct db *db, struct why *why)
{
    struct trip *trip = ctx;
    return letter_add_push(&trip->kit.job, db, &trip->letter, &trip->pushes, why);
}

static errc run_claim(void *ctx, struct db *db, struct why *why)
{
    struct trip *trip = ctx;
    struct duty_kit *kit = &trip->kit;
    return letters_claim(db, false, kit->actor.now, kit->job.arena, &trip->claimed, why);
}

static errc run_done(void *ctx, struct db *db, struct why *why)
{
    struct trip *trip = ctx;
    return letters_done(db, &trip->result, 1, trip->kit.actor.now, why);
}

static errc run_tidy(void *ctx, struct db *db, struct why *why)
{
    struct trip *trip = ctx;
    return letters_tidy(db, trip->kit.actor.now, why);
}

static void write_job(struct trip *trip, duty_run *run)
{
    assert_ok(store_write_now(trip->kit.test->store, run, trip, NULL));
}

static size_t claim(struct trip *trip)
{
    write_job(trip, run_claim);
    trip->sent = trip->claimed.count > 0 ? trip->claimed.at[0] : trip->sent;
    return trip->claimed.count;
}

static void done(struct trip *trip, enum letter_outcome outcome)
{
    const struct letter *letter = &trip->sent;
    trip->result = (struct letter_result){.id = letter->id,
                                          .subscription = letter->subscription,
                                          .attempts = letter->attempts,
                                          .outcome = outcome};
    write_job(trip, run_done);
}

static void begin(struct trip *trip, void **state)
{
    memset(trip, 0, sizeof *trip);
    duty_kit_init(&trip->kit, state);
    unit_id commune = trip->kit.commune;
    trip->person = kit_person(
        &trip->kit, (struct kit_person){"mai", "mai@loa.example", commune, ROLE_APPROVER});
    trip->letter = (struct letter){.mark = S("thư:1"),
                                   .account = trip->person,
                                   .address = S("mai@loa.example"),
                                   .subject = S("Việc đang chờ"),
                                   .body = S("Chào"),
                                   .html = S("<p>Chào</p>"),
                                   .expires = KIT_NOW + USEC_DAY};
}

static void is_written_once_and_sent_by_one(void **state)
{
    struct trip trip;
    begin(&trip, state);
    write_job(&trip, run_add);
    assert_true(trip.is_new);
    write_job(&trip, run_add);
    assert_false(trip.is_new);
    assert_int_equal(claim(&trip), 1);
    assert_str(trip.claimed.at[0].html, S("<p>Chào</p>"));
    assert_int_equal(claim(&trip), 0); /* another server asks while the first is sending */
    done(&trip, LETTER_SENT);
    kit_pass(&trip.kit, USEC_HOUR);
    assert_int_equal(claim(&trip), 0);
    write_job(&trip, run_add); /* its mark is still known */
    assert_false(trip.is_new);
    duty_kit_finish(&trip.kit);
}

static void is_taken_over_from_a_sender_that_died(void **state)
{
    struct trip trip;
    begin(&trip, state);
    write_job(&trip, run_add);
    assert_int_equal(claim(&trip), 1);
    kit_pass(&trip.kit, LETTER_CLAIM);
    assert_int_equal(claim(&trip), 1);
    assert_int_equal(trip.claimed.at[0].attempts, 1);
    done(&trip, LETTER_LATER);
    assert_int_equal(claim(&trip), 0);
    kit_pass(&trip.kit, letter_pause(1, 0));
    assert_int_equal(claim(&trip), 1);
    done(&trip, LETTER_LATER);
    kit_pass(&trip.kit, USEC_DAY);
    assert_int_equal(claim(&trip), 0); /* out of time */
    duty_kit_finish(&trip.kit);
}

static void goes_to_each_browser_and_with_it(void **state)
{
    struct trip trip;
    begin(&trip, state);
    kit_browser(&trip.kit, trip.person);
    int64_t phone = kit_browser(&trip.kit, trip.person); /* the newest comes first */
    write_job(&trip, run_push);
    assert_int_equal(trip.pushes, 2);
    assert_int_equal(claim(&trip), 2);
    assert_int_equal(trip.claimed.at[0].subscription, phone);
    assert_true(str_starts(trip.claimed.at[0].endpoint, S("https://push.example/")));
    done(&trip, LETTER_GONE);
    trip.letter.mark = S("thư:2");
    write_job(&trip, run_push);
    assert_int_equal(trip.pushes, 1);
    duty_kit_finish(&trip.kit);
}

static void old_ones_go(void **state)
{
    struct trip trip;
    begin(&trip, state);
    write_job(&trip, run_add);
    assert_int_equal(claim(&trip), 1);
    done(&trip, LETTER_NEVER);
    kit_pass(&trip.kit, 20 * USEC_DAY);
    write_job(&trip, run_tidy);
    write_job(&trip, run_add);
    assert_true(trip.is_new);
    duty_kit_finish(&trip.kit);
}

static void waits_longer_each_time_and_as_long_as_it_is_asked_to(void **state)
{
    (void)state;
    usec before = 0;
    for (int64_t attempts = 0; attempts < 40; attempts++) {
        usec pause = letter_pause(attempts, 0);
        assert_true(pause >= before && pause <= 30 * USEC_MINUTE);
        before = pause;
    }
    assert_int_equal(letter_pause(0, 5 * USEC_MINUTE), 5 * USEC_MINUTE);
    assert_int_equal(letter_pause(0, USEC_DAY), 30 * USEC_MINUTE);
}

static void knows_what_answers_mean(void **state)
{
    (void)state;
    static const long finals[] = {301, 400, 401, 403, 413};
    static const long passing[] = {0, 408, 429, 500, 502, 503};
    assert_int_equal(post_push_outcome(201), LETTER_SENT);
    assert_int_equal(post_push_outcome(404), LETTER_GONE);
    assert_int_equal(post_push_outcome(410), LETTER_GONE);
    for (size_t i = 0; i < COUNT_OF(finals); i++) {
        assert_int_equal(post_push_outcome(finals[i]), LETTER_NEVER);
    }
    for (size_t i = 0; i < COUNT_OF(passing); i++) {
        assert_int_equal(post_push_outcome(passing[i]), LETTER_LATER);
    }
    assert_int_equal(post_mail_outcome(250), LETTER_SENT);
    assert_int_equal(post_mail_outcome(550), LETTER_NEVER);
    assert_int_equal(post_mail_outcome(451), LETTER_LATER);
    assert_int_equal(post_mail_outcome(535), LETTER_LATER); /* a password can be put right */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(is_written_once_and_sent_by_one),
        TEST_ON_BOTH(is_taken_over_from_a_sender_that_died),
        TEST_ON_BOTH(goes_to_each_browser_and_with_it),
        TEST_ON_BOTH(old_ones_go),
        cmocka_unit_test(waits_longer_each_time_and_as_long_as_it_is_asked_to),
        cmocka_unit_test(knows_what_answers_mean),
    };
    return cmocka_run_group_tests_name("duty: letter", tests, NULL, NULL);
}

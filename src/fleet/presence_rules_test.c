/* When devices are late or dead, and what cannot be: tables. */
#include "fleet/presence_rules.h"

#include "base/cases.h"
#include "base/testing.h"

static usec seconds(str cell)
{
    double value = 0;
    assert_true(str_to_double(cell, &value));
    return (usec)(value * (double)USEC_SECOND);
}

static void check_state(void *ctx, const struct cases_row *row)
{
    struct presence_timing timing = presence_timing_default();
    bool attached = str_is(row->cells[1], S("-"));
    struct presence_link link = {
        .known = true,
        .attached = attached,
        .heard = seconds(row->cells[0]),
        .lost = attached ? 0 : seconds(row->cells[1]),
        .beat = 45 * USEC_SECOND,
    };
    const char *found = presence_state_name(presence_judge(&timing, &link, seconds(row->cells[2])));
    if (!str_is(str_of(found), row->cells[3])) {
        fail_msg("%s:%zu: found %s", row->path, row->line, found);
    }
    (*(size_t *)ctx)++;
}

static void judges_as_the_table_says(void **state)
{
    (void)state;
    size_t rows = 0;
    struct why why;
    assert_ok(
        cases_each(LOA_SOURCE_DIR "/src/fleet/presence_rules.cases", 5, check_state, &rows, &why));
    assert_true(rows > 10);
}

static void knows_nothing_of_what_was_never_heard(void **state)
{
    (void)state;
    struct presence_timing timing = presence_timing_default();
    struct presence_link link = {.known = false};
    assert_int_equal(presence_judge(&timing, &link, USEC_DAY), PRESENCE_NEVER);
}

static void gives_everybody_a_while_after_our_own_restart(void **state)
{
    (void)state;
    struct presence_timing timing = presence_timing_default();
    struct presence_link link = {.known = true, .excused = true, .beat = 45 * USEC_SECOND};
    link.lost = USEC_HOUR;
    assert_int_equal(presence_judge(&timing, &link, USEC_HOUR), PRESENCE_LATE);
    assert_int_equal(presence_judge(&timing, &link, USEC_HOUR + 30 * USEC_SECOND), PRESENCE_DEAD);
}

struct claim {
    struct wire_status before;
    struct wire_status status;
    struct presence_facts facts;
    uint32_t expected;
};

static const usec noon = 1700000000 * USEC_SECOND;

static const struct claim claims[] = {
    /* all in order */
    {{.uptime_s = 100, .bytes_in = 5},
     {.uptime_s = 145, .bytes_in = 9, .log_seq = 7},
     {.log_kept = 7, .since_before = 45 * USEC_SECOND, .same_boot = true, .same_month = true},
     0},
    /* a shorter log than we keep, unless its disk was mended */
    {{0}, {.log_seq = 6}, {.log_kept = 7}, LIE_LOG_BACK},
    {{0}, {.log_seq = 6, .faults = FAULT_STORE}, {.log_kept = 7}, 0},
    /* orders and keys that nobody has made */
    {{0},
     {.state_version = 10, .trust_version = 2},
     {.state_most = 9, .trust_most = 2},
     LIE_STATE_AHEAD},
    {{0},
     {.state_version = 9, .trust_version = 3},
     {.state_most = 9, .trust_most = 2},
     LIE_TRUST_AHEAD},
    {{0}, {.state_version = 9, .trust_version = 3}, {.state_most = 0}, 0},
    /* time travel, in both directions, but a message may have been long on its way */
    {{.uptime_s = 100}, {.uptime_s = 99}, {.same_boot = true}, LIE_UPTIME},
    {{.uptime_s = 100}, {.uptime_s = 3}, {.same_boot = false}, 0},
    {{.uptime_s = 100}, {.uptime_s = 200}, {.same_boot = true, .since_before = 0}, 0},
    {{.uptime_s = 100}, {.uptime_s = 9000}, {.same_boot = true, .since_before = 0}, LIE_UPTIME},
    /* counters of the month, but for its turn and a new start */
    {{.bytes_in = 9}, {.bytes_in = 8}, {.same_boot = true, .same_month = true}, LIE_TRAFFIC_BACK},
    {{.bytes_out = 9}, {.bytes_out = 8}, {.same_boot = true, .same_month = true}, LIE_TRAFFIC_BACK},
    {{.bytes_in = 9}, {.bytes_in = 0}, {.same_boot = true, .same_month = false}, 0},
    /* sounds since tomorrow; one that does not know the time may say so */
    {{0}, {.clock = CLOCK_SURE, .playing_since = noon + USEC_HOUR}, {.now_utc = noon}, LIE_FUTURE},
    {{0}, {.clock = CLOCK_UNSURE, .playing_since = noon + USEC_HOUR}, {.now_utc = noon}, 0},
    {{0}, {.clock = CLOCK_SURE, .playing_since = noon + USEC_MINUTE}, {.now_utc = noon}, 0},
};

static void finds_what_cannot_be(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(claims); i++) {
        const struct claim *claim = &claims[i];
        uint32_t found = presence_lies(&claim->before, &claim->status, &claim->facts);
        if (found != claim->expected) {
            fail_msg("claim %zu: found %x, expected %x", i, found, claim->expected);
        }
    }
}

static void has_a_name_for_each_state_and_lie(void **state)
{
    (void)state;
    for (size_t i = 0; i < PRESENCE_STATES; i++) {
        enum presence_state found = PRESENCE_NEVER;
        const char *name = presence_state_name((enum presence_state)i);
        assert_true(presence_state_parse(str_of(name), &found));
        assert_int_equal(found, i);
    }
    for (size_t i = 0; i < PRESENCE_LIES; i++) {
        assert_non_null(presence_lie_name(presence_lie_at(i)));
    }
    assert_null(presence_lie_name(3));
    enum presence_state none = PRESENCE_NEVER;
    assert_false(presence_state_parse(S("asleep"), &none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_as_the_table_says),
        cmocka_unit_test(knows_nothing_of_what_was_never_heard),
        cmocka_unit_test(gives_everybody_a_while_after_our_own_restart),
        cmocka_unit_test(finds_what_cannot_be),
        cmocka_unit_test(has_a_name_for_each_state_and_lie),
    };
    return cmocka_run_group_tests_name("fleet: presence rules", tests, NULL, NULL);
}

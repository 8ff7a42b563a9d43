#include "broadcast/coverage.h"

#include "base/testing.h"

enum { DEVICES = 10 };

static const wire_id flood = {{1}};

static struct coverage *open_ten(void)
{
    struct coverage *coverage = NULL;
    struct coverage_device devices[DEVICES];
    for (size_t i = 0; i < DEVICES; i++) {
        devices[i] = (struct coverage_device){.device = 10 * (i + 1), .unit = 3};
    }
    assert_ok(coverage_create(&coverage));
    assert_ok(coverage_open(coverage, flood, devices, DEVICES));
    return coverage;
}

static bool hear(struct coverage *coverage, uint64_t device, enum log_kind kind, int64_t value)
{
    struct coverage_receipt receipt = {
        .order = flood, .device = device, .kind = kind, .value = value, .at = 1000};
    return coverage_hears(coverage, &receipt);
}

static struct coverage_counts count(struct coverage *coverage)
{
    struct coverage_counts counts;
    assert_true(coverage_count(coverage, flood, &counts));
    return counts;
}

static void counts_each_device_where_it_stands(void **state)
{
    (void)state;
    struct coverage *coverage = open_ten();
    assert_true(hear(coverage, 10, LOG_ORDER_RECEIVED, 0));
    assert_true(hear(coverage, 10, LOG_ORDER_ACCEPTED, 0));
    assert_true(hear(coverage, 10, LOG_ALARM_PLAYING, 30000));
    assert_true(hear(coverage, 20, LOG_ORDER_RECEIVED, 0));
    assert_false(hear(coverage, 15, LOG_ORDER_RECEIVED, 0));
    struct coverage_counts counts = count(coverage);
    assert_int_equal(counts.total, DEVICES);
    assert_int_equal(counts.by_state[COVERAGE_WAITING], 8);
    assert_int_equal(counts.by_state[COVERAGE_RECEIVED], 1);
    assert_int_equal(counts.by_state[COVERAGE_SOUNDING], 1);
    assert_int_equal(counts.heard, 1);
    coverage_destroy(coverage);
}

static void never_goes_back_when_messages_come_late(void **state)
{
    (void)state;
    struct coverage *coverage = open_ten();
    assert_true(hear(coverage, 10, LOG_ALARM_SOUNDED, 1));
    assert_false(hear(coverage, 10, LOG_ALARM_PLAYING, 30000));
    assert_false(hear(coverage, 10, LOG_ORDER_RECEIVED, 0));
    assert_false(hear(coverage, 10, LOG_ORDER_REFUSED, 0));
    assert_true(hear(coverage, 10, LOG_ALARM_SOUNDED, 2));
    assert_false(hear(coverage, 10, LOG_ALARM_SOUNDED, 2));
    assert_true(hear(coverage, 10, LOG_ORDER_ENDED, 0));
    assert_false(hear(coverage, 10, LOG_ORDER_ACCEPTED, 0));
    struct coverage_counts counts = count(coverage);
    assert_int_equal(counts.by_state[COVERAGE_ENDED], 1);
    assert_int_equal(counts.heard, 1);
    coverage_destroy(coverage);
}

static void counts_a_device_that_obeys_after_a_refusal_as_obeying(void **state)
{
    (void)state;
    struct coverage *coverage = open_ten();
    struct coverage_receipt refusal = {
        .order = flood, .device = 30, .kind = LOG_ORDER_REFUSED, .reason = REASON_CLOCK_UNSURE};
    assert_true(coverage_hears(coverage, &refusal));
    assert_int_equal(count(coverage).refused_by[REASON_CLOCK_UNSURE], 1);
    assert_true(hear(coverage, 30, LOG_ORDER_ACCEPTED, 0));
    assert_int_equal(count(coverage).refused_by[REASON_CLOCK_UNSURE], 0);
    assert_int_equal(count(coverage).by_state[COVERAGE_ACCEPTED], 1);
    coverage_destroy(coverage);
}

static void lists_exactly_who_is_missing(void **state)
{
    (void)state;
    struct coverage *coverage = open_ten();
    struct coverage_device lines[DEVICES];
    for (uint64_t device = 10; device <= 100; device += 10) {
        bool silent = device == 40 || device == 90;
        assert_int_equal(!silent && hear(coverage, device, LOG_ALARM_PLAYING, 1), !silent);
    }
    assert_int_equal(coverage_list(coverage, flood, COVERAGE_WAITING, 0, lines, DEVICES), 2);
    assert_int_equal(lines[0].device, 40);
    assert_int_equal(lines[1].device, 90);
    assert_int_equal(coverage_list(coverage, flood, COVERAGE_WAITING, 40, lines, DEVICES), 1);
    assert_int_equal(coverage_list(coverage, flood, COVERAGE_SOUNDING, 0, lines, 3), 3);
    coverage_destroy(coverage);
}

static void keeps_what_it_heard_when_it_is_opened_again(void **state)
{
    (void)state;
    struct coverage *coverage = open_ten();
    struct coverage_device rows[2] = {{.device = 10},
                                      {.device = 20, .state = COVERAGE_ENDED, .times = 1}};
    assert_true(hear(coverage, 10, LOG_ALARM_PLAYING, 1));
    assert_true(hear(coverage, 20, LOG_ORDER_RECEIVED, 1));
    assert_ok(coverage_open(coverage, flood, rows, 2));
    struct coverage_counts counts = count(coverage);
    assert_int_equal(counts.total, 2);
    assert_int_equal(counts.by_state[COVERAGE_SOUNDING], 1);
    assert_int_equal(counts.by_state[COVERAGE_ENDED], 1);
    assert_int_equal(counts.heard, 2);
    coverage_destroy(coverage);
}

static void forgets_the_oldest_that_ended_when_there_are_too_many(void **state)
{
    (void)state;
    struct coverage *coverage = open_ten();
    struct coverage_device one = {.device = 1};
    struct coverage_counts counts;
    for (int i = 2; i <= COVERAGE_ALARMS; i++) {
        wire_id order = {{(uint8_t)(i & 0xff), (uint8_t)(i >> 8), 7}};
        assert_ok(coverage_open(coverage, order, &one, 1));
    }
    wire_id second = {{2, 0, 7}};
    coverage_end(coverage, second);
    assert_ok(coverage_open(coverage, (wire_id){{9, 9, 9}}, &one, 1));
    assert_false(coverage_count(coverage, second, &counts));
    assert_true(coverage_count(coverage, flood, &counts));
    coverage_destroy(coverage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_each_device_where_it_stands),
        cmocka_unit_test(never_goes_back_when_messages_come_late),
        cmocka_unit_test(counts_a_device_that_obeys_after_a_refusal_as_obeying),
        cmocka_unit_test(lists_exactly_who_is_missing),
        cmocka_unit_test(keeps_what_it_heard_when_it_is_opened_again),
        cmocka_unit_test(forgets_the_oldest_that_ended_when_there_are_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "agent/relay.h"

#include <unistd.h>

#include "base/file.h"
#include "base/testing.h"

enum { LEAD = 500000, HOLD = 2000000 };

struct board {
    bool on;
    bool refuses;
    int calls;
};

static errc set_board(void *ctx, bool on, struct why *why)
{
    struct board *board = ctx;
    board->calls++;
    if (board->refuses) {
        return fail(why, ERR_IO, "no such line");
    }
    board->on = on;
    return OK;
}

static void leave_board(void *ctx)
{
    (void)ctx;
}

static void begin(struct relay *relay, struct board *board)
{
    struct relay_port port = {set_board, leave_board, board};
    relay_init(relay, &port);
    relay_set_times(relay, LEAD, HOLD);
}

static usec turn(struct relay *relay, usec now, bool sounds, usec next)
{
    errc rc = OK;
    usec again = relay_turn(relay, now, sounds, next, &rc, NULL);
    assert_ok(rc);
    assert_true(again > now);
    return again;
}

static void is_on_before_the_sound_and_off_some_time_after(void **state)
{
    (void)state;
    struct relay relay;
    struct board board = {0};
    usec next = 10 * USEC_SECOND;
    begin(&relay, &board);
    assert_true(turn(&relay, 0, false, next) == next - LEAD);
    assert_false(board.on);
    ignore_int((long)turn(&relay, next - LEAD, false, next));
    assert_true(board.on);
    assert_true(relay_ready(&relay, next - LEAD) == next);
    ignore_int((long)turn(&relay, next, true, INT64_MAX));
    assert_true(turn(&relay, next + 100, false, INT64_MAX) == next + HOLD + 1);
    assert_true(board.on);
    ignore_int((long)turn(&relay, next + HOLD + 1, false, INT64_MAX));
    assert_false(board.on);
    assert_int_equal(board.calls, 2);
}

static void stays_on_between_two_sounds_that_are_near(void **state)
{
    (void)state;
    struct relay relay;
    struct board board = {0};
    begin(&relay, &board);
    ignore_int((long)turn(&relay, 0, true, INT64_MAX));
    for (usec now = 0; now < 4 * USEC_SECOND; now += 100000) {
        bool sounds = now < USEC_SECOND || now > 3 * USEC_SECOND;
        ignore_int(
            (long)turn(&relay, now, sounds, now < 3 * USEC_SECOND ? 3 * USEC_SECOND : INT64_MAX));
        assert_true(board.on);
    }
    assert_int_equal(board.calls, 1);
}

static void sound_at_once_waits_for_the_amplifier(void **state)
{
    (void)state;
    struct relay relay;
    struct board board = {0};
    begin(&relay, &board);
    assert_true(relay_ready(&relay, 7) == 7 + LEAD);
    ignore_int((long)turn(&relay, 7, true, INT64_MAX));
    assert_true(relay_ready(&relay, 8) == 7 + LEAD);
    assert_true(relay_ready(&relay, 9 * USEC_SECOND) == 9 * USEC_SECOND);
}

static void tells_once_that_the_line_refuses_and_asks_again(void **state)
{
    (void)state;
    struct relay relay;
    struct board board = {.refuses = true};
    struct why why = {""};
    errc rc = OK;
    begin(&relay, &board);
    usec again = relay_turn(&relay, 0, true, INT64_MAX, &rc, &why);
    assert_failed(rc, ERR_IO);
    assert_true(again == USEC_SECOND && relay.failed);
    ignore_int((long)turn(&relay, 500000, true, INT64_MAX));
    assert_int_equal(board.calls, 1);
    ignore_int((long)turn(&relay, again, true, INT64_MAX));
    assert_int_equal(board.calls, 2);
    board.refuses = false;
    ignore_int((long)turn(&relay, 2 * again, true, INT64_MAX));
    assert_true(board.on && !relay.failed);
}

static void without_a_relay_sound_may_always_start(void **state)
{
    (void)state;
    struct relay relay;
    relay_init(&relay, &(struct relay_port){0});
    assert_true(relay_ready(&relay, 5) == 5);
    assert_true(turn(&relay, 5, true, 6) == INT64_MAX);
    relay_finish(&relay);
}

static void the_dummy_is_a_file(void **state)
{
    (void)state;
    char path[] = "/tmp/loa-relay-XXXXXX";
    int fd = mkstemp(path);
    struct relay_port port = {0};
    struct relay relay;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 16);
    file_close(&fd);
    assert_ok(relay_file_open(path, &port, NULL));
    relay_init(&relay, &port);
    ignore_int((long)turn(&relay, 0, true, INT64_MAX));
    assert_ok(file_read(path, 16, &text, NULL));
    assert_str(buf_str(&text), S("1"));
    relay_finish(&relay);
    buf_clear(&text);
    assert_ok(file_read(path, 16, &text, NULL));
    assert_str(buf_str(&text), S("0"));
    ignore_int(unlink(path));
}

static void a_chip_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct relay_port port = {0};
    struct why why = {""};
    assert_true(relay_gpio_open("gpiochip-none", 4, false, &port, &why) != OK);
    assert_true(str_starts(str_of(why.text), S("the relay's chip gpiochip-none")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_on_before_the_sound_and_off_some_time_after),
        cmocka_unit_test(stays_on_between_two_sounds_that_are_near),
        cmocka_unit_test(sound_at_once_waits_for_the_amplifier),
        cmocka_unit_test(tells_once_that_the_line_refuses_and_asks_again),
        cmocka_unit_test(without_a_relay_sound_may_always_start),
        cmocka_unit_test(the_dummy_is_a_file),
        cmocka_unit_test(a_chip_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests_name("agent: relay", tests, NULL, NULL);
}

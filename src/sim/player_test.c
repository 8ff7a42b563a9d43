/* The pretended loudspeaker keeps the times and writes the log of a real one. */
#include "sim/player.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { EVENTS_MOST = 32 };

#define SERVER (1700000000 * USEC_SECOND)
#define SECOND USEC_SECOND

static struct player player;
static struct player_event events[EVENTS_MOST];
static size_t event_count;
static usec now; /* steady */

static void on_event(void *ctx, const struct player_event *event)
{
    (void)ctx;
    assert_true(event_count < EVENTS_MOST);
    events[event_count++] = *event;
}

static const struct player_out out = {.tell = on_event};

static int begin(void **state)
{
    (void)state;
    player = (struct player){.count = 0};
    event_count = 0;
    now = 0;
    return 0;
}

static struct player_clock at(usec steady)
{
    return (struct player_clock){.steady = steady, .server = SERVER + steady, .state = CLOCK_SURE};
}

static void obey(usec steady, const struct authority_order *order)
{
    struct player_clock clock = at(steady);
    now = steady;
    player_obey(&player, order, &clock, &out);
}

/* Looks whenever the player asked for it, until then. */
static void play_until(usec end)
{
    while (player_next(&player) <= end) {
        now = player_next(&player) > now ? player_next(&player) : now;
        struct player_clock clock = at(now);
        player_tick(&player, &clock, &out);
    }
}

static struct authority_order alarm_of(uint8_t id, enum order_class order_class, uint64_t times)
{
    static const struct wire_voice voice = {.ms = 10000};
    return (struct authority_order){
        .head = {.id = {{id}},
                 .kind = ORDER_ALARM,
                 .order_class = order_class,
                 .not_before = SERVER,
                 .expires = SERVER + 600 * SECOND},
        .tier = 1,
        .alarm = {.signal = SIGNAL_NONE, .voices = {.at = &voice, .count = 1}, .times = times},
    };
}

static void an_alarm_sounds_as_often_as_it_says(void **state)
{
    (void)state;
    struct authority_order alarm = alarm_of(1, CLASS_EMERGENCY, 2);
    obey(0, &alarm);
    play_until(599 * SECOND);
    assert_int_equal(event_count, 4);
    assert_int_equal(events[0].entry.kind, LOG_ALARM_PLAYING);
    assert_int_equal(events[0].entry.value, PLAYER_LATENCY);
    assert_int_equal(events[0].sounded_at, PLAYER_LATENCY);
    assert_int_equal(events[1].entry.kind, LOG_ALARM_SOUNDED);
    assert_int_equal(events[2].entry.value, 2);
    assert_int_equal(events[3].entry.kind, LOG_ORDER_ENDED);
    assert_int_equal(events[3].entry.reason, REASON_DONE);
    assert_int_equal(player_sound(&player), SOUND_NONE);
}

static void a_common_start_is_waited_for(void **state)
{
    (void)state;
    struct authority_order alarm = alarm_of(1, CLASS_DRILL, 1);
    alarm.alarm.start = SERVER + 3 * SECOND;
    obey(SECOND, &alarm);
    play_until(4 * SECOND);
    assert_int_equal(event_count, 1);
    assert_int_equal(events[0].sounded_at, 3 * SECOND);
    assert_int_equal(player_sound(&player), SOUND_DRILL);
}

static void an_emergency_goes_before_a_drill(void **state)
{
    (void)state;
    struct authority_order drill = alarm_of(1, CLASS_DRILL, 1);
    struct authority_order real = alarm_of(2, CLASS_EMERGENCY, 1);
    obey(0, &drill);
    play_until(SECOND);
    obey(SECOND, &real);
    play_until(2 * SECOND);
    assert_int_equal(player_sound(&player), SOUND_ALARM);
    play_until(60 * SECOND);
    assert_int_equal(events[event_count - 1].entry.kind, LOG_ORDER_ENDED);
    assert_int_equal(events[event_count - 1].entry.subject.bytes[0], 1);
    assert_int_equal(player.count, 0);
}

static void a_stop_of_all_silences_until_its_release(void **state)
{
    (void)state;
    struct authority_order alarm = alarm_of(1, CLASS_EMERGENCY, 3);
    struct authority_order stop = alarm;
    struct authority_order release = alarm;
    stop.head.id = (wire_id){{9}};
    stop.head.kind = ORDER_STOP;
    stop.stop = (struct wire_stop){.target = {{0}}};
    release.head.kind = ORDER_RELEASE;
    release.release = (struct wire_release){.target = {{9}}};
    obey(0, &alarm);
    play_until(SECOND);
    obey(SECOND, &stop);
    assert_int_equal(events[1].entry.reason, REASON_CANCELLED);
    assert_int_equal(events[2].entry.kind, LOG_STOPPED);
    assert_int_equal(events[2].sounded_at, SECOND + PLAYER_LATENCY);
    obey(2 * SECOND, &alarm);
    play_until(30 * SECOND);
    assert_int_equal(player_sound(&player), SOUND_STOPPED);
    obey(31 * SECOND, &release);
    play_until(32 * SECOND);
    assert_int_equal(player_sound(&player), SOUND_ALARM);
}

static void what_nobody_ends_expires(void **state)
{
    (void)state;
    struct authority_order alarm = alarm_of(1, CLASS_EMERGENCY, 20);
    alarm.head.expires = SERVER + 25 * SECOND;
    obey(0, &alarm);
    play_until(30 * SECOND);
    assert_int_equal(events[event_count - 1].entry.reason, REASON_EXPIRED);
    assert_int_equal(player_next(&player), INT64_MAX);
}

#define test(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_alarm_sounds_as_often_as_it_says),
        test(a_common_start_is_waited_for),
        test(an_emergency_goes_before_a_drill),
        test(a_stop_of_all_silences_until_its_release),
        test(what_nobody_ends_expires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

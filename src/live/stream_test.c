/* Senders with clocks and paces of their own, and what comes of them on the line. */
#include "live/stream.h"

#include "base/crash.h"
#include "base/testing.h"

enum { KEPT = 8192 };

#define T0 (20000 * USEC_DAY)

struct kit {
    struct live_stream *stream;
    uint64_t indices[KEPT];
    uint8_t tags[KEPT]; /* the second byte; 0: gone */
    size_t count;
    size_t bundles[LANES];
    size_t in_bundles[LANES];
    uint64_t bundle_next[LANES];
    usec base;
};

static void on_packet(void *ctx, uint64_t index, usec at, str packet)
{
    struct kit *kit = ctx;
    assert_true(kit->count < KEPT);
    kit->indices[kit->count] = index;
    kit->tags[kit->count] = live_packet_is_gone(packet) ? 0 : (uint8_t)packet.at[1];
    kit->base = kit->count == 0 ? at - (usec)index * LIVE_STEP : kit->base;
    assert_int_equal(at, kit->base + (usec)index * LIVE_STEP);
    kit->count++;
}

static void on_bundle(void *ctx, const struct live_bundle *bundle)
{
    struct kit *kit = ctx;
    assert_true(bundle->index >= kit->bundle_next[bundle->lane]);
    assert_int_equal(bundle->at, kit->base + (usec)bundle->index * LIVE_STEP);
    kit->bundle_next[bundle->lane] = bundle->index + bundle->count;
    kit->bundles[bundle->lane]++;
    kit->in_bundles[bundle->lane] += bundle->count;
}

static struct kit *kit_create(enum live_pace pace)
{
    struct kit *kit = mem_take(sizeof *kit);
    struct live_stream_ports ports = {kit, on_packet, on_bundle};
    kit->stream = live_stream_create(pace, &ports);
    return kit;
}

static void kit_destroy(struct kit *kit)
{
    live_stream_destroy(kit->stream);
    mem_give(kit);
}

static void send(struct kit *kit, usec stamp, usec now, uint8_t tag)
{
    char bytes[2] = {(char)(uint8_t)(31U << 3), (char)tag};
    str packet = {bytes, sizeof bytes};
    assert_ok(live_stream_take(kit->stream, stamp, now, &packet, 1));
}

static struct live_stream_view look(const struct kit *kit)
{
    struct live_stream_view view;
    live_stream_look(kit->stream, &view);
    return view;
}

static void puts_packets_side_by_side_and_bundles_them(void **state)
{
    (void)state;
    struct kit *kit = kit_create(LIVE_STAMPED);
    for (int i = 0; i < 30; i++) {
        usec stamp = T0 + i * LIVE_STEP;
        send(kit, stamp, stamp + 30000 + i % 7 * 5000, 1);
    }
    assert_int_equal(kit->count, 30);
    assert_int_equal(kit->indices[29], 29);
    assert_int_equal(look(kit).base, T0);
    assert_int_equal(kit->bundles[LANE_QUICK], 10);
    assert_int_equal(kit->bundles[LANE_USUAL], 3);
    live_stream_turn(kit->stream, T0 + USEC_MINUTE);
    assert_int_equal(kit->in_bundles[LANE_USUAL], 30);
    kit_destroy(kit);
}

/* An hour of a sender whose clock is a two-thousandth off: the line stays within a packet or two
 * of the truth, in both directions. */
static void follows_a_clock_that_runs_otherwise(void **state)
{
    (void)state;
    for (int direction = -1; direction <= 1; direction += 2) {
        struct kit *kit = kit_create(LIVE_STAMPED);
        for (int i = 0; i < 4000; i++) {
            usec stamp = T0 + i * (LIVE_STEP + direction * 10);
            send(kit, stamp, stamp + 20000, 1);
        }
        usec truth = T0 + 4000 * (LIVE_STEP + direction * 10);
        usec line = look(kit).base + (usec)look(kit).next * LIVE_STEP;
        assert_in_range(line - truth + 60000, 0, 120000);
        assert_true(direction > 0 ? look(kit).gone > 0 : look(kit).left_out > 0);
        kit_destroy(kit);
    }
}

static void learns_a_foreign_clock_by_its_quickest_packet(void **state)
{
    (void)state;
    struct kit *kit = kit_create(LIVE_STAMPED);
    for (int i = 0; i < 500; i++) {
        send(kit, 1000 + i * LIVE_STEP, T0 + i * LIVE_STEP + 5000 + i * 7919 % 40000, 1);
    }
    assert_in_range(look(kit).base, T0 + 5000, T0 + 46000);
    assert_true(look(kit).gone + look(kit).left_out <= 2);
    kit_destroy(kit);
}

static void fills_a_small_gap_and_leaps_over_a_large_one(void **state)
{
    (void)state;
    struct kit *kit = kit_create(LIVE_STAMPED);
    send(kit, T0, T0, 1);
    send(kit, T0 + 20 * LIVE_STEP, T0 + 20 * LIVE_STEP, 2);
    assert_int_equal(look(kit).gone, 19);
    assert_int_equal(kit->indices[20], 20);
    assert_int_equal(kit->tags[19], 0);
    assert_int_equal(kit->tags[20], 2);
    send(kit, T0 + 500 * LIVE_STEP, T0 + 500 * LIVE_STEP, 3);
    assert_int_equal(look(kit).gone, 19);
    assert_int_equal(kit->indices[21], 500);
    kit_destroy(kit);
}

static void leaves_out_what_comes_twice_in_time(void **state)
{
    (void)state;
    struct kit *kit = kit_create(LIVE_STAMPED);
    for (int i = 0; i < 20; i++) {
        send(kit, T0 + i * LIVE_STEP, T0 + i * LIVE_STEP, 1);
    }
    send(kit, T0, T0 + 20 * LIVE_STEP, 9);
    assert_int_equal(look(kit).left_out, 1);
    assert_int_equal(kit->count, 20);
    kit_destroy(kit);
}

static void a_second_sender_goes_on_where_his_time_is(void **state)
{
    (void)state;
    struct kit *kit = kit_create(LIVE_STAMPED);
    send(kit, T0, T0, 1);
    live_stream_sender(kit->stream, LIVE_STAMPED);
    send(kit, T0 + 100 * LIVE_STEP - 7, T0 + 100 * LIVE_STEP, 2);
    assert_int_equal(kit->indices[1], 100);
    live_stream_sender(kit->stream, LIVE_STAMPED);
    send(kit, T0 + LIVE_STEP, T0 + 101 * LIVE_STEP, 3); /* never a place twice */
    assert_int_equal(kit->indices[2], 101);
    kit_destroy(kit);
}

static void a_burst_goes_on_at_the_pace_of_the_clock(void **state)
{
    (void)state;
    struct kit *kit = kit_create(LIVE_PACED);
    for (int i = 0; i < 200; i++) {
        send(kit, 0, T0, 1);
    }
    assert_true(live_stream_is_full(kit->stream));
    assert_int_equal(kit->count, 0);
    live_stream_turn(kit->stream, T0 + USEC_SECOND);
    assert_int_equal(kit->count, 41); /* a fifth of a second is the cushion */
    live_stream_turn(kit->stream, T0 + 3 * USEC_SECOND);
    assert_false(live_stream_is_full(kit->stream));
    assert_int_equal(kit->indices[kit->count - 1], kit->count - 1);
    kit_destroy(kit);
}

static void who_ran_dry_gets_a_new_cushion(void **state)
{
    (void)state;
    struct kit *kit = kit_create(LIVE_PACED);
    send(kit, 0, T0, 1);
    live_stream_turn(kit->stream, T0 + USEC_SECOND);
    assert_int_equal(kit->count, 1);
    send(kit, 0, T0 + 5 * USEC_SECOND, 2);
    live_stream_turn(kit->stream, T0 + 5 * USEC_SECOND + 100000);
    assert_int_equal(kit->count, 1);
    live_stream_turn(kit->stream, T0 + 5 * USEC_SECOND + 220000);
    assert_int_equal(kit->count, 2);
    assert_int_equal(kit->indices[1], 250);
    kit_destroy(kit);
}

static void a_fast_pace_is_thinned_out(void **state)
{
    (void)state;
    struct kit *kit = kit_create(LIVE_PACED);
    for (int i = 0; i < 3000; i++) {
        usec now = T0 + i * LIVE_STEP;
        send(kit, 0, now, 1);
        if (i % 20 == 0) {
            send(kit, 0, now, 2); /* one in twenty too many */
        }
        live_stream_turn(kit->stream, now);
        assert_true(look(kit).waiting < 160);
    }
    assert_true(look(kit).left_out > 0);
    kit_destroy(kit);
}

static void refuses_what_is_no_packet_as_a_whole(void **state)
{
    (void)state;
    struct kit *kit = kit_create(LIVE_STAMPED);
    const str packets[] = {{"\xf8\x01", 2}, {"\xf0\x01", 2}};
    assert_int_equal(live_stream_take(kit->stream, T0, T0, packets, 2), ERR_INVALID);
    str gone = live_packet_gone();
    assert_int_equal(live_stream_take(kit->stream, T0, T0, &gone, 1), ERR_INVALID);
    assert_int_equal(kit->count, 0);
    kit_destroy(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_packets_side_by_side_and_bundles_them),
        cmocka_unit_test(follows_a_clock_that_runs_otherwise),
        cmocka_unit_test(learns_a_foreign_clock_by_its_quickest_packet),
        cmocka_unit_test(fills_a_small_gap_and_leaps_over_a_large_one),
        cmocka_unit_test(leaves_out_what_comes_twice_in_time),
        cmocka_unit_test(a_second_sender_goes_on_where_his_time_is),
        cmocka_unit_test(a_burst_goes_on_at_the_pace_of_the_clock),
        cmocka_unit_test(who_ran_dry_gets_a_new_cushion),
        cmocka_unit_test(a_fast_pace_is_thinned_out),
        cmocka_unit_test(refuses_what_is_no_packet_as_a_whole),
    };
    return cmocka_run_group_tests_name("live: stream", tests, NULL, NULL);
}

/* What came of a stream: by its place, late, lost, never. */
#include "agent/live_feed.h"

#include "base/testing.h"

#include <opus.h>

enum { STREAM = 9, PACKETS = 40 };

#define T0 (20000 * USEC_DAY)

struct kit {
    struct live_feeds *feeds;
    char bytes[PACKETS][LIVE_PACKET_BYTES];
    str packets[PACKETS];
};

static struct kit *kit_create(void)
{
    struct kit *kit = mem_take(sizeof *kit);
    int failed = OPUS_OK;
    OpusEncoder *encoder = opus_encoder_create(48000, 1, OPUS_APPLICATION_VOIP, &failed);
    assert_non_null(encoder);
    for (size_t i = 0; i < PACKETS; i++) {
        int16_t pcm[LIVE_FRAMES];
        for (size_t n = 0; n < LIVE_FRAMES; n++) {
            pcm[n] = (int16_t)(n % 96 < 48 ? 9000 : -9000);
        }
        int size =
            opus_encode(encoder, pcm, LIVE_FRAMES, (uint8_t *)kit->bytes[i], LIVE_PACKET_BYTES);
        assert_true(size > 1);
        kit->packets[i] = (str){kit->bytes[i], (size_t)size};
    }
    opus_encoder_destroy(encoder);
    kit->feeds = live_feeds_create();
    assert_true(live_feeds_add(kit->feeds, STREAM));
    return kit;
}

static void kit_destroy(struct kit *kit)
{
    live_feeds_destroy(kit->feeds);
    mem_give(kit);
}

static void tell(struct kit *kit, enum live_state state, uint64_t delay_ms)
{
    struct wire_tuned tuned = {.stream = STREAM, .state = state, .delay_ms = delay_ms};
    live_feeds_tuned(kit->feeds, &tuned);
}

static void send(struct kit *kit, uint64_t index, size_t count, usec late)
{
    struct wire_live_sound sound = {.stream = STREAM,
                                    .index = index,
                                    .at = T0 + (usec)index * LIVE_STEP,
                                    .packets = {kit->packets, count}};
    live_feeds_sound(kit->feeds, &sound, sound.at + late);
}

static enum flow_state state_at(struct kit *kit, usec now)
{
    return live_feeds_look(kit->feeds, STREAM, now).state;
}

static void says_how_it_stands(void **state)
{
    (void)state;
    struct kit *kit = kit_create();
    assert_int_equal(state_at(kit, T0), FLOW_NONE);
    tell(kit, LIVE_FLOWS, 500);
    send(kit, 0, 10, 100000);
    assert_int_equal(live_feeds_look(kit->feeds, STREAM, T0).start, T0 + 500000);
    assert_int_equal(state_at(kit, T0 + 600000), FLOW_SOUNDS);
    assert_int_equal(state_at(kit, T0 + 2600000), FLOW_SOUNDS);
    assert_int_equal(state_at(kit, T0 + 2800000), FLOW_DEAD);
    tell(kit, LIVE_PAUSED, 500);
    assert_int_equal(state_at(kit, T0 + 600000), FLOW_SOUNDS); /* to its last word */
    assert_int_equal(state_at(kit, T0 + 900000), FLOW_PAUSED);
    tell(kit, LIVE_ENDED, 500);
    assert_int_equal(state_at(kit, T0 + 900000), FLOW_ENDED);
    kit_destroy(kit);
}

static void reads_in_order_conceals_and_waits(void **state)
{
    (void)state;
    struct kit *kit = kit_create();
    struct source source;
    int16_t pcm[LIVE_FRAMES];
    size_t count = 0;
    tell(kit, LIVE_FLOWS, 500);
    send(kit, 0, 2, 0);
    send(kit, 3, 1, 0);
    assert_ok(live_feeds_open(kit->feeds, STREAM, &source, NULL));
    assert_ok(source.seek(source.ctx, 960 + 100, NULL));
    assert_ok(source.read(source.ctx, pcm, LIVE_FRAMES, &count, NULL));
    assert_int_equal(count, LIVE_FRAMES - 100);
    assert_ok(source.read(source.ctx, pcm, LIVE_FRAMES, &count, NULL)); /* 2 never came */
    assert_int_equal(count, LIVE_FRAMES);
    assert_ok(source.read(source.ctx, pcm, LIVE_FRAMES, &count, NULL));
    assert_int_equal(source.read(source.ctx, pcm, LIVE_FRAMES, &count, NULL), ERR_BUSY);
    for (int i = 0; i < 5; i++) {
        assert_ok(source.fill(source.ctx, pcm, LIVE_FRAMES, &count, NULL));
    }
    assert_int_equal(source.fill(source.ctx, pcm, LIVE_FRAMES, &count, NULL), ERR_BUSY);
    live_feeds_drop(kit->feeds, STREAM); /* who reads goes on reading */
    assert_int_equal(source.read(source.ctx, pcm, LIVE_FRAMES, &count, NULL), ERR_BUSY);
    source_close(&source);
    kit_destroy(kit);
}

static void asks_for_more_when_it_comes_too_late(void **state)
{
    (void)state;
    struct kit *kit = kit_create();
    tell(kit, LIVE_FLOWS, 300);
    for (uint64_t i = 0; i < 20; i++) {
        send(kit, i * 10, 10, 100000);
    }
    assert_int_equal(live_feeds_need(kit->feeds, STREAM), 0);
    send(kit, 200, 10, 900000); /* one that stuck is none */
    assert_int_equal(live_feeds_need(kit->feeds, STREAM), 0);
    send(kit, 210, 10, 700000);
    assert_int_equal(live_feeds_need(kit->feeds, STREAM), 790);
    assert_int_equal(live_feeds_need(kit->feeds, STREAM), 0); /* said once */
    kit_destroy(kit);
}

static void a_server_that_counts_anew_is_followed(void **state)
{
    (void)state;
    struct kit *kit = kit_create();
    tell(kit, LIVE_FLOWS, 300);
    send(kit, 1000, 10, 0);
    struct wire_live_sound again = {
        .stream = STREAM, .at = T0 + USEC_MINUTE, .packets = {kit->packets, 3}};
    live_feeds_sound(kit->feeds, &again, again.at);
    assert_int_equal(live_feeds_look(kit->feeds, STREAM, again.at).start,
                     T0 + USEC_MINUTE + 300000);
    struct wire_live_sound absurd = {
        .stream = STREAM, .index = INT64_MAX, .at = 1, .packets = {kit->packets, 3}};
    live_feeds_sound(kit->feeds, &absurd, again.at);
    assert_int_equal(state_at(kit, again.at), FLOW_SOUNDS);
    kit_destroy(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_how_it_stands),
        cmocka_unit_test(reads_in_order_conceals_and_waits),
        cmocka_unit_test(asks_for_more_when_it_comes_too_late),
        cmocka_unit_test(a_server_that_counts_anew_is_followed),
    };
    return cmocka_run_group_tests_name("agent: live_feed", tests, NULL, NULL);
}

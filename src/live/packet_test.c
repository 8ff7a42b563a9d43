/* Which packets are 20 ms long, by the table of RFC 6716. */
#include "live/packet.h"

#include "base/testing.h"

static str packet_of(unsigned config, unsigned code, unsigned count)
{
    static char bytes[3];
    bytes[0] = (char)(uint8_t)(config << 3 | code);
    bytes[1] = (char)(uint8_t)count;
    return (str){bytes, sizeof bytes};
}

static void knows_how_long_a_packet_sounds(void **state)
{
    (void)state;
    static const struct {
        unsigned config;
        unsigned code;
        unsigned count;
        int64_t frames;
    } rows[] = {
        {0, 0, 0, 480},  {1, 0, 0, 960},  {3, 0, 0, 2880}, {5, 0, 0, 960},  {12, 0, 0, 480},
        {13, 0, 0, 960}, {15, 0, 0, 960}, {16, 0, 0, 120}, {31, 0, 0, 960}, {30, 1, 0, 960},
        {30, 2, 0, 960}, {29, 3, 4, 960}, {31, 3, 0, 0},   {3, 3, 63, 0},   {31, 1, 0, 1920},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(live_packet_frames(packet_of(rows[i].config, rows[i].code, rows[i].count)),
                         rows[i].frames);
    }
}

static void takes_what_is_20_ms_and_not_too_large(void **state)
{
    (void)state;
    char large[LIVE_PACKET_MOST + 1] = {(char)(uint8_t)(31U << 3)};
    assert_true(live_packet_is(packet_of(31, 0, 0)));
    assert_false(live_packet_is(packet_of(30, 0, 0)));
    assert_true(live_packet_is((str){large, LIVE_PACKET_MOST}));
    assert_false(live_packet_is((str){large, sizeof large}));
    assert_false(live_packet_is(STR_NONE));
    assert_false(live_packet_is((str){"\xfb", 1}));
}

static void writes_a_missing_packet_as_one_byte(void **state)
{
    (void)state;
    assert_int_equal(live_packet_gone().len, 1);
    assert_true(live_packet_is(live_packet_gone()));
    assert_true(live_packet_is_gone(live_packet_gone()));
    assert_false(live_packet_is_gone(packet_of(31, 0, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_how_long_a_packet_sounds),
        cmocka_unit_test(takes_what_is_20_ms_and_not_too_large),
        cmocka_unit_test(writes_a_missing_packet_as_one_byte),
    };
    return cmocka_run_group_tests_name("live: packet", tests, NULL, NULL);
}

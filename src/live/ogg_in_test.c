/* What our own writer writes is read again, however it is cut, spoiled or chained. */
#include "live/ogg_in.h"

#include "base/crash.h"
#include "base/testing.h"
#include "live/ogg_page.h"

enum { MOST = 64 * 1024 };

struct heard {
    size_t count;
    size_t bytes;
    uint8_t last;
};

static void on_packet(void *ctx, str packet)
{
    struct heard *heard = ctx;
    heard->count++;
    heard->bytes += packet.len;
    heard->last = (uint8_t)packet.at[packet.len - 1];
}

static void write_stream(struct buf *out, uint32_t serial, size_t pages)
{
    struct ogg_stream ogg = {.serial = serial};
    char long_one[OGG_PACKET_MOST];
    memset(long_one, 7, sizeof long_one);
    str packets[] = {{"\xf8\x01", 2}, {long_one, 255}, {long_one, sizeof long_one}};
    ogg_write_head(&ogg, out);
    for (size_t i = 0; i < pages; i++) {
        ogg_write_packets(&ogg, packets, COUNT_OF(packets), false, out);
    }
}

static void reads_pages_cut_anywhere(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, MOST);
    write_stream(&bytes, 1, 5);
    for (size_t step = 1; step < 700; step += 37) {
        struct heard heard = {0};
        struct ogg_in_port port = {&heard, on_packet};
        struct ogg_in *in = ogg_in_create(&port);
        for (size_t at = 0; at < bytes.len; at += step) {
            size_t end = at + step < bytes.len ? at + step : bytes.len;
            assert_ok(ogg_in_take(in, str_cut(buf_str(&bytes), at, end)));
        }
        assert_int_equal(heard.count, 15);
        assert_int_equal(heard.bytes, 5 * (2 + 255 + OGG_PACKET_MOST));
        ogg_in_destroy(in);
    }
}

static void streams_follow_one_another(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf bytes;
    struct heard heard = {0};
    struct ogg_in_port port = {&heard, on_packet};
    struct ogg_in *in = ogg_in_create(&port);
    buf_init(&bytes, MOST);
    write_stream(&bytes, 1, 2);
    write_stream(&bytes, 2, 2);
    assert_ok(ogg_in_take(in, buf_str(&bytes)));
    assert_int_equal(heard.count, 12);
    ogg_in_destroy(in);
}

static void passes_over_a_spoiled_page(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf bytes;
    struct heard heard = {0};
    struct ogg_in_port port = {&heard, on_packet};
    struct ogg_in *in = ogg_in_create(&port);
    buf_init(&bytes, MOST);
    write_stream(&bytes, 1, 3);
    bytes.at[200] ^= 1;
    assert_ok(ogg_in_take(in, buf_str(&bytes)));
    assert_int_equal(heard.count, 6);
    ogg_in_destroy(in);
}

static void refuses_what_is_no_opus(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct ogg_in_port port = {&heard, on_packet};
    static const char *const rows[] = {"ID3\x04 an mp3", "RIFF....WAVE", "OggX", "\xff\xfb\x90"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ogg_in *in = ogg_in_create(&port);
        assert_int_equal(ogg_in_take(in, str_of(rows[i])), ERR_INVALID);
        ogg_in_destroy(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_pages_cut_anywhere),
        cmocka_unit_test(streams_follow_one_another),
        cmocka_unit_test(passes_over_a_spoiled_page),
        cmocka_unit_test(refuses_what_is_no_opus),
    };
    return cmocka_run_group_tests_name("live: ogg_in", tests, NULL, NULL);
}

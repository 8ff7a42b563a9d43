/* The pages as the library that Debian ships reads them: same packets, same numbers, right
 * checksums. */
#include "live/ogg_page.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <ogg/ogg.h>

enum { PAGE_MOST = 64 * 1024 };

static void feed(ogg_sync_state *sync, const struct buf *bytes)
{
    char *room = ogg_sync_buffer(sync, (long)bytes->len);
    memcpy(room, bytes->at, bytes->len);
    assert_int_equal(ogg_sync_wrote(sync, (long)bytes->len), 0);
}

/* Reads all pages into one stream; how many there were. */
static int take_pages(ogg_sync_state *sync, ogg_stream_state *stream, ogg_int64_t *ret_granule)
{
    ogg_page page;
    int count = 0;
    while (ogg_sync_pageout(sync, &page) == 1) {
        if (count++ == 0 && ogg_page_bos(&page)) {
            ogg_stream_init(stream, ogg_page_serialno(&page));
        }
        assert_int_equal(ogg_stream_pagein(stream, &page), 0);
        *ret_granule = ogg_page_granulepos(&page);
    }
    return count;
}

static void expect_packet(ogg_stream_state *stream, str expected)
{
    ogg_packet packet;
    assert_int_equal(ogg_stream_packetout(stream, &packet), 1);
    assert_int_equal(packet.bytes, expected.len);
    assert_memory_equal(packet.packet, expected.at, expected.len);
}

static void a_library_reads_the_same_packets(void **state)
{
    (void)state;
    struct ogg_stream ogg = {.serial = 0x12345678};
    AUTO(buf_finish) struct buf bytes;
    ogg_sync_state sync;
    ogg_stream_state stream;
    ogg_packet packet;
    ogg_int64_t granule = 0;
    char long_one[OGG_PACKET_MOST];
    memset(long_one, 7, sizeof long_one);
    const str packets[] = {S("abc"), {long_one, 255}, {long_one, sizeof long_one}};
    buf_init(&bytes, PAGE_MOST);
    ogg_sync_init(&sync);
    ogg_write_head(&ogg, &bytes);
    ogg_write_packets(&ogg, packets, COUNT_OF(packets), true, &bytes);
    feed(&sync, &bytes);
    assert_int_equal(take_pages(&sync, &stream, &granule), 3);
    assert_int_equal(granule, 3 * 960);
    assert_int_equal(ogg_stream_packetout(&stream, &packet), 1);
    assert_int_equal(packet.bytes, 19);
    assert_memory_equal(packet.packet, "OpusHead\1\1", 10);
    assert_int_equal(ogg_stream_packetout(&stream, &packet), 1);
    assert_memory_equal(packet.packet, "OpusTags", 8);
    for (size_t i = 0; i < COUNT_OF(packets); i++) {
        expect_packet(&stream, packets[i]);
    }
    ogg_stream_clear(&stream);
    ogg_sync_clear(&sync);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_library_reads_the_same_packets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

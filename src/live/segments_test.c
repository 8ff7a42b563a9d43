/* The list moves on, the boxes add up; that players play them is test_live.py's. */
#include "live/segments.h"

#include "base/testing.h"

enum { MOST = 1024 * 1024 };

static void fill(struct segments *segments, size_t packets)
{
    for (size_t i = 0; i < packets; i++) {
        segments_take(segments, (str){"\xf8\x01\x02", 3});
    }
}

/* Boxes one behind the other fill it exactly. */
static void boxes_fill(str bytes)
{
    while (bytes.len > 0) {
        size_t size = 0;
        assert_true(bytes.len >= 8);
        for (size_t i = 0; i < 4; i++) {
            size = size << 8 | (uint8_t)bytes.at[i];
        }
        assert_in_range(size, 8, bytes.len);
        bytes = str_cut(bytes, size, bytes.len);
    }
}

static void lists_the_last_segments(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out;
    str type = STR_NONE;
    struct segments *segments = segments_create(40);
    buf_init(&out, MOST);
    fill(segments, SEGMENT_PACKETS * 9 + 1);
    assert_true(segments_file(segments, S("index.m3u8"), &out, &type));
    assert_non_null(strstr(out.at, "#EXT-X-MEDIA-SEQUENCE:43\n"));
    assert_non_null(strstr(out.at, "48.m4s\n"));
    assert_null(strstr(out.at, "49.m4s\n"));
    assert_false(segments_file(segments, S("42.m4s"), &out, &type));
    assert_false(segments_file(segments, S("49.m4s"), &out, &type));
    assert_false(segments_file(segments, S("../x"), &out, &type));
    segments_destroy(segments);
}

static void writes_boxes_that_add_up(void **state)
{
    (void)state;
    static const str names[] = {{"init.mp4", 8}, {"1.m4s", 5}};
    struct segments *segments = segments_create(1);
    fill(segments, SEGMENT_PACKETS);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        AUTO(buf_finish) struct buf out;
        str type = STR_NONE;
        buf_init(&out, MOST);
        assert_true(segments_file(segments, names[i], &out, &type));
        assert_str(type, S("audio/mp4"));
        boxes_fill(buf_str(&out));
    }
    segments_destroy(segments);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_the_last_segments),
        cmocka_unit_test(writes_boxes_that_add_up),
    };
    return cmocka_run_group_tests_name("live: segments", tests, NULL, NULL);
}

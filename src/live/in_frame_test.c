/* Frames of a page, whole and broken at every byte. */
#include "live/in_frame.h"

#include "base/testing.h"

static const char whole[] = "\0\0\0\0\0\0\x01\x02"
                            "\x02"
                            "\0\x03\xf8\x01\x02"
                            "\0\x02\xf8\x09";

static void reads_stamp_and_packets(void **state)
{
    (void)state;
    struct in_frame frame;
    assert_ok(in_frame_read((str){whole, sizeof whole - 1}, &frame));
    assert_int_equal(frame.stamp, 0x102);
    assert_int_equal(frame.count, 2);
    assert_int_equal(frame.packets[0].len, 3);
    assert_int_equal(frame.packets[1].at[1], 9);
    assert_ok(in_frame_read((str){"\0\0\0\0\0\0\0\x01\0", 9}, &frame));
    assert_int_equal(frame.count, 0);
}

static void refuses_what_is_cut_or_longer_or_no_packet(void **state)
{
    (void)state;
    struct in_frame frame;
    for (size_t size = 0; size < sizeof whole - 1; size++) {
        assert_int_equal(in_frame_read((str){whole, size}, &frame), ERR_INVALID);
    }
    assert_int_equal(in_frame_read((str){whole, sizeof whole}, &frame), ERR_INVALID);
    assert_int_equal(in_frame_read((str){"\0\0\0\0\0\0\0\x01\x01\0\x02\xf0\x01", 13}, &frame),
                     ERR_INVALID);
    assert_int_equal(in_frame_read((str){"\xff\0\0\0\0\0\0\x01\0", 9}, &frame), ERR_INVALID);
}

static void hears_the_question_for_the_time(void **state)
{
    (void)state;
    int64_t t1 = 0;
    assert_true(in_time_read(S("{\"t1\":-42}"), &t1));
    assert_int_equal(t1, -42);
    assert_false(in_time_read(S("{\"t1\":}"), &t1));
    assert_false(in_time_read(S("{\"t2\":4}"), &t1));
    assert_false(in_time_read(S(""), &t1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_stamp_and_packets),
        cmocka_unit_test(refuses_what_is_cut_or_longer_or_no_packet),
        cmocka_unit_test(hears_the_question_for_the_time),
    };
    return cmocka_run_group_tests_name("live: in_frame", tests, NULL, NULL);
}

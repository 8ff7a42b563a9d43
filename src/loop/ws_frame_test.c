/* The frame codec against the examples of RFC 6455 and against what it forbids. */
#include "loop/ws_frame.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void reads_the_example_of_the_standard(void **state)
{
    (void)state;
    char bytes[] = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    struct ws_frame frame;
    assert_int_equal(ws_frame_read((str){bytes, 11}, &frame), WS_WHOLE_HEAD);
    assert_int_equal(frame.opcode, WS_OP_TEXT);
    assert_true(frame.last);
    assert_int_equal(frame.head_size, 6);
    assert_int_equal(frame.payload_size, 5);
    ws_frame_unmask(&frame, bytes + 6, 2, 0);
    ws_frame_unmask(&frame, bytes + 8, 3, 2);
    assert_memory_equal(bytes + 6, "Hello", 5);
}

static void waits_for_the_whole_head(void **state)
{
    (void)state;
    static const char bytes[] = "\x82\xff\0\0\0\0\0\1\0\0\1\2\3\4";
    struct ws_frame frame;
    for (size_t size = 0; size < 14; size++) {
        assert_int_equal(ws_frame_read((str){bytes, size}, &frame), WS_MORE);
    }
    assert_int_equal(ws_frame_read((str){bytes, 14}, &frame), WS_WHOLE_HEAD);
    assert_int_equal(frame.payload_size, 65536);
}

static void refuses_what_the_standard_forbids(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const char *bytes;
        size_t size;
    } rows[] = {
        {"unmasked", "\x81\x05Hello", 7},
        {"first reserved bit (compression)", "\xc1\x80\0\0\0\0", 6},
        {"second reserved bit", "\xa1\x80\0\0\0\0", 6},
        {"third reserved bit", "\x91\x80\0\0\0\0", 6},
        {"opcode 3", "\x83\x80\0\0\0\0", 6},
        {"opcode 7", "\x87\x80\0\0\0\0", 6},
        {"opcode 11", "\x8b\x80\0\0\0\0", 6},
        {"fragmented ping", "\x09\x80\0\0\0\0", 6},
        {"long ping", "\x89\xfe\0\x7e\0\0\0\0", 8},
        {"long close", "\x88\xff\0\0\0\0\0\0\0\1\0\0\0\0", 14},
        {"125 in two bytes", "\x82\xfe\0\x7d\0\0\0\0", 8},
        {"65535 in eight bytes", "\x82\xff\0\0\0\0\0\0\xff\xff\0\0\0\0", 14},
        {"highest bit of the length", "\x82\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ws_frame frame;
        if (ws_frame_read((str){rows[i].bytes, rows[i].size}, &frame) != WS_BAD) {
            fail_msg("%s", rows[i].what);
        }
    }
}

static void writes_each_length_the_shortest_way(void **state)
{
    (void)state;
    uint8_t head[WS_HEAD_MOST];
    assert_int_equal(ws_frame_write(WS_OP_TEXT, 5, head), 2);
    assert_memory_equal(head, "\x81\x05", 2);
    assert_int_equal(ws_frame_write(WS_OP_BINARY, 125, head), 2);
    assert_int_equal(ws_frame_write(WS_OP_BINARY, 126, head), 4);
    assert_memory_equal(head, "\x82\x7e\x00\x7e", 4);
    assert_int_equal(ws_frame_write(WS_OP_BINARY, 65535, head), 4);
    assert_int_equal(ws_frame_write(WS_OP_BINARY, 65536, head), 10);
    assert_memory_equal(head, "\x82\x7f\0\0\0\0\0\1\0\0", 10);
}

static void answers_the_key_of_the_standard(void **state)
{
    (void)state;
    char answer[WS_ACCEPT_SIZE];
    assert_true(ws_key_answer(S("dGhlIHNhbXBsZSBub25jZQ=="), answer));
    assert_string_equal(answer, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_false(ws_key_answer(S("dGhlIHNhbXBsZSBub25jZQ="), answer));
    assert_false(ws_key_answer(S("dGhlIHNhbXBsZSBub25jZQ==="), answer));
    assert_false(ws_key_answer(S("dGhlIHNhbXBsZSBub25j*Q=="), answer));
    assert_false(ws_key_answer(S("dGhlIHNhbXBsZSBub25jZ==="), answer));
    assert_false(ws_key_answer(STR_NONE, answer));
}

static void knows_the_codes_that_may_be_sent(void **state)
{
    (void)state;
    static const int valid[] = {1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999};
    static const int others[] = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535};
    for (size_t i = 0; i < COUNT_OF(valid); i++) {
        assert_true(ws_code_is_valid(valid[i]));
    }
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_false(ws_code_is_valid(others[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_example_of_the_standard),
        cmocka_unit_test(waits_for_the_whole_head),
        cmocka_unit_test(refuses_what_the_standard_forbids),
        cmocka_unit_test(writes_each_length_the_shortest_way),
        cmocka_unit_test(answers_the_key_of_the_standard),
        cmocka_unit_test(knows_the_codes_that_may_be_sent),
    };
    return cmocka_run_group_tests_name("loop: ws_frame", tests, NULL, NULL);
}

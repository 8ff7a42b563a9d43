/* WebSockets on real sockets: what a client may do, what it may not, and how both sides part. */
#include "loop/http_world.h"

#define HELLO(path)                                                                                \
    "GET " path                                                                                    \
    " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"            \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"                 \
    "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: other, loa\r\n\r\n"

static struct world world;

static int begin(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.ws_message_bytes = 70000;
    limits.ws_fragments = 5;
    limits.ws_close_wait = 200000;
    limits.stream_queue_bytes = 512 * 1024;
    world_begin(&world, limits);
    return 0;
}

static int begin_pings(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.ws_ping_every = 100000;
    limits.ws_pong_wait = 100000;
    world_begin(&world, limits);
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static int ws_open(void)
{
    int fd = client_open(world.port);
    client_say(fd, HELLO("/ws"));
    assert_non_null(client_hear_text(fd, "\r\n\r\n", 1));
    return fd;
}

static void ws_say(int fd, int first, const void *payload, size_t size)
{
    unsigned char head[14] = {(unsigned char)first, 0x80};
    size_t used = 2;
    if (size < 126) {
        head[1] |= (unsigned char)size;
    } else if (size < 65536) {
        head[1] |= 126;
        head[2] = (unsigned char)(size >> 8);
        head[3] = (unsigned char)size;
        used = 4;
    } else {
        head[1] |= 127;
        for (int i = 0; i < 8; i++) {
            head[2 + i] = (unsigned char)((uint64_t)size >> (8 * (7 - i)));
        }
        used = 10;
    }
    client_send(fd, head, used + 4); /* the mask is zero: the payload goes as it is */
    client_send(fd, payload, size);
}

static void hear_exactly(int fd, void *into, size_t size)
{
    char *at = into;
    while (size > 0) {
        ssize_t count = recv(fd, at, size, 0);
        assert_true(count > 0);
        at += count;
        size -= (size_t)count;
    }
}

/* A whole unmasked frame; returns the size of its payload. */
static size_t ws_hear(int fd, int *ret_first, char *payload, size_t most)
{
    unsigned char head[10];
    hear_exactly(fd, head, 2);
    size_t size = head[1];
    assert_true(size < 128); /* servers do not mask */
    size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (extra > 0) {
        hear_exactly(fd, head + 2, extra);
        size = 0;
        for (size_t i = 0; i < extra; i++) {
            size = size << 8 | head[2 + i];
        }
    }
    assert_true(size <= most);
    hear_exactly(fd, payload, size);
    *ret_first = head[0];
    return size;
}

static void expect_frame(int fd, int first, const char *payload)
{
    char text[128];
    int heard = 0;
    size_t size = ws_hear(fd, &heard, text, sizeof text);
    assert_int_equal(heard, first);
    assert_int_equal(size, strlen(payload));
    assert_memory_equal(text, payload, size);
}

/* A close frame with this code, and then the end of the connection. */
static void expect_close(int fd, int code)
{
    char text[128];
    int first = 0;
    size_t size = ws_hear(fd, &first, text, sizeof text);
    assert_int_equal(first, 0x88);
    assert_true(size >= 2);
    assert_int_equal((unsigned char)text[0] << 8 | (unsigned char)text[1], code);
    assert_string_equal(client_hear(fd), "");
    ignore_int(close(fd));
}

static bool is_all_closed(const struct world_look *look)
{
    return look->counters.websockets_open == 0;
}

static void agrees_to_the_handshake_of_the_standard(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    client_say(fd, HELLO("/ws/loa"));
    const char *answer = client_hear_text(fd, "\r\n\r\n", 1);
    assert_status(answer, 101);
    assert_non_null(strstr(answer, "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    assert_non_null(strstr(answer, "sec-websocket-protocol: loa\r\n"));
    assert_null(strstr(answer, "xtensions")); /* compression is not agreed to */
    ignore_int(close(fd));
    world_until(&world, is_all_closed);
    assert_int_equal(world_look(&world).seen.closed_code, WS_CLOSE_LOST);
}

static void carries_messages_both_ways(void **state)
{
    (void)state;
    int fd = ws_open();
    ws_say(fd, 0x81, "xã", strlen("xã"));
    expect_frame(fd, 0x81, "xã");
    ws_say(fd, 0x82, "\xff", 1);
    expect_frame(fd, 0x82, "\xff");
    ws_say(fd, 0x81, "", 0);
    expect_frame(fd, 0x81, "");
    static char large[70000];
    static char back[70000];
    int first;
    memset(large, 'l', sizeof large);
    ws_say(fd, 0x82, large, sizeof large);
    assert_int_equal(ws_hear(fd, &first, back, sizeof back), sizeof large);
    assert_memory_equal(back, large, sizeof large);
    ignore_int(close(fd));
}

static void takes_what_came_together_with_the_handshake(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    static const char both[] = HELLO("/ws") "\x81\x82\0\0\0\0hi";
    client_send(fd, both, sizeof both - 1);
    assert_non_null(client_hear_text(fd, "\r\n\r\n\x81\x02hi", 1));
    ignore_int(close(fd));
}

static void puts_fragments_together_and_answers_pings_between(void **state)
{
    (void)state;
    int fd = ws_open();
    ws_say(fd, 0x01, "x\xc3", 2); /* a character cut in two */
    ws_say(fd, 0x89, "ping", 4);
    ws_say(fd, 0x00, "\xa3", 1);
    ws_say(fd, 0x80, "!", 1);
    expect_frame(fd, 0x8a, "ping");
    expect_frame(fd, 0x81, "xã!");
    ignore_int(close(fd));
}

static void ends_with_the_code_that_fits_the_fault(void **state)
{
    (void)state;
    static char large[80000];
    static const struct {
        int code;
        const char *bytes;
        size_t size;
    } rows[] = {
        {1002, "\x81\x02hi", 4},                            /* unmasked */
        {1002, "\xc1\x80\0\0\0\0", 6},                      /* compressed */
        {1002, "\x80\x80\0\0\0\0", 6},                      /* continues nothing */
        {1002, "\x01\x80\0\0\0\0\x81\x80\0\0\0\0", 12},     /* a new one within another */
        {1002, "\x88\x81\0\0\0\0x", 7},                     /* half a code */
        {1002, "\x88\x82\0\0\0\0\x03\xed", 8},              /* 1005 must not be sent */
        {1007, "\x81\x81\0\0\0\0\xff", 7},                  /* no UTF-8 */
        {1007, "\x88\x83\0\0\0\0\x03\xe8\xff", 9},          /* no UTF-8 in a reason */
        {1009, "\x82\xff\0\0\0\0\0\1\x11\x71\0\0\0\0", 14}, /* 70,001 bytes */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int fd = ws_open();
        client_send(fd, rows[i].bytes, rows[i].size);
        expect_close(fd, rows[i].code);
        world_until(&world, is_all_closed);
    }
    int fd = ws_open(); /* too large in all, though no fragment is */
    ws_say(fd, 0x02, large, 40000);
    ws_say(fd, 0x80, large, 40000);
    expect_close(fd, 1009);
    fd = ws_open(); /* too many pieces */
    ws_say(fd, 0x02, "", 0);
    for (int i = 0; i < 5; i++) {
        ws_say(fd, 0x00, "", 0);
    }
    expect_close(fd, 1009);
}

static void answers_a_close_and_tells_the_code(void **state)
{
    (void)state;
    int fd = ws_open();
    ws_say(fd, 0x88,
           "\x0f\xa1"
           "bye",
           5);
    expect_close(fd, 4001);
    world_until(&world, is_all_closed);
    assert_int_equal(world_look(&world).seen.closed_code, 4001);
}

static void closes_from_its_side_and_waits_for_the_peer(void **state)
{
    (void)state;
    int fd = ws_open();
    ws_say(fd, 0x81, "close", 5);
    char text[128];
    int first = 0;
    size_t size = ws_hear(fd, &first, text, sizeof text);
    assert_int_equal(first, 0x88);
    assert_int_equal(size, 13);
    assert_memory_equal(text,
                        "\x0f\xa0"
                        "as you wish",
                        13);
    ws_say(fd, 0x88, text, 2);
    assert_string_equal(client_hear(fd), "");
    ignore_int(close(fd));
    fd = ws_open();
    ws_say(fd, 0x81, "close", 5); /* and this one never answers */
    world_until(&world, is_all_closed);
    ignore_int(close(fd));
}

static void pings_the_silent_and_cuts_the_dead(void **state)
{
    (void)state;
    int fd = ws_open();
    expect_frame(fd, 0x89, "");
    ws_say(fd, 0x8a, "", 0);
    expect_frame(fd, 0x89, ""); /* alive, and silent again */
    assert_string_equal(client_hear(fd), "");
    ignore_int(close(fd));
    world_until(&world, is_all_closed);
    assert_int_equal(world_look(&world).counters.refused[HTTP_REFUSED_TOO_SLOW], 1);
}

struct flood {
    struct world *world;
    struct http_message *message;
    errc rc;
    int sent;
};

static void send_one(void *ctx)
{
    struct flood *flood = ctx;
    flood->rc = ws_send_message(flood->world->server, flood->world->socket, flood->message);
    flood->sent++;
}

static void cuts_a_receiver_whose_queue_is_full(void **state)
{
    (void)state;
    static char large[65536];
    int fd = ws_open();
    struct flood flood = {.world = &world};
    assert_int_equal(ws_message_create(WS_BINARY, (str){large, sizeof large}, &flood.message), OK);
    while (flood.rc == OK && flood.sent < 1000) {
        world_call(&world, send_one, &flood);
    }
    assert_int_equal(flood.rc, ERR_TOO_MANY);
    world_call(&world, send_one, &flood);
    assert_int_equal(flood.rc, ERR_CLOSED);
    http_message_release(flood.message);
    world_until(&world, is_all_closed);
    assert_int_equal(world_look(&world).counters.refused[HTTP_REFUSED_QUEUE], 1);
    ignore_int(close(fd));
}

enum { RECEIVERS = 50 };

struct fan {
    struct world *world;
    http_id ids[RECEIVERS];
    size_t count;
};

static void note_socket(void *ctx)
{
    struct fan *fan = ctx;
    fan->ids[fan->count] = fan->world->socket;
    fan->count++;
}

static void send_to_all(void *ctx)
{
    struct fan *fan = ctx;
    struct http_message *message;
    assert_int_equal(ws_message_create(WS_TEXT, S("to all"), &message), OK);
    for (size_t i = 0; i < fan->count; i++) {
        assert_int_equal(ws_send_message(fan->world->server, fan->ids[i], message), OK);
    }
    http_message_release(message);
}

static void sends_one_message_to_many(void **state)
{
    (void)state;
    static struct fan fan;
    int fds[RECEIVERS];
    fan = (struct fan){.world = &world};
    for (size_t i = 0; i < RECEIVERS; i++) {
        fds[i] = ws_open();
        world_call(&world, note_socket, &fan);
    }
    world_call(&world, send_to_all, &fan);
    for (size_t i = 0; i < RECEIVERS; i++) {
        expect_frame(fds[i], 0x81, "to all");
        ignore_int(close(fds[i]));
    }
    world_until(&world, is_all_closed);
}

static void stop_reading(void *ctx)
{
    struct world *at = ctx;
    ws_set_reading(at->server, at->socket, false);
}

static void go_on_reading(void *ctx)
{
    struct world *at = ctx;
    ws_set_reading(at->server, at->socket, true);
}

static void takes_no_messages_while_it_is_told_not_to(void **state)
{
    (void)state;
    int fd = ws_open();
    char byte;
    world_call(&world, stop_reading, &world);
    ws_say(fd, 0x81, "one", 3);
    ws_say(fd, 0x81, "two", 3);
    ignore_int((long)world_look(&world).counters.bytes_in); /* some turns of the loop */
    assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
    world_call(&world, go_on_reading, &world);
    expect_frame(fd, 0x81, "one");
    expect_frame(fd, 0x81, "two");
    ignore_int(close(fd));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(agrees_to_the_handshake_of_the_standard, begin, end),
        cmocka_unit_test_setup_teardown(carries_messages_both_ways, begin, end),
        cmocka_unit_test_setup_teardown(takes_what_came_together_with_the_handshake, begin, end),
        cmocka_unit_test_setup_teardown(puts_fragments_together_and_answers_pings_between, begin,
                                        end),
        cmocka_unit_test_setup_teardown(ends_with_the_code_that_fits_the_fault, begin, end),
        cmocka_unit_test_setup_teardown(answers_a_close_and_tells_the_code, begin, end),
        cmocka_unit_test_setup_teardown(closes_from_its_side_and_waits_for_the_peer, begin, end),
        cmocka_unit_test_setup_teardown(pings_the_silent_and_cuts_the_dead, begin_pings, end),
        cmocka_unit_test_setup_teardown(cuts_a_receiver_whose_queue_is_full, begin, end),
        cmocka_unit_test_setup_teardown(sends_one_message_to_many, begin, end),
        cmocka_unit_test_setup_teardown(takes_no_messages_while_it_is_told_not_to, begin, end),
    };
    return cmocka_run_group_tests_name("loop: websocket", tests, NULL, NULL);
}

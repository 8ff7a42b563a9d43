/* The dialer against servers that are broken or mean: each is a thread that takes one call, says
 * what its script has, and listens to what comes back. */
#include "loop/dial_world.h"
#include "loop/ws_frame.h"

static struct server {
    int listener;
    int port;
    pthread_t thread;
    bool agrees;      /* answers the handshake as it should before the script */
    bool hangs_up;    /* right after the script */
    bool says_slowly; /* the script byte by byte, each in a packet of its own */
    str script;
    char heard[HEARD_MOST]; /* after the handshake, until the caller hangs up */
    size_t heard_size;
} server;

static struct caller caller;

static void agree(int fd, const char *request)
{
    char accept[WS_ACCEPT_SIZE];
    char answer[256];
    const char *key = strstr(request, "Sec-WebSocket-Key: ");
    assert_non_null(key);
    assert_true(ws_key_answer((str){key + 19, 24}, accept));
    ignore_int(snprintf(answer, sizeof answer,
                        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: %s\r\n\r\n",
                        accept));
    client_say(fd, answer);
}

static void say(int fd)
{
    for (size_t at = 0; server.says_slowly && at < server.script.len; at++) {
        client_send(fd, server.script.at + at, 1);
    }
    if (!server.says_slowly) {
        client_send(fd, server.script.at, server.script.len);
    }
}

static void *serve(void *ctx)
{
    (void)ctx;
    struct timeval patience = {.tv_sec = PATIENCE};
    int on = 1;
    int fd = accept(server.listener, NULL, NULL);
    ignore_int(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
    ignore_int(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    const char *request = client_hear_text(fd, "\r\n\r\n", 1);
    if (server.agrees) {
        agree(fd, request);
    }
    say(fd);
    ssize_t count = server.hangs_up ? 0 : 1;
    while (count > 0 && server.heard_size < HEARD_MOST) {
        count = recv(fd, server.heard + server.heard_size, HEARD_MOST - server.heard_size, 0);
        server.heard_size += count > 0 ? (size_t)count : 0;
    }
    ignore_int(close(fd));
    return NULL;
}

static int begin(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    memset(&server, 0, sizeof server);
    server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server.listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server.listener, 4), 0);
    assert_int_equal(getsockname(server.listener, (struct sockaddr *)&address, &size), 0);
    server.port = ntohs(address.sin_port);
    struct dialer_config config = caller_config(NULL);
    config.insecure = true;
    config.limits.message_bytes = 1000;
    config.limits.fragments = 4;
    caller_begin(&caller, &config);
    return 0;
}

static int end(void **state)
{
    (void)state;
    caller_end(&caller);
    ignore_int(close(server.listener));
    return 0;
}

/* One call with this script, until it has closed. */
static void call(bool agrees, str script)
{
    server.agrees = agrees;
    server.script = script;
    assert_int_equal(pthread_create(&server.thread, NULL, serve, NULL), 0);
    caller_open(&caller, "ws://127.0.0.1", server.port, "/", NULL);
    caller_run(&caller, 0, 1, 0);
    dialer_destroy(caller.dialer);
    caller.dialer = NULL;
    assert_int_equal(pthread_join(server.thread, NULL), 0);
}

/* The code of the close frame that was heard last. */
static int heard_code(void)
{
    const uint8_t *at = (const uint8_t *)server.heard + server.heard_size;
    assert_true(server.heard_size >= 8);
    at -= 8;
    assert_int_equal(at[0], 0x88);
    assert_int_equal(at[1], 0x82);
    return (at[6] ^ at[2]) << 8 | (at[7] ^ at[3]);
}

#define breaks(name, script, wanted)                                                               \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        call(true, S(script));                                                                     \
        assert_int_equal(caller.end.code, (wanted));                                               \
        assert_int_equal(heard_code(), (wanted));                                                  \
        assert_true(caller.end.was_open);                                                          \
    }

breaks(a_masked_frame_is_broken, "\x82\x81\x01\x02\x03\x04x",
       WS_CLOSE_PROTOCOL) breaks(a_reserved_bit_is_broken, "\xc2\x01x", WS_CLOSE_PROTOCOL)
    breaks(an_unknown_opcode_is_broken, "\x83\x01x",
           WS_CLOSE_PROTOCOL) breaks(a_fragment_of_nothing_is_broken, "\x80\x01x",
                                     WS_CLOSE_PROTOCOL) breaks(a_message_within_a_message_is_broken,
                                                               "\x02\x01x\x82\x01x",
                                                               WS_CLOSE_PROTOCOL)
        breaks(a_long_form_of_a_short_length_is_broken, "\x82\x7e\x00\x05xxxxx", WS_CLOSE_PROTOCOL)
            breaks(a_fragmented_ping_is_broken, "\x09\x01x", WS_CLOSE_PROTOCOL)
                breaks(a_text_that_is_no_utf8_is_broken, "\x81\x02\xc3\x28", WS_CLOSE_NOT_UTF8)
                    breaks(a_message_over_the_limit_is_too_big, "\x82\x7e\x03\xe9",
                           WS_CLOSE_TOO_BIG) breaks(a_monstrous_length_is_too_big,
                                                    "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff",
                                                    WS_CLOSE_TOO_BIG)
                        breaks(fragments_without_end_are_too_big,
                               "\x02\x01x\x00\x01x\x00\x01x\x00\x01x\x00\x01x",
                               WS_CLOSE_TOO_BIG) breaks(a_close_code_that_may_not_be_said_is_broken,
                                                        "\x88\x02\x03\xed", WS_CLOSE_PROTOCOL)
                            breaks(half_a_close_code_is_broken, "\x88\x01\x03", WS_CLOSE_PROTOCOL)

                                static void fragments_byte_by_byte_are_one_message(void **state)
{
    (void)state;
    server.says_slowly = true;
    call(true, S("\x02\x02he\x89\x01p\x00\x02ll\x80\x01o\x88\x02\x03\xe8"));
    assert_int_equal(caller.heard, 1);
    assert_int_equal(caller.size, 5);
    assert_memory_equal(caller.text, "hello", 5);
    assert_int_equal(caller.end.code, WS_CLOSE_NORMAL);
    assert_int_equal((uint8_t)server.heard[0], 0x8a); /* the ping was answered under way */
    assert_int_equal((uint8_t)server.heard[1], 0x81);
    assert_int_equal(server.heard[6] ^ server.heard[2], 'p');
}

static void a_line_that_is_cut_is_lost(void **state)
{
    (void)state;
    server.hangs_up = true;
    call(true, S("\x82\x05hel"));
    assert_int_equal(caller.heard, 0);
    assert_int_equal(caller.end.code, WS_CLOSE_LOST);
    assert_true(caller.end.was_open);
}

static void an_answer_without_end_is_given_up(void **state)
{
    (void)state;
    static char script[10000];
    memset(script, 'a', sizeof script);
    memcpy(script, "HTTP/1.1 101 x\r\na:", 18);
    call(false, (str){script, sizeof script});
    assert_false(caller.end.was_open);
    assert_non_null(strstr(caller.end.why.text, "too long"));
}

static void rubbish_is_no_answer(void **state)
{
    (void)state;
    call(false, S("SSH-2.0-x\r\n\r\n"));
    assert_false(caller.end.was_open);
    assert_int_equal(caller.end.status, 0);
}

static void a_server_that_never_answers_is_given_up(void **state)
{
    (void)state;
    struct dialer_config config = caller_config(NULL);
    dialer_destroy(caller.dialer);
    config.limits.handshake_wait = 1;
    assert_int_equal(dialer_create(caller.loop, &config, &caller.dialer, NULL), OK);
    call(false, STR_NONE);
    assert_false(caller.end.was_open);
    assert_non_null(strstr(caller.end.why.text, "too slow"));
}

static void a_silent_server_is_pinged_and_then_lost(void **state)
{
    (void)state;
    struct dialer_config config = caller_config(NULL);
    dialer_destroy(caller.dialer);
    config.limits.ping_every = 1;
    config.limits.pong_wait = 1;
    assert_int_equal(dialer_create(caller.loop, &config, &caller.dialer, NULL), OK);
    call(true, STR_NONE);
    assert_true(caller.end.was_open);
    assert_non_null(strstr(caller.end.why.text, "does not answer"));
    assert_int_equal((uint8_t)server.heard[0], 0x89);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_masked_frame_is_broken),
        test(a_reserved_bit_is_broken),
        test(an_unknown_opcode_is_broken),
        test(a_fragment_of_nothing_is_broken),
        test(a_message_within_a_message_is_broken),
        test(a_long_form_of_a_short_length_is_broken),
        test(a_fragmented_ping_is_broken),
        test(a_text_that_is_no_utf8_is_broken),
        test(a_message_over_the_limit_is_too_big),
        test(a_monstrous_length_is_too_big),
        test(fragments_without_end_are_too_big),
        test(a_close_code_that_may_not_be_said_is_broken),
        test(half_a_close_code_is_broken),
        test(fragments_byte_by_byte_are_one_message),
        test(a_line_that_is_cut_is_lost),
        test(an_answer_without_end_is_given_up),
        test(rubbish_is_no_answer),
        test(a_server_that_never_answers_is_given_up),
        test(a_silent_server_is_pinged_and_then_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

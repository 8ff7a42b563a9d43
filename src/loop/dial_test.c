/* The dialer against our own server: plain and TLS, names, tickets, closes of either side. */
#include "loop/dial_world.h"

static struct world world;
static struct caller caller;

static int begin(void **state)
{
    (void)state;
    world_begin(&world, world_limits());
    struct dialer_config config = caller_config(world.chain);
    caller_begin(&caller, &config);
    return 0;
}

static int end(void **state)
{
    (void)state;
    caller_end(&caller);
    world_end(&world);
    return 0;
}

static void send_and_hear(size_t size)
{
    static char bytes[HEARD_MOST];
    memset(bytes, 'a' + (int)(size % 26), size);
    assert_int_equal(dial_send(caller.dialer, caller.id, WS_BINARY, (str){bytes, size}), OK);
    caller_run(&caller, 0, 0, 1);
    assert_int_equal(caller.kind, WS_BINARY);
    assert_int_equal(caller.size, size);
    assert_memory_equal(caller.text, bytes, size);
}

static void messages_of_every_length_come_back_whole(void **state)
{
    (void)state;
    const size_t sizes[] = {1, 125, 126, 127, 65535, 65536, 200000, 0};
    caller_open(&caller, "ws://127.0.0.1", world.port, "/ws", NULL);
    caller_run(&caller, 1, 0, 0);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        send_and_hear(sizes[i]);
    }
    assert_int_equal(dial_waiting(caller.dialer, caller.id), 0);
}

static void over_tls_both_ends_hold_the_same_channel(void **state)
{
    (void)state;
    uint8_t channel[32] = {0};
    caller_open(&caller, "wss://localhost", world.tls_port, "/ws/loa", "loa");
    assert_false(dial_channel(caller.dialer, caller.id, channel));
    caller_run(&caller, 1, 0, 0);
    assert_true(dial_channel(caller.dialer, caller.id, channel));
    send_and_hear(100000);
    struct world_look look = world_look(&world);
    assert_memory_equal(look.seen.channel, channel, sizeof channel);
    struct wire_traffic traffic = dial_traffic(caller.dialer, caller.id);
    assert_true(traffic.bytes_in > 100000 && traffic.bytes_out > 100000);
    assert_true(traffic.packets_in > 3 && traffic.packets_out > 3);
}

static void a_remembered_server_is_greeted_shortly(void **state)
{
    (void)state;
    char url[64];
    struct dial_memory memory;
    dial_memory_init(&memory);
    ignore_int(snprintf(url, sizeof url, "wss://localhost:%d/ws", world.tls_port));
    const struct dial_target target = {.url = url, .memory = &memory};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(caller_try(&caller, &target), OK);
        caller_run(&caller, 1, 0, 0);
        send_and_hear(10);
        assert_int_equal(dial_was_resumed(caller.dialer, caller.id), i > 0);
        dial_close(caller.dialer, caller.id, WS_CLOSE_NORMAL, STR_NONE);
        caller_run(&caller, 0, 1, 0);
    }
    dial_memory_finish(&memory);
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    (void)state;
    caller_open(&caller, "wss://127.0.0.1", world.tls_port, "/ws", NULL);
    caller_run(&caller, 0, 1, 0);
    assert_false(caller.end.was_open);
    assert_int_equal(caller.end.code, WS_CLOSE_LOST);
    assert_non_null(strstr(caller.end.why.text, "mismatch"));
}

static void a_certificate_that_nobody_vouches_for_is_refused(void **state)
{
    (void)state;
    struct dialer_config config = caller_config(NULL);
    dialer_destroy(caller.dialer);
    assert_int_equal(dialer_create(caller.loop, &config, &caller.dialer, NULL), OK);
    caller_open(&caller, "wss://localhost", world.tls_port, "/ws", NULL);
    caller_run(&caller, 0, 1, 0);
    assert_false(caller.end.was_open);
    assert_non_null(strstr(caller.end.why.text, "certificate"));
}

static void a_test_may_call_loopback_without_looking(void **state)
{
    (void)state;
    struct dialer_config config = caller_config(NULL);
    const struct dial_target away = {.url = "wss://192.0.2.1/"};
    config.insecure = true;
    dialer_destroy(caller.dialer);
    assert_int_equal(dialer_create(caller.loop, &config, &caller.dialer, NULL), OK);
    assert_int_equal(caller_try(&caller, &away), ERR_INVALID);
    caller_open(&caller, "wss://127.0.0.1", world.tls_port, "/ws", NULL);
    caller_run(&caller, 1, 0, 0);
    send_and_hear(5);
}

static void another_subprotocol_is_no_agreement(void **state)
{
    (void)state;
    caller_open(&caller, "ws://127.0.0.1", world.port, "/ws", "loa");
    caller_run(&caller, 0, 1, 0);
    assert_false(caller.end.was_open);
    assert_non_null(strstr(caller.end.why.text, "subprotocol"));
}

static void an_answer_that_is_no_websocket_is_told(void **state)
{
    (void)state;
    caller_open(&caller, "ws://127.0.0.1", world.port, "/secret", NULL);
    caller_run(&caller, 0, 1, 0);
    assert_int_equal(caller.end.status, 403);
    assert_false(caller.end.was_open);
}

static void the_server_closes_and_its_code_is_told(void **state)
{
    (void)state;
    caller_open(&caller, "ws://127.0.0.1", world.port, "/ws", NULL);
    caller_run(&caller, 1, 0, 0);
    assert_int_equal(dial_send(caller.dialer, caller.id, WS_TEXT, S("close")), OK);
    caller_run(&caller, 0, 1, 0);
    assert_int_equal(caller.end.code, 4000);
    assert_true(caller.end.was_open);
    assert_non_null(strstr(caller.end.why.text, "as you wish"));
    assert_int_equal(dial_send(caller.dialer, caller.id, WS_TEXT, S("x")), ERR_CLOSED);
}

static bool heard_4711(const struct world_look *look)
{
    return look->seen.closed_code == 4711;
}

static void what_we_close_the_server_hears_after_what_was_sent(void **state)
{
    (void)state;
    caller_open(&caller, "wss://localhost", world.tls_port, "/ws", NULL);
    caller_run(&caller, 1, 0, 0);
    assert_int_equal(dial_send(caller.dialer, caller.id, WS_TEXT, S("last")), OK);
    dial_close(caller.dialer, caller.id, 4711, S("enough"));
    assert_int_equal(dial_send(caller.dialer, caller.id, WS_TEXT, S("x")), ERR_CLOSED);
    caller_run(&caller, 0, 1, 0);
    assert_int_equal(caller.end.code, 4711);
    world_until(&world, heard_4711);
}

static void a_name_that_nobody_has_is_an_end(void **state)
{
    (void)state;
    struct dialer_config config = caller_config(NULL);
    config.insecure = false;
    config.plain_anywhere = true;
    config.limits.connect_wait = USEC_SECOND; /* where the resolver has nobody to ask */
    dialer_destroy(caller.dialer);
    assert_int_equal(dialer_create(caller.loop, &config, &caller.dialer, NULL), OK);
    caller_open(&caller, "ws://nobody.invalid", 80, "/", NULL);
    caller_run(&caller, 0, 1, 0);
    assert_false(caller.end.was_open);
    assert_int_equal(caller.end.code, WS_CLOSE_LOST);
}

static void a_port_where_nobody_listens_is_an_end(void **state)
{
    (void)state;
    caller_open(&caller, "ws://127.0.0.1", 1, "/", NULL);
    caller_run(&caller, 0, 1, 0);
    assert_non_null(strstr(caller.end.why.text, "cannot connect"));
    assert_non_null(strstr(caller.end.why.text, "ECONNREFUSED"));
}

static void hundreds_call_from_several_addresses_in_their_turn(void **state)
{
    (void)state;
    enum { MANY = 300 };
    struct dialer_config config = caller_config(world.chain);
    config.local_addresses = 3;
    config.limits.handshakes = 4;
    dialer_destroy(caller.dialer);
    assert_int_equal(dialer_create(caller.loop, &config, &caller.dialer, NULL), OK);
    for (int i = 0; i < MANY; i++) {
        caller_open(&caller, i % 10 == 0 ? "wss://localhost" : "ws://127.0.0.1",
                    i % 10 == 0 ? world.tls_port : world.port, "/ws", NULL);
    }
    caller_run(&caller, MANY, 0, 0);
    assert_int_equal(caller.closed, 0);
    assert_true(strncmp(world_look(&world).seen.address, "127.0.0.", 8) == 0);
}

static void a_dialer_may_go_while_dials_are_in_every_state(void **state)
{
    (void)state;
    caller_open(&caller, "wss://localhost", world.tls_port, "/ws", NULL);
    caller_open(&caller, "ws://127.0.0.1", world.port, "/ws", NULL);
    caller_run(&caller, 1, 0, 0);
    caller_open(&caller, "wss://localhost", world.tls_port, "/ws", NULL);
    dial_cut(caller.dialer, caller.id);
    caller_open(&caller, "ws://127.0.0.1", world.port, "/ws", NULL);
    assert_int_equal(caller.closed, 0);
}

static void urls_that_must_not_be_called_are_refused(void **state)
{
    (void)state;
    const char *const urls[] = {"http://a/", "ws://", "ws://192.0.2.1/", "ws://a b/",
                                "ws://127.0.0.1:0/"};
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        const struct dial_target target = {.url = urls[i]};
        assert_int_equal(caller_try(&caller, &target), ERR_INVALID);
    }
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(messages_of_every_length_come_back_whole),
        test(over_tls_both_ends_hold_the_same_channel),
        test(a_remembered_server_is_greeted_shortly),
        test(a_certificate_for_another_name_is_refused),
        test(a_certificate_that_nobody_vouches_for_is_refused),
        test(a_test_may_call_loopback_without_looking),
        test(another_subprotocol_is_no_agreement),
        test(an_answer_that_is_no_websocket_is_told),
        test(the_server_closes_and_its_code_is_told),
        test(what_we_close_the_server_hears_after_what_was_sent),
        test(a_name_that_nobody_has_is_an_end),
        test(a_port_where_nobody_listens_is_an_end),
        test(hundreds_call_from_several_addresses_in_their_turn),
        test(a_dialer_may_go_while_dials_are_in_every_state),
        test(urls_that_must_not_be_called_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

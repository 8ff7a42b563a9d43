/* What devices need of the server: an alarm before the file that is under way, records of a size
 * that a weak line can carry, and a place in the queue when all come back at once. */
#include "loop/dial_world.h"

enum { FILE_FRAMES = 4000, FILE_FRAME = 2000, RECORD_MOST = 1400 };

static struct world world;

static void begin(size_t handshakes)
{
    struct http_limits limits = world_limits();
    limits.handshakes = handshakes;
    limits.stream_queue_bytes = 2 * FILE_FRAMES * FILE_FRAME;
    world_begin(&world, limits);
}

static SSL *connect_to(int fd, SSL_CTX *context)
{
    SSL *ssl = SSL_new(context);
    assert_int_equal(SSL_set_fd(ssl, fd), 1);
    assert_int_equal(SSL_connect(ssl), 1);
    return ssl;
}

static void upgrade(SSL *ssl)
{
    static const char request[] = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                                  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    char answer[1024] = "";
    size_t size = 0;
    assert_true(SSL_write(ssl, request, sizeof request - 1) > 0);
    while (strstr(answer, "\r\n\r\n") == NULL) {
        int count = SSL_read(ssl, answer + size, (int)(sizeof answer - 1 - size));
        assert_true(count > 0);
        size += (size_t)count;
        answer[size] = 0;
    }
}

/* More than the kernel takes while the receiver does not read. */
static void send_file(void *ctx)
{
    static char bytes[FILE_FRAME];
    (void)ctx;
    ws_set_record(world.server, world.socket, RECORD_MOST);
    memset(bytes, 'f', sizeof bytes);
    for (int i = 0; i < FILE_FRAMES; i++) {
        str frame = {bytes, sizeof bytes};
        assert_int_equal(ws_send(world.server, world.socket, WS_BINARY, frame), OK);
    }
}

static void send_alarm(void *ctx)
{
    struct http_message *alarm;
    (void)ctx;
    assert_true(ws_waiting(world.server, world.socket) > 0);
    assert_int_equal(ws_message_create(WS_TEXT, S("alarm"), &alarm), OK);
    assert_int_equal(ws_send_urgent(world.server, world.socket, alarm), OK);
    http_message_release(alarm);
}

static void hear(SSL *ssl, void *into, size_t size)
{
    for (size_t got = 0; got < size;) {
        int count = SSL_read(ssl, (char *)into + got, (int)(size - got));
        assert_true(count > 0 && count <= RECORD_MOST);
        got += (size_t)count;
    }
}

static void an_alarm_overtakes_the_file_that_is_under_way(void **state)
{
    (void)state;
    begin(100);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int fd = client_open(world.tls_port);
    SSL *ssl = connect_to(fd, context);
    upgrade(ssl);
    world_call(&world, send_file, NULL);
    world_call(&world, send_alarm, NULL);
    int alarm_at = -1;
    for (int i = 0; i <= FILE_FRAMES; i++) {
        uint8_t head[4];
        static char bytes[FILE_FRAME];
        hear(ssl, head, 2);
        if (head[0] == 0x81) {
            assert_int_equal(alarm_at, -1);
            alarm_at = i;
            hear(ssl, bytes, 5);
            assert_memory_equal(bytes, "alarm", 5);
        } else {
            assert_int_equal(head[0], 0x82);
            hear(ssl, head + 2, 2);
            assert_int_equal(head[2] << 8 | head[3], FILE_FRAME);
            hear(ssl, bytes, sizeof bytes);
            assert_int_equal(bytes[FILE_FRAME - 1], 'f');
        }
    }
    assert_true(alarm_at >= 0 && alarm_at < FILE_FRAMES);
    SSL_free(ssl);
    SSL_CTX_free(context);
    ignore_int(close(fd));
    world_end(&world);
}

static void count_traffic(void *ctx)
{
    *(struct wire_traffic *)ctx = ws_traffic(world.server, world.socket);
}

static void the_line_s_bytes_are_counted_for_each(void **state)
{
    (void)state;
    static struct caller caller;
    struct wire_traffic traffic;
    begin(100);
    struct dialer_config config = caller_config(world.chain);
    caller_begin(&caller, &config);
    caller_open(&caller, "wss://localhost", world.tls_port, "/ws", NULL);
    caller_run(&caller, 1, 0, 0);
    static char bytes[50000];
    assert_int_equal(dial_send(caller.dialer, caller.id, WS_BINARY, (str){bytes, sizeof bytes}),
                     OK);
    caller_run(&caller, 0, 0, 1);
    world_call(&world, count_traffic, &traffic);
    assert_true(traffic.bytes_in > 50000 && traffic.bytes_out > 50000);
    assert_true(traffic_charged(&traffic) > traffic.bytes_in + traffic.bytes_out);
    caller_end(&caller);
    world_end(&world);
}

static bool two_wait(const struct world_look *look)
{
    return look->counters.tls_waiting == 2;
}

static bool one_waits(const struct world_look *look)
{
    return look->counters.tls_waiting == 1;
}

static bool nobody_waits(const struct world_look *look)
{
    return look->counters.tls_waiting == 0;
}

static void handshakes_wait_for_each_other_in_order(void **state)
{
    (void)state;
    static const char hello_begun[] = "\x16\x03\x01\x02\x00\x01";
    int fds[3];
    begin(1);
    for (int i = 0; i < 3; i++) {
        fds[i] = client_open(world.tls_port);
        client_send(fds[i], hello_begun, sizeof hello_begun - 1);
        world_until(&world, i == 0 ? nobody_waits : i == 1 ? one_waits : two_wait);
    }
    ignore_int(close(fds[0])); /* its place goes to the next, who holds it */
    world_until(&world, one_waits);
    ignore_int(close(fds[2]));
    ignore_int(close(fds[1]));
    world_until(&world, nobody_waits);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int fd = client_open(world.tls_port);
    SSL *ssl = connect_to(fd, context);
    upgrade(ssl);
    SSL_free(ssl);
    SSL_CTX_free(context);
    ignore_int(close(fd));
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alarm_overtakes_the_file_that_is_under_way),
        cmocka_unit_test(the_line_s_bytes_are_counted_for_each),
        cmocka_unit_test(handshakes_wait_for_each_other_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Event streams and sound streams, and the graceful stop of everything. */
#include "loop/http_world.h"

static struct world world;

static int begin(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.stream_queue_bytes = 512 * 1024;
    limits.events_beat = 100000;
    limits.ws_close_wait = 200000;
    world_begin(&world, limits);
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

struct sending {
    struct world *world;
    struct http_message *message;
    errc rc;
    int sent;
};

static void send_one(void *ctx)
{
    struct sending *sending = ctx;
    sending->rc =
        http_stream_send(sending->world->server, sending->world->stream, sending->message);
    sending->sent++;
}

static void close_stream(void *ctx)
{
    struct world *at = ctx;
    http_stream_close(at->server, at->stream);
}

static bool has_no_streams(const struct world_look *look)
{
    return look->counters.streams_open == 0 && look->counters.connections_open == 0;
}

static void writes_events_as_the_format_wants(void **state)
{
    (void)state;
    struct http_message *message;
    assert_int_equal(http_event_create(S("a\nb"), STR_NONE, S("x"), &message), ERR_INVALID);
    assert_int_equal(http_event_create(S("a"), S("1\r"), S("x"), &message), ERR_INVALID);
    assert_int_equal(http_event_create(S("a"), S("1"), S("x\ry"), &message), ERR_INVALID);
    assert_int_equal(http_event_create(S("unit"), S("7"), S("one\ntwo"), &message), OK);
    int fd = client_open(world.port);
    client_say(fd, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    const char *head = client_hear_text(fd, "\r\n\r\n", 1);
    assert_non_null(strstr(head, "content-type: text/event-stream\r\n"));
    assert_non_null(strstr(head, "cache-control: no-store\r\n"));
    struct sending sending = {.world = &world, .message = message};
    world_call(&world, send_one, &sending);
    assert_int_equal(sending.rc, OK);
    http_message_release(message);
    assert_non_null(client_hear_text(fd, "event: unit\nid: 7\ndata: one\ndata: two\n\n", 1));
    world_call(&world, close_stream, &world);
    client_hear(fd);
    ignore_int(close(fd));
    world_until(&world, has_no_streams);
}

static void beats_on_a_silent_stream_and_notices_who_left(void **state)
{
    (void)state;
    int before = world_look(&world).seen.streams_closed;
    int fd = client_open(world.port);
    client_say(fd, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_non_null(client_hear_text(fd, ":\n\n", 2));
    ignore_int(close(fd));
    world_until(&world, has_no_streams);
    assert_int_equal(world_look(&world).seen.streams_closed, before + 1);
}

static void cuts_a_listener_who_is_too_slow(void **state)
{
    (void)state;
    static char block[65536];
    struct sending sending = {.world = &world};
    int fd = client_open(world.port);
    client_say(fd, "GET /sound HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_non_null(client_hear_text(fd, "audio/ogg\r\n", 1));
    assert_int_equal(http_message_create((str){block, sizeof block}, &sending.message), OK);
    while (sending.rc == OK && sending.sent < 1000) {
        world_call(&world, send_one, &sending);
    }
    assert_int_equal(sending.rc, ERR_TOO_MANY);
    world_until(&world, has_no_streams);
    world_call(&world, send_one, &sending);
    assert_int_equal(sending.rc, ERR_CLOSED);
    http_message_release(sending.message);
    ignore_int(close(fd));
}

static void on_stopped(void *ctx)
{
    struct world *at = ctx;
    at->stopped = true;
}

static void stop_gently(void *ctx)
{
    struct world *at = ctx;
    http_server_stop(at->server, USEC_HOUR, on_stopped, at);
}

static void stop_at_once(void *ctx)
{
    struct world *at = ctx;
    http_server_stop(at->server, 100000, on_stopped, at);
}

static bool is_stopped(const struct world_look *look)
{
    return look->seen.stopped;
}

static bool has_all_open(const struct world_look *look)
{
    return look->counters.connections_open == 4 && look->seen.waiting.generation != 0 &&
           look->counters.streams_open == 1 && look->counters.websockets_open == 1;
}

static void answer_later(void *ctx)
{
    struct world *at = ctx;
    struct http_answer answer = {.status = 200, .body = HTTP_STATIC, .bytes = S("later")};
    assert_int_equal(http_answer_send(at->server, at->waiting, &answer, NULL), OK);
}

static void stops_when_everybody_has_been_served(void **state)
{
    (void)state;
    int idle = client_open(world.port);
    int waiting = client_open(world.port);
    int events = client_open(world.port);
    int socket = client_open(world.port);
    client_say(waiting, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    client_say(events, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    client_say(socket,
               "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
               "Sec-WebSocket-Version: 13\r\n\r\n");
    world_until(&world, has_all_open);
    world_call(&world, stop_gently, &world);
    assert_string_equal(client_hear(idle), "");
    const char *last = client_hear(events);
    assert_non_null(strstr(last, "retry: "));
    assert_non_null(client_hear_text(socket, "\x88\x02\x03\xe9", 1)); /* 1001 */
    client_send(socket, "\x88\x82\0\0\0\0\x03\xe9", 8);
    assert_false(world_look(&world).seen.stopped);
    world_call(&world, answer_later, &world);
    const char *answer = client_hear(waiting);
    assert_string_equal(client_body(answer), "later");
    assert_non_null(strstr(answer, "connection: close\r\n"));
    ignore_int(close(idle));
    ignore_int(close(waiting));
    ignore_int(close(events));
    ignore_int(close(socket));
    world_until(&world, is_stopped);
    assert_int_equal(world_look(&world).seen.closed_code, 1001);
}

static void cuts_the_rest_when_its_time_is_up(void **state)
{
    (void)state;
    int slow = client_open(world.port);
    client_say(slow, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
    while (world_look(&world).counters.requests_open == 0) {
        ignore_int(sched_yield());
    }
    world_call(&world, stop_at_once, &world);
    assert_string_equal(client_hear(slow), "");
    ignore_int(close(slow));
    world_until(&world, is_stopped);
}

static void stop_reading(void *ctx)
{
    struct world *at = ctx;
    http_stream_set_reading(at->server, at->stream, false);
}

static void read_on(void *ctx)
{
    struct world *at = ctx;
    http_stream_set_reading(at->server, at->stream, true);
}

/* A body without an end, as encoders send it: with the head, behind it, in chunks, without Host. */
static void takes_a_body_that_does_not_end(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    client_say(fd, "SOURCE /in HTTP/1.0\r\n\r\nfirst");
    assert_non_null(client_hear_text(fd, "first", 1));
    world_call(&world, stop_reading, &world);
    client_say(fd, "second");
    world_call(&world, read_on, &world);
    assert_non_null(client_hear_text(fd, "second", 1));
    client_say(fd, "end");
    client_hear(fd);
    ignore_int(close(fd));
    fd = client_open(world.port);
    client_say(fd, "PUT /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    assert_non_null(client_hear_text(fd, "\r\n\r\nabc", 1));
    client_say(fd, "0\r\n\r\n");
    client_hear(fd);
    ignore_int(close(fd));
    world_until(&world, has_no_streams);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_events_as_the_format_wants, begin, end),
        cmocka_unit_test_setup_teardown(beats_on_a_silent_stream_and_notices_who_left, begin, end),
        cmocka_unit_test_setup_teardown(cuts_a_listener_who_is_too_slow, begin, end),
        cmocka_unit_test_setup_teardown(takes_a_body_that_does_not_end, begin, end),
        cmocka_unit_test_setup_teardown(stops_when_everybody_has_been_served, begin, end),
        cmocka_unit_test_setup_teardown(cuts_the_rest_when_its_time_is_up, begin, end),
    };
    return cmocka_run_group_tests_name("loop: stream", tests, NULL, NULL);
}

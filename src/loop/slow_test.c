/* Peers that are too slow, too many or too greedy are cut, and the others do not notice. The limits
 * are shortened; no test waits for anything but the server. */
#include "loop/http_world.h"

#include <sys/resource.h>

static struct world world;

#define SHORT (100 * (usec)1000)

static int end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static int begin_headers(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.header_wait = SHORT;
    world_begin(&world, limits);
    return 0;
}

static void cuts_who_drips_a_head(void **state)
{
    (void)state;
    int slow = client_open(world.port);
    client_say(slow, "GET / HTTP/1.1\r\nHost: a\r\nX-Sl");
    int good = client_open(world.port);
    client_say(good, GET("/"));
    assert_status(client_hear(good), 200);
    assert_status(client_hear(slow), 408);
    assert_int_equal(world_look(&world).counters.refused[HTTP_REFUSED_TOO_SLOW], 1);
    ignore_int(close(slow));
    ignore_int(close(good));
}

static int begin_idle(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.idle_wait = SHORT;
    limits.keep_alive_wait = SHORT;
    limits.handshake_wait = SHORT;
    world_begin(&world, limits);
    return 0;
}

static void closes_silently_who_says_nothing(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    assert_string_equal(client_hear(fd), "");
    ignore_int(close(fd));
    fd = client_open(world.port);
    client_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_string_equal(client_body(client_hear(fd)), "hello");
    ignore_int(close(fd));
    assert_int_equal(world_look(&world).counters.refused[HTTP_REFUSED_TOO_SLOW], 0);
}

static void cuts_who_does_not_shake_hands(void **state)
{
    (void)state;
    int fd = client_open(world.tls_port);
    client_send(fd, "\x16\x03\x01\x02", 4);
    assert_string_equal(client_hear(fd), "");
    ignore_int(close(fd));
}

static int begin_body(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.body_wait = SHORT;
    limits.body_rate = 1000000;
    world_begin(&world, limits);
    return 0;
}

static void cuts_who_stops_in_a_body(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    client_say(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    assert_status(client_hear(fd), 408);
    ignore_int(close(fd));
}

static void cuts_who_drips_a_body_however_steadily(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    char byte = 'x';
    struct timeval moment = {.tv_usec = 1000};
    struct timeval patience = {.tv_sec = PATIENCE};
    ignore_int(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment));
    client_say(fd, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
    for (int i = 0; i < 20000; i++) { /* every millisecond a byte: never silent, and too slow */
        client_send(fd, &byte, 1);
        if (recv(fd, &byte, 1, MSG_PEEK) >= 0) {
            break;
        }
    }
    ignore_int(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
    assert_status(client_hear(fd), 408);
    ignore_int(close(fd));
}

static int begin_write(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.write_wait = SHORT;
    limits.stream_queue_bytes = 64 * 1024;
    world_begin(&world, limits);
    return 0;
}

static bool has_cut_one(const struct world_look *look)
{
    return look->counters.refused[HTTP_REFUSED_TOO_SLOW] == 1 &&
           look->counters.connections_open == 0;
}

static void cuts_who_never_reads(void **state)
{
    (void)state;
    int slow = client_open(world.port);
    client_say(slow, GET("/bytes?n=7000000"));
    int good = client_open(world.port);
    client_say(good, GET("/bytes?n=100000")); /* fits the kernel's buffers: never late itself */
    assert_int_equal(strlen(client_body(client_hear(good))), 100000);
    ignore_int(close(good));
    world_until(&world, has_cut_one);
    ignore_int(close(slow));
}

static void holds_little_for_who_pipelines_and_never_reads(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    struct timeval moment = {.tv_sec = 0, .tv_usec = 50000};
    static const char request[] = "GET /file HTTP/1.1\r\nHost: a\r\n\r\n";
    ignore_int(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &moment, sizeof moment));
    for (int i = 0; i < 1000000; i++) { /* until the server stops reading, or has cut us */
        if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) <= 0) {
            break;
        }
    }
    struct world_look look = world_look(&world);
    assert_true(look.counters.bytes_in < 8 * 1024 * 1024);
    ignore_int(close(fd));
}

static int begin_few(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.connections = 4;
    limits.connections_per_address = 3;
    limits.requests = 2;
    limits.requests_per_connection = 2;
    limits.answer_wait = USEC_HOUR;
    world_begin(&world, limits);
    return 0;
}

static bool has_refused_address(const struct world_look *look)
{
    return look->counters.refused[HTTP_REFUSED_ADDRESS] == 1;
}

static void limits_the_connections_of_an_address(void **state)
{
    (void)state;
    int fds[3];
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = client_open(world.port);
    }
    int more = client_open(world.port);
    assert_string_equal(client_hear(more), "");
    world_until(&world, has_refused_address);
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        client_say(fds[i], GET("/"));
        assert_status(client_hear(fds[i]), 200);
        ignore_int(close(fds[i]));
    }
    ignore_int(close(more));
    assert_status(client_ask(&world, GET("/")), 200);
}

static void limits_requests_on_a_connection(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    for (int i = 0; i < 3; i++) {
        client_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    const char *answer = client_hear(fd);
    const char *second = strstr(answer + 1, "HTTP/1.1 200");
    assert_non_null(second);
    assert_non_null(strstr(second, "connection: close"));
    assert_null(strstr(second + 1, "HTTP/1.1"));
    ignore_int(close(fd));
}

static bool has_two_open(const struct world_look *look)
{
    return look->counters.requests_open == 2;
}

static void answers_503_when_too_many_requests_wait(void **state)
{
    (void)state;
    int fds[2];
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = client_open(world.port);
        client_say(fds[i], GET("/wait"));
    }
    world_until(&world, has_two_open);
    assert_status(client_ask(&world, GET("/")), 503);
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        ignore_int(close(fds[i]));
    }
}

static int begin_answer(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.answer_wait = SHORT;
    world_begin(&world, limits);
    return 0;
}

static void late_answer(void *ctx)
{
    struct world *at = ctx;
    struct http_answer answer = {.status = 200, .body = HTTP_STATIC, .bytes = S("x")};
    assert_int_equal(http_answer_send(at->server, at->waiting, &answer, NULL), ERR_CLOSED);
}

static void answers_503_when_the_room_above_is_too_late(void **state)
{
    (void)state;
    assert_status(client_ask(&world, GET("/wait")), 503);
    world_call(&world, late_answer, &world);
    assert_int_equal(world_look(&world).counters.requests_open, 0);
}

static int begin_plain(void **state)
{
    (void)state;
    world_begin(&world, world_limits());
    return 0;
}

static bool has_paused(const struct world_look *look)
{
    return look->seen.paused_notices > 0;
}

static bool has_resumed(const struct world_look *look)
{
    return look->seen.resumed_notices > 0;
}

static void survives_the_end_of_descriptors(void **state)
{
    (void)state;
    enum { MOST = 256 };
    static int taken[MOST];
    size_t count = 0;
    struct rlimit usual;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    struct rlimit few = {.rlim_cur = MOST, .rlim_max = usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    int fd = client_open(world.port); /* made before they run out */
    client_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_non_null(client_hear_text(fd, "hello", 1));
    int waiting = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    while (count < MOST && (taken[count] = dup(fd)) >= 0) {
        count++;
    }
    assert_true(count < MOST);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)world.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(waiting, (struct sockaddr *)&address, sizeof address), 0);
    world_until(&world, has_paused);
    client_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); /* who is in is still served */
    assert_non_null(client_hear_text(fd, "hello", 1));
    while (count > 0) {
        count--;
        ignore_int(close(taken[count]));
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    client_say(waiting, GET("/"));
    assert_status(client_hear(waiting), 200);
    world_until(&world, has_resumed);
    assert_int_equal(world_look(&world).seen.paused_notices, 1); /* said once, not at each try */
    ignore_int(close(waiting));
    ignore_int(close(fd));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cuts_who_drips_a_head, begin_headers, end),
        cmocka_unit_test_setup_teardown(closes_silently_who_says_nothing, begin_idle, end),
        cmocka_unit_test_setup_teardown(cuts_who_does_not_shake_hands, begin_idle, end),
        cmocka_unit_test_setup_teardown(cuts_who_stops_in_a_body, begin_body, end),
        cmocka_unit_test_setup_teardown(cuts_who_drips_a_body_however_steadily, begin_body, end),
        cmocka_unit_test_setup_teardown(cuts_who_never_reads, begin_write, end),
        cmocka_unit_test_setup_teardown(holds_little_for_who_pipelines_and_never_reads, begin_write,
                                        end),
        cmocka_unit_test_setup_teardown(limits_the_connections_of_an_address, begin_few, end),
        cmocka_unit_test_setup_teardown(limits_requests_on_a_connection, begin_few, end),
        cmocka_unit_test_setup_teardown(answers_503_when_too_many_requests_wait, begin_few, end),
        cmocka_unit_test_setup_teardown(answers_503_when_the_room_above_is_too_late, begin_answer,
                                        end),
        cmocka_unit_test_setup_teardown(survives_the_end_of_descriptors, begin_plain, end),
    };
    return cmocka_run_group_tests_name("loop: slow", tests, NULL, NULL);
}

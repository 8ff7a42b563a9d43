/* HTTP/1.1 against a real server on a real socket: what a well-behaved client may do. */
#include "loop/http_world.h"

static struct world world;

static int begin(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.body_memory = 256 * 1024;
    world_begin(&world, limits);
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static void answers_a_request(void **state)
{
    (void)state;
    const char *answer = client_ask(&world, GET("/"));
    assert_status(answer, 200);
    assert_string_equal(client_body(answer), "hello");
    assert_non_null(strstr(answer, "date: "));
    assert_non_null(strstr(answer, "content-type: text/plain\r\n"));
    assert_null(strstr(answer, "erver:"));
    assert_string_equal(world_look(&world).seen.address, "127.0.0.1");
}

static void gives_a_head_request_the_length_but_no_body(void **state)
{
    (void)state;
    const char *answer =
        client_ask(&world, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert_status(answer, 200);
    assert_non_null(strstr(answer, "content-length: 5\r\n"));
    assert_string_equal(client_body(answer), "");
}

static void keeps_the_connection_for_the_next_request(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    for (int i = 0; i < 3; i++) {
        client_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_non_null(client_hear_text(fd, "hello", 1));
    }
    ignore_int(close(fd));
}

static void answers_a_hundred_pipelined_requests_in_order(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    char text[100];
    for (int i = 0; i < 100; i++) {
        ignore_int(snprintf(text, sizeof text, "GET /target?%03d HTTP/1.1\r\nHost: a\r\n%s\r\n", i,
                            i == 99 ? "Connection: close\r\n" : ""));
        client_say(fd, text);
    }
    const char *at = client_hear(fd);
    for (int i = 0; i < 100; i++) {
        ignore_int(snprintf(text, sizeof text, "/target?%03d", i));
        at = strstr(at, text);
        assert_non_null(at);
    }
    ignore_int(close(fd));
}

static void answers_what_was_pipelined_behind_a_slow_answer(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    client_say(fd, "GET /bytes?n=3000000 HTTP/1.1\r\nHost: a\r\n\r\n" GET("/target?behind"));
    const char *answer = client_hear(fd);
    assert_non_null(strstr(answer, "content-length: 3000000\r\n"));
    assert_non_null(strstr(answer, "bbbHTTP/1.1 200 OK"));
    assert_non_null(strstr(answer, "/target?behind"));
    ignore_int(close(fd));
}

static void reads_a_request_that_comes_byte_by_byte(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    static const char request[] =
        "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for (size_t i = 0; i < sizeof request - 1; i++) {
        client_send(fd, request + i, 1);
    }
    assert_string_equal(client_body(client_hear(fd)), "abcde");
    ignore_int(close(fd));
}

static void answers_after_the_client_has_closed_its_half(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    client_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /asset HTTP/1.1\r\nHost: a\r\n\r\n");
    ignore_int(shutdown(fd, SHUT_WR));
    const char *answer = client_hear(fd);
    assert_non_null(strstr(answer, "hello"));
    assert_non_null(strstr(answer, "identity"));
    ignore_int(close(fd));
}

static void asks_for_the_body_only_when_it_wants_it(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    client_say(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n"
                   "Expect: 100-continue\r\n\r\n");
    assert_non_null(client_hear_text(fd, "HTTP/1.1 100 Continue\r\n\r\n", 1));
    client_say(fd, "body");
    assert_string_equal(client_body(client_hear(fd)), "body");
    ignore_int(close(fd));
    const char *refused = client_ask(&world, "POST /secret HTTP/1.1\r\nHost: a\r\n"
                                             "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    assert_status(refused, 403);
    assert_null(strstr(refused, "100 Continue"));
}

static void answers_before_the_body_and_closes(void **state)
{
    (void)state;
    const char *answer = client_ask(
        &world, "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\npart of it");
    assert_status(answer, 401);
    assert_non_null(strstr(answer, "connection: close\r\n"));
    assert_string_equal(client_body(answer), "early");
}

static void sends_a_file_and_its_parts(void **state)
{
    (void)state;
    const char *whole = client_ask(&world, GET("/file"));
    assert_status(whole, 200);
    assert_int_equal(strlen(client_body(whole)), FILE_SIZE);
    assert_memory_equal(client_body(whole) + 26, "abcdefghijklmnopqrstuvwxyz", 26);
    const char *part = client_ask(&world, "GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                          "Range: bytes=299994-\r\n\r\n");
    assert_status(part, 206);
    assert_non_null(strstr(part, "content-range: bytes 299994-299999/300000\r\n"));
    assert_int_equal(strlen(client_body(part)), 6);
    const char *outside = client_ask(&world, "GET /file HTTP/1.1\r\nHost: a\r\n"
                                             "Connection: close\r\nRange: bytes=300000-\r\n\r\n");
    assert_status(outside, 416);
    assert_non_null(strstr(outside, "content-range: bytes */300000\r\n"));
}

static void takes_a_range_only_of_the_version_it_was_meant_for(void **state)
{
    (void)state;
    assert_status(client_ask(&world, "GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                     "Range: bytes=0-1\r\nIf-Range: \"f\"\r\n\r\n"),
                  206);
    assert_status(client_ask(&world, "GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                     "Range: bytes=0-1\r\nIf-Range: \"old\"\r\n\r\n"),
                  200);
}

static void sends_nothing_that_the_client_has(void **state)
{
    (void)state;
    const char *answer = client_ask(&world, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                            "If-None-Match: \"x\", W/\"h1\"\r\n\r\n");
    assert_status(answer, 304);
    assert_string_equal(client_body(answer), "");
    assert_status(client_ask(&world, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                     "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n\r\n"),
                  304);
    assert_status(client_ask(&world, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                     "If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT\r\n\r\n"),
                  200);
}

static void chooses_the_encoding_and_says_so(void **state)
{
    (void)state;
    const char *answer =
        client_ask(&world, "GET /asset HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                           "Accept-Encoding: gzip, br;q=0.5\r\n\r\n");
    assert_string_equal(client_body(answer), "brotli");
    assert_non_null(strstr(answer, "content-encoding: br\r\n"));
    assert_non_null(strstr(answer, "vary: accept-encoding\r\n"));
    assert_non_null(strstr(answer, "etag: \"h1-br\"\r\n"));
    answer = client_ask(&world, GET("/asset"));
    assert_string_equal(client_body(answer), "identity");
    assert_non_null(strstr(answer, "vary: accept-encoding\r\n"));
}

static void answer_later(void *ctx)
{
    struct world *at = ctx;
    struct http_answer answer = {.status = 200, .body = HTTP_STATIC, .bytes = S("later")};
    ignore(http_answer_send(at->server, at->waiting, &answer, NULL));
}

static void forget_waiting(void *ctx)
{
    struct world *at = ctx;
    at->waiting = HTTP_ID_NONE;
}

static bool is_waiting(const struct world_look *look)
{
    return look->seen.waiting.generation != 0;
}

static void answers_later_by_id(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    client_say(fd, GET("/wait"));
    world_until(&world, is_waiting);
    world_call(&world, answer_later, &world);
    assert_string_equal(client_body(client_hear(fd)), "later");
    ignore_int(close(fd));
}

static void answer_twice(void *ctx)
{
    struct world *at = ctx;
    struct http_answer answer = {.status = 200, .body = HTTP_STATIC, .bytes = S("x")};
    struct http_id nobody = {12345, 7};
    assert_int_equal(http_answer_send(at->server, at->waiting, &answer, NULL), ERR_CLOSED);
    assert_int_equal(http_answer_send(at->server, nobody, &answer, NULL), ERR_CLOSED);
    assert_int_equal(http_answer_send(at->server, HTTP_ID_NONE, &answer, NULL), ERR_CLOSED);
    assert_null(http_request_of(at->server, at->waiting));
}

static void tells_a_stale_id_that_nobody_waits(void **state)
{
    (void)state;
    world_call(&world, answer_twice, &world);
}

static void refuse_header(void *ctx)
{
    struct world *at = ctx;
    struct http_header split = {S("x-note"), S("a\r\nset-cookie: b")};
    struct http_answer answer = {.status = 200, .headers = &split, .header_count = 1};
    assert_int_equal(http_answer_send(at->server, at->waiting, &answer, NULL), ERR_INVALID);
}

static void never_lets_a_header_break_the_framing(void **state)
{
    (void)state;
    int fd = client_open(world.port);
    world_call(&world, forget_waiting, &world);
    client_say(fd, GET("/wait"));
    world_until(&world, is_waiting);
    world_call(&world, refuse_header, &world);
    const char *answer = client_hear(fd);
    assert_status(answer, 500);
    assert_null(strstr(answer, "set-cookie"));
    ignore_int(close(fd));
}

static bool is_gone(const struct world_look *look)
{
    return look->counters.connections_open == 0;
}

static void keep_after_leaving(void *ctx)
{
    struct world *at = ctx;
    struct http_request *request = http_request_of(at->server, at->waiting);
    assert_non_null(request);
    assert_true(http_request_is_gone(request));
    assert_true(str_is(http_request_path(request), S("/wait")));
    answer_twice(at);
    assert_int_equal(http_server_counters(at->server)->requests_open, 0);
}

static void keeps_a_request_whose_peer_has_left_until_it_is_answered(void **state)
{
    (void)state;
    struct linger now = {.l_onoff = 1};
    int fd = client_open(world.port);
    world_call(&world, forget_waiting, &world);
    client_say(fd, GET("/wait"));
    world_until(&world, is_waiting);
    ignore_int(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now)); /* a reset, not an end */
    ignore_int(close(fd));
    world_until(&world, is_gone);
    world_call(&world, keep_after_leaving, &world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_a_request),
        cmocka_unit_test(gives_a_head_request_the_length_but_no_body),
        cmocka_unit_test(keeps_the_connection_for_the_next_request),
        cmocka_unit_test(answers_a_hundred_pipelined_requests_in_order),
        cmocka_unit_test(answers_what_was_pipelined_behind_a_slow_answer),
        cmocka_unit_test(reads_a_request_that_comes_byte_by_byte),
        cmocka_unit_test(answers_after_the_client_has_closed_its_half),
        cmocka_unit_test(asks_for_the_body_only_when_it_wants_it),
        cmocka_unit_test(answers_before_the_body_and_closes),
        cmocka_unit_test(sends_a_file_and_its_parts),
        cmocka_unit_test(takes_a_range_only_of_the_version_it_was_meant_for),
        cmocka_unit_test(sends_nothing_that_the_client_has),
        cmocka_unit_test(chooses_the_encoding_and_says_so),
        cmocka_unit_test(answers_later_by_id),
        cmocka_unit_test(tells_a_stale_id_that_nobody_waits),
        cmocka_unit_test(never_lets_a_header_break_the_framing),
        cmocka_unit_test(keeps_a_request_whose_peer_has_left_until_it_is_answered),
    };
    return cmocka_run_group_tests_name("loop: http", tests, begin, end);
}

/* A client's handshake: which addresses may be called, and which answers are an agreement. */
#include "loop/dial_hello.h"
#include "loop/ws_frame.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define LINES "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
#define AGREED LINES "Sec-WebSocket-Accept: " ACCEPT "\r\n"

static void urls_are_taken_apart(void **state)
{
    (void)state;
    const struct {
        const char *text, *host, *path;
        int port;
        bool tls, numeric, loopback;
    } rows[] = {
        {"wss://loa.example.vn/device/v1", "loa.example.vn", "/device/v1", 443, true, false, false},
        {"ws://127.3.0.1:8080", "127.3.0.1", "/", 8080, false, true, true},
        {"wss://[::1]:99/a?b=c", "::1", "/a?b=c", 99, true, true, true},
        {"wss://localhost/", "localhost", "/", 443, true, false, true},
        {"ws://192.0.2.1/", "192.0.2.1", "/", 80, false, true, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct dial_url url;
        assert_int_equal(dial_url_parse(str_of(rows[i].text), &url, NULL), OK);
        assert_string_equal(url.host, rows[i].host);
        assert_string_equal(url.path, rows[i].path);
        assert_int_equal(url.port, rows[i].port);
        assert_int_equal(url.tls, rows[i].tls);
        assert_int_equal(url.is_numeric, rows[i].numeric);
        assert_int_equal(url.is_loopback, rows[i].loopback);
    }
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    const char *const texts[] = {
        "",
        "a",
        "http://a/",
        "wss:/a",
        "wss://",
        "wss:///a",
        "wss://a:/",
        "wss://a:0/",
        "wss://a:x/",
        "wss://a:65536",
        "wss://u@a/",
        "wss://a/#b",
        "wss://a b/",
        "wss://a/\r\n",
        "wss://[::1",
        "wss://[::1]x",
        "wss://[a]/",
        "wss://::1/",
        "wss://a?b",
        "wss://-a/",
        "wss://.a/",
        "wss://[127.0.0.1]/",
        "wss://a\xc3\xa0/",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct dial_url url = {.port = 7};
        assert_int_equal(dial_url_parse(str_of(texts[i]), &url, NULL), ERR_INVALID);
        assert_int_equal(url.port, 7);
    }
}

static void the_request_says_what_is_wanted(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf out = {0};
    struct dial_url url;
    buf_init(&out, 1024);
    assert_int_equal(dial_url_parse(S("wss://[2001:db8::1]:8443/device/v1"), &url, NULL), OK);
    dial_hello_write(&url, S(KEY), S("loa.1"), &out);
    assert_string_equal(buf_str(&out).at,
                        "GET /device/v1 HTTP/1.1\r\nHost: [2001:db8::1]:8443\r\n"
                        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n"
                        "Sec-WebSocket-Protocol: loa.1\r\n\r\n");
}

static enum dial_step read_answer(const char *head, const char *protocol, int *ret_status)
{
    struct dial_answer answer;
    enum dial_step step = dial_hello_read(str_of(head), S(KEY), str_of(protocol), &answer, NULL);
    *ret_status = answer.status;
    return step;
}

static void the_right_answer_is_an_agreement(void **state)
{
    (void)state;
    int status;
    assert_int_equal(read_answer(AGREED "\r\n", "", &status), DIAL_AGREED);
    assert_int_equal(
        read_answer(AGREED "Sec-WebSocket-Protocol: loa.1\r\nX: y\r\n\r\n", "loa.1", &status),
        DIAL_AGREED);
    assert_int_equal(read_answer("HTTP/1.1 101\r\nupgrade:WEBSOCKET\r\nconnection: a, upgrade\r\n"
                                 "sec-websocket-accept:" ACCEPT "\r\n\r\n",
                                 "", &status),
                     DIAL_AGREED);
}

static void every_other_answer_is_refused(void **state)
{
    (void)state;
    const char *const heads[] = {
        LINES "\r\n",
        LINES "Sec-WebSocket-Accept: AAAALMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        AGREED "Sec-WebSocket-Accept: " ACCEPT "\r\n\r\n",
        AGREED "Sec-WebSocket-Protocol: loa.1\r\n\r\n",
        AGREED "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        AGREED "Transfer-Encoding: chunked\r\n\r\n",
        AGREED "Content-Length: 5\r\n\r\n",
        AGREED " folded\r\n\r\n",
        AGREED "no colon\r\n\r\n",
        AGREED "a b: c\r\n\r\n",
        AGREED "a: b\nc: d\r\n\r\n",
        AGREED "a: \x01\r\n\r\n",
        AGREED,
        "HTTP/1.0 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " ACCEPT "\r\n\r\n",
        "HTTP/2 101 x\r\n\r\n",
        "HTTP/1.1 1010 x\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "\r\n\r\n",
        "",
    };
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        int status;
        assert_int_equal(read_answer(heads[i], "", &status), DIAL_REFUSED);
    }
}

static void a_busy_server_may_say_when_to_come_again(void **state)
{
    (void)state;
    struct dial_answer answer;
    assert_int_equal(dial_hello_read(S("HTTP/1.1 503 x\r\nRetry-After: 120\r\n\r\n"), S(KEY),
                                     STR_NONE, &answer, NULL),
                     DIAL_REFUSED);
    assert_int_equal(answer.status, 503);
    assert_int_equal(answer.retry_after, 120 * USEC_SECOND);
    assert_int_equal(
        dial_hello_read(S("HTTP/1.1 429 x\r\nRetry-After: 99999999999999999999\r\n\r\n"), S(KEY),
                        STR_NONE, &answer, NULL),
        DIAL_REFUSED);
    assert_int_equal(answer.retry_after, 0);
    assert_int_equal(dial_hello_read(S("HTTP/1.1 429 x\r\nRetry-After: 9999999999\r\n\r\n"), S(KEY),
                                     STR_NONE, &answer, NULL),
                     DIAL_REFUSED);
    assert_int_equal(answer.retry_after, USEC_DAY);
}

static void a_head_ends_with_its_empty_line(void **state)
{
    (void)state;
    assert_int_equal(dial_head_size(S("")), 0);
    assert_int_equal(dial_head_size(S("a\r\n\r")), 0);
    assert_int_equal(dial_head_size(S("a\r\n\r\nrest")), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_taken_apart),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(the_request_says_what_is_wanted),
        cmocka_unit_test(the_right_answer_is_an_agreement),
        cmocka_unit_test(every_other_answer_is_refused),
        cmocka_unit_test(a_busy_server_may_say_when_to_come_again),
        cmocka_unit_test(a_head_ends_with_its_empty_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

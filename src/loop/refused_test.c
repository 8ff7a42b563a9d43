/* Hostile requests: every line of refused.cases is refused with its status, whole, byte by byte and
 * with a request hidden behind it; none is answered as if it were valid. */
#include "loop/http_world.h"

static struct world world;

struct refused {
    int status;
    size_t size;
    char bytes[1024];
    char line[1024];
};

static int begin(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.header_bytes = 2048;
    limits.header_count = 20;
    limits.target_bytes = 200;
    limits.query_count = 4;
    world_begin(&world, limits);
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static int hex(char byte)
{
    return byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10;
}

static void unescape(const char *at, struct refused *ret)
{
    ret->size = 0;
    for (; *at != 0; at++) {
        char byte = *at;
        if (byte == '\\') {
            at++;
            switch (*at) {
            case 'r':
                byte = '\r';
                break;
            case 'n':
                byte = '\n';
                break;
            case 't':
                byte = '\t';
                break;
            case '0':
                byte = 0;
                break;
            default: /* \xHH */
                byte = (char)(hex(at[1]) * 16 + hex(at[2]));
                at += 2;
                break;
            }
        }
        ret->bytes[ret->size] = byte;
        ret->size++;
    }
}

/* The next case, or false at the end of the table. */
static bool next_case(FILE *table, struct refused *ret)
{
    int64_t status;
    while (fgets(ret->line, sizeof ret->line, table) != NULL) {
        ret->line[strcspn(ret->line, "\n")] = 0;
        if (ret->line[0] == '#' || ret->line[0] == 0) {
            continue;
        }
        assert_true(str_to_i64((str){ret->line, 3}, &status));
        ret->status = (int)status;
        unescape(ret->line + 4, ret);
        client_about = ret->line;
        return true;
    }
    return false;
}

static FILE *open_table(void)
{
    FILE *table = fopen(LOA_SOURCE_DIR "/src/loop/refused.cases", "r");
    assert_non_null(table);
    return table;
}

static void check_answer(const struct refused *refused, const char *answer)
{
    if (client_status(answer) != refused->status) {
        fail_msg("%s\n -> %.200s", refused->line, answer);
    }
    if (strstr(answer, "smuggled") != NULL || strstr(answer, "200 OK") != NULL) {
        fail_msg("%s\n let a request through: %.400s", refused->line, answer);
    }
}

static void refuses_every_malformed_request(void **state)
{
    (void)state;
    struct refused refused;
    int count = 0;
    FILE *table = open_table();
    while (next_case(table, &refused)) {
        int fd = client_open(world.port);
        client_send(fd, refused.bytes, refused.size);
        check_answer(&refused, client_hear(fd));
        ignore_int(close(fd));
        count++;
    }
    fclose(table);
    assert_true(count >= 90);
}

static void refuses_them_byte_by_byte_as_well(void **state)
{
    (void)state;
    struct refused refused;
    FILE *table = open_table();
    while (next_case(table, &refused)) {
        int fd = client_open(world.port);
        for (size_t i = 0; i < refused.size; i++) {
            client_send(fd, refused.bytes + i, 1);
        }
        check_answer(&refused, client_hear(fd));
        ignore_int(close(fd));
    }
    fclose(table);
}

static void reads_nothing_behind_a_refused_request(void **state)
{
    (void)state;
    struct refused refused;
    FILE *table = open_table();
    while (next_case(table, &refused)) {
        int fd = client_open(world.port);
        client_send(fd, refused.bytes, refused.size);
        client_say(fd, GET("/target?smuggled"));
        check_answer(&refused, client_hear(fd));
        ignore_int(close(fd));
    }
    fclose(table);
}

static void answers_their_sound_twins(void **state)
{
    (void)state;
    static const char *const sound[] = {
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX:  b\t \r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET http://A/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\n\r\n",
        "GET /%C3%A9?a=%C3%A9 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        ("POST /e HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: Chunked\r\n\r\n"
         "005\r\nhello\r\n000\r\n\r\n"),
        "POST /e HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: \xc3\xa9\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(sound); i++) {
        const char *answer = client_ask(&world, sound[i]);
        if (client_status(answer) != 200) {
            fail_msg("%s\n -> %s", sound[i], answer);
        }
    }
}

/* A request whose one part is `size` long. */
static const char *ask_long(const char *before, size_t size, const char *after)
{
    static char request[8192];
    size_t at = strlen(before);
    memcpy(request, before, at);
    memset(request + at, 'x', size);
    memcpy(request + at + size, after, strlen(after) + 1);
    return client_ask(&world, request);
}

static void refuses_what_is_longer_than_its_limit(void **state)
{
    (void)state;
    const char *rest = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_status(ask_long("GET /", 199, rest), 200);
    assert_status(ask_long("GET /", 200, rest), 414);
    const char *field = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ";
    assert_status(ask_long(field, 2048 - strlen(field) - 4, "\r\n\r\n"), 200);
    assert_status(ask_long(field, 2048 - strlen(field) - 3, "\r\n\r\n"), 431);
    assert_status(ask_long(field, 4000, ""), 431);
}

static const char *ask_fields(int count)
{
    static char request[4096];
    size_t at = (size_t)snprintf(request, sizeof request,
                                 "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
    for (int i = 0; i < count; i++) {
        at += (size_t)snprintf(request + at, sizeof request - at, "x-%d: y\r\n", i);
    }
    ignore_int(snprintf(request + at, sizeof request - at, "\r\n"));
    return client_ask(&world, request);
}

static void refuses_too_many_fields_and_parameters(void **state)
{
    (void)state;
    assert_status(ask_fields(18), 200);
    assert_status(ask_fields(19), 431);
    assert_status(client_ask(&world, GET("/?a&b&c&d")), 200);
    assert_status(client_ask(&world, GET("/?a&b&c&d&e")), 400);
}

static void refuses_a_body_larger_than_its_plan(void **state)
{
    (void)state;
    assert_status(client_ask(&world, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 262145\r\n"
                                     "\r\n"),
                  413);
    int fd = client_open(world.port);
    static char chunk[65536];
    memset(chunk, 'c', sizeof chunk);
    client_say(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 5; i++) {
        client_say(fd, "10000\r\n");
        client_send(fd, chunk, sizeof chunk);
        client_say(fd, "\r\n");
    }
    assert_status(client_hear(fd), 413);
    ignore_int(close(fd));
}

static void counts_what_it_refuses(void **state)
{
    (void)state;
    struct http_counters before = world_look(&world).counters;
    assert_status(client_ask(&world, "nonsense\r\n\r\n"), 400);
    struct http_counters after = world_look(&world).counters;
    assert_int_equal(after.refused[HTTP_REFUSED_MALFORMED],
                     before.refused[HTTP_REFUSED_MALFORMED] + 1);
    assert_int_equal(after.answers[4], before.answers[4] + 1);
    assert_int_equal(after.requests, before.requests);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_every_malformed_request),
        cmocka_unit_test(refuses_them_byte_by_byte_as_well),
        cmocka_unit_test(reads_nothing_behind_a_refused_request),
        cmocka_unit_test(answers_their_sound_twins),
        cmocka_unit_test(refuses_what_is_longer_than_its_limit),
        cmocka_unit_test(refuses_too_many_fields_and_parameters),
        cmocka_unit_test(refuses_a_body_larger_than_its_plan),
        cmocka_unit_test(counts_what_it_refuses),
    };
    return cmocka_run_group_tests_name("loop: refused", tests, begin, end);
}

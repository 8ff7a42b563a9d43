/* TLS: who may come in, what a broken peer can do, and a certificate that changes under way. */
#include "loop/http_world.h"

static struct world world;
static SSL_CTX *client_context;

static int begin(void **state)
{
    (void)state;
    world_begin(&world, world_limits());
    client_context = SSL_CTX_new(TLS_client_method());
    return 0;
}

static int end(void **state)
{
    (void)state;
    SSL_CTX_free(client_context);
    world_end(&world);
    return 0;
}

struct client {
    int fd;
    SSL *ssl;
};

static struct client connect_tls(SSL_SESSION *session)
{
    struct client client = {.fd = client_open(world.tls_port), .ssl = SSL_new(client_context)};
    assert_int_equal(SSL_set_fd(client.ssl, client.fd), 1);
    if (session != NULL) {
        assert_int_equal(SSL_set_session(client.ssl, session), 1);
    }
    return client;
}

static void leave(struct client *client)
{
    ignore_int(SSL_shutdown(client->ssl)); /* otherwise its session may not be resumed */
    SSL_free(client->ssl);
    ignore_int(close(client->fd));
}

static const char *ask(struct client *client, const char *request)
{
    static char text[ANSWER_MOST + 1];
    size_t size = 0;
    assert_true(SSL_write(client->ssl, request, (int)strlen(request)) > 0);
    for (;;) {
        int count = SSL_read(client->ssl, text + size, (int)(ANSWER_MOST - size));
        if (count <= 0) {
            break;
        }
        size += (size_t)count;
    }
    text[size] = 0;
    return text;
}

static void name_of(struct client *client, char name[64])
{
    X509 *certificate = SSL_get1_peer_certificate(client->ssl);
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, 64);
    X509_free(certificate);
}

static void answers_over_tls_and_says_goodbye(void **state)
{
    (void)state;
    struct client client = connect_tls(NULL);
    assert_int_equal(SSL_connect(client.ssl), 1);
    assert_string_equal(SSL_get_version(client.ssl), "TLSv1.3");
    const char *answer = ask(&client, GET("/file"));
    assert_status(answer, 200);
    assert_int_equal(strlen(client_body(answer)), FILE_SIZE);
    assert_int_equal(SSL_get_shutdown(client.ssl) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
    leave(&client);
}

static void takes_large_bodies_over_tls(void **state)
{
    (void)state;
    static char request[200000];
    struct client client = connect_tls(NULL);
    assert_int_equal(SSL_connect(client.ssl), 1);
    int head = snprintf(request, sizeof request,
                        "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                        "Content-Length: 150000\r\n\r\n");
    memset(request + head, 'p', 150000);
    request[head + 150000] = 0;
    const char *answer = ask(&client, request);
    assert_status(answer, 200);
    assert_int_equal(strlen(client_body(answer)), 150000);
    leave(&client);
}

static void refuses_an_older_protocol(void **state)
{
    (void)state;
    struct client client = connect_tls(NULL);
    assert_int_equal(SSL_set_max_proto_version(client.ssl, TLS1_2_VERSION), 1);
    assert_int_not_equal(SSL_connect(client.ssl), 1);
    leave(&client);
}

static void refuses_a_protocol_it_does_not_speak(void **state)
{
    (void)state;
    struct client client = connect_tls(NULL);
    assert_int_equal(SSL_set_alpn_protos(client.ssl, (const unsigned char *)"\x04mqtt", 5), 0);
    assert_int_not_equal(SSL_connect(client.ssl), 1);
    leave(&client);
}

static void closes_on_plain_bytes(void **state)
{
    (void)state;
    int fd = client_open(world.tls_port);
    client_say(fd, GET("/"));
    assert_null(strstr(client_hear(fd), "HTTP"));
    ignore_int(close(fd));
    assert_status(client_ask(&world, GET("/")), 200);
}

static bool is_empty(const struct world_look *look)
{
    return look->counters.connections_open == 0;
}

static void survives_a_peer_that_breaks_off_anywhere(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct client client = connect_tls(NULL);
        if (i > 0) {
            assert_int_equal(SSL_connect(client.ssl), 1);
        }
        if (i > 1) { /* half a request */
            assert_true(SSL_write(client.ssl, "GET / HT", 8) > 0);
        }
        if (i > 2) { /* then no TLS at all */
            client_say(client.fd, "this is no record");
        }
        SSL_set_quiet_shutdown(client.ssl, 1);
        leave(&client);
    }
    world_until(&world, is_empty);
    assert_int_equal(world_look(&world).counters.requests_open, 0);
}

static void comes_back_with_a_ticket(void **state)
{
    (void)state;
    struct client first = connect_tls(NULL);
    assert_int_equal(SSL_connect(first.ssl), 1);
    assert_status(ask(&first, GET("/")), 200);
    SSL_SESSION *session = SSL_get1_session(first.ssl);
    leave(&first);
    struct client second = connect_tls(session);
    assert_int_equal(SSL_connect(second.ssl), 1);
    assert_int_equal(SSL_session_reused(second.ssl), 1);
    assert_status(ask(&second, GET("/")), 200);
    leave(&second);
    SSL_SESSION_free(session);
    assert_int_equal(world_look(&world).counters.tls_resumed, 1);
}

struct reload {
    struct world *world;
    const char *chain;
    const char *key;
    errc rc;
    struct why why;
};

static void reload(void *ctx)
{
    struct reload *at = ctx;
    at->rc = http_server_use_certificate(at->world->server, at->chain, at->key, &at->why);
}

static void uses_a_new_certificate_for_new_handshakes(void **state)
{
    (void)state;
    char name[64];
    struct client old = connect_tls(NULL);
    assert_int_equal(SSL_connect(old.ssl), 1);
    world_make_certificate(world.chain, world.key, "newer");
    struct reload at = {.world = &world, .chain = world.chain, .key = world.key};
    world_call(&world, reload, &at);
    assert_int_equal(at.rc, OK);
    struct client young = connect_tls(NULL);
    assert_int_equal(SSL_connect(young.ssl), 1);
    name_of(&young, name);
    assert_string_equal(name, "newer");
    assert_status(ask(&old, GET("/")), 200); /* who was in stays in */
    leave(&old);
    leave(&young);
}

static void keeps_the_old_certificate_when_the_new_one_is_broken(void **state)
{
    (void)state;
    char name[64];
    char other[96];
    char ignored[96];
    ignore_int(snprintf(other, sizeof other, "%s/other.pem", world.folder));
    ignore_int(snprintf(ignored, sizeof ignored, "%s/ignored.pem", world.folder));
    world_make_certificate(ignored, other, "other");
    struct reload rows[] = {
        {.world = &world, .chain = "/nowhere", .key = world.key},
        {.world = &world, .chain = world.chain, .key = "/nowhere"},
        {.world = &world, .chain = world.key, .key = world.chain},
        {.world = &world, .chain = world.chain, .key = other}, /* does not fit */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world_call(&world, reload, &rows[i]);
        assert_int_equal(rows[i].rc, ERR_INVALID);
        assert_true(strlen(rows[i].why.text) > 10);
    }
    struct client client = connect_tls(NULL);
    assert_int_equal(SSL_connect(client.ssl), 1);
    name_of(&client, name);
    assert_string_equal(name, "newer");
    leave(&client);
}

struct listening {
    struct world *world;
    struct http_listen listen;
    errc rc;
    int port;
};

static void listen_on(void *ctx)
{
    struct listening *at = ctx;
    at->rc = http_server_listen(at->world->server, &at->listen, &at->port, NULL);
}

static void speaks_plainly_only_on_loopback_unless_told(void **state)
{
    (void)state;
    struct listening rows[] = {
        {.world = &world, .listen = {.address = "0.0.0.0"}},
        {.world = &world, .listen = {.address = "::"}},
        {.world = &world, .listen = {.address = "localhost"}},
        {.world = &world, .listen = {.address = "127.0.0.1", .port = 65536}},
        {.world = &world, .listen = {.address = "127.0.0.9"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world_call(&world, listen_on, &rows[i]);
        assert_int_equal(rows[i].rc, i < 4 ? ERR_INVALID : OK);
    }
    struct listening taken = {.world = &world, .listen = {.address = "127.0.0.1"}};
    taken.listen.port = world.port;
    world_call(&world, listen_on, &taken);
    assert_int_not_equal(taken.rc, OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_over_tls_and_says_goodbye),
        cmocka_unit_test(takes_large_bodies_over_tls),
        cmocka_unit_test(refuses_an_older_protocol),
        cmocka_unit_test(refuses_a_protocol_it_does_not_speak),
        cmocka_unit_test(closes_on_plain_bytes),
        cmocka_unit_test(survives_a_peer_that_breaks_off_anywhere),
        cmocka_unit_test(comes_back_with_a_ticket),
        cmocka_unit_test(uses_a_new_certificate_for_new_handshakes),
        cmocka_unit_test(keeps_the_old_certificate_when_the_new_one_is_broken),
        cmocka_unit_test(speaks_plainly_only_on_loopback_unless_told),
    };
    return cmocka_run_group_tests_name("loop: tls", tests, begin, end);
}

/* Other people's clients against the server: curl, nghttp, openssl, Python's h2 and websockets.
 * One that is not installed is left out, and the test says so. */
#include "loop/http_world.h"

#include <sys/wait.h>

static struct world world;

static int begin(void **state)
{
    (void)state;
    struct http_limits limits = world_limits();
    limits.streams = 10;
    limits.resets = 50;
    limits.control_frames = 50;
    world_begin(&world, limits);
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

/* What the command printed; fails when it failed. $T and $P are the TLS and the plain port, $D the
 * folder, $C a curl that trusts our certificate. */
static const char *run(const char *command)
{
    static char output[1024 * 1024];
    char port[16];
    char curl[256];
    ignore_int(snprintf(port, sizeof port, "%d", world.tls_port));
    ignore_int(setenv("T", port, 1));
    ignore_int(snprintf(port, sizeof port, "%d", world.port));
    ignore_int(setenv("P", port, 1));
    ignore_int(setenv("D", world.folder, 1));
    ignore_int(snprintf(curl, sizeof curl, "curl -s -m 20 -k"));
    ignore_int(setenv("C", curl, 1));
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t size = fread(output, 1, sizeof output - 1, pipe);
    output[size] = 0;
    int status = pclose(pipe);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fail_msg("%s\n -> %d: %s", command, status, output);
    }
    return output;
}

static bool has(const char *command)
{
    int status = system(command);
    if (status != 0) {
        print_message("left out, not installed: %s\n", command);
    }
    return status == 0;
}

#define HAS_CURL has("command -v curl >/dev/null")

static void curl_gets_the_same_over_every_protocol(void **state)
{
    (void)state;
    if (!HAS_CURL) {
        skip();
    }
    assert_string_equal(run("$C http://127.0.0.1:$P/"), "hello");
    assert_string_equal(run("$C --http1.1 https://127.0.0.1:$T/"), "hello");
    assert_string_equal(run("$C --http2 -w ' %{http_version}' https://127.0.0.1:$T/"), "hello 2");
    assert_string_equal(run("$C --http2 -o $D/got https://127.0.0.1:$T/file && cmp $D/got $D/file"),
                        "");
    assert_string_equal(run("$C --http2 --compressed https://127.0.0.1:$T/ -H 'Range: bytes=1-3'"),
                        "ell");
    assert_string_equal(run("$C --http2 -I https://127.0.0.1:$T/ | grep -c content-length"), "1\n");
    assert_string_equal(run("$C --http2 -w '%{http_code}' -H 'If-None-Match: \"h1\"' "
                            "https://127.0.0.1:$T/"),
                        "304");
}

static void curl_sends_bodies_over_every_protocol(void **state)
{
    (void)state;
    if (!HAS_CURL) {
        skip();
    }
    static const char *const protocols[] = {"--http1.1", "--http2"};
    for (size_t i = 0; i < COUNT_OF(protocols); i++) {
        ignore_int(setenv("V", protocols[i], 1));
        assert_string_equal(run("$C $V --data-binary @$D/chain.pem https://127.0.0.1:$T/echo "
                                "| cmp - $D/chain.pem"),
                            "");
        assert_non_null(strstr(run("$C $V -T $D/file https://127.0.0.1:$T/upload"), "300000 "));
        assert_string_equal(run("$C $V -o /dev/null -w '%{http_code}' --data-binary @$D/file "
                                "https://127.0.0.1:$T/echo"),
                            "413");
        assert_string_equal(run("$C $V -w '%{http_code}' https://127.0.0.1:$T/secret"), "403");
        assert_string_equal(run("$C $V -w '%{http_code}' -X TRACE https://127.0.0.1:$T/"), "405");
    }
}

static void nghttp_multiplexes(void **state)
{
    (void)state;
    if (!has("command -v nghttp >/dev/null")) {
        skip();
    }
    assert_string_equal(run("nghttp -m 10 https://127.0.0.1:$T/file 2>/dev/null | wc -c"),
                        "3000000\n");
    assert_string_equal(run("nghttp -v https://127.0.0.1:$T/ 2>/dev/null | grep -c ':status: 200'"),
                        "1\n");
}

static void openssl_finds_tls_1_3_and_nothing_older(void **state)
{
    (void)state;
    if (!has("command -v openssl >/dev/null")) {
        skip();
    }
    assert_non_null(strstr(run("openssl s_client -connect 127.0.0.1:$T -alpn h2 </dev/null 2>&1"),
                           "ALPN protocol: h2"));
    assert_null(
        strstr(run("openssl s_client -connect 127.0.0.1:$T -tls1_2 </dev/null 2>&1 || true"),
               "Cipher is ECDHE"));
}

/* Frames by hand: python-h2 would refuse to send most of them. */
static const char h2_script[] =
    "import os, socket, ssl, sys\n"
    "def frame(kind, flags, stream, payload=b''):\n"
    "    return len(payload).to_bytes(3, 'big') + bytes([kind, flags]) + "
    "stream.to_bytes(4, 'big') + payload\n"
    "def connect():\n"
    "    c = ssl.create_default_context(); c.check_hostname = False\n"
    "    c.verify_mode = ssl.CERT_NONE; c.set_alpn_protocols(['h2'])\n"
    "    s = c.wrap_socket(socket.create_connection(('127.0.0.1', int(os.environ['T']))))\n"
    "    s.settimeout(20)\n"
    "    s.sendall(b'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n' + frame(4, 0, 0))\n"
    "    return s\n"
    "def drain(s):\n"
    "    got = b''\n"
    "    try:\n"
    "        while True:\n"
    "            part = s.recv(65536)\n"
    "            if not part: return got\n"
    "            got += part\n"
    "    except OSError as e:\n"
    "        assert not isinstance(e, socket.timeout), 'not closed'\n"
    "        return got\n"
    "def attack(data):\n"
    "    s = connect()\n"
    "    try: s.sendall(data)\n"
    "    except OSError: pass\n"
    "    drain(s)\n"
    "get = b'\\x82\\x87\\x84\\x41\\x01a'\n";

static const char *run_h2(const char *body)
{
    static char script[8192];
    char path[128];
    ignore_int(snprintf(script, sizeof script, "%s%s", h2_script, body));
    ignore_int(snprintf(path, sizeof path, "%s/script.py", world.folder));
    struct why why;
    assert_int_equal(file_write(path, str_of(script), 0600, &why), OK);
    return run("/usr/bin/python3 $D/script.py");
}

static void cuts_every_known_flood_of_http2(void **state)
{
    (void)state;
    if (!has("test -x /usr/bin/python3")) {
        skip();
    }
    uint64_t before = world_look(&world).counters.refused[HTTP_REFUSED_FLOOD];
    run_h2("attack(b''.join(frame(1, 5, i, get) + frame(3, 0, i, b'\\0\\0\\0\\x08') "
           "for i in range(1, 2001, 2)))\n"); /* rapid reset */
    run_h2("attack(frame(6, 0, 0, b'12345678') * 1000)\n");
    run_h2("attack(frame(4, 0, 0) * 1000)\n");
    run_h2("attack(frame(1, 4, 1, b'\\x83\\x87\\x84\\x41\\x01a') + frame(0, 0, 1) * 1000)\n");
    run_h2("attack(frame(2, 0, 1, b'\\0\\0\\0\\0\\x01') * 1000)\n");
    run_h2("attack(frame(1, 1, 1, get) + frame(9, 0, 1, b'') * 2000)\n"); /* CONTINUATION */
    assert_true(world_look(&world).counters.refused[HTTP_REFUSED_FLOOD] - before >= 4);
    assert_status(client_ask(&world, GET("/")), 200);
}

static void refuses_malformed_http2(void **state)
{
    (void)state;
    if (!has("test -x /usr/bin/python3")) {
        skip();
    }
    static const char *const attacks[] = {
        "frame(1, 5, 2, get)",                             /* even stream */
        "frame(0, 1, 1, b'x')",                            /* data of no stream */
        "frame(1, 5, 1, b'\\xff' * 20)",                   /* broken compression */
        "frame(8, 0, 0, b'\\0\\0\\0\\0')",                 /* a window of 0 */
        "frame(4, 0, 0, b'123')",                          /* half a setting */
        "frame(1, 5, 1, get) + frame(1, 5, 1, get)",       /* headers after the end */
        "frame(5, 4, 1, b'\\0\\0\\0\\x02')",               /* a push from a client */
        "b'\\xff\\xff\\xff' + b'\\0' * 6 + b'x' * 100000", /* a frame too large */
    };
    for (size_t i = 0; i < COUNT_OF(attacks); i++) {
        char script[512];
        ignore_int(snprintf(script, sizeof script, "attack(%s)\n", attacks[i]));
        run_h2(script);
    }
    assert_true(world_look(&world).counters.requests_open == 0);
}

static void python_h2_meets_the_limits(void **state)
{
    (void)state;
    if (!has("/usr/bin/python3 -c 'import h2' 2>/dev/null")) {
        skip();
    }
    const char *said = run_h2(
        "import h2.connection, h2.events, h2.config\n"
        "c = ssl.create_default_context(); c.check_hostname = False\n"
        "c.verify_mode = ssl.CERT_NONE; c.set_alpn_protocols(['h2'])\n"
        "s = c.wrap_socket(socket.create_connection(('127.0.0.1', int(os.environ['T']))))\n"
        "f = h2.config.H2Configuration(validate_outbound_headers=False)\n"
        "h = h2.connection.H2Connection(f); h.initiate_connection(); s.sendall(h.data_to_send())\n"
        "base = [(':method', 'GET'), (':scheme', 'https'), (':authority', 'a')]\n"
        "asked = {1: '/', 3: '/../x', 5: '/nowhere', 7: '/ws'}\n"
        "for i, p in asked.items(): h.send_headers(i, base + [(':path', p)], end_stream=True)\n"
        "h.send_headers(9, base + [(':path', '/'), ('host', 'b')], end_stream=True)\n"
        "h.send_headers(11, base + [(':path', '/'), ('x', 'y' * 17000)], end_stream=True)\n"
        "s.sendall(h.data_to_send())\n"
        "done = {}\n"
        "while len(done) < 6:\n"
        "    for e in h.receive_data(s.recv(65536)):\n"
        "        if isinstance(e, h2.events.ResponseReceived):\n"
        "            done[e.stream_id] = dict(e.headers)[b':status'].decode()\n"
        "        if isinstance(e, h2.events.RemoteSettingsChanged):\n"
        "            print(h.remote_settings.max_concurrent_streams, end=' ')\n"
        "    s.sendall(h.data_to_send())\n"
        "print(*[done[i] for i in sorted(done)])\n");
    assert_string_equal(said, "10 200 400 200 400 400 431\n");
}

static void python_websockets_talks_over_tls(void **state)
{
    (void)state;
    if (!has("/usr/bin/python3 -c 'import websockets' 2>/dev/null")) {
        skip();
    }
    const char *said =
        run_h2("import asyncio, websockets\n"
               "async def main():\n"
               "    c = ssl.create_default_context(); c.check_hostname = False\n"
               "    c.verify_mode = ssl.CERT_NONE\n"
               "    url = 'wss://127.0.0.1:' + os.environ['T'] + '/ws/loa'\n"
               "    async with websockets.connect(url, ssl=c, subprotocols=['loa']) as w:\n"
               "        print(w.subprotocol, w.extensions, end=' ')\n"
               "        await w.send('x' * 100000); assert await w.recv() == 'x' * 100000\n"
               "        await w.send(['frag', 'ments']); print(await w.recv(), end=' ')\n"
               "        await (await w.ping())\n"
               "        await w.send('close'); await w.wait_closed(); print(w.close_code)\n"
               "asyncio.run(main())\n");
    assert_string_equal(said, "loa [] fragments 4000\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curl_gets_the_same_over_every_protocol),
        cmocka_unit_test(curl_sends_bodies_over_every_protocol),
        cmocka_unit_test(nghttp_multiplexes),
        cmocka_unit_test(openssl_finds_tls_1_3_and_nothing_older),
        cmocka_unit_test(cuts_every_known_flood_of_http2),
        cmocka_unit_test(refuses_malformed_http2),
        cmocka_unit_test(python_h2_meets_the_limits),
        cmocka_unit_test(python_websockets_talks_over_tls),
    };
    return cmocka_run_group_tests_name("loop: clients", tests, begin, end);
}

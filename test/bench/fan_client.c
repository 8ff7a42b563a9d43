/* Many subscribers and one publisher, for the measurement of fan-out: the same client for our
 * server, for nchan, Mosquitto and the bare floor, each with its own protocol.
 *
 *     fan_client KIND PORT tls|plain COUNT ROUNDS PID [SUBSCRIBE-PATH PUBLISH-PATH]
 *
 * KIND: ws (WebSockets, published with POST), mqtt (MQTT 5, QoS 0), raw (bytes as they are).
 * Connects, prints "open" and waits for a line on its input; then publishes a message of 200 bytes,
 * reads the clock when each subscriber has seen it, and prints for each round the milliseconds to
 * the last one, at the end the microseconds of processor time of process PID for each delivery. */
#include "base/base.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGE = 200, SOURCES = 8, EVENTS = 1024, PATIENCE_MS = 20000, PAUSE_MS = 300 };

enum kind { KIND_WS, KIND_MQTT, KIND_RAW };

struct line {
    int fd;
    SSL *ssl;
    uint32_t round; /* the last that was seen */
};

static struct client {
    enum kind kind;
    int port;
    bool tls;
    size_t count;
    uint32_t rounds;
    const char *pid;
    const char *subscribe;
    const char *publish;
    SSL_CTX *context;
    struct line *lines;
    struct line publisher;
    int epoll;
} client;

static void give_up(const char *what)
{
    fprintf(stderr, "fan_client: %s\n", what);
    exit(1);
}

/* --- a line
 * ---------------------------------------------------------------------------------------
 */

static void say(const struct line *line, const void *bytes, size_t size)
{
    ssize_t count = line->ssl != NULL ? SSL_write(line->ssl, bytes, (int)size)
                                      : send(line->fd, bytes, size, MSG_NOSIGNAL);
    if (count != (ssize_t)size) {
        give_up("a line takes no bytes");
    }
}

static ssize_t hear(const struct line *line, void *into, size_t size)
{
    return line->ssl != NULL ? SSL_read(line->ssl, into, (int)size) : recv(line->fd, into, size, 0);
}

/* While connecting: acknowledges at once, since some servers wait for it before they say more. */
static ssize_t hear_answer(const struct line *line, void *into, size_t size)
{
    int on = 1;
    ignore_int(setsockopt(line->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on));
    return hear(line, into, size);
}

static void open_line(struct line *line, size_t number)
{
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr =
                                   htonl(INADDR_LOOPBACK + (uint32_t)(number % SOURCES))};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)client.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ignore_int(setsockopt(line->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on));
    ignore_int(setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    if (bind(line->fd, (struct sockaddr *)&from, sizeof from) != 0 ||
        connect(line->fd, (struct sockaddr *)&to, sizeof to) != 0) {
        give_up("cannot connect");
    }
    if (client.tls) {
        line->ssl = SSL_new(client.context);
        if (SSL_set_fd(line->ssl, line->fd) != 1 || SSL_connect(line->ssl) != 1) {
            give_up("no TLS");
        }
    }
}

/* --- the protocols
 * --------------------------------------------------------------------------------
 */

static void upgrade(const struct line *line)
{
    char text[2048];
    int length = snprintf(text, sizeof text,
                          "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                          client.subscribe);
    say(line, text, (size_t)length);
    size_t size = 0;
    do {
        ssize_t count = hear_answer(line, text + size, sizeof text - 1 - size);
        if (count <= 0) {
            give_up("no WebSocket");
        }
        size += (size_t)count;
        text[size] = 0;
    } while (strstr(text, "\r\n\r\n") == NULL);
    if (strncmp(text, "HTTP/1.1 101", 12) != 0) {
        give_up("refused the WebSocket");
    }
}

/* CONNECT and, for a subscriber, SUBSCRIBE behind it at once. */
static void mqtt_begin(const struct line *line, size_t number, bool subscribes)
{
    static const uint8_t subscribe_packet[] = {0x82, 7, 0, 1, 0, 0, 1, 'a', 0};
    uint8_t packet[64] = {0x10, 21,   0,    4,    'M', 'Q', 'T', 'T',
                          5,    0x02, 0x00, 0x00, 0,   0,   8}; /* clean start, no keep-alive */
    uint8_t answer[256];
    size_t size = 23;
    size_t heard = 0;
    ignore_int(snprintf((char *)packet + 15, 9, "%08zu", number));
    if (subscribes) {
        memcpy(packet + size, subscribe_packet, sizeof subscribe_packet);
        size += sizeof subscribe_packet;
    }
    say(line, packet, size);
    do {
        ssize_t count = hear_answer(line, answer + heard, sizeof answer - heard);
        if (count <= 0 || answer[0] != 0x20) {
            give_up("no MQTT");
        }
        heard += (size_t)count;
    } while (subscribes && heard < (size_t)answer[1] + 2 + 6);
}

static void subscribe(struct line *line, size_t number)
{
    open_line(line, number);
    switch (client.kind) {
    case KIND_WS:
        upgrade(line);
        break;
    case KIND_MQTT:
        mqtt_begin(line, number, true);
        break;
    case KIND_RAW:
        say(line, "S", 1);
        break;
    }
}

static void publish(uint32_t round)
{
    char text[1024];
    char message[MESSAGE + 1];
    int head = 0;
    memset(message, '.', MESSAGE);
    ignore_int(snprintf(message, 17, "LOAMARK:%08u", round));
    message[16] = '.';
    switch (client.kind) {
    case KIND_WS:
        head = snprintf(text, sizeof text,
                        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                        "Content-Length: %d\r\n\r\n",
                        client.publish, MESSAGE);
        break;
    case KIND_MQTT: /* remaining length 204 in two bytes, topic "a", no properties */
        memcpy(text,
               "\x30\xcc\x01\x00\x01"
               "a\x00",
               7);
        head = 7;
        break;
    case KIND_RAW:
        text[0] = 'P';
        head = 1;
        break;
    }
    memcpy(text + head, message, MESSAGE);
    say(&client.publisher, text, (size_t)head + MESSAGE);
}

/* --- a round
 * --------------------------------------------------------------------------------------
 */

/* Whether this line has now seen the round for the first time. */
static bool look(struct line *line, uint32_t round)
{
    char bytes[4096];
    char mark[17];
    ssize_t count = hear(line, bytes, sizeof bytes);
    if (count <= 0) {
        give_up("a line has ended");
    }
    if (line->round == round) {
        return false;
    }
    ignore_int(snprintf(mark, sizeof mark, "LOAMARK:%08u", round));
    if (memmem(bytes, (size_t)count, mark, 16) == NULL) {
        return false;
    }
    line->round = round;
    return true;
}

/* Milliseconds until the last has seen it. */
static double run_round(uint32_t round)
{
    static struct epoll_event events[EVENTS];
    size_t seen = 0;
    usec begun = now_steady();
    publish(round);
    while (seen < client.count) {
        int count = epoll_wait(client.epoll, events, EVENTS, PATIENCE_MS);
        if (count <= 0) {
            give_up("a message was lost");
        }
        for (int i = 0; i < count; i++) {
            seen += look(events[i].data.ptr, round);
        }
    }
    return (double)(now_steady() - begun) / 1000;
}

/* Pings and late words; what the publisher is answered stays unread. */
static void rest(void)
{
    struct epoll_event event;
    usec end = now_steady() + PAUSE_MS * (usec)1000;
    while (now_steady() < end) {
        if (epoll_wait(client.epoll, &event, 1, PAUSE_MS) > 0) {
            ignore_int(look(event.data.ptr, 0));
        }
    }
}

/* Nanoseconds on the processor of all threads of the server. */
static uint64_t used_by_server(void)
{
    char path[300];
    uint64_t sum = 0;
    ignore_int(snprintf(path, sizeof path, "/proc/%s/task", client.pid));
    DIR *folder = opendir(path);
    for (struct dirent *at = folder == NULL ? NULL : readdir(folder); at != NULL;
         at = readdir(folder)) {
        char text[64] = "";
        uint64_t used;
        ignore_int(
            snprintf(path, sizeof path, "/proc/%s/task/%.20s/schedstat", client.pid, at->d_name));
        FILE *file = at->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (file != NULL) {
            text[fread(text, 1, sizeof text - 1, file)] = 0;
            fclose(file);
            sum += str_to_u64((str){text, strcspn(text, " ")}, &used) ? used : 0;
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return sum;
}

/* --- beginning
 * ------------------------------------------------------------------------------------
 */

static void raise_limit(void)
{
    struct rlimit files = {.rlim_cur = client.count + 100, .rlim_max = client.count + 100};
    struct rlimit now;
    if (getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur < files.rlim_cur) {
        ignore_int(setrlimit(RLIMIT_NOFILE, &files));
    }
}

static void connect_all(void)
{
    client.context = SSL_CTX_new(TLS_client_method());
    ignore_int(SSL_CTX_set_min_proto_version(client.context, TLS1_3_VERSION));
    ignore_int(SSL_CTX_set_mode(client.context, SSL_MODE_RELEASE_BUFFERS));
    ignore_int(SSL_CTX_set_session_cache_mode(client.context, SSL_SESS_CACHE_OFF));
    client.epoll = epoll_create1(EPOLL_CLOEXEC);
    client.lines = mem_take_array(client.count, sizeof *client.lines);
    for (size_t i = 0; i < client.count; i++) {
        struct line *line = &client.lines[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
        subscribe(line, i);
        ignore_int(epoll_ctl(client.epoll, EPOLL_CTL_ADD, line->fd, &event));
    }
    open_line(&client.publisher, 0);
    if (client.kind == KIND_MQTT) {
        mqtt_begin(&client.publisher, client.count, false);
    }
}

static bool read_words(int argc, char **argv)
{
    static const char *const kinds[] = {"ws", "mqtt", "raw"};
    uint64_t numbers[3];
    if (argc < 7 || !str_to_u64(str_of(argv[2]), &numbers[0]) ||
        !str_to_u64(str_of(argv[4]), &numbers[1]) || !str_to_u64(str_of(argv[5]), &numbers[2]) ||
        numbers[1] == 0 || numbers[1] > 20000) {
        return false;
    }
    client.port = (int)numbers[0];
    client.tls = strcmp(argv[3], "tls") == 0;
    client.count = (size_t)numbers[1];
    client.rounds = (uint32_t)numbers[2];
    client.pid = argv[6];
    client.subscribe = argc > 7 ? argv[7] : "/";
    client.publish = argc > 8 ? argv[8] : "/";
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(argv[1], kinds[i]) == 0) {
            client.kind = (enum kind)i;
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        return 77; /* started by the bench runner: it is no measurement itself */
    }
    if (!read_words(argc, argv)) {
        return 2;
    }
    raise_limit();
    connect_all();
    puts("open");
    fflush(stdout);
    if (getchar() == EOF) {
        return 0;
    }
    uint64_t before = 0;
    for (uint32_t round = 0; round <= client.rounds; round++) {
        double took = run_round(round + 1);
        if (round > 0) {
            printf("%.2f\n", took);
            fflush(stdout);
        } else {
            before = used_by_server(); /* the first round warms up */
        }
        rest();
    }
    printf("cpu %.3f\n",
           (double)(used_by_server() - before) / 1000 / (double)(client.rounds * client.count));
    return 0;
}

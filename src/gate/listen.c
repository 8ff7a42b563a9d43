/* "Listen to this pole": the device is asked once for what goes to its loudspeaker, and everybody
 * who listens gets his own Ogg stream of the same packets. The last one who leaves ends it. */
#include "base/log.h"
#include "gate/gate_inside.h"
#include "live/ogg_page.h"

enum {
    STREAMS = 8, /* who listen to one device */
    LISTEN_MS = 600000,
    BITRATE = 16000,
    PAGE_MOST = 32 * 1024,
    WAITING_MOST = 64 * 1024, /* a listener who lags further behind is cut */
    LISTENINGS_MOST = 64,     /* devices that are listened to at a time */
};

struct stream {
    struct listening *listening;
    http_id id;
    struct ogg_stream ogg;
    bool is_open;
};

struct listening {
    struct gate *gate;
    struct listening *next;
    struct session_id session;
    uint8_t tag;
    size_t open;
    struct stream streams[STREAMS];
};

static void refuse(struct gate *gate, http_id id, int status)
{
    struct http_answer answer = {.status = status};
    ignore(http_answer_send(gate->config.http, id, &answer, NULL));
}

static void ask_device(struct gate_session *session, uint8_t tag, uint64_t ms)
{
    struct wire_said said = {.kind = WIRE_LISTEN,
                             .listen = {.tag = tag, .ms = ms, .bitrate = BITRATE}};
    ignore(session_say(session, &said));
}

static void unlink_listening(struct gate *gate, struct listening *listening)
{
    struct listening **at = &gate->listening;
    while (*at != listening) {
        at = &(*at)->next;
    }
    *at = listening->next;
    mem_give(listening);
}

static void end_listening(struct listening *listening)
{
    struct gate *gate = listening->gate;
    struct gate_session *session = session_of(gate, listening->session);
    if (session != NULL) {
        session->listening = NULL;
        if (session->stage == SESSION_ATTACHED) {
            ask_device(session, listening->tag, 0);
        }
    }
    unlink_listening(gate, listening);
}

static void on_stream_close(void *ctx, http_id id)
{
    struct stream *stream = ctx;
    struct listening *listening = stream->listening;
    (void)id;
    stream->is_open = false;
    listening->gate->counters.listeners--;
    if (--listening->open == 0) {
        end_listening(listening);
    }
}

/* --- sound ----------------------------------------------------------------------------------- */

static errc send_page(struct stream *stream, str bytes)
{
    struct http_server *http = stream->listening->gate->config.http;
    struct http_message *message = NULL;
    TRY(http_message_create(bytes, &message));
    errc rc = http_stream_waiting(http, stream->id) > WAITING_MOST
                  ? OK /* a gap is better than an ever longer delay */
                  : http_stream_send(http, stream->id, message);
    http_message_release(message);
    return rc;
}

static void send_packets(struct stream *stream, const struct wire_sound *sound)
{
    AUTO(buf_finish) struct buf page;
    buf_init(&page, PAGE_MOST);
    ogg_write_packets(&stream->ogg, sound->packets.at, sound->packets.count, false, &page);
    if (buf_check(&page) == OK) {
        ignore(send_page(stream, buf_str(&page))); /* who is cut says so by on_stream_close */
    }
}

static bool is_sane(const struct wire_sound *sound)
{
    for (size_t i = 0; i < sound->packets.count; i++) {
        if (sound->packets.at[i].len == 0 || sound->packets.at[i].len > OGG_PACKET_MOST) {
            return false;
        }
    }
    return sound->packets.count <= OGG_PACKETS_MOST;
}

static void close_all(struct listening *listening)
{
    struct gate *gate = listening->gate;
    for (size_t i = 0; i < STREAMS; i++) {
        struct stream *stream = &listening->streams[i];
        if (stream->is_open) {
            stream->is_open = false;
            gate->counters.listeners--;
            http_stream_close(gate->config.http, stream->id);
        }
    }
    listening->open = 0;
}

void listen_take(struct gate_session *session, const struct wire_sound *sound)
{
    struct listening *listening = session->listening;
    if (listening == NULL || sound->tag != listening->tag) {
        return; /* it had not yet heard that nobody listens any more */
    }
    if (!is_sane(sound)) {
        session_lies(session, 0, "sound that is none");
        return;
    }
    if (sound->packets.count == 0) {
        close_all(listening);
        end_listening(listening);
        return;
    }
    for (size_t i = 0; i < STREAMS; i++) {
        if (listening->streams[i].is_open) {
            send_packets(&listening->streams[i], sound);
        }
    }
}

void listen_leave(struct gate_session *session)
{
    struct listening *listening = session->listening;
    if (listening != NULL) {
        session->listening = NULL;
        close_all(listening);
        unlink_listening(session->gate, listening);
    }
}

void listen_destroy(struct gate *gate)
{
    while (gate->listening != NULL) {
        struct listening *listening = gate->listening;
        gate->listening = listening->next;
        mem_give(listening);
    }
}

/* --- who wants to listen --------------------------------------------------------------------- */

static struct listening *listening_of(struct gate_session *session)
{
    struct gate *gate = session->gate;
    size_t count = 0;
    if (session->listening != NULL) {
        return session->listening;
    }
    for (const struct listening *at = gate->listening; at != NULL; at = at->next) {
        count++;
    }
    if (count >= LISTENINGS_MOST) {
        return NULL;
    }
    struct listening *listening = mem_take(sizeof *listening);
    listening->gate = gate;
    listening->session = session->id;
    listening->tag = (uint8_t)(gate->listen_tag % 255 + 1);
    gate->listen_tag = listening->tag;
    listening->next = gate->listening;
    gate->listening = listening;
    session->listening = listening;
    return listening;
}

static struct stream *free_stream(struct listening *listening)
{
    for (size_t i = 0; listening != NULL && i < STREAMS; i++) {
        if (!listening->streams[i].is_open) {
            return &listening->streams[i];
        }
    }
    return NULL;
}

static errc open_stream(struct stream *stream, http_id request)
{
    struct gate *gate = stream->listening->gate;
    const struct http_header headers[] = {{S("Cache-Control"), S("no-store")},
                                          {S("X-Content-Type-Options"), S("nosniff")}};
    struct http_stream_config config = {
        .type = S("audio/ogg"),
        .headers = headers,
        .header_count = COUNT_OF(headers),
        .stream = {.ctx = stream, .on_close = on_stream_close},
    };
    AUTO(buf_finish) struct buf head;
    buf_init(&head, PAGE_MOST);
    stream->ogg = (struct ogg_stream){.serial = (uint32_t)entropy_u64(gate->config.entropy)};
    stream->id = request;
    TRY(http_stream_open(gate->config.http, request, &config, NULL));
    stream->is_open = true;
    stream->listening->open++;
    gate->counters.listeners++;
    ogg_write_head(&stream->ogg, &head);
    return buf_check(&head) == OK ? send_page(stream, buf_str(&head)) : ERR_NO_MEMORY;
}

void gate_listen(struct gate *gate, int64_t device, http_id request)
{
    struct gate_session *session = session_of_device(gate, device);
    if (session == NULL || session->stage != SESSION_ATTACHED) {
        refuse(gate, request, 409); /* not attached here */
        return;
    }
    struct listening *listening = listening_of(session);
    struct stream *stream = free_stream(listening);
    if (stream == NULL) {
        refuse(gate, request, 503);
        return;
    }
    stream->listening = listening;
    bool first = listening->open == 0;
    errc rc = open_stream(stream, request);
    if (listening->open == 0) {
        end_listening(listening);
    } else if (first && rc == OK) {
        ask_device(session, listening->tag, LISTEN_MS);
    }
}

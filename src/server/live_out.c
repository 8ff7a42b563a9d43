/* The public listens: one Ogg stream for all, whose pages are built once. Who comes gets the two
 * heads and the last pages, so that his player begins at once; who lags too far behind misses some.
 */
#include "live/segments.h"
#include "loop/loop.h"
#include "server/live_inside.h"

enum {
    PAGE_MOST = 32 * 1024,
    WAITING_MOST = 96 * 1024, /* bytes of one listener that have not left */
};

void live_out_refuse(struct live_hub *hub, http_id request, int status)
{
    struct http_answer answer = {.status = status};
    ignore(http_answer_send(hub->config.http, request, &answer, NULL));
}

/* --- pages ------------------------------------------------------------------------------------ */

static void send_page(struct running *run, struct http_message *message)
{
    struct http_server *http = run->hub->config.http;
    for (size_t i = run->listener_count; i-- > 0;) {
        http_id id = run->listeners[i];
        if (http_stream_waiting(http, id) < WAITING_MOST) {
            ignore(http_stream_send(http, id, message)); /* who is cut says so by on_close */
        }
    }
}

static void keep_page(struct running *run, struct http_message *message)
{
    http_message_release(run->kept[0]);
    for (size_t i = 1; i < PAGES_KEPT; i++) {
        run->kept[i - 1] = run->kept[i];
    }
    run->kept[PAGES_KEPT - 1] = message;
}

static void end_page(struct running *run)
{
    AUTO(buf_finish) struct buf page;
    struct http_message *message = NULL;
    str packets[PAGE_PACKETS];
    for (size_t i = 0; i < run->packet_count; i++) {
        packets[i] = (str){run->packets[i], run->packet_sizes[i]};
    }
    buf_init(&page, PAGE_MOST);
    ogg_write_packets(&run->pages, packets, run->packet_count, false, &page);
    run->packet_count = 0;
    if (buf_check(&page) == OK && http_message_create(buf_str(&page), &message) == OK) {
        send_page(run, message);
        keep_page(run, message);
    }
}

void live_out_packet(struct running *run, str packet)
{
    if (!run->is_public && run->listener_count == 0) {
        return;
    }
    memcpy(run->packets[run->packet_count], packet.at, packet.len);
    run->packet_sizes[run->packet_count++] = (uint16_t)packet.len;
    if (run->packet_count == PAGE_PACKETS) {
        end_page(run);
    }
    if (run->segments != NULL) {
        segments_take(run->segments, packet);
    }
}

/* --- who listens ------------------------------------------------------------------------------ */

static void on_close(void *ctx, http_id id)
{
    struct live_hub *hub = ctx;
    for (struct running *run = hub->first; run != NULL; run = run->next) {
        for (size_t i = 0; i < run->listener_count; i++) {
            if (http_id_is(run->listeners[i], id)) {
                run->listener_count--;
                run->listeners[i] = run->listeners[run->listener_count];
                hub->listeners--;
                return;
            }
        }
    }
}

static void add_listener(struct running *run, http_id id)
{
    if (run->listener_count == run->listener_room) {
        size_t room = run->listener_room == 0 ? 16 : run->listener_room * 2;
        http_id *listeners = mem_take(room * sizeof *listeners);
        for (size_t i = 0; i < run->listener_count; i++) {
            listeners[i] = run->listeners[i];
        }
        mem_give(run->listeners);
        run->listeners = listeners;
        run->listener_room = room;
    }
    run->listeners[run->listener_count++] = id;
    run->hub->listeners++;
}

static void send_head(struct running *run, http_id id)
{
    AUTO(buf_finish) struct buf head;
    struct http_message *message = NULL;
    struct http_server *http = run->hub->config.http;
    struct ogg_stream first = {.serial = run->pages.serial};
    buf_init(&head, PAGE_MOST);
    ogg_write_head(&first, &head);
    if (buf_check(&head) == OK && http_message_create(buf_str(&head), &message) == OK) {
        ignore(http_stream_send(http, id, message));
        http_message_release(message);
    }
    for (size_t i = 0; i < PAGES_KEPT; i++) {
        if (run->kept[i] != NULL) {
            ignore(http_stream_send(http, id, run->kept[i]));
        }
    }
}

static void listen_to(struct running *run, http_id request)
{
    struct live_hub *hub = run->hub;
    const struct http_header headers[] = {{S("X-Content-Type-Options"), S("nosniff")},
                                          {S("Access-Control-Allow-Origin"), S("*")}};
    struct http_stream_config config = {
        .type = S("audio/ogg"),
        .headers = headers,
        .header_count = COUNT_OF(headers),
        .stream = {.ctx = hub, .on_close = on_close},
    };
    if (hub->listeners >= LISTENERS_MOST) {
        live_out_refuse(hub, request, 503);
        return;
    }
    if (http_stream_open(hub->config.http, request, &config, NULL) == OK) {
        add_listener(run, request);
        send_head(run, request);
    }
}

void live_hub_listen(struct live_hub *hub, int64_t live, http_id request)
{
    struct running *run = running_of(hub, live);
    if (run == NULL) {
        live_out_refuse(hub, request, 404);
    } else {
        listen_to(run, request);
    }
}

void live_out_close(struct running *run)
{
    struct live_hub *hub = run->hub;
    while (run->listener_count > 0) {
        http_id id = run->listeners[--run->listener_count];
        hub->listeners--;
        http_stream_close(hub->config.http, id);
    }
    for (size_t i = 0; i < PAGES_KEPT; i++) {
        http_message_release(run->kept[i]);
        run->kept[i] = NULL;
    }
    segments_destroy(run->segments);
    run->segments = NULL;
}

/* --- addresses -------------------------------------------------------------------------------- */

static void answer_file(struct running *run, http_id request, str name)
{
    const struct http_header headers[] = {{S("Cache-Control"), S("no-store")},
                                          {S("X-Content-Type-Options"), S("nosniff")},
                                          {S("Access-Control-Allow-Origin"), S("*")}};
    AUTO(buf_finish) struct buf body;
    str type = STR_NONE;
    buf_init(&body, 1024 * 1024);
    if (run->segments == NULL) {
        run->segments = segments_create(run->pages.serial);
    }
    if (!segments_file(run->segments, name, &body, &type)) {
        live_out_refuse(run->hub, request, 404);
        return;
    }
    struct http_answer answer = {
        .status = 200,
        .body = HTTP_BYTES,
        .bytes = buf_str(&body),
        .type = type,
        .headers = headers,
        .header_count = COUNT_OF(headers),
    };
    ignore(http_answer_send(run->hub->config.http, request, &answer, NULL));
}

/* /live/7.ogg, /live/7/index.m3u8, /live/7/init.mp4, /live/7/12.m4s */
void live_out_request(struct live_hub *hub, struct http_request *request)
{
    str path = http_request_path(request);
    http_id id = http_request_id(request);
    str file = STR_NONE;
    str name = str_split(str_cut(path, S("/live/").len, path.len), '/', &file);
    bool ogg = file.at == NULL && str_ends(name, S(".ogg"));
    int64_t live = 0;
    str number = ogg ? str_cut(name, 0, name.len - 4) : name;
    struct running *run = str_to_i64(number, &live) ? running_of(hub, live) : NULL;
    if (run == NULL || !run->is_public || (!ogg && file.at == NULL)) {
        live_out_refuse(hub, id, 404);
    } else if (ogg) {
        listen_to(run, id);
    } else {
        answer_file(run, id, file);
    }
}

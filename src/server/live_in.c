/* The page with the microphone: its frames, its questions for the time, its end. */
#include "live/in_frame.h"
#include "loop/loop.h"
#include "server/live_inside.h"

enum { CLOSE_NONSENSE = 4003, ROOM = 64 };

/* A WebSocket across turns: the live may be gone, or another page may speak. */
struct page {
    struct live_hub *hub;
    int64_t live;
};

static struct running *run_of(const struct page *page, http_id id)
{
    struct running *run = running_of(page->hub, page->live);
    return run != NULL && run->has_page && http_id_is(run->page, id) ? run : NULL;
}

static void answer_time(struct live_hub *hub, http_id id, int64_t t1)
{
    char text[ROOM];
    int length = snprintf(text, sizeof text, "{\"t1\":%lld,\"t2\":%lld}", (long long)t1,
                          (long long)now_utc());
    ignore(ws_send(hub->config.http, id, WS_TEXT, (str){text, (size_t)length}));
}

static void take_frame(struct running *run, str payload)
{
    struct in_frame frame;
    usec now = now_utc();
    if (in_frame_read(payload, &frame) != OK ||
        live_stream_take(run->stream, frame.stamp, now, frame.packets, frame.count) != OK) {
        live_in_close(run, CLOSE_NONSENSE);
        running_lost(run);
        return;
    }
    if (frame.count == 0) {
        live_stream_pause(run->stream);
        live_stream_sender(run->stream, LIVE_STAMPED);
        running_stand(run, run->standing == LIVE_IS_WAITING ? LIVE_IS_WAITING : LIVE_IS_PAUSED);
        return;
    }
    run->last_at = now_steady();
    if (run->begun_at == 0) {
        run->begun_at = now;
        live_job_begun(run->hub, run->id);
    }
    running_stand(run, LIVE_IS_ON_AIR);
}

static void on_message(void *ctx, http_id id, enum ws_kind kind, str payload)
{
    const struct page *page = ctx;
    struct running *run = run_of(page, id);
    int64_t t1 = 0;
    if (run == NULL) {
        return;
    }
    if (kind == WS_BINARY) {
        take_frame(run, payload);
    } else if (in_time_read(payload, &t1)) {
        answer_time(run->hub, id, t1);
    }
}

static void on_close(void *ctx, http_id id, int code)
{
    struct page *page = ctx;
    struct running *run = run_of(page, id);
    (void)code;
    if (run != NULL) {
        run->has_page = false;
        running_lost(run);
    }
    mem_give(page);
}

void live_in_close(struct running *run, int code)
{
    if (run->has_page) {
        run->has_page = false;
        ws_close(run->hub->config.http, run->page, code, STR_NONE);
    }
}

void live_hub_speak(struct live_hub *hub, const struct live *live, http_id request)
{
    struct http_request *asked = http_request_of(hub->config.http, request);
    if (asked != NULL && http_request_header(asked, S("upgrade")).at == NULL) {
        live_out_refuse(hub, request, 426);
        return;
    }
    struct running *run = running_open(hub, live);
    if (run == NULL) {
        live_out_refuse(hub, request, 503);
        return;
    }
    struct page *page = mem_take(sizeof *page);
    *page = (struct page){hub, live->id};
    struct ws_handler handler = {.ctx = page, .on_message = on_message, .on_close = on_close};
    if (ws_accept(hub->config.http, request, &handler, STR_NONE, NULL) != OK) {
        mem_give(page);
        return;
    }
    running_take_floor(run, LIVE_STAMPED);
    run->has_page = true;
    run->page = request;
}

#include "server/live_hub.h"

#include "base/log.h"
#include "loop/loop.h"
#include "server/live_inside.h"

#define TICK USEC_SECOND
#define PACE (20 * (usec)1000)
#define QUIET_MOST (3 * USEC_SECOND) /* of a sender who is there and says nothing */

static void on_tick(void *ctx);

struct live_hub *live_hub_create(const struct live_hub_config *config)
{
    struct live_hub *hub = mem_take(sizeof *hub);
    hub->config = *config;
    hub->gate = config->gate;
    hub->board = config->board;
    hub->tick = loop_timer_start(config->loop, TICK, TICK, on_tick, hub);
    live_keep_recover(hub);
    live_job_read(hub);
    return hub;
}

struct running *running_of(struct live_hub *hub, int64_t live)
{
    struct running *run = hub->first;
    while (run != NULL && run->id != live) {
        run = run->next;
    }
    return run;
}

struct running *running_of_number(struct live_hub *hub, uint64_t number)
{
    struct running *run = hub->first;
    while (run != NULL && run->number != number) {
        run = run->next;
    }
    return run;
}

/* --- packets ---------------------------------------------------------------------------------- */

static void on_packet(void *ctx, uint64_t index, usec at, str packet)
{
    struct running *run = ctx;
    (void)index;
    (void)at;
    live_level_take(run->level, packet);
    live_out_packet(run, packet);
    live_keep_packet(run, packet);
}

static void on_bundle(void *ctx, const struct live_bundle *bundle)
{
    const struct running *run = ctx;
    gate_live_send(run->hub->gate, run->number, bundle);
}

static enum live_state state_of(enum live_standing standing)
{
    switch (standing) {
    case LIVE_IS_WAITING:
        return LIVE_WAITS;
    case LIVE_IS_ON_AIR:
    case LIVE_IS_LOST: /* nobody says why it is silent: loudspeakers say that it is */
        return LIVE_FLOWS;
    case LIVE_IS_PAUSED:
        return LIVE_PAUSED;
    case LIVE_IS_OVER:
        break;
    }
    return LIVE_ENDED;
}

static void show(struct running *run)
{
    struct live_stream_view view;
    struct gate_live_view gate;
    if (run->id == 0) {
        return;
    }
    live_stream_look(run->stream, &view);
    gate_live_look(run->hub->gate, run->number, &gate);
    run->now.standing = run->standing;
    run->now.devices = (int64_t)gate.devices;
    run->now.delay_ms = (int64_t)gate.delay_ms;
    run->now.listeners = (int64_t)run->listener_count;
    run->now.gone = (int64_t)view.gone;
    live_board_set(run->hub->board, run->id, &run->now);
}

void running_stand(struct running *run, enum live_standing standing)
{
    if (run->standing == standing) {
        return;
    }
    run->standing = standing;
    gate_live_state(run->hub->gate, run->number, state_of(standing));
    show(run);
}

static void heard(struct running *run)
{
    run->last_at = now_steady();
    if (run->begun_at == 0) {
        run->begun_at = now_utc();
        if (run->id != 0) {
            live_job_begun(run->hub, run->id);
        }
    }
    running_stand(run, LIVE_IS_ON_AIR);
}

void running_packet(void *ctx, str packet)
{
    struct running *run = ctx;
    if (live_stream_take(run->stream, 0, now_utc(), &packet, 1) != OK) {
        run->is_nonsense = true;
        return;
    }
    heard(run);
}

/* --- coming and going ------------------------------------------------------------------------- */

static struct running *make(struct live_hub *hub, uint64_t number, enum live_pace pace)
{
    struct running *run = NULL;
    struct live_level *level = NULL;
    if (hub->count == LIVES_MOST || hub->is_stopping || live_level_create(&level) != OK) {
        return NULL;
    }
    run = mem_take(sizeof *run);
    struct live_stream_ports ports = {run, on_packet, on_bundle};
    run->hub = hub;
    run->number = number;
    run->level = level;
    run->stream = live_stream_create(pace, &ports);
    run->opened_at = now_steady();
    run->pages.serial = (uint32_t)entropy_u64(hub->config.app->entropy);
    run->pages.sequence = 2; /* behind the heads */
    run->next = hub->first;
    hub->first = run;
    hub->count++;
    gate_live_state(hub->gate, number, LIVE_WAITS);
    return run;
}

struct running *running_open(struct live_hub *hub, const struct live *live)
{
    struct running *run = running_of(hub, live->id);
    if (run != NULL) {
        return run;
    }
    run = make(hub, live->stream, live->from == LIVE_FROM_BROWSER ? LIVE_STAMPED : LIVE_PACED);
    if (run == NULL) {
        return NULL;
    }
    run->id = live->id;
    run->from = live->from;
    run->mode = live->mode;
    run->is_public = live->terms.is_public;
    run->is_recorded = live->terms.is_recorded;
    run->expires = live->expires;
    run->begun_at = live->begun_at;
    ignore_int((long)str_to_array(live->address, run->address, sizeof run->address));
    if (live->from == LIVE_FROM_RELAY) {
        running_paced(hub);
    }
    run->lost_at = run->opened_at;
    if (live->begun_at != 0) { /* it was on the air before this server started */
        running_stand(run, LIVE_IS_LOST);
    }
    show(run);
    return run;
}

struct running *running_open_relay(struct live_hub *hub, uint64_t number, str address)
{
    struct running *run = running_of_number(hub, number);
    if (run != NULL) {
        return run;
    }
    run = make(hub, number, LIVE_PACED);
    if (run != NULL) {
        run->from = LIVE_FROM_RELAY;
        ignore_int((long)str_to_array(address, run->address, sizeof run->address));
        running_paced(hub);
    }
    return run;
}

void running_take_floor(struct running *run, enum live_pace pace)
{
    live_in_close(run, 4001);
    live_encoder_close(run);
    live_stream_sender(run->stream, pace);
    if (pace == LIVE_PACED) {
        running_paced(run->hub);
    }
}

void running_lost(struct running *run)
{
    run->lost_at = now_steady();
    if (run->standing != LIVE_IS_WAITING) {
        live_stream_pause(run->stream);
        running_stand(run, LIVE_IS_LOST);
    }
}

void running_close(struct running *run)
{
    struct live_hub *hub = run->hub;
    struct running **at = &hub->first;
    run->is_over = true;
    live_stream_pause(run->stream);
    live_in_close(run, 4002);
    live_encoder_close(run);
    live_relay_close(run);
    live_out_close(run);
    live_keep_end(run);
    gate_live_drop(hub->gate, run->number);
    live_board_drop(hub->board, run->id);
    while (*at != run) {
        at = &(*at)->next;
    }
    *at = run->next;
    hub->count--;
    live_stream_destroy(run->stream);
    live_level_destroy(run->level);
    mem_give(run->listeners);
    mem_give(run);
}

/* --- time ------------------------------------------------------------------------------------- */

static void on_pace(void *ctx)
{
    struct live_hub *hub = ctx;
    bool needed = false;
    for (struct running *run = hub->first; run != NULL; run = run->next) {
        if (run->from == LIVE_FROM_BROWSER) {
            continue;
        }
        needed = true;
        live_stream_turn(run->stream, now_utc());
        if (run->is_stalled && !live_stream_is_full(run->stream)) {
            run->is_stalled = false;
            live_encoder_read_on(run);
            live_relay_read_on(run);
        }
    }
    if (!needed) {
        loop_timer_stop(hub->config.loop, hub->pace);
        hub->has_pace = false;
    }
}

void running_paced(struct live_hub *hub)
{
    if (!hub->has_pace) {
        hub->has_pace = true;
        hub->pace = loop_timer_start(hub->config.loop, PACE, PACE, on_pace, hub);
    }
}

static void tell_page(struct running *run)
{
    char text[200];
    const struct live_now *now = &run->now;
    if (!run->has_page) {
        return;
    }
    int length = snprintf(text, sizeof text,
                          "{\"state\":\"%s\",\"delay_ms\":%lld,\"devices\":%lld,\"listeners\":%lld,"
                          "\"level_mb\":%d,\"peak_mb\":%d,\"lost\":%lld}",
                          live_standing_name(run->standing), (long long)now->delay_ms,
                          (long long)now->devices, (long long)now->listeners, now->level_mb,
                          now->peak_mb, (long long)now->gone);
    ignore(ws_send(run->hub->config.http, run->page, WS_TEXT, (str){text, (size_t)length}));
}

static void look_at(struct running *run, usec now)
{
    bool sends = run->has_page || run->has_encoder || run->child != NULL;
    live_stream_turn(run->stream, now_utc());
    live_level_read(run->level, &run->now.level_mb, &run->now.peak_mb);
    if (run->standing == LIVE_IS_ON_AIR && run->has_page && now - run->last_at > QUIET_MOST) {
        /* Who holds a button has let it go; whoever speaks all the time is not heard any more. */
        running_stand(run, run->mode == LIVE_TALK ? LIVE_IS_PAUSED : LIVE_IS_LOST);
    }
    live_relay_tick(run, now);
    show(run);
    tell_page(run);
    if (run->id == 0 || run->hub->is_stopping) {
        return;
    }
    if (now_utc() >= run->expires) {
        live_job_end(run->hub, run->id, "too_long");
        run->expires = INT64_MAX; /* once */
    } else if (!sends && now - run->lost_at > LIVE_LOST_WAIT && run->lost_at != 0) {
        live_job_end(run->hub, run->id, "source_lost");
        run->lost_at = 0;
    }
}

static void on_tick(void *ctx)
{
    struct live_hub *hub = ctx;
    usec now = now_steady();
    struct running *next = NULL;
    for (struct running *run = hub->first; run != NULL; run = next) {
        next = run->next;
        look_at(run, now);
        if (live_relay_is_unwanted(run, now)) {
            running_close(run);
        }
    }
}

/* --- what others tell ------------------------------------------------------------------------- */

void live_hub_changed(struct live_hub *hub, str topic)
{
    bool ours = str_is(topic, S("live")) || str_is(topic, S("programmes"));
    if (ours || str_is(topic, S("*"))) {
        live_job_read(hub);
    }
}

bool live_hub_wanted(struct live_hub *hub, uint64_t stream, struct wire_uints path)
{
    (void)path; /* its order or its plan has named the stream: the number is the ticket */
    if (running_of_number(hub, stream) != NULL) {
        return true;
    }
    for (size_t i = 0; i < hub->relay_count; i++) {
        if (hub->relays[i].number == stream) {
            return running_open_relay(hub, stream, str_of(hub->relays[i].address)) != NULL;
        }
    }
    live_job_read(hub);
    return false;
}

void live_hub_stop(struct live_hub *hub)
{
    hub->is_stopping = true;
    while (hub->first != NULL) {
        running_close(hub->first);
    }
}

void live_hub_destroy(struct live_hub *hub)
{
    if (hub == NULL) {
        return;
    }
    loop_timer_stop(hub->config.loop, hub->tick);
    if (hub->has_pace) {
        loop_timer_stop(hub->config.loop, hub->pace);
    }
    hub->is_stopping = true;
    mem_give(hub);
}

/* --- addresses -------------------------------------------------------------------------------- */

bool live_hub_wants(const struct http_request *request)
{
    str path = http_request_path(request);
    return str_starts(path, S("/live/")) || str_starts(path, S("/source/"));
}

struct http_plan live_hub_plan(struct live_hub *hub, struct http_request *request)
{
    enum http_method method = http_request_method(request);
    bool source = str_starts(http_request_path(request), S("/source/"));
    bool sends = method == HTTP_PUT || method == HTTP_SOURCE;
    (void)hub;
    if (source && sends) {
        return (struct http_plan){.kind = HTTP_BODY_STREAM};
    }
    bool reads = !source && (method == HTTP_GET || method == HTTP_HEAD);
    return reads ? (struct http_plan){.kind = HTTP_BODY_NONE}
                 : (struct http_plan){.kind = HTTP_REFUSE, .status = 405};
}

void live_hub_request(struct live_hub *hub, struct http_request *request)
{
    if (str_starts(http_request_path(request), S("/source/"))) {
        live_encoder_request(hub, request);
    } else {
        live_out_request(hub, request);
    }
}

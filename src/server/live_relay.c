/* Internet radio: fetched once, however many loudspeakers and listeners want it, by one child and
 * decoded by another; tried again when it breaks, let go when nobody wants it any more. */
#include "base/log.h"
#include "loop/loop.h"
#include "server/live_child.h"
#include "server/live_inside.h"

#define RETRY_AFTER (5 * USEC_SECOND)
#define UNWANTED_FOR (15 * USEC_SECOND) /* a radio that only plans ask for */
#define SILENT_MOST (15 * USEC_SECOND)

static void stop_children(struct running *run)
{
    live_child_stop(run->fetch);
    live_child_stop(run->child);
    run->fetch = NULL;
    run->child = NULL;
}

static void broke(void *ctx)
{
    struct running *run = ctx;
    LOG(LOG_WARN, "relay_broke", log_int("live", run->id), log_text("address", run->address));
    stop_children(run);
    run->retry_at = now_steady() + RETRY_AFTER;
    running_lost(run);
}

static void on_fetched(void *ctx, str bytes)
{
    struct running *run = ctx;
    errc rc = run->child == NULL ? ERR_CLOSED : live_child_write(run->child, bytes);
    if (rc != OK && rc != ERR_BUSY) {
        broke(run);
    } else if (rc == ERR_BUSY) {
        live_child_set_reading(run->fetch, false);
    }
}

static void on_room(void *ctx)
{
    const struct running *run = ctx;
    if (run->fetch != NULL) {
        live_child_set_reading(run->fetch, true);
    }
}

/* Full: the decoder is not read, it does not take bytes, the fetcher is not read, the radio waits.
 */
static void on_packet(void *ctx, str packet)
{
    struct running *run = ctx;
    running_packet(run, packet);
    if (live_stream_is_full(run->stream) && !run->is_stalled) {
        run->is_stalled = true;
        live_child_set_reading(run->child, false);
    }
}

void live_relay_read_on(struct running *run)
{
    if (run->child != NULL) {
        live_child_set_reading(run->child, true);
    }
}

static void start(struct running *run)
{
    const struct live_hub_config *hub = &run->hub->config;
    struct live_child_config decode = {
        .loop = hub->loop, .ctx = run, .on_packet = on_packet, .on_room = on_room, .on_end = broke};
    struct live_child_config fetch = {
        .loop = hub->loop,
        .address = run->address,
        .allowed = settings_text(&hub->app->settings, SETTING_KEY_relay_hosts),
        .ctx = run,
        .on_bytes = on_fetched,
        .on_end = broke};
    live_stream_sender(run->stream, LIVE_PACED);
    run->is_stalled = false;
    running_paced(run->hub);
    errc rc = live_child_start(&decode, &run->child);
    rc = rc == OK ? live_child_start(&fetch, &run->fetch) : rc;
    run->last_at = now_steady();
    if (rc != OK) {
        LOG(LOG_ERROR, "relay_not_started", log_text("address", run->address), log_errc(rc));
        stop_children(run);
        run->retry_at = now_steady() + USEC_MINUTE;
    }
}

void live_relay_tick(struct running *run, usec now)
{
    struct gate_live_view view;
    if (run->from != LIVE_FROM_RELAY || run->address[0] == '\0' || run->is_over) {
        return;
    }
    gate_live_look(run->hub->gate, run->number, &view);
    bool wanted = run->id != 0 || view.devices > 0 || run->listener_count > 0;
    run->wanted_at = wanted ? now : run->wanted_at;
    if (run->child == NULL && now >= run->retry_at) {
        start(run);
    } else if (run->child != NULL && !run->is_stalled && now - run->last_at > SILENT_MOST) {
        broke(run);
    }
}

bool live_relay_is_unwanted(const struct running *run, usec now)
{
    usec since = run->wanted_at > run->opened_at ? run->wanted_at : run->opened_at;
    return run->from == LIVE_FROM_RELAY && run->id == 0 && now - since > UNWANTED_FOR;
}

void live_relay_close(struct running *run)
{
    if (run->from == LIVE_FROM_RELAY) {
        stop_children(run);
    }
}

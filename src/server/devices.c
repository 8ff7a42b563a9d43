/* Made before the console, opened after it, taken apart after the store was closed. */
#include "server/devices.h"

#include "server/devices_inside.h"

enum { MEDIA_RATE = 24 * 1024 * 1024 };

#define TIME_EVERY (160 * USEC_SECOND)

/* --- ports of the gate ----------------------------------------------------------------------- */

static errc port_read(void *ctx, struct gate_job job)
{
    const struct devices *devices = ctx;
    struct store_job work = {.run = job.run, .done = job.done, .ctx = job.ctx};
    struct store *store = devices->app->store;
    return store == NULL ? ERR_CLOSED : store_read(store, &work, NULL);
}

static errc port_write(void *ctx, struct gate_job job)
{
    const struct devices *devices = ctx;
    struct store_job work = {.run = job.run, .done = job.done, .ctx = job.ctx};
    struct store *store = devices->app->store;
    return store == NULL ? ERR_CLOSED : store_write(store, &work, NULL);
}

static errc port_media_open(void *ctx, hash name, int *ret_fd, uint64_t *ret_bytes, struct why *why)
{
    struct devices *devices = ctx;
    struct media_info info;
    ignore_int(pthread_mutex_lock(&devices->media_lock));
    errc rc = media_get(devices->media, name, ret_fd, &info, why);
    ignore_int(pthread_mutex_unlock(&devices->media_lock));
    if (rc == OK) {
        *ret_bytes = info.size;
    }
    return rc;
}

static errc put_bytes(struct media *media, str bytes, hash *ret_name, struct why *why)
{
    struct media_put *put = NULL;
    struct media_info info;
    TRY(media_put_begin(media, &put, why));
    errc rc = media_put_add(put, bytes, why);
    if (rc != OK) {
        media_put_cancel(put);
        return rc;
    }
    TRY(media_put_end(put, NULL, &info, why));
    *ret_name = info.name;
    return OK;
}

static errc port_media_put(void *ctx, str bytes, hash *ret_name, struct why *why)
{
    struct devices *devices = ctx;
    ignore_int(pthread_mutex_lock(&devices->media_lock));
    errc rc = put_bytes(devices->media, bytes, ret_name, why);
    ignore_int(pthread_mutex_unlock(&devices->media_lock));
    return rc;
}

static void port_listen(void *ctx, int64_t device, http_id request)
{
    const struct devices *devices = ctx;
    gate_listen(devices->gate, device, request);
}

static void port_live_speak(void *ctx, const struct live *live, http_id request)
{
    const struct devices *devices = ctx;
    live_hub_speak(devices->live, live, request);
}

static void port_live_listen(void *ctx, int64_t live, http_id request)
{
    const struct devices *devices = ctx;
    live_hub_listen(devices->live, live, request);
}

static bool port_live_wanted(void *ctx, uint64_t stream, struct wire_uints path)
{
    const struct devices *devices = ctx;
    return live_hub_wanted(devices->live, stream, path);
}

void devices_fill_ports(struct devices *devices, struct house_ports *ports)
{
    ports->devices = devices;
    ports->presence = devices->presence;
    ports->coverage = devices->coverage;
    ports->signing = &devices->signing;
    ports->receivers = &devices->receivers;
    ports->places = &devices->places;
    ports->media_open = port_media_open;
    ports->media_put = port_media_put;
    ports->listen = port_listen;
    ports->board = devices->board;
    ports->live_speak = port_live_speak;
    ports->live_listen = port_live_listen;
}

/* --- beginning and end ----------------------------------------------------------------------- */

errc devices_create(struct app *app, struct loop *loop, struct presence *presence,
                    struct devices **ret_devices, struct why *why)
{
    struct devices *devices = mem_take(sizeof *devices);
    devices->app = app;
    devices->loop = loop;
    devices->presence = presence;
    devices->signing = signing_port(app->signing);
    devices->receivers = devices_receivers(devices);
    devices->places = devices_whereabouts(devices);
    ignore_int(pthread_mutex_init(&devices->media_lock, NULL));
    devices->board = live_board_create();
    errc rc = coverage_create(&devices->coverage);
    if (rc == OK) {
        rc = media_place_of(app, &devices->place, why);
    }
    if (rc == OK) {
        rc = media_open(&devices->place.config, &devices->media, why);
    }
    if (rc != OK) {
        devices_destroy(devices);
        return rc;
    }
    *ret_devices = devices;
    return OK;
}

errc devices_open(struct devices *devices, struct http_server *http, struct why *why)
{
    const struct settings *settings = &devices->app->settings;
    struct gate_config config = {
        .loop = devices->loop,
        .http = http,
        .ports = {.ctx = devices,
                  .read = port_read,
                  .write = port_write,
                  .media_open = port_media_open,
                  .units = devices->app->units,
                  .signing = &devices->signing,
                  .presence = devices->presence,
                  .coverage = devices->coverage,
                  .live_wanted = port_live_wanted},
        .entropy = devices->app->entropy,
        .beat = PRESENCE_BEAT_MS * (usec)1000,
        .time_every = TIME_EVERY,
        .zone = app_zone(devices->app),
        .devices_most = (size_t)settings_number(settings, SETTING_KEY_devices_most),
        .strangers_most = (size_t)settings_number(settings, SETTING_KEY_strangers_most),
        .media_rate = MEDIA_RATE,
    };
    TRY(gate_create(&config, &devices->gate, why));
    struct live_hub_config live = {.app = devices->app,
                                   .loop = devices->loop,
                                   .http = http,
                                   .gate = devices->gate,
                                   .board = devices->board,
                                   .signing = &devices->signing,
                                   .media = devices,
                                   .media_put = port_media_put};
    devices->live = live_hub_create(&live);
    return OK;
}

void devices_topic(struct devices *devices, str topic)
{
    gate_changed(devices->gate, topic);
    live_hub_changed(devices->live, topic);
}

void devices_stop(struct devices *devices)
{
    live_hub_stop(devices->live);
    gate_stop(devices->gate);
}

void devices_destroy(struct devices *devices)
{
    if (devices == NULL) {
        return;
    }
    live_hub_destroy(devices->live);
    live_board_destroy(devices->board);
    gate_destroy(devices->gate);
    coverage_destroy(devices->coverage);
    media_close(devices->media);
    ignore_int(pthread_mutex_destroy(&devices->media_lock));
    mem_give(devices);
}

bool devices_wants(const struct http_request *request)
{
    return str_is(http_request_path(request), S(GATE_PATH));
}

void devices_request(struct devices *devices, struct http_request *request)
{
    gate_request(devices->gate, request);
}

bool devices_streams(const struct http_request *request)
{
    return live_hub_wants(request);
}

struct http_plan devices_stream_plan(struct devices *devices, struct http_request *request)
{
    return live_hub_plan(devices->live, request);
}

void devices_stream_request(struct devices *devices, struct http_request *request)
{
    live_hub_request(devices->live, request);
}

/* --- figures --------------------------------------------------------------------------------- */

static void write_figure(struct buf *out, const char *name, const char *kind, uint64_t value)
{
    buf_add_format(out, "# TYPE loa_%s %s\nloa_%s %llu\n", name, kind, name,
                   (unsigned long long)value);
}

void devices_write_metrics(const struct devices *devices, struct buf *out)
{
    struct gate_counters counters;
    struct presence_counts counts;
    gate_count(devices->gate, &counters);
    presence_count(devices->presence, 0, &counts);
    write_figure(out, "devices_accepted", "gauge", counts.devices);
    buf_add(out, S("# TYPE loa_devices gauge\n"));
    for (int i = 0; i < PRESENCE_STATES; i++) {
        buf_add_format(out, "loa_devices{state=\"%s\"} %zu\n",
                       presence_state_name((enum presence_state)i), counts.states[i]);
    }
    write_figure(out, "devices_attached", "gauge", counters.attached);
    write_figure(out, "devices_strangers", "gauge", counters.strangers);
    write_figure(out, "devices_faulty", "gauge", counts.faulty);
    write_figure(out, "devices_sounding", "gauge", counts.sounding);
    write_figure(out, "device_attaches_total", "counter", counters.attaches);
    write_figure(out, "device_refused_total", "counter", counters.refused);
    write_figure(out, "device_liars_total", "counter", counters.liars);
    write_figure(out, "device_busy_total", "counter", counters.busy);
    write_figure(out, "orders_sent_total", "counter", counters.orders_sent);
    write_figure(out, "orders_last", "gauge",
                 counters.last_order < 0 ? 0 : (uint64_t)counters.last_order);
    write_figure(out, "device_log_entries_total", "counter", counters.log_entries);
    write_figure(out, "device_log_refused_total", "counter", counters.log_refused);
    write_figure(out, "device_media_bytes_total", "counter", counters.media_bytes);
    write_figure(out, "device_fetches", "gauge", counters.fetches);
    write_figure(out, "device_listeners", "gauge", counters.listeners);
}

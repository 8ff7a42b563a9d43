/* Wires the rooms together and waits. Signals: INT and TERM stop in order (a second one at once),
 * HUP reads the certificate anew. Everything here is on the loop's thread but what is said to be on
 * the store's; those only post. */
#include "server/serve.h"

#include "base/log.h"
#include "base/notify.h"
#include "console/console.h"
#include "server/alert_works.h"
#include "server/broadcast_watch.h"
#include "server/chores.h"
#include "server/devices.h"
#include "server/duty_watch.h"
#include "server/fleet_watch.h"
#include "server/metrics.h"
#include "server/policy_of.h"
#include "server/privileges.h"
#include "server/settings_api.h"
#include "server/sound_works.h"
#include "server/version.h"
#include "sounds/upload_file.h"

#include <signal.h>
#include <unistd.h>

#define DEVICE_SILENCE (75 * USEC_SECOND)

struct serve {
    struct app *app;
    struct loop *loop;
    struct http_server *http;
    struct console *console;
    struct devices *devices;
    struct http_config pages; /* the console's part of the HTTP server */
    struct chores *chores;
    struct fleet_watch *fleet;
    struct broadcast_watch *broadcast;
    struct alert_works *alerts;
    struct cap_key cap_key;
    struct sound_works *sounds;
    struct inbox_house inbox;
    struct duty_watch *duty;
    struct metrics_base metrics;
    usec begun; /* steady */
    bool stopping;
};

/* --- what the console asks for ------------------------------------------------------------- */

static errc port_read(void *ctx, struct house_job job)
{
    const struct serve *serve = ctx;
    struct store_job work = {.run = job.run, .done = job.done, .ctx = job.ctx};
    return serve->app->store == NULL ? ERR_CLOSED : store_read(serve->app->store, &work, NULL);
}

static errc port_write(void *ctx, struct house_job job)
{
    const struct serve *serve = ctx;
    struct store_job work = {.run = job.run, .done = job.done, .ctx = job.ctx};
    return serve->app->store == NULL ? ERR_CLOSED : store_write(serve->app->store, &work, NULL);
}

static void port_metrics(void *ctx, struct buf *out)
{
    const struct serve *serve = ctx;
    metrics_write(&serve->metrics, out);
    devices_write_metrics(serve->devices, out);
}

static errc port_settings_list(void *ctx, struct ask *ask, struct why *why)
{
    const struct serve *serve = ctx;
    return settings_api_list(serve->app, ask, why);
}

static errc port_settings_put(void *ctx, struct ask *ask, str key, str value, struct why *why)
{
    const struct serve *serve = ctx;
    return settings_api_put(serve->app, ask, key, value, why);
}

static errc port_settings_reset(void *ctx, struct ask *ask, str key, struct why *why)
{
    const struct serve *serve = ctx;
    return settings_api_reset(serve->app, ask, key, why);
}

static void port_about(void *ctx, struct ask *ask)
{
    const struct serve *serve = ctx;
    version_write_about(serve->app, now_steady() - serve->begun, ask);
}

/* On a worker. */
static errc port_upload_keep(void *ctx, int64_t upload, int64_t at, str piece, struct why *why)
{
    const struct serve *serve = ctx;
    char folder[APP_PATH_ROOM];
    sound_works_folder(serve->app, folder);
    return upload_file_keep(folder, upload, at, piece, why);
}

static void fill_house(struct serve *serve, struct house *house)
{
    const struct settings *settings = &serve->app->settings;
    *house = (struct house){
        .ports = {.ctx = serve,
                  .read = port_read,
                  .write = port_write,
                  .units = serve->app->units,
                  .metrics = port_metrics,
                  .settings_list = port_settings_list,
                  .settings_put = port_settings_put,
                  .settings_reset = port_settings_reset,
                  .about = port_about,
                  .upload_keep = port_upload_keep},
        .words = serve->app->words,
        .policy = serve->app->policy,
        .broadcast = broadcast_policy_of_settings(settings),
        .sound = house_sound_of_settings(settings),
        .duty = duty_policy_of_settings(settings),
        .entropy = serve->app->entropy,
        .language = (enum words_language)settings_number(settings, SETTING_KEY_language),
        .zone = app_zone(serve->app),
        .public_origin = str_of(settings_text(settings, SETTING_KEY_public_address)),
        .site_name = S("Loa"),
        .cap_certificate = buf_str(&serve->cap_key.certificate),
        .key = serve->app->key,
        .folder = app_folder(serve->app),
        .body_most = (size_t)settings_number(settings, SETTING_KEY_request_body_most),
        .upload_most = (size_t)settings_number(settings, SETTING_KEY_upload_most),
        .trusted_proxies = str_of(settings_text(settings, SETTING_KEY_trusted_proxies)),
        .metrics_open = settings_number(settings, SETTING_KEY_metrics_open) != 0,
    };
    devices_fill_ports(serve->devices, &house->ports);
    inbox_sources_fill(&serve->inbox, serve->app, house->ports.receivers);
    house->ports.inbox = &serve->inbox.sources;
}

/* --- topics -------------------------------------------------------------------------------- */

struct topic {
    struct serve *serve;
    char name[DB_TOPIC_SIZE];
};

/* What was read travels from the store's thread to the loop's in a block of its own. */
struct reload {
    struct serve *serve;
    struct app_live live;
    struct why why;
    errc rc;
};

static errc read_live(void *ctx, struct db *db, struct why *why)
{
    struct reload *reload = ctx;
    return app_live_read(&reload->live, db, why);
}

static void apply_live(void *ctx)
{
    struct reload *reload = ctx;
    struct serve *serve = reload->serve;
    const struct settings *settings = &reload->live.settings;
    if (reload->rc != OK) {
        LOG(LOG_WARN, "settings_not_reloaded", log_errc(reload->rc), log_why(&reload->why));
        mem_give(reload);
        return;
    }
    struct house *house = console_house(serve->console);
    serve->app->policy = reload->live.policy;
    house->policy = reload->live.policy;
    house->duty.call_wait = duty_policy_of_settings(settings).call_wait;
    duty_watch_use(serve->duty, &house->duty);
    house->language = (enum words_language)settings_number(settings, SETTING_KEY_language);
    enum log_level level = LOG_INFO;
    if (log_parse_level(str_of(settings_text(settings, SETTING_KEY_log_level)), &level)) {
        log_set_level(level);
    }
    mem_give(reload);
}

static void live_is_read(void *ctx, errc rc, const struct why *why)
{
    struct reload *reload = ctx;
    reload->rc = rc;
    if (rc != OK) {
        reload->why = *why;
    }
    if (loop_post(reload->serve->loop, apply_live, reload) != OK) {
        mem_give(reload);
    }
}

static void start_reload(struct serve *serve)
{
    if (serve->app->store == NULL) {
        return;
    }
    struct reload *reload = mem_take(sizeof *reload);
    reload->serve = serve;
    reload->live.app = serve->app;
    struct store_job job = {.run = read_live, .done = live_is_read, .ctx = reload};
    if (store_read(serve->app->store, &job, NULL) != OK) {
        mem_give(reload);
    }
}

static void handle_topic(void *ctx)
{
    struct topic *topic = ctx;
    struct serve *serve = topic->serve;
    str name = str_of(topic->name);
    if (str_is(name, S("settings")) || str_is(name, S("*"))) {
        start_reload(serve);
    }
    fleet_watch_changed(serve->fleet, name);
    console_changed(serve->console, name);
    devices_topic(serve->devices, name);
    broadcast_watch_changed(serve->broadcast, name);
    alert_works_changed(serve->alerts, name);
    sound_works_changed(serve->sounds, name);
    duty_watch_changed(serve->duty, name);
    mem_give(topic);
}

/* Something that no topic of the store names. */
static void on_page_change(void *ctx, const char *name)
{
    struct serve *serve = ctx;
    console_changed(serve->console, str_of(name));
}

/* On a thread of the store, before the change is acknowledged. */
static void on_topic(void *ctx, const char *name)
{
    struct serve *serve = ctx;
    struct topic *topic = mem_take(sizeof *topic);
    topic->serve = serve;
    ignore_int(snprintf(topic->name, sizeof topic->name, "%s", name));
    if (loop_post(serve->loop, handle_topic, topic) != OK) {
        mem_give(topic);
    }
}

/* --- signals -------------------------------------------------------------------------------- */

static void on_stopped(void *ctx)
{
    struct serve *serve = ctx;
    loop_stop(serve->loop);
}

static void on_stop_signal(void *ctx)
{
    struct serve *serve = ctx;
    if (serve->stopping) {
        loop_stop(serve->loop);
        return;
    }
    serve->stopping = true;
    LOG(LOG_INFO, "server_stopping",
        log_int("requests", (int64_t)http_server_counters(serve->http)->requests_open));
    notify_send(getenv("NOTIFY_SOCKET"), "STOPPING=1");
    devices_stop(serve->devices);
    usec wait = settings_number(&serve->app->settings, SETTING_KEY_stop_wait) * USEC_SECOND;
    http_server_stop(serve->http, wait, on_stopped, serve);
}

static errc use_certificate(struct serve *serve, struct why *why)
{
    const struct settings *settings = &serve->app->settings;
    const char *chain = settings_text(settings, SETTING_KEY_tls_certificate);
    if (chain[0] == '\0') {
        return OK;
    }
    return http_server_use_certificate(serve->http, chain,
                                       settings_text(settings, SETTING_KEY_tls_key), why);
}

static void on_reload_signal(void *ctx)
{
    struct serve *serve = ctx;
    struct why why = {""};
    errc rc = use_certificate(serve, &why);
    if (rc != OK) {
        LOG(LOG_ERROR, "certificate_refused", log_errc(rc), log_why(&why));
        return;
    }
    LOG(LOG_INFO, "certificate_reloaded", log_int("ok", 1));
}

static void on_alive(void *ctx)
{
    (void)ctx;
    notify_send(getenv("NOTIFY_SOCKET"), "WATCHDOG=1");
}

static errc watch_signals(struct serve *serve, struct why *why)
{
    TRY(loop_on_signal(serve->loop, SIGINT, on_stop_signal, serve, why));
    TRY(loop_on_signal(serve->loop, SIGTERM, on_stop_signal, serve, why));
    TRY(loop_on_signal(serve->loop, SIGHUP, on_reload_signal, serve, why));
    usec beat = notify_watchdog(getenv("WATCHDOG_USEC"), getenv("WATCHDOG_PID"));
    if (beat > 0) {
        loop_timer_start(serve->loop, beat, beat, on_alive, serve);
    }
    return OK;
}

/* --- listening ------------------------------------------------------------------------------ */

static bool split_address(str listen, char host[64], int *ret_port)
{
    size_t colon = listen.len;
    while (colon > 0 && listen.at[colon - 1] != ':') {
        colon--;
    }
    int64_t port = 0;
    if (colon == 0 || !str_to_i64(str_cut(listen, colon, listen.len), &port) || port < 0 ||
        port > 65535) {
        return false;
    }
    str name = str_cut(listen, 0, colon - 1);
    if (name.len > 2 && name.at[0] == '[' && name.at[name.len - 1] == ']') {
        name = str_cut(name, 1, name.len - 1);
    }
    *ret_port = (int)port;
    return str_to_array(str_is(name, S("localhost")) ? S("127.0.0.1") : name, host, 64);
}

static errc listen_on(struct serve *serve, str listen, struct why *why)
{
    char host[64];
    int port = 0;
    if (!split_address(listen, host, &port)) {
        return fail(why, ERR_INVALID, "listen: %.*s is not address:port", STR_ARG(listen));
    }
    const struct settings *settings = &serve->app->settings;
    bool tls = settings_text(settings, SETTING_KEY_tls_certificate)[0] != '\0';
    struct http_listen config = {
        .address = host,
        .port = port,
        .tls = tls,
        .plain_anywhere = settings_number(settings, SETTING_KEY_plain_http) != 0,
    };
    TRY(http_server_listen(serve->http, &config, &port, why));
    bool six = str_has(str_of(host), ':');
    if (str_starts(str_of(host), S("127."))) { /* a name, because security keys want one */
        printf("console %s://localhost:%d/\n", tls ? "https" : "http", port);
    }
    printf("listening %s://%s%s%s:%d\n", tls ? "https" : "http", six ? "[" : "", host,
           six ? "]" : "", port);
    LOG(LOG_INFO, "listening", log_text("address", host), log_int("port", port),
        log_int("tls", tls ? 1 : 0));
    return OK;
}

static errc listen_everywhere(struct serve *serve, struct why *why)
{
    str rest = str_of(settings_text(&serve->app->settings, SETTING_KEY_listen));
    while (rest.at != NULL) {
        TRY(listen_on(serve, str_trim(str_split(rest, ',', &rest)), why));
    }
    return OK;
}

static void on_notice(void *ctx, enum http_notice notice, const struct why *why)
{
    (void)ctx;
    bool paused = notice == HTTP_NOTICE_ACCEPT_PAUSED;
    LOG(paused ? LOG_ERROR : LOG_INFO, paused ? "accept_paused" : "accept_resumed", log_why(why));
}

/* Devices have one address of their own; everything else is the console's. */
static struct http_plan on_head(void *ctx, struct http_request *request)
{
    struct serve *serve = ctx;
    if (devices_streams(request)) {
        return devices_stream_plan(serve->devices, request);
    }
    return devices_wants(request) ? (struct http_plan){.kind = HTTP_WEBSOCKET}
                                  : serve->pages.on_head(serve->pages.ctx, request);
}

static void on_request(void *ctx, struct http_request *request)
{
    struct serve *serve = ctx;
    if (devices_streams(request)) {
        devices_stream_request(serve->devices, request);
        return;
    }
    if (devices_wants(request)) {
        devices_request(serve->devices, request);
        return;
    }
    serve->pages.on_request(serve->pages.ctx, request);
}

static void on_done(void *ctx, const struct http_request *request, const struct http_done *done)
{
    const struct serve *serve = ctx;
    serve->pages.on_done(serve->pages.ctx, request, done);
}

static errc make_http(struct serve *serve, struct why *why)
{
    const struct settings *settings = &serve->app->settings;
    struct http_config config = {
        .entropy = serve->app->entropy, .limits = http_limits_default(), .on_notice = on_notice};
    config.limits.connections = (size_t)settings_number(settings, SETTING_KEY_connections_most);
    config.limits.connections_per_address =
        (size_t)settings_number(settings, SETTING_KEY_connections_per_address);
    config.limits.body_memory = (size_t)settings_number(settings, SETTING_KEY_upload_most);
    console_http_config(serve->console, &serve->pages);
    config.ctx = serve;
    config.on_head = on_head;
    config.on_request = on_request;
    config.on_done = on_done;
    config.limits.ws_ping_every = DEVICE_SILENCE; /* a device that beats is never asked */
    TRY(http_server_create(serve->loop, &config, &serve->http, why));
    console_use_http(serve->console, serve->http);
    return use_certificate(serve, why);
}

static errc start(struct serve *serve, struct why *why)
{
    struct house house;
    struct app *app = serve->app;
    uint64_t files = privileges_raise_files();
    TRY(loop_create(NULL, &serve->loop, why));
    struct fleet_watch_config fleet = {
        .app = app, .loop = serve->loop, .on_change = on_page_change, .ctx = serve};
    TRY(fleet_watch_start(&fleet, &serve->fleet, why));
    TRY(devices_create(app, serve->loop, fleet_watch_presence(serve->fleet), &serve->devices, why));
    TRY(cap_key_open(app_folder(app), S("Loa"), now_utc(), &serve->cap_key, why));
    fill_house(serve, &house);
    TRY(sound_works_place(app, &house.sound.place, why));
    TRY(console_create(&house, serve->loop, &serve->console, why));
    TRY(make_http(serve, why));
    serve->metrics = (struct metrics_base){
        .http = serve->http, .store = app->store, .begun = serve->begun, .files_most = files};
    TRY(devices_open(serve->devices, serve->http, why));
    struct broadcast_watch_config broadcast = {.app = app,
                                               .loop = serve->loop,
                                               .signing = house.ports.signing,
                                               .receivers = house.ports.receivers,
                                               .coverage = house.ports.coverage};
    serve->broadcast = broadcast_watch_start(&broadcast);
    struct duty_watch_config duty = {.app = app,
                                     .loop = serve->loop,
                                     .inbox = &serve->inbox,
                                     .on_change = on_page_change,
                                     .ctx = serve};
    TRY(duty_watch_start(&duty, &serve->duty, why));
    TRY(store_watch(app->store, on_topic, serve, why));
    devices_topic(serve->devices, S("orders")); /* given before anybody watched */
    TRY(listen_everywhere(serve, why));
    TRY(privileges_drop(why));
    TRY(watch_signals(serve, why));
    serve->chores = chores_start(app, serve->loop);
    TRY(sound_works_start(app, &serve->sounds, why));
    struct alert_works_config alerts = {.app = app,
                                        .signing = house.ports.signing,
                                        .receivers = house.ports.receivers,
                                        .places = house.ports.places,
                                        .key = &serve->cap_key};
    TRY(alert_works_start(&alerts, &serve->alerts, why));
    start_reload(serve);
    return OK;
}

static void finish(struct serve *serve)
{
    struct store *store = serve->app->store;
    duty_watch_halt(serve->duty);
    if (serve->loop != NULL) {
        loop_drain(serve->loop); /* what was sent is written down while there is a store */
    }
    sound_works_stop(serve->sounds);
    serve->sounds = NULL;
    alert_works_stop(serve->alerts);
    serve->alerts = NULL;
    serve->app->store = NULL; /* no new jobs; those that wait are run and post to the loop … */
    store_close(store);
    if (serve->loop != NULL) {
        loop_drain(serve->loop); /* … which answers them, and waits for hashing under way */
    }
    chores_stop(serve->chores);
    duty_watch_stop(serve->duty);
    broadcast_watch_stop(serve->broadcast);
    http_server_destroy(serve->http);
    devices_destroy(serve->devices);
    fleet_watch_stop(serve->fleet);
    console_destroy(serve->console);
    loop_destroy(serve->loop);
    cap_key_finish(&serve->cap_key);
}

errc serve(struct app *app, struct why *why)
{
    struct serve serve = {.app = app, .begun = now_steady()};
    errc rc = start(&serve, why);
    if (rc == OK) {
        ignore_int(fflush(stdout)); /* whoever waits for the address finds a server that is ready */
        notify_send(getenv("NOTIFY_SOCKET"), "READY=1");
        LOG(LOG_INFO, "server_started", log_int("ms", (now_steady() - serve.begun) / 1000),
            log_text("folder", app_folder(app)));
        loop_run(serve.loop);
        LOG(LOG_INFO, "server_stopped", log_int("ms", (now_steady() - serve.begun) / 1000));
    }
    finish(&serve);
    return rc;
}

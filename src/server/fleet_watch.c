/* One second after the other. At most one job of each kind is under way; what comes meanwhile is
 * done by the next one, so a slow store delays and never piles up. */
#include "server/fleet_watch.h"

#include "base/crash.h"
#include "base/log.h"
#include "fleet/presence_store.h"

#include <unistd.h>

enum {
    EVENTS_A_TIME = 2000,
    LINKS_A_TIME = 4000,
    PLACES_A_TIME = 50, /* an alarm waits for no more than these */
    SAVE_EVERY_S = 10,
    LINK_OLD_S = 300,
    JOB_ARENA = 128 * 1024 * 1024,
};

struct refreshing {
    bool is_wanted;
    bool is_running;
    bool is_whole;
    bool runs_whole;
};

struct fleet_watch {
    struct fleet_watch_config config;
    struct presence *presence;
    loop_timer timer;
    int64_t server; /* our own mark */
    day today;
    usec saved_at; /* steady: when links were written last */
    usec others_at;
    struct refreshing refreshing;
    bool is_saving;
    bool is_placing;
    bool wants_placing;
    size_t placed; /* in this round */
};

static usec zone_of(const struct fleet_watch *watch)
{
    return app_zone(watch->config.app);
}

struct presence *fleet_watch_presence(struct fleet_watch *watch)
{
    return watch->presence;
}

/* --- jobs --------------------------------------------------------------------------------------
 */

/* A job on its way; back on the loop it is finished and given back. */
struct trip {
    struct fleet_watch *watch;
    void (*finish)(struct trip *trip);
    errc rc;
    struct why why;
    bool whole;
    usec now_utc;
    usec since_utc;
    bool left;
    size_t placed;
    size_t event_count;
    size_t link_count;
    struct fault_event *events;
    struct presence_saving *links;
};

static void end_trip(void *ctx)
{
    struct trip *trip = ctx;
    if (trip->rc != OK && trip->rc != ERR_CLOSED) { /* we are stopping */
        LOG(LOG_WARN, "fleet_job_failed", log_errc(trip->rc), log_why(&trip->why));
    }
    trip->finish(trip);
    mem_give(trip->events);
    mem_give(trip->links);
    mem_give(trip);
}

static void trip_done(void *ctx, errc rc, const struct why *why)
{
    struct trip *trip = ctx;
    trip->rc = rc;
    if (rc != OK && why != NULL) {
        trip->why = *why;
    }
    ENSURE(loop_post(trip->watch->config.loop, end_trip, trip) == OK);
}

static struct trip *make_trip(struct fleet_watch *watch, void (*finish)(struct trip *trip))
{
    struct trip *trip = mem_take(sizeof *trip);
    trip->watch = watch;
    trip->finish = finish;
    trip->now_utc = now_utc();
    return trip;
}

static void send(struct trip *trip, bool writes,
                 errc (*run)(void *ctx, struct db *db, struct why *why))
{
    struct store *store = trip->watch->config.app->store;
    struct store_job job = {.run = run, .done = trip_done, .ctx = trip};
    errc rc = ERR_CLOSED;
    if (store != NULL) {
        rc = writes ? store_write(store, &job, &trip->why) : store_read(store, &job, &trip->why);
    }
    if (rc != OK) {
        trip->rc = rc;
        end_trip(trip);
    }
}

/* --- reading devices ---------------------------------------------------------------------------
 */

static errc read_devices(struct fleet_watch *watch, struct db *db, bool whole, usec utc,
                         struct why *why)
{
    AUTO(forest_close) struct forest *forest = NULL;
    TRY(unit_book_read(watch->config.app->units, db, &forest, why));
    struct presence_refresh refresh = {.presence = watch->presence,
                                       .forest = forest,
                                       .today = day_of(utc, zone_of(watch)),
                                       .whole = whole};
    return presence_refresh(db, &refresh, why);
}

static errc run_refresh(void *ctx, struct db *db, struct why *why)
{
    struct trip *trip = ctx;
    return read_devices(trip->watch, db, trip->whole, trip->now_utc, why);
}

static void start_refresh(struct fleet_watch *watch);

static void finish_refresh(struct trip *trip)
{
    struct fleet_watch *watch = trip->watch;
    watch->refreshing.is_running = false;
    if (trip->rc != OK) { /* again with the next second */
        watch->refreshing.is_wanted = true;
        watch->refreshing.is_whole |= trip->whole;
        return;
    }
    if (watch->refreshing.is_wanted) {
        start_refresh(watch);
    }
}

static void start_refresh(struct fleet_watch *watch)
{
    struct refreshing *refreshing = &watch->refreshing;
    if (refreshing->is_running) {
        return;
    }
    struct trip *trip = make_trip(watch, finish_refresh);
    trip->whole = refreshing->is_whole;
    refreshing->is_running = true;
    refreshing->is_wanted = false;
    refreshing->is_whole = false;
    send(trip, false, run_refresh);
}

static void want_refresh(struct fleet_watch *watch, bool whole)
{
    watch->refreshing.is_wanted = true;
    watch->refreshing.is_whole |= whole;
    start_refresh(watch);
}

/* --- placing again -----------------------------------------------------------------------------
 */

static errc run_place(void *ctx, struct db *db, struct why *why)
{
    struct trip *trip = ctx;
    const struct app *app = trip->watch->config.app;
    AUTO(arena_close) struct arena *arena = NULL;
    AUTO(forest_close) struct forest *forest = NULL;
    struct order_signing signing = {.ctx = NULL};
    struct actor actor = {.now = trip->now_utc, .today = day_of(trip->now_utc, app_zone(app))};
    TRY(arena_create(JOB_ARENA, &arena));
    TRY(unit_book_write(app->units, db, &forest, why));
    if (app->signing != NULL) {
        signing = signing_port(app->signing);
    }
    struct fleet_job job = {
        .forest = forest,
        .actor = &actor,
        .arena = arena,
        .signing = app->signing == NULL ? NULL : &signing,
        .entropy = app->entropy,
        .zone_s = app_zone(app) / USEC_SECOND,
    };
    return device_place_again(db, &job, PLACES_A_TIME, &trip->placed, &trip->left, why);
}

static void start_place(struct fleet_watch *watch);

static void finish_place(struct trip *trip)
{
    struct fleet_watch *watch = trip->watch;
    watch->is_placing = false;
    watch->placed += trip->rc == OK ? trip->placed : 0;
    if ((trip->rc == OK && trip->left) || watch->wants_placing) {
        start_place(watch);
    } else if (watch->placed > 0) {
        LOG(LOG_INFO, "devices_placed_anew", log_int("devices", (int64_t)watch->placed));
        watch->placed = 0;
    }
}

static void start_place(struct fleet_watch *watch)
{
    if (watch->is_placing) {
        watch->wants_placing = true;
        return;
    }
    watch->is_placing = true;
    watch->wants_placing = false;
    send(make_trip(watch, finish_place), true, run_place);
}

/* --- writing down ------------------------------------------------------------------------------
 */

static errc run_save(void *ctx, struct db *db, struct why *why)
{
    struct trip *trip = ctx;
    TRY(fault_keep(db, trip->events, trip->event_count, why));
    struct presence_saver saver = {trip->watch->server, zone_of(trip->watch), trip->now_utc};
    return presence_save(db, &saver, trip->links, trip->link_count, why);
}

static void finish_save(struct trip *trip)
{
    struct fleet_watch *watch = trip->watch;
    watch->is_saving = false;
    if (trip->rc != OK) {
        presence_give_back(watch->presence, trip->events, trip->event_count);
    }
}

/* Faults at once; what was heard every few seconds, and then only what changed or grew old. */
static void start_save(struct fleet_watch *watch)
{
    usec now = loop_now(watch->config.loop);
    bool links_due = now - watch->saved_at >= (usec)SAVE_EVERY_S * USEC_SECOND;
    if (watch->is_saving) {
        return;
    }
    struct trip *trip = make_trip(watch, finish_save);
    trip->events = mem_take_array(EVENTS_A_TIME, sizeof *trip->events);
    trip->event_count = presence_take_events(watch->presence, trip->events, EVENTS_A_TIME);
    if (links_due) {
        watch->saved_at = now;
        trip->links = mem_take_array(LINKS_A_TIME, sizeof *trip->links);
        trip->link_count = presence_take_links(watch->presence, (usec)LINK_OLD_S * USEC_SECOND,
                                               trip->links, LINKS_A_TIME);
    }
    bool is_alone =
        watch->config.app->store == NULL || !store_is_postgresql(watch->config.app->store);
    bool is_idle = trip->event_count + trip->link_count == 0 && (is_alone || !links_due);
    if (is_idle) { /* others want to hear that this server lives */
        mem_give(trip->events);
        mem_give(trip->links);
        mem_give(trip);
        return;
    }
    watch->is_saving = true;
    send(trip, true, run_save);
}

/* --- other servers -----------------------------------------------------------------------------
 */

static errc run_others(void *ctx, struct db *db, struct why *why)
{
    struct trip *trip = ctx;
    return presence_load_others(db, trip->watch->server, trip->watch->presence, trip->since_utc,
                                trip->now_utc, why);
}

static void finish_others(struct trip *trip)
{
    (void)trip;
}

/* What is read twice does no harm: the time reaches back over what was being written. */
static void start_others(struct fleet_watch *watch)
{
    if (watch->config.app->store == NULL || !store_is_postgresql(watch->config.app->store)) {
        return;
    }
    struct trip *trip = make_trip(watch, finish_others);
    trip->since_utc = trip->now_utc - 3 * (usec)SAVE_EVERY_S * USEC_SECOND;
    send(trip, false, run_others);
}

/* --- time --------------------------------------------------------------------------------------
 */

static void on_second(void *ctx)
{
    struct fleet_watch *watch = ctx;
    usec now = loop_now(watch->config.loop);
    usec utc = now_utc();
    day today = day_of(utc, zone_of(watch));
    if (presence_tick(watch->presence, now, utc)) {
        watch->config.on_change(watch->config.ctx, "presence");
    }
    if (today != watch->today) { /* units may change with the day */
        watch->today = today;
        want_refresh(watch, true);
        start_place(watch);
    } else if (watch->refreshing.is_wanted) {
        start_refresh(watch);
    }
    if (now - watch->others_at >= (usec)SAVE_EVERY_S * USEC_SECOND) {
        watch->others_at = now;
        start_others(watch);
    }
    start_save(watch);
}

void fleet_watch_changed(struct fleet_watch *watch, str topic)
{
    bool all = str_is(topic, S("*"));
    if (all || str_is(topic, S("units"))) {
        want_refresh(watch, true);
        start_place(watch);
    } else if (str_is(topic, S("devices"))) {
        want_refresh(watch, false);
    }
}

/* --- start and stop ----------------------------------------------------------------------------
 */

/* The same after a restart; another for each server of one database. */
static int64_t own_mark(const struct app *app)
{
    char host[256] = "";
    AUTO(buf_finish) struct buf text;
    buf_init(&text, APP_PATH_ROOM + sizeof host + 1);
    ignore_int(gethostname(host, sizeof host - 1));
    buf_add_text(&text, host);
    buf_add_byte(&text, '\n');
    buf_add_text(&text, app_folder(app));
    hash digest = hash_of(buf_str(&text));
    int64_t mark = 0;
    memcpy(&mark, digest.bytes, sizeof mark);
    return mark & INT64_MAX;
}

struct first {
    struct fleet_watch *watch;
    usec now_utc;
};

static errc run_first(void *ctx, struct db *db, struct why *why)
{
    struct first *first = ctx;
    return read_devices(first->watch, db, true, first->now_utc, why);
}

errc fleet_watch_start(const struct fleet_watch_config *config, struct fleet_watch **ret_watch,
                       struct why *why)
{
    struct presence_timing timing = presence_timing_default();
    struct fleet_watch *watch = mem_take(sizeof *watch);
    struct first first = {.watch = watch, .now_utc = now_utc()};
    watch->config = *config;
    watch->server = own_mark(config->app);
    watch->today = day_of(first.now_utc, zone_of(watch));
    errc rc = presence_create(&timing, &watch->presence);
    if (rc == OK) {
        ignore_int(presence_tick(watch->presence, loop_now(config->loop), first.now_utc));
        rc = store_read_now(config->app->store, run_first, &first, why);
    }
    if (rc != OK) {
        fleet_watch_stop(watch);
        return rc;
    }
    watch->timer = loop_timer_start(config->loop, USEC_SECOND, USEC_SECOND, on_second, watch);
    start_place(watch); /* units may have changed while we were down */
    *ret_watch = watch;
    return OK;
}

void fleet_watch_stop(struct fleet_watch *watch)
{
    if (watch == NULL) {
        return;
    }
    loop_timer_stop(watch->config.loop, watch->timer);
    presence_destroy(watch->presence);
    mem_give(watch);
}

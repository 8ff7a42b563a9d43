/* Opening and closing in one order, so that no command forgets a part. */
#include "server/app.h"

#include "alert/alert_store.h"
#include "base/file.h"
#include "broadcast/broadcast_store.h"
#include "console/console.h"
#include "duty/duty_store.h"
#include "fleet/fleet_store.h"
#include "live/live_store.h"
#include "orders/orders_store.h"
#include "people/people_store.h"
#include "server/key_file.h"
#include "server/policy_of.h"
#include "server/privileges.h"
#include "server/server_store.h"
#include "server/setting_rows.h"
#include "sounds/sounds_store.h"
#include "studio/studio_store.h"

static const struct store_room *const rooms[] = {
    &people_room, &orders_room, &fleet_room,  &broadcast_room, &alert_room,
    &duty_room,   &live_room,   &sounds_room, &studio_room,    &server_room};

const struct store_room *const *app_rooms(size_t *ret_count)
{
    *ret_count = COUNT_OF(rooms);
    return rooms;
}

const char *app_folder(const struct app *app)
{
    return settings_text(&app->settings, SETTING_KEY_folder);
}

usec app_zone(const struct app *app)
{
    return settings_number(&app->settings, SETTING_KEY_zone_minutes) * USEC_MINUTE;
}

static errc set(struct app *app, str assignment, struct why *why)
{
    str value = STR_NONE;
    str name = str_trim(str_split(assignment, '=', &value));
    enum setting_key key = 0;
    if (value.at == NULL || !setting_find(name, &key)) {
        return fail(why, ERR_INVALID, "--set %.*s: unknown key", STR_ARG(assignment));
    }
    return settings_set(&app->settings, key, str_trim(value), SETTING_FROM_FILE, why);
}

static errc load_settings(struct app *app, struct why *why)
{
    const struct args *args = app->args;
    settings_init(&app->settings);
    char path[APP_PATH_ROOM] = "";
    if (args->settings_file != NULL) {
        TRY(settings_load(&app->settings, args->settings_file, why));
    } else if (args->folder != NULL) {
        ignore_int(snprintf(path, sizeof path, "%s/loa.conf", args->folder));
        TRY(file_exists(path) ? settings_load(&app->settings, path, why) : OK);
    }
    if (args->folder != NULL) {
        TRY(settings_set(&app->settings, SETTING_KEY_folder, str_of(args->folder),
                         SETTING_FROM_FILE, why));
    }
    if (args->listen != NULL) {
        TRY(settings_set(&app->settings, SETTING_KEY_listen, str_of(args->listen),
                         SETTING_FROM_FILE, why));
    }
    for (size_t i = 0; i < args->set_count; i++) {
        TRY(set(app, str_of(args->sets[i]), why));
    }
    return settings_check(&app->settings, why);
}

errc app_init(const struct args *args, struct app *app, struct why *why)
{
    *app = (struct app){.args = args, .entropy = entropy_system()};
    TRY(console_words(&app->words, why));
    errc rc = load_settings(app, why);
    if (rc == OK) {
        rc = policy_of_settings(&app->settings, &app->policy, why);
    }
    if (rc != OK) {
        app_finish(app);
    }
    return rc;
}

void app_store_config(struct app *app, struct store_config *config)
{
    ignore_int(snprintf(app->database, sizeof app->database, "%s/loa.sqlite", app_folder(app)));
    const struct settings *settings = &app->settings;
    bool postgresql = settings_number(settings, SETTING_KEY_database) == 1;
    *config = (struct store_config){
        .kind = postgresql ? STORE_POSTGRESQL : STORE_SQLITE,
        .path = app->database,
        .conninfo = settings_text(settings, SETTING_KEY_postgresql),
        .rooms = rooms,
        .room_count = COUNT_OF(rooms),
        .readers = (size_t)settings_number(settings, SETTING_KEY_readers),
        .writers = (size_t)settings_number(settings, SETTING_KEY_writers),
        .queue_most = (size_t)settings_number(settings, SETTING_KEY_queue_most),
        .entropy = app->entropy,
    };
}

errc app_open(struct app *app, bool fresh, struct why *why)
{
    const char *folder = app_folder(app);
    const char *user = settings_text(&app->settings, SETTING_KEY_user);
    TRY(file_make_folder(folder, 0700, why));
    TRY(privileges_give_folder(folder, user, why));
    TRY(privileges_become(user, why));
    struct store_config config;
    app_store_config(app, &config);
    if (fresh && file_exists(app->database)) {
        return fail(why, ERR_EXISTS, "%s is there already", app->database);
    }
    TRY(key_file_open(folder, app->entropy, &app->key, why));
    TRY(store_open(&config, &app->store, why));
    TRY(unit_book_create(&app->units));
    struct app_live live = {.app = app};
    TRY(store_read_now(app->store, app_live_read, &live, why));
    app->policy = live.policy;
    return OK;
}

errc app_start_signing(struct app *app, struct why *why)
{
    return signing_start(&app->settings, app_folder(app), &app->signing, why);
}

void app_finish(struct app *app)
{
    store_close(app->store);
    app->store = NULL;
    signing_stop(app->signing);
    app->signing = NULL;
    unit_book_destroy(app->units);
    app->units = NULL;
    words_destroy(app->words);
    app->words = NULL;
    mem_wipe(&app->key, sizeof app->key);
}

errc app_live_read(void *ctx, struct db *db, struct why *why)
{
    struct app_live *live = ctx;
    live->settings = live->app->settings;
    TRY(setting_rows_load(db, &live->settings, why));
    return policy_of_settings(&live->settings, &live->policy, why);
}

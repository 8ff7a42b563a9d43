/* What every command of loa-server has in its hands: settings, words, the store, the units, the
 * server's own secret. A command opens as much of it as it needs. */
#ifndef LOA_SERVER_APP_H
#define LOA_SERVER_APP_H

#include "base/entropy.h"
#include "base/words.h"
#include "people/account_key.h"
#include "people/policy.h"
#include "people/unit_book.h"
#include "server/args.h"
#include "server/settings.h"
#include "server/signing.h"
#include "store/store.h"

enum { APP_PATH_ROOM = 512 };

struct app {
    const struct args *args;
    struct settings settings; /* as the file and the command line say; constant */
    struct policy policy;     /* in force; while serving, of the loop's thread */
    struct words *words;
    struct entropy entropy;
    struct account_key key;
    struct store *store;
    struct unit_book *units;
    struct signing *signing;      /* null where nothing is signed */
    char database[APP_PATH_ROOM]; /* path of the SQLite file */
};

/* Settings and words; opens nothing. */
CHECKED errc app_init(const struct args *args, struct app *app, struct why *why);
/* For commands that may sign: before app_open, for nothing may be open yet. */
CHECKED errc app_start_signing(struct app *app, struct why *why);
/* The folder, the server's secret, the store. `fresh`: the folder must hold no database yet. */
CHECKED errc app_open(struct app *app, bool fresh, struct why *why);
/* Where the database is and what it must hold; borrows the app. */
void app_store_config(struct app *app, struct store_config *config);
void app_finish(struct app *app);
const char *app_folder(const struct app *app);
usec app_zone(const struct app *app);
/* What the console laid over the settings, and the rules that follow. Reads in a job of the store,
 * writes only where it is told to. */
struct app_live {
    const struct app *app;
    struct settings settings;
    struct policy policy;
};
CHECKED errc app_live_read(void *live, struct db *db, struct why *why); /* a struct app_live */
/* The rooms whose tables this program has, lowest first. */
const struct store_room *const *app_rooms(size_t *ret_count);

#endif

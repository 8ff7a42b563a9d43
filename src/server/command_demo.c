/* `loa-server demo`: an invented province with a past, and people who work in it. Everything goes
 * through the same imports and reforms that a real province uses. Passwords are random and printed
 * once. */
#include "base/csv.h"
#include "people/unit_demo.h"
#include "server/commands.h"
#include "server/demo_alerts.h"
#include "server/demo_bulletin.h"
#include "server/demo_duty.h"
#include "server/demo_fleet.h"
#include "server/demo_programme.h"
#include "server/embedded.h"
#include "server/founding.h"

enum { PEOPLE_ARENA = 1024 * 1024 };

struct demo {
    struct founding founding;
    str codes[FOUNDERS_MOST]; /* of the founders' units */
};

static errc take_person(struct demo *demo, const struct csv *csv, struct arena *arena,
                        struct why *why)
{
    enum role role = ROLE_VIEWER;
    str login = arena_str(arena, csv->cells[0]);
    str name = arena_str(arena, csv->cells[1]);
    str code = arena_str(arena, csv->cells[3]);
    if (csv->cell_count != 4 || !role_parse(csv->cells[2], &role) || arena_failed(arena)) {
        return fail(why, ERR_BAD_CSV, "demo accounts, line %zu", csv->line);
    }
    demo->codes[demo->founding.founder_count] = code;
    return founding_add(&demo->founding, login.at, name, role, why);
}

static errc take_people(struct demo *demo, struct arena *cells, struct why *why)
{
    struct csv csv;
    bool more = true;
    TRY(csv_open(embedded_accounts_csv(), cells, &csv, why));
    TRY(csv_next(&csv, &more, why)); /* the headings */
    for (;;) {
        TRY(csv_next(&csv, &more, why));
        if (!more) {
            return OK;
        }
        TRY(take_person(demo, &csv, demo->founding.arena, why));
    }
}

static errc place_people(struct demo *demo, struct db *db, struct why *why)
{
    struct founding *founding = &demo->founding;
    forest_drop(founding->forest);
    founding->forest = NULL;
    TRY(unit_book_write(founding->app->units, db, &founding->forest, why));
    struct tree today = forest_at(founding->forest, founding->actor.today);
    for (size_t i = 0; i < founding->founder_count; i++) {
        founding->founders[i].unit = tree_by_code(today, -1, demo->codes[i]);
        if (founding->founders[i].unit == 0) {
            return fail(why, ERR_NOT_FOUND, "no unit %.*s today", STR_ARG(demo->codes[i]));
        }
    }
    return OK;
}

static errc found(void *ctx, struct db *db, struct why *why)
{
    struct demo *demo = ctx;
    struct unit_job job = founding_unit_job(&demo->founding);
    unit_id province = 0;
    TRY(unit_demo_load(&job, db, &province, why));
    TRY(place_people(demo, db, why));
    TRY(founding_accounts(&demo->founding, db, why));
    TRY(founding_keys(&demo->founding, db, province, why));
    TRY(demo_fleet(&demo->founding, db, why));
    TRY(demo_programme(&demo->founding, db, why));
    TRY(demo_alerts(&demo->founding, db, why));
    TRY(demo_duty(&demo->founding, db, why));
    return demo_bulletins(&demo->founding, db, why);
}

static errc make(struct app *app, struct demo *demo, struct why *why)
{
    AUTO(arena_close) struct arena *cells = NULL;
    TRY(arena_create(PEOPLE_ARENA, &cells));
    TRY(demo_sounds_keep(app, why));
    TRY(founding_start(app, &demo->founding, why));
    TRY(take_people(demo, cells, why));
    return store_write_now(app->store, found, demo, why);
}

errc command_demo(struct app *app, struct why *why)
{
    struct demo demo = {.codes = {STR_NONE}};
    TRY(app_start_signing(app, why));
    TRY(app_open(app, true, why));
    errc rc = make(app, &demo, why);
    if (rc == OK) {
        founding_print(&demo.founding);
    }
    founding_finish(&demo.founding);
    return rc;
}

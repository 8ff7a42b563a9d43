/* One write job a minute after the start and then every hour. It touches few rows: what is left
 * over is for the next hour. */
#include "server/chores.h"

#include "base/log.h"
#include "people/account.h"
#include "people/audit.h"
#include "people/login.h"
#include "people/session_store.h"

enum { ACCOUNTS_A_TIME = 100, AUDIT_LINES_A_TIME = 10000 };

struct chores {
    struct app *app;
    struct loop *loop;
    loop_timer timer;
    int64_t disabled;
    int64_t pruned;
};

static errc do_chores(void *ctx, struct db *db, struct why *why)
{
    struct chores *chores = ctx;
    const struct app *app = chores->app;
    usec now = now_utc();
    struct actor actor = {.account_id = 0, .now = now, .today = day_of(now, app_zone(app))};
    struct account_setup setup = {
        .policy = app->policy, .key = app->key, .entropy = app->entropy};
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(4 * 1024 * 1024, &arena));
    struct account_job job = {.setup = &setup, .actor = &actor, .arena = arena};
    TRY(login_tidy(db, &app->policy, now, why));
    TRY(session_tidy(db, &app->policy, now, why));
    TRY(account_disable_inactive(db, &job, ACCOUNTS_A_TIME, &chores->disabled, why));
    return audit_prune(db, &app->policy, &actor, AUDIT_LINES_A_TIME, &chores->pruned, why);
}

static void chores_done(void *ctx, errc rc, const struct why *why)
{
    struct chores *chores = ctx;
    if (rc != OK) {
        LOG(LOG_WARN, "chores_failed", log_errc(rc), log_why(why));
        return;
    }
    if (chores->disabled > 0 || chores->pruned > 0) {
        LOG(LOG_INFO, "chores_done", log_int("accounts_disabled", chores->disabled),
            log_int("audit_lines_removed", chores->pruned));
    }
}

static void on_time(void *ctx)
{
    struct chores *chores = ctx;
    struct store_job job = {.run = do_chores, .done = chores_done, .ctx = chores};
    ignore(store_write(chores->app->store, &job, NULL));
}

struct chores *chores_start(struct app *app, struct loop *loop)
{
    struct chores *chores = mem_take(sizeof *chores);
    chores->app = app;
    chores->loop = loop;
    chores->timer = loop_timer_start(loop, USEC_MINUTE, USEC_HOUR, on_time, chores);
    return chores;
}

void chores_stop(struct chores *chores)
{
    if (chores != NULL) {
        loop_timer_stop(chores->loop, chores->timer);
    }
    mem_give(chores);
}

/* One write job a minute after the start and then every hour. It touches few rows: what is left
 * over is for the next hour. */
#include "server/chores.h"

#include "base/log.h"
#include "fleet/fault.h"
#include "people/account.h"
#include "people/audit.h"
#include "people/login.h"
#include "people/session_store.h"

enum {
    ACCOUNTS_A_TIME = 100,
    AUDIT_LINES_A_TIME = 10000,
    FAULTS_A_TIME = 10000,
    FAULT_DAYS = 800, /* two years of reports and what is asked about them */
};

struct chores {
    struct app *app;
    struct loop *loop;
    loop_timer timer;
};

/* One round, with the rules as they were when it began. */
struct round {
    const struct app *app;
    struct policy policy;
    int64_t disabled;
    int64_t pruned;
};

static errc do_chores(void *ctx, struct db *db, struct why *why)
{
    struct round *round = ctx;
    const struct app *app = round->app;
    usec now = now_utc();
    struct actor actor = {.account_id = 0, .now = now, .today = day_of(now, app_zone(app))};
    struct account_setup setup = {
        .policy = round->policy, .key = app->key, .entropy = app->entropy};
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(4 * 1024 * 1024, &arena));
    struct account_job job = {.setup = &setup, .actor = &actor, .arena = arena};
    TRY(login_tidy(db, &round->policy, now, why));
    TRY(session_tidy(db, &round->policy, now, why));
    TRY(fault_tidy(db, now - (usec)FAULT_DAYS * USEC_DAY, FAULTS_A_TIME, why));
    TRY(account_disable_inactive(db, &job, ACCOUNTS_A_TIME, &round->disabled, why));
    return audit_prune(db, &round->policy, &actor, AUDIT_LINES_A_TIME, &round->pruned, why);
}

static void chores_done(void *ctx, errc rc, const struct why *why)
{
    struct round *round = ctx;
    if (rc != OK) {
        LOG(LOG_WARN, "chores_failed", log_errc(rc), log_why(why));
    } else if (round->disabled > 0 || round->pruned > 0) {
        LOG(LOG_INFO, "chores_done", log_int("accounts_disabled", round->disabled),
            log_int("audit_lines_removed", round->pruned));
    }
    mem_give(round);
}

static void on_time(void *ctx)
{
    struct chores *chores = ctx;
    if (chores->app->store == NULL) { /* stopping */
        return;
    }
    struct round *round = mem_take(sizeof *round);
    *round = (struct round){.app = chores->app, .policy = chores->app->policy};
    struct store_job job = {.run = do_chores, .done = chores_done, .ctx = round};
    if (store_write(chores->app->store, &job, NULL) != OK) {
        mem_give(round);
    }
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

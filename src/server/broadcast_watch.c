/* A table of errands: how often, how long after a change, and what. Plans are found by a reader and
 * issued commune by commune, so that no writer is held for long. */
#include "server/broadcast_watch.h"
#include "server/policy_of.h"

#include "base/crash.h"
#include "base/log.h"
#include "broadcast/alarm.h"
#include "broadcast/plan_issue.h"
#include "broadcast/play_log.h"
#include "orders/order_book.h"

enum errand_kind {
    ERRAND_RECALL,
    ERRAND_EXPIRE,
    ERRAND_FIND_PLANS,
    ERRAND_ISSUE_PLAN,
    ERRAND_SUM,
    ERRAND_SETTLE,
    ERRAND_PRUNE,
    ERRANDS,
};

enum { JOB_ARENA = 512 * 1024 * 1024, SUMS_A_TIME = 500, ROWS_A_TIME = 2000, DUE_MOST = 4096 };

struct broadcast_watch {
    struct broadcast_watch_config config;
    struct broadcast_policy policy;
    loop_timer timer;
    uint64_t seconds;
    bool is_wanted[ERRANDS];
    bool is_running[ERRANDS];
    unit_id due[DUE_MOST]; /* communes whose plan is to be issued */
    size_t due_count;
};

struct errand {
    struct broadcast_watch *watch;
    enum errand_kind kind;
    usec now;
    unit_id commune;
    unit_id due[DUE_MOST];
    size_t due_count;
    bool more;
    errc rc;
    struct why why;
};

/* --- in the store ---------------------------------------------------------------------------- */

static errc find_plans(struct errand *errand, const struct desk *desk, struct db *db,
                       struct why *why)
{
    struct plan_units units;
    TRY(plans_due(desk, db, &units, why));
    errand->due_count = units.count < DUE_MOST ? units.count : DUE_MOST;
    memcpy(errand->due, units.at, errand->due_count * sizeof(unit_id));
    return OK;
}

static errc settle(const struct desk *desk, struct db *db, struct why *why)
{
    day today = desk->actor->today;
    TRY(play_log_settle(db, today - 1, desk->zone, desk->actor->now, why));
    return play_log_settle(db, today, desk->zone, desk->actor->now, why);
}

static errc prune(const struct desk *desk, struct db *db, struct why *why)
{
    int64_t gone = 0;
    usec now = desk->actor->now;
    TRY(play_log_prune(db, now - desk->policy->log_keep, ROWS_A_TIME, why));
    return orders_tidy(db, now, ROWS_A_TIME, &gone, why);
}

static errc run_errand(struct errand *errand, const struct desk *desk, struct db *db,
                       struct why *why)
{
    switch (errand->kind) {
    case ERRAND_RECALL:
        return alarms_recall(db, errand->watch->config.coverage, errand->now, desk->arena, why);
    case ERRAND_EXPIRE:
        return alarms_expire(desk, db, errand->watch->config.coverage, why);
    case ERRAND_FIND_PLANS:
        return find_plans(errand, desk, db, why);
    case ERRAND_ISSUE_PLAN:
        return plans_issue(desk, db, errand->commune, why);
    case ERRAND_SUM:
        return play_log_sum(db, desk->zone, SUMS_A_TIME, &errand->more, why);
    case ERRAND_SETTLE:
        return settle(desk, db, why);
    case ERRAND_PRUNE:
        return prune(desk, db, why);
    case ERRANDS:
        break;
    }
    return OK;
}

static errc run(void *ctx, struct db *db, struct why *why)
{
    struct errand *errand = ctx;
    const struct broadcast_watch *watch = errand->watch;
    const struct app *app = watch->config.app;
    AUTO(arena_close) struct arena *arena = NULL;
    AUTO(forest_close) struct forest *forest = NULL;
    struct actor server = {.now = errand->now, .today = day_of(errand->now, app_zone(app))};
    TRY(arena_create(JOB_ARENA, &arena));
    TRY(unit_book_write(app->units, db, &forest, why));
    struct desk desk = {.actor = &server,
                        .forest = forest,
                        .receivers = watch->config.receivers,
                        .signing = watch->config.signing,
                        .policy = &watch->policy,
                        .entropy = app->entropy,
                        .zone = app_zone(app),
                        .arena = arena};
    return run_errand(errand, &desk, db, why);
}

/* --- one after the other --------------------------------------------------------------------- */

static void start(struct broadcast_watch *watch, enum errand_kind kind);

static void take_due(struct broadcast_watch *watch, const struct errand *errand)
{
    watch->due_count = errand->due_count;
    memcpy(watch->due, errand->due, errand->due_count * sizeof(unit_id));
}

static void finish(void *ctx)
{
    struct errand *errand = ctx;
    struct broadcast_watch *watch = errand->watch;
    watch->is_running[errand->kind] = false;
    if (errand->rc != OK && errand->rc != ERR_CLOSED) {
        LOG(LOG_WARN, "broadcast_errand_failed", log_int("errand", (int64_t)errand->kind),
            log_int("unit", errand->commune), log_errc(errand->rc), log_why(&errand->why));
    }
    if (errand->rc == OK && errand->kind == ERRAND_FIND_PLANS) {
        take_due(watch, errand);
    }
    if (errand->rc == OK && errand->more) {
        start(watch, errand->kind);
    }
    start(watch, ERRAND_ISSUE_PLAN);
    mem_give(errand);
}

static void done(void *ctx, errc rc, const struct why *why)
{
    struct errand *errand = ctx;
    errand->rc = rc;
    if (rc != OK && why != NULL) {
        errand->why = *why;
    }
    ENSURE(loop_post(errand->watch->config.loop, finish, errand) == OK);
}

static bool only_reads(enum errand_kind kind)
{
    return kind == ERRAND_RECALL || kind == ERRAND_FIND_PLANS;
}

static void start(struct broadcast_watch *watch, enum errand_kind kind)
{
    struct store *store = watch->config.app->store;
    bool is_idle = kind == ERRAND_ISSUE_PLAN && watch->due_count == 0;
    if (store == NULL || watch->is_running[kind] || is_idle) {
        return;
    }
    struct errand *errand = mem_take(sizeof *errand);
    errand->watch = watch;
    errand->kind = kind;
    errand->now = now_utc();
    if (kind == ERRAND_ISSUE_PLAN) {
        errand->commune = watch->due[--watch->due_count];
    }
    struct store_job job = {.run = run, .done = done, .ctx = errand};
    errc rc = only_reads(kind) ? store_read(store, &job, NULL) : store_write(store, &job, NULL);
    if (rc != OK) {
        mem_give(errand);
        watch->is_wanted[kind] = kind != ERRAND_ISSUE_PLAN;
        return;
    }
    watch->is_running[kind] = true;
    watch->is_wanted[kind] = false;
}

static void on_second(void *ctx)
{
    static const uint64_t every[ERRANDS] = {[ERRAND_EXPIRE] = 2,
                                            [ERRAND_FIND_PLANS] = 1800,
                                            [ERRAND_SUM] = 60,
                                            [ERRAND_SETTLE] = 600,
                                            [ERRAND_PRUNE] = 3600};
    struct broadcast_watch *watch = ctx;
    watch->seconds++;
    watch->is_wanted[ERRAND_RECALL] |= coverage_missed(watch->config.coverage);
    for (int kind = 0; kind < ERRANDS; kind++) {
        bool is_due = every[kind] != 0 && watch->seconds % every[kind] == 0;
        if (is_due || watch->is_wanted[kind]) {
            start(watch, (enum errand_kind)kind);
        }
    }
}

void broadcast_watch_changed(struct broadcast_watch *watch, str topic)
{
    bool all = str_is(topic, S("*"));
    bool plans = str_is(topic, S("programmes")) || str_is(topic, S("devices")) ||
                 str_is(topic, S("units")) || str_is(topic, S("stations"));
    watch->is_wanted[ERRAND_FIND_PLANS] |= all || plans;
    /* What devices of other servers said is only in the rows. */
    const struct store *store = watch->config.app->store;
    bool elsewhere = store != NULL && store_is_postgresql(store) && str_is(topic, S("coverage"));
    watch->is_wanted[ERRAND_RECALL] |= all || elsewhere || str_is(topic, S("alarms"));
    watch->is_wanted[ERRAND_SUM] |= all || str_is(topic, S("plays"));
}

struct broadcast_watch *broadcast_watch_start(const struct broadcast_watch_config *config)
{
    struct broadcast_watch *watch = mem_take(sizeof *watch);
    watch->config = *config;
    watch->policy = broadcast_policy_of_settings(&config->app->settings);
    watch->is_wanted[ERRAND_RECALL] = true;
    watch->is_wanted[ERRAND_FIND_PLANS] = true;
    watch->is_wanted[ERRAND_SETTLE] = true;
    watch->timer = loop_timer_start(config->loop, USEC_SECOND, USEC_SECOND, on_second, watch);
    return watch;
}

void broadcast_watch_stop(struct broadcast_watch *watch)
{
    if (watch != NULL) {
        loop_timer_stop(watch->config.loop, watch->timer);
        mem_give(watch);
    }
}

/* Two hands: one for what must not wait, one for the network. See alert_works.h. */
#include "server/alert_works_inside.h"

#include "base/log.h"
#include "server/policy_of.h"

#include <signal.h>
#include <time.h>

enum { LOOK_EVERY_S = 5, HAND_ARENA = 64 * 1024 * 1024 };

/* --- a job at the store ------------------------------------------------------------------------
 */

static errc run_errand(void *ctx, struct db *db, struct why *why)
{
    const struct alert_errand *errand = ctx;
    const struct alert_works *works = errand->works;
    const struct app *app = works->config.app;
    AUTO(forest_close) struct forest *forest = NULL;
    usec now = now_utc();
    struct actor server = {.now = now, .today = day_of(now, app_zone(app))};
    arena_reset(errand->arena);
    TRY(unit_book_write(app->units, db, &forest, why));
    struct desk desk = {.actor = &server,
                        .forest = forest,
                        .receivers = works->config.receivers,
                        .signing = works->config.signing,
                        .policy = &works->policy,
                        .entropy = app->entropy,
                        .zone = app_zone(app),
                        .arena = errand->arena};
    return errand->run(&desk, db, errand->ctx, why);
}

errc alert_read(struct alert_errand *errand, struct why *why)
{
    return store_read_now(errand->works->config.app->store, run_errand, errand, why);
}

errc alert_write(struct alert_errand *errand, struct why *why)
{
    return store_write_now(errand->works->config.app->store, run_errand, errand, why);
}

bool alert_is_stopping(const struct alert_works *works)
{
    return atomic_load(&works->stopping);
}

/* --- what must not wait ------------------------------------------------------------------------
 */

enum { READY_MOST = 100 };

struct ready {
    int64_t ids[READY_MOST];
    size_t count;
    int64_t id; /* the one that is run */
    bool more;
};

static errc find_ready(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    struct ready *ready = ctx;
    struct cap_ready list;
    TRY(cap_messages_ready(db, desk->arena, &list, why));
    ready->count = list.count < READY_MOST ? list.count : READY_MOST;
    memcpy(ready->ids, list.ids, ready->count * sizeof *list.ids);
    return OK;
}

static errc run_one(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    const struct ready *ready = ctx;
    return cap_message_run(desk, db, ready->id, why);
}

static errc give_up(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    const struct ready *ready = ctx;
    (void)desk;
    return cap_message_give_up(db, ready->id, why);
}

static bool is_passing(errc rc)
{
    return rc == ERR_CLOSED || rc == ERR_STORE || rc == ERR_BUSY || rc == ERR_DISK_FULL ||
           rc == ERR_TIMEOUT;
}

static void run_ready(struct alert_hand *hand)
{
    struct ready ready = {.count = 0};
    struct why why = {""};
    struct alert_errand errand = {hand->works, hand->arena, find_ready, &ready};
    if (alert_read(&errand, &why) != OK) {
        return;
    }
    for (size_t i = 0; i < ready.count && !alert_is_stopping(hand->works); i++) {
        ready.id = ready.ids[i];
        errand.run = run_one;
        errc rc = alert_write(&errand, &why);
        if (rc != OK && !is_passing(rc)) {
            LOG(LOG_WARN, "cap_message_failed", log_int("message", ready.id), log_errc(rc),
                log_why(&why));
            errand.run = give_up;
            ignore(alert_write(&errand, NULL));
        }
    }
}

static errc issue(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    struct alert_hand *hand = ctx;
    bool more = false;
    TRY(cap_issue_due(desk, db, &hand->works->issuer, &more, why));
    if (more) {
        alert_works_changed(hand->works, S("cap"));
    }
    return OK;
}

static errc expire(const struct desk *desk, struct db *db, void *ctx, struct why *why)
{
    (void)ctx;
    return cap_messages_expire(db, desk->actor->now, why);
}

static void quick_round(struct alert_hand *hand)
{
    struct why why = {""};
    struct alert_errand errand = {hand->works, hand->arena, issue, hand};
    run_ready(hand);
    errc rc = alert_write(&errand, &why);
    bool is_minute = now_steady() >= hand->next_minute;
    if (rc != OK && !is_passing(rc) && is_minute) { /* once a minute will do */
        LOG(LOG_WARN, "cap_not_issued", log_errc(rc), log_why(&why));
    }
    if (is_minute) {
        hand->next_minute = now_steady() + USEC_MINUTE;
        errand.run = expire;
        ignore(alert_write(&errand, NULL));
    }
}

/* --- threads -----------------------------------------------------------------------------------
 */

/* Until there is news, or for a while. */
static void wait_for_news(struct alert_hand *hand)
{
    struct alert_works *works = hand->works;
    struct timespec until = {.tv_sec = (time_t)(now_steady() / USEC_SECOND) + LOOK_EVERY_S};
    ignore_int(pthread_mutex_lock(&works->lock));
    int rc = 0;
    while (rc == 0 && works->wanted == hand->seen && !alert_is_stopping(works)) {
        rc = pthread_cond_timedwait(&works->news, &works->lock, &until);
    }
    hand->seen = works->wanted;
    ignore_int(pthread_mutex_unlock(&works->lock));
}

static void *work(void *ctx)
{
    struct alert_hand *hand = ctx;
    while (!alert_is_stopping(hand->works)) {
        hand->round(hand);
        wait_for_news(hand);
    }
    return NULL;
}

static void init_waiting(struct alert_works *works)
{
    pthread_condattr_t how;
    ignore_int(pthread_mutex_init(&works->lock, NULL));
    ignore_int(pthread_condattr_init(&how));
    ignore_int(pthread_condattr_setclock(&how, CLOCK_MONOTONIC));
    ignore_int(pthread_cond_init(&works->news, &how));
    ignore_int(pthread_condattr_destroy(&how));
}

/* Signals are the loop's. */
static errc start_hands(struct alert_works *works, struct why *why)
{
    static void (*const rounds[ALERT_HANDS])(struct alert_hand *) = {quick_round, alert_poll_round};
    sigset_t all;
    sigset_t before;
    int rc = 0;
    ignore_int(sigfillset(&all));
    ignore_int(pthread_sigmask(SIG_SETMASK, &all, &before));
    for (size_t i = 0; i < ALERT_HANDS && rc == 0; i++) {
        struct alert_hand *hand = &works->hands[i];
        hand->works = works;
        hand->round = rounds[i];
        rc = arena_create(HAND_ARENA, &hand->arena) == OK
                 ? pthread_create(&hand->thread, NULL, work, hand)
                 : -1;
        hand->is_running = rc == 0;
    }
    ignore_int(pthread_sigmask(SIG_SETMASK, &before, NULL));
    return rc == 0 ? OK : fail(why, ERR_NO_MEMORY, "threads for warnings");
}

errc alert_works_start(const struct alert_works_config *config, struct alert_works **ret_works,
                       struct why *why)
{
    struct alert_works *works = mem_take(sizeof *works);
    const struct settings *settings = &config->app->settings;
    works->config = *config;
    works->policy = broadcast_policy_of_settings(settings);
    works->fetch = (struct alert_fetch){
        .private_addresses = settings_number(settings, SETTING_KEY_cap_private_addresses) != 0,
        .stopping = &works->stopping};
    works->issuer =
        (struct cap_issuer){.key = buf_str(&config->key->key),
                            .certificate = buf_str(&config->key->certificate),
                            .sender = str_of(settings_text(settings, SETTING_KEY_cap_sender)),
                            .origin = str_of(settings_text(settings, SETTING_KEY_public_address))};
    init_waiting(works);
    errc rc = start_hands(works, why);
    if (rc != OK) {
        alert_works_stop(works);
        return rc;
    }
    *ret_works = works;
    return OK;
}

void alert_works_changed(struct alert_works *works, str topic)
{
    bool counts = str_is(topic, S("alarms")) || str_is(topic, S("cap")) || str_is(topic, S("*"));
    if (works == NULL || !counts) {
        return;
    }
    ignore_int(pthread_mutex_lock(&works->lock));
    works->wanted++;
    ignore_int(pthread_cond_broadcast(&works->news));
    ignore_int(pthread_mutex_unlock(&works->lock));
}

void alert_works_stop(struct alert_works *works)
{
    if (works == NULL) {
        return;
    }
    ignore_int(pthread_mutex_lock(&works->lock));
    atomic_store(&works->stopping, true);
    ignore_int(pthread_cond_broadcast(&works->news));
    ignore_int(pthread_mutex_unlock(&works->lock));
    for (size_t i = 0; i < ALERT_HANDS; i++) {
        if (works->hands[i].is_running) {
            ignore_int(pthread_join(works->hands[i].thread, NULL));
        }
        arena_destroy(works->hands[i].arena);
    }
    ignore_int(pthread_cond_destroy(&works->news));
    ignore_int(pthread_mutex_destroy(&works->lock));
    mem_give(works);
}

/* An errand looks first, as a reader, whether there is anything to do, and only then takes the
 * writer. People are gone through one after the other, so that no writer is held for long. */
#include "server/duty_watch.h"

#include "base/crash.h"
#include "base/file.h"
#include "base/log.h"
#include "duty/told.h"
#include "people/person.h"
#include "server/policy_of.h"
#include "server/post_lane.h"

enum errand_kind {
    ERRAND_CALL,
    ERRAND_URGENT,   /* letters */
    ERRAND_ORDINARY, /* letters */
    ERRAND_NEWS,     /* whom to look at */
    ERRAND_DIGEST,   /* whom to look at */
    ERRAND_PERSON,
    ERRAND_TIDY,
    ERRANDS,
};

enum { JOB_ARENA = 64 * 1024 * 1024, ITEMS_OF_KIND = 50, LANES = 2, PASSWORD_MOST_BYTES = 256 };
enum { NEWS_EVERY_S = 60, NEWS_SOON_S = 3 };

struct reader_queue {
    int64_t *at;
    size_t count;
    bool is_digest;
};

struct duty_watch {
    struct duty_watch_config config;
    struct duty_policy policy;
    struct post_config post;
    char password[PASSWORD_MOST_BYTES + 1];
    char from_name[128];
    loop_timer timer;
    uint64_t seconds;
    bool is_halted;
    bool is_wanted[ERRANDS];
    bool is_running[ERRANDS];
    struct reader_queue news;
    struct reader_queue digests;
    struct post_lane *lanes[LANES];
};

struct errand {
    struct duty_watch *watch;
    enum errand_kind kind;
    struct duty_policy policy;
    usec now;
    int64_t account;
    bool is_digest;
    bool is_due; /* there is something to write */
    struct arena *arena;
    struct person person;
    struct inbox inbox;
    struct account_ids readers;
    struct post_batch batch; /* of ERRAND_URGENT and ERRAND_ORDINARY */
    errc rc;
    struct why why;
};

/* --- in the store ----------------------------------------------------------------------------- */

/* What a job of an errand has in its hands. */
struct at_work {
    struct errand *errand;
    struct forest *forest;
    struct actor actor;
    struct arena *arena; /* of this run */
    struct duty_job duty;
};

static void fill_work(struct at_work *work)
{
    struct errand *errand = work->errand;
    const struct app *app = errand->watch->config.app;
    work->duty = (struct duty_job){.actor = &work->actor,
                                   .forest = work->forest,
                                   .arena = work->arena,
                                   .policy = &errand->policy,
                                   .words = app->words,
                                   .zone = app_zone(app)};
}

static errc look_calls(const struct at_work *work, struct db *db, struct why *why)
{
    struct call_alarms alarms = {.count = 0};
    TRY(inbox_call_alarms(work->errand->watch->config.inbox, &work->duty, db, &alarms, why));
    return calls_are_due(&work->duty, db, &alarms, &work->errand->is_due, why);
}

static errc look_person(const struct at_work *work, struct db *db, struct why *why)
{
    struct errand *errand = work->errand;
    const struct app *app = errand->watch->config.app;
    struct why unseen;
    errc rc = person_find(db, errand->account, work->actor.today, errand->arena, &errand->person,
                          &unseen);
    if (rc == ERR_NOT_FOUND) { /* disabled meanwhile */
        return OK;
    }
    TRY(rc);
    struct actor actor = person_actor(&errand->person, errand->now, work->actor.today);
    struct inbox_job job = {.actor = &actor,
                            .forest = work->forest,
                            .arena = errand->arena,
                            .zone = app_zone(app),
                            .words = app->words,
                            .language = words_language_of(errand->person.language)};
    TRY(inbox_gather(&errand->watch->config.inbox->sources, &job, db, ITEMS_OF_KIND, &errand->inbox,
                     why));
    errand->is_due = errand->is_digest || errand->inbox.count > 0;
    return OK;
}

static errc look_digests(const struct at_work *work, struct db *db, struct why *why)
{
    struct duty_job job = work->duty;
    job.arena = work->errand->arena; /* what is found outlives this run */
    return digest_readers(&job, db, &work->errand->readers, why);
}

static errc look(const struct at_work *work, struct db *db, struct why *why)
{
    struct errand *errand = work->errand;
    switch (errand->kind) {
    case ERRAND_CALL:
        return look_calls(work, db, why);
    case ERRAND_URGENT:
        return letters_are_due(db, true, errand->now, work->arena, &errand->is_due, why);
    case ERRAND_ORDINARY:
        return letters_are_due(db, false, errand->now, work->arena, &errand->is_due, why);
    case ERRAND_NEWS:
        return told_readers(db, errand->arena, &errand->readers, why);
    case ERRAND_DIGEST:
        return look_digests(work, db, why);
    case ERRAND_PERSON:
        return look_person(work, db, why);
    case ERRAND_TIDY:
    case ERRANDS:
        break;
    }
    return OK;
}

static errc write_calls(const struct at_work *work, struct db *db, struct why *why)
{
    struct call_alarms alarms = {.count = 0};
    TRY(inbox_call_alarms(work->errand->watch->config.inbox, &work->duty, db, &alarms, why));
    return calls_advance(&work->duty, db, &alarms, why);
}

static errc write_person(struct at_work *work, struct db *db, struct why *why)
{
    const struct errand *errand = work->errand;
    const struct person *person = &errand->person;
    struct digest_reader reader = {words_language_of(person->language), person->email};
    work->actor = person_actor(person, errand->now, work->actor.today);
    return errand->is_digest ? digest_make(&work->duty, db, &reader, &errand->inbox, why)
                             : told_items(&work->duty, db, reader.language, &errand->inbox, why);
}

static errc claim(struct errand *errand, bool urgent, struct db *db, struct why *why)
{
    arena_reset(errand->arena); /* the job may run again */
    return letters_claim(db, urgent, errand->now, errand->arena, &errand->batch.letters, why);
}

static errc write(struct at_work *work, struct db *db, struct why *why)
{
    struct errand *errand = work->errand;
    switch (errand->kind) {
    case ERRAND_CALL:
        return write_calls(work, db, why);
    case ERRAND_URGENT:
        return claim(errand, true, db, why);
    case ERRAND_ORDINARY:
        return claim(errand, false, db, why);
    case ERRAND_PERSON:
        return write_person(work, db, why);
    case ERRAND_TIDY:
        return letters_tidy(db, errand->now, why);
    case ERRAND_NEWS:
    case ERRAND_DIGEST:
    case ERRANDS:
        break;
    }
    return OK;
}

static errc run(struct errand *errand, bool writes, struct db *db, struct why *why)
{
    const struct app *app = errand->watch->config.app;
    AUTO(arena_close) struct arena *arena = NULL;
    AUTO(forest_close) struct forest *forest = NULL;
    struct at_work work = {.errand = errand};
    work.actor = (struct actor){.now = errand->now, .today = day_of(errand->now, app_zone(app))};
    TRY(arena_create(JOB_ARENA, &arena));
    TRY(writes ? unit_book_write(app->units, db, &forest, why)
               : unit_book_read(app->units, db, &forest, why));
    work.forest = forest;
    work.arena = arena;
    fill_work(&work);
    return writes ? write(&work, db, why) : look(&work, db, why);
}

static errc run_look(void *ctx, struct db *db, struct why *why)
{
    struct errand *errand = ctx;
    errand->is_due = false;
    return run(errand, false, db, why);
}

static errc run_write(void *ctx, struct db *db, struct why *why)
{
    return run(ctx, true, db, why);
}

/* --- one after the other ---------------------------------------------------------------------- */

static void start(struct duty_watch *watch, enum errand_kind kind);
static void start_person(struct duty_watch *watch);

static void end_errand(struct errand *errand)
{
    struct duty_watch *watch = errand->watch;
    enum errand_kind kind = errand->kind;
    if (errand->rc != OK && errand->rc != ERR_CLOSED) {
        LOG(LOG_WARN, "duty_errand_failed", log_int("errand", (int64_t)kind),
            log_int("account", errand->account), log_errc(errand->rc), log_why(&errand->why));
    }
    arena_destroy(errand->arena);
    mem_give(errand);
    watch->is_running[kind] = false;
    start_person(watch);
}

static void on_done(void *ctx, errc rc, const struct why *why, loop_fn *next)
{
    struct errand *errand = ctx;
    errand->rc = rc;
    if (rc != OK && why != NULL) {
        errand->why = *why;
    }
    ENSURE(loop_post(errand->watch->config.loop, next, errand) == OK);
}

static void take_readers(struct reader_queue *queue, const struct account_ids *readers)
{
    mem_give(queue->at);
    queue->at = mem_take_array(readers->count + 1, sizeof *queue->at);
    memcpy(queue->at, readers->at, readers->count * sizeof *queue->at);
    queue->count = readers->count;
}

/* What became of each letter, for whoever looks for why a phone stayed silent. */
static void log_letters(const struct errand *errand)
{
    for (size_t i = 0; i < errand->batch.letters.count; i++) {
        const struct letter_result *result = &errand->batch.results[i];
        if (result->outcome != LETTER_SENT) {
            LOG(LOG_WARN, "letter_not_sent", log_int("letter", result->id),
                log_int("push", result->subscription != 0), log_int("outcome", result->outcome),
                log_text("reason", result->reason));
        }
    }
}

static void on_sent_written(void *ctx)
{
    struct errand *errand = ctx;
    struct duty_watch *watch = errand->watch;
    bool full = errand->batch.letters.count == LETTER_BATCH;
    watch->is_wanted[errand->kind] |= full; /* there may be more */
    end_errand(errand);
}

static void sent_done(void *ctx, errc rc, const struct why *why)
{
    on_done(ctx, rc, why, on_sent_written);
}

static errc run_sent(void *ctx, struct db *db, struct why *why)
{
    struct errand *errand = ctx;
    return letters_done(db, errand->batch.results, errand->batch.letters.count, errand->now, why);
}

/* Back from the network; the store is still open, see duty_watch_halt. */
static void on_sent(void *ctx)
{
    struct errand *errand = ctx;
    struct store_job job = {.run = run_sent, .done = sent_done, .ctx = errand};
    log_letters(errand);
    errand->now = now_utc();
    struct store *store = errand->watch->config.app->store;
    errand->rc = store == NULL ? ERR_CLOSED : store_write(store, &job, &errand->why);
    if (errand->rc != OK) {
        end_errand(errand);
    }
}

static void send(struct errand *errand)
{
    struct duty_watch *watch = errand->watch;
    if (errand->batch.letters.count == 0 || watch->is_halted) {
        end_errand(errand);
        return;
    }
    errand->batch.config = &watch->post;
    errand->batch.now = now_utc();
    errand->batch.done = on_sent;
    errand->batch.ctx = errand;
    post_lane_send(watch->lanes[errand->kind == ERRAND_URGENT ? 0 : 1], &errand->batch);
}

static void on_written(void *ctx)
{
    struct errand *errand = ctx;
    bool is_letters = errand->kind == ERRAND_URGENT || errand->kind == ERRAND_ORDINARY;
    if (errand->rc == OK && is_letters) {
        send(errand);
    } else {
        end_errand(errand);
    }
}

static void write_done(void *ctx, errc rc, const struct why *why)
{
    on_done(ctx, rc, why, on_written);
}

static void start_write(struct errand *errand)
{
    struct store_job job = {.run = run_write, .done = write_done, .ctx = errand};
    struct store *store = errand->watch->config.app->store;
    errand->rc = store == NULL ? ERR_CLOSED : store_write(store, &job, &errand->why);
    if (errand->rc != OK) {
        end_errand(errand);
    }
}

static void on_looked(void *ctx)
{
    struct errand *errand = ctx;
    struct duty_watch *watch = errand->watch;
    if (errand->rc == OK && errand->kind == ERRAND_NEWS) {
        take_readers(&watch->news, &errand->readers);
    }
    if (errand->rc == OK && errand->kind == ERRAND_DIGEST) {
        take_readers(&watch->digests, &errand->readers);
    }
    if (errand->rc == OK && errand->is_due && !watch->is_halted) {
        start_write(errand);
    } else {
        end_errand(errand);
    }
}

static void look_done(void *ctx, errc rc, const struct why *why)
{
    on_done(ctx, rc, why, on_looked);
}

static struct errand *make_errand(struct duty_watch *watch, enum errand_kind kind)
{
    struct errand *errand = mem_take(sizeof *errand);
    errand->watch = watch;
    errand->kind = kind;
    errand->policy = watch->policy;
    errand->now = now_utc();
    if (arena_create(JOB_ARENA, &errand->arena) != OK) {
        mem_give(errand);
        return NULL;
    }
    watch->is_running[kind] = true;
    watch->is_wanted[kind] = false;
    return errand;
}

static void start_look(struct errand *errand)
{
    struct store_job job = {.run = run_look, .done = look_done, .ctx = errand};
    struct store *store = errand->watch->config.app->store;
    errand->rc = store == NULL ? ERR_CLOSED : store_read(store, &job, &errand->why);
    if (errand->rc != OK) {
        arena_destroy(errand->arena);
        errand->watch->is_running[errand->kind] = false;
        mem_give(errand);
    }
}

static void start(struct duty_watch *watch, enum errand_kind kind)
{
    if (watch->is_halted || watch->is_running[kind]) {
        return;
    }
    struct errand *errand = make_errand(watch, kind);
    if (errand == NULL) {
        return;
    }
    if (kind == ERRAND_TIDY) {
        start_write(errand);
    } else {
        start_look(errand);
    }
}

static bool take_reader(struct reader_queue *queue, int64_t *ret_account)
{
    if (queue->count == 0) {
        return false;
    }
    *ret_account = queue->at[--queue->count];
    return true;
}

static void start_person(struct duty_watch *watch)
{
    int64_t account = 0;
    bool is_digest = false;
    if (watch->is_halted || watch->is_running[ERRAND_PERSON]) {
        return;
    }
    if (!take_reader(&watch->news, &account)) {
        is_digest = take_reader(&watch->digests, &account);
    }
    struct errand *errand = account == 0 ? NULL : make_errand(watch, ERRAND_PERSON);
    if (errand != NULL) {
        errand->account = account;
        errand->is_digest = is_digest;
        start_look(errand);
    }
}

/* --- time and topics -------------------------------------------------------------------------- */

static void on_second(void *ctx)
{
    static const uint64_t every[ERRANDS] = {[ERRAND_CALL] = 5,     [ERRAND_URGENT] = 5,
                                            [ERRAND_ORDINARY] = 5, [ERRAND_NEWS] = NEWS_EVERY_S,
                                            [ERRAND_DIGEST] = 30,  [ERRAND_TIDY] = 3600};
    struct duty_watch *watch = ctx;
    watch->seconds++;
    for (int kind = 0; kind < ERRANDS; kind++) {
        bool is_due = every[kind] != 0 && watch->seconds % every[kind] == 0;
        bool is_soon = kind != ERRAND_NEWS || watch->seconds % NEWS_SOON_S == 0;
        bool can = kind != ERRAND_DIGEST || watch->policy.mail_is_ready;
        if (can && (is_due || (watch->is_wanted[kind] && is_soon))) {
            start(watch, (enum errand_kind)kind);
        }
    }
    start_person(watch);
}

/* Whether somebody's inbox may look different after this. */
static bool concerns_inboxes(str topic)
{
    static const char *const topics[] = {"*",         "alarms", "devices", "faults", "programmes",
                                         "bulletins", "cap",    "units",   "inbox",  "accounts"};
    for (size_t i = 0; i < COUNT_OF(topics); i++) {
        if (str_is(topic, str_of(topics[i]))) {
            return true;
        }
    }
    return false;
}

void duty_watch_changed(struct duty_watch *watch, str topic)
{
    bool all = str_is(topic, S("*"));
    if (concerns_inboxes(topic)) {
        watch->is_wanted[ERRAND_NEWS] = true;
        if (!str_is(topic, S("inbox"))) {
            watch->config.on_change(watch->config.ctx, "inbox");
        }
    }
    if (all || str_is(topic, S("alarms")) || str_is(topic, S("duty"))) {
        start(watch, ERRAND_CALL);
        watch->is_wanted[ERRAND_CALL] = watch->is_running[ERRAND_CALL];
    }
    if (all || str_is(topic, S("letters"))) {
        watch->is_wanted[ERRAND_ORDINARY] = true;
        start(watch, ERRAND_URGENT);
        watch->is_wanted[ERRAND_URGENT] = watch->is_running[ERRAND_URGENT];
    }
}

void duty_watch_use(struct duty_watch *watch, const struct duty_policy *policy)
{
    watch->policy = *policy;
}

/* --- start and stop --------------------------------------------------------------------------- */

struct first {
    struct duty_watch *watch;
    struct push_house house;
};

static errc run_key(void *ctx, struct db *db, struct why *why)
{
    struct first *first = ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(64 * 1024, &arena));
    first->house.arena = arena;
    TRY(push_key_ensure(db, &first->house, why));
    return push_key_open(db, &first->house, &first->watch->post.pair, why);
}

static errc read_password(struct duty_watch *watch, const char *path, struct why *why)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, PASSWORD_MOST_BYTES);
    if (path[0] == '\0') {
        return OK;
    }
    TRY(file_read(path, PASSWORD_MOST_BYTES, &text, why));
    if (!str_to_array(str_trim(buf_str(&text)), watch->password, sizeof watch->password)) {
        return fail(why, ERR_INVALID, "%s is too long for a password", path);
    }
    return OK;
}

static errc fill_post(struct duty_watch *watch, struct why *why)
{
    const struct app *app = watch->config.app;
    const struct settings *settings = &app->settings;
    AUTO(buf_finish) struct buf name;
    buf_init(&name, sizeof watch->from_name - 1);
    words_write(app->words, (enum words_language)settings_number(settings, SETTING_KEY_language),
                S("notice.from"), NULL, 0, &name);
    ignore_int(str_to_array(buf_str(&name), watch->from_name, sizeof watch->from_name));
    watch->post = (struct post_config){
        .push_contact = settings_text(settings, SETTING_KEY_push_contact),
        .push_ca_file = settings_text(settings, SETTING_KEY_push_ca_file),
        .push_loopback = settings_number(settings, SETTING_KEY_push_loopback) != 0,
        .mail_server = settings_text(settings, SETTING_KEY_mail_server),
        .mail_from = settings_text(settings, SETTING_KEY_mail_from),
        .mail_from_name = watch->from_name,
        .mail_user = settings_text(settings, SETTING_KEY_mail_user),
        .mail_password = watch->password,
        .mail_ca_file = settings_text(settings, SETTING_KEY_mail_ca_file),
        .mail_tls = settings_number(settings, SETTING_KEY_mail_tls) != 0,
        .entropy = app->entropy,
    };
    return read_password(watch, settings_text(settings, SETTING_KEY_mail_password_file), why);
}

static errc open_watch(struct duty_watch *watch, struct why *why)
{
    struct app *app = watch->config.app;
    struct first first = {watch, {.key = &app->key, .entropy = app->entropy, .now = now_utc()}};
    TRY(fill_post(watch, why));
    TRY(store_write_now(app->store, run_key, &first, why));
    watch->post.has_pair = true;
    TRY(post_begin(why));
    for (size_t i = 0; i < LANES; i++) {
        TRY(post_lane_start(watch->config.loop, &watch->lanes[i], why));
    }
    return OK;
}

errc duty_watch_start(const struct duty_watch_config *config, struct duty_watch **ret_watch,
                      struct why *why)
{
    struct duty_watch *watch = mem_take(sizeof *watch);
    watch->config = *config;
    watch->policy = duty_policy_of_settings(&config->app->settings);
    errc rc = open_watch(watch, why);
    if (rc != OK) {
        duty_watch_halt(watch);
        duty_watch_stop(watch);
        return rc;
    }
    watch->timer = loop_timer_start(config->loop, USEC_SECOND, USEC_SECOND, on_second, watch);
    *ret_watch = watch;
    return OK;
}

void duty_watch_halt(struct duty_watch *watch)
{
    if (watch == NULL) {
        return;
    }
    watch->is_halted = true;
    for (size_t i = 0; i < LANES; i++) {
        post_lane_halt(watch->lanes[i]);
    }
}

void duty_watch_stop(struct duty_watch *watch)
{
    if (watch == NULL) {
        return;
    }
    loop_timer_stop(watch->config.loop, watch->timer);
    for (size_t i = 0; i < LANES; i++) {
        post_lane_destroy(watch->lanes[i]);
    }
    mem_give(watch->news.at);
    mem_give(watch->digests.at);
    mem_wipe(&watch->post.pair, sizeof watch->post.pair);
    mem_wipe(watch->password, sizeof watch->password);
    mem_give(watch);
}

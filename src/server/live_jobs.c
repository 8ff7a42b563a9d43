/* What lives write in the store, and what they read: each a job that carries copies and comes back
 * by the live's number. The server acts by itself here, not for a person. */
#include "base/log.h"
#include "broadcast/schedule.h"
#include "loop/loop.h"
#include "server/live_inside.h"

enum { ARENA_MOST = 16 * 1024 * 1024, REASON_ROOM = 24 };

enum job_kind { JOB_READ, JOB_BEGUN, JOB_END, JOB_KEEP };

struct job {
    struct live_hub *hub;
    enum job_kind kind;
    int64_t live;
    char reason[REASON_ROOM];
    int64_t ms;
    int64_t bytes;
    hash recording;
    usec now;
    usec begun; /* steady */
    /* --- what came of it --- */
    struct arena *arena;
    struct lives lives;
    const str *relays;
    size_t relay_count;
    errc rc;
    struct why why;
};

/* --- on a thread of the store ----------------------------------------------------------------- */

static errc run_with_desk(struct job *job, const struct desk *desk, struct db *db, struct why *why)
{
    struct live_filter open = {.is_open = true, .limit = LIVES_MOST};
    switch (job->kind) {
    case JOB_READ:
        TRY(programme_sources(db, job->arena, &job->relays, &job->relay_count, why));
        return live_list(desk, db, &open, &job->lives, why);
    case JOB_BEGUN:
        return live_begun(db, job->live, job->now, why);
    case JOB_END:
        return live_finish(desk, db, job->live, job->reason, why);
    case JOB_KEEP:
        return live_keep(desk, db, job->live, job->ms, job->bytes, job->recording, why);
    }
    return OK;
}

static errc run(void *ctx, struct db *db, struct why *why)
{
    struct job *job = ctx;
    const struct app *app = job->hub->config.app;
    AUTO(forest_close) struct forest *forest = NULL;
    struct actor server = {
        .name = S(""), .now = job->now, .today = day_of(job->now, app_zone(app))};
    arena_destroy(job->arena);
    job->arena = NULL;
    TRY(arena_create(ARENA_MOST, &job->arena));
    TRY(job->kind == JOB_READ ? unit_book_read(app->units, db, &forest, why)
                              : unit_book_write(app->units, db, &forest, why));
    struct desk desk = {.actor = &server,
                        .forest = forest,
                        .signing = job->hub->config.signing,
                        .entropy = app->entropy,
                        .zone = app_zone(app),
                        .arena = job->arena};
    return run_with_desk(job, &desk, db, why);
}

/* --- back on the loop ------------------------------------------------------------------------- */

static bool is_among(const struct lives *lives, int64_t id)
{
    for (size_t i = 0; i < lives->count; i++) {
        if (lives->at[i].id == id) {
            return true;
        }
    }
    return false;
}

static void open_new(struct live_hub *hub, const struct lives *lives)
{
    for (size_t i = 0; i < lives->count; i++) {
        if (!hub->is_stopping && running_open(hub, &lives->at[i]) == NULL) {
            LOG(LOG_WARN, "live_not_carried", log_int("live", lives->at[i].id));
        }
    }
}

/* What somebody has ended elsewhere; not what was begun after the reading. */
static void close_ended(struct live_hub *hub, const struct job *job)
{
    struct running *next = NULL;
    for (struct running *run = hub->first; run != NULL; run = next) {
        next = run->next;
        if (run->id != 0 && run->opened_at < job->begun && !is_among(&job->lives, run->id)) {
            running_close(run);
        }
    }
}

static void keep_relays(struct live_hub *hub, const struct job *job)
{
    hub->relay_count = 0;
    for (size_t i = 0; i < job->relay_count && hub->relay_count < RELAYS_MOST; i++) {
        struct relay_row *row = &hub->relays[hub->relay_count];
        row->number = order_stream_of(job->relays[i]);
        bool fits = source_address_is(job->relays[i]) &&
                    str_to_array(job->relays[i], row->address, sizeof row->address);
        hub->relay_count += fits ? 1 : 0;
    }
}

static void finish(void *ctx)
{
    struct job *job = ctx;
    struct live_hub *hub = job->hub;
    if (job->rc != OK && job->rc != ERR_CLOSED) {
        LOG(LOG_WARN, "live_job_failed", log_int("job", (int64_t)job->kind),
            log_int("live", job->live), log_errc(job->rc), log_why(&job->why));
    }
    if (job->kind == JOB_READ) {
        hub->is_reading = false;
        if (job->rc == OK) {
            keep_relays(hub, job);
            open_new(hub, &job->lives);
            close_ended(hub, job);
        }
        if (hub->read_again && job->rc == OK) {
            live_job_read(hub);
        }
    }
    arena_destroy(job->arena);
    mem_give(job);
}

static void done(void *ctx, errc rc, const struct why *why)
{
    struct job *job = ctx;
    job->rc = rc;
    if (rc != OK && why != NULL) {
        job->why = *why;
    }
    if (loop_post(job->hub->config.loop, finish, job) != OK) {
        arena_destroy(job->arena);
        mem_give(job);
    }
}

static bool start(const struct job *what)
{
    struct store *store = what->hub->config.app->store;
    if (store == NULL) {
        return false;
    }
    struct job *job = mem_take(sizeof *job);
    *job = *what;
    job->now = now_utc();
    job->begun = now_steady();
    struct store_job work = {.run = run, .done = done, .ctx = job};
    errc rc =
        job->kind == JOB_READ ? store_read(store, &work, NULL) : store_write(store, &work, NULL);
    if (rc != OK) {
        mem_give(job);
    }
    return rc == OK;
}

/* --- asking ----------------------------------------------------------------------------------- */

void live_job_read(struct live_hub *hub)
{
    struct job job = {.hub = hub, .kind = JOB_READ};
    if (hub->is_stopping) {
        return;
    }
    hub->read_again = hub->is_reading;
    hub->is_reading = hub->is_reading || start(&job);
}

void live_job_begun(struct live_hub *hub, int64_t live)
{
    struct job job = {.hub = hub, .kind = JOB_BEGUN, .live = live};
    ignore_int((long)start(&job));
}

void live_job_end(struct live_hub *hub, int64_t live, const char *reason)
{
    struct job job = {.hub = hub, .kind = JOB_END, .live = live};
    ignore_int(snprintf(job.reason, sizeof job.reason, "%s", reason));
    ignore_int((long)start(&job));
}

void live_job_keep(struct live_hub *hub, int64_t live, int64_t ms, int64_t bytes, hash recording)
{
    struct job job = {.hub = hub,
                      .kind = JOB_KEEP,
                      .live = live,
                      .ms = ms,
                      .bytes = bytes,
                      .recording = recording};
    ignore_int((long)start(&job));
}

/* The table of sources, and those of the fleet and of units. */
#include "server/inbox_sources.h"

#include "fleet/device.h"
#include "fleet/fault.h"
#include "people/import_job.h"
#include "people/reform_job.h"
#include "people/unit_sight.h"
#include "server/policy_of.h"

enum { FAULTS_LOOKED_AT = 20000, FAULT_ARENA = 64 * 1024 * 1024, DOCUMENTS_LOOKED_AT = 100 };

static struct fleet_job fleet_job_of(const struct inbox_job *job, struct arena *arena)
{
    return (struct fleet_job){.forest = job->forest,
                              .actor = job->actor,
                              .arena = arena,
                              .zone_s = job->zone / USEC_SECOND};
}

/* --- devices ---------------------------------------------------------------------------------- */

static errc devices_pending(void *ctx, const struct inbox_job *job, struct db *db,
                            struct inbox *inbox, struct why *why)
{
    struct fleet_job fleet = fleet_job_of(job, job->arena);
    struct device_strangers strangers = {.count = 0};
    (void)ctx;
    errc rc = device_list_waiting(db, &fleet, &strangers, why);
    if (rc == ERR_FORBIDDEN || rc == ERR_NOT_FOUND) { /* not for this person to accept */
        return OK;
    }
    TRY(rc);
    for (size_t i = 0; i < strangers.count; i++) {
        const struct device *device = &strangers.at[i];
        struct inbox_item item = {
            .kind = INBOX_DEVICE_PENDING,
            .id = arena_format(job->arena, "%lld", (long long)device->id),
            .title = arena_format(
                job->arena, "%.*s %.*s", STR_ARG(device->model),
                STR_ARG(device->serial.len > 0 ? device->serial : device->fingerprint)),
            .since = device->first_seen,
            .link = S("/speakers/pending"),
        };
        inbox_add(inbox, &item);
    }
    return OK;
}

static str fault_title(const struct inbox_job *job, const struct fault_line *line)
{
    AUTO(buf_finish) struct buf text;
    char key[64];
    buf_init(&text, 1024);
    ignore_int(snprintf(key, sizeof key, "fault.%s", fault_name(line->kind)));
    words_write(job->words, job->language, str_of(key), NULL, 0, &text);
    if (line->count == 1) {
        buf_add_format(&text, ": %.*s", STR_ARG(line->device_name));
    } else {
        buf_add_format(&text, " × %zu", line->count);
    }
    return arena_str(job->arena, buf_str(&text));
}

static void add_fault(const struct inbox_job *job, const struct fault_line *line,
                      struct inbox *inbox)
{
    struct right_view view = unit_right_view(job->forest);
    if (!actor_may(job->actor, RIGHT_FLEET_WRITE, line->commune, &view)) {
        return;
    }
    struct inbox_item item = {
        .kind = INBOX_FAULT,
        .id = arena_format(job->arena, "%s-%lld-%lld", fault_name(line->kind),
                           (long long)line->commune, (long long)line->device),
        .unit = line->commune,
        .title = fault_title(job, line),
        .since = line->since,
        .link = line->count == 1
                    ? arena_format(job->arena, "/speakers/%lld", (long long)line->device)
                    : S("/faults"),
    };
    inbox_add(inbox, &item);
}

/* Those that nobody has taken note of, folded: forty dead speakers of a commune are one thing. */
static errc faults(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
                   struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct fault_filter filter = {.unacknowledged = true, .limit = FAULTS_LOOKED_AT};
    struct fault_page page = {.count = 0};
    struct fault_digest digest = {.count = 0};
    (void)ctx;
    TRY(arena_create(FAULT_ARENA, &arena));
    struct fleet_job fleet = fleet_job_of(job, arena);
    TRY(fault_list(db, &fleet, &filter, &page, why));
    TRY(fault_fold(page.at, page.count, job->forest, job->actor->today, arena, &digest));
    for (size_t i = 0; i < digest.count; i++) {
        add_fault(job, &digest.at[i], inbox);
    }
    return OK;
}

/* --- units ------------------------------------------------------------------------------------ */

static struct unit_job unit_job_of(const struct inbox_house *house, const struct inbox_job *job)
{
    return (struct unit_job){.book = house->app->units, .actor = job->actor, .arena = job->arena};
}

static bool is_over_all(const struct inbox_job *job, enum right right)
{
    struct unit_sight sight = {job->forest, job->actor, right};
    return unit_sees_all(&sight);
}

static errc imports(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
                    struct why *why)
{
    struct unit_job units = unit_job_of(ctx, job);
    struct imports found = {.count = 0};
    if (!is_over_all(job, RIGHT_IMPORTS_WRITE)) {
        return OK;
    }
    TRY(import_page(&units, db, 0, DOCUMENTS_LOOKED_AT, &found, why));
    for (size_t i = 0; i < found.count; i++) {
        const struct import *import = &found.items[i];
        if (import->state != IMPORT_CHECKED) {
            continue;
        }
        struct inbox_item item = {
            .kind = INBOX_IMPORT,
            .id = arena_format(job->arena, "%lld", (long long)import->id),
            .title = import->filename,
            .since = import->created_at,
            .link = arena_format(job->arena, "/imports/%lld", (long long)import->id),
        };
        inbox_add(inbox, &item);
    }
    return OK;
}

static errc reforms(void *ctx, const struct inbox_job *job, struct db *db, struct inbox *inbox,
                    struct why *why)
{
    struct unit_job units = unit_job_of(ctx, job);
    struct reforms found = {.count = 0};
    if (!is_over_all(job, RIGHT_REFORMS_WRITE)) {
        return OK;
    }
    TRY(reform_page(&units, db, 0, DOCUMENTS_LOOKED_AT, &found, why));
    for (size_t i = 0; i < found.count; i++) {
        const struct reform *reform = &found.items[i];
        if (reform->state != REFORM_DRAFT) {
            continue;
        }
        struct inbox_item item = {
            .kind = INBOX_REFORM,
            .id = arena_format(job->arena, "%lld", (long long)reform->id),
            .title = reform->title,
            .since = reform->created_at,
            .due = day_start(reform->on, job->zone),
            .link = arena_format(job->arena, "/reforms/%lld", (long long)reform->id),
        };
        inbox_add(inbox, &item);
    }
    return OK;
}

/* --- the table -------------------------------------------------------------------------------- */

void inbox_sources_fill(struct inbox_house *house, const struct app *app,
                        const struct receiver_port *receivers)
{
    const struct inbox_source sources[] = {
        {inbox_alarms_waiting, house},
        {inbox_reports, house},
        {inbox_cap, house},
        {inbox_bulletins, house},
        {inbox_sent_down, house},
        {inbox_offers, house},
        {devices_pending, house},
        {faults, house},
        {imports, house},
        {reforms, house},
    };
    _Static_assert(COUNT_OF(sources) <= INBOX_SOURCES_MOST, "room for the sources");
    house->app = app;
    house->receivers = receivers;
    house->broadcast = broadcast_policy_of_settings(&app->settings);
    memcpy(house->at, sources, sizeof sources);
    house->sources = (struct inbox_sources){house->at, COUNT_OF(sources)};
}

/* Faults in the store. Events may come twice or late: one open row a device and kind is the rule of
 * the table itself. */
#include "fleet/fault.h"
#include "fleet/fault_sql.h"
#include "fleet/fleet_inside.h"
#include "people/audit.h"
#include "store/db.h"

errc fault_keep(struct db *db, const struct fault_event *events, size_t count, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        const struct fault_event *event = &events[i];
        if (event->over) {
            struct fault_close_in in = {event->device, (int64_t)event->fault, event->at};
            TRY(fault_close(db, &in, NULL, why));
        } else {
            struct fault_open_in in = {event->device, (int64_t)event->fault, event->at,
                                       str_of(event->detail)};
            TRY(fault_open(db, &in, NULL, why));
        }
    }
    return count == 0 ? OK : db_announce(db, "faults", why);
}

struct filling {
    const struct fleet_job *job;
    const struct fault_filter *filter;
    struct fault *faults;
    size_t limit;
    size_t count;
    size_t seen;
    int64_t next;
};

enum { FAULTS_SEEN_MOST = 50000 }; /* that one page looks through */

static str keep(const struct filling *filling, str text)
{
    return text.at == NULL ? STR_NONE : arena_str(filling->job->arena, text);
}

/* Three statements answer the same columns. */
#define FAULT_OF(row)                                                                              \
    ((struct fault){                                                                               \
        .id = (row)->id,                                                                           \
        .device = (row)->device_id,                                                                \
        .device_name = (row)->device_name,                                                         \
        .cluster = (row)->has_cluster_id ? (row)->cluster_id : 0,                                  \
        .cluster_name = (row)->cluster_name,                                                       \
        .unit = (row)->has_unit_id ? (row)->unit_id : 0,                                           \
        .kind = (uint32_t)(row)->kind,                                                             \
        .since = (row)->since_us,                                                                  \
        .until = (row)->has_until_us ? (row)->until_us : 0,                                        \
        .detail = (row)->detail,                                                                   \
        .acknowledged = (row)->has_acknowledged_at_us ? (row)->acknowledged_at_us : 0,             \
        .acknowledged_name = (row)->acknowledged_name,                                             \
    })

static bool is_wanted(const struct filling *filling, const struct fault *fault)
{
    const struct fault_filter *filter = filling->filter;
    return fault->unit != 0 && fleet_sees(filling->job, fault->unit) &&
           (filter->unit == 0 || fleet_is_below(filling->job, filter->unit, fault->unit)) &&
           (filter->device == 0 || fault->device == filter->device) &&
           (filter->kinds == 0 || (fault->kind & filter->kinds) != 0) &&
           (filter->with_past || fault->until == 0) &&
           (!filter->unacknowledged || fault->acknowledged == 0);
}

/* ERR_CANCELLED ends the reading: the page is full, or enough has been looked through. */
static errc take_fault(struct filling *filling, const struct fault *fault)
{
    bool full = filling->count == filling->limit || ++filling->seen > FAULTS_SEEN_MOST;
    if (!is_wanted(filling, fault)) {
        filling->next = full ? fault->id : 0;
        return full ? ERR_CANCELLED : OK;
    }
    if (full) {
        filling->next = fault->id + 1;
        return ERR_CANCELLED;
    }
    struct fault *kept = &filling->faults[filling->count++];
    *kept = *fault;
    kept->device_name = keep(filling, fault->device_name);
    kept->cluster_name = keep(filling, fault->cluster_name);
    kept->detail = keep(filling, fault->detail);
    kept->acknowledged_name = keep(filling, fault->acknowledged_name);
    return OK;
}

static errc on_open(void *ctx, const struct faults_open_row *row)
{
    return take_fault(ctx, &FAULT_OF(row));
}

static errc on_ever(void *ctx, const struct faults_ever_row *row)
{
    return take_fault(ctx, &FAULT_OF(row));
}

static errc on_device(void *ctx, const struct faults_of_device_row *row)
{
    return take_fault(ctx, &FAULT_OF(row));
}

static errc read_faults(struct db *db, struct filling *filling, struct why *why)
{
    const struct fault_filter *filter = filling->filter;
    struct faults_open_in open = {filter->before};
    struct faults_ever_in ever = {filter->before == 0 ? INT64_MAX : filter->before};
    struct faults_of_device_in one = {filter->device, filter->before};
    if (filter->device != 0) {
        return faults_of_device(db, &one, on_device, filling, why);
    }
    return filter->with_past ? faults_ever(db, &ever, on_ever, filling, why)
                             : faults_open(db, &open, on_open, filling, why);
}

errc fault_list(struct db *db, const struct fleet_job *job, const struct fault_filter *filter,
                struct fault_page *ret_page, struct why *why)
{
    struct filling filling = {.job = job, .filter = filter, .limit = filter->limit};
    filling.faults = arena_take_array(job->arena, filling.limit + 1, sizeof *filling.faults);
    if (filling.faults == NULL) {
        return ERR_NO_MEMORY;
    }
    errc rc = read_faults(db, &filling, why);
    if (rc != OK && !(rc == ERR_CANCELLED && filling.next != 0)) {
        return rc;
    }
    *ret_page = (struct fault_page){filling.faults, filling.count, filling.next};
    return arena_failed(job->arena) ? ERR_NO_MEMORY : OK;
}

errc fault_acknowledge(struct db *db, const struct fleet_job *job, int64_t id, struct why *why)
{
    struct fault_by_id_row row;
    TRY(audit_hold(db, why));
    TRY(fault_by_id(db, &(struct fault_by_id_in){id}, job->arena, &row, why));
    TRY(fleet_may(job, RIGHT_FLEET_WRITE, row.has_unit_id ? row.unit_id : 0, why));
    if (row.has_acknowledged_at_us) {
        return OK;
    }
    struct fault_acknowledge_one_in in = {
        .id = id,
        .account_id = job->actor->account_id,
        .account_name = job->actor->name.at == NULL ? S("") : job->actor->name,
        .now_us = job->actor->now,
    };
    TRY(fault_acknowledge_one(db, &in, NULL, why));
    if (row.kind == FAULT_LIES) {
        struct fault_close_in close = {row.device_id, row.kind, job->actor->now};
        int64_t version = 0; /* those who have it in memory hear of it */
        TRY(fault_close(db, &close, NULL, why));
        TRY(fleet_bump(db, job, &version, why));
        TRY(fault_touch_device(db, &(struct fault_touch_device_in){row.device_id, version}, NULL,
                               why));
    }
    struct fleet_tale tale = {.action = "fault_acknowledged",
                              .kind = "device",
                              .id = row.device_id,
                              .name = row.device_name,
                              .unit = row.has_unit_id ? row.unit_id : 0,
                              .before = STR_NONE,
                              .after = STR_NONE};
    return fleet_tell(db, job, "faults", &tale, why);
}

errc fault_tidy(struct db *db, usec before, int64_t most, struct why *why)
{
    struct faults_tidy_in in = {before, most};
    return faults_tidy(db, &in, NULL, why);
}

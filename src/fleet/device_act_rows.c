/* What devices shall do once: test tone, restart, self-test, sending their log. Unlike placements
 * these are ordered by a person, with the key of the commune over which he holds the right; devices
 * of one commune share an order. */
#include "fleet/device_inside.h"
#include "orders/order_book.h"
#include "people/audit.h"
#include "store/db.h"
#include "wire/codec.h"

enum { BODY_MOST = 256, EARLY_S = 60, ACTION_S = 600 };

struct acting {
    struct device device;
    unit_id commune;
};

static errc tell(struct db *db, const struct fleet_job *job, const struct device *device,
                 const struct wire_action *action, struct why *why)
{
    static const char *const names[] = {
        [ACTION_TEST_TONE] = "device_test_tone",
        [ACTION_RESTART] = "device_restart",
        [ACTION_SELF_TEST] = "device_self_test",
        [ACTION_SEND_LOG] = "device_send_log",
    };
    struct fleet_tale tale = {.action = names[action->what],
                              .kind = "device",
                              .id = device->id,
                              .name = device->name,
                              .unit = device->unit,
                              .before = STR_NONE,
                              .after = STR_NONE};
    return fleet_tell(db, job, "devices", &tale, why);
}

static errc find_commune(struct db *db, const struct fleet_job *job, struct acting *acting,
                         struct why *why)
{
    struct place place;
    TRY(device_place(db, job, &acting->device, &place, why));
    for (size_t i = 0; i < place.path_count; i++) {
        if (unit_key_tier(job->forest, place.path[i]) == TIER_COMMUNE) {
            acting->commune = place.path[i];
            return OK;
        }
    }
    return fail(why, ERR_CONFLICT, "device %lld stands in no commune of today",
                (long long)acting->device.id);
}

static errc issue(struct db *db, const struct fleet_job *job, const struct acting *run,
                  size_t count, const struct wire_action *action, struct why *why)
{
    AUTO(buf_finish) struct buf body;
    uint64_t devices[DEVICE_ORDER_MOST];
    uint64_t commune = (uint64_t)run->commune;
    struct order order;
    struct order_job orders = {.signing = job->signing,
                               .actor = job->actor,
                               .forest = job->forest,
                               .entropy = job->entropy,
                               .arena = job->arena};
    if (job->signing == NULL) {
        return fail(why, ERR_CLOSED, "nobody is there to sign orders");
    }
    for (size_t i = 0; i < count; i++) {
        devices[i] = (uint64_t)run[i].device.id;
    }
    buf_init(&body, BODY_MOST);
    TRY(wire_record_write(&wire_record_action, action, &body));
    usec from = job->actor->now - (usec)EARLY_S * USEC_SECOND; /* clocks differ a little */
    struct order_draft draft = {
        .kind = ORDER_ACTION,
        .order_class = CLASS_ORDINARY,
        .issuer = run->commune,
        .right = RIGHT_FLEET_WRITE,
        .area = {&commune, 1},
        .devices = {devices, count},
        .not_before = from,
        .expires = from + (usec)ACTION_S * USEC_SECOND,
        .body = buf_str(&body),
        .written_by = job->actor->account_id,
    };
    return order_issue(db, &orders, &draft, &order, why);
}

static int by_commune(const void *a, const void *b)
{
    const struct acting *one = a;
    const struct acting *two = b;
    if (one->commune != two->commune) {
        return one->commune < two->commune ? -1 : 1;
    }
    return one->device.id < two->device.id ? -1 : one->device.id > two->device.id;
}

static errc act_on(struct db *db, const struct fleet_job *job, struct acting *actings, size_t count,
                   const struct wire_action *action, struct why *why)
{
    if (count > 1) {
        qsort(actings, count, sizeof *actings, by_commune);
    }
    for (size_t begun = 0; begun < count;) {
        size_t run = 1;
        while (begun + run < count && run < DEVICE_ORDER_MOST &&
               actings[begun + run].commune == actings[begun].commune) {
            run++;
        }
        TRY(issue(db, job, &actings[begun], run, action, why));
        begun += run;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(tell(db, job, &actings[i].device, action, why));
    }
    return OK;
}

/* Devices of the list that are in use and that the actor may change. */
static errc take_writable(struct db *db, const struct fleet_job *job, struct device_ids ids,
                          struct acting *actings, struct device_batch *batch, struct why *why)
{
    for (size_t i = 0; i < ids.count; i++) {
        struct device found;
        errc rc = device_load(db, job, ids.at[i], &found, why);
        if (rc != OK && rc != ERR_NOT_FOUND) {
            return rc;
        }
        bool may = rc == OK && found.state == DEVICE_IS_ACCEPTED &&
                   fleet_may(job, RIGHT_FLEET_WRITE, found.unit, NULL) == OK;
        if (!may) {
            batch->skipped++;
            continue;
        }
        actings[batch->changed].device = found;
        TRY(find_commune(db, job, &actings[batch->changed], why));
        batch->changed++;
    }
    return OK;
}

errc device_act_many(struct db *db, const struct fleet_job *job, struct device_ids ids,
                     const struct wire_action *action, struct device_batch *ret_batch,
                     struct why *why)
{
    struct device_batch batch = {.changed = 0};
    struct acting *actings = arena_take_array(job->arena, ids.count + 1, sizeof *actings);
    if (actings == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(audit_hold(db, why));
    TRY(take_writable(db, job, ids, actings, &batch, why));
    TRY(act_on(db, job, actings, batch.changed, action, why));
    *ret_batch = batch;
    return OK;
}

errc device_act(struct db *db, const struct fleet_job *job, int64_t id,
                const struct wire_action *action, struct why *why)
{
    struct device found;
    TRY(audit_hold(db, why));
    TRY(device_load(db, job, id, &found, why));
    TRY(fleet_may(job, RIGHT_FLEET_WRITE, found.unit, why));
    if (found.state != DEVICE_IS_ACCEPTED) {
        return fail(why, ERR_CONFLICT, "device %lld is not in use", (long long)id);
    }
    struct acting acting = {.device = found};
    TRY(find_commune(db, job, &acting, why));
    return act_on(db, job, &acting, 1, action, why);
}

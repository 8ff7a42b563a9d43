/* Orders about devices: where one stands, how it is set, that it is retired. All are the
 * province's: a merger of communes then leaves no device with settings that nobody over it has
 * signed. Rights were asked before; the order itself is the server's. */
#include "fleet/device_inside.h"
#include "fleet/device_sql.h"
#include "orders/order_book.h"
#include "store/db.h"
#include "wire/authority.h"
#include "wire/codec.h"

enum { BODY_MOST = 4096, EARLY_S = 60 };

struct ordering {
    struct actor actor; /* the server itself */
    struct order_job job;
};

static struct ordering begin(const struct fleet_job *job)
{
    return (struct ordering){
        .actor = {.now = job->actor->now, .today = job->actor->today},
        .job = {.signing = job->signing,
                .forest = job->forest,
                .entropy = job->entropy,
                .arena = job->arena},
    };
}

/* What is ordered, of whom. */
struct wanted {
    enum order_kind kind;
    const struct wire_record *record;
    const void *body;
    uint64_t province;
    const uint64_t *devices;
    size_t count;
};

static errc issue(struct db *db, const struct fleet_job *job, const struct wanted *wanted,
                  int64_t *ret_order, struct why *why)
{
    AUTO(buf_finish) struct buf body;
    struct ordering ordering = begin(job);
    struct order order;
    ordering.job.actor = &ordering.actor;
    if (job->signing == NULL) {
        return fail(why, ERR_CLOSED, "nobody is there to sign orders");
    }
    buf_init(&body, BODY_MOST);
    TRY(wire_record_write(wanted->record, wanted->body, &body));
    usec from = job->actor->now - (usec)EARLY_S * USEC_SECOND; /* clocks differ a little */
    struct order_draft draft = {
        .kind = wanted->kind,
        .order_class = CLASS_ORDINARY,
        .issuer = (unit_id)wanted->province,
        .right = RIGHT_FLEET_WRITE,
        .area = {&wanted->province, 1},
        .devices = {wanted->devices, wanted->count},
        .not_before = from,
        .expires = from + authority_longest(wanted->kind, CLASS_ORDINARY),
        .body = buf_str(&body),
    };
    TRY(order_issue(db, &ordering.job, &draft, &order, why));
    *ret_order = order.id;
    return OK;
}

static errc province_of(const struct place *place, uint64_t *ret_province, struct why *why)
{
    if (place->path_count == 0) {
        return fail(why, ERR_CONFLICT, "the cluster stands in no unit of today");
    }
    *ret_province = (uint64_t)place->path[0];
    return OK;
}

errc device_order_place(struct db *db, const struct fleet_job *job, const struct device *device,
                        const struct place *place, struct why *why)
{
    AUTO(buf_finish) struct buf path;
    uint64_t units[PLACE_PATH];
    uint64_t id = (uint64_t)device->id;
    struct wanted wanted = {.kind = ORDER_PLACEMENT, .devices = &id, .count = 1};
    int64_t order = 0;
    int64_t version = 0;
    TRY(province_of(place, &wanted.province, why));
    for (size_t i = 0; i < place->path_count; i++) {
        units[i] = (uint64_t)place->path[i];
    }
    struct wire_placement placement = {.device = id,
                                       .device_key = device->key,
                                       .path = {units, place->path_count},
                                       .name = device->name,
                                       .zone_s = job->zone_s};
    wanted.record = &wire_record_placement;
    wanted.body = &placement;
    TRY(issue(db, job, &wanted, &order, why));
    buf_init(&path, (size_t)PLACE_PATH * 24);
    place_write(place, &path);
    TRY(fleet_bump(db, job, &version, why));
    struct device_set_place_in in = {device->id, buf_str(&path), order, version};
    return device_set_place(db, &in, NULL, why);
}

/* --- settings: devices that shall do the same share an order -----------------------------------
 */

struct setting_up {
    uint64_t device;
    uint64_t province;
    struct wire_settings settings;
};

static int by_settings(const void *a, const void *b)
{
    const struct setting_up *one = a;
    const struct setting_up *two = b;
    int order = memcmp(&one->settings, &two->settings, sizeof one->settings);
    if (order == 0 && one->province != two->province) {
        return one->province < two->province ? -1 : 1;
    }
    if (order == 0) {
        return one->device < two->device ? -1 : one->device > two->device;
    }
    return order;
}

static bool is_same(const struct setting_up *one, const struct setting_up *two)
{
    return one->province == two->province &&
           memcmp(&one->settings, &two->settings, sizeof one->settings) == 0;
}

static errc issue_settings(struct db *db, const struct fleet_job *job, const struct setting_up *run,
                           size_t count, struct why *why)
{
    uint64_t devices[DEVICE_ORDER_MOST];
    int64_t order = 0;
    for (size_t i = 0; i < count; i++) {
        devices[i] = run[i].device;
    }
    struct wanted wanted = {.kind = ORDER_SETTINGS,
                            .record = &wire_record_settings,
                            .body = &run->settings,
                            .province = run->province,
                            .devices = devices,
                            .count = count};
    TRY(issue(db, job, &wanted, &order, why));
    for (size_t i = 0; i < count; i++) {
        struct device_set_settings_version_in in = {(int64_t)run[i].device, order};
        TRY(device_set_settings_version(db, &in, NULL, why));
    }
    return OK;
}

errc device_order_settings(struct db *db, const struct fleet_job *job, const struct device *founds,
                           size_t count, struct why *why)
{
    struct setting_up *all = arena_take_array(job->arena, count + 1, sizeof *all);
    if (all == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct device *device = &founds[i];
        if (i > 0 && founds[i - 1].cluster == device->cluster) {
            all[i].province = all[i - 1].province;
        } else {
            struct place place;
            TRY(device_place(db, job, device, &place, why));
            TRY(province_of(&place, &all[i].province, why));
        }
        all[i].device = (uint64_t)device->id;
        all[i].settings = device_settings_under(&device->settings, founds[i].volume_cap);
        all[i].settings.abilities = device->abilities;
    }
    qsort(all, count, sizeof *all, by_settings);
    for (size_t begun = 0; begun < count;) {
        size_t run = 1;
        while (begun + run < count && run < DEVICE_ORDER_MOST &&
               is_same(&all[begun], &all[begun + run])) {
            run++;
        }
        TRY(issue_settings(db, job, &all[begun], run, why));
        begun += run;
    }
    return OK;
}

errc device_order_retire(struct db *db, const struct fleet_job *job, const struct device *device,
                         struct why *why)
{
    uint64_t id = (uint64_t)device->id;
    struct wire_retire retire = {.device = id};
    struct wanted wanted = {.kind = ORDER_RETIRE,
                            .record = &wire_record_retire,
                            .body = &retire,
                            .devices = &id,
                            .count = 1};
    struct place place;
    int64_t order = 0;
    TRY(device_place(db, job, device, &place, why));
    TRY(province_of(&place, &wanted.province, why));
    return issue(db, job, &wanted, &order, why);
}

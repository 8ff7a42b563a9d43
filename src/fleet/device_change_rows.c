/* Changes of devices, one or many: rows first, then the orders that follow from them, so that
 * devices which shall do the same share an order. */
#include "fleet/cluster_sql.h"
#include "fleet/device_inside.h"
#include "people/audit.h"

static errc check_settings(const struct fleet_job *job, const struct device_change *change,
                           struct why *why)
{
    for (size_t i = 0; i < DEVICE_SETTING_COUNT; i++) {
        const struct device_setting *setting = device_setting_at(i);
        int64_t value = device_setting_get(&change->settings, i);
        bool given = (change->fields & setting->field) != 0;
        if (given && (value < setting->least || value > setting->most)) {
            return fleet_field(job, setting->name, "out_of_range", why);
        }
    }
    return OK;
}

static errc check_change(const struct fleet_job *job, const struct device_change *change,
                         struct why *why)
{
    if ((change->fields & DEVICE_NAME) != 0) {
        TRY(fleet_check_name(job, "name", change->name, why));
    }
    if ((change->fields & DEVICE_NOTE) != 0) {
        TRY(fleet_check_note(job, change->note, why));
    }
    if ((change->fields & DEVICE_SIM) != 0) {
        TRY(fleet_check_text(job, "sim_number", change->sim_number, DEVICE_SIM_MOST, why));
        TRY(fleet_check_text(job, "sim_operator", change->sim_operator, DEVICE_SIM_MOST, why));
    }
    return check_settings(job, change, why);
}

static void apply(struct device *device, const struct device_change *change)
{
    device->name = (change->fields & DEVICE_NAME) != 0 ? change->name : device->name;
    device->note = (change->fields & DEVICE_NOTE) != 0 ? change->note : device->note;
    if ((change->fields & DEVICE_SIM) != 0) {
        device->sim_number = change->sim_number;
        device->sim_operator = change->sim_operator;
    }
    for (size_t i = 0; i < DEVICE_SETTING_COUNT; i++) {
        if ((change->fields & device_setting_at(i)->field) != 0) {
            device_setting_set(&device->settings, i, device_setting_get(&change->settings, i));
        }
    }
}

/* Only what the change touches. */
static errc write_side(const struct fleet_job *job, const struct device *device, unsigned fields,
                       str *ret_json)
{
    AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
    struct json_out *out = &story.json;
    fleet_story_begin(&story);
    if ((fields & DEVICE_NAME) != 0) {
        json_str_at(out, "name", device->name);
    }
    if ((fields & DEVICE_CLUSTER) != 0) {
        json_i64_at(out, "cluster_id", device->cluster);
    }
    if ((fields & DEVICE_NOTE) != 0) {
        json_str_at(out, "note", device->note);
    }
    if ((fields & DEVICE_SIM) != 0) {
        json_str_at(out, "sim_number", device->sim_number);
        json_str_at(out, "sim_operator", device->sim_operator);
    }
    for (size_t i = 0; i < DEVICE_SETTING_COUNT; i++) {
        if ((fields & device_setting_at(i)->field) != 0) {
            json_i64_at(out, device_setting_at(i)->name, device_setting_get(&device->settings, i));
        }
    }
    return fleet_story_end(&story, job->arena, ret_json);
}

/* A change of many, under way. */
struct changing {
    struct db *db;
    const struct fleet_job *job;
    const struct device_change *change;
    struct cluster_by_id_row cluster; /* the new one, if any */
    int64_t version;
    struct device *changed;
    struct device_batch batch;
};

static errc change_one(struct changing *changing, struct device *found, struct why *why)
{
    const struct fleet_job *job = changing->job;
    unsigned fields = changing->change->fields;
    struct device before = *found;
    str sides[2];
    apply(found, changing->change);
    if ((fields & DEVICE_CLUSTER) != 0) {
        found->cluster = changing->change->cluster;
        found->cluster_name = changing->cluster.name;
        found->unit = changing->cluster.unit_id;
        found->volume_cap =
            changing->cluster.has_volume_cap ? changing->cluster.volume_cap : CLUSTER_NONE;
    }
    TRY(device_write(changing->db, job, found, changing->version, why));
    TRY(write_side(job, &before, fields, &sides[0]));
    TRY(write_side(job, found, fields, &sides[1]));
    return device_tell(changing->db, job, found, "device_changed", sides, why);
}

static errc begin_change(struct changing *changing, struct why *why)
{
    const struct device_change *change = changing->change;
    TRY(audit_hold(changing->db, why));
    TRY(check_change(changing->job, change, why));
    if ((change->fields & DEVICE_CLUSTER) != 0) {
        TRY(device_take_cluster(changing->db, changing->job, change->cluster, &changing->cluster,
                                why));
        TRY(fleet_may(changing->job, RIGHT_FLEET_WRITE, changing->cluster.unit_id, why));
    }
    return fleet_bump(changing->db, changing->job, &changing->version, why);
}

/* The orders that follow from the change, when all rows are written. */
static errc order_changed(const struct changing *changing, struct why *why)
{
    unsigned fields = changing->change->fields;
    for (size_t i = 0; i < changing->batch.changed; i++) {
        const struct device *device = &changing->changed[i];
        struct place place;
        if ((fields & (DEVICE_CLUSTER | DEVICE_NAME)) == 0) {
            break;
        }
        TRY(device_place(changing->db, changing->job, device, &place, why));
        TRY(device_order_place(changing->db, changing->job, device, &place, why));
    }
    if ((fields & (DEVICE_CLUSTER | DEVICE_SETTINGS)) == 0) {
        return OK;
    }
    return device_order_settings(changing->db, changing->job, changing->changed,
                                 changing->batch.changed, why);
}

errc device_change(struct db *db, const struct fleet_job *job, int64_t id,
                   const struct device_change *change, struct why *why)
{
    struct device found;
    struct changing changing = {.db = db, .job = job, .change = change, .changed = &found};
    TRY(begin_change(&changing, why));
    TRY(device_load(db, job, id, &found, why));
    TRY(device_may(job, &found, RIGHT_FLEET_WRITE, why));
    if (found.state != DEVICE_IS_ACCEPTED) {
        return fail(why, ERR_CONFLICT, "device %lld is not in use", (long long)id);
    }
    TRY(change_one(&changing, &found, why));
    changing.batch.changed = 1;
    return order_changed(&changing, why);
}

errc device_change_many(struct db *db, const struct fleet_job *job, struct device_ids ids,
                        const struct device_change *change, struct device_batch *ret_batch,
                        struct why *why)
{
    struct changing changing = {.db = db, .job = job, .change = change};
    changing.changed = arena_take_array(job->arena, ids.count + 1, sizeof *changing.changed);
    if (changing.changed == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(begin_change(&changing, why));
    for (size_t i = 0; i < ids.count; i++) {
        struct device *found = &changing.changed[changing.batch.changed];
        errc rc = device_load(db, job, ids.at[i], found, why);
        if (rc != OK && rc != ERR_NOT_FOUND) {
            return rc;
        }
        bool may = rc == OK && found->state == DEVICE_IS_ACCEPTED &&
                   fleet_may(job, RIGHT_FLEET_WRITE, found->unit, NULL) == OK;
        if (!may) {
            changing.batch.skipped++;
            continue;
        }
        TRY(change_one(&changing, found, why));
        changing.batch.changed++;
    }
    TRY(order_changed(&changing, why));
    *ret_batch = changing.batch;
    return OK;
}

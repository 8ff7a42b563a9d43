/* Devices as people change them. Every change goes the same way: hold the audit, read the device as
 * it is now, ask whether the actor may, write, order what the device must hear of, tell the trail.
 */
#include "fleet/cluster_sql.h"
#include "fleet/device_inside.h"
#include "fleet/device_sql.h"
#include "people/audit.h"
#include "store/db.h"

static struct wire_settings settings_of(const struct device_by_id_row *row)
{
    struct wire_settings settings = {.volume = 0};
    const int64_t values[] = {
#define X(FIELD, name, least, most) row->name,
#include "fleet/settings.def"
#undef X
    };
    for (size_t i = 0; i < DEVICE_SETTING_COUNT; i++) {
        device_setting_set(&settings, i, values[i]);
    }
    return settings;
}

static struct device device_of(const struct device_by_id_row *row)
{
    struct device device = {
        .id = row->id,
        .key = row->public_key,
        .fingerprint = row->fingerprint,
        .kind = (enum device_kind)row->kind,
        .cluster = row->has_cluster_id ? row->cluster_id : 0,
        .cluster_name = row->cluster_name,
        .station = row->has_station_id ? row->station_id : 0,
        .station_name = row->station_name,
        .unit = row->has_unit_id ? row->unit_id : 0,
        .name = row->name,
        .serial = row->serial,
        .model = row->model,
        .program = row->program,
        .abilities = (uint64_t)row->abilities,
        .address = row->address,
        .sim_number = row->sim_number,
        .sim_operator = row->sim_operator,
        .note = row->note,
        .settings = settings_of(row),
        .settings_version = row->settings_version,
        .place_version = row->place_version,
        .place_path = row->place_path,
        .replaced_by = row->has_replaced_by ? row->replaced_by : 0,
        .first_seen = row->first_seen_at_us,
        .accepted = row->has_accepted_at_us ? row->accepted_at_us : 0,
        .ended = row->has_ended_at_us ? row->ended_at_us : 0,
    };
    ignore_int(device_state_parse(row->state, &device.state));
    return device;
}

errc device_load(struct db *db, const struct fleet_job *job, int64_t id,
                 struct device_found *ret_found, struct why *why)
{
    struct device_by_id_in in = {id};
    struct device_by_id_row row;
    TRY(device_by_id(db, &in, job->arena, &row, why));
    *ret_found = (struct device_found){
        .device = device_of(&row),
        .volume_cap = row.has_volume_cap ? row.volume_cap : CLUSTER_NONE,
    };
    return OK;
}

errc device_place(struct db *db, const struct fleet_job *job, const struct device *device,
                  struct place *ret_place, struct why *why)
{
    struct cluster_villages_of_in in = {device->cluster};
    struct cluster_villages_of_row *rows = NULL;
    unit_id villages[PLACE_VILLAGES];
    size_t count = 0;
    TRY(cluster_villages_of_all(db, &in, job->arena, &rows, &count, why));
    count = count < PLACE_VILLAGES ? count : PLACE_VILLAGES;
    for (size_t i = 0; i < count; i++) {
        villages[i] = rows[i].unit_id;
    }
    struct place_wanted wanted = {device->unit, villages, count};
    return place_find(job->forest, &wanted, job->actor->today, job->arena, ret_place);
}

/* A stranger belongs to nobody yet: whoever may accept devices anywhere may look at it. */
static errc may_see(const struct fleet_job *job, const struct device *device, enum right right,
                    struct why *why)
{
    if (device->unit != 0) {
        return fleet_may(job, right, device->unit, why);
    }
    bool enrols =
        job->actor->account_id == 0 ||
        (right_set_of(job->actor->grants, job->actor->today) & RIGHT_BIT(RIGHT_FLEET_ENROL)) != 0;
    return enrols ? OK : fail(why, ERR_NOT_FOUND, "device %lld waits", (long long)device->id);
}

static errc take(struct db *db, const struct fleet_job *job, int64_t id, enum right right,
                 struct device_found *ret_found, struct why *why)
{
    TRY(audit_hold(db, why));
    TRY(device_load(db, job, id, ret_found, why));
    return may_see(job, &ret_found->device, right, why);
}

errc device_read(struct db *db, const struct fleet_job *job, int64_t id, struct device *ret_device,
                 struct why *why)
{
    struct device_found found;
    TRY(device_load(db, job, id, &found, why));
    TRY(may_see(job, &found.device, RIGHT_FLEET_READ, why));
    *ret_device = found.device;
    return OK;
}

str device_search_words(const struct fleet_job *job, const struct device *device)
{
    return arena_format(job->arena, "%.*s %.*s %.*s %.*s %.*s", STR_ARG(device->serial),
                        STR_ARG(device->model), STR_ARG(device->fingerprint),
                        STR_ARG(device->cluster_name), STR_ARG(device->sim_number));
}

static errc tell(struct db *db, const struct fleet_job *job, const struct device *device,
                 const char *action, const str sides[2], struct why *why)
{
    struct fleet_tale tale = {.action = action,
                              .kind = "device",
                              .id = device->id,
                              .name = device->name,
                              .unit = device->unit,
                              .before = sides == NULL ? STR_NONE : sides[0],
                              .after = sides == NULL ? STR_NONE : sides[1]};
    return fleet_tell(db, job, "devices", &tale, why);
}

/* --- accepting, replacing, retiring ------------------------------------------------------------
 */

static errc take_cluster(struct db *db, const struct fleet_job *job, int64_t id,
                         struct cluster_by_id_row *ret_row, struct why *why)
{
    errc rc = cluster_by_id(db, &(struct cluster_by_id_in){id}, job->arena, ret_row, why);
    if (rc == ERR_NOT_FOUND || (rc == OK && ret_row->has_retired_at_us)) {
        return fleet_field(job, "cluster_id", "not_found", why);
    }
    TRY(rc);
    bool commanded =
        str_is(ret_row->technology, S("ip")) || str_is(ret_row->technology, S("encoder"));
    return commanded ? OK : fleet_field(job, "cluster_id", "not_commanded", why);
}

static errc write_accepted(struct db *db, const struct fleet_job *job, struct device *device,
                           struct why *why)
{
    struct fleet_keys keys;
    int64_t version = 0;
    TRY(fleet_check_name(job, "name", device->name, why));
    TRY(fleet_keys_make(job->arena, device->name, device_search_words(job, device), &keys, why));
    TRY(fleet_bump(db, job, &version, why));
    device->name = keys.name;
    struct device_set_accepted_in in = {
        .id = device->id,
        .cluster_id = device->cluster,
        .name = keys.name,
        .sort_key = keys.sort,
        .search_key = keys.search,
        .version = version,
        .has_accepted_by = job->actor->account_id > 0,
        .accepted_by = job->actor->account_id,
        .now_us = job->actor->now,
    };
    int64_t changed = 0;
    TRY(device_set_accepted(db, &in, &changed, why));
    return changed == 1 ? OK
                        : fail(why, ERR_CONFLICT, "device %lld does not wait any more",
                               (long long)device->id);
}

static errc order_all(struct db *db, const struct fleet_job *job, int64_t id, struct why *why)
{
    struct device_found found;
    struct place place;
    TRY(device_load(db, job, id, &found, why));
    TRY(device_place(db, job, &found.device, &place, why));
    TRY(device_order_place(db, job, &found.device, &place, why));
    return device_order_settings(db, job, &found, 1, why);
}

errc device_take_in(struct db *db, const struct fleet_job *job, const struct device_found *found,
                    const struct device_placing *placing, const char *action, struct why *why)
{
    struct cluster_by_id_row cluster;
    struct device device = found->device;
    str sides[2] = {STR_NONE, STR_NONE};
    AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
    TRY(take_cluster(db, job, placing->cluster, &cluster, why));
    device.cluster = placing->cluster;
    device.cluster_name = cluster.name;
    device.unit = cluster.unit_id;
    device.name = placing->name.len > 0 ? placing->name : cluster.name;
    TRY(write_accepted(db, job, &device, why));
    TRY(order_all(db, job, device.id, why));
    fleet_story_begin(&story);
    json_str_at(&story.json, "fingerprint", device.fingerprint);
    json_i64_at(&story.json, "cluster_id", device.cluster);
    json_str_at(&story.json, "name", device.name);
    TRY(fleet_story_end(&story, job->arena, &sides[1]));
    return tell(db, job, &device, action, sides, why);
}

errc device_accept(struct db *db, const struct fleet_job *job, int64_t id,
                   const struct device_placing *placing, struct why *why)
{
    struct device_found found;
    struct cluster_by_id_row cluster;
    TRY(take(db, job, id, RIGHT_FLEET_READ, &found, why));
    if (found.device.state != DEVICE_IS_PENDING) {
        return fail(why, ERR_CONFLICT, "device %lld does not wait", (long long)id);
    }
    TRY(take_cluster(db, job, placing->cluster, &cluster, why));
    errc rc = fleet_may(job, RIGHT_FLEET_ENROL, cluster.unit_id, why);
    if (rc == ERR_NOT_FOUND) {
        return fleet_field(job, "cluster_id", "not_found", why);
    }
    TRY(rc);
    return device_take_in(db, job, &found, placing, "device_accepted", why);
}

static errc end(struct db *db, const struct fleet_job *job, const struct device *device,
                int64_t replaced_by, struct why *why)
{
    int64_t version = 0;
    if (device->state == DEVICE_IS_ACCEPTED) {
        TRY(device_order_retire(db, job, device, why));
    }
    TRY(fleet_bump(db, job, &version, why));
    struct device_set_ended_in in = {
        .id = device->id,
        .state =
            str_of(device_state_name(replaced_by != 0 ? DEVICE_IS_REPLACED : DEVICE_IS_RETIRED)),
        .has_replaced_by = replaced_by != 0,
        .replaced_by = replaced_by,
        .version = version,
        .now_us = job->actor->now,
    };
    TRY(device_set_ended(db, &in, NULL, why));
    return device_leave_groups(db, &(struct device_leave_groups_in){device->id}, NULL, why);
}

static bool has_ended(const struct device *device)
{
    return device->state == DEVICE_IS_RETIRED || device->state == DEVICE_IS_REPLACED;
}

errc device_retire(struct db *db, const struct fleet_job *job, int64_t id, struct why *why)
{
    struct device_found found;
    TRY(take(db, job, id, RIGHT_FLEET_ENROL, &found, why));
    if (has_ended(&found.device)) {
        return fail(why, ERR_CONFLICT, "device %lld has ended already", (long long)id);
    }
    TRY(end(db, job, &found.device, 0, why));
    return tell(db, job, &found.device, "device_retired", NULL, why);
}

static struct device_set_in row_of(const struct device *device, const struct fleet_keys *keys,
                                   int64_t version)
{
    return (struct device_set_in){
        .id = device->id,
        .has_cluster_id = device->cluster != 0,
        .cluster_id = device->cluster,
        .name = keys->name,
        .sort_key = keys->sort,
        .search_key = keys->search,
        .sim_number = device->sim_number,
        .sim_operator = device->sim_operator,
        .note = device->note,
#define X(FIELD, field, least, most) .field = (int64_t)device->settings.field,
#include "fleet/settings.def"
#undef X
        .version = version,
    };
}

static errc write_device(struct db *db, const struct fleet_job *job, struct device *device,
                         int64_t version, struct why *why)
{
    struct fleet_keys keys;
    TRY(fleet_keys_make(job->arena, device->name, device_search_words(job, device), &keys, why));
    device->name = keys.name;
    struct device_set_in in = row_of(device, &keys, version);
    return device_set(db, &in, NULL, why);
}

/* Settings, SIM and groups of the old one, in the new one's row. */
static errc inherit(struct db *db, const struct fleet_job *job, const struct device *old,
                    struct device *fresh, struct why *why)
{
    int64_t version = 0;
    struct device_groups_take_over_in groups = {old->id, fresh->id};
    fresh->cluster = old->cluster;
    fresh->cluster_name = old->cluster_name;
    fresh->unit = old->unit;
    fresh->name = old->name;
    fresh->settings = old->settings;
    fresh->sim_number = old->sim_number;
    fresh->sim_operator = old->sim_operator;
    fresh->note = old->note;
    TRY(write_accepted(db, job, fresh, why));
    TRY(fleet_bump(db, job, &version, why));
    TRY(write_device(db, job, fresh, version, why));
    return device_groups_take_over(db, &groups, NULL, why);
}

errc device_replace(struct db *db, const struct fleet_job *job, int64_t id, int64_t by,
                    struct why *why)
{
    struct device_found old;
    struct device_found fresh;
    str sides[2] = {STR_NONE, STR_NONE};
    AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
    TRY(take(db, job, id, RIGHT_FLEET_ENROL, &old, why));
    if (old.device.state != DEVICE_IS_ACCEPTED) {
        return fail(why, ERR_CONFLICT, "device %lld is not in use", (long long)id);
    }
    errc rc = device_load(db, job, by, &fresh, why);
    if (rc == ERR_NOT_FOUND || (rc == OK && fresh.device.state != DEVICE_IS_PENDING)) {
        return fleet_field(job, "by", "not_found", why);
    }
    TRY(rc);
    TRY(inherit(db, job, &old.device, &fresh.device, why));
    TRY(order_all(db, job, by, why));
    TRY(end(db, job, &old.device, by, why));
    fleet_story_begin(&story);
    json_i64_at(&story.json, "replaced_by", by);
    json_str_at(&story.json, "fingerprint", fresh.device.fingerprint);
    TRY(fleet_story_end(&story, job->arena, &sides[1]));
    TRY(tell(db, job, &fresh.device, "device_accepted", sides, why));
    return tell(db, job, &old.device, "device_replaced", sides, why);
}

/* --- changing ----------------------------------------------------------------------------------
 */

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
    struct device_found *changed;
    struct device_batch batch;
};

static errc change_one(struct changing *changing, struct device_found *found, struct why *why)
{
    const struct fleet_job *job = changing->job;
    unsigned fields = changing->change->fields;
    struct device before = found->device;
    str sides[2];
    apply(&found->device, changing->change);
    if ((fields & DEVICE_CLUSTER) != 0) {
        found->device.cluster = changing->change->cluster;
        found->device.cluster_name = changing->cluster.name;
        found->device.unit = changing->cluster.unit_id;
        found->volume_cap =
            changing->cluster.has_volume_cap ? changing->cluster.volume_cap : CLUSTER_NONE;
    }
    TRY(write_device(changing->db, job, &found->device, changing->version, why));
    TRY(write_side(job, &before, fields, &sides[0]));
    TRY(write_side(job, &found->device, fields, &sides[1]));
    return tell(changing->db, job, &found->device, "device_changed", sides, why);
}

static errc begin_change(struct changing *changing, struct why *why)
{
    const struct device_change *change = changing->change;
    TRY(audit_hold(changing->db, why));
    TRY(check_change(changing->job, change, why));
    if ((change->fields & DEVICE_CLUSTER) != 0) {
        TRY(take_cluster(changing->db, changing->job, change->cluster, &changing->cluster, why));
        TRY(fleet_may(changing->job, RIGHT_FLEET_WRITE, changing->cluster.unit_id, why));
    }
    return fleet_bump(changing->db, changing->job, &changing->version, why);
}

/* The orders that follow from the change, when all rows are written. */
static errc order_changed(const struct changing *changing, struct why *why)
{
    unsigned fields = changing->change->fields;
    for (size_t i = 0; i < changing->batch.changed; i++) {
        const struct device *device = &changing->changed[i].device;
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
    struct device_found found;
    struct changing changing = {.db = db, .job = job, .change = change, .changed = &found};
    TRY(begin_change(&changing, why));
    TRY(device_load(db, job, id, &found, why));
    TRY(may_see(job, &found.device, RIGHT_FLEET_WRITE, why));
    if (found.device.state != DEVICE_IS_ACCEPTED) {
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
        struct device_found *found = &changing.changed[changing.batch.changed];
        errc rc = device_load(db, job, ids.at[i], found, why);
        if (rc != OK && rc != ERR_NOT_FOUND) {
            return rc;
        }
        bool may = rc == OK && found->device.state == DEVICE_IS_ACCEPTED &&
                   fleet_may(job, RIGHT_FLEET_WRITE, found->device.unit, NULL) == OK;
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

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
        .volume_cap = row->has_volume_cap ? row->volume_cap : CLUSTER_NONE,
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

errc device_load(struct db *db, const struct fleet_job *job, int64_t id, struct device *ret_device,
                 struct why *why)
{
    struct device_by_id_in in = {id};
    struct device_by_id_row row;
    TRY(device_by_id(db, &in, job->arena, &row, why));
    *ret_device = device_of(&row);
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

errc device_may(const struct fleet_job *job, const struct device *device, enum right right,
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
                 struct device *ret_device, struct why *why)
{
    TRY(audit_hold(db, why));
    TRY(device_load(db, job, id, ret_device, why));
    return device_may(job, ret_device, right, why);
}

errc device_read(struct db *db, const struct fleet_job *job, int64_t id, struct device *ret_device,
                 struct why *why)
{
    struct device found;
    TRY(device_load(db, job, id, &found, why));
    TRY(device_may(job, &found, RIGHT_FLEET_READ, why));
    *ret_device = found;
    return OK;
}

str device_search_words(const struct fleet_job *job, const struct device *device)
{
    return arena_format(job->arena, "%.*s %.*s %.*s %.*s %.*s", STR_ARG(device->serial),
                        STR_ARG(device->model), STR_ARG(device->fingerprint),
                        STR_ARG(device->cluster_name), STR_ARG(device->sim_number));
}

errc device_tell(struct db *db, const struct fleet_job *job, const struct device *device,
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

errc device_take_cluster(struct db *db, const struct fleet_job *job, int64_t id,
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
    struct device found;
    struct place place;
    TRY(device_load(db, job, id, &found, why));
    TRY(device_place(db, job, &found, &place, why));
    TRY(device_order_place(db, job, &found, &place, why));
    return device_order_settings(db, job, &found, 1, why);
}

errc device_take_in(struct db *db, const struct fleet_job *job, const struct device *found,
                    const struct device_placing *placing, const char *action, struct why *why)
{
    struct cluster_by_id_row cluster;
    struct device device = *found;
    str sides[2] = {STR_NONE, STR_NONE};
    AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
    TRY(device_take_cluster(db, job, placing->cluster, &cluster, why));
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
    return device_tell(db, job, &device, action, sides, why);
}

errc device_accept(struct db *db, const struct fleet_job *job, int64_t id,
                   const struct device_placing *placing, struct why *why)
{
    struct device found;
    struct cluster_by_id_row cluster;
    TRY(take(db, job, id, RIGHT_FLEET_READ, &found, why));
    if (found.state != DEVICE_IS_PENDING) {
        return fail(why, ERR_CONFLICT, "device %lld does not wait", (long long)id);
    }
    TRY(device_take_cluster(db, job, placing->cluster, &cluster, why));
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
    struct device found;
    TRY(take(db, job, id, RIGHT_FLEET_ENROL, &found, why));
    if (has_ended(&found)) {
        return fail(why, ERR_CONFLICT, "device %lld has ended already", (long long)id);
    }
    TRY(end(db, job, &found, 0, why));
    return device_tell(db, job, &found, "device_retired", NULL, why);
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

errc device_write(struct db *db, const struct fleet_job *job, struct device *device,
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
    TRY(device_write(db, job, fresh, version, why));
    return device_groups_take_over(db, &groups, NULL, why);
}

errc device_replace(struct db *db, const struct fleet_job *job, int64_t id, int64_t by,
                    struct why *why)
{
    struct device old;
    struct device fresh;
    str sides[2] = {STR_NONE, STR_NONE};
    AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
    TRY(take(db, job, id, RIGHT_FLEET_ENROL, &old, why));
    if (old.state != DEVICE_IS_ACCEPTED) {
        return fail(why, ERR_CONFLICT, "device %lld is not in use", (long long)id);
    }
    errc rc = device_load(db, job, by, &fresh, why);
    if (rc == ERR_NOT_FOUND || (rc == OK && fresh.state != DEVICE_IS_PENDING)) {
        return fleet_field(job, "by", "not_found", why);
    }
    TRY(rc);
    TRY(inherit(db, job, &old, &fresh, why));
    TRY(order_all(db, job, by, why));
    TRY(end(db, job, &old, by, why));
    fleet_story_begin(&story);
    json_i64_at(&story.json, "replaced_by", by);
    json_str_at(&story.json, "fingerprint", fresh.fingerprint);
    TRY(fleet_story_end(&story, job->arena, &sides[1]));
    TRY(device_tell(db, job, &fresh, "device_accepted", sides, why));
    return device_tell(db, job, &old, "device_replaced", sides, why);
}

/* --- lists -------------------------------------------------------------------------------------
 */

errc device_list_waiting(struct db *db, const struct fleet_job *job,
                         struct device_strangers *ret_strangers, struct why *why)
{
    struct devices_waiting_row *rows = NULL;
    size_t count = 0;
    struct device any = {.unit = 0};
    TRY(device_may(job, &any, RIGHT_FLEET_ENROL, why));
    TRY(devices_waiting_all(db, job->arena, &rows, &count, why));
    struct device *devices = arena_take_array(job->arena, count + 1, sizeof *devices);
    if (devices == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        devices[i] = (struct device){.id = rows[i].id,
                                     .fingerprint = rows[i].fingerprint,
                                     .kind = (enum device_kind)rows[i].kind,
                                     .serial = rows[i].serial,
                                     .model = rows[i].model,
                                     .program = rows[i].program,
                                     .address = rows[i].address,
                                     .first_seen = rows[i].first_seen_at_us};
    }
    *ret_strangers = (struct device_strangers){devices, count};
    return OK;
}

errc device_traffic(struct db *db, const struct fleet_job *job, int64_t id,
                    struct device_months *ret_months, struct why *why)
{
    struct device_traffic_of_in in = {id};
    struct device_traffic_of_row *rows = NULL;
    size_t count = 0;
    TRY(device_traffic_of_all(db, &in, job->arena, &rows, &count, why));
    struct device_month *months = arena_take_array(job->arena, count + 1, sizeof *months);
    if (months == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        months[i] = (struct device_month){rows[i].month, rows[i].bytes_in, rows[i].bytes_out};
    }
    *ret_months = (struct device_months){months, count};
    return OK;
}

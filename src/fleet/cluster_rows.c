/* Clusters in the store. A change of what devices must hear of (place, cap) becomes their orders in
 * the same transaction. */
#include "base/text.h"
#include "fleet/cluster_sql.h"
#include "fleet/device_inside.h"
#include "people/audit.h"
#include "store/db.h"

enum { WATTS_MOST = 10000, HORNS_MOST = 64, STANDBY_MOST = 1000, POWER_MOST = 120 };

static int64_t or_none(bool has, int64_t value)
{
    return has ? value : CLUSTER_NONE;
}

/* --- reading -----------------------------------------------------------------------------------
 */

static errc read_villages(struct db *db, struct arena *arena, struct cluster *cluster,
                          struct why *why)
{
    struct cluster_villages_of_in in = {cluster->id};
    struct cluster_villages_of_row *rows = NULL;
    size_t count = 0;
    TRY(cluster_villages_of_all(db, &in, arena, &rows, &count, why));
    for (size_t i = 0; i < count && i < PLACE_VILLAGES; i++) {
        cluster->villages[cluster->village_count++] = rows[i].unit_id;
    }
    return OK;
}

static errc read_photos(struct db *db, struct arena *arena, struct cluster *cluster,
                        struct why *why)
{
    struct cluster_photos_of_in in = {cluster->id};
    struct cluster_photos_of_row *rows = NULL;
    size_t count = 0;
    TRY(cluster_photos_of_all(db, &in, arena, &rows, &count, why));
    for (size_t i = 0; i < count && i < CLUSTER_PHOTOS; i++) {
        cluster->photos[cluster->photo_count++] = rows[i].media;
    }
    return OK;
}

static struct cluster cluster_of(const struct cluster_by_id_row *row)
{
    struct cluster cluster = {
        .id = row->id,
        .station = row->station_id,
        .station_name = row->station_name,
        .station_unit = row->station_unit_id,
        .unit = row->unit_id,
        .name = row->name,
        .has_position = row->has_latitude,
        .latitude = row->latitude,
        .longitude = row->longitude,
        .languages = row->languages,
        .power = row->power,
        .amplifier_w = or_none(row->has_amplifier_w, row->amplifier_w),
        .horns = or_none(row->has_horns, row->horns),
        .standby_h = or_none(row->has_standby_h, row->standby_h),
        .quiet_zone = row->quiet_zone,
        .volume_cap = or_none(row->has_volume_cap, row->volume_cap),
        .nearby = row->nearby,
        .note = row->note,
        .retired = row->has_retired_at_us ? row->retired_at_us : 0,
        .created = row->created_at_us,
        .devices = row->devices,
    };
    ignore_int(cluster_technology_parse(row->technology, &cluster.technology));
    return cluster;
}

static errc read_one(struct db *db, const struct fleet_job *job, int64_t id, enum right right,
                     struct cluster *ret_cluster, struct why *why)
{
    struct cluster_by_id_in in = {id};
    struct cluster_by_id_row row;
    TRY(cluster_by_id(db, &in, job->arena, &row, why));
    TRY(fleet_may(job, right, row.unit_id, why));
    struct cluster cluster = cluster_of(&row);
    TRY(read_villages(db, job->arena, &cluster, why));
    TRY(read_photos(db, job->arena, &cluster, why));
    *ret_cluster = cluster;
    return OK;
}

errc cluster_read(struct db *db, const struct fleet_job *job, int64_t id,
                  struct cluster *ret_cluster, struct why *why)
{
    return read_one(db, job, id, RIGHT_FLEET_READ, ret_cluster, why);
}

struct filling {
    const struct fleet_job *job;
    const struct cluster_filter *filter;
    str query_key;
    struct cluster *clusters;
    size_t limit;
    size_t count;
    bool more;
};

static str keep(const struct filling *filling, str text)
{
    return text.at == NULL ? STR_NONE : arena_str(filling->job->arena, text);
}

static struct cluster line_of(const struct filling *filling, const struct clusters_page_row *row)
{
    struct cluster cluster = {
        .id = row->id,
        .station = row->station_id,
        .station_name = keep(filling, row->station_name),
        .station_unit = row->station_unit_id,
        .unit = row->unit_id,
        .name = keep(filling, row->name),
        .has_position = row->has_latitude,
        .latitude = row->latitude,
        .longitude = row->longitude,
        .languages = keep(filling, row->languages),
        .power = keep(filling, row->power),
        .amplifier_w = or_none(row->has_amplifier_w, row->amplifier_w),
        .horns = or_none(row->has_horns, row->horns),
        .standby_h = or_none(row->has_standby_h, row->standby_h),
        .quiet_zone = row->quiet_zone,
        .volume_cap = or_none(row->has_volume_cap, row->volume_cap),
        .nearby = keep(filling, row->nearby),
        .note = keep(filling, row->note),
        .created = row->created_at_us,
        .devices = row->devices,
    };
    ignore_int(cluster_technology_parse(row->technology, &cluster.technology));
    return cluster;
}

static errc on_cluster(void *ctx, const struct clusters_page_row *row)
{
    struct filling *filling = ctx;
    unit_id within = filling->filter->unit;
    bool wanted = fleet_sees(filling->job, row->unit_id) &&
                  (within == 0 || fleet_is_below(filling->job, within, row->unit_id)) &&
                  text_key_has(row->search_key, filling->query_key);
    if (wanted && filling->count == filling->limit) {
        filling->more = true;
        return ERR_CANCELLED; /* ends the reading: the page is full */
    }
    if (wanted) {
        filling->clusters[filling->count++] = line_of(filling, row);
    }
    return OK;
}

static errc open_page(struct filling *filling, struct clusters_page_in *in, struct why *why)
{
    const struct cluster_filter *filter = filling->filter;
    enum cluster_technology technology;
    *in =
        (struct clusters_page_in){.station_id = filter->station, .technology = filter->technology};
    if (filter->technology.at != NULL &&
        !cluster_technology_parse(filter->technology, &technology)) {
        return fleet_field(filling->job, "technology", "unknown", why);
    }
    if (filter->after.at != NULL && !str_to_i64(filter->after, &in->after_id)) {
        return fleet_field(filling->job, "after", "wrong_type", why);
    }
    if (filter->query.len > 0) {
        TRY(text_search_key(filling->job->arena, filter->query, &filling->query_key));
    }
    filling->clusters =
        arena_take_array(filling->job->arena, filling->limit + 1, sizeof *filling->clusters);
    return filling->clusters == NULL ? ERR_NO_MEMORY : OK;
}

errc cluster_list(struct db *db, const struct fleet_job *job, const struct cluster_filter *filter,
                  struct cluster_page *ret_page, struct why *why)
{
    struct filling filling = {.job = job, .filter = filter, .limit = filter->limit};
    struct clusters_page_in in;
    TRY(open_page(&filling, &in, why));
    errc rc = clusters_page(db, &in, on_cluster, &filling, why);
    if (rc != OK && !(rc == ERR_CANCELLED && filling.more)) {
        return rc;
    }
    struct cluster_page page = {filling.clusters, filling.count, STR_NONE};
    for (size_t i = 0; i < filling.count; i++) {
        TRY(read_villages(db, job->arena, &filling.clusters[i], why));
    }
    if (filling.more) {
        page.next =
            arena_format(job->arena, "%lld", (long long)filling.clusters[filling.count - 1].id);
    }
    *ret_page = page;
    return arena_failed(job->arena) ? ERR_NO_MEMORY : OK;
}

/* --- what may be said --------------------------------------------------------------------------
 */

static errc check_number(const struct fleet_job *job, const char *field, int64_t value,
                         int64_t most, struct why *why)
{
    bool fits = value == CLUSTER_NONE || (value >= 0 && value <= most);
    return fits ? OK : fleet_field(job, field, "out_of_range", why);
}

static errc check_position(const struct fleet_job *job, const struct cluster *cluster,
                           struct why *why)
{
    bool fits = !cluster->has_position || (cluster->latitude >= -90 && cluster->latitude <= 90 &&
                                           cluster->longitude >= -180 && cluster->longitude <= 180);
    return fits ? OK : fleet_field(job, "latitude", "out_of_range", why);
}

static errc check_villages(const struct fleet_job *job, const struct cluster *cluster,
                           struct why *why)
{
    if (cluster->village_count > PLACE_VILLAGES) {
        return fleet_field(job, "villages", "too_long", why);
    }
    for (size_t i = 0; i < cluster->village_count; i++) {
        unit_id village = cluster->villages[i];
        if (!forest_knows(job->forest, village) ||
            !fleet_is_below(job, cluster->station_unit, village)) {
            return fleet_field(job, "villages", "not_found", why);
        }
        for (size_t k = 0; k < i; k++) {
            if (cluster->villages[k] == village) {
                return fleet_field(job, "villages", "twice", why);
            }
        }
    }
    return OK;
}

static errc check_words(const struct fleet_job *job, const struct cluster *cluster, struct why *why)
{
    TRY(fleet_check_name(job, "name", cluster->name, why));
    TRY(fleet_check_text(job, "power", cluster->power, POWER_MOST, why));
    TRY(fleet_check_text(job, "nearby", cluster->nearby, FLEET_NOTE_MOST, why));
    TRY(fleet_check_note(job, cluster->note, why));
    return cluster_languages_are_fit(cluster->languages)
               ? OK
               : fleet_field(job, "languages", "unknown", why);
}

static errc check(const struct fleet_job *job, const struct cluster *cluster, struct why *why)
{
    TRY(check_words(job, cluster, why));
    TRY(check_position(job, cluster, why));
    TRY(check_number(job, "amplifier_w", cluster->amplifier_w, WATTS_MOST, why));
    TRY(check_number(job, "horns", cluster->horns, HORNS_MOST, why));
    TRY(check_number(job, "standby_h", cluster->standby_h, STANDBY_MOST, why));
    TRY(check_number(job, "volume_cap", cluster->volume_cap, 100, why));
    if (!fleet_is_below(job, cluster->station_unit, cluster->unit)) {
        return fleet_field(job, "unit_id", "not_found", why);
    }
    return check_villages(job, cluster, why);
}

/* The station that a cluster hangs on, and the right over where it stands. */
static errc take_station(struct db *db, const struct fleet_job *job, struct cluster *cluster,
                         struct why *why)
{
    struct station station;
    errc rc = station_read(db, job, cluster->station, &station, NULL, why);
    if (rc == ERR_NOT_FOUND) {
        return fleet_field(job, "station_id", "not_found", why);
    }
    TRY(rc);
    cluster->station_name = station.name;
    cluster->station_unit = station.unit;
    cluster->unit = cluster->unit == 0 ? station.unit : cluster->unit;
    return fleet_may(job, RIGHT_FLEET_WRITE, cluster->unit, why);
}

/* --- writing -----------------------------------------------------------------------------------
 */

static errc write_lists(struct db *db, const struct cluster *cluster, struct why *why)
{
    TRY(cluster_villages_drop(db, &(struct cluster_villages_drop_in){cluster->id}, NULL, why));
    TRY(cluster_photos_drop(db, &(struct cluster_photos_drop_in){cluster->id}, NULL, why));
    for (size_t i = 0; i < cluster->village_count; i++) {
        struct cluster_village_add_in in = {cluster->id, cluster->villages[i]};
        TRY(cluster_village_add(db, &in, NULL, why));
    }
    for (size_t i = 0; i < cluster->photo_count; i++) {
        struct cluster_photo_add_in in = {cluster->id, (int64_t)i, cluster->photos[i]};
        TRY(cluster_photo_add(db, &in, NULL, why));
    }
    return OK;
}

static struct cluster_set_in row_of(const struct cluster *cluster, const struct fleet_keys *keys)
{
    return (struct cluster_set_in){
        .id = cluster->id,
        .station_id = cluster->station,
        .unit_id = cluster->unit,
        .name = keys->name,
        .sort_key = keys->sort,
        .search_key = keys->search,
        .technology = str_of(cluster_technology_name(cluster->technology)),
        .has_latitude = cluster->has_position,
        .latitude = cluster->latitude,
        .has_longitude = cluster->has_position,
        .longitude = cluster->longitude,
        .languages = cluster->languages,
        .power = cluster->power,
        .has_amplifier_w = cluster->amplifier_w != CLUSTER_NONE,
        .amplifier_w = cluster->amplifier_w,
        .has_horns = cluster->horns != CLUSTER_NONE,
        .horns = cluster->horns,
        .has_standby_h = cluster->standby_h != CLUSTER_NONE,
        .standby_h = cluster->standby_h,
        .quiet_zone = cluster->quiet_zone,
        .has_volume_cap = cluster->volume_cap != CLUSTER_NONE,
        .volume_cap = cluster->volume_cap,
        .nearby = cluster->nearby,
        .note = cluster->note,
        .has_retired_at_us = cluster->retired != 0,
        .retired_at_us = cluster->retired,
    };
}

static errc add_row(struct db *db, const struct fleet_job *job, const struct cluster_set_in *row,
                    int64_t *ret_id, struct why *why)
{
    struct cluster_add_row made;
    struct cluster_add_in in = {
        .station_id = row->station_id,
        .unit_id = row->unit_id,
        .name = row->name,
        .sort_key = row->sort_key,
        .search_key = row->search_key,
        .technology = row->technology,
        .has_latitude = row->has_latitude,
        .latitude = row->latitude,
        .has_longitude = row->has_longitude,
        .longitude = row->longitude,
        .languages = row->languages,
        .power = row->power,
        .has_amplifier_w = row->has_amplifier_w,
        .amplifier_w = row->amplifier_w,
        .has_horns = row->has_horns,
        .horns = row->horns,
        .has_standby_h = row->has_standby_h,
        .standby_h = row->standby_h,
        .quiet_zone = row->quiet_zone,
        .has_volume_cap = row->has_volume_cap,
        .volume_cap = row->volume_cap,
        .nearby = row->nearby,
        .note = row->note,
        .now_us = job->actor->now,
    };
    TRY(cluster_add(db, &in, job->arena, &made, why));
    *ret_id = made.id;
    return OK;
}

static void write_number(struct json_out *out, const char *key, int64_t value)
{
    if (value == CLUSTER_NONE) {
        json_null_at(out, key);
    } else {
        json_i64_at(out, key, value);
    }
}

static errc write_side(const struct fleet_job *job, const struct cluster *cluster, str *ret_json)
{
    AUTO(fleet_story_close) struct fleet_story story = {.text = {.at = NULL}};
    struct json_out *out = &story.json;
    fleet_story_begin(&story);
    json_str_at(out, "name", cluster->name);
    json_i64_at(out, "station_id", cluster->station);
    json_i64_at(out, "unit_id", cluster->unit);
    json_text_at(out, "technology", cluster_technology_name(cluster->technology));
    if (cluster->has_position) {
        json_key(out, "latitude");
        json_double(out, cluster->latitude);
        json_key(out, "longitude");
        json_double(out, cluster->longitude);
    }
    json_array_at(out, "villages");
    for (size_t i = 0; i < cluster->village_count; i++) {
        json_i64(out, cluster->villages[i]);
    }
    json_end(out);
    json_str_at(out, "languages", cluster->languages);
    json_str_at(out, "power", cluster->power);
    write_number(out, "amplifier_w", cluster->amplifier_w);
    write_number(out, "horns", cluster->horns);
    write_number(out, "standby_h", cluster->standby_h);
    json_bool_at(out, "quiet_zone", cluster->quiet_zone);
    write_number(out, "volume_cap", cluster->volume_cap);
    json_str_at(out, "nearby", cluster->nearby);
    json_str_at(out, "note", cluster->note);
    json_i64_at(out, "photos", (int64_t)cluster->photo_count);
    json_bool_at(out, "retired", cluster->retired != 0);
    return fleet_story_end(&story, job->arena, ret_json);
}

static errc tell(struct db *db, const struct fleet_job *job, const char *action,
                 const struct cluster *before, const struct cluster *after, struct why *why)
{
    struct fleet_tale tale = {.action = action,
                              .kind = "cluster",
                              .id = after->id,
                              .name = after->name,
                              .unit = after->unit,
                              .before = STR_NONE};
    if (before != NULL) {
        TRY(write_side(job, before, &tale.before));
    }
    TRY(write_side(job, after, &tale.after));
    return fleet_tell(db, job, "stations", &tale, why);
}

errc cluster_create(struct db *db, const struct fleet_job *job, const struct cluster *draft,
                    int64_t *ret_id, struct why *why)
{
    struct cluster made = *draft;
    struct fleet_keys keys;
    TRY(audit_hold(db, why));
    TRY(take_station(db, job, &made, why));
    TRY(check(job, &made, why));
    TRY(fleet_keys_make(job->arena, made.name, made.station_name, &keys, why));
    made.name = keys.name;
    struct cluster_set_in row = row_of(&made, &keys);
    TRY(add_row(db, job, &row, &made.id, why));
    TRY(write_lists(db, &made, why));
    TRY(tell(db, job, "cluster_created", NULL, &made, why));
    *ret_id = made.id;
    return OK;
}

static void take_numbers(struct cluster *cluster, const struct cluster *values, unsigned fields)
{
    cluster->amplifier_w =
        (fields & CLUSTER_AMPLIFIER) != 0 ? values->amplifier_w : cluster->amplifier_w;
    cluster->horns = (fields & CLUSTER_HORNS) != 0 ? values->horns : cluster->horns;
    cluster->standby_h = (fields & CLUSTER_STANDBY) != 0 ? values->standby_h : cluster->standby_h;
    cluster->quiet_zone = (fields & CLUSTER_QUIET) != 0 ? values->quiet_zone : cluster->quiet_zone;
    cluster->volume_cap = (fields & CLUSTER_CAP) != 0 ? values->volume_cap : cluster->volume_cap;
    cluster->unit = (fields & CLUSTER_UNIT) != 0 ? values->unit : cluster->unit;
    cluster->station = (fields & CLUSTER_STATION) != 0 ? values->station : cluster->station;
    cluster->retired = (fields & CLUSTER_RETIRED) != 0 ? values->retired : cluster->retired;
}

static void take_fields(struct cluster *cluster, const struct cluster *values, unsigned fields)
{
    take_numbers(cluster, values, fields);
    cluster->name = (fields & CLUSTER_NAME) != 0 ? values->name : cluster->name;
    cluster->technology =
        (fields & CLUSTER_TECHNOLOGY) != 0 ? values->technology : cluster->technology;
    cluster->languages = (fields & CLUSTER_SPOKEN) != 0 ? values->languages : cluster->languages;
    cluster->power = (fields & CLUSTER_POWER) != 0 ? values->power : cluster->power;
    cluster->nearby = (fields & CLUSTER_NEARBY) != 0 ? values->nearby : cluster->nearby;
    cluster->note = (fields & CLUSTER_REMARK) != 0 ? values->note : cluster->note;
    if ((fields & CLUSTER_POSITION) != 0) {
        cluster->has_position = values->has_position;
        cluster->latitude = values->latitude;
        cluster->longitude = values->longitude;
    }
    if ((fields & CLUSTER_VILLAGES) != 0) {
        memcpy(cluster->villages, values->villages, sizeof cluster->villages);
        cluster->village_count = values->village_count;
    }
    if ((fields & CLUSTER_PICTURES) != 0) {
        memcpy(cluster->photos, values->photos, sizeof cluster->photos);
        cluster->photo_count = values->photo_count;
    }
}

static unsigned again_of(const struct cluster *before, const struct cluster *after)
{
    bool moved = before->unit != after->unit || before->village_count != after->village_count ||
                 memcmp(before->villages, after->villages, sizeof before->villages) != 0;
    bool capped = before->volume_cap != after->volume_cap;
    return (moved ? (unsigned)DEVICE_AGAIN_PLACE : 0U) |
           (capped ? (unsigned)DEVICE_AGAIN_SETTINGS : 0U);
}

errc cluster_change(struct db *db, const struct fleet_job *job, int64_t id,
                    const struct cluster *values, unsigned fields, struct why *why)
{
    struct cluster before;
    struct fleet_keys keys;
    int64_t version = 0;
    TRY(audit_hold(db, why));
    TRY(read_one(db, job, id, RIGHT_FLEET_WRITE, &before, why));
    struct cluster after = before;
    take_fields(&after, values, fields);
    TRY(take_station(db, job, &after, why));
    TRY(check(job, &after, why));
    if (after.retired != 0 && after.devices > 0) {
        return fail(why, ERR_IN_USE, "cluster %lld has devices", (long long)id);
    }
    TRY(fleet_keys_make(job->arena, after.name, after.station_name, &keys, why));
    after.name = keys.name;
    struct cluster_set_in row = row_of(&after, &keys);
    TRY(cluster_set(db, &row, NULL, why));
    TRY(write_lists(db, &after, why));
    TRY(fleet_bump(db, job, &version, why));
    TRY(cluster_touch_devices(db, &(struct cluster_touch_devices_in){id, version}, NULL, why));
    TRY(device_order_again(db, job, id, again_of(&before, &after), why));
    return tell(db, job, "cluster_changed", &before, &after, why);
}

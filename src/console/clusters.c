/* Clusters: list, one with its past, making and changing. */
#include "fleet/cluster.h"

#include "console/audit_json.h"
#include "console/fleet_json.h"
#include "console/steps.h"

enum { HISTORY_LINES = 20, POWER_MOST = 120, TAG_MOST = 16 };

static void write_position(struct ask *ask, const struct cluster *cluster)
{
    struct json_out *out = &ask->json;
    json_key(out, "latitude");
    if (cluster->has_position) {
        json_double(out, cluster->latitude);
        json_key(out, "longitude");
        json_double(out, cluster->longitude);
    } else {
        json_null(out);
        json_null_at(out, "longitude");
    }
}

static void write_lists(struct ask *ask, const struct cluster *cluster)
{
    struct json_out *out = &ask->json;
    struct tree today = forest_at(ask->forest, ask->today);
    str rest = cluster->languages;
    json_array_at(out, "villages");
    for (size_t i = 0; i < cluster->village_count; i++) {
        struct unit_line line;
        if (tree_line(today, cluster->villages[i], &line)) {
            json_object(out);
            json_i64_at(out, "id", line.id);
            json_str_at(out, "name", line.name);
            json_end(out);
        }
    }
    json_end(out);
    json_array_at(out, "languages");
    while (rest.len > 0) {
        json_str(out, str_split(rest, ' ', &rest));
    }
    json_end(out);
    json_array_at(out, "photos");
    for (size_t i = 0; i < cluster->photo_count; i++) {
        char hex[HASH_TEXT_SIZE];
        hash_text(cluster->photos[i], hex);
        json_text(out, hex);
    }
    json_end(out);
}

static void write_cluster(struct ask *ask, const struct cluster *cluster)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", cluster->id);
    json_str_at(out, "name", cluster->name);
    fleet_json_ref_at(ask, "station", cluster->station, cluster->station_name);
    fleet_json_unit_at(ask, "unit", cluster->unit);
    json_text_at(out, "technology", cluster_technology_name(cluster->technology));
    write_position(ask, cluster);
    write_lists(ask, cluster);
    json_str_at(out, "power", cluster->power);
    fleet_json_number_at(ask, "amplifier_w", cluster->amplifier_w);
    fleet_json_number_at(ask, "horns", cluster->horns);
    fleet_json_number_at(ask, "standby_h", cluster->standby_h);
    json_bool_at(out, "quiet_zone", cluster->quiet_zone);
    fleet_json_number_at(ask, "volume_cap", cluster->volume_cap);
    json_str_at(out, "nearby", cluster->nearby);
    json_str_at(out, "note", cluster->note);
    fleet_json_usec_at(ask, "retired_at", cluster->retired);
    json_i64_at(out, "devices", cluster->devices);
    json_end(out);
}

static errc write_card(struct ask *ask, int64_t id, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct cluster cluster;
    TRY(cluster_read(ask->db, &job, id, &cluster, why));
    json_object(&ask->json);
    json_key(&ask->json, "cluster");
    write_cluster(ask, &cluster);
    TRY(audit_json_history(ask, "cluster", id, HISTORY_LINES, why));
    json_end(&ask->json);
    return OK;
}

errc api_clusters_list(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct cluster_filter filter = {.query = STR_NONE};
    struct cluster_page page;
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit));
    TRY(ask_query_i64(ask, "station", 0, &filter.station));
    TRY(ask_query(ask, "technology", &filter.technology));
    TRY(ask_query(ask, "q", &filter.query));
    TRY(ask_query(ask, "after", &filter.after));
    TRY(ask_query_limit(ask, &filter.limit));
    TRY(cluster_list(ask->db, &job, &filter, &page, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < page.count; i++) {
        write_cluster(ask, &page.at[i]);
    }
    ask_list_end(ask, page.next);
    return OK;
}

errc api_clusters_show(struct ask *ask, struct why *why)
{
    int64_t id = 0;
    TRY(ask_fleet_id(ask, &id));
    return write_card(ask, id, why);
}

/* --- what is typed -----------------------------------------------------------------------------
 */

/* A cluster being read from a body, and which of its fields were there. */
struct taking {
    struct ask *ask;
    const struct json_value *body;
    struct cluster cluster;
    unsigned fields;
};

static void note_field(struct taking *taking, bool given, enum cluster_field field)
{
    taking->fields |= given ? (unsigned)field : 0U;
}

static errc take_position(struct taking *taking)
{
    const struct json_value *body = taking->body;
    struct cluster *cluster = &taking->cluster;
    struct bad_field *bad = &taking->ask->bad;
    bool emptied = json_in_is_null(body, "latitude") || json_in_is_null(body, "longitude");
    cluster->has_position = json_in_has(body, "latitude") || json_in_has(body, "longitude");
    note_field(taking, emptied || cluster->has_position, CLUSTER_POSITION);
    if (!cluster->has_position) {
        return OK;
    }
    TRY(json_in_double(body, "latitude", -90, 90, &cluster->latitude, bad));
    return json_in_double(body, "longitude", -180, 180, &cluster->longitude, bad);
}

/* An array that is there, of at most so many. */
static errc take_array(struct taking *taking, const char *key, size_t most,
                       const struct json_value **ret_array, size_t *ret_count)
{
    const struct json_value *array = json_in_get(taking->body, key);
    *ret_array = array;
    *ret_count = 0;
    if (array == NULL) {
        return OK;
    }
    if (!json_in_is_array(array)) {
        return bad_field(&taking->ask->bad, key, "wrong_type");
    }
    *ret_count = json_in_count(array);
    return *ret_count <= most ? OK : bad_field(&taking->ask->bad, key, "too_long");
}

static errc take_villages(struct taking *taking)
{
    const struct json_value *array = NULL;
    struct cluster *cluster = &taking->cluster;
    TRY(take_array(taking, "villages", PLACE_VILLAGES, &array, &cluster->village_count));
    note_field(taking, array != NULL, CLUSTER_VILLAGES);
    for (size_t i = 0; i < cluster->village_count; i++) {
        TRY(json_in_as_id(json_in_at(array, i), "villages", &cluster->villages[i],
                          &taking->ask->bad));
    }
    return OK;
}

static errc take_languages(struct taking *taking)
{
    AUTO(buf_finish) struct buf text;
    const struct json_value *array = NULL;
    struct json_in_limits limits = {.least = 2, .most = TAG_MOST};
    size_t count = 0;
    buf_init(&text, CLUSTER_LANGUAGES_SIZE + CLUSTER_LANGUAGES * 8);
    TRY(take_array(taking, "languages", CLUSTER_LANGUAGES, &array, &count));
    note_field(taking, array != NULL, CLUSTER_SPOKEN);
    for (size_t i = 0; i < count; i++) {
        str tag = STR_NONE;
        TRY(json_in_as_str(json_in_at(array, i), "languages", limits, &tag, &taking->ask->bad));
        if (i > 0) {
            buf_add_byte(&text, ' ');
        }
        buf_add(&text, tag);
    }
    taking->cluster.languages = arena_str(taking->ask->arena, buf_str(&text));
    return buf_check(&text);
}

static errc take_photos(struct taking *taking)
{
    const struct json_value *array = NULL;
    struct json_in_limits limits = {.least = HASH_TEXT_SIZE - 1, .most = HASH_TEXT_SIZE - 1};
    struct cluster *cluster = &taking->cluster;
    struct bad_field *bad = &taking->ask->bad;
    TRY(take_array(taking, "photos", CLUSTER_PHOTOS, &array, &cluster->photo_count));
    note_field(taking, array != NULL, CLUSTER_PICTURES);
    for (size_t i = 0; i < cluster->photo_count; i++) {
        str hex = STR_NONE;
        TRY(json_in_as_str(json_in_at(array, i), "photos", limits, &hex, bad));
        if (!hash_parse(hex, &cluster->photos[i])) {
            return bad_field(bad, "photos", "wrong_type");
        }
    }
    return OK;
}

static errc take_texts(struct taking *taking)
{
    struct ask *ask = taking->ask;
    const struct json_value *body = taking->body;
    struct cluster *cluster = &taking->cluster;
    bool given = false;
    str technology = STR_NONE;
    TRY(fleet_take_text(ask, body, "name", FLEET_NAME_MOST, &given, &cluster->name));
    note_field(taking, given, CLUSTER_NAME);
    TRY(fleet_take_text(ask, body, "power", POWER_MOST, &given, &cluster->power));
    note_field(taking, given, CLUSTER_POWER);
    TRY(fleet_take_text(ask, body, "nearby", FLEET_NOTE_MOST, &given, &cluster->nearby));
    note_field(taking, given, CLUSTER_NEARBY);
    TRY(fleet_take_lines(ask, body, "note", &given, &cluster->note));
    note_field(taking, given, CLUSTER_REMARK);
    TRY(fleet_take_text(ask, body, "technology", 16, &given, &technology));
    note_field(taking, given, CLUSTER_TECHNOLOGY);
    if (given && !cluster_technology_parse(technology, &cluster->technology)) {
        return bad_field(&ask->bad, "technology", "unknown");
    }
    return OK;
}

static errc take_numbers(struct taking *taking)
{
    struct ask *ask = taking->ask;
    const struct json_value *body = taking->body;
    struct cluster *cluster = &taking->cluster;
    bool given = false;
    TRY(fleet_take_number(ask, body, "amplifier_w", &given, &cluster->amplifier_w));
    note_field(taking, given, CLUSTER_AMPLIFIER);
    TRY(fleet_take_number(ask, body, "horns", &given, &cluster->horns));
    note_field(taking, given, CLUSTER_HORNS);
    TRY(fleet_take_number(ask, body, "standby_h", &given, &cluster->standby_h));
    note_field(taking, given, CLUSTER_STANDBY);
    TRY(fleet_take_number(ask, body, "volume_cap", &given, &cluster->volume_cap));
    note_field(taking, given, CLUSTER_CAP);
    note_field(taking, json_in_has(body, "quiet_zone"), CLUSTER_QUIET);
    if (json_in_has(body, "quiet_zone")) {
        TRY(json_in_bool(body, "quiet_zone", &cluster->quiet_zone, &ask->bad));
    }
    note_field(taking, json_in_has(body, "unit_id"), CLUSTER_UNIT);
    if (json_in_has(body, "unit_id")) {
        TRY(json_in_i64(body, "unit_id", 1, INT64_MAX, &cluster->unit, &ask->bad));
    }
    note_field(taking, json_in_has(body, "station_id"), CLUSTER_STATION);
    if (json_in_has(body, "station_id")) {
        TRY(json_in_i64(body, "station_id", 1, INT64_MAX, &cluster->station, &ask->bad));
    }
    return OK;
}

static errc take_cluster(struct taking *taking)
{
    TRY(take_texts(taking));
    TRY(take_numbers(taking));
    TRY(take_position(taking));
    TRY(take_villages(taking));
    TRY(take_languages(taking));
    return take_photos(taking);
}

static const struct cluster untold = {
    .languages = {"", 0},
    .power = {"", 0},
    .amplifier_w = CLUSTER_NONE,
    .horns = CLUSTER_NONE,
    .standby_h = CLUSTER_NONE,
    .volume_cap = CLUSTER_NONE,
    .nearby = {"", 0},
    .note = {"", 0},
};

errc api_clusters_create(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {
        "station_id", "unit_id",    "name",   "technology",  "latitude", "longitude",
        "villages",   "languages",  "power",  "amplifier_w", "horns",    "standby_h",
        "quiet_zone", "volume_cap", "nearby", "note",        "photos",   NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    struct taking taking = {.ask = ask, .cluster = untold};
    int64_t id = 0;
    TRY(ask_body(ask, fields, &in, why));
    taking.body = in.root;
    TRY(take_cluster(&taking));
    TRY(json_in_i64(in.root, "station_id", 1, INT64_MAX, &taking.cluster.station, &ask->bad));
    TRY(cluster_create(ask->db, &job, &taking.cluster, &id, why));
    return write_card(ask, id, why);
}

errc api_clusters_change(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"station_id", "unit_id",     "name",     "technology",
                                         "latitude",   "longitude",   "villages", "languages",
                                         "power",      "amplifier_w", "horns",    "standby_h",
                                         "quiet_zone", "volume_cap",  "nearby",   "note",
                                         "photos",     "retired",     NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct fleet_job job = ask_fleet_job(ask);
    struct taking taking = {.ask = ask, .cluster = untold};
    int64_t id = 0;
    bool retired = false;
    TRY(ask_fleet_id(ask, &id));
    TRY(ask_body(ask, fields, &in, why));
    taking.body = in.root;
    TRY(take_cluster(&taking));
    if (json_in_has(in.root, "retired")) {
        TRY(json_in_bool(in.root, "retired", &retired, &ask->bad));
        taking.fields |= CLUSTER_RETIRED;
        taking.cluster.retired = retired ? ask->now : 0;
    }
    TRY(cluster_change(ask->db, &job, id, &taking.cluster, taking.fields, why));
    return write_card(ask, id, why);
}

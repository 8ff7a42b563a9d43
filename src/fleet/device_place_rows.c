/* Places that moved without a person: a cluster that was changed, a reform, the turn of a day. */
#include "fleet/cluster_sql.h"
#include "fleet/device_inside.h"
#include "fleet/device_sql.h"
#include "store/db.h"

errc device_order_again(struct db *db, const struct fleet_job *job, int64_t cluster, unsigned what,
                        struct why *why)
{
    struct cluster_devices_in in = {cluster};
    struct cluster_devices_row *rows = NULL;
    size_t count = 0;
    if (what == 0) {
        return OK;
    }
    TRY(cluster_devices_all(db, &in, job->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct device found;
        struct place place;
        TRY(device_load(db, job, rows[i].id, &found, why));
        TRY(device_place(db, job, &found, &place, why));
        if ((what & DEVICE_AGAIN_PLACE) != 0) {
            TRY(device_order_place(db, job, &found, &place, why));
        }
        if ((what & DEVICE_AGAIN_SETTINGS) != 0) {
            TRY(device_order_settings(db, job, &found, 1, why));
        }
    }
    return OK;
}

/* Villages by cluster, both lists in the order of clusters. */
struct villages {
    const struct villages_all_row *rows;
    size_t count;
};

static int compare_cluster(const void *key, const void *row)
{
    int64_t wanted = *(const int64_t *)key;
    int64_t found = ((const struct villages_all_row *)row)->cluster_id;
    return wanted < found ? -1 : wanted > found;
}

static size_t villages_of(const struct villages *villages, int64_t cluster,
                          unit_id ret_units[PLACE_VILLAGES])
{
    const struct villages_all_row *end = villages->rows + villages->count;
    const struct villages_all_row *row = villages->count == 0
                                             ? NULL
                                             : bsearch(&cluster, villages->rows, villages->count,
                                                       sizeof *villages->rows, compare_cluster);
    size_t count = 0;
    while (row != NULL && row > villages->rows && row[-1].cluster_id == cluster) {
        row--;
    }
    while (row != NULL && row < end && row->cluster_id == cluster && count < PLACE_VILLAGES) {
        ret_units[count++] = row++->unit_id;
    }
    return count;
}

static errc villages_read(struct db *db, struct arena *arena, struct villages *ret_villages,
                          struct why *why)
{
    struct villages_all_row *rows = NULL;
    size_t count = 0;
    TRY(villages_all_all(db, arena, &rows, &count, why));
    *ret_villages = (struct villages){rows, count};
    return OK;
}

static errc place_of(const struct villages *villages, const struct fleet_job *job,
                     const struct devices_places_row *row, struct place *ret_place)
{
    unit_id units[PLACE_VILLAGES];
    struct place_wanted wanted = {.unit = row->unit_id, .villages = units};
    wanted.village_count = villages_of(villages, row->cluster_id, units);
    return place_find(job->forest, &wanted, job->actor->today, job->arena, ret_place);
}

static errc place_one(struct db *db, const struct fleet_job *job, int64_t id,
                      const struct place *place, struct why *why)
{
    struct device found;
    TRY(device_load(db, job, id, &found, why));
    return device_order_place(db, job, &found, place, why);
}

errc device_place_again(struct db *db, const struct fleet_job *job, size_t most, size_t *ret_placed,
                        bool *ret_left, struct why *why)
{
    struct devices_places_in in = {0};
    struct devices_places_row *rows = NULL;
    struct villages villages;
    size_t count = 0;
    size_t placed = 0;
    bool left = false;
    TRY(villages_read(db, job->arena, &villages, why));
    TRY(devices_places_all(db, &in, job->arena, &rows, &count, why));
    for (size_t i = 0; i < count && !left; i++) {
        struct place place;
        TRY(place_of(&villages, job, &rows[i], &place));
        if (place.path_count == 0 || place_is(&place, rows[i].place_path)) {
            continue;
        }
        left = placed == most;
        if (!left) {
            TRY(place_one(db, job, rows[i].id, &place, why));
            placed++;
        }
    }
    *ret_placed = placed;
    *ret_left = left;
    return OK;
}

static errc target_of(const struct villages *villages, const struct fleet_job *job,
                      const struct device_targets_row *row, struct device_target *ret_target)
{
    struct devices_places_row where = {.unit_id = row->unit_id, .cluster_id = row->cluster_id};
    struct wire_settings desired = {.volume = (uint64_t)row->volume};
    int64_t cap = row->has_volume_cap ? row->volume_cap : CLUSTER_NONE;
    *ret_target = (struct device_target){
        .id = row->id,
        .kind = (enum device_kind)row->kind,
        .cluster = row->cluster_id,
        .volume = device_settings_under(&desired, cap).volume,
        .quiet_zone = row->quiet_zone,
        .languages = row->languages,
    };
    return place_of(villages, job, &where, &ret_target->place);
}

errc device_targets_read(struct db *db, const struct forest *forest, day today, struct arena *arena,
                         struct device_targets *ret_targets, struct why *why)
{
    struct actor actor = {.today = today};
    struct fleet_job job = {.forest = forest, .actor = &actor, .arena = arena};
    struct device_targets_row *rows = NULL;
    struct villages villages;
    size_t count = 0;
    TRY(villages_read(db, arena, &villages, why));
    TRY(device_targets_all(db, arena, &rows, &count, why));
    struct device_target *targets = arena_take_array(arena, count + 1, sizeof *targets);
    if (targets == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(target_of(&villages, &job, &rows[i], &targets[i]));
    }
    *ret_targets = (struct device_targets){targets, count};
    return OK;
}

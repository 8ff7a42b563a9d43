/* Presence up from the store and down into it. */
#include "base/text.h"
#include "fleet/device_sql.h"
#include "fleet/fleet_sql.h"
#include "fleet/group_sql.h"
#include "fleet/presence_sql.h"
#include "fleet/presence_store.h"
#include "store/db.h"
#include "wire/codec.h"

enum { REFRESH_ARENA = 64 * 1024 * 1024, STATUS_MOST = 1024 };

/* --- up ----------------------------------------------------------------------------------------
 */

/* What hangs on devices and clusters, each list in the order of its owner. */
struct hanging {
    const struct villages_all_row *villages;
    size_t village_count;
    const struct group_members_row *members;
    size_t member_count;
    const struct presence_faults_row *faults;
    size_t fault_count;
};

struct refreshing {
    const struct presence_refresh *refresh;
    struct arena *arena; /* of the lists */
    struct arena *row_arena;
    struct hanging hanging;
    size_t member; /* where the lists of devices have been read to */
    size_t fault;
};

static errc read_hanging(struct db *db, struct refreshing *refreshing, struct why *why)
{
    struct hanging *hanging = &refreshing->hanging;
    struct villages_all_row *villages = NULL;
    struct group_members_row *members = NULL;
    struct presence_faults_row *faults = NULL;
    TRY(villages_all_all(db, refreshing->arena, &villages, &hanging->village_count, why));
    TRY(group_members_all(db, refreshing->arena, &members, &hanging->member_count, why));
    TRY(presence_faults_all(db, refreshing->arena, &faults, &hanging->fault_count, why));
    hanging->villages = villages;
    hanging->members = members;
    hanging->faults = faults;
    return OK;
}

static size_t first_village(const struct hanging *hanging, int64_t cluster)
{
    size_t low = 0;
    size_t high = hanging->village_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hanging->villages[middle].cluster_id < cluster) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static errc find_place(struct refreshing *refreshing, int64_t cluster, unit_id unit,
                       struct place *ret_place)
{
    const struct presence_refresh *refresh = refreshing->refresh;
    const struct hanging *hanging = &refreshing->hanging;
    unit_id villages[PLACE_VILLAGES];
    struct place_wanted wanted = {.unit = unit, .villages = villages};
    for (size_t i = first_village(hanging, cluster);
         i < hanging->village_count && hanging->villages[i].cluster_id == cluster &&
         wanted.village_count < PLACE_VILLAGES;
         i++) {
        villages[wanted.village_count++] = hanging->villages[i].unit_id;
    }
    arena_reset(refreshing->row_arena);
    return place_find(refresh->forest, &wanted, refresh->today, refreshing->row_arena, ret_place);
}

static void take_groups(struct refreshing *refreshing, struct presence_device *device)
{
    const struct hanging *hanging = &refreshing->hanging;
    size_t at = refreshing->member;
    while (at < hanging->member_count && hanging->members[at].device_id < device->id) {
        at++;
    }
    while (at < hanging->member_count && hanging->members[at].device_id == device->id) {
        if (device->group_count < PRESENCE_GROUPS) {
            device->groups[device->group_count++] = hanging->members[at].group_id;
        }
        at++;
    }
    refreshing->member = at;
}

static uint32_t lies_of(str detail)
{
    uint32_t lies = 0;
    while (detail.len > 0) {
        str name = str_split(detail, ' ', &detail);
        for (size_t i = 0; i < PRESENCE_LIES; i++) {
            uint32_t lie = presence_lie_at(i);
            lies |= str_is(name, str_of(presence_lie_name(lie))) ? lie : 0U;
        }
    }
    return lies != 0 ? lies : (uint32_t)LIE_RECEIPT;
}

static void take_faults(struct refreshing *refreshing, struct presence_device *device)
{
    const struct hanging *hanging = &refreshing->hanging;
    size_t at = refreshing->fault;
    while (at < hanging->fault_count && hanging->faults[at].device_id < device->id) {
        at++;
    }
    while (at < hanging->fault_count && hanging->faults[at].device_id == device->id) {
        const struct presence_faults_row *fault = &hanging->faults[at++];
        device->faults_open |= (uint32_t)fault->kind;
        device->lies_open |= fault->kind == FAULT_LIES ? lies_of(fault->detail) : 0U;
    }
    refreshing->fault = at;
}

static struct presence_device device_of(const struct presence_devices_row *row)
{
    struct presence_device device = {
        .id = row->id,
        .key = row->public_key,
        .kind = (enum device_kind)row->kind,
        .cluster = row->has_cluster_id ? row->cluster_id : 0,
        .station = row->has_station_id ? row->station_id : 0,
        .name = row->name,
        .cluster_name = row->cluster_name,
        .station_name = row->station_name,
        .serial = row->serial,
        .model = row->model,
        .fingerprint = row->fingerprint,
        .sort_key = row->sort_key,
        .search_key = row->search_key,
        .sim_number = row->sim_number,
        .sim_operator = row->sim_operator,
        .has_position = row->has_latitude,
        .latitude = row->latitude,
        .longitude = row->longitude,
        .volume = (uint64_t)row->volume,
        .beat = row->beat_ms * 1000,
        .month_budget_kb = (uint64_t)row->month_budget_kb,
        .heard_utc = row->has_heard_at_us ? row->heard_at_us : 0,
    };
    ignore_int(device_state_parse(row->state, &device.state));
    return device;
}

static errc on_device(void *ctx, const struct presence_devices_row *row)
{
    struct refreshing *refreshing = ctx;
    struct presence_device device = device_of(row);
    if (row->has_unit_id) {
        TRY(find_place(refreshing, device.cluster, row->unit_id, &device.place));
    }
    take_groups(refreshing, &device);
    take_faults(refreshing, &device);
    return presence_know(refreshing->refresh->presence, &device);
}

/* Strangers that the store has forgotten. */
static errc drop_forgotten(struct db *db, struct refreshing *refreshing, struct why *why)
{
    struct presence *presence = refreshing->refresh->presence;
    struct presence_filter filter = {.side = PRESENCE_WAITING, .seen_all = true, .state = -1};
    struct presence_lines lines;
    struct presence_ids_row *rows = NULL;
    size_t count = 0;
    TRY(presence_ids_all(db, refreshing->arena, &rows, &count, why));
    TRY(presence_list(presence, &filter, refreshing->arena, &lines));
    for (size_t i = 0; i < lines.count; i++) {
        bool there = false;
        for (size_t k = 0; k < count && !there; k++) {
            there = rows[k].id == lines.at[i].id;
        }
        if (!there) {
            presence_forget(presence, lines.at[i].id);
        }
    }
    return OK;
}

errc presence_refresh(struct db *db, const struct presence_refresh *refresh, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    AUTO(arena_close) struct arena *row_arena = NULL;
    TRY(arena_create(REFRESH_ARENA, &arena));
    TRY(arena_create(REFRESH_ARENA, &row_arena));
    struct refreshing refreshing = {.refresh = refresh, .arena = arena, .row_arena = row_arena};
    struct fleet_version_row version;
    int64_t since = refresh->whole ? -1 : presence_version(refresh->presence);
    TRY(fleet_version(db, arena, &version, why));
    if (version.version == since) {
        return OK;
    }
    TRY(read_hanging(db, &refreshing, why));
    struct presence_devices_in in = {since};
    TRY(presence_devices(db, &in, on_device, &refreshing, why));
    TRY(drop_forgotten(db, &refreshing, why));
    presence_set_version(refresh->presence, version.version);
    return OK;
}

/* --- down --------------------------------------------------------------------------------------
 */

static int64_t month_of(usec utc, usec zone)
{
    struct civil date = day_civil(day_of(utc, zone));
    return (int64_t)date.year * 100 + date.month;
}

static errc save_one(struct db *db, const struct presence_saver *saver,
                     const struct presence_saving *link, struct why *why)
{
    AUTO(buf_finish) struct buf status;
    buf_init(&status, STATUS_MOST);
    if (link->has_status) {
        TRY(wire_record_write(&wire_record_status, &link->status, &status));
    }
    struct presence_link_put_in in = {
        .device_id = link->id,
        .server = saver->server,
        .attached_at_us = link->attached_utc,
        .heard_at_us = link->heard_utc,
        .has_lost_at_us = link->lost_utc != 0,
        .lost_at_us = link->lost_utc,
        .saved_at_us = saver->now_utc,
        .status = status.len > 0 ? buf_str(&status) : S(""),
    };
    TRY(presence_link_put(db, &in, NULL, why));
    if (!link->has_status || (link->status.bytes_in == 0 && link->status.bytes_out == 0)) {
        return OK;
    }
    struct presence_traffic_put_in traffic = {link->id, month_of(link->heard_utc, saver->zone),
                                              (int64_t)link->status.bytes_in,
                                              (int64_t)link->status.bytes_out};
    return presence_traffic_put(db, &traffic, NULL, why);
}

errc presence_save(struct db *db, const struct presence_saver *saver,
                   const struct presence_saving *links, size_t count, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        TRY(save_one(db, saver, &links[i], why));
    }
    struct presence_server_put_in in = {saver->server, saver->now_utc};
    TRY(presence_server_put(db, &in, NULL, why));
    return count == 0 ? OK : db_announce(db, "presence", why);
}

/* --- others ------------------------------------------------------------------------------------
 */

struct others {
    struct presence *presence;
    struct arena *arena;
    usec dead_before;
};

static errc on_link(void *ctx, const struct presence_links_of_others_row *row)
{
    const struct others *others = ctx;
    struct wire_status status;
    bool gone = !row->has_alive_at_us || row->alive_at_us < others->dead_before;
    struct presence_elsewhere link = {
        .id = row->device_id,
        .heard_utc = row->heard_at_us,
        .lost_utc = row->has_lost_at_us ? row->lost_at_us : 0,
        .is_orphaned = gone,
    };
    if (gone && link.lost_utc == 0) {
        link.lost_utc = row->has_alive_at_us ? row->alive_at_us : row->heard_at_us;
    }
    arena_reset(others->arena);
    if (row->status.len > 0 &&
        wire_record_read(&wire_record_status, row->status, others->arena, &status, NULL) == OK) {
        link.status = &status;
    }
    presence_elsewhere(others->presence, &link);
    return OK;
}

errc presence_load_others(struct db *db, int64_t server, struct presence *presence, usec since_utc,
                          usec now_utc, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(64 * 1024, &arena));
    struct others others = {
        .presence = presence,
        .arena = arena,
        .dead_before = now_utc - (usec)PRESENCE_SERVER_DEAD_S * USEC_SECOND,
    };
    struct presence_links_of_others_in in = {server, since_utc, others.dead_before};
    return presence_links_of_others(db, &in, on_link, &others, why);
}

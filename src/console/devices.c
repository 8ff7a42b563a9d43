/* The fleet as it is now: lists with filters, counts, the map, strangers that wait. All of it comes
 * from memory; the store is asked for nothing but who asks. */
#include "console/fleet_json.h"
#include "console/steps.h"
#include "console/unit_json.h"

static void write_line(struct ask *ask, const struct presence_line *line)
{
    struct json_out *out = &ask->json;
    bool silent = line->presence == PRESENCE_DEAD || !line->has_status;
    json_object(out);
    json_i64_at(out, "id", line->id);
    json_str_at(out, "name", line->name);
    json_text_at(out, "kind", device_kind_name(line->kind));
    json_text_at(out, "state", device_state_name(line->state));
    json_text_at(out, "live", presence_state_name(line->presence));
    json_text_at(out, "sound", silent ? "none" : fleet_sound_name(line->status.sound));
    fleet_json_faults_at(ask, "faults", line->faults);
    fleet_json_unit_at(ask, "unit", line->unit);
    fleet_json_ref_at(ask, "cluster", line->cluster, line->cluster_name);
    fleet_json_usec_at(ask, "heard_at", line->heard_utc);
    json_key(out, "volume");
    if (line->has_status) {
        json_i64(out, (int64_t)line->status.volume);
    } else {
        json_null(out);
    }
    json_text_at(out, "link", fleet_link_name(line->link));
    json_key(out, "signal_dbm");
    if (line->has_status && line->status.signal_dbm != 0) {
        json_i64(out, line->status.signal_dbm);
    } else {
        json_null(out);
    }
    json_end(out);
}

errc api_devices_list(struct ask *ask, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct presence_filter filter;
    struct presence_lines lines;
    struct fleet_job job = ask_fleet_job(ask);
    struct device_strangers none;
    TRY(ask_fleet_filter(ask, RIGHT_FLEET_READ, &filter));
    if (filter.side == PRESENCE_WAITING) { /* only for whoever may accept them */
        TRY(device_list_waiting(ask->db, &job, &none, why));
    }
    TRY(arena_create(FLEET_ANSWER_ARENA, &arena));
    TRY(presence_list(ask->house->ports.presence, &filter, arena, &lines));
    ask_list_begin(ask);
    for (size_t i = 0; i < lines.count; i++) {
        write_line(ask, &lines.at[i]);
    }
    json_end(&ask->json);
    json_str_at(&ask->json, "next",
                lines.next == 0 ? STR_NONE
                                : arena_format(ask->arena, "%lld", (long long)lines.next));
    json_i64_at(&ask->json, "total", (int64_t)lines.matching);
    json_end(&ask->json);
    return OK;
}

errc api_devices_waiting(struct ask *ask, struct why *why)
{
    struct fleet_job job = ask_fleet_job(ask);
    struct device_strangers strangers;
    struct json_out *out = &ask->json;
    TRY(device_list_waiting(ask->db, &job, &strangers, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < strangers.count; i++) {
        const struct device *device = &strangers.at[i];
        struct presence_line line = {.attached = false};
        ignore(presence_one(ask->house->ports.presence, device->id, ask->arena, &line));
        json_object(out);
        json_i64_at(out, "id", device->id);
        json_text_at(out, "kind", device_kind_name(device->kind));
        json_str_at(out, "fingerprint", device->fingerprint);
        json_str_at(out, "serial", device->serial);
        json_str_at(out, "model", device->model);
        json_str_at(out, "program", device->program);
        json_str_at(out, "address", device->address);
        json_bool_at(out, "attached", line.attached);
        json_usec_at(out, "first_seen_at", device->first_seen);
        json_end(out);
    }
    ask_list_end(ask, STR_NONE);
    return OK;
}

/* --- counts ------------------------------------------------------------------------------------
 */

static void write_states(struct json_out *out, const struct presence_counts *counts)
{
    json_object_at(out, "states");
    for (int i = 0; i < PRESENCE_STATES; i++) {
        json_i64_at(out, presence_state_name((enum presence_state)i), (int64_t)counts->states[i]);
    }
    json_end(out);
}

static void write_counts(struct ask *ask, const struct presence_counts *counts)
{
    struct json_out *out = &ask->json;
    json_i64_at(out, "devices", (int64_t)counts->devices);
    write_states(out, counts);
    json_object_at(out, "sounds");
    for (uint64_t i = 0; i < PRESENCE_SOUNDS; i++) {
        json_i64_at(out, fleet_sound_name(i), (int64_t)counts->sounds[i]);
    }
    json_end(out);
    json_object_at(out, "faults");
    for (size_t i = 0; i < FAULT_KINDS; i++) {
        json_i64_at(out, fault_name(fault_at(i)), (int64_t)counts->faults[i]);
    }
    json_end(out);
}

static void write_unit(struct ask *ask, const struct unit_line *line,
                       const struct presence_counts *counts)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", line->id);
    json_str_at(out, "name", line->name);
    json_text_at(out, "kind", unit_json_kind(ask->forest, line->kind));
    json_i64_at(out, "devices", (int64_t)counts->devices);
    write_states(out, counts);
    json_i64_at(out, "faults", (int64_t)counts->faulty);
    json_end(out);
}

static void add_counts(struct presence_counts *sum, const struct presence_counts *counts)
{
    sum->devices += counts->devices;
    sum->faulty += counts->faulty;
    for (size_t i = 0; i < PRESENCE_STATES; i++) {
        sum->states[i] += counts->states[i];
    }
    for (size_t i = 0; i < PRESENCE_SOUNDS; i++) {
        sum->sounds[i] += counts->sounds[i];
    }
    for (size_t i = 0; i < FAULT_KINDS; i++) {
        sum->faults[i] += counts->faults[i];
    }
}

/* Where counting begins: the unit that was asked for, or the tops of what may be seen. */
static errc find_tops(struct ask *ask, unit_id unit, struct unit_lines *ret_tops)
{
    struct unit_sight sight = unit_sight_of(ask);
    struct unit_line *line = arena_take(ask->arena, sizeof *line);
    sight.right = RIGHT_FLEET_READ;
    if (unit == 0) {
        return unit_list(&sight, 0, ask->today, ask->arena, ret_tops);
    }
    TRY(unit_may(ask, RIGHT_FLEET_READ, unit));
    if (line == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_tops = (struct unit_lines){line, 0};
    ret_tops->count = tree_line(forest_at(ask->forest, ask->today), unit, line) ? 1 : 0;
    return OK;
}

errc api_devices_summary(struct ask *ask, struct why *why)
{
    struct presence *presence = ask->house->ports.presence;
    struct presence_counts sum = {.devices = 0};
    struct unit_sight sight = unit_sight_of(ask);
    struct unit_lines tops;
    struct unit_lines shown;
    int64_t unit = 0;
    (void)why;
    sight.right = RIGHT_FLEET_READ;
    TRY(ask_query_i64(ask, "unit", 0, &unit));
    TRY(find_tops(ask, unit, &tops));
    shown = tops;
    if (tops.count == 1) {
        TRY(unit_list(&sight, tops.lines[0].id, ask->today, ask->arena, &shown));
    }
    for (size_t i = 0; i < tops.count; i++) {
        struct presence_counts counts;
        presence_count(presence, tops.lines[i].id, &counts);
        add_counts(&sum, &counts);
    }
    json_object(&ask->json);
    write_counts(ask, &sum);
    json_i64_at(&ask->json, "pending", (int64_t)presence_waiting(presence));
    json_array_at(&ask->json, "units");
    for (size_t i = 0; i < shown.count; i++) {
        struct presence_counts counts;
        presence_count(presence, shown.lines[i].id, &counts);
        write_unit(ask, &shown.lines[i], &counts);
    }
    json_end(&ask->json);
    json_end(&ask->json);
    return OK;
}

/* --- the map -----------------------------------------------------------------------------------
 */

/* Units in the order in which points name them; points come in no order of units. */
struct map_units {
    unit_id *units;
    size_t count;
};

static int by_unit(const void *a, const void *b)
{
    unit_id one = *(const unit_id *)a;
    unit_id two = *(const unit_id *)b;
    return one < two ? -1 : one > two;
}

static errc gather_units(const struct presence_points *points, struct arena *arena,
                         struct map_units *ret_units)
{
    unit_id *units = arena_take_array(arena, points->count + 1, sizeof *units);
    size_t count = 0;
    if (units == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < points->count; i++) {
        units[i] = points->at[i].unit;
    }
    qsort(units, points->count, sizeof *units, by_unit);
    for (size_t i = 0; i < points->count; i++) {
        if (count == 0 || units[count - 1] != units[i]) {
            units[count++] = units[i];
        }
    }
    *ret_units = (struct map_units){units, count};
    return OK;
}

/* Five decimals are a metre. */
static void write_degrees(struct json_out *out, double degrees)
{
    int64_t scaled = (int64_t)(degrees * 100000.0 + (degrees < 0 ? -0.5 : 0.5));
    char digits[24];
    bool below = scaled < 0;
    uint64_t value = below ? (uint64_t)-scaled : (uint64_t)scaled;
    char *at = digits + sizeof digits;
    for (int i = 0; i < 5 || value > 0 || i == 5; i++) {
        if (i == 5) {
            *--at = '.';
        }
        *--at = (char)('0' + value % 10);
        value /= 10;
    }
    if (below) {
        *--at = '-';
    }
    json_raw(out, (str){at, (size_t)(digits + sizeof digits - at)});
}

static void write_point(struct ask *ask, const struct presence_point *point,
                        const struct map_units *units)
{
    static const int64_t live[] = {
        [PRESENCE_ALIVE] = 0, [PRESENCE_LATE] = 1, [PRESENCE_DEAD] = 2, [PRESENCE_NEVER] = 3};
    struct json_out *out = &ask->json;
    const unit_id *unit =
        bsearch(&point->unit, units->units, units->count, sizeof *units->units, by_unit);
    json_array(out);
    json_i64(out, point->id);
    write_degrees(out, point->latitude);
    write_degrees(out, point->longitude);
    json_i64(out, live[point->state]);
    json_i64(out, point->faults != 0 ? 1 : 0);
    json_i64(out, unit == NULL ? 0 : unit - units->units);
    json_end(out);
}

static void write_map(struct ask *ask, const struct presence_points *points,
                      const struct map_units *units)
{
    struct json_out *out = &ask->json;
    struct tree today = forest_at(ask->forest, ask->today);
    json_object(out);
    json_array_at(out, "units");
    for (size_t i = 0; i < units->count; i++) {
        struct unit_line line = {.name = S("")};
        ignore_int(tree_line(today, units->units[i], &line));
        json_object(out);
        json_i64_at(out, "id", units->units[i]);
        json_str_at(out, "name", line.name);
        json_end(out);
    }
    json_end(out);
    json_array_at(out, "points");
    for (size_t i = 0; i < points->count; i++) {
        write_point(ask, &points->at[i], units);
    }
    json_end(out);
    json_array_at(out, "names");
    for (size_t i = 0; i < points->count; i++) {
        json_str(out, points->at[i].name);
    }
    json_end(out);
    json_i64_at(out, "without_place", (int64_t)points->nowhere);
    json_end(out);
}

errc api_devices_map(struct ask *ask, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct presence_filter filter;
    struct presence_points points;
    struct map_units units;
    (void)why;
    TRY(ask_fleet_filter(ask, RIGHT_FLEET_READ, &filter));
    filter.side = PRESENCE_IN_USE;
    TRY(arena_create(FLEET_ANSWER_ARENA, &arena));
    TRY(presence_map(ask->house->ports.presence, &filter, arena, &points));
    TRY(gather_units(&points, arena, &units));
    write_map(ask, &points, &units);
    return OK;
}

/* What people ask: counts that stand ready, and lists by a walk over all devices in the order of
 * their names, which is made anew only when a device came, went or was renamed. */
#include "fleet/presence_inside.h"

#include "base/text.h"

void presence_count(struct presence *presence, unit_id unit, struct presence_counts *ret_counts)
{
    presence_lock(presence);
    int64_t at = presence_index_find(&presence->by_unit, (uint64_t)unit);
    *ret_counts = at == PRESENCE_NOWHERE ? (struct presence_counts){.devices = 0}
                                         : presence->units[at].counts;
    presence_unlock(presence);
}

size_t presence_waiting(struct presence *presence)
{
    presence_lock(presence);
    size_t waiting = presence->waiting;
    presence_unlock(presence);
    return waiting;
}

/* --- the order of names ------------------------------------------------------------------------
 */

static int compare_known(const struct known *one, const struct known *two)
{
    int order = str_compare(one->device.sort_key, two->device.sort_key);
    if (order != 0) {
        return order;
    }
    return one->device.id < two->device.id ? -1 : one->device.id > two->device.id;
}

static int by_name(const void *a, const void *b, void *ctx)
{
    struct known *const *known = ctx;
    return compare_known(known[*(const uint32_t *)a], known[*(const uint32_t *)b]);
}

static void sort(struct presence *presence)
{
    if (presence->is_sorted) {
        return;
    }
    mem_give(presence->sorted);
    presence->sorted = mem_take_array(presence->count + 1, sizeof *presence->sorted);
    presence->sorted_count = 0;
    for (size_t i = 0; i < presence->count; i++) {
        if (!presence->known[i]->gone) {
            presence->sorted[presence->sorted_count++] = (uint32_t)i;
        }
    }
    qsort_r(presence->sorted, presence->sorted_count, sizeof *presence->sorted, by_name,
            presence->known);
    presence->is_sorted = true;
}

/* --- filters -----------------------------------------------------------------------------------
 */

static bool has_words(str search_key, str query_key)
{
    while (query_key.len > 0) {
        str word = str_split(query_key, ' ', &query_key);
        if (word.len > 0 && (search_key.len < word.len ||
                             memmem(search_key.at, search_key.len, word.at, word.len) == NULL)) {
            return false;
        }
    }
    return true;
}

static bool is_on_side(const struct known *known, enum presence_side side)
{
    switch (side) {
    case PRESENCE_IN_USE:
        return known->device.state == DEVICE_IS_ACCEPTED;
    case PRESENCE_WAITING:
        return known->device.state == DEVICE_IS_PENDING;
    case PRESENCE_ENDED:
        return known->device.state == DEVICE_IS_RETIRED ||
               known->device.state == DEVICE_IS_REPLACED;
    }
    return false;
}

static bool is_in_group(const struct presence_device *device, int64_t group)
{
    for (size_t i = 0; i < device->group_count; i++) {
        if (device->groups[i] == group) {
            return true;
        }
    }
    return false;
}

/* A stranger stands nowhere: whoever may accept any device sees it. */
static bool is_seen(const struct known *known, const struct presence_filter *filter)
{
    if (filter->seen_all || filter->side == PRESENCE_WAITING) {
        return true;
    }
    for (size_t i = 0; i < filter->seen_count; i++) {
        if (place_is_below(&known->device.place, filter->seen[i])) {
            return true;
        }
    }
    return false;
}

static bool is_wanted(const struct known *known, const struct presence_filter *filter)
{
    const struct presence_device *device = &known->device;
    return is_on_side(known, filter->side) && is_seen(known, filter) &&
           (filter->unit == 0 || place_is_below(&device->place, filter->unit)) &&
           (filter->state < 0 || known->tally.state == filter->state) &&
           (filter->faults == 0 || (known->faults & filter->faults) != 0) &&
           (filter->kind == 0 || device->kind == filter->kind) &&
           (filter->cluster == 0 || device->cluster == filter->cluster) &&
           (filter->station == 0 || device->station == filter->station) &&
           (filter->group == 0 || is_in_group(device, filter->group)) &&
           has_words(device->search_key, filter->query_key);
}

/* --- lines -------------------------------------------------------------------------------------
 */

static void fill_texts(struct presence_line *line, const struct presence_device *device,
                       struct arena *arena)
{
    line->name = arena_str(arena, device->name);
    line->cluster_name = arena_str(arena, device->cluster_name);
    line->station_name = arena_str(arena, device->station_name);
    line->serial = arena_str(arena, device->serial);
    line->model = arena_str(arena, device->model);
    line->fingerprint = arena_str(arena, device->fingerprint);
    line->sim_number = arena_str(arena, device->sim_number);
    line->sim_operator = arena_str(arena, device->sim_operator);
}

static void fill_line(const struct presence *presence, const struct known *known,
                      struct arena *arena, struct presence_line *line)
{
    const struct presence_device *device = &known->device;
    *line = (struct presence_line){
        .id = device->id,
        .kind = device->kind,
        .state = device->state,
        .presence = (enum presence_state)known->tally.state,
        .attached = known->link.attached,
        .unit = device->place.unit,
        .cluster = device->cluster,
        .station = device->station,
        .has_position = device->has_position,
        .latitude = device->latitude,
        .longitude = device->longitude,
        .faults = known->faults,
        .lies = known->lies,
        .heard_utc = known->link.known ? known->link.heard + presence->offset : 0,
        .attached_utc = known->link.attached ? known->attached_at + presence->offset : 0,
        .link = (enum device_link)known->status.link,
        .volume_wanted = device->volume,
        .month_budget_kb = device->month_budget_kb,
        .has_status = known->has_status,
        .status = known->status,
        .status_utc = known->has_status ? known->status_at + presence->offset : 0,
    };
    fill_texts(line, device, arena);
}

struct walk {
    struct presence *presence;
    const struct presence_filter *filter;
    struct arena *arena;
    struct presence_line *lines;
    size_t room;
    struct presence_lines found;
};

static void visit(struct walk *walk, const struct known *known, bool behind)
{
    if (!is_wanted(known, walk->filter)) {
        return;
    }
    walk->found.matching++;
    if (!behind) {
        return;
    }
    if (walk->found.count < walk->room) {
        fill_line(walk->presence, known, walk->arena, &walk->lines[walk->found.count++]);
    } else if (walk->found.next == 0) {
        walk->found.next = walk->lines[walk->found.count - 1].id;
    }
}

static void walk_all(struct walk *walk)
{
    struct presence *presence = walk->presence;
    const struct known *after =
        walk->filter->after == 0 ? NULL : presence_known(presence, walk->filter->after);
    for (size_t i = 0; i < presence->sorted_count; i++) {
        const struct known *known = presence->known[presence->sorted[i]];
        bool behind =
            walk->filter->after == 0 || (after != NULL && compare_known(known, after) > 0);
        visit(walk, known, behind);
    }
}

errc presence_list(struct presence *presence, const struct presence_filter *filter,
                   struct arena *arena, struct presence_lines *ret_lines)
{
    struct walk walk = {.presence = presence, .filter = filter, .arena = arena};
    presence_lock(presence);
    sort(presence);
    bool all = filter->limit == 0 || filter->limit > presence->sorted_count;
    walk.room = all ? presence->sorted_count : filter->limit;
    walk.lines = arena_take_array(arena, walk.room + 1, sizeof *walk.lines);
    if (walk.lines != NULL) {
        walk_all(&walk);
    }
    presence_unlock(presence);
    walk.found.at = walk.lines;
    *ret_lines = walk.found;
    return arena_failed(arena) ? ERR_NO_MEMORY : OK;
}

errc presence_one(struct presence *presence, int64_t id, struct arena *arena,
                  struct presence_line *ret_line)
{
    presence_lock(presence);
    const struct known *known = presence_known(presence, id);
    if (known != NULL) {
        fill_line(presence, known, arena, ret_line);
    }
    presence_unlock(presence);
    if (known == NULL) {
        return ERR_NOT_FOUND;
    }
    return arena_failed(arena) ? ERR_NO_MEMORY : OK;
}

static void map_all(const struct presence *presence, const struct presence_filter *filter,
                    struct arena *arena, struct presence_point *points,
                    struct presence_points *found)
{
    for (size_t i = 0; i < presence->count; i++) {
        const struct known *known = presence->known[i];
        if (known->gone || !is_wanted(known, filter)) {
            continue;
        }
        if (!known->device.has_position) {
            found->nowhere++;
            continue;
        }
        points[found->count++] = (struct presence_point){
            .id = known->device.id,
            .latitude = known->device.latitude,
            .longitude = known->device.longitude,
            .state = (enum presence_state)known->tally.state,
            .faults = known->faults,
            .unit = known->device.place.unit,
            .name = arena_str(arena, known->device.name),
        };
    }
}

errc presence_map(struct presence *presence, const struct presence_filter *filter,
                  struct arena *arena, struct presence_points *ret_points)
{
    struct presence_points found = {.count = 0};
    presence_lock(presence);
    struct presence_point *points = arena_take_array(arena, presence->count + 1, sizeof *points);
    if (points != NULL) {
        map_all(presence, filter, arena, points, &found);
    }
    presence_unlock(presence);
    found.at = points;
    *ret_points = found;
    return arena_failed(arena) ? ERR_NO_MEMORY : OK;
}

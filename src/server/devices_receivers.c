/* Whom broadcast may address, out of the fleet's hands: its devices in force with their places. */
#include "server/devices_inside.h"

#include "orders/unit_key.h"

#define LANGUAGES COUNT_OF(((struct receiver *)0)->languages)

/* The commune of a place; its lowest unit when there is none. */
static unit_id commune_of(const struct forest *forest, const struct place *place)
{
    for (size_t i = 0; i < place->path_count; i++) {
        if (unit_key_tier(forest, place->path[i]) == TIER_COMMUNE) {
            return place->path[i];
        }
    }
    return place->unit;
}

static void take_target(const struct forest *forest, const struct device_target *target,
                        struct receiver *receiver)
{
    str rest = target->languages;
    *receiver = (struct receiver){.device = (uint64_t)target->id,
                                  .commune = commune_of(forest, &target->place),
                                  .quiet_zone = target->quiet_zone};
    for (size_t i = 0; i < target->place.path_count && i < UNIT_DEPTH; i++) {
        receiver->path[receiver->path_count++] = target->place.path[i];
    }
    while (rest.len > 0 && receiver->language_count < LANGUAGES) {
        receiver->languages[receiver->language_count++] = str_split(rest, ' ', &rest);
    }
}

static errc read_all(const struct devices *devices, struct db *db, struct arena *arena,
                     struct receivers *ret_receivers, struct why *why)
{
    struct forest *forest = NULL;
    struct device_targets targets;
    day today = day_of(now_utc(), app_zone(devices->app));
    TRY(unit_book_write(devices->app->units, db, &forest, why));
    errc rc = device_targets_read(db, forest, today, arena, &targets, why);
    struct receiver *list =
        rc == OK ? arena_take_array(arena, targets.count + 1, sizeof *list) : NULL;
    for (size_t i = 0; list != NULL && i < targets.count; i++) {
        take_target(forest, &targets.at[i], &list[i]);
    }
    forest_drop(forest);
    if (rc == OK && list == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for the devices");
    }
    TRY(rc);
    *ret_receivers = (struct receivers){list, targets.count};
    return OK;
}

static errc port_list(void *ctx, struct db *db, unit_id unit, struct arena *arena,
                      struct receivers *ret_receivers, struct why *why)
{
    struct receivers all;
    TRY(read_all(ctx, db, arena, &all, why));
    struct receiver *list = arena_take_array(arena, all.count + 1, sizeof *list);
    size_t count = 0;
    if (list == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for the devices");
    }
    for (size_t i = 0; i < all.count; i++) {
        if (unit == 0 || receiver_is_in(&all.at[i], unit)) {
            list[count++] = all.at[i];
        }
    }
    *ret_receivers = (struct receivers){list, count};
    return OK;
}

static errc port_find(void *ctx, struct db *db, uint64_t device, struct arena *arena,
                      struct receiver *ret_receiver, struct why *why)
{
    struct receivers all;
    TRY(read_all(ctx, db, arena, &all, why));
    for (size_t i = 0; i < all.count; i++) {
        if (all.at[i].device == device) {
            *ret_receiver = all.at[i];
            return OK;
        }
    }
    return fail(why, ERR_NOT_FOUND, "no device %llu", (unsigned long long)device);
}

static bool port_is_attached(void *ctx, uint64_t device)
{
    const struct devices *devices = ctx;
    struct presence_line line;
    AUTO(arena_close) struct arena *arena = NULL;
    if (arena_create(64 * 1024, &arena) != OK) {
        return false;
    }
    return presence_one(devices->presence, (int64_t)device, arena, &line) == OK && line.attached;
}

struct receiver_port devices_receivers(struct devices *devices)
{
    return (struct receiver_port){
        .ctx = devices, .list = port_list, .find = port_find, .is_attached = port_is_attached};
}

/* Every device with a position. */
static errc port_points(void *ctx, struct arena *arena, struct alert_points *ret_points)
{
    const struct devices *devices = ctx;
    struct presence_filter filter = {.seen_all = true, .state = -1};
    struct presence_points found;
    TRY(presence_map(devices->presence, &filter, arena, &found));
    struct alert_point *points = arena_take_array(arena, found.count + 1, sizeof *points);
    if (points == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < found.count; i++) {
        points[i] =
            (struct alert_point){found.at[i].unit, {found.at[i].latitude, found.at[i].longitude}};
    }
    *ret_points = (struct alert_points){points, found.count};
    return OK;
}

struct alert_places devices_whereabouts(struct devices *devices)
{
    return (struct alert_places){.ctx = devices, .points = port_points};
}

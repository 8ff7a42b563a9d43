/* For tests on a database: the small province of orders_testing.h with a few devices in it, a desk
 * to work at, and sounds that programmes and alarms may name. */
#ifndef LOA_BROADCAST_DESK_TESTING_H
#define LOA_BROADCAST_DESK_TESTING_H

#include "broadcast/broadcast_store.h"
#include "broadcast/desk.h"
#include "broadcast/media_item.h"
#include "orders/orders_store.h"
#include "orders/orders_testing.h"
#include "people/people_store.h"
#include "store/testing/test_store.h"

/* Whoever wants a larger province says so before. */
#ifndef DESK_KIT_DEVICES
#define DESK_KIT_DEVICES 6
#endif

enum { KIT_DEVICES = DESK_KIT_DEVICES };

#define KIT_NOW ((usec)1772409600 * USEC_SECOND) /* 2026-03-02T00:00:00Z, 07:00 in the province */

struct desk_kit {
    struct test_store *test;
    struct orders_kit orders;
    struct receiver
        devices[KIT_DEVICES]; /* 1 to 4 in the first commune, 5 and 6 in another, then more */
    size_t device_count;
    struct receiver_port port;
    struct broadcast_policy policy;
    struct bad_field bad;
    struct desk desk;
    struct why why;
    hash sound; /* of the province, ten minutes, Vietnamese */
    const void *in;
    void *out;
};

static inline errc kit_list(void *ctx, struct db *db, unit_id unit, struct arena *arena,
                            struct receivers *ret_receivers, struct why *why)
{
    struct desk_kit *kit = ctx;
    struct receiver *found = arena_take_array(arena, KIT_DEVICES, sizeof *found);
    size_t count = 0;
    (void)db;
    (void)why;
    for (size_t i = 0; i < kit->device_count && found != NULL; i++) {
        if (unit == 0 || receiver_is_in(&kit->devices[i], unit)) {
            found[count++] = kit->devices[i];
        }
    }
    *ret_receivers = (struct receivers){found, count};
    return found == NULL ? ERR_NO_MEMORY : OK;
}

static inline errc kit_find_device(void *ctx, struct db *db, uint64_t device, struct arena *arena,
                                   struct receiver *ret_receiver, struct why *why)
{
    struct desk_kit *kit = ctx;
    (void)db;
    (void)arena;
    (void)why;
    for (size_t i = 0; i < kit->device_count; i++) {
        if (kit->devices[i].device == device) {
            *ret_receiver = kit->devices[i];
            return OK;
        }
    }
    return ERR_NOT_FOUND;
}

static inline void kit_add_device(struct desk_kit *kit, unit_id unit, unit_id commune)
{
    struct receiver *receiver = &kit->devices[kit->device_count];
    uint64_t path[SIGNING_PATH_MOST];
    size_t count = unit_key_path(kit->desk.forest, unit, kit->orders.actor.today, path);
    ENSURE(count > 0);
    *receiver = (struct receiver){
        .device = ++kit->device_count, .commune = commune, .path_count = count, .name = S("Loa")};
    for (size_t i = 0; i < count; i++) {
        receiver->path[i] = (unit_id)path[i];
    }
}

static inline errc kit_add_sound(void *ctx, struct db *db, struct why *why)
{
    struct desk_kit *kit = ctx;
    int64_t id = 0;
    struct media_item item = {.media = kit->sound,
                              .unit = kit->orders.province,
                              .title = S("Bản tin sáng"),
                              .language = S("vi"),
                              .ms = 600000,
                              .bytes = 1200000};
    return media_item_add(&kit->desk, db, &item, &id, why);
}

static inline void desk_kit_init(struct desk_kit *kit, void **state)
{
    memset(kit, 0, sizeof *kit);
    kit->test = test_store_of(state);
    orders_kit_init(&kit->orders, KIT_NOW);
    kit->port = (struct receiver_port){.ctx = kit, .list = kit_list, .find = kit_find_device};
    kit->policy = broadcast_policy_default();
    kit->desk = (struct desk){.actor = &kit->orders.actor,
                              .forest = kit->orders.units.forest,
                              .receivers = &kit->port,
                              .signing = &kit->orders.signing,
                              .policy = &kit->policy,
                              .entropy = kit->orders.near.entropy,
                              .zone = 7 * USEC_HOUR,
                              .arena = kit->orders.units.arena,
                              .bad = &kit->bad};
    for (int i = 0; i < 4; i++) {
        kit_add_device(kit, kit->orders.village, kit->orders.commune);
    }
    kit_add_device(kit, kit->orders.other, kit->orders.other);
    kit_add_device(kit, kit->orders.other, kit->orders.other);
    kit->sound = hash_of(S("a sound"));
    ENSURE(store_write_now(kit->test->store, kit_add_sound, kit, NULL) == OK);
}

static inline void desk_kit_finish(struct desk_kit *kit)
{
    orders_kit_finish(&kit->orders);
}

static inline errc kit_write(struct desk_kit *kit,
                             errc (*run)(void *ctx, struct db *db, struct why *why))
{
    return store_write_now(kit->test->store, run, kit, &kit->why);
}

static inline errc kit_read(struct desk_kit *kit,
                            errc (*run)(void *ctx, struct db *db, struct why *why))
{
    return store_read_now(kit->test->store, run, kit, &kit->why);
}

/* Somebody else acts from now on. */
static inline void kit_act_as(struct desk_kit *kit, int64_t account, enum role role, unit_id unit)
{
    kit->orders.grant = (struct grant){account, unit, role, DAY_FIRST, DAY_OPEN};
    kit->orders.actor.account_id = account;
    kit->orders.actor.unit_id = unit;
}

#endif

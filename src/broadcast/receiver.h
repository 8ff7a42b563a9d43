/* Who receives: what broadcast needs to know of the devices of the fleet. The fleet keeps them; the
 * server fills in the functions. */
#ifndef LOA_BROADCAST_RECEIVER_H
#define LOA_BROADCAST_RECEIVER_H

#include "people/unit.h"

struct db;

struct receiver {
    uint64_t device;
    unit_id path[UNIT_DEPTH]; /* from the province down, as in its placement */
    size_t path_count;
    unit_id commune; /* the unit of its path that shares plans; its lowest one when there is none */
    str languages[4]; /* of the villages it serves, the first preferred; none: Vietnamese */
    size_t language_count;
    bool quiet_zone; /* beside a school, a hospital, … */
    str name;
};

struct receivers {
    const struct receiver *at; /* ascending by device */
    size_t count;
};

struct receiver_port {
    void *ctx;
    /* The devices in force of a unit and all below it (0: everywhere). In the arena. */
    CHECKED errc (*list)(void *ctx, struct db *db, unit_id unit, struct arena *arena,
                         struct receivers *ret_receivers, struct why *why);
    /* ERR_NOT_FOUND also for one that waits or is retired. */
    CHECKED errc (*find)(void *ctx, struct db *db, uint64_t device, struct arena *arena,
                         struct receiver *ret_receiver, struct why *why);
    /* Whether it is attached to any server now; the fleet's word. Null: nobody knows. */
    bool (*is_attached)(void *ctx, uint64_t device);
    /* How many boards stand in these units; null: there are none. */
    CHECKED errc (*boards)(void *ctx, struct db *db, const unit_id *units, size_t count,
                           struct arena *arena, int64_t *ret_boards, struct why *why);
};

unit_id receiver_unit(const struct receiver *receiver); /* the lowest of its path */
bool receiver_is_in(const struct receiver *receiver, unit_id unit);

#endif

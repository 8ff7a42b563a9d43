/* Groups and zones: devices under one name, for filters, batch changes and orders. */
#ifndef LOA_FLEET_GROUP_H
#define LOA_FLEET_GROUP_H

#include "fleet/device.h"

enum { GROUP_DEVICES_MOST = 2000 };

struct group {
    int64_t id;
    unit_id unit;
    bool is_zone;
    str name;
    int64_t devices;
};

struct groups {
    const struct group *at; /* in the order of names */
    size_t count;
};

struct group_draft {
    int64_t id; /* 0: a new one; else its members become these */
    unit_id unit;
    bool is_zone;
    str name;
    const int64_t *devices;
    size_t device_count;
};

CHECKED errc group_list(struct db *db, const struct fleet_job *job, struct groups *ret_groups,
                        struct why *why);
CHECKED errc group_put(struct db *db, const struct fleet_job *job, const struct group_draft *draft,
                       int64_t *ret_id, struct why *why);

/* Puts devices into a group or takes them out; those that the actor may not change are left out. */
CHECKED errc group_change_members(struct db *db, const struct fleet_job *job, int64_t id,
                                  struct device_ids ids, bool in, struct device_batch *ret_batch,
                                  struct why *why);
/* The groups that a device stands in. */
CHECKED errc group_list_of(struct db *db, const struct fleet_job *job, int64_t device,
                           struct groups *ret_groups, struct why *why);

#endif

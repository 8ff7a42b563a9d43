/* What the files of devices share; not for other rooms. */
#ifndef LOA_FLEET_DEVICE_INSIDE_H
#define LOA_FLEET_DEVICE_INSIDE_H

#include "fleet/fleet_inside.h"

enum { DEVICE_ORDER_MOST = 512 }; /* devices that one order names */

/* As a change finds it; nobody is asked for a right. */
CHECKED errc device_load(struct db *db, const struct fleet_job *job, int64_t id,
                         struct device *ret_device, struct why *why);
/* Where its cluster stands today. */
CHECKED errc device_place(struct db *db, const struct fleet_job *job, const struct device *device,
                          struct place *ret_place, struct why *why);

/* Whether the actor holds the right over it. A stranger belongs to nobody yet: whoever may accept
 * devices anywhere may look at it. */
CHECKED errc device_may(const struct fleet_job *job, const struct device *device, enum right right,
                        struct why *why);
/* A cluster that devices may be accepted into. */
struct cluster_by_id_row;
CHECKED errc device_take_cluster(struct db *db, const struct fleet_job *job, int64_t id,
                                 struct cluster_by_id_row *ret_row, struct why *why);
CHECKED errc device_write(struct db *db, const struct fleet_job *job, struct device *device,
                          int64_t version, struct why *why);
/* `sides`: JSON before and after; null: nothing to tell. */
CHECKED errc device_tell(struct db *db, const struct fleet_job *job, const struct device *device,
                         const char *action, const str sides[2], struct why *why);

/* Orders, signed with the province's key and in the book; what was ordered is noted at the device.
 * Devices that shall do the same share an order. */
CHECKED errc device_order_place(struct db *db, const struct fleet_job *job,
                                const struct device *device, const struct place *place,
                                struct why *why);
CHECKED errc device_order_settings(struct db *db, const struct fleet_job *job,
                                   const struct device *founds, size_t count, struct why *why);
CHECKED errc device_order_retire(struct db *db, const struct fleet_job *job,
                                 const struct device *device, struct why *why);

/* Accepts a stranger, the right having been asked; for people and for lists. */
CHECKED errc device_take_in(struct db *db, const struct fleet_job *job, const struct device *found,
                            const struct device_placing *placing, const char *action,
                            struct why *why);

/* Accepts a stranger that an unused line of a preloaded list names, if there is one. */
CHECKED errc device_claim(struct db *db, const struct fleet_job *job, int64_t id, str claim_hash,
                          bool *ret_claimed, struct why *why);

/* Placement or settings of every device of a cluster that changed. */
enum device_again { DEVICE_AGAIN_PLACE = 1, DEVICE_AGAIN_SETTINGS = 2 };
CHECKED errc device_order_again(struct db *db, const struct fleet_job *job, int64_t cluster,
                                unsigned what, struct why *why);

/* What it is found by beside its name. */
str device_search_words(const struct fleet_job *job, const struct device *device);

#endif

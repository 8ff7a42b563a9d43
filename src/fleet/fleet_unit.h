/* Stations hang on units: a reform is not undone while one stands in a unit that it began. */
#ifndef LOA_FLEET_FLEET_UNIT_H
#define LOA_FLEET_FLEET_UNIT_H

#include "people/unit_job.h"

/* For unit_dependants.find; ctx is not used. */
CHECKED errc fleet_unit_find(void *ctx, struct db *db, const unit_id *units, size_t count,
                             bool *ret_any, struct why *why);

#endif

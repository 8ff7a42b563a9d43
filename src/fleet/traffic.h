/* Traffic of SIM cards by month, as devices count it on their links, beside the budget that each
 * was given. */
#ifndef LOA_FLEET_TRAFFIC_H
#define LOA_FLEET_TRAFFIC_H

#include "fleet/device.h"

struct traffic_line {
    int64_t device;
    str device_name;
    unit_id unit;
    str sim_number;
    str sim_operator;
    int64_t bytes_in;
    int64_t bytes_out;
    int64_t budget_kb; /* 0: none */
};

struct traffic_filter {
    int64_t month; /* 202611 */
    unit_id unit;  /* this and below; 0: any */
    size_t limit;
};

/* The heaviest first; the sums are over all, also those that are not listed. */
struct traffic {
    const struct traffic_line *at;
    size_t count;
    size_t sims;
    size_t over_budget;
    int64_t bytes_in;
    int64_t bytes_out;
};

CHECKED errc traffic_read(struct db *db, const struct fleet_job *job,
                          const struct traffic_filter *filter, struct traffic *ret_traffic,
                          struct why *why);

#endif

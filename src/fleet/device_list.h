/* Preloaded lists: boxes that are on their way. A CSV with the columns serial, claim, fingerprint
 * (at least one of them), cluster (number or name) and name; each line accepts one device, once,
 * when every mark that it names fits. Devices that wait already are accepted at once. */
#ifndef LOA_FLEET_DEVICE_LIST_H
#define LOA_FLEET_DEVICE_LIST_H

#include "fleet/device.h"

enum { DEVICE_LIST_LINES = 5000, DEVICE_LIST_PROBLEMS = 100 };

struct device_list_problem {
    size_t line;
    const char *code; /* catalogue: device_list.problem.<code> */
    str about;
};

struct device_list_report {
    int64_t id; /* 0: nothing was kept */
    size_t lines;
    size_t accepted; /* devices that waited already */
    const struct device_list_problem *problems;
    size_t problem_count;
};

/* Whole or not at all: with a problem nothing is kept. */
CHECKED errc device_list_load(struct db *db, const struct fleet_job *job, str name, str csv,
                              struct device_list_report *ret_report, struct why *why);

#endif

/* The demo province: Tỉnh Lam Giang, invented from the name to the last hamlet, with codes outside
 * all assigned ranges. Six districts and sixty communes in 2010, a small reform in 2020, and the
 * great one of 2025-07-01, with everything that makes it hard: communes across district borders, a
 * code that passes to another unit, two communes of one name, townships that become wards,
 * divisions with declared and undeclared shares. It is loaded through the same imports and reforms
 * as a real one. */
#ifndef LOA_PEOPLE_UNIT_DEMO_H
#define LOA_PEOPLE_UNIT_DEMO_H

#include "people/unit_job.h"

/* In a writing job, as the system. ERR_EXISTS when there are units already. */
CHECKED errc unit_demo_load(const struct unit_job *job, struct db *db, unit_id *ret_province,
                            struct why *why);

#endif

/* What devices say of alarms, in the database. */
#ifndef LOA_BROADCAST_COVERAGE_ROWS_H
#define LOA_BROADCAST_COVERAGE_ROWS_H

#include "broadcast/coverage.h"
#include "broadcast/receiver.h"

/* One receipt; what tells nothing new, or is of no alarm of ours, changes nothing. */
CHECKED errc coverage_row_step(struct db *db, const struct coverage_receipt *receipt,
                               struct arena *arena, struct why *why);
/* A line for each device that the alarm concerns. */
CHECKED errc coverage_rows_open(struct db *db, int64_t alarm, const struct receivers *receivers,
                                struct arena *arena, struct why *why);
/* All lines of an alarm, ascending by device, in the arena. */
CHECKED errc coverage_rows_load(struct db *db, int64_t alarm, struct arena *arena,
                                struct coverage_device **ret_lines, size_t *ret_count,
                                struct why *why);

#endif

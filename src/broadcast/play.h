/* What was played: lines and sums for people. An item of the past that no log speaks of is
 * `not_reported`: nothing is taken for played because nobody complained. */
#ifndef LOA_BROADCAST_PLAY_H
#define LOA_BROADCAST_PLAY_H

#include "broadcast/desk.h"
#include "broadcast/play_log.h"

struct play {
    uint64_t device;
    unit_id unit;
    wire_id item;
    usec at; /* when it was to begin; of an unplanned one, when it ended */
    int64_t programme;
    str title;
    enum play_outcome outcome;
    enum log_reason reason;
    int64_t ms;
    int64_t planned_ms;
    wire_id other;
};

struct plays {
    const struct play *at; /* by time, the newest first */
    size_t count;
};

/* All planned items of a device on a day up to now, each with what became of it; one whose report
 * is not due yet is left out until it comes. */
CHECKED errc plays_of_device(const struct desk *desk, struct db *db, uint64_t device, day on,
                             struct plays *ret_plays, struct why *why);

struct play_counts {
    int64_t planned;
    int64_t played;
    int64_t partly;
    int64_t not_played;
    int64_t not_reported;
    int64_t ms;
};

struct play_line {
    day on;
    unit_id unit;
    int64_t programme;
    struct play_counts counts;
};
struct play_reason {
    enum log_reason reason;
    int64_t plays;
};

enum play_by { PLAYS_BY_DAY, PLAYS_BY_UNIT, PLAYS_BY_PROGRAMME };

struct play_question {
    unit_id unit; /* and all below it */
    day from;
    day to; /* exclusive */
    enum play_by by;
};

struct play_summary {
    struct play_counts total;
    const struct play_line *lines; /* by the key that was asked for; the other keys are 0 */
    size_t line_count;
    const struct play_reason *reasons; /* the most frequent first */
    size_t reason_count;
};
CHECKED errc plays_summary(const struct desk *desk, struct db *db,
                           const struct play_question *question, struct play_summary *ret_summary,
                           struct why *why);

#endif

/* Whom an alarm has reached, counted from what devices say of themselves and never from what was
 * sent. In memory for the alarms in force, kept incrementally and safe for any thread; the rows of
 * alarm_devices are the same facts durably. A step never goes back: an old message that comes late
 * changes nothing. */
#ifndef LOA_BROADCAST_COVERAGE_H
#define LOA_BROADCAST_COVERAGE_H

#include "people/unit.h"
#include "wire/types.h"

enum coverage_state {
    COVERAGE_WAITING,  /* nothing was heard from it yet */
    COVERAGE_RECEIVED, /* it has the order */
    COVERAGE_ACCEPTED,
    COVERAGE_SOUNDING, /* for a stop: is silent */
    COVERAGE_SOUNDED,  /* the whole text at least once */
    COVERAGE_ENDED,
    COVERAGE_REFUSED, /* reason */
};
enum { COVERAGE_STATES = 7, COVERAGE_REASONS = 256, COVERAGE_ALARMS = 256 };

struct coverage;

struct coverage_device {
    uint64_t device;
    unit_id unit;
    enum coverage_state state;
    enum log_reason reason;
    uint32_t times; /* how often the whole text sounded */
    usec at;
};

/* What is counted; `sounded` devices whose alarm still sounds count as sounding too: a person asks
 * "at how many is it heard". */
struct coverage_counts {
    uint64_t total;
    uint64_t by_state[COVERAGE_STATES];
    uint64_t heard; /* sounding, sounded or ended after having sounded */
    uint64_t refused_by[COVERAGE_REASONS];
};

/* A receipt, as the log of a device tells it. */
struct coverage_receipt {
    wire_id order;
    uint64_t device;
    enum log_kind kind;
    enum log_reason reason;
    int64_t value;
    usec at;
};

const char *coverage_state_name(enum coverage_state state);
CHECKED bool coverage_state_parse(str text, enum coverage_state *ret_state);
/* Whether this kind of entry says something about an alarm or a stop. */
bool coverage_concerns(enum log_kind kind);
/* Pure: what the device's line becomes; false when it tells nothing new. */
CHECKED bool coverage_step(struct coverage_device *line, const struct coverage_receipt *receipt);
/* Pure: one line more (1) or less (-1) in what is counted. */
void coverage_add(struct coverage_counts *counts, const struct coverage_device *line, int sign);

CHECKED errc coverage_create(struct coverage **ret_coverage);
void coverage_destroy(struct coverage *coverage); /* accepts null */
/* The devices that an alarm concerns, ascending; copied. Again for the same order: those lines that
 * are further on are taken over. Past COVERAGE_ALARMS the oldest that was ended goes. */
CHECKED errc coverage_open(struct coverage *coverage, wire_id order,
                           const struct coverage_device *devices, size_t count);
void coverage_end(struct coverage *coverage, wire_id order);
/* False when nothing is counted anew. An order that is not open is not an error. */
bool coverage_hears(struct coverage *coverage, const struct coverage_receipt *receipt);
/* Whether an alarm was heard of that is not open here: its rows are to be read (alarms_recall). */
bool coverage_missed(struct coverage *coverage);
CHECKED bool coverage_count(struct coverage *coverage, wire_id order,
                            struct coverage_counts *ret_counts);
/* Devices of one state in ascending order behind `after`, at most `room`; how many. */
size_t coverage_list(struct coverage *coverage, wire_id order, enum coverage_state state,
                     uint64_t after, struct coverage_device *ret_lines, size_t room);
/* All of them, in the arena; false when the order is not open, or there is no room. */
CHECKED bool coverage_copy(struct coverage *coverage, wire_id order, struct arena *arena,
                           struct coverage_device **ret_lines, size_t *ret_count);

#endif

/* The fleet as it is now, in memory: which devices there are, what was last heard of each, and
 * counts by unit that are kept up change by change. The gate writes what it hears (loop thread),
 * steps of the console read (threads of the store); a mutex stands between them and is never held
 * while anything waits.
 *
 * Decisions use the steady clock, so that a correction of the civil one kills nobody; what people
 * see is civil time. `now` is steady throughout; presence_tick brings the two together.
 *
 * Faults that begin or end are events, to be taken by whoever can write them down (fault_keep). No
 * event is lost for want of room: what could not be told yet is told later. */
#ifndef LOA_FLEET_PRESENCE_H
#define LOA_FLEET_PRESENCE_H

#include "base/hash.h"
#include "fleet/device.h"
#include "fleet/fault.h"
#include "fleet/place.h"
#include "fleet/presence_rules.h"

struct presence;

enum { PRESENCE_GROUPS = 16, PRESENCE_SOUNDS = 7 };

/* presence_tick comes before anything is made known: without it nobody knows what time it is. */
CHECKED errc presence_create(const struct presence_timing *timing, struct presence **ret_presence);
void presence_destroy(struct presence *presence); /* accepts null */

/* --- what the store knows (any thread) ---------------------------------------------------------
 */

struct presence_device {
    int64_t id;
    hash key;
    enum device_kind kind;
    enum device_state state;
    struct place place; /* nowhere while it is pending */
    int64_t cluster;
    int64_t station;
    str name;
    str cluster_name;
    str station_name;
    str serial;
    str model;
    str fingerprint;
    str sort_key;
    str search_key;
    str sim_number;
    str sim_operator;
    bool has_position;
    double latitude;
    double longitude;
    uint64_t volume; /* desired */
    usec beat;       /* desired; 0: as the program has it */
    uint64_t month_budget_kb;
    int64_t groups[PRESENCE_GROUPS];
    size_t group_count;
    uint32_t faults_open; /* in the store */
    uint32_t lies_open;
    usec heard_utc; /* 0: never; only taken over for a device that is new here */
};

/* Adds or changes; what was heard of it stays, but a lie that the store has no more is forgiven. A
 * retired or replaced one is kept for its page, but stands in no list and no count. */
CHECKED errc presence_know(struct presence *presence, const struct presence_device *device);
/* What a change of the store calls for beside single devices. */
int64_t presence_version(struct presence *presence);
void presence_set_version(struct presence *presence, int64_t version);
void presence_forget(struct presence *presence, int64_t id); /* a stranger that was forgotten */

/* --- what the gate hears (loop thread) ---------------------------------------------------------
 */

struct presence_key {
    int64_t id;
    enum device_state state;
    struct place place;
};

/* Without the store: who holds this key? False: nobody known. */
bool presence_by_key(struct presence *presence, hash key, struct presence_key *ret_key);
bool presence_by_id(struct presence *presence, int64_t id, struct presence_key *ret_key);

struct presence_attach {
    wire_id boot;
    uint64_t log_seq;
    uint64_t state_version;
    uint64_t trust_version;
    enum device_link link;
    usec beat; /* that it was told to keep */
};

void presence_attached(struct presence *presence, int64_t id, const struct presence_attach *attach,
                       usec now);
void presence_status(struct presence *presence, int64_t id, const struct wire_status *status,
                     usec now);
void presence_beat(struct presence *presence, int64_t id, usec now); /* anything else it says */
void presence_lost(struct presence *presence, int64_t id, usec now); /* the connection is gone */
/* What we know for sure: entries kept of its log, the highest version of orders and of trust. */
void presence_facts(struct presence *presence, int64_t id, uint64_t log_kept, uint64_t state_most,
                    uint64_t trust_most);
/* A claim that cannot be, found elsewhere (another's id, a receipt for an order it never got). */
void presence_lie(struct presence *presence, int64_t id, uint32_t lies, usec now);

/* The connection is held by another server, as that one wrote down; times are civil. */
struct presence_elsewhere {
    int64_t id;
    usec heard_utc;
    usec lost_utc;    /* 0: attached there */
    bool is_orphaned; /* that server is gone: from now on we judge it, and tell of its faults */
    const struct wire_status *status; /* may be null */
};
void presence_elsewhere(struct presence *presence, const struct presence_elsewhere *link);

/* Once a second. True when something changed that open pages would show. */
bool presence_tick(struct presence *presence, usec now, usec now_utc);
/* Takes at most `room` events. */
size_t presence_take_events(struct presence *presence, struct fault_event *events, size_t room);
/* Events that could not be written come back. */
void presence_give_back(struct presence *presence, const struct fault_event *events, size_t count);

/* --- what people ask (any thread) ------------------------------------------------------------- */

struct presence_counts {
    size_t devices; /* accepted */
    size_t states[PRESENCE_STATES];
    size_t faults[FAULT_KINDS]; /* devices that have it, by fault_at's index */
    size_t faulty;              /* devices with any fault */
    size_t sounding;
    size_t sounds[PRESENCE_SOUNDS]; /* by enum device_sound, of those that are heard */
};

/* Of this unit and below; 0: of everything. Zeroes for a unit without devices. */
void presence_count(struct presence *presence, unit_id unit, struct presence_counts *ret_counts);
size_t presence_waiting(struct presence *presence); /* strangers */

/* One device as it is now. Texts are in the arena. */
struct presence_line {
    int64_t id;
    enum device_kind kind;
    enum device_state state;
    enum presence_state presence;
    bool attached;
    unit_id unit;
    int64_t cluster;
    int64_t station;
    str name;
    str cluster_name;
    str station_name;
    str serial;
    str model;
    str fingerprint;
    str sim_number;
    str sim_operator;
    bool has_position;
    double latitude;
    double longitude;
    uint32_t faults;
    uint32_t lies;
    usec heard_utc; /* 0: never */
    usec attached_utc;
    enum device_link link;
    uint64_t volume_wanted;
    uint64_t month_budget_kb;
    bool has_status;
    struct wire_status status;
    usec status_utc;
};

/* Accepted devices; strangers that wait; those that were retired or replaced. */
enum presence_side { PRESENCE_IN_USE, PRESENCE_WAITING, PRESENCE_ENDED };

struct presence_filter {
    const unit_id *seen; /* units over which who asks may see; null with seen_all */
    size_t seen_count;
    bool seen_all;
    enum presence_side side;
    unit_id unit;          /* this and below; 0: any */
    int state;             /* enum presence_state; -1: any */
    uint32_t faults;       /* any of these; 0: does not matter */
    enum device_kind kind; /* 0: any */
    int64_t group;         /* 0: any */
    int64_t cluster;       /* 0: any */
    int64_t station;       /* 0: any */
    str query_key;         /* text_search_key of what was typed; empty: any */
    int64_t after; /* page: devices behind this one in the order of names; 0: from the first */
    size_t limit;  /* 0: all */
};

struct presence_lines {
    const struct presence_line *at;
    size_t count;
    size_t matching; /* with those of other pages */
    int64_t next;    /* 0: no more */
};

CHECKED errc presence_list(struct presence *presence, const struct presence_filter *filter,
                           struct arena *arena, struct presence_lines *ret_lines);
/* ERR_NOT_FOUND. */
CHECKED errc presence_one(struct presence *presence, int64_t id, struct arena *arena,
                          struct presence_line *ret_line);

/* The few things that a map draws, for as many as match. */
struct presence_point {
    int64_t id;
    double latitude;
    double longitude;
    enum presence_state state;
    uint32_t faults;
    unit_id unit;
    str name; /* in the arena */
};

struct presence_points {
    const struct presence_point *at;
    size_t count;
    size_t nowhere; /* matching, but without a position */
};

CHECKED errc presence_map(struct presence *presence, const struct presence_filter *filter,
                          struct arena *arena, struct presence_points *ret_points);

#endif

/* What the files of presence tally and nobody else sees. */
#ifndef LOA_FLEET_PRESENCE_INSIDE_H
#define LOA_FLEET_PRESENCE_INSIDE_H

#include "fleet/presence.h"
#include "fleet/presence_index.h"

#include <pthread.h>

enum known_text {
    TEXT_NAME,
    TEXT_CLUSTER,
    TEXT_STATION,
    TEXT_SERIAL,
    TEXT_MODEL,
    TEXT_FINGERPRINT,
    TEXT_SORT_KEY,
    TEXT_SEARCH_KEY,
    TEXT_SIM_NUMBER,
    TEXT_SIM_OPERATOR,
    TEXTS,
};

/* What one device adds to the counts of its units. */
struct known_tally {
    bool counts;
    uint8_t state;
    uint8_t sound;
    uint32_t faults;
    struct place place;
};

struct known {
    struct presence_device device; /* its texts point into `words` */
    char *words;                   /* all texts, one block */
    struct presence_link link;
    bool elsewhere; /* another server holds the connection */
    bool orphaned;
    bool has_status;
    bool gone; /* a stranger that was forgotten; the place is free */
    struct wire_status status;
    usec status_at;
    usec attached_at;
    wire_id boot;
    uint64_t log_kept;
    uint64_t state_most;
    uint64_t trust_most;
    uint32_t lies;
    uint32_t reported; /* faults that it told itself, in this run or before our restart */
    uint32_t faults;   /* all of now */
    uint32_t told;     /* as the store knows, or was told */
    usec faults_at;    /* civil: when they last changed */
    bool unsaved;      /* a state that the store does not know */
    usec saved_heard;
    struct known_tally tally; /* as it is counted now */
};

struct unit_counts {
    unit_id unit;
    struct presence_counts counts;
};

struct presence {
    pthread_mutex_t mutex;
    struct presence_timing timing;
    usec now;    /* the last that was said */
    usec offset; /* civil time less steady time */
    bool dirty;  /* since the last tick */
    int64_t version;
    struct known **known; /* stable: grows, never shrinks */
    size_t count;
    size_t room;
    uint32_t *free; /* places of forgotten strangers */
    size_t free_count;
    struct presence_index by_id;
    struct presence_index by_key;
    uint32_t *sorted; /* by sort key and id */
    size_t sorted_count;
    bool is_sorted;
    struct presence_index by_unit;
    struct unit_counts *units; /* 0: everything */
    size_t unit_count;
    size_t unit_room;
    size_t waiting;
};

void presence_lock(struct presence *presence);
void presence_unlock(struct presence *presence);
/* With the lock held: or null. */
struct known *presence_known(const struct presence *presence, int64_t id);
/* Judges the device anew, as of presence->now, and keeps the counts. */
void presence_update(struct presence *presence, struct known *known);

#endif

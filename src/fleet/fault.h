/* Faults of devices: a bit for each kind, those that a device reports (wire/types.h, enum
 * device_fault) and those that the server finds. Open until they are over; acknowledged by a
 * person. Many of one kind that began together in one commune are one line with a count. */
#ifndef LOA_FLEET_FAULT_H
#define LOA_FLEET_FAULT_H

#include "fleet/fleet_job.h"
#include "wire/types.h"

enum fleet_fault {
    FAULT_DEAD = 1 << 16, /* nothing is heard of it */
    FAULT_LIES = 1 << 17, /* it said what cannot be; stays until a person has looked */
};

enum {
    FAULT_KINDS = 13,
    FAULT_DETAIL_MOST = 200,
    FAULT_TOGETHER = 3, /* so many of one kind in one commune are told as one */
    FAULT_EVENTS_MOST = 20000,
};

uint32_t fault_at(size_t index);        /* the bits, index < FAULT_KINDS */
const char *fault_name(uint32_t fault); /* "no_sound"; of one bit; null for none of ours */
CHECKED bool fault_parse(str name, uint32_t *ret_fault);

/* A fault that began or is over, as presence found it. */
struct fault_event {
    int64_t device;
    uint32_t fault; /* one bit */
    bool over;
    usec at;
    char detail[64]; /* of FAULT_LIES: which claim */
};

/* In a write job. Raising what is open and ending what is not is no error: events may come twice.
 */
CHECKED errc fault_keep(struct db *db, const struct fault_event *events, size_t count,
                        struct why *why);

struct fault {
    int64_t id;
    int64_t device;
    str device_name;
    int64_t cluster;
    str cluster_name;
    unit_id unit; /* of the cluster, as written down */
    uint32_t kind;
    usec since;
    usec until; /* 0: open */
    str detail;
    usec acknowledged; /* 0: not */
    str acknowledged_name;
};

struct fault_filter {
    unit_id unit;
    int64_t device;      /* 0: any */
    uint32_t kinds;      /* 0: any */
    bool with_past;      /* also those that are over */
    bool unacknowledged; /* only these */
    int64_t before;      /* page: faults below this number; 0: from the newest */
    size_t limit;
};

struct fault_page {
    const struct fault *at; /* the newest first */
    size_t count;
    int64_t next; /* 0: no more */
};

CHECKED errc fault_list(struct db *db, const struct fleet_job *job,
                        const struct fault_filter *filter, struct fault_page *ret_page,
                        struct why *why);
/* Needs RIGHT_FLEET_WRITE over the device's unit. A lie is over when somebody has looked at it. */
CHECKED errc fault_acknowledge(struct db *db, const struct fleet_job *job, int64_t id,
                               struct why *why);

/* Forgets faults that were over before `before`, at most `most`. */
CHECKED errc fault_tidy(struct db *db, usec before, int64_t most, struct why *why);

/* One line of the digest: one kind in one commune. */
struct fault_line {
    uint32_t kind;
    unit_id commune;
    size_t count;
    size_t acknowledged;
    size_t devices; /* accepted ones in the commune; `count` of them */
    usec since;     /* the oldest */
    usec latest;
    int64_t device; /* when count is 1 */
    str device_name;
};

struct fault_digest {
    const struct fault_line *at; /* the gravest kind and the largest count first */
    size_t count;
    size_t faults;
};

/* Pure: folds open faults into lines; those below FAULT_TOGETHER of a kind and commune stay single.
 */
CHECKED errc fault_fold(const struct fault *faults, size_t count, const struct forest *forest,
                        day today, struct arena *arena, struct fault_digest *ret_digest);

#endif

/* Devices: a key that was made on the box and never leaves it. A stranger is pending until a person
 * accepts it into a cluster, or a preloaded list does, once; accepting, changing, moving and
 * retiring issue the orders that the device obeys. What a device says of itself (serial, model) is
 * shown and never decides but for the lists, whose risk that is: docs/operator/fleet.md.
 *
 * What must never happen: a key that is accepted without a person or a list, two devices in one
 * place after a replacement, a change without its order or an order without its change. */
#ifndef LOA_FLEET_DEVICE_H
#define LOA_FLEET_DEVICE_H

#include "fleet/cluster.h"
#include "wire/proof.h"
#include "wire/types.h"

enum {
    DEVICE_PENDING_MOST = 500, /* strangers that wait; the oldest is forgotten for a new one */
    DEVICE_SIM_MOST = 32,
    DEVICE_BATCH_MOST = 20000,
};

enum device_state { DEVICE_IS_PENDING, DEVICE_IS_ACCEPTED, DEVICE_IS_RETIRED, DEVICE_IS_REPLACED };

const char *device_state_name(enum device_state state); /* "pending", … */
CHECKED bool device_state_parse(str name, enum device_state *ret_state);
const char *device_kind_name(enum device_kind kind); /* "speaker", "board", "encoder" */
CHECKED bool device_kind_parse(str name, enum device_kind *ret_kind);

struct device {
    int64_t id;
    hash key;
    str fingerprint;
    enum device_kind kind;
    enum device_state state;
    int64_t cluster; /* 0: none yet */
    str cluster_name;
    int64_t station; /* 0: none yet */
    str station_name;
    unit_id unit;       /* of the cluster, as written down; 0: none yet */
    int64_t volume_cap; /* of the cluster; CLUSTER_NONE: none */
    str name;
    str serial;
    str model;
    str program;
    uint64_t abilities;
    str address;
    str sim_number;
    str sim_operator;
    str note;
    struct wire_settings settings; /* as desired, the cluster's cap not yet applied */
    int64_t settings_version;
    int64_t place_version;
    str place_path;
    int64_t replaced_by; /* 0: nobody */
    usec first_seen;
    usec accepted; /* 0: not */
    usec ended;
};

/* --- for the gate ----------------------------------------------------------------------------- */

/* What a device says of itself when it attaches. */
struct device_words {
    hash key;
    enum device_kind kind;
    str serial;
    str model;
    str program;
    str claim;
    uint64_t abilities;
    str address; /* from where it comes */
};

struct device_met {
    int64_t id;
    enum device_state state;
    bool is_new;     /* nobody had seen the key before */
    bool is_claimed; /* a preloaded list has accepted it now */
};

/* ERR_NOT_FOUND: a stranger. */
CHECKED errc device_by_key(struct db *db, hash key, struct arena *arena, struct device_met *ret_met,
                           struct why *why);
/* In a write job: makes a stranger known, or keeps up what a known one says. The actor is the
 * system. A line of a preloaded list that fits accepts it. */
CHECKED errc device_meet(struct db *db, const struct fleet_job *job,
                         const struct device_words *words, struct device_met *ret_met,
                         struct why *why);

/* --- for people ------------------------------------------------------------------------------- */

struct device_placing {
    int64_t cluster;
    str name; /* STR_NONE: the cluster's */
};

CHECKED errc device_accept(struct db *db, const struct fleet_job *job, int64_t id,
                           const struct device_placing *placing, struct why *why);
/* An accepted device forgets its place and is silent; a pending one is turned away. For ever. */
CHECKED errc device_retire(struct db *db, const struct fleet_job *job, int64_t id, struct why *why);
/* The pending device `by` takes over place, name, groups and settings of the broken `id`. */
CHECKED errc device_replace(struct db *db, const struct fleet_job *job, int64_t id, int64_t by,
                            struct why *why);

/* Bits: which fields a change gives. */
enum device_field {
    DEVICE_NAME = 1,
    DEVICE_CLUSTER = 2,
    DEVICE_NOTE = 4,
    DEVICE_SIM = 8, /* number and operator */
    DEVICE_VOLUME = 16,
    DEVICE_GAIN_CAP = 32,
    DEVICE_DELAY = 64,
    DEVICE_RELAY_LEAD = 128,
    DEVICE_RELAY_HOLD = 256,
    DEVICE_FADE = 512,
    DEVICE_BEAT = 1024,
    DEVICE_QUIET_HOURS = 2048, /* fetch_from_min, fetch_to_min */
    DEVICE_BUDGET = 4096,
    DEVICE_SELF_TEST = 8192,
    DEVICE_DRILL_GAIN = 16384,
    DEVICE_CHUNK_RATE = 32768,
    DEVICE_SETTINGS = 0xfff0, /* any of those that are ordered */
};

struct device_change {
    unsigned fields;
    int64_t cluster;
    str name;
    str note;
    str sim_number;
    str sim_operator;
    struct wire_settings settings;
};

CHECKED errc device_read(struct db *db, const struct fleet_job *job, int64_t id,
                         struct device *ret_device, struct why *why);
/* Strangers that wait, the newest first: for whoever may accept devices anywhere. */
struct device_strangers {
    const struct device *at;
    size_t count;
};
CHECKED errc device_list_waiting(struct db *db, const struct fleet_job *job,
                                 struct device_strangers *ret_strangers, struct why *why);
/* Traffic by month as the device counts it, the newest first. */
struct device_month {
    int64_t month; /* 202611 */
    int64_t bytes_in;
    int64_t bytes_out;
};
struct device_months {
    const struct device_month *at;
    size_t count;
};
CHECKED errc device_traffic(struct db *db, const struct fleet_job *job, int64_t id,
                            struct device_months *ret_months, struct why *why);
CHECKED errc device_change(struct db *db, const struct fleet_job *job, int64_t id,
                           const struct device_change *change, struct why *why);

/* The same change for many; devices that the actor may not change are left out and counted. */
struct device_ids {
    const int64_t *at;
    size_t count;
};
struct device_batch {
    size_t changed;
    size_t skipped;
};
CHECKED errc device_change_many(struct db *db, const struct fleet_job *job, struct device_ids ids,
                                const struct device_change *change, struct device_batch *ret_batch,
                                struct why *why);
CHECKED errc device_act_many(struct db *db, const struct fleet_job *job, struct device_ids ids,
                             const struct wire_action *action, struct device_batch *ret_batch,
                             struct why *why);
/* Test tone, restart, self-test, sending the log: one order. */
CHECKED errc device_act(struct db *db, const struct fleet_job *job, int64_t id,
                        const struct wire_action *action, struct why *why);

/* --- places that moved ------------------------------------------------------------------------ */

/* Orders a new placement for at most `most` devices whose path of today is not what they were told
 * last: after a reform, and once a day. The system's own change. *ret_left: there are more. */
CHECKED errc device_place_again(struct db *db, const struct fleet_job *job, size_t most,
                                size_t *ret_placed, bool *ret_left, struct why *why);

/* What an order for this cluster's devices says: the desired settings under the cluster's cap.
 * Pure.
 */
struct wire_settings device_settings_under(const struct wire_settings *desired, int64_t volume_cap);

/* What programmes need to know of every accepted device, for whoever compiles plans. */
struct device_target {
    int64_t id;
    enum device_kind kind;
    int64_t cluster;
    struct place place; /* of today */
    uint64_t volume;    /* under the cap */
    bool quiet_zone;
    str languages; /* BCP 47, with blanks between; empty: nobody has told */
};
struct device_targets {
    const struct device_target *at; /* by id */
    size_t count;
};
CHECKED errc device_targets_read(struct db *db, const struct forest *forest, day today,
                                 struct arena *arena, struct device_targets *ret_targets,
                                 struct why *why);

/* The fields of settings.def, for tables that read and write them. */
struct device_setting {
    unsigned field; /* enum device_field */
    const char *name;
    int64_t least;
    int64_t most;
};
enum { DEVICE_SETTING_COUNT = 13 };
const struct device_setting *device_setting_at(size_t index);
int64_t device_setting_get(const struct wire_settings *settings, size_t index);
void device_setting_set(struct wire_settings *settings, size_t index, int64_t value);

#endif

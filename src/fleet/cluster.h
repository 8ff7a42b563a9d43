/* Clusters (cụm loa): a pole with its horns, or what feeds wired and FM ones. Only ip clusters and
 * encoders have devices that take orders; wired and fm ones are registered and reported. */
#ifndef LOA_FLEET_CLUSTER_H
#define LOA_FLEET_CLUSTER_H

#include "base/hash.h"
#include "fleet/place.h"
#include "fleet/station.h"

enum { CLUSTER_PHOTOS = 12, CLUSTER_LANGUAGES = 8, CLUSTER_LANGUAGES_SIZE = 128 };

enum cluster_technology { CLUSTER_IP, CLUSTER_FM, CLUSTER_WIRED, CLUSTER_ENCODER };

const char *cluster_technology_name(enum cluster_technology technology);
CHECKED bool cluster_technology_parse(str name, enum cluster_technology *ret_technology);

/* At most CLUSTER_LANGUAGES tags of BCP 47 with single blanks between. */
bool cluster_languages_are_fit(str languages);

enum { CLUSTER_NONE = -1 }; /* of numbers that nobody has told */

struct cluster {
    int64_t id;
    int64_t station;
    str station_name;
    unit_id station_unit;
    unit_id unit;
    str name;
    enum cluster_technology technology;
    bool has_position;
    double latitude;
    double longitude;
    unit_id villages[PLACE_VILLAGES];
    size_t village_count;
    str languages; /* BCP 47, with blanks between */
    str power;
    int64_t amplifier_w; /* CLUSTER_NONE: not told */
    int64_t horns;
    int64_t standby_h;
    bool quiet_zone;
    int64_t volume_cap;
    str nearby;
    str note;
    hash photos[CLUSTER_PHOTOS];
    size_t photo_count;
    usec retired; /* 0: in use */
    usec created;
    int64_t devices;
};

/* Bits: which fields of a struct cluster a change gives. */
enum cluster_field {
    CLUSTER_UNIT = 1,
    CLUSTER_NAME = 2,
    CLUSTER_TECHNOLOGY = 4,
    CLUSTER_POSITION = 8,
    CLUSTER_VILLAGES = 16,
    CLUSTER_SPOKEN = 32, /* languages */
    CLUSTER_POWER = 64,
    CLUSTER_AMPLIFIER = 128,
    CLUSTER_HORNS = 256,
    CLUSTER_STANDBY = 512,
    CLUSTER_QUIET = 1024,
    CLUSTER_CAP = 2048,
    CLUSTER_NEARBY = 4096,
    CLUSTER_REMARK = 8192, /* note */
    CLUSTER_PICTURES = 16384,
    CLUSTER_RETIRED = 32768, /* retired != 0: it goes, if nothing hangs on it any more */
    CLUSTER_STATION = 65536,
};

struct cluster_filter {
    unit_id unit;
    int64_t station; /* 0: any */
    str technology;  /* STR_NONE: any */
    str query;
    str after;
    size_t limit;
};

struct cluster_page {
    const struct cluster *at; /* in the order of names */
    size_t count;
    str next;
};

CHECKED errc cluster_create(struct db *db, const struct fleet_job *job, const struct cluster *draft,
                            int64_t *ret_id, struct why *why);
CHECKED errc cluster_read(struct db *db, const struct fleet_job *job, int64_t id,
                          struct cluster *ret_cluster, struct why *why);
CHECKED errc cluster_list(struct db *db, const struct fleet_job *job,
                          const struct cluster_filter *filter, struct cluster_page *ret_page,
                          struct why *why);
/* Takes over the fields whose bits are set. A changed place, cap or quiet zone reaches the devices
 * as new orders. */
CHECKED errc cluster_change(struct db *db, const struct fleet_job *job, int64_t id,
                            const struct cluster *values, unsigned fields, struct why *why);

#endif

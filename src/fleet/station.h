/* Stations (đài truyền thanh): of a commune, with a life from survey to retirement that is written
 * down stage by stage, each with its day and a note. Clusters hang on them. */
#ifndef LOA_FLEET_STATION_H
#define LOA_FLEET_STATION_H

#include "fleet/fleet_job.h"

enum {
    FLEET_NAME_MOST = 120, /* characters, of stations, clusters, devices and groups */
    FLEET_NOTE_MOST = 2000,
    FLEET_PAGE_MOST = 200,
    FLEET_QUERY_MOST = 200,
};

enum station_stage {
#define X(NAME, name, phase) NAME,
#include "fleet/stages.def"
#undef X
};

enum {
    STAGE_COUNT = 0
#define X(NAME, name, phase) +1
#include "fleet/stages.def"
#undef X
};

const char *station_stage_name(enum station_stage stage);
CHECKED bool station_stage_parse(str name, enum station_stage *ret_stage);
/* Whether the life may go on like this. Pure. */
bool station_stage_may_follow(enum station_stage before, enum station_stage after);

struct station {
    int64_t id;
    unit_id unit;
    str name;
    enum station_stage stage;
    day stage_day;
    str note;
    usec created;
    int64_t clusters;
    int64_t devices;
};

struct station_step {
    enum station_stage stage;
    day on;
    str note;
    str account_name;
    usec at;
};

struct station_steps {
    const struct station_step *at; /* the oldest first */
    size_t count;
};

struct station_draft {
    unit_id unit;
    str name;
    str note;
    enum station_stage stage;
    day stage_day;
};

/* STR_NONE and 0 leave as it is. */
struct station_patch {
    unit_id unit;
    str name;
    str note;
};

struct station_filter {
    unit_id unit; /* this and below; 0: any */
    str stage;    /* STR_NONE: any */
    str query;
    str after;
    size_t limit;
};

struct station_page {
    const struct station *at; /* in the order of names */
    size_t count;
    str next; /* at == NULL: no more */
};

CHECKED errc station_create(struct db *db, const struct fleet_job *job,
                            const struct station_draft *draft, int64_t *ret_id, struct why *why);
CHECKED errc station_read(struct db *db, const struct fleet_job *job, int64_t id,
                          struct station *ret_station, struct station_steps *ret_steps,
                          struct why *why);
CHECKED errc station_list(struct db *db, const struct fleet_job *job,
                          const struct station_filter *filter, struct station_page *ret_page,
                          struct why *why);
CHECKED errc station_change(struct db *db, const struct fleet_job *job, int64_t id,
                            const struct station_patch *patch, struct why *why);
/* The next stage; not before the day of the last one, not in the future. */
CHECKED errc station_step(struct db *db, const struct fleet_job *job, int64_t id,
                          const struct station_step *step, struct why *why);

#endif

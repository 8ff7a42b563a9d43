/* What the files of the fleet that touch the store share; not for other rooms. */
#ifndef LOA_FLEET_FLEET_INSIDE_H
#define LOA_FLEET_FLEET_INSIDE_H

#include "base/json_out.h"
#include "fleet/device.h"

/* Names the field that is wrong; ERR_INVALID. */
CHECKED errc fleet_field(const struct fleet_job *job, const char *name, const char *code,
                         struct why *why);
CHECKED errc fleet_check_name(const struct fleet_job *job, const char *field, str name,
                              struct why *why);
/* Text that may be empty. */
CHECKED errc fleet_check_text(const struct fleet_job *job, const char *field, str text, size_t most,
                              struct why *why);
CHECKED errc fleet_check_note(const struct fleet_job *job, str note, struct why *why);

struct fleet_keys {
    str name; /* as it is kept */
    str sort;
    str search;
};
/* `more`: what else it is found by. */
CHECKED errc fleet_keys_make(struct arena *arena, str name, str more, struct fleet_keys *ret_keys,
                             struct why *why);

/* Whether the actor holds the right over the unit: ERR_NOT_FOUND where he may not even see. */
bool fleet_sees(const struct fleet_job *job, unit_id unit);
CHECKED errc fleet_may(const struct fleet_job *job, enum right right, unit_id unit,
                       struct why *why);
/* A unit that a person names: it lives today, and the actor holds the right over it. */
CHECKED errc fleet_check_unit(const struct fleet_job *job, const char *field, enum right right,
                              unit_id unit, struct why *why);
/* As of today; what `above` became stands for it. */
bool fleet_is_below(const struct fleet_job *job, unit_id above, unit_id unit);

/* The number of the change; also says that devices changed. */
CHECKED errc fleet_bump(struct db *db, const struct fleet_job *job, int64_t *ret_version,
                        struct why *why);

/* JSON of what was and what is, for the audit. */
struct fleet_story {
    struct buf text;
    struct json_out json;
};
void fleet_story_begin(struct fleet_story *story);
void fleet_story_close(struct fleet_story *story); /* for AUTO */
CHECKED errc fleet_story_end(struct fleet_story *story, struct arena *arena, str *ret_json);

struct fleet_tale {
    const char *action;
    const char *kind; /* "station", "cluster", "device", "device_group", "device_list" */
    int64_t id;
    str name;
    unit_id unit; /* 0: none */
    str before;
    str after;
};
CHECKED errc fleet_tell(struct db *db, const struct fleet_job *job, const char *topic,
                        const struct fleet_tale *tale, struct why *why);

#endif

/* Approved bulletins on their way into programmes: last on a day of a programme that is there, or
 * in a place of their own. The programme compiler takes it from there to the devices; what became
 * of it comes back in their logs. A bulletin of class emergency is never planned: it is an alarm.
 */
#ifndef LOA_STUDIO_AIRING_H
#define LOA_STUDIO_AIRING_H

#include "broadcast/programme.h"
#include "broadcast/programme_bulletin.h"
#include "studio/bulletin.h"

enum { AIRING_AGAIN_MOST = 62, AIRINGS_MOST = 2000 };

/* With a programme, only `on` counts besides. */
struct airing_place {
    int64_t programme; /* 0: a place of its own */
    unit_id unit;      /* whose place; 0: the issuer's */
    day on;
    int start_s;
    const day *again; /* further days, ascending */
    size_t again_count;
    const struct programme_repeat *repeats;
    size_t repeat_count;
    const unit_id *areas;
    size_t area_count;
};

struct airing {
    int64_t id;
    unit_id unit;
    int64_t programme;
    str programme_name;
    day on;
    usec at;
    usec end;
    bool one_off;
};
struct airings {
    const struct airing *at; /* by day */
    size_t count;
};

/* Needs PROGRAMMES_WRITE over the place's unit, which is the issuer or was offered the bulletin.
 * ERR_BY_ALARM for an emergency, ERR_CONFLICT before the approval. */
CHECKED errc bulletin_schedule(const struct desk *desk, struct db *db, int64_t bulletin,
                               const struct airing_place *place, int64_t *ret_airing,
                               struct why *why);
CHECKED errc airing_remove(const struct desk *desk, struct db *db, int64_t id, struct why *why);
CHECKED errc airings_load(const struct desk *desk, struct db *db, int64_t bulletin,
                          struct airings *ret_airings, struct why *why);
/* The bulletin was withdrawn. Asks for no right. */
CHECKED errc airings_end(const struct desk *desk, struct db *db, int64_t bulletin, struct why *why);

#endif

/* Clips that every device keeps for the day when nothing can be fetched: prepared texts with a
 * number, per unit and language, as data. The list of a unit is its own over that of the units
 * above it; a change is sent to the unit and anew to every unit below that has clips of its own. */
#ifndef LOA_BROADCAST_CLIP_H
#define LOA_BROADCAST_CLIP_H

#include "broadcast/desk.h"

enum { CLIPS_MOST = 64, CLIP_TEXT_MOST = 1200 };

struct clip {
    unit_id unit;
    int number;
    str language;
    str title;
    str text;
    int signal; /* enum alarm_signal that goes with it */
    hash media;
    int64_t bytes;
    int64_t ms;
    usec changed;
};

struct clips {
    const struct clip *at;
    size_t count;
};

/* Those that a unit's devices keep: its own and those from above that it has not replaced. */
CHECKED errc clip_list(const struct desk *desk, struct db *db, unit_id unit,
                       struct clips *ret_clips, struct why *why);
/* Needs ALARMS_WRITE over the unit. `bytes` and `ms` come from the medium. */
CHECKED errc clip_put(const struct desk *desk, struct db *db, const struct clip *clip,
                      struct why *why);

#endif

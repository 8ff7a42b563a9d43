/* What every job of this room takes besides the database: who acts and where the units are. */
#ifndef LOA_SOUNDS_SOUND_DESK_H
#define LOA_SOUNDS_SOUND_DESK_H

#include "base/json_in.h"
#include "people/forest.h"
#include "people/right.h"
#include "people/unit.h"

struct db;

struct sound_desk {
    const struct actor *actor;
    const struct forest *forest;
    struct arena *arena;
    struct bad_field *bad; /* filled with ERR_INVALID; may be null */
};

/* OK for whoever may write something that sounds there: a bulletin, a programme, an alarm.
 * ERR_NOT_FOUND where the actor may not even see the unit, ERR_FORBIDDEN. */
CHECKED errc sound_desk_may(const struct sound_desk *desk, unit_id unit);

#endif

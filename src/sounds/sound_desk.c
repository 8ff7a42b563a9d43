/* See sound_desk.h. */
#include "sounds/sound_desk.h"

#include "people/unit_sight.h"

errc sound_desk_may(const struct sound_desk *desk, unit_id unit)
{
    static const enum right any[] = {RIGHT_BULLETINS_WRITE, RIGHT_PROGRAMMES_WRITE,
                                     RIGHT_ALARMS_WRITE};
    struct unit_sight sight = {
        .forest = desk->forest, .actor = desk->actor, .right = RIGHT_UNITS_READ};
    struct right_view view = unit_right_view(desk->forest);
    if (!forest_knows(desk->forest, unit) || !unit_may_see(&sight, unit)) {
        return ERR_NOT_FOUND;
    }
    for (size_t i = 0; i < COUNT_OF(any); i++) {
        if (actor_may(desk->actor, any[i], unit, &view)) {
            return OK;
        }
    }
    return ERR_FORBIDDEN;
}

/* Bulletins in programmes: an item may be of a bulletin, and a programme may be there for one
 * bulletin alone. What a bulletin says is the studio's business; here it is a number that travels
 * with the item to the devices and comes back with what became of it. */
#ifndef LOA_BROADCAST_PROGRAMME_BULLETIN_H
#define LOA_BROADCAST_PROGRAMME_BULLETIN_H

#include "broadcast/desk.h"
#include "broadcast/play.h"
#include "broadcast/programme.h"

/* On that day the bulletin comes last in the programme; what the programme plays on every day stays
 * before it. Needs PROGRAMMES_WRITE over the programme's unit, and the programme must fall on the
 * day. The items are versions in several languages; day, position and bulletin are filled in. */
struct programme_place {
    int64_t programme;
    int64_t bulletin;
    day on;
    const struct programme_item *items;
    size_t count;
};
CHECKED errc programme_place(const struct desk *desk, struct db *db,
                             const struct programme_place *place, struct why *why);
/* It is not there any more; a programme of its own ends. */
CHECKED errc programme_displace(const struct desk *desk, struct db *db, int64_t programme, day on,
                                int64_t bulletin, struct why *why);
/* From today on it sounds nowhere. Asks for no right: whoever may withdraw the bulletin may. */
CHECKED errc bulletin_off_air(const struct desk *desk, struct db *db, int64_t bulletin,
                              struct why *why);

struct bulletin_play {
    unit_id unit;
    usec at;
    int64_t ms; /* of the place in the plan */
    bool has_outcome;
    enum play_outcome outcome;
    enum log_reason reason;
    int64_t plays; /* devices */
    int64_t played_ms;
    usec first; /* first sample that was heard; 0: none */
};
struct bulletin_plays {
    const struct bulletin_play *at; /* by unit and time */
    size_t count;
};
/* What was planned of it and what became of that. In the arena. */
CHECKED errc bulletin_plays_load(const struct desk *desk, struct db *db, int64_t bulletin,
                                 struct bulletin_plays *ret_plays, struct why *why);

#endif

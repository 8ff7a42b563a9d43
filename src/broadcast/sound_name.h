/* What a device means by an id: the item of a plan, or an alarm, stop or drill. */
#ifndef LOA_BROADCAST_SOUND_NAME_H
#define LOA_BROADCAST_SOUND_NAME_H

#include "wire/types.h"

struct db;

struct sound_name {
    str title;  /* at == NULL: nobody knows it (any more) */
    int64_t ms; /* its place in the plan; 0: none */
};

/* An id that nobody knows is no error. */
CHECKED errc sound_name_find(struct db *db, const wire_id *id, struct arena *arena,
                             struct sound_name *ret_name, struct why *why);

#endif

/* What the rows of sounds share. */
#ifndef LOA_SOUNDS_SOUND_INSIDE_H
#define LOA_SOUNDS_SOUND_INSIDE_H

#include "sounds/sound.h"

/* Of anybody: account 0. */
CHECKED errc sound_load(struct db *db, int64_t id, int64_t account, struct arena *arena,
                        struct sound *ret_sound, struct why *why);

#endif

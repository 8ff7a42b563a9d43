/* The sounds and programmes of the demo province (src/server/demo/clips, made by tools/clips). */
#ifndef LOA_SERVER_DEMO_PROGRAMME_H
#define LOA_SERVER_DEMO_PROGRAMME_H

#include "base/hash.h"
#include "server/founding.h"

/* In the job, after the fleet. The files go into the media store before that, by demo_sounds_keep.
 */
CHECKED errc demo_sounds_keep(const struct app *app, struct why *why);
/* The name under which a clip of that name is kept. */
CHECKED bool demo_clip_media(str name, hash *ret_media);
CHECKED errc demo_programme(struct founding *founding, struct db *db, struct why *why);

#endif

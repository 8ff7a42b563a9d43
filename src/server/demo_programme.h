/* The sounds and programmes of the demo province (src/server/demo/clips, made by tools/clips). */
#ifndef LOA_SERVER_DEMO_PROGRAMME_H
#define LOA_SERVER_DEMO_PROGRAMME_H

#include "server/founding.h"

/* In the job, after the fleet. The files go into the media store before that, by demo_sounds_keep.
 */
CHECKED errc demo_sounds_keep(const struct app *app, struct why *why);
CHECKED errc demo_programme(struct founding *founding, struct db *db, struct why *why);

#endif

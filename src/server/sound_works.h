/* The hands behind the sound jobs (room `sounds`): a few threads, each with one child process at a
 * time, that take jobs from the store, have loa-ingest make the sound, check what it made and keep
 * it. A child is stopped when its job is cancelled, takes too long, or the server ends; a job that
 * was cut off is waiting again.
 *
 * Also the sweep: uploads that nobody went on with, and media that nothing refers to. */
#ifndef LOA_SERVER_SOUND_WORKS_H
#define LOA_SERVER_SOUND_WORKS_H

#include "console/house.h"
#include "server/app.h"

struct sound_works;

CHECKED errc sound_works_start(struct app *app, struct sound_works **ret_works, struct why *why);
/* Any thread. */
void sound_works_changed(struct sound_works *works, str topic);
/* Ends the children and gives their jobs back; while the store is still there. Accepts null. */
void sound_works_stop(struct sound_works *works);

struct house_sound house_sound_of_settings(const struct settings *settings);
/* The number of the folder of uploads, made when there is none: servers that share a database tell
 * by it whose upload is whose. */
CHECKED errc sound_works_place(const struct app *app, int64_t *ret_place, struct why *why);
/* The folder of the uploads' bytes. */
void sound_works_folder(const struct app *app, char path[APP_PATH_ROOM]);

#endif

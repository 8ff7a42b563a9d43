/* A few whole agents in one process, each with a folder, an engine and a WAV file of what its
 * loudspeaker would play: for a newcomer to see and hear a province. They have no pretended link.
 */
#ifndef LOA_SIM_SPEAKERS_H
#define LOA_SIM_SPEAKERS_H

#include "loop/loop.h"
#include "sim/args.h"

enum { SPEAKERS_MOST = 200 };

struct speakers;

/* Their keys and what they know stay in args->state_dir, or beside the sound. */
CHECKED errc speakers_create(struct loop *loop, const struct sim_args *args,
                             struct speakers **ret_speakers, struct why *why);
void speakers_destroy(struct speakers *speakers); /* accepts null */
void speakers_print(struct speakers *speakers);

#endif

/* A text as sound, by espeak-ng. What it takes from files (voices, dictionaries) it takes when it
 * is opened, before anything of the text has been looked at. */
#ifndef LOA_INGEST_VOICE_H
#define LOA_INGEST_VOICE_H

#include "ingest/sound_in.h"

struct voice;

/* ERR_NOT_FOUND: no such voice here. `name` is north, central or south. */
CHECKED errc voice_open(str name, int64_t speed, struct voice **ret_voice, struct fault *fault);
void voice_close(struct voice **voice); /* for AUTO */
/* The text from a descriptor, as UTF-8 that speech_read has been through. The sound is a loan. */
CHECKED errc voice_say(struct voice *voice, int fd, struct pcm *ret_pcm, struct fault *fault);

#endif

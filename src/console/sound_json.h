/* What the routes of sounds and speech share. */
#ifndef LOA_CONSOLE_SOUND_JSON_H
#define LOA_CONSOLE_SOUND_JSON_H

#include "console/ask.h"
#include "sounds/sound.h"

struct sound_desk ask_sound_desk(struct ask *ask);
void sound_json(struct ask *ask, const struct sound *sound);
void sound_peaks_json(struct ask *ask, str peaks);
bool sound_voice_is_known(const struct ask *ask, str voice);

#endif

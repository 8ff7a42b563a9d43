/* How a unit wants words to be said: its own list, over those of the units above it. */
#ifndef LOA_SOUNDS_SPEECH_WORD_H
#define LOA_SOUNDS_SPEECH_WORD_H

#include "sounds/sound_desk.h"

enum {
    SPEECH_WORDS_MOST = 500, /* of one unit */
    SPEECH_WORD_MOST = 80,   /* characters */
    SPEECH_READING_MOST = 200,
};

struct speech_word {
    unit_id unit;
    str word;
    str reading;
};

struct speech_words {
    const struct speech_word *at;
    size_t count;
};

/* What counts at the unit: of two of the same word the nearer. Anybody who sees the unit. */
CHECKED errc speech_words_of(const struct sound_desk *desk, struct db *db, unit_id unit,
                             struct speech_words *ret_words, struct why *why);
/* The unit's own list becomes this one. */
CHECKED errc speech_words_put(const struct sound_desk *desk, struct db *db, unit_id unit,
                              const struct speech_words *words, struct why *why);

#endif

/* Vietnamese text as it is read aloud: what an engine would spell, skip or read in English becomes
 * words. Numbers, decimals, dates, times, phone numbers, units of measure, money, percentages,
 * roman numerals, abbreviations of administration, foreign names; before all of them a list of
 * words that a unit wants to be said in its own way.
 *
 * Pure, and total: whatever text comes in, words come out, never more than SPEECH_GROWTH times as
 * long. What is not understood is left as it stands, for a wrong guess is worse than a spelt
 * word. */
#ifndef LOA_SPEECH_SPEECH_H
#define LOA_SPEECH_SPEECH_H

#include "base/base.h"

enum { SPEECH_GROWTH = 64, SPEECH_TEXT_MOST = 128 * 1024 };

struct speech_said {
    str word;
    str reading;
};

struct speech_list {
    const struct speech_said *at;
    size_t count;
};

/* Lines are kept. ERR_BAD_UTF8, ERR_TOO_BIG (the text, or `out` is full), ERR_NO_MEMORY. */
CHECKED errc speech_read(str text, struct speech_list list, struct buf *out);

#endif

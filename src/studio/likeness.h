/* How much two bulletins say the same: a sketch of the words of each (MinHash over runs of three
 * syllables, without marks), small enough to be kept beside every bulletin and compared with
 * thousands of others in a moment. Pure. */
#ifndef LOA_STUDIO_LIKENESS_H
#define LOA_STUDIO_LIKENESS_H

#include "base/base.h"

enum { LIKENESS_MARKS = 32, LIKENESS_SIZE = 2 * LIKENESS_MARKS * 4 };

/* Titles are compared with titles and texts with texts. */
struct likeness {
    uint32_t title[LIKENESS_MARKS];
    uint32_t text[LIKENESS_MARKS];
};

CHECKED errc likeness_of(str title, str text, struct arena *arena, struct likeness *ret_likeness);
void likeness_write(const struct likeness *likeness, unsigned char bytes[LIKENESS_SIZE]);
CHECKED bool likeness_read(str bytes, struct likeness *ret_likeness);
/* In percent. Without a text on either side the titles alone count. */
int likeness_percent(const struct likeness *a, const struct likeness *b);

#endif

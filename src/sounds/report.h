/* What the process that makes a sound says, line by line: how far it is, and at the end what came
 * out or why nothing did. It has read a stranger's file, so its words are a stranger's: anything
 * that is not exactly one of these lines is refused.
 *
 *   progress 37
 *   result ms=41250 loudness=-1800 source=-2710 peak=-140 head=430 tail=1200
 *   peaks 000cc8…
 *   failed damaged
 */
#ifndef LOA_SOUNDS_REPORT_H
#define LOA_SOUNDS_REPORT_H

#include "sounds/sound.h"

enum { REPORT_LINE_MOST = 1024, REPORT_REASON_ROOM = 32 };

struct report {
    int64_t progress;
    bool has_result;
    struct sound_result result; /* without media and bytes; peaks are a view of `peaks` */
    char peaks[SOUND_PEAKS];
    size_t peak_count;
    char reason[REPORT_REASON_ROOM]; /* why it failed; empty: it did not say so */
    char line[REPORT_LINE_MOST];     /* what has come of the next one */
    size_t line_len;
};

/* Some more of what was said. ERR_INVALID: it is not of this language; the report is void. */
CHECKED errc report_take(struct report *report, str bytes);

#endif

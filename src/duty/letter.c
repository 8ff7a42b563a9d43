/* See letter.h. */
#include "duty/letter.h"

#define FIRST_PAUSE (15 * USEC_SECOND)
#define LONGEST_PAUSE (30 * USEC_MINUTE)

usec letter_pause(int64_t attempts, usec asked)
{
    usec pause = FIRST_PAUSE;
    for (int64_t i = 0; i < attempts && pause < LONGEST_PAUSE; i++) {
        pause *= 2;
    }
    pause = pause > asked ? pause : asked;
    return pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
}

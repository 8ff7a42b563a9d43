#include "agent/backoff.h"

/* What the end itself asks for; the spread comes on top. */
static usec least_after(enum bye_reason reason)
{
    switch (reason) {
    case BYE_VERSION:
    case BYE_RETIRED:
        return 15 * USEC_MINUTE; /* only a person changes that */
    case BYE_STRANGER:
        return 2 * USEC_MINUTE;
    case BYE_PROOF:
    case BYE_PROTOCOL:
    case BYE_ELSEWHERE:
        return 20 * USEC_SECOND;
    case BYE_GOING:
    case BYE_FULL:
        break;
    }
    return 0;
}

/* Doubles from half a second to a minute; after it the delay lies anywhere between a half and the
 * whole of that. The server's wish is a least: its queue is drawn out by half of it again. */
usec backoff_delay(const struct backoff *backoff, uint64_t chance)
{
    usec ceiling = (usec)BACKOFF_LEAST_MS * 1000;
    for (unsigned i = 0; i < backoff->attempts && ceiling < (usec)BACKOFF_MOST_MS * 1000; i++) {
        ceiling *= 2;
    }
    if (ceiling > (usec)BACKOFF_MOST_MS * 1000) {
        ceiling = (usec)BACKOFF_MOST_MS * 1000;
    }
    usec least = least_after(backoff->reason);
    if (backoff->again > least) {
        least = backoff->again;
    }
    usec base = least > 0 ? least : ceiling / 2;
    usec spread = least > 0 ? least / 2 + ceiling / 2 : ceiling - base;
    return base + (usec)(chance % (uint64_t)(spread + 1));
}

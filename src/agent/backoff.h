/* When a device that has lost its server tries again: soon once, then more and more rarely, spread
 * by chance, so that a province that comes back after a power cut does not come at one second.
 * Pure: chance is an argument. */
#ifndef LOA_AGENT_BACKOFF_H
#define LOA_AGENT_BACKOFF_H

#include "wire/types.h"

struct backoff {
    unsigned attempts;      /* since the last time that it stayed attached */
    enum bye_reason reason; /* of the last end; 0: the link just broke */
    usec again;             /* the server's own wish, 0: none */
};

enum { BACKOFF_LEAST_MS = 500, BACKOFF_MOST_MS = 60000 };

/* From the end of a connection to the next attempt. */
usec backoff_delay(const struct backoff *backoff, uint64_t chance);

#endif

/* Why no sound came of it, in the words that the server knows: sound.<reason> of its catalogue. The
 * first fault is the one that counts. */
#ifndef LOA_INGEST_FAULT_H
#define LOA_INGEST_FAULT_H

#include "base/base.h"

struct fault {
    const char *reason; /* null: none */
};

/* ERR_INVALID, so that `return fault_is(…)` reads as a sentence. */
static inline errc fault_is(struct fault *fault, const char *reason)
{
    fault->reason = fault->reason == NULL ? reason : fault->reason;
    return ERR_INVALID;
}

#endif

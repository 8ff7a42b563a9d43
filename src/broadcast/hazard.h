/* Hazards: what an emergency is about. */
#ifndef LOA_BROADCAST_HAZARD_H
#define LOA_BROADCAST_HAZARD_H

#include "base/base.h"

enum hazard {
#define X(NAME, name, clip) HAZARD_##NAME,
#include "broadcast/hazards.def"
#undef X
};

enum {
    HAZARDS = 0
#define X(NAME, name, clip) +1
#include "broadcast/hazards.def"
#undef X
};

enum { CLIP_ALL_CLEAR = 8 }; /* what says that it is over, as installations begin */

const char *hazard_name(enum hazard hazard);
CHECKED bool hazard_parse(str name, enum hazard *ret_hazard);
int hazard_clip(enum hazard hazard);

#endif

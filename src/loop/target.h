/* Request targets, pure: percent-encoding, paths and query strings, strictly. What is doubtful is
 * refused, not repaired, so that no two readers of one target can disagree about it. */
#ifndef LOA_LOOP_TARGET_H
#define LOA_LOOP_TARGET_H

#include "base/base.h"

struct param {
    str name;
    str value;
};

struct target {
    str raw;       /* from the path on */
    str authority; /* of an absolute-form target, else STR_NONE */
    str path;      /* decoded */
    str query;     /* raw, without '?' */
    struct param *params;
    size_t param_count;
};

/* What is decoded goes into the arena; the rest are views of `text`. ERR_BAD_REQUEST for anything
 * improper, ERR_TOO_BIG for more than params_most parameters, ERR_NO_MEMORY. */
CHECKED errc target_parse(str text, size_t params_most, struct arena *arena,
                          struct target *ret_target);
/* A host with an optional port, as in Host and :authority. */
bool target_is_host(str text);

#endif

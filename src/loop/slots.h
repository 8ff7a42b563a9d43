/* Ids with a generation, for what must be named across turns: an id whose thing has gone finds
 * nothing, never the next thing in the same place. Loop thread only. */
#ifndef LOA_LOOP_SLOTS_H
#define LOA_LOOP_SLOTS_H

#include "base/base.h"

struct slots {
    struct slot *at;
    uint32_t count; /* ever used */
    uint32_t room;
    uint32_t free; /* first of the free ones, SLOTS_END for none */
};

#define SLOTS_END UINT32_MAX

void slots_init(struct slots *slots);
void slots_finish(struct slots *slots);
/* False when memory is exhausted. */
CHECKED bool slots_add(struct slots *slots, void *thing, uint32_t *ret_slot,
                       uint32_t *ret_generation);
void *slots_get(const struct slots *slots, uint32_t slot, uint32_t generation);
/* Whatever is in the n-th place, or null: to walk over all. */
void *slots_at(const struct slots *slots, uint32_t place);
void slots_replace(struct slots *slots, uint32_t slot, uint32_t generation, void *thing);
void slots_drop(struct slots *slots, uint32_t slot, uint32_t generation);

#endif

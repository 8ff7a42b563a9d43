/* A growing table with a chain of free places. A generation is odd while its place is taken, so
 * the zero id is nobody's. */
#include "loop/slots.h"

struct slot {
    void *thing;
    uint32_t generation;
    uint32_t next_free;
};

void slots_init(struct slots *slots)
{
    *slots = (struct slots){.free = SLOTS_END};
}

void slots_finish(struct slots *slots)
{
    mem_give(slots->at);
    slots_init(slots);
}

static bool grow(struct slots *slots)
{
    if (slots->room > SLOTS_END / 4) {
        return false;
    }
    uint32_t room = slots->room == 0 ? 64 : slots->room * 2;
    struct slot *at = mem_try_grow(slots->at, room * sizeof *at);
    if (at == NULL) {
        return false;
    }
    slots->at = at;
    slots->room = room;
    return true;
}

bool slots_add(struct slots *slots, void *thing, uint32_t *ret_slot, uint32_t *ret_generation)
{
    uint32_t place = slots->free;
    if (place == SLOTS_END) {
        if (slots->count == slots->room && !grow(slots)) {
            return false;
        }
        place = slots->count;
        slots->count++;
        slots->at[place] = (struct slot){.generation = 0};
    } else {
        slots->free = slots->at[place].next_free;
    }
    slots->at[place].generation++;
    slots->at[place].thing = thing;
    *ret_slot = place;
    *ret_generation = slots->at[place].generation;
    return true;
}

static struct slot *find(const struct slots *slots, uint32_t slot, uint32_t generation)
{
    if (slot >= slots->count || generation % 2 == 0 || slots->at[slot].generation != generation) {
        return NULL;
    }
    return &slots->at[slot];
}

void *slots_get(const struct slots *slots, uint32_t slot, uint32_t generation)
{
    struct slot *found = find(slots, slot, generation);
    return found == NULL ? NULL : found->thing;
}

void *slots_at(const struct slots *slots, uint32_t place)
{
    return place < slots->count ? slots->at[place].thing : NULL;
}

void slots_replace(struct slots *slots, uint32_t slot, uint32_t generation, void *thing)
{
    struct slot *found = find(slots, slot, generation);
    if (found != NULL) {
        found->thing = thing;
    }
}

void slots_drop(struct slots *slots, uint32_t slot, uint32_t generation)
{
    struct slot *found = find(slots, slot, generation);
    if (found == NULL) {
        return;
    }
    found->generation++;
    found->thing = NULL;
    found->next_free = slots->free;
    slots->free = slot;
}

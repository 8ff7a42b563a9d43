/* A small hash table from 64-bit keys to indices, for presence alone: open addressing, grows by
 * doubling, one owner at a time. */
#ifndef LOA_FLEET_PRESENCE_INDEX_H
#define LOA_FLEET_PRESENCE_INDEX_H

#include "base/base.h"

struct presence_slot {
    uint64_t key;
    uint32_t value; /* 0: free; else index + 1, or SLOT_GONE */
};

struct presence_index {
    struct presence_slot *slots;
    size_t room; /* a power of two, or 0 */
    size_t used; /* with those that are gone */
};

enum { PRESENCE_NOWHERE = -1 };

void presence_index_finish(struct presence_index *index);
int64_t presence_index_find(const struct presence_index *index, uint64_t key);
/* Replaces. */
void presence_index_put(struct presence_index *index, uint64_t key, uint32_t value);
void presence_index_remove(struct presence_index *index, uint64_t key);

#endif

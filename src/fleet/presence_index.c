/* Keys are mixed first: ids are small numbers in a row, and device keys begin as strangers like. */
#include "fleet/presence_index.h"

#define SLOT_GONE UINT32_MAX

static uint64_t mix(uint64_t key)
{
    key ^= key >> 33;
    key *= 0xff51afd7ed558ccdULL;
    key ^= key >> 33;
    key *= 0xc4ceb9fe1a85ec53ULL;
    return key ^ (key >> 33);
}

void presence_index_finish(struct presence_index *index)
{
    mem_give(index->slots);
    *index = (struct presence_index){.slots = NULL};
}

static struct presence_slot *slot_of(const struct presence_index *index, uint64_t key)
{
    for (size_t at = (size_t)mix(key);; at++) {
        struct presence_slot *slot = &index->slots[at & (index->room - 1)];
        if (slot->value == 0 || (slot->key == key && slot->value != SLOT_GONE)) {
            return slot;
        }
    }
}

int64_t presence_index_find(const struct presence_index *index, uint64_t key)
{
    if (index->room == 0) {
        return PRESENCE_NOWHERE;
    }
    const struct presence_slot *slot = slot_of(index, key);
    return slot->value == 0 ? PRESENCE_NOWHERE : (int64_t)slot->value - 1;
}

static void grow(struct presence_index *index)
{
    struct presence_index old = *index;
    index->room = old.room == 0 ? 64 : old.room * 2;
    index->slots = mem_take_array(index->room, sizeof *index->slots);
    index->used = 0;
    for (size_t i = 0; i < old.room; i++) {
        if (old.slots[i].value != 0 && old.slots[i].value != SLOT_GONE) {
            *slot_of(index, old.slots[i].key) = old.slots[i];
            index->used++;
        }
    }
    mem_give(old.slots);
}

void presence_index_put(struct presence_index *index, uint64_t key, uint32_t value)
{
    if (2 * (index->used + 1) > index->room) {
        grow(index);
    }
    struct presence_slot *slot = slot_of(index, key);
    index->used += slot->value == 0 ? 1 : 0;
    *slot = (struct presence_slot){key, value + 1};
}

void presence_index_remove(struct presence_index *index, uint64_t key)
{
    if (index->room == 0) {
        return;
    }
    struct presence_slot *slot = slot_of(index, key);
    if (slot->value != 0) {
        slot->value = SLOT_GONE;
    }
}

/* Numbers to slots: which session has this device, this key. Open addressing with room to spare; a
 * secret of the process keeps strangers from choosing where they fall. */
#ifndef LOA_GATE_SLOT_MAP_H
#define LOA_GATE_SLOT_MAP_H

#include "base/base.h"

struct slot_cell {
    uint64_t key; /* 0: empty */
    uint32_t slot;
};

struct slot_map {
    struct slot_cell *cells;
    size_t room; /* a power of two */
    size_t count;
    uint64_t secret;
};

void slot_map_init(struct slot_map *map, size_t most, uint64_t secret);
void slot_map_finish(struct slot_map *map);
/* `key` is not 0. Replaces. The map never holds more than `most`: whoever adds has a limit. */
void slot_map_put(struct slot_map *map, uint64_t key, uint32_t slot);
CHECKED bool slot_map_get(const struct slot_map *map, uint64_t key, uint32_t *ret_slot);
void slot_map_drop(struct slot_map *map, uint64_t key);

#endif

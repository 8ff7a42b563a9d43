/* Linear probing; removing closes the gap, so that there are no graves. */
#include "gate/slot_map.h"

#include "base/crash.h"

static size_t place_of(const struct slot_map *map, uint64_t key)
{
    uint64_t mixed = (key ^ map->secret) * 0x9e3779b97f4a7c15U;
    mixed ^= mixed >> 29;
    mixed *= 0xbf58476d1ce4e5b9U;
    return (size_t)(mixed >> 32) & (map->room - 1);
}

void slot_map_init(struct slot_map *map, size_t most, uint64_t secret)
{
    size_t room = 64;
    while (room < most * 2) {
        room *= 2;
    }
    *map = (struct slot_map){.room = room, .secret = secret};
    map->cells = mem_take_array(room, sizeof *map->cells);
}

void slot_map_finish(struct slot_map *map)
{
    mem_give(map->cells);
    *map = (struct slot_map){.cells = NULL};
}

/* Of the key, or of the empty cell where it would stand. */
static size_t find(const struct slot_map *map, uint64_t key)
{
    size_t at = place_of(map, key);
    while (map->cells[at].key != 0 && map->cells[at].key != key) {
        at = (at + 1) & (map->room - 1);
    }
    return at;
}

void slot_map_put(struct slot_map *map, uint64_t key, uint32_t slot)
{
    size_t at = find(map, key);
    map->count += map->cells[at].key == 0;
    ENSURE(map->count < map->room);
    map->cells[at] = (struct slot_cell){key, slot};
}

bool slot_map_get(const struct slot_map *map, uint64_t key, uint32_t *ret_slot)
{
    size_t at = find(map, key);
    if (map->cells[at].key == 0) {
        return false;
    }
    *ret_slot = map->cells[at].slot;
    return true;
}

void slot_map_drop(struct slot_map *map, uint64_t key)
{
    size_t hole = find(map, key);
    if (map->cells[hole].key == 0) {
        return;
    }
    map->count--;
    map->cells[hole].key = 0;
    size_t mask = map->room - 1;
    for (size_t at = (hole + 1) & mask; map->cells[at].key != 0; at = (at + 1) & mask) {
        size_t home = place_of(map, map->cells[at].key);
        bool may_move = ((at - home) & mask) >= ((at - hole) & mask);
        if (may_move) {
            map->cells[hole] = map->cells[at];
            map->cells[at].key = 0;
            hole = at;
        }
    }
}

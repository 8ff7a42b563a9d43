/* What a device knows, on its disk: "state" (keys, sequences, versions, which orders it holds),
 * "root" (who it belongs to, written once, for the day when "state" is damaged), and each order it
 * holds in "orders/". After a power cut at any instant the state of before or after is there. */
#ifndef LOA_AGENT_STATE_FILE_H
#define LOA_AGENT_STATE_FILE_H

#include "agent/disk.h"
#include "agent/session.h"

enum { STATE_HELD_MOST = 192, STATE_FILE_MOST = 64 * 1024, ORDER_FILE_MOST = 64 * 1024 };

struct kept_state {
    struct buf authority; /* packed */
    uint64_t state_version;
    struct session_held held[STATE_HELD_MOST];
    size_t held_count;
    bool was_damaged; /* and what could be mended is mended */
};

void kept_state_finish(struct kept_state *state);
/* Nothing there is a new device: all is empty. A damaged file leaves the root at least. */
CHECKED errc state_file_read(const struct disk *disk, struct kept_state *ret_state,
                             struct why *why);
/* Of bytes, for whoever has them another way. ERR_CORRUPT. */
CHECKED errc state_parse(str bytes, struct kept_state *state, struct why *why);
CHECKED errc state_file_write(const struct disk *disk, const struct session_keep *keep,
                              struct why *why);
CHECKED errc state_order_read(const struct disk *disk, wire_id id, struct buf *out,
                              struct why *why);
/* Removes order files that are not held any more. */
void state_file_sweep(const struct disk *disk, const struct session_held *held, size_t count);

#endif

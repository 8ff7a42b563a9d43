/* The device's own log, as whoever writes into it or sends it sees it: entries in one chain
 * (wire/log_chain.h), numbered without gaps. Kept in memory (log_tail.h: tests, simulations) or in
 * files (log_file.h: the agent).
 *
 * What must never happen: that an entry is sent which a power cut could still undo. So reading
 * makes durable what it hands out. */
#ifndef LOA_AGENT_DEVICE_LOG_H
#define LOA_AGENT_DEVICE_LOG_H

#include "wire/log_chain.h"

/* Consecutive entries; views into the arena they were read with. */
struct log_piece {
    uint64_t first;
    hash before;          /* the chain's head before `first` */
    struct log_chain end; /* after the last */
    struct wire_bytes_list entries;
};

struct log_span {
    uint64_t first; /* oldest entry that is still here; above last: none */
    uint64_t last;
    hash head; /* of the chain after the last */
};

/* All three may be called from one thread only. */
struct device_log {
    void *ctx;
    /* Numbers the entry and adds it; it is durable after the next read or sync. */
    errc (*add)(void *ctx, const struct wire_log_entry *entry, struct why *why);
    /* From `from` on, at most `most` entries, and what fits into a message; durable. */
    errc (*read)(void *ctx, uint64_t from, size_t most, struct arena *arena,
                 struct log_piece *ret_piece, struct why *why);
    struct log_span (*span)(void *ctx);
    /* The server keeps everything up to here: it may be forgotten when room is needed. */
    void (*kept)(void *ctx, uint64_t seq);
    /* Entries were lost, here or there: the chain begins anew above `above` with a LOG_GAP. */
    errc (*begin_anew)(void *ctx, uint64_t above, const struct wire_log_entry *gap,
                       struct why *why);
};

enum {
    LOG_PIECE_ENTRIES = 64,
    LOG_PIECE_BYTES = 16 * 1024, /* of the entries of one message */
    LOG_ENTRY_MOST = 512,
};

#endif

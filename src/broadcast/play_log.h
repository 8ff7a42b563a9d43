/* The log of the devices, as the server keeps it. Chunks are stored as they were signed, behind
 * each other; the chain of a device has one head, moved in the same transaction. A chunk that does
 * not verify or does not join on is not stored; that it came is, as a fault of the device. A chunk
 * that is there already changes nothing and is answered like the first time. */
#ifndef LOA_BROADCAST_PLAY_LOG_H
#define LOA_BROADCAST_PLAY_LOG_H

#include "broadcast/coverage.h"
#include "wire/log_chain.h"

struct db;

/* How long after the end of an item the server waits for a word about it: a device collects its log
 * for a minute, and the line may take its time. */
#define PLAY_REPORT_WITHIN (2 * USEC_MINUTE)

enum play_outcome { PLAY_PLAYED, PLAY_PARTLY, PLAY_NOT_PLAYED, PLAY_NOT_REPORTED };
enum { PLAY_OUTCOMES = 4 };

/* What a device sent, and who it is. */
struct play_log_message {
    uint64_t device;
    hash device_key;
    const struct wire_log *log;
    usec now;
};

struct play_log_kept {
    uint64_t seq;    /* durable up to here once the job is committed: for log_kept */
    bool is_refused; /* forged or forked: nothing of it was kept, the device is at fault */
    /* Receipts of alarms and stops in it, in the arena: for coverage_hears() after the commit. */
    const struct coverage_receipt *receipts;
    size_t receipt_count;
};

/* Inside a write job. Announces `plays`, and `coverage` when receipts are in it. */
CHECKED errc play_log_keep(struct db *db, const struct play_log_message *message,
                           struct arena *arena, struct play_log_kept *ret_kept, struct why *why);
/* Where a device's chain stands; seq 0 for one that never sent anything. Inside any job. */
CHECKED errc play_log_head(struct db *db, uint64_t device, hash device_key,
                           struct log_chain *ret_chain, struct why *why);

/* Entries of a device's log, newest first, below a number (0: from the end). */
struct play_log_page {
    uint64_t device;
    uint64_t before_seq;
    size_t limit;
    struct arena *arena;
};
struct play_log_entries {
    const struct wire_log_entry *at;
    size_t count;
    uint64_t next; /* before_seq of the next page, or 0 */
};
CHECKED errc play_log_read(struct db *db, const struct play_log_page *page,
                           struct play_log_entries *ret_entries, struct why *why);

/* Takes chunks that were not summed into play_sums, at most `most`; *ret_more: there are more. */
CHECKED errc play_log_sum(struct db *db, usec zone, size_t most, bool *ret_more, struct why *why);
/* Counts anew what was planned on a day and should be reported by `now`: for days whose plans still
 * changed. */
CHECKED errc play_log_settle(struct db *db, day on, usec zone, usec now, struct why *why);
/* Forgets chunks, plays and plans that are older; sums stay. At most `most` rows of each. */
CHECKED errc play_log_prune(struct db *db, usec before, int64_t most, struct why *why);

const char *play_outcome_name(enum play_outcome outcome);
CHECKED bool play_outcome_parse(str text, enum play_outcome *ret_outcome);

#endif

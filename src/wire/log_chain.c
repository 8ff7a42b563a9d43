/* Hashing along, then one signature for the whole piece. */
#include "wire/log_chain.h"

#include "base/crash.h"
#include "wire/codec.h"
#include "wire/signed_bytes.h"

#include <sodium.h>

static const char purpose[] = "loa-log-1";

struct log_chain log_chain_start(hash device_key)
{
    struct log_chain chain = {.seq = 0};
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, purpose, sizeof purpose - 1);
    hasher_add(&hasher, device_key.bytes, sizeof device_key.bytes);
    chain.head = hasher_end(&hasher);
    return chain;
}

void log_chain_add(struct log_chain *chain, str entry)
{
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, chain->head.bytes, sizeof chain->head.bytes);
    hasher_add(&hasher, entry.at, entry.len);
    chain->head = hasher_end(&hasher);
    chain->seq++;
}

static struct signed_bytes bytes_of(const struct log_chain *chain, uint64_t device)
{
    struct signed_bytes bytes = {.size = 0};
    signed_add(&bytes, purpose, sizeof purpose - 1);
    signed_add_u64(&bytes, device);
    signed_add_u64(&bytes, chain->seq);
    signed_add(&bytes, chain->head.bytes, sizeof chain->head.bytes);
    return bytes;
}

wire_signature log_chain_sign(const struct log_chain *chain, uint64_t device,
                              const uint8_t secret[COSE_SECRET_SIZE])
{
    struct signed_bytes bytes = bytes_of(chain, device);
    return signed_make(&bytes, secret);
}

/* Where the message says that it begins; OK when that is the end of what is kept, or above it with
 * a gap that the device admits. */
static errc join(struct log_chain *chain, const struct wire_log *log, hash device_key,
                 const struct wire_log_entry *first, struct why *why)
{
    struct log_chain anew = log_chain_start(device_key);
    bool joins = log->first == chain->seq + 1 && hash_is(log->before, chain->head);
    bool admits =
        first->kind == LOG_GAP && log->first > chain->seq && hash_is(log->before, anew.head);
    if (!joins && !admits) {
        return fail(why, ERR_CONFLICT, "log from %llu does not join on to %llu",
                    (unsigned long long)log->first, (unsigned long long)chain->seq);
    }
    chain->seq = log->first - 1;
    chain->head = log->before;
    return OK;
}

static errc check_entry(const struct wire_log_entry *entry, uint64_t seq, usec now, struct why *why)
{
    if (entry->seq != seq) {
        return fail(why, ERR_BAD_REQUEST, "log entry %llu says that it is %llu",
                    (unsigned long long)seq, (unsigned long long)entry->seq);
    }
    if (entry->clock >= CLOCK_HOLDING && entry->at > now + LOG_AHEAD_MOST) {
        return fail(why, ERR_BAD_REQUEST, "log entry %llu is from the future",
                    (unsigned long long)seq);
    }
    return OK;
}

static errc follow_entry(struct log_chain *chain, const struct wire_log *log, size_t index,
                         const struct log_sender *sender, struct why *why)
{
    struct wire_log_entry entry;
    str bytes = log->entries.at[index];
    TRY(wire_record_read(&wire_record_log_entry, bytes, NULL, &entry, why));
    if (index == 0) {
        TRY(join(chain, log, sender->key, &entry, why));
    }
    TRY(check_entry(&entry, chain->seq + 1, sender->now, why));
    log_chain_add(chain, bytes);
    return OK;
}

errc log_chain_follow(struct log_chain *chain, const struct wire_log *log,
                      const struct log_sender *sender, struct why *why)
{
    struct log_chain end = *chain;
    for (size_t i = 0; i < log->entries.count; i++) {
        TRY(follow_entry(&end, log, i, sender, why));
    }
    struct signed_bytes bytes = bytes_of(&end, sender->device);
    if (!signed_check(&bytes, &log->signature, sender->key)) {
        return fail(why, ERR_FORBIDDEN, "a log that this device has not signed");
    }
    *chain = end;
    return OK;
}

/* The chain of a device's log: head 0 is BLAKE2b-256("loa-log-1" device-key), head n is
 * BLAKE2b-256(head n-1, bytes of entry n). What is sent carries the device's signature over
 * "loa-log-1", device, number and head, so that neither the server nor anybody between can add,
 * change or leave out an entry.
 *
 * A device that has lost entries to a damaged disk says so: its next entry is a LOG_GAP, numbered
 * above everything that the server keeps, and the chain begins anew before it, at head 0. */
#ifndef LOA_WIRE_LOG_CHAIN_H
#define LOA_WIRE_LOG_CHAIN_H

#include "wire/cose.h"

/* How far a device that says that it knows the time may be ahead of the server. */
#define LOG_AHEAD_MOST (10 * USEC_MINUTE)

struct log_chain {
    uint64_t seq; /* of the last entry; 0: none yet */
    hash head;
};

/* Who has sent a piece of log, and when it came. */
struct log_sender {
    uint64_t device;
    hash key;
    usec now;
};

struct log_chain log_chain_start(hash device_key);
/* `entry` are the bytes of the record as written. */
void log_chain_add(struct log_chain *chain, str entry);
wire_signature log_chain_sign(const struct log_chain *chain, uint64_t device,
                              const uint8_t secret[COSE_SECRET_SIZE]);
/* Follows a message: every entry readable, numbered without gaps, its time not in the future, the
 * signature of this device over the end. On OK *chain stands at the end. ERR_CONFLICT: does not
 * join on (tell the device what is kept); ERR_FORBIDDEN: not signed by this device;
 * ERR_BAD_REQUEST: an entry that no honest device writes. */
CHECKED errc log_chain_follow(struct log_chain *chain, const struct wire_log *log,
                              const struct log_sender *sender, struct why *why);

#endif

/* The chain of a device's log: head 0 is BLAKE2b-256("loa-log-1" device-key), head n is
 * BLAKE2b-256(head n-1, bytes of entry n). What is sent carries the device's signature over
 * "loa-log-1", device, number and head, so that neither the server nor anybody between can add,
 * change or leave out an entry. */
#ifndef LOA_WIRE_LOG_CHAIN_H
#define LOA_WIRE_LOG_CHAIN_H

#include "wire/cose.h"

struct log_chain {
    uint64_t seq; /* of the last entry; 0: none yet */
    hash head;
};

struct log_chain log_chain_start(hash device_key);
/* `entry` are the bytes of the record as written. */
void log_chain_add(struct log_chain *chain, str entry);
wire_signature log_chain_sign(const struct log_chain *chain, uint64_t device,
                              const uint8_t secret[COSE_SECRET_SIZE]);
/* Follows a message: every entry readable, numbered without gaps, times not absurd, the signature
 * of this device over the end. On OK *chain stands at the end. ERR_CONFLICT: does not join on. */
CHECKED errc log_chain_follow(struct log_chain *chain, const struct wire_log *log, uint64_t device,
                              hash device_key, struct why *why);

#endif

/* For tests and benches of the log: a device with a key of its own that writes, chains and signs.
 */
#ifndef LOA_BROADCAST_PLAY_LOG_TESTING_H
#define LOA_BROADCAST_PLAY_LOG_TESTING_H

#include "base/crash.h"
#include "broadcast/play_log.h"
#include "wire/codec.h"

#include <sodium.h>

enum { PEN_MOST = 128, PEN_ENTRY = 160 };

#define PEN_BEGIN ((usec)1800000000 * USEC_SECOND)

struct pen {
    uint64_t device;
    hash key;
    uint8_t secret[COSE_SECRET_SIZE];
    struct log_chain chain;
    char bytes[PEN_MOST][PEN_ENTRY];
    str entries[PEN_MOST];
    size_t count;
    struct log_chain before;
    struct wire_log log;
};

static inline void pen_init(struct pen *pen, uint64_t device)
{
    uint8_t seed[crypto_sign_SEEDBYTES] = {1, 2, 3};
    memset(pen, 0, sizeof *pen);
    memcpy(seed + 4, &device, sizeof device);
    pen->device = device;
    ENSURE(crypto_sign_seed_keypair(pen->key.bytes, pen->secret, seed) == 0);
    pen->chain = log_chain_start(pen->key);
    pen->before = pen->chain;
}

static inline wire_id pen_id(uint8_t number)
{
    wire_id id = {{number, 0, 0, 1}};
    return id;
}

static inline void pen_write(struct pen *pen, const struct wire_log_entry *entry)
{
    struct wire_log_entry whole = *entry;
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, PEN_ENTRY);
    whole.seq = pen->chain.seq + 1;
    whole.clock = CLOCK_SURE;
    whole.at = whole.at == 0 ? PEN_BEGIN + (usec)whole.seq * USEC_MINUTE : whole.at;
    ENSURE(wire_record_write(&wire_record_log_entry, &whole, &bytes) == OK);
    memcpy(pen->bytes[pen->count], bytes.at, bytes.len);
    pen->entries[pen->count] = (str){pen->bytes[pen->count], bytes.len};
    log_chain_add(&pen->chain, pen->entries[pen->count]);
    pen->count++;
}

static inline void pen_item(struct pen *pen, enum log_kind kind, uint8_t item)
{
    struct wire_log_entry entry = {.kind = kind, .subject = pen_id(item), .ms = 1000};
    pen_write(pen, &entry);
}

/* What was written since the last message, signed. */
static inline const struct wire_log *pen_send(struct pen *pen)
{
    wire_signature signature = log_chain_sign(&pen->chain, pen->device, pen->secret);
    pen->log = (struct wire_log){.first = pen->before.seq + 1,
                                 .before = pen->before.head,
                                 .entries = {pen->entries, pen->count},
                                 .signature = signature};
    return &pen->log;
}

static inline void pen_sent(struct pen *pen)
{
    pen->before = pen->chain;
    pen->count = 0;
}

#endif

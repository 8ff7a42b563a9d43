/* A piece of log from a device that lies but holds its own key: entries, each after a byte with
 * its length, chained and signed as they should be. Refused whole, or followed to its end. */
#include "wire/log_chain.h"

#include "base/crash.h"
#include "wire/codec.h"

#include <sodium.h>

enum { ENTRIES = 64, DEVICE = 7 };

#define NOW (20000 * USEC_DAY)

static size_t split(str rest, str entries[ENTRIES])
{
    size_t count = 0;
    while (rest.len > 0 && count < ENTRIES) {
        size_t len = (unsigned char)rest.at[0];
        entries[count++] = str_cut(rest, 1, 1 + len);
        rest = str_cut(rest, 1 + len, rest.len);
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t seed[crypto_sign_SEEDBYTES] = {1};
    uint8_t secret[COSE_SECRET_SIZE];
    str entries[ENTRIES];
    struct log_sender sender = {.device = DEVICE, .now = NOW};
    if (size < 2) {
        return 0;
    }
    ENSURE(crypto_sign_seed_keypair(sender.key.bytes, secret, seed) == 0);
    struct log_chain server = log_chain_start(sender.key);
    struct log_chain sent = server;
    sent.seq = data[0]; /* 0: joins on */
    struct wire_log log = {.first = sent.seq + 1, .before = sent.head};
    log.entries.at = entries;
    log.entries.count = split((str){(const char *)data + 1, size - 1}, entries);
    for (size_t i = 0; i < log.entries.count; i++) {
        log_chain_add(&sent, entries[i]);
    }
    log.signature = log_chain_sign(&sent, DEVICE, secret);
    struct log_chain before = server;
    if (log_chain_follow(&server, &log, &sender, NULL) == OK) {
        ENSURE(server.seq == sent.seq && hash_is(server.head, sent.head));
    } else {
        ENSURE(server.seq == before.seq && hash_is(server.head, before.head));
    }
    return 0;
}

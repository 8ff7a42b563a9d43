/* Ten thousand devices have ten thousand processors; this process has one. All of them check the
 * same signatures of the same orders, so an answer that was found once is remembered: the program
 * is linked so that calls of cose_check() come here (--wrap). Nothing else of a device's judgement
 * is shared, and only "yes" to exactly the same bytes is remembered. One thread. */
#include "sim/verify_memo.h"

enum { MEMO_PLACES = 256 };

struct memo {
    enum cose_use use;
    hash key;
    wire_signature signature;
    hash signed_bytes; /* of protected head and payload */
};

bool __real_cose_check(enum cose_use use, const struct cose *cose, hash key);
bool __wrap_cose_check(enum cose_use use, const struct cose *cose, hash key);

static struct memo memos[MEMO_PLACES];
static uint64_t hits;

uint64_t verify_memo_hits(void)
{
    return hits;
}

static hash hash_signed(const struct cose *cose)
{
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, &cose->protected_head.len, sizeof cose->protected_head.len);
    hasher_add(&hasher, cose->protected_head.at, cose->protected_head.len);
    hasher_add(&hasher, cose->payload.at, cose->payload.len);
    return hasher_end(&hasher);
}

bool __wrap_cose_check(enum cose_use use, const struct cose *cose, hash key)
{
    struct memo *memo = &memos[cose->signature.bytes[0] % MEMO_PLACES];
    hash signed_bytes = hash_signed(cose);
    if (memo->use == use && hash_is(memo->key, key) && hash_is(memo->signed_bytes, signed_bytes) &&
        memcmp(&memo->signature, &cose->signature, sizeof memo->signature) == 0) {
        hits++;
        return true;
    }
    if (!__real_cose_check(use, cose, key)) {
        return false;
    }
    *memo = (struct memo){
        .use = use, .key = key, .signature = cose->signature, .signed_bytes = signed_bytes};
    return true;
}

/* The signer's own judgement. It knows nothing but what it has signed since it began, what a sealed
 * key says about itself, and the time; everything else is the server's word, held against the order
 * that is to be signed. Pure: what it remembers is in struct judge, and `now` is an argument.
 *
 * What must never happen: a signature under an order that its key may not give, that nobody
 * approved as it stands, or that rolls a key's sequence back. */
#ifndef LOA_SIGNER_JUDGE_H
#define LOA_SIGNER_JUDGE_H

#include "signer/vault.h"
#include "wire/codec.h"

enum { JUDGE_KEYS = 4096 };

/* So many at once, and then so many a second. */
struct judge_rate {
    int64_t burst;
    int64_t per_second;
};

struct judge_rules {
    unsigned alone;          /* bits of classes that one person may write and approve */
    struct judge_rate loud;  /* of one key: emergency and drill */
    struct judge_rate daily; /* of one key */
    struct judge_rate keys;  /* keys made */
};

struct judge;

struct judge_rules judge_rules_default(void);
CHECKED errc judge_create(const struct judge_rules *rules, struct judge **ret_judge);
void judge_destroy(struct judge *judge); /* accepts null */

/* An order that is to be signed, and the key for it. */
struct judge_case {
    const struct vault_secret *secret;
    wire_kid kid;
    const struct signing_order *ask;
    usec now;
    struct arena *arena;
};

/* ERR_FORBIDDEN with the reason, ERR_VERSION (sequence), ERR_TOO_MANY (rate). On OK the sequence is
 * taken. *ret_highest: what the key signed last. */
CHECKED errc judge_order(struct judge *judge, const struct judge_case *on, uint64_t *ret_highest,
                         struct why *why);
/* `root` is what root_sealed holds; null for a new root. */
CHECKED errc judge_key(struct judge *judge, const struct vault_secret *root,
                       const struct signing_key *ask, usec now, struct why *why);
/* A certificate for a key that was sealed here; it says what the sealed value says. */
CHECKED errc judge_cert(const struct vault_secret *root, const struct vault_secret *secret,
                        const struct signing_key *ask, usec now, struct why *why);

/* Revocations, and the root that they name as the next, if they name one: it must have been made
 * here, else whoever holds the database would take over every device. */
struct judge_revoking {
    const struct vault_secret *root;
    const struct vault_secret *next; /* null: none */
    hash next_key;
    str record;
};
CHECKED errc judge_revocations(struct judge *judge, const struct judge_revoking *on,
                               struct arena *arena, struct why *why);

#endif

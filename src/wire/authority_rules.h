/* The rows behind the rules, and the bodies of orders. Shared by the files of the judge. */
#ifndef LOA_WIRE_AUTHORITY_RULES_H
#define LOA_WIRE_AUTHORITY_RULES_H

#include "wire/authority.h"
#include "wire/codec.h"

struct authority_rule {
    unsigned classes;       /* bits */
    enum order_tier lowest; /* that may order it */
    bool versioned;
    bool wants_clock; /* what acts at once is not obeyed by a clock that does not know */
    usec longest;
    usec longest_drill;
    const struct wire_record *body;
};

/* Null: there is no such kind. */
const struct authority_rule *authority_rule_of(uint64_t kind);
struct authority_target authority_target_of(const struct authority_order *order);
/* Ended ones too. */
const struct authority_target *authority_known(const struct authority *authority, wire_id id);
/* Where this one would be written: behind the last, or over what must make room for it when all is
 * full; AUTHORITY_IN_FORCE: nowhere. */
size_t authority_place(const struct authority *authority, const struct authority_target *target);
bool authority_is_revoked(const struct authority *authority, wire_kid kid);
/* Where the sequence belongs: null when nothing of this key was taken yet. */
const struct authority_seen *authority_seen_of(const struct authority *authority, wire_kid kid);
bool authority_is_seen(const struct authority_seen *seen,
                       uint64_t sequence); /* or too old to say */

#endif

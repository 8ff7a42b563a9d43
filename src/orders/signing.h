/* What is asked of whoever holds the signing keys. The server fills it with a small process of its
 * own that judges again before it signs (the signer); tests and simulations with signing_near.h.
 * Calls wait for the answer, at most a few milliseconds; any thread of the store.
 *
 * Errors: ERR_FORBIDDEN (refused; the reason says why), ERR_VERSION (the sequence is not above the
 * one that was signed last), ERR_TOO_MANY (too many in a short time), ERR_CLOSED (not there now).
 */
#ifndef LOA_ORDERS_SIGNING_H
#define LOA_ORDERS_SIGNING_H

#include "wire/signing.h"

struct order_signing {
    void *ctx;
    /* COSE into `out`. *ret_highest: the sequence this key signed last, also with ERR_VERSION. */
    CHECKED errc (*sign)(void *ctx, const struct signing_order *ask, struct buf *out,
                         uint64_t *ret_highest, struct why *why);
    CHECKED errc (*make)(void *ctx, const struct signing_key *ask, struct signing_made *ret_made,
                         struct why *why);
    CHECKED errc (*certify)(void *ctx, const struct signing_cert *ask, struct buf *out,
                            struct why *why);
    CHECKED errc (*revoke)(void *ctx, const struct signing_revocations *ask, struct buf *out,
                           struct why *why);
};

#endif

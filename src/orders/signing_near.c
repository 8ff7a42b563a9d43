/* Keys as they are, signatures as they should be. */
#include "orders/signing_near.h"

#include "wire/codec.h"

#include <sodium.h>

enum { CERT_MOST = 1024 };

static errc near_sign(void *ctx, const struct signing_order *ask, struct buf *out,
                      uint64_t *ret_highest, struct why *why)
{
    (void)ctx;
    (void)ret_highest;
    if (ask->sealed.len != COSE_SECRET_SIZE) {
        return fail(why, ERR_CORRUPT, "a secret of %zu bytes", ask->sealed.len);
    }
    return cose_sign(COSE_ORDER, ask->payload, (const uint8_t *)ask->sealed.at, out);
}

static errc sign_cert(const struct signing_key *ask, hash key, struct buf *out)
{
    AUTO(buf_finish) struct buf record;
    buf_init(&record, CERT_MOST);
    struct wire_cert cert = signing_cert_of(ask, key);
    TRY(wire_record_write(&wire_record_cert, &cert, &record));
    return cose_sign(COSE_CERT, buf_str(&record), (const uint8_t *)ask->root_sealed.at, out);
}

static errc make_cert(const struct signing_key *ask, struct signing_made *made, struct why *why)
{
    AUTO(buf_finish) struct buf cose;
    buf_init(&cose, CERT_MOST);
    TRY(sign_cert(ask, made->key, &cose));
    if (cose.len > sizeof made->cert) {
        return fail(why, ERR_TOO_BIG, "a certificate of %zu bytes", cose.len);
    }
    memcpy(made->cert, cose.at, cose.len);
    made->cert_len = cose.len;
    return OK;
}

static errc near_make(void *ctx, const struct signing_key *ask, struct signing_made *ret_made,
                      struct why *why)
{
    struct signing_near *near = ctx;
    struct signing_made made = {.sealed_len = COSE_SECRET_SIZE};
    uint8_t seed[crypto_sign_SEEDBYTES];
    entropy_fill(near->entropy, seed, sizeof seed);
    ignore_int(crypto_sign_seed_keypair(made.key.bytes, made.sealed, seed));
    if (ask->use != KEY_ROOT) {
        TRY(make_cert(ask, &made, why));
    }
    *ret_made = made;
    return OK;
}

static errc near_certify(void *ctx, const struct signing_cert *ask, struct buf *out,
                         struct why *why)
{
    (void)ctx;
    hash key;
    if (ask->sealed.len != COSE_SECRET_SIZE) {
        return fail(why, ERR_CORRUPT, "a secret of %zu bytes", ask->sealed.len);
    }
    ignore_int(crypto_sign_ed25519_sk_to_pk(key.bytes, (const uint8_t *)ask->sealed.at));
    return sign_cert(&ask->key, key, out);
}

static errc near_revoke(void *ctx, const struct signing_revocations *ask, struct buf *out,
                        struct why *why)
{
    (void)ctx;
    (void)why;
    return cose_sign(COSE_REVOCATIONS, ask->record, (const uint8_t *)ask->root_sealed.at, out);
}

struct order_signing signing_near(struct signing_near *near)
{
    return (struct order_signing){
        .ctx = near,
        .sign = near_sign,
        .make = near_make,
        .certify = near_certify,
        .revoke = near_revoke,
    };
}

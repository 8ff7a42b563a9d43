/* COSE_Sign1, written and read with the strict pieces of base/cbor, signed with libsodium.
 *
 *     [protected: bstr .cbor {1: -8, 4: kid}, unprotected: {}, payload: bstr, signature: bstr]
 *
 * Signed is the Sig_structure ["Signature1", protected, external_aad, payload]. */
#include "wire/cose.h"

#include "base/cbor_in.h"
#include "base/cbor_out.h"
#include "base/crash.h"

#include <sodium.h>

enum {
    LABEL_ALGORITHM = 1,
    LABEL_KID = 4,
    ALGORITHM_EDDSA = -8,
    HEAD_MOST = 16,
    AROUND_MOST = 128, /* of a Sig_structure or a COSE_Sign1, besides payload and signature */
};

_Static_assert(crypto_sign_BYTES == WIRE_SIGNATURE_SIZE, "Ed25519");
_Static_assert(crypto_sign_PUBLICKEYBYTES == HASH_SIZE, "public keys are the size of hashes");
_Static_assert(crypto_sign_SECRETKEYBYTES == COSE_SECRET_SIZE, "Ed25519, as libsodium keeps it");

wire_kid kid_of(hash key)
{
    wire_kid kid;
    hash digest = hash_of((str){(const char *)key.bytes, sizeof key.bytes});
    memcpy(kid.bytes, digest.bytes, sizeof kid.bytes);
    return kid;
}

bool kid_is(wire_kid a, wire_kid b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

hash cose_public(const uint8_t secret[COSE_SECRET_SIZE])
{
    hash key;
    ENSURE(crypto_sign_ed25519_sk_to_pk(key.bytes, secret) == 0);
    return key;
}

static str aad_of(enum cose_use use)
{
    static const char *const uses[] = {[COSE_ORDER] = "loa-order-1",
                                       [COSE_CERT] = "loa-cert-1",
                                       [COSE_REVOCATIONS] = "loa-revocations-1"};
    return str_of(uses[use]);
}

/* What is signed. A payload is at most what a message holds, so this is a short life for a copy. */
static void write_signed(enum cose_use use, str protected_head, str payload, struct buf *out)
{
    buf_init(out, payload.len + AROUND_MOST);
    cbor_array(out, 4);
    cbor_text(out, S("Signature1"));
    cbor_bytes(out, protected_head);
    cbor_bytes(out, aad_of(use));
    cbor_bytes(out, payload);
}

static void write_head(wire_kid kid, struct buf *out)
{
    buf_init(out, HEAD_MOST);
    cbor_map(out, 2);
    cbor_int(out, LABEL_ALGORITHM);
    cbor_int(out, ALGORITHM_EDDSA);
    cbor_int(out, LABEL_KID);
    cbor_bytes(out, (str){(const char *)kid.bytes, sizeof kid.bytes});
}

errc cose_sign(enum cose_use use, str payload, const uint8_t secret[COSE_SECRET_SIZE],
               struct buf *out)
{
    AUTO(buf_finish) struct buf head = {0};
    AUTO(buf_finish) struct buf to_sign = {0};
    wire_signature signature;
    write_head(kid_of(cose_public(secret)), &head);
    write_signed(use, buf_str(&head), payload, &to_sign);
    TRY(buf_check(&head));
    TRY(buf_check(&to_sign));
    ENSURE(crypto_sign_detached(signature.bytes, NULL, (const uint8_t *)to_sign.at, to_sign.len,
                                secret) == 0);
    cbor_array(out, 4);
    cbor_bytes(out, buf_str(&head));
    cbor_map(out, 0);
    cbor_bytes(out, payload);
    cbor_bytes(out, (str){(const char *)signature.bytes, sizeof signature.bytes});
    return buf_check(out);
}

static errc expect_count(struct cbor_reader *reader, enum cbor_kind kind, uint64_t count,
                         struct why *why)
{
    struct cbor_piece piece;
    TRY(cbor_expect(reader, kind, &piece, why));
    return piece.number == count ? OK : fail(why, ERR_BAD_REQUEST, "no COSE_Sign1 of ours");
}

static errc expect_int(struct cbor_reader *reader, int64_t wanted, struct why *why)
{
    int64_t number = 0;
    TRY(cbor_next_int(reader, &number, why));
    return number == wanted ? OK : fail(why, ERR_BAD_REQUEST, "a header that is not ours");
}

static errc expect_bytes(struct cbor_reader *reader, size_t size, void *ret_bytes, struct why *why)
{
    struct cbor_piece piece;
    TRY(cbor_expect(reader, CBOR_KIND_BYTES, &piece, why));
    if (piece.bytes.len != size) {
        return fail(why, ERR_BAD_REQUEST, "%zu bytes where %zu belong", piece.bytes.len, size);
    }
    memcpy(ret_bytes, piece.bytes.at, size);
    return OK;
}

static errc expect_end(const struct cbor_reader *reader, struct why *why)
{
    return reader->rest.len == 0 ? OK : fail(why, ERR_BAD_REQUEST, "bytes behind the end");
}

static errc read_head(str head, wire_kid *ret_kid, struct why *why)
{
    struct cbor_reader reader = {.rest = head, .shortest = true};
    TRY(expect_count(&reader, CBOR_KIND_MAP, 2, why));
    TRY(expect_int(&reader, LABEL_ALGORITHM, why));
    TRY(expect_int(&reader, ALGORITHM_EDDSA, why));
    TRY(expect_int(&reader, LABEL_KID, why));
    TRY(expect_bytes(&reader, sizeof ret_kid->bytes, ret_kid->bytes, why));
    return expect_end(&reader, why);
}

errc cose_read(str bytes, struct cose *ret_cose, struct why *why)
{
    struct cbor_reader reader = {.rest = bytes, .shortest = true};
    struct cbor_piece head;
    struct cbor_piece payload;
    struct cose cose;
    TRY(expect_count(&reader, CBOR_KIND_ARRAY, 4, why));
    TRY(cbor_expect(&reader, CBOR_KIND_BYTES, &head, why));
    TRY(read_head(head.bytes, &cose.kid, why));
    TRY(expect_count(&reader, CBOR_KIND_MAP, 0, why));
    TRY(cbor_expect(&reader, CBOR_KIND_BYTES, &payload, why));
    TRY(expect_bytes(&reader, sizeof cose.signature.bytes, cose.signature.bytes, why));
    TRY(expect_end(&reader, why));
    cose.protected_head = head.bytes;
    cose.payload = payload.bytes;
    *ret_cose = cose;
    return OK;
}

bool cose_check(enum cose_use use, const struct cose *cose, hash key)
{
    AUTO(buf_finish) struct buf signed_bytes = {0};
    write_signed(use, cose->protected_head, cose->payload, &signed_bytes);
    return buf_check(&signed_bytes) == OK && kid_is(cose->kid, kid_of(key)) &&
           crypto_sign_verify_detached(cose->signature.bytes, (const uint8_t *)signed_bytes.at,
                                       signed_bytes.len, key.bytes) == 0;
}

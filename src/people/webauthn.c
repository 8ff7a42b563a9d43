/* The parsing is ours and complete: libfido2 gets only bytes whose every length was checked, and
 * does what it is best at, the signatures. Those of RSA are left to webauthn_rsa.c. */
#include "people/webauthn.h"

#include "base/cbor_in.h"
#include "base/hash.h"
#include "base/json_in.h"
#include "people/webauthn_rsa.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <openssl/evp.h>
#include <sodium.h>

enum { FLAG_USER_PRESENT = 0x01, FLAG_USER_VERIFIED = 0x04, FLAG_CREDENTIAL = 0x40 };
enum { FLAG_EXTENSIONS = 0x80, DATA_HEAD = 37, CREDENTIAL_HEAD = 18, COORDINATE = 32 };
enum { KTY_OKP = 1, KTY_EC2 = 2, KTY_RSA = 3, CURVE_P256 = 1, CURVE_ED25519 = 6 };
enum { LABEL_KTY = 1, LABEL_ALGORITHM = 3, LABEL_CURVE = -1, LABEL_X = -2, LABEL_Y = -3 };
enum { LABEL_MODULUS = -1, LABEL_EXPONENT = -2 };

_Static_assert(WEBAUTHN_KEY_MOST >= WEBAUTHN_RSA_MODULUS_MOST + WEBAUTHN_RSA_EXPONENT, "RSA keys");
_Static_assert(WEBAUTHN_SIGNATURE_MOST >= (size_t)WEBAUTHN_RSA_MODULUS_MOST, "RSA signatures");

errc webauthn_decode(struct arena *arena, str text, size_t most, str *ret_bytes, struct why *why)
{
    size_t len = 0;
    size_t room = text.len / 4 * 3 + 3;
    if (room > most + 3) {
        return fail(why, ERR_TOO_BIG, "more than %zu bytes in base64url", most);
    }
    unsigned char *bytes = arena_take(arena, room);
    if (bytes == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for base64url");
    }
    if (text.len > 0 && sodium_base642bin(bytes, room, text.at, text.len, NULL, &len, NULL,
                                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
        return fail(why, ERR_BAD_REQUEST, "not base64url");
    }
    *ret_bytes = (str){(const char *)bytes, len};
    return OK;
}

void webauthn_encode(str bytes, struct buf *out)
{
    size_t room = sodium_base64_ENCODED_LEN(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *to = buf_reserve(out, room);
    if (to != NULL) {
        sodium_bin2base64(to, room, (const unsigned char *)bytes.at, bytes.len,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        buf_advance(out, room - 1);
    }
}

static bool is_challenge(str text, str challenge)
{
    unsigned char bytes[WEBAUTHN_CHALLENGE_SIZE];
    size_t len = 0;
    return challenge.len == sizeof(bytes) &&
           sodium_base642bin(bytes, sizeof(bytes), text.at, text.len, NULL, &len, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           len == sizeof(bytes) && sodium_memcmp(bytes, challenge.at, len) == 0;
}

errc webauthn_check_client_data(str client_data, const char *type, str challenge,
                                const struct webauthn_site *site, struct why *why)
{
    if (client_data.len == 0 || client_data.len > WEBAUTHN_CLIENT_DATA_MOST) {
        return fail(why, ERR_BAD_REQUEST, "client data of %zu bytes", client_data.len);
    }
    AUTO(json_in_finish) struct json_in in = {NULL};
    struct bad_field bad;
    str given_type;
    str given_challenge;
    str origin;
    TRY(json_in_parse(client_data, &in, why));
    if (!json_in_is_object(in.root) ||
        json_in_str(in.root, "type", 1, 64, &given_type, &bad) != OK ||
        json_in_str(in.root, "challenge", 1, 128, &given_challenge, &bad) != OK ||
        json_in_str(in.root, "origin", 1, 512, &origin, &bad) != OK) {
        return fail(why, ERR_BAD_REQUEST, "client data without type, challenge and origin");
    }
    bool cross = false;
    if (json_in_get(in.root, "crossOrigin") != NULL &&
        json_in_bool(in.root, "crossOrigin", &cross, &bad) != OK) {
        return fail(why, ERR_BAD_REQUEST, "crossOrigin is not true or false");
    }
    if (cross || json_in_get(in.root, "topOrigin") != NULL) {
        return fail(why, ERR_SIGN_IN_FAILED, "asked for from inside a foreign page");
    }
    if (!str_is(given_type, str_of(type)) || !str_is(origin, site->origin)) {
        return fail(why, ERR_SIGN_IN_FAILED, "made for %.*s at %.*s", STR_ARG(given_type),
                    STR_ARG(origin));
    }
    if (!is_challenge(given_challenge, challenge)) {
        return fail(why, ERR_SIGN_IN_FAILED, "made for another challenge");
    }
    return OK;
}

bool webauthn_algorithm_of(int64_t number, enum webauthn_algorithm *ret_algorithm)
{
    static const enum webauthn_algorithm all[] = {WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (number == (int64_t)all[i]) {
            *ret_algorithm = all[i];
            return true;
        }
    }
    return false;
}

static errc expect_int(struct cbor_reader *reader, int64_t wanted, struct why *why)
{
    int64_t number;
    TRY(cbor_next_int(reader, &number, why));
    return number == wanted ? OK
                            : fail(why, ERR_BAD_REQUEST, "COSE key with %lld in the place of %lld",
                                   (long long)number, (long long)wanted);
}

static errc read_bytes_at(struct cbor_reader *reader, int64_t label, str *ret_bytes,
                          struct why *why)
{
    struct cbor_piece piece;
    TRY(expect_int(reader, label, why));
    TRY(cbor_expect(reader, CBOR_KIND_BYTES, &piece, why));
    *ret_bytes = piece.bytes;
    return OK;
}

static errc read_coordinate(struct cbor_reader *reader, int64_t label,
                            struct webauthn_credential *credential, struct why *why)
{
    str bytes;
    TRY(read_bytes_at(reader, label, &bytes, why));
    if (bytes.len != COORDINATE) {
        return fail(why, ERR_BAD_REQUEST, "a coordinate of %zu bytes", bytes.len);
    }
    memcpy(credential->key + credential->key_size, bytes.at, COORDINATE);
    credential->key_size += COORDINATE;
    return OK;
}

static bool is_on_curve(const uint8_t *key)
{
    es256_pk_t *pk = es256_pk_new();
    EVP_PKEY *evp = NULL;
    if (pk != NULL && es256_pk_from_ptr(pk, key, 2 * (size_t)COORDINATE) == FIDO_OK) {
        evp = es256_pk_to_EVP_PKEY(pk);
    }
    bool is = evp != NULL;
    EVP_PKEY_free(evp);
    es256_pk_free(&pk);
    return is;
}

static errc read_p256(struct cbor_reader *reader, struct webauthn_credential *credential,
                      struct why *why)
{
    TRY(expect_int(reader, LABEL_CURVE, why));
    TRY(expect_int(reader, CURVE_P256, why));
    TRY(read_coordinate(reader, LABEL_X, credential, why));
    TRY(read_coordinate(reader, LABEL_Y, credential, why));
    return is_on_curve(credential->key)
               ? OK
               : fail(why, ERR_BAD_REQUEST, "a public key that is no point of P-256");
}

static errc read_ed25519(struct cbor_reader *reader, struct webauthn_credential *credential,
                         struct why *why)
{
    TRY(expect_int(reader, LABEL_CURVE, why));
    TRY(expect_int(reader, CURVE_ED25519, why));
    return read_coordinate(reader, LABEL_X, credential, why);
}

static errc read_rsa(struct cbor_reader *reader, struct webauthn_credential *credential,
                     struct why *why)
{
    str modulus;
    str exponent;
    TRY(read_bytes_at(reader, LABEL_MODULUS, &modulus, why));
    TRY(read_bytes_at(reader, LABEL_EXPONENT, &exponent, why));
    TRY(webauthn_rsa_check(modulus, exponent, why));
    memcpy(credential->key, modulus.at, modulus.len);
    memcpy(credential->key + modulus.len, exponent.at, exponent.len);
    credential->key_size = modulus.len + exponent.len;
    return OK;
}

/* A COSE key as CTAP2 sends it. The canonical form leaves one order to the entries of each kind, so
 * they are expected one by one: none unknown, none twice, none missing. */
static errc read_cose_key(struct cbor_reader *reader, struct webauthn_credential *credential,
                          struct why *why)
{
    struct cbor_piece map;
    int64_t kty;
    int64_t algorithm;
    TRY(cbor_expect(reader, CBOR_KIND_MAP, &map, why));
    TRY(expect_int(reader, LABEL_KTY, why));
    TRY(cbor_next_int(reader, &kty, why));
    TRY(expect_int(reader, LABEL_ALGORITHM, why));
    TRY(cbor_next_int(reader, &algorithm, why));
    if (kty == KTY_EC2 && algorithm == WEBAUTHN_ES256 && map.number == 5) {
        credential->algorithm = WEBAUTHN_ES256;
        return read_p256(reader, credential, why);
    }
    if (kty == KTY_OKP && algorithm == WEBAUTHN_EDDSA && map.number == 4) {
        credential->algorithm = WEBAUTHN_EDDSA;
        return read_ed25519(reader, credential, why);
    }
    if (kty == KTY_RSA && algorithm == WEBAUTHN_RS256 && map.number == 4) {
        credential->algorithm = WEBAUTHN_RS256;
        return read_rsa(reader, credential, why);
    }
    return fail(why, ERR_BAD_REQUEST, "COSE key of kind %lld, algorithm %lld, %llu entries",
                (long long)kty, (long long)algorithm, (unsigned long long)map.number);
}

/* AAGUID (ignored: we ask for no attestation), length of the id, id, key. */
static errc read_credential(str *rest, struct webauthn_credential *credential, struct why *why)
{
    if (rest->len < CREDENTIAL_HEAD) {
        return fail(why, ERR_BAD_REQUEST, "authenticator data end inside the credential");
    }
    const uint8_t *at = (const uint8_t *)rest->at;
    size_t id_size = (size_t)at[16] << 8 | at[17];
    if (id_size == 0 || id_size > WEBAUTHN_ID_MOST || id_size > rest->len - CREDENTIAL_HEAD) {
        return fail(why, ERR_BAD_REQUEST, "a credential id of %zu bytes", id_size);
    }
    credential->id = str_cut(*rest, CREDENTIAL_HEAD, CREDENTIAL_HEAD + id_size);
    struct cbor_reader reader = {.rest = str_cut(*rest, CREDENTIAL_HEAD + id_size, rest->len),
                                 .shortest = true};
    TRY(read_cose_key(&reader, credential, why));
    *rest = reader.rest;
    return OK;
}

errc webauthn_parse_data(str data, struct webauthn_data *ret_data, struct why *why)
{
    if (data.len < DATA_HEAD || data.len > WEBAUTHN_DATA_MOST) {
        return fail(why, ERR_BAD_REQUEST, "authenticator data of %zu bytes", data.len);
    }
    const uint8_t *at = (const uint8_t *)data.at;
    struct webauthn_data parsed = {
        .rp_hash = str_cut(data, 0, HASH_SIZE),
        .flags = at[HASH_SIZE],
        .sign_count =
            (uint32_t)at[33] << 24 | (uint32_t)at[34] << 16 | (uint32_t)at[35] << 8 | at[36],
    };
    str rest = str_cut(data, DATA_HEAD, data.len);
    if ((parsed.flags & FLAG_CREDENTIAL) != 0) {
        TRY(read_credential(&rest, &parsed.credential, why));
        parsed.has_credential = true;
        parsed.credential.sign_count = parsed.sign_count;
        parsed.credential.user_verified = (parsed.flags & FLAG_USER_VERIFIED) != 0;
    }
    if ((parsed.flags & FLAG_EXTENSIONS) != 0) {
        struct cbor_reader reader = {.rest = rest};
        TRY(cbor_skip(&reader, why));
        rest = reader.rest;
    }
    if (rest.len > 0) {
        return fail(why, ERR_BAD_REQUEST, "%zu bytes behind the authenticator data", rest.len);
    }
    *ret_data = parsed;
    return OK;
}

/* The checks that registration and assertion share. */
static errc check_data(const struct webauthn_data *data, const struct webauthn_site *site,
                       struct why *why)
{
    hash rp = hash_sha256(site->rp_id);
    if (sodium_memcmp(rp.bytes, data->rp_hash.at, HASH_SIZE) != 0) {
        return fail(why, ERR_SIGN_IN_FAILED, "made for another site");
    }
    if ((data->flags & FLAG_USER_PRESENT) == 0) {
        return fail(why, ERR_SIGN_IN_FAILED, "nobody touched the authenticator");
    }
    return OK;
}

struct attestation {
    str format;
    str data;
    str signature;
    int64_t algorithm;
    bool has_certificates;
    size_t entries;
};

static errc read_statement(struct cbor_reader *reader, struct attestation *to, struct why *why)
{
    struct cbor_piece map;
    struct cbor_piece piece;
    TRY(cbor_expect(reader, CBOR_KIND_MAP, &map, why));
    to->entries = (size_t)map.number;
    for (uint64_t i = 0; i < map.number; i++) {
        TRY(cbor_expect(reader, CBOR_KIND_TEXT, &piece, why));
        if (str_is(piece.bytes, S("alg"))) {
            TRY(cbor_next_int(reader, &to->algorithm, why));
        } else if (str_is(piece.bytes, S("sig"))) {
            TRY(cbor_expect(reader, CBOR_KIND_BYTES, &piece, why));
            to->signature = piece.bytes;
        } else {
            to->has_certificates = true; /* x5c, or something newer that we do not judge either */
            TRY(cbor_skip(reader, why));
        }
    }
    return OK;
}

static errc read_attestation(str object, struct attestation *ret_to, struct why *why)
{
    struct cbor_reader reader = {.rest = object};
    struct cbor_piece piece;
    struct attestation to = {0};
    TRY(cbor_expect(&reader, CBOR_KIND_MAP, &piece, why));
    uint64_t entries = piece.number;
    for (uint64_t i = 0; i < entries; i++) {
        TRY(cbor_expect(&reader, CBOR_KIND_TEXT, &piece, why));
        if (str_is(piece.bytes, S("fmt")) && to.format.at == NULL) {
            TRY(cbor_expect(&reader, CBOR_KIND_TEXT, &piece, why));
            to.format = piece.bytes;
        } else if (str_is(piece.bytes, S("authData")) && to.data.at == NULL) {
            TRY(cbor_expect(&reader, CBOR_KIND_BYTES, &piece, why));
            to.data = piece.bytes;
        } else if (str_is(piece.bytes, S("attStmt"))) {
            TRY(read_statement(&reader, &to, why));
        } else {
            return fail(why, ERR_BAD_REQUEST, "an attestation with an unknown or doubled entry");
        }
    }
    if (entries != 3 || to.format.at == NULL || to.data.at == NULL || reader.rest.len > 0) {
        return fail(why, ERR_BAD_REQUEST, "an attestation that is not fmt, attStmt, authData");
    }
    *ret_to = to;
    return OK;
}

static void cred_close(fido_cred_t **cred)
{
    fido_cred_free(cred);
}

static void assert_close(fido_assert_t **assert)
{
    fido_assert_free(assert);
}

static errc verify_rsa(const struct webauthn_credential *known, str data, str client_data,
                       str signature, struct why *why)
{
    hash client_hash = hash_sha256(client_data);
    return webauthn_rsa_verify((str){(const char *)known->key, known->key_size}, data,
                               (str){(const char *)client_hash.bytes, HASH_SIZE}, signature, why);
}

/* Self attestation: the new key signs its own registration. */
static errc verify_self(const struct attestation *attestation, str client_data,
                        const struct webauthn_site *site,
                        const struct webauthn_credential *credential, struct why *why)
{
    if (credential->algorithm == WEBAUTHN_RS256) {
        return verify_rsa(credential, attestation->data, client_data, attestation->signature, why);
    }
    hash client_hash = hash_sha256(client_data);
    char rp_id[256];
    AUTO(cred_close) fido_cred_t *cred = fido_cred_new();
    if (cred == NULL || !str_to_array(site->rp_id, rp_id, sizeof(rp_id))) {
        return fail(why, ERR_NO_MEMORY, "no memory to verify a registration");
    }
    if (fido_cred_set_type(cred, (int)credential->algorithm) != FIDO_OK ||
        fido_cred_set_clientdata_hash(cred, client_hash.bytes, HASH_SIZE) != FIDO_OK ||
        fido_cred_set_rp(cred, rp_id, rp_id) != FIDO_OK ||
        fido_cred_set_authdata_raw(cred, (const uint8_t *)attestation->data.at,
                                   attestation->data.len) != FIDO_OK ||
        fido_cred_set_fmt(cred, "packed") != FIDO_OK ||
        fido_cred_set_sig(cred, (const uint8_t *)attestation->signature.at,
                          attestation->signature.len) != FIDO_OK) {
        return fail(why, ERR_BAD_REQUEST, "libfido2 does not take the registration");
    }
    int rc = fido_cred_verify_self(cred);
    return rc == FIDO_OK ? OK : fail(why, ERR_SIGN_IN_FAILED, "attestation: %s", fido_strerr(rc));
}

errc webauthn_check_registration(const struct webauthn_registration *registration, str challenge,
                                 const struct webauthn_site *site,
                                 struct webauthn_credential *ret_credential, struct why *why)
{
    struct attestation attestation = {0};
    struct webauthn_data data;
    TRY(webauthn_check_client_data(registration->client_data, "webauthn.create", challenge, site,
                                   why));
    if (registration->attestation_object.len > WEBAUTHN_ATTESTATION_MOST) {
        return fail(why, ERR_BAD_REQUEST, "an attestation object of %zu bytes",
                    registration->attestation_object.len);
    }
    TRY(read_attestation(registration->attestation_object, &attestation, why));
    TRY(webauthn_parse_data(attestation.data, &data, why));
    TRY(check_data(&data, site, why));
    if (!data.has_credential) {
        return fail(why, ERR_BAD_REQUEST, "a registration without a credential");
    }
    bool none = str_is(attestation.format, S("none")) && attestation.entries == 0;
    bool self = str_is(attestation.format, S("packed")) && attestation.entries == 2 &&
                !attestation.has_certificates && attestation.signature.len > 0 &&
                attestation.algorithm == (int64_t)data.credential.algorithm;
    if (!none && !self) {
        return fail(why, ERR_BAD_REQUEST, "attestation of the format %.*s was not asked for",
                    STR_ARG(str_cut(attestation.format, 0, 32)));
    }
    if (self) {
        TRY(verify_self(&attestation, registration->client_data, site, &data.credential, why));
    }
    *ret_credential = data.credential;
    return OK;
}

static int verify_es256(const fido_assert_t *assert, const struct webauthn_credential *known)
{
    es256_pk_t *pk = es256_pk_new();
    int rc = FIDO_ERR_INTERNAL;
    if (pk != NULL && es256_pk_from_ptr(pk, known->key, known->key_size) == FIDO_OK) {
        rc = fido_assert_verify(assert, 0, COSE_ES256, pk);
    }
    es256_pk_free(&pk);
    return rc;
}

static int verify_eddsa(const fido_assert_t *assert, const struct webauthn_credential *known)
{
    eddsa_pk_t *pk = eddsa_pk_new();
    int rc = FIDO_ERR_INTERNAL;
    if (pk != NULL && eddsa_pk_from_ptr(pk, known->key, known->key_size) == FIDO_OK) {
        rc = fido_assert_verify(assert, 0, COSE_EDDSA, pk);
    }
    eddsa_pk_free(&pk);
    return rc;
}

static errc verify_assertion(const struct webauthn_assertion *assertion,
                             const struct webauthn_site *site,
                             const struct webauthn_credential *known, struct why *why)
{
    if (known->algorithm == WEBAUTHN_RS256) {
        return verify_rsa(known, assertion->authenticator_data, assertion->client_data,
                          assertion->signature, why);
    }
    hash client_hash = hash_sha256(assertion->client_data);
    char rp_id[256];
    AUTO(assert_close) fido_assert_t *assert = fido_assert_new();
    if (assert == NULL || !str_to_array(site->rp_id, rp_id, sizeof(rp_id))) {
        return fail(why, ERR_NO_MEMORY, "no memory to verify an assertion");
    }
    if (fido_assert_set_clientdata_hash(assert, client_hash.bytes, HASH_SIZE) != FIDO_OK ||
        fido_assert_set_rp(assert, rp_id) != FIDO_OK ||
        fido_assert_set_count(assert, 1) != FIDO_OK ||
        fido_assert_set_up(assert, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_authdata_raw(assert, 0, (const uint8_t *)assertion->authenticator_data.at,
                                     assertion->authenticator_data.len) != FIDO_OK ||
        fido_assert_set_sig(assert, 0, (const uint8_t *)assertion->signature.at,
                            assertion->signature.len) != FIDO_OK) {
        return fail(why, ERR_BAD_REQUEST, "libfido2 does not take the assertion");
    }
    int rc = known->algorithm == WEBAUTHN_ES256 ? verify_es256(assert, known)
                                                : verify_eddsa(assert, known);
    return rc == FIDO_OK ? OK : fail(why, ERR_SIGN_IN_FAILED, "assertion: %s", fido_strerr(rc));
}

errc webauthn_check_assertion(const struct webauthn_assertion *assertion, str challenge,
                              const struct webauthn_site *site,
                              const struct webauthn_credential *known, uint32_t *ret_sign_count,
                              struct why *why)
{
    struct webauthn_data data;
    TRY(webauthn_check_client_data(assertion->client_data, "webauthn.get", challenge, site, why));
    TRY(webauthn_parse_data(assertion->authenticator_data, &data, why));
    TRY(check_data(&data, site, why));
    if (assertion->signature.len == 0 || assertion->signature.len > WEBAUTHN_SIGNATURE_MOST) {
        return fail(why, ERR_BAD_REQUEST, "a signature of %zu bytes", assertion->signature.len);
    }
    if (!str_is(assertion->id, known->id)) {
        return fail(why, ERR_SIGN_IN_FAILED, "another credential");
    }
    TRY(verify_assertion(assertion, site, known, why));
    /* Zero for ever means: this authenticator does not count. */
    if ((data.sign_count != 0 || known->sign_count != 0) && data.sign_count <= known->sign_count) {
        return fail(why, ERR_SIGN_IN_FAILED, "sign count %u after %u: the key may be a copy",
                    (unsigned)data.sign_count, (unsigned)known->sign_count);
    }
    *ret_sign_count = data.sign_count;
    return OK;
}

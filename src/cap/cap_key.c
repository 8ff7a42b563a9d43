/* Certificates and keys, by OpenSSL. Randomness of a new key is OpenSSL's own: a key is made once
 * in an installation's life, and no test wants the same one twice. */
#include "cap/cap_key.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

enum { RSA_BITS_LEAST = 2048, SERIAL_BITS = 120 };

static void close_bio(BIO **bio)
{
    BIO_free_all(*bio);
}

static void close_x509(X509 **certificate)
{
    X509_free(*certificate);
}

static void close_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool is_key_fit(X509 *certificate)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    int kind = key == NULL ? 0 : EVP_PKEY_base_id(key);
    return (kind == EVP_PKEY_RSA && EVP_PKEY_bits(key) >= RSA_BITS_LEAST) ||
           (kind == EVP_PKEY_EC && EVP_PKEY_bits(key) >= 256);
}

static bool take_time(const ASN1_TIME *time, usec *ret_instant)
{
    struct tm parts;
    day date = 0;
    if (ASN1_TIME_to_tm(time, &parts) != 1 ||
        !day_from_civil((struct civil){parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday},
                        &date)) {
        return false;
    }
    *ret_instant = date * USEC_DAY + parts.tm_hour * USEC_HOUR + parts.tm_min * USEC_MINUTE +
                   parts.tm_sec * USEC_SECOND;
    return true;
}

static errc tell(X509 *certificate, cap_on_certificate *on_certificate, void *ctx, struct why *why)
{
    AUTO(buf_finish) struct buf der;
    AUTO(buf_finish) struct buf print;
    AUTO(close_bio) BIO *name = BIO_new(BIO_s_mem());
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_size = 0;
    char *subject = NULL;
    struct cap_key_facts facts;
    buf_init(&der, CAP_PEM_MOST);
    buf_init(&print, 2 * EVP_MAX_MD_SIZE + 1);
    int size = i2d_X509(certificate, NULL);
    unsigned char *room = size <= 0 ? NULL : (unsigned char *)buf_reserve(&der, (size_t)size);
    if (name == NULL || room == NULL || i2d_X509(certificate, &room) != size ||
        X509_digest(certificate, EVP_sha256(), digest, &digest_size) != 1) {
        return fail(why, ERR_INVALID, "a certificate cannot be read");
    }
    buf_advance(&der, (size_t)size);
    buf_add_hex(&print, digest, digest_size);
    ignore_int(X509_NAME_print_ex(name, X509_get_subject_name(certificate), 0,
                                  XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB));
    long subject_size = BIO_get_mem_data(name, &subject);
    facts = (struct cap_key_facts){.der = buf_str(&der),
                                   .subject = {subject, (size_t)subject_size},
                                   .fingerprint = buf_str(&print)};
    if (!is_key_fit(certificate) || !take_time(X509_get0_notBefore(certificate), &facts.from) ||
        !take_time(X509_get0_notAfter(certificate), &facts.until)) {
        return fail(why, ERR_INVALID, "a certificate of a kind that is not believed");
    }
    return on_certificate(ctx, &facts);
}

errc cap_key_each(str pem, cap_on_certificate *on_certificate, void *ctx, struct why *why)
{
    AUTO(close_bio)
    BIO *bio = pem.len > CAP_PEM_MOST ? NULL : BIO_new_mem_buf(pem.at, (int)pem.len);
    if (bio == NULL) {
        return fail(why, ERR_TOO_BIG, "%zu bytes of certificates", pem.len);
    }
    for (int count = 0;; count++) {
        AUTO(close_x509) X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (certificate == NULL && count > 0) {
            return OK;
        }
        if (certificate == NULL || count == CAP_CERTIFICATES_MOST) {
            return fail(why, ERR_INVALID,
                        certificate == NULL ? "no certificate in PEM" : "too many certificates");
        }
        TRY(tell(certificate, on_certificate, ctx, why));
    }
}

struct listing {
    struct arena *arena;
    struct cap_certificate *list;
    size_t count;
};

static errc on_listed(void *ctx, const struct cap_key_facts *facts)
{
    struct listing *listing = ctx;
    struct cap_certificate *item = &listing->list[listing->count++];
    *item = (struct cap_certificate){.subject = arena_str(listing->arena, facts->subject),
                                     .fingerprint = arena_str(listing->arena, facts->fingerprint),
                                     .from = facts->from,
                                     .until = facts->until};
    return item->subject.at == NULL || item->fingerprint.at == NULL ? ERR_NO_MEMORY : OK;
}

errc cap_certificates_read(str pem, struct arena *arena, struct cap_certificate **ret_certificates,
                           size_t *ret_count, struct why *why)
{
    struct listing listing = {.arena = arena};
    listing.list = arena_take_array(arena, CAP_CERTIFICATES_MOST, sizeof *listing.list);
    if (listing.list == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(cap_key_each(pem, on_listed, &listing, why));
    *ret_certificates = listing.list;
    *ret_count = listing.count;
    return OK;
}

/* --- making ----------------------------------------------------------------------------------- */

static bool set_time(ASN1_TIME *time, usec instant)
{
    return ASN1_TIME_set(time, (time_t)(instant / USEC_SECOND)) != NULL;
}

static bool set_serial(X509 *certificate)
{
    BIGNUM *number = BN_new();
    bool done = number != NULL && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, 0) == 1 &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return done;
}

static bool add_extension(X509 *certificate, int kind, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kind, value);
    bool done = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

static bool fill(X509 *certificate, EVP_PKEY *key, str name, usec from, usec until)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    return X509_set_version(certificate, 2) == 1 && set_serial(certificate) &&
           set_time(X509_getm_notBefore(certificate), from) &&
           set_time(X509_getm_notAfter(certificate), until) &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name.at,
                                      (int)name.len, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1 &&
           X509_set_pubkey(certificate, key) == 1 &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static errc take_bio(BIO *bio, struct buf *out)
{
    char *text = NULL;
    long size = BIO_get_mem_data(bio, &text);
    buf_add(out, (str){text, (size_t)size});
    return buf_check(out);
}

errc cap_key_make(str name, usec now, int years, struct buf *key_out, struct buf *certificate_out,
                  struct why *why)
{
    enum { COMMON_NAME_MOST = 64 };
    AUTO(close_key) EVP_PKEY *key = EVP_EC_gen("P-256");
    AUTO(close_x509) X509 *certificate = X509_new();
    AUTO(close_bio) BIO *key_pem = BIO_new(BIO_s_mem());
    AUTO(close_bio) BIO *certificate_pem = BIO_new(BIO_s_mem());
    bool made = key != NULL && certificate != NULL && key_pem != NULL && certificate_pem != NULL &&
                fill(certificate, key, str_cut(name, 0, COMMON_NAME_MOST), now - USEC_DAY,
                     now + years * 365 * USEC_DAY) &&
                PEM_write_bio_PKCS8PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                PEM_write_bio_X509(certificate_pem, certificate) == 1;
    if (!made) {
        return fail(why, ERR_INTERNAL, "a key for messages could not be made");
    }
    TRY(take_bio(key_pem, key_out));
    return take_bio(certificate_pem, certificate_out);
}

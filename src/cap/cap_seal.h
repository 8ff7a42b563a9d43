/* Signatures of messages: XML-DSig, enveloped, over the whole document. Only what is needed is
 * believed: one signature, one reference with an empty URI, canonical XML, SHA-2, RSA or ECDSA, and
 * a key that was pinned. Keys and certificates that a message brings along are not looked at.
 *
 * What must never happen: a signature counts for anything else than the document that was read.
 * Hence no references by id, one signature right below the message, and no document type. */
#ifndef LOA_CAP_CAP_SEAL_H
#define LOA_CAP_CAP_SEAL_H

#include "base/entropy.h"
#include "cap/cap.h"

enum {
    CAP_CERTIFICATES_MOST = 8, /* pinned for one source */
    CAP_PEM_MOST = 64 * 1024,
};

enum cap_signature {
    CAP_SIGNATURE_NONE,
    CAP_SIGNATURE_UNKNOWN, /* signed, and nothing is pinned to hold it against */
    CAP_SIGNATURE_GOOD,
};

const char *cap_signature_name(enum cap_signature signature); /* none, unknown_key, good */
CHECKED bool cap_signature_parse(str text, enum cap_signature *ret_signature);

/* Certificates as PEM texts, one after the other; empty: nothing is pinned. ERR_INVALID: a
 * signature that none of those valid at `now` has made, or of a form that is not believed. */
CHECKED errc cap_verify(str xml, str certificates, usec now, enum cap_signature *ret_signature,
                        struct why *why);

/* A certificate, for people. In the arena. */
struct cap_certificate {
    str subject;
    str fingerprint; /* SHA-256, hexadecimal */
    usec from;
    usec until;
};
/* ERR_INVALID: not PEM, more than CAP_CERTIFICATES_MOST, or a key that is not believed. */
CHECKED errc cap_certificates_read(str pem, struct arena *arena,
                                   struct cap_certificate **ret_certificates, size_t *ret_count,
                                   struct why *why);

/* A key of our own with its certificate, both PEM: P-256, signed by itself. */
CHECKED errc cap_key_make(str name, usec now, int years, struct buf *key, struct buf *certificate,
                          struct why *why);
/* The message signed: a document with the signature as last child. */
CHECKED errc cap_sign(str xml, str key, str certificate, struct buf *out, struct why *why);

#endif

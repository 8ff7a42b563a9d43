/* Inside of cap: certificates one after the other, out of a text in PEM. */
#ifndef LOA_CAP_CAP_KEY_H
#define LOA_CAP_CAP_KEY_H

#include "cap/cap_seal.h"

struct cap_key_facts {
    str der;
    str subject;
    str fingerprint;
    usec from;
    usec until;
};

typedef errc cap_on_certificate(void *ctx, const struct cap_key_facts *facts);

/* Texts are loans for the call. */
CHECKED errc cap_key_each(str pem, cap_on_certificate *on_certificate, void *ctx, struct why *why);

#endif

/* The key that our CAP messages are signed by, and its certificate, in the data folder: cap.key and
 * cap.pem, made at the first start. It signs what everybody may read and orders no device, so it
 * lies outside of the signer. */
#ifndef LOA_SERVER_CAP_KEY_H
#define LOA_SERVER_CAP_KEY_H

#include "base/base.h"

struct cap_key {
    struct buf key; /* PEM */
    struct buf certificate;
};

/* `name` stands in a certificate that is made. Refuses a key that others can read. */
CHECKED errc cap_key_open(const char *folder, str name, usec now, struct cap_key *ret_key,
                          struct why *why);
void cap_key_finish(struct cap_key *key); /* accepts a zeroed one */

#endif

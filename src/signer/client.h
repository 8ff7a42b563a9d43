/* The server's end: asks, waits a bounded time, answers. Any thread; one question at a time. */
#ifndef LOA_SIGNER_CLIENT_H
#define LOA_SIGNER_CLIENT_H

#include "signer/talk.h"

struct signer_client;

/* Takes the socket (SOCK_SEQPACKET), also on failure. */
CHECKED errc signer_client_create(int take_socket, usec wait, struct signer_client **ret_client,
                                  struct why *why);
void signer_client_destroy(struct signer_client *client); /* accepts null */

/* ERR_CLOSED: the signer is not there; ERR_TIMEOUT: no answer in time (it died over the question,
 * and is started again). Else what the signer answered. */
CHECKED errc signer_sign(struct signer_client *client, const struct signing_order *ask,
                         struct buf *out, uint64_t *ret_highest, struct why *why);
CHECKED errc signer_make(struct signer_client *client, const struct signing_key *ask,
                         struct signing_made *ret_made, struct why *why);
CHECKED errc signer_certify(struct signer_client *client, const struct signing_cert *ask,
                            struct buf *out, struct why *why);
CHECKED errc signer_revoke(struct signer_client *client, const struct signing_revocations *ask,
                           struct buf *out, struct why *why);

#endif

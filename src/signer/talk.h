/* What goes over the socket between server and signer: one packet for a question, one for its
 * answer, numbers in network order and bytes with their length in front. Both sides bound every
 * field; the signer reads as if a stranger had written. */
#ifndef LOA_SIGNER_TALK_H
#define LOA_SIGNER_TALK_H

#include "wire/signing.h"

enum {
    TALK_MOST = 96 * 1024, /* a packet: an order of 64 KiB and 256 places */
    TALK_PLACES = 256,
    TALK_REASON = 200,
};

enum talk_what { TALK_SIGN = 1, TALK_MAKE = 2, TALK_REVOKE = 3, TALK_CERTIFY = 4 };

struct talk_ask {
    uint64_t number; /* comes back in the answer */
    enum talk_what what;
    union {
        struct signing_order order;
        struct signing_key key;
        struct signing_revocations revoke;
        struct signing_cert cert;
    };
};

struct talk_answer {
    uint64_t number;
    errc rc;
    uint64_t highest; /* TALK_SIGN: sequence that was signed last */
    str bytes;        /* COSE of TALK_SIGN and TALK_REVOKE, else the certificate */
    str reason;
    str sealed; /* TALK_MAKE */
    hash key;
};

void talk_ask_write(const struct talk_ask *ask, struct buf *out);
/* Texts are views of the packet; the places go into the arena. */
CHECKED errc talk_ask_read(str packet, struct arena *arena, struct talk_ask *ret_ask,
                           struct why *why);
void talk_answer_write(const struct talk_answer *answer, struct buf *out);
CHECKED errc talk_answer_read(str packet, struct talk_answer *ret_answer, struct why *why);

#endif

/* What server and signer say to each other, as values: the signer holds the keys, judges by itself
 * (signer/judge.h) and believes nothing that it can know. */
#ifndef LOA_WIRE_SIGNING_H
#define LOA_WIRE_SIGNING_H

#include "wire/cose.h"
#include "wire/key_use.h"
#include "wire/order.h"

enum { SIGNING_SEALED_MOST = 160, SIGNING_CERT_MOST = 512, SIGNING_PATH_MOST = 8 };

/* Who wrote what is signed, and who let it pass; 0: the server itself, which never raises alarms.
 */
struct order_approval {
    int64_t written_by;
    int64_t approved_by;
    hash content; /* BLAKE2b-256 of the body, as it was approved */
};

/* A unit of the area with those above it: the province first, itself last. */
struct order_place {
    uint64_t path[SIGNING_PATH_MOST];
    size_t count;
};

struct signing_order {
    str sealed;  /* the key's secret as it came from the signer; only it can open it */
    str payload; /* the bytes of struct wire_order */
    const struct order_place *places; /* one for each unit of the area, in the same order */
    size_t place_count;
    struct order_approval approval;
};

/* A key that is to be made, and what its certificate shall say. */
struct signing_key {
    enum key_use use;
    str root_sealed; /* of the root that signs; none when the root itself is made */
    uint64_t unit;
    uint64_t tier;
    usec from;
    usec to;
    uint64_t serial;
};

/* A certificate under another root, for a key that the signer made before. */
struct signing_cert {
    struct signing_key key; /* as it was made, but for root and serial */
    str sealed;
};

struct signing_revocations {
    str root_sealed;
    str record;      /* the bytes of struct wire_revocations */
    str next_sealed; /* of the root that they name as the next; none when they name none */
};

struct signing_made {
    hash key; /* public */
    uint8_t sealed[SIGNING_SEALED_MOST];
    size_t sealed_len;
    uint8_t cert[SIGNING_CERT_MOST]; /* none for a root */
    size_t cert_len;
};

/* What the certificate of such a key says. */
struct wire_cert signing_cert_of(const struct signing_key *ask, hash key);

#endif

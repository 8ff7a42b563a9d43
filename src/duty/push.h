/* Web push, the part that is arithmetic: a message sealed for one browser (RFC 8291, aes128gcm of
 * RFC 8188) and the server's word about itself to the push service (VAPID, RFC 8292). No socket, no
 * clock: keys, chance and time are arguments. Nothing but the browser that subscribed can read what
 * is sealed; the push service in between sees only how long it is, and not even that exactly. */
#ifndef LOA_DUTY_PUSH_H
#define LOA_DUTY_PUSH_H

#include "base/base.h"
#include "base/entropy.h"

enum {
    PUSH_PRIVATE_SIZE = 32,
    PUSH_PUBLIC_SIZE = 65, /* an uncompressed point of P-256 */
    PUSH_AUTH_SIZE = 16,
    PUSH_SALT_SIZE = 16,
    PUSH_PLAIN_MOST = 3000, /* services take 4096 bytes with everything */
    PUSH_PAD_TO = 256,      /* lengths are multiples of this */
    PUSH_ENDPOINT_MOST = 1000,
    PUSH_TOKEN_MOST = 2048,
};

struct push_pair {
    uint8_t private_key[PUSH_PRIVATE_SIZE];
    uint8_t public_key[PUSH_PUBLIC_SIZE];
};

/* What a browser gave when it subscribed. */
struct push_target {
    uint8_t public_key[PUSH_PUBLIC_SIZE];
    uint8_t auth[PUSH_AUTH_SIZE];
};

/* For one message and never again. */
struct push_once {
    struct push_pair pair;
    uint8_t salt[PUSH_SALT_SIZE];
};

CHECKED errc push_pair_make(struct entropy entropy, struct push_pair *ret_pair, struct why *why);
/* The public half of a private key; ERR_INVALID when it is none. */
CHECKED errc push_pair_of(const uint8_t private_key[PUSH_PRIVATE_SIZE], struct push_pair *ret_pair,
                          struct why *why);
CHECKED errc push_once_make(struct entropy entropy, struct push_once *ret_once, struct why *why);
/* A point of the curve, as a stranger's key must be. */
bool push_key_is_fit(str public_key);

/* Appends the body of the request. `pad` is how many bytes of nothing follow the text. */
struct push_text {
    str plain;
    size_t pad;
};
CHECKED errc push_seal(const struct push_target *target, const struct push_once *once,
                       const struct push_text *text, struct buf *out, struct why *why);
size_t push_pad_for(size_t plain); /* up to the next multiple of PUSH_PAD_TO */

/* Whose push service it is, until when the word counts, whom it may write to about us. */
struct push_claim {
    str origin;   /* "https://push.example.net" */
    usec expires; /* at most a day ahead */
    str subject;  /* "mailto:…" or "https://…" */
};
/* Appends the value of the header Authorization: "vapid t=…, k=…". */
CHECKED errc push_authorize(const struct push_pair *pair, const struct push_claim *claim,
                            struct buf *out, struct why *why);
/* Appends the first two parts of the token: what is signed. */
CHECKED errc push_claim_write(const struct push_claim *claim, struct buf *out);
/* "https://host[:port]" of an endpoint; false for what is no address that we would ever dial. */
CHECKED bool push_origin(str endpoint, str *ret_origin);

#endif

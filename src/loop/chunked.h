/* The chunked coding of request bodies, pure and strict: hexadecimal size, CRLF, bytes, CRLF; no
 * extensions, no trailers (nobody we serve sends either, and both have hidden requests). */
#ifndef LOA_LOOP_CHUNKED_H
#define LOA_LOOP_CHUNKED_H

#include "base/base.h"

struct chunked {
    uint64_t left; /* of the present chunk */
    int state;     /* enum chunked_state in chunked.c; zeroed is the beginning */
    int digits;
};

enum chunked_step {
    CHUNKED_MORE,  /* everything was eaten */
    CHUNKED_BYTES, /* *ret_body is the next piece; call again */
    CHUNKED_END,   /* the body is whole; what is left in *bytes is the next request's */
    CHUNKED_BAD,
};

/* Eats from the front of *bytes. */
enum chunked_step chunked_next(struct chunked *chunked, str *bytes, str *ret_body);

/* Bytes of the present chunk that have been announced and not come yet. */
uint64_t chunked_due(const struct chunked *chunked);

#endif

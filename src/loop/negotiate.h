/* What a client asks for besides the thing itself, pure: parts of it, an encoding, or nothing when
 * it has it already. Headers that make no sense count as absent, as RFC 9110 has it. */
#ifndef LOA_LOOP_NEGOTIATE_H
#define LOA_LOOP_NEGOTIATE_H

#include "base/base.h"

enum range_kind {
    RANGE_WHOLE, /* no range, several ranges, or nonsense */
    RANGE_PART,
    RANGE_OUTSIDE, /* 416 */
};

struct range {
    uint64_t from;
    uint64_t size;
};

enum range_kind range_parse(str header, uint64_t whole, struct range *ret_range);

enum encoding { ENCODING_IDENTITY, ENCODING_GZIP, ENCODING_BR };

/* The best that the client takes among those we have: br, gzip, identity. Identity also when it is
 * ruled out: an answer serves better than a 406. */
enum encoding encoding_choose(str accept_encoding, bool has_gzip, bool has_br);

/* Does the list of an If-None-Match name this tag (without quotes)? "*" names all. Weak comparison.
 */
bool etag_is_listed(str header, str etag);
/* Is it exactly this one, strongly? For If-Range. */
bool etag_is(str header, str etag);

enum { HTTP_DATE_SIZE = 30 };

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
void http_date_write(usec instant, char ret_text[HTTP_DATE_SIZE]);
CHECKED bool http_date_parse(str text, usec *ret_instant);

#endif

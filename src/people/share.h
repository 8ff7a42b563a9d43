/* A share is an exact fraction in [0, 1]: what part of a unit's figures went to a successor. Only
 * integers, so that sums stay exact; every operation that could overflow says so. */
#ifndef LOA_PEOPLE_SHARE_H
#define LOA_PEOPLE_SHARE_H

#include "base/base.h"

/* den 0: nobody has declared it. Otherwise reduced, 0 <= num <= den. */
typedef struct share {
    int64_t num;
    int64_t den;
} share;

#define SHARE_UNDECLARED ((share){0, 0})
#define SHARE_NONE ((share){0, 1})
#define SHARE_WHOLE ((share){1, 1})

/* What a person or a file may declare: thousandths of thousandths of thousandths at most. */
enum { SHARE_DENOMINATOR_MOST = 1000000000 };

bool share_is_declared(share value);
CHECKED bool share_make(int64_t num, int64_t den,
                        share *ret_share);            /* reduces; false outside [0,1] */
CHECKED bool share_parse(str text, share *ret_share); /* "1", "0.4", "2/5"; at most 9 decimals */
void share_write(share value, struct buf *out);       /* "2/5"; nothing when undeclared */
double share_double(share value);                     /* for showing only */
int share_compare(share a, share b);
CHECKED bool share_times(share a, share b, share *ret_share);
CHECKED bool share_plus(share a, share b, share *ret_share);  /* false past 1 or int64 */
CHECKED bool share_minus(share a, share b, share *ret_share); /* false below 0 or past int64 */

/* Splits a count over shares that add up to 1 so that the pieces add up to it exactly: whole parts
 * first, the left-over units one each to the largest remainders, ties to the earlier share.
 * `count` pieces of at most SHARE_SPLIT_MOST; false when a share is undeclared, the sum is not 1,
 * or value is INT64_MIN. */
enum { SHARE_SPLIT_MOST = 4096 };
CHECKED bool share_split(int64_t value, const share *shares, size_t count, int64_t *ret_pieces);

#endif

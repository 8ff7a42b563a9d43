/* Recovery codes: for whoever lost the telephone with the second factor. Made by the dozen, shown
 * once, each good once; kept as keyed digests, so that a stolen database gives none away. */
#ifndef LOA_PEOPLE_RECOVERY_H
#define LOA_PEOPLE_RECOVERY_H

#include "people/account_key.h"

enum { RECOVERY_CODE_ROOM = 10, RECOVERY_CODES_MOST = 20 };

struct recovery_codes {
    char at[RECOVERY_CODES_MOST][RECOVERY_CODE_ROOM]; /* "k7mq-9xhr" */
    size_t count;
};

void recovery_make(struct entropy entropy, int count, struct recovery_codes *ret_codes);
/* The digest of a code as somebody typed it: capitals, blanks and the hyphen do not matter.
 * False when it cannot be a code. */
CHECKED bool recovery_mark(const struct account_key *key, int64_t account_id, str typed,
                           hash *ret_mark);

#endif

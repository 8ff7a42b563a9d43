/* Which media something refers to: the set that a sweep leaves alone. Each room that keeps names of
 * media says which; a room that forgets to loses its sounds, so a new one is added to the table in
 * media_used.c before its first row is written. */
#ifndef LOA_SERVER_MEDIA_USED_H
#define LOA_SERVER_MEDIA_USED_H

#include "base/hash.h"
#include "store/store.h"

struct media_used;

/* In one snapshot. */
CHECKED errc media_used_read(struct store *store, struct media_used **ret_used, struct why *why);
void media_used_destroy(struct media_used **used); /* for AUTO */
bool media_used_has(void *media_used, hash media); /* for struct media_marks */

#endif

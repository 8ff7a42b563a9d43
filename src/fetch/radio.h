/* One radio, fetched until it ends: its bytes go to a descriptor as they come. Only public
 * addresses are asked, and those that were allowed by name; that is looked at for every connection,
 * after the name was resolved, so neither a redirection nor a name that changes leads to a
 * neighbour. */
#ifndef LOA_FETCH_RADIO_H
#define LOA_FETCH_RADIO_H

#include "base/base.h"

struct radio;

/* `allowed`: names or addresses with commas between them. */
CHECKED errc radio_create(str allowed, int out, struct radio **ret_radio, struct why *why);
void radio_destroy(struct radio *radio); /* accepts null */
/* Returns when it has ended or broken. */
CHECKED errc radio_play(struct radio *radio, const char *address, struct why *why);

#endif

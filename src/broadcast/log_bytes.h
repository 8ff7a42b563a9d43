/* Entries of a device's log in one piece of bytes, each behind its length in two bytes: how a chunk
 * is stored. */
#ifndef LOA_BROADCAST_LOG_BYTES_H
#define LOA_BROADCAST_LOG_BYTES_H

#include "wire/types.h"

void log_bytes_add(struct buf *out, str entry);
/* The next entry; false at the end. ERR_CORRUPT when what is there is no whole entry. */
CHECKED errc log_bytes_next(str *rest, str *ret_entry, bool *ret_more);

#endif

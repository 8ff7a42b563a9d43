/* Small files that are whole or not believed: a mark of what they are, a checksum, the bytes. */
#ifndef LOA_AGENT_SEALED_H
#define LOA_AGENT_SEALED_H

#include "agent/disk.h"

/* Durable on return; after a cut the old or the new is there. */
CHECKED errc sealed_write(const struct disk *disk, const char *name, str bytes, struct why *why);
/* Appends to `out`. ERR_NOT_FOUND; ERR_CORRUPT: damaged, `out` is as it was. */
CHECKED errc sealed_read(const struct disk *disk, const char *name, size_t most, struct buf *out,
                         struct why *why);
/* The same of bytes. */
CHECKED errc sealed_open(str bytes, str *ret_inside, struct why *why);

#endif

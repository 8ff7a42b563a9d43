/* What a device knows of orders and keys, as bytes: for its state file, and so that a process can
 * hold thousands of devices, each at the size of what it knows instead of what it could know. */
#ifndef LOA_AGENT_AUTHORITY_PACK_H
#define LOA_AGENT_AUTHORITY_PACK_H

#include "wire/authority.h"

enum { AUTHORITY_PACK_MOST = 48 * 1024 };

/* Appends. */
CHECKED errc authority_pack(const struct authority *authority, struct buf *out);
/* ERR_CORRUPT: not what authority_pack() writes; *ret_authority is then untouched. */
CHECKED errc authority_unpack(str bytes, struct authority *ret_authority, struct why *why);

#endif

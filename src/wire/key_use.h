/* Which keys a unit has, and what each may: the root only says whose the others are; a unit's daily
 * key moves programmes, its emergency key raises the alarm, its drill key can do nothing that is
 * not a drill. One table for who asks for a key, who signs its certificate and who checks both. */
#ifndef LOA_WIRE_KEY_USE_H
#define LOA_WIRE_KEY_USE_H

#include "wire/types.h"

/* Stored; for ever. */
enum key_use { KEY_ROOT = 1, KEY_DAILY = 2, KEY_EMERGENCY = 3, KEY_DRILL = 4 };

/* The bits of a certificate of this use for a unit of this tier; both 0 for the root. */
struct key_limits {
    uint64_t classes;
    uint64_t kinds;
};
struct key_limits key_use_limits(enum key_use use, uint64_t tier);
const char *key_use_name(enum key_use use); /* "daily" */

#endif

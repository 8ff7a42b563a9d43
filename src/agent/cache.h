/* Sounds on the device's disk, by the hash that is their name: whole ones in "media/<hash>", those
 * under way as "media/<hash>.part" beside the outline they are checked against ("….map"). Nothing
 * is synced while it grows: after a cut the pieces are checked and what does not hold is fetched
 * again. Only a file whose whole content has its name as hash gets that name.
 *
 * What must never happen: that a file is played which is not what was signed for. So each is read
 * over once in every life of the program before it is handed out. */
#ifndef LOA_AGENT_CACHE_H
#define LOA_AGENT_CACHE_H

#include "agent/disk.h"
#include "base/hash.h"
#include "wire/types.h"

enum { CACHE_ITEMS_MOST = 8192, CACHE_PIECES_MOST = 2000 };
/* Room that is left to the log and the state. */
#define CACHE_SPARE ((uint64_t)16 * 1024 * 1024)

struct cache;

/* The disk must outlive it. `most`: bytes of all media; the rest of the disk is for others. */
CHECKED errc cache_open(const struct disk *disk, uint64_t most, struct cache **ret_cache,
                        struct why *why);
void cache_close(struct cache *cache); /* accepts null */

enum cache_state {
    CACHE_MISSING,
    CACHE_PART, /* under way */
    CACHE_HERE,
    CACHE_BAD, /* was there, and is not what it should be: put away, to be fetched again */
};
enum cache_state cache_look(const struct cache *cache, hash media);
uint64_t cache_bytes(const struct cache *cache); /* of everything */
/* Reads it over, unless that was done; a descriptor at its start, the caller's to close.
 * ERR_NOT_FOUND, ERR_CORRUPT. */
CHECKED errc cache_take(struct cache *cache, hash media, int *ret_fd, struct why *why);
/* Reads one over that was not yet; false when all are. For idle moments. */
bool cache_check_next(struct cache *cache);
/* One that lies somewhere else as bytes, such as on a stick. ERR_INVALID: has another hash. */
CHECKED errc cache_put(struct cache *cache, hash media, str bytes, struct why *why);

/* --- growing --------------------------------------------------------------------------------- */

/* Where to go on; 0: the outline is asked for first. */
uint64_t cache_have(const struct cache *cache, hash media);
/* ERR_EXISTS: it is here; ERR_INVALID: impossible; ERR_DISK_FULL: see cache_make_room(). */
CHECKED errc cache_outline(struct cache *cache, hash media, const struct wire_outline *outline,
                           struct why *why);
/* The next bytes, `from` where the last ended (what overlaps is skipped, a hole is ERR_CONFLICT).
 * ERR_CORRUPT: a piece does not hold; it is dropped and cache_have() tells where to go on.
 * *ret_whole: it is here now. */
CHECKED errc cache_add(struct cache *cache, hash media, uint64_t from, str bytes, bool *ret_whole,
                       struct why *why);

/* Removes what is not needed until `room` more bytes fit; the parts first. */
struct cache_needs {
    bool (*is_needed)(void *ctx, hash media);
    void *ctx;
};
void cache_make_room(struct cache *cache, uint64_t room, const struct cache_needs *needs);

#endif

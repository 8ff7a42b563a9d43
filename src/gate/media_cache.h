/* Media that devices fetch just now: open files with the hashes of their pieces, and blocks of them
 * in memory, shared by everybody who fetches the same. Opening and reading happen on workers. What
 * nobody uses makes room for what is asked for. */
#ifndef LOA_GATE_MEDIA_CACHE_H
#define LOA_GATE_MEDIA_CACHE_H

#include "gate/gate.h"

enum {
    MEDIA_PIECE = 32 * 1024, /* the least; larger when there would be too many */
    MEDIA_PIECES_MOST = 1900,
    MEDIA_BLOCK = 64 * 1024,
    MEDIA_OPEN_MOST = 128,
    MEDIA_BLOCKS_MOST = 512,
};

struct media_cache;

enum medium_state { MEDIUM_OPENING, MEDIUM_READY, MEDIUM_FAILED };

struct medium {
    hash name;
    enum medium_state state;
    errc rc; /* of MEDIUM_FAILED */
    uint64_t bytes;
    uint64_t piece_bytes;
    hash *pieces;
    size_t piece_count;
    /* the cache's own */
    struct media_cache *cache;
    int fd;
    size_t holders;
    usec used;
};

/* `on_ready` whenever something that was asked for has come. */
CHECKED errc media_cache_create(const struct gate_config *config, loop_fn *on_ready, void *ctx,
                                struct media_cache **ret_cache);
void media_cache_destroy(struct media_cache *cache); /* accepts null */
/* The medium, perhaps still opening; to be let go. Null: too many are open. */
struct medium *media_cache_hold(struct media_cache *cache, hash name);
void media_cache_let_go(struct medium *medium); /* accepts null */
/* The bytes from there to the end of their block; empty when they must be waited for. A loan until
 * the next call. ERR_IO: they cannot be read. */
CHECKED errc media_cache_read(struct medium *medium, uint64_t from, str *ret_bytes);

#endif

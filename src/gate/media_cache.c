/* Two small tables searched from end to end: a hundred media and a few hundred blocks. */
#include "gate/media_cache.h"

#include "base/crash.h"
#include "base/file.h"

#include <unistd.h>

struct block {
    struct medium *medium; /* null: free */
    uint64_t index;
    bool is_reading;
    errc rc;
    size_t len;
    usec used;
    char *bytes;
};

struct media_cache {
    const struct gate_config *config;
    loop_fn *on_ready;
    void *ctx;
    struct medium *media[MEDIA_OPEN_MOST];
    struct block blocks[MEDIA_BLOCKS_MOST];
    usec clock; /* counts uses */
};

errc media_cache_create(const struct gate_config *config, loop_fn *on_ready, void *ctx,
                        struct media_cache **ret_cache)
{
    struct media_cache *cache = mem_take(sizeof *cache);
    cache->config = config;
    cache->on_ready = on_ready;
    cache->ctx = ctx;
    *ret_cache = cache;
    return OK;
}

static void medium_destroy(struct medium *medium)
{
    file_close(&medium->fd);
    mem_give(medium->pieces);
    mem_give(medium);
}

void media_cache_destroy(struct media_cache *cache)
{
    if (cache == NULL) {
        return;
    }
    for (size_t i = 0; i < MEDIA_BLOCKS_MOST; i++) {
        mem_give(cache->blocks[i].bytes);
    }
    for (size_t i = 0; i < MEDIA_OPEN_MOST; i++) {
        if (cache->media[i] != NULL) {
            medium_destroy(cache->media[i]);
        }
    }
    mem_give(cache);
}

/* --- opening --------------------------------------------------------------------------------- */

static errc hash_pieces(struct medium *medium, struct why *why)
{
    medium->piece_bytes = MEDIA_PIECE;
    while (medium->bytes / medium->piece_bytes >= MEDIA_PIECES_MOST) {
        medium->piece_bytes *= 2;
    }
    AUTO(mem_give_text) char *piece = mem_try(medium->piece_bytes);
    size_t count = (size_t)((medium->bytes + medium->piece_bytes - 1) / medium->piece_bytes);
    medium->pieces = mem_take_array(count + 1, sizeof *medium->pieces);
    if (piece == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for a piece of a medium");
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t from = i * medium->piece_bytes;
        uint64_t len = medium->bytes - from;
        len = len < medium->piece_bytes ? len : medium->piece_bytes;
        if (pread(medium->fd, piece, len, (off_t)from) != (ssize_t)len) {
            return fail(why, ERR_IO, "a medium is shorter than it was");
        }
        medium->pieces[i] = hash_of((str){piece, len});
    }
    medium->piece_count = count;
    return OK;
}

static void run_open(void *ctx)
{
    struct medium *medium = ctx;
    const struct gate_ports *ports = &medium->cache->config->ports;
    medium->rc = ports->media_open(ports->ctx, medium->name, &medium->fd, &medium->bytes, NULL);
    if (medium->rc == OK) {
        medium->rc = hash_pieces(medium, NULL);
    }
}

static void open_done(void *ctx)
{
    struct medium *medium = ctx;
    struct media_cache *cache = medium->cache;
    medium->state = medium->rc == OK ? MEDIUM_READY : MEDIUM_FAILED;
    media_cache_let_go(medium); /* the worker's own hold */
    cache->on_ready(cache->ctx);
}

static void drop_blocks(struct media_cache *cache, const struct medium *medium)
{
    for (size_t i = 0; i < MEDIA_BLOCKS_MOST; i++) {
        if (cache->blocks[i].medium == medium) {
            cache->blocks[i].medium = NULL;
        }
    }
}

/* A free place; the medium that nobody holds and that was used longest ago makes one. */
static struct medium **find_place(struct media_cache *cache)
{
    struct medium **oldest = NULL;
    for (size_t i = 0; i < MEDIA_OPEN_MOST; i++) {
        struct medium *medium = cache->media[i];
        if (medium == NULL) {
            return &cache->media[i];
        }
        if (medium->holders == 0 && (oldest == NULL || medium->used < (*oldest)->used)) {
            oldest = &cache->media[i];
        }
    }
    if (oldest != NULL) {
        drop_blocks(cache, *oldest);
        medium_destroy(*oldest);
        *oldest = NULL;
    }
    return oldest;
}

static struct medium *find_medium(struct media_cache *cache, hash name)
{
    for (size_t i = 0; i < MEDIA_OPEN_MOST; i++) {
        struct medium *medium = cache->media[i];
        /* One that could not be opened is asked for anew. */
        if (medium != NULL && medium->state != MEDIUM_FAILED && hash_is(medium->name, name)) {
            return medium;
        }
    }
    return NULL;
}

struct medium *media_cache_hold(struct media_cache *cache, hash name)
{
    struct medium *medium = find_medium(cache, name);
    if (medium != NULL) {
        medium->holders++;
        return medium;
    }
    struct medium **place = find_place(cache);
    if (place == NULL) {
        return NULL;
    }
    medium = mem_take(sizeof *medium);
    *medium = (struct medium){.name = name, .cache = cache, .fd = -1, .holders = 2};
    if (loop_work(cache->config->loop, run_open, open_done, medium) != OK) {
        mem_give(medium);
        return NULL;
    }
    *place = medium;
    return medium;
}

void media_cache_let_go(struct medium *medium)
{
    if (medium != NULL) {
        medium->holders--;
        medium->used = ++medium->cache->clock;
    }
}

/* --- reading --------------------------------------------------------------------------------- */

static void run_read(void *ctx)
{
    struct block *block = ctx;
    uint64_t from = block->index * MEDIA_BLOCK;
    uint64_t len = block->medium->bytes - from;
    block->len = len < MEDIA_BLOCK ? (size_t)len : MEDIA_BLOCK;
    ssize_t got = pread(block->medium->fd, block->bytes, block->len, (off_t)from);
    block->rc = got == (ssize_t)block->len ? OK : ERR_IO;
}

static void read_done(void *ctx)
{
    struct block *block = ctx;
    struct media_cache *cache = block->medium->cache;
    block->is_reading = false;
    media_cache_let_go(block->medium);
    cache->on_ready(cache->ctx);
}

/* The block, or the one that makes room for it: null when all are being read. */
static struct block *find_block(struct media_cache *cache, const struct medium *medium,
                                uint64_t index)
{
    struct block *oldest = NULL;
    for (size_t i = 0; i < MEDIA_BLOCKS_MOST; i++) {
        struct block *block = &cache->blocks[i];
        if (block->medium == medium && block->index == index) {
            return block;
        }
        bool is_free = block->medium == NULL;
        bool is_older = oldest == NULL || (oldest->medium != NULL && block->used < oldest->used);
        if (!block->is_reading &&
            ((is_free && (oldest == NULL || oldest->medium != NULL)) || (!is_free && is_older))) {
            oldest = block;
        }
    }
    return oldest;
}

static void start_read(struct media_cache *cache, struct block *block, struct medium *medium,
                       uint64_t index)
{
    char *bytes = block->bytes;
    if (bytes == NULL) {
        bytes = mem_try(MEDIA_BLOCK);
    }
    *block = (struct block){.bytes = bytes};
    if (bytes == NULL) {
        return;
    }
    block->medium = medium;
    block->index = index;
    block->is_reading = true;
    block->used = ++cache->clock;
    medium->holders++;
    if (loop_work(cache->config->loop, run_read, read_done, block) != OK) {
        medium->holders--;
        block->medium = NULL;
        block->is_reading = false;
    }
}

errc media_cache_read(struct medium *medium, uint64_t from, str *ret_bytes)
{
    struct media_cache *cache = medium->cache;
    uint64_t index = from / MEDIA_BLOCK;
    struct block *block = find_block(cache, medium, index);
    *ret_bytes = STR_NONE;
    if (block == NULL) {
        return OK;
    }
    if (block->medium != medium || block->index != index) {
        start_read(cache, block, medium, index);
        return OK;
    }
    if (block->is_reading) {
        return OK;
    }
    if (block->rc != OK) {
        block->medium = NULL;
        return block->rc;
    }
    block->used = ++cache->clock;
    *ret_bytes =
        str_cut((str){block->bytes, block->len}, (size_t)(from - index * MEDIA_BLOCK), block->len);
    return OK;
}

/* A chain of blocks, each twice as large as the one before until 256 KiB. Reset keeps the first
 * block, so that a request that fits allocates nothing. */
#include "base/arena.h"

#include "base/crash.h"
#include "base/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    FIRST_BLOCK = 4096,
    LARGEST_BLOCK = 256 * 1024,
};

struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *first;
    struct block *last;
    size_t ceiling;
    size_t held; /* bytes of all blocks */
    size_t used;
    bool failed;
};

static struct block *make_block(size_t size)
{
    struct block *block = mem_try(sizeof *block + size);
    if (block == NULL) {
        return NULL;
    }
    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

errc arena_create(size_t ceiling, struct arena **ret_arena)
{
    ENSURE(ceiling < SIZE_MAX / 2);
    struct arena *arena = mem_try(sizeof *arena);
    if (arena == NULL) {
        return ERR_NO_MEMORY;
    }
    size_t size = ceiling < FIRST_BLOCK ? ceiling : FIRST_BLOCK;
    struct block *block = make_block(size);
    if (block == NULL) {
        mem_give(arena);
        return ERR_NO_MEMORY;
    }
    *arena = (struct arena){.first = block, .last = block, .ceiling = ceiling, .held = size};
    *ret_arena = arena;
    return OK;
}

static void give_blocks(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;
        mem_give(block);
        block = next;
    }
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    give_blocks(arena->first);
    mem_give(arena);
}

void arena_close(struct arena **arena)
{
    arena_destroy(*arena);
    *arena = NULL;
}

void arena_reset(struct arena *arena)
{
    give_blocks(arena->first->next);
    arena->first->next = NULL;
    arena->first->used = 0;
    arena->last = arena->first;
    arena->held = arena->first->size;
    arena->used = 0;
    arena->failed = false;
}

bool arena_failed(const struct arena *arena)
{
    return arena->failed;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

static bool add_block(struct arena *arena, size_t at_least)
{
    size_t size = arena->last->size * 2;
    if (size > LARGEST_BLOCK) {
        size = LARGEST_BLOCK;
    }
    if (size < at_least) {
        size = at_least;
    }
    size_t left = arena->ceiling - arena->held;
    if (size > left) {
        size = left;
    }
    if (size < at_least) {
        return false;
    }
    struct block *block = make_block(size);
    if (block == NULL) {
        return false;
    }
    arena->last->next = block;
    arena->last = block;
    arena->held += size;
    return true;
}

void *arena_take(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align) {
        arena->failed = true;
        return NULL;
    }
    size_t rounded = (size + align - 1) / align * align;
    if (rounded == 0) {
        rounded = align;
    }
    if (arena->last->size - arena->last->used < rounded && !add_block(arena, rounded)) {
        arena->failed = true;
        return NULL;
    }
    void *at = arena->last->bytes + arena->last->used;
    arena->last->used += rounded;
    arena->used += rounded;
    memset(at, 0, rounded);
    return at;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        arena->failed = true;
        return NULL;
    }
    return arena_take(arena, count * size);
}

str arena_str(struct arena *arena, str text)
{
    char *copy = arena_take(arena, text.len + 1);
    if (copy == NULL) {
        return STR_NONE;
    }
    if (text.len > 0) {
        memcpy(copy, text.at, text.len);
    }
    return (str){copy, text.len};
}

str arena_format(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        arena->failed = true;
        return STR_NONE;
    }
    char *text = arena_take(arena, (size_t)length + 1);
    if (text == NULL) {
        return STR_NONE;
    }
    va_start(args, format);
    ignore_int(vsnprintf(text, (size_t)length + 1, format, args));
    va_end(args);
    return (str){text, (size_t)length};
}

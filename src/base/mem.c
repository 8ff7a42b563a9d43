/* Allocation with a report on failure, and the seam through which torture runs make the n-th
 * fallible allocation fail. */
#include "base/mem.h"

#include "base/crash.h"
#include "base/fuse.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static struct fuse heap_fuse;

void mem_torture(unsigned long nth)
{
    fuse_light(&heap_fuse, nth);
}

bool mem_torture_hit(void)
{
    return fuse_blown(&heap_fuse);
}

void *mem_take_array(size_t count, size_t size)
{
    void *block = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
    if (block == NULL) {
        crash("out of memory");
    }
    return block;
}

void *mem_take(size_t size)
{
    return mem_take_array(1, size);
}

void *mem_try(size_t size)
{
    if (fuse_burn(&heap_fuse)) {
        return NULL;
    }
    return malloc(size == 0 ? 1 : size);
}

void *mem_try_grow(void *old, size_t size)
{
    if (fuse_burn(&heap_fuse)) {
        return NULL;
    }
    return realloc(old, size == 0 ? 1 : size);
}

char *mem_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = mem_take(size);
    memcpy(copy, text, size);
    return copy;
}

void mem_give(void *block)
{
    free(block);
}

void mem_give_text(char **text)
{
    free(*text);
    *text = NULL;
}

void mem_wipe(void *block, size_t size)
{
    sodium_memzero(block, size);
}

/* The request lifetime: many small allocations, freed together. An arena has a ceiling; past it,
 * or when the heap is exhausted, it answers null and the caller returns ERR_NO_MEMORY (or lets
 * arena_failed() tell it once at the end). Not for more than one thread at a time. */
#ifndef LOA_BASE_ARENA_H
#define LOA_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/errors.h"
#include "base/str.h"

struct arena;

CHECKED errc arena_create(size_t ceiling, struct arena **ret_arena);
void arena_destroy(struct arena *arena);      /* accepts null */
void arena_close(struct arena **arena);       /* for AUTO */
void arena_reset(struct arena *arena);        /* keeps the first block */
bool arena_failed(const struct arena *arena); /* since creation or the last reset */
size_t arena_used(const struct arena *arena);

void *arena_take(struct arena *arena, size_t size); /* zeroed, aligned, or null */
void *arena_take_array(struct arena *arena, size_t count, size_t size);
/* Copies; the view ends in a zero byte that its length does not count. at == null on failure. */
str arena_str(struct arena *arena, str text);
str arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

#endif

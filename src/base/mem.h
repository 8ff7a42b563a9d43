/* The only door to the heap. Small allocations do not fail: the program dies with a report and
 * its supervisor starts it again. A size that a stranger can influence goes through the `try_`
 * variant, or through an arena or a buf, which have a ceiling and answer with an error. */
#ifndef LOA_BASE_MEM_H
#define LOA_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

void *mem_take(size_t size); /* zeroed; dies when there is none */
void *mem_take_array(size_t count, size_t size);
void *mem_try(size_t size);                 /* not zeroed; null when there is none */
void *mem_try_grow(void *old, size_t size); /* old stays valid when null comes back */
char *mem_text(const char *text);           /* a copy of a short text of our own */
void mem_give(void *block);                 /* accepts null */
void mem_give_text(char **text);            /* for AUTO */
void mem_wipe(void *block, size_t size);    /* overwrites secrets; is not optimised away */

/* Torture: the n-th try_ allocation from now (1 is the next) fails once; 0 switches it off.
 * mem_torture_hit tells whether it came to that. For tests only; base/torture.h drives it. */
void mem_torture(unsigned long nth);
bool mem_torture_hit(void);

#endif

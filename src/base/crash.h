/* The end of the program when it is wrong about itself: one line on stderr, then abort, so that
 * the supervisor restarts it. Never for anything that a stranger can cause. */
#ifndef LOA_BASE_CRASH_H
#define LOA_BASE_CRASH_H

#include <stdbool.h>

_Noreturn void crash(const char *what);
void ensure(bool holds, const char *file, int line, const char *claim); /* for ENSURE */

/* A claim about our own code that must hold in release builds too. */
#define ENSURE(claim) ensure((claim), __FILE__, __LINE__, #claim)

#endif

/* A child process with three descriptors and no more: what it reads (3), what it writes (4), what
 * it says of itself (5). It starts in a process group of its own, with signals as they were and
 * almost no environment. Nothing else that the server has open reaches it. */
#ifndef LOA_SERVER_CHILD_H
#define LOA_SERVER_CHILD_H

#include "base/base.h"

#include <sys/types.h>

enum { CHILD_ARGUMENTS = 24 };

struct child_plan {
    const char *program;                    /* a path */
    const char *arguments[CHILD_ARGUMENTS]; /* null-ended, without the program's own name */
    int input;                              /* stay the caller's */
    int output;
    bool speaks; /* its standard streams are input and output, and it says nothing else */
};

struct child {
    pid_t pid;
    int report; /* to read from; -1 for one that speaks */
    int done;   /* a pidfd: readable when it has ended */
};

CHECKED errc child_start(const struct child_plan *plan, struct child *ret_child, struct why *why);
/* With its whole group; harmless when it has ended. */
void child_kill(struct child *child);
/* Waits for the end, closes what is open; OK when it ended by itself with 0. */
CHECKED errc child_finish(struct child *child, struct why *why);

#endif

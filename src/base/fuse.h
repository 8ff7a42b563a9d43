/* The seam of torture tests: code that may fail for reasons of the machine (memory, disk, database)
 * asks its fuse before each such step, and the fuse blows once, at the n-th step. An unlit fuse
 * costs one atomic load. Any thread. */
#ifndef LOA_BASE_FUSE_H
#define LOA_BASE_FUSE_H

#include <stdatomic.h>
#include <stdbool.h>

struct fuse {
    _Atomic unsigned long left; /* 0 is unlit */
    _Atomic bool blown;
};

void fuse_light(struct fuse *fuse, unsigned long nth); /* 1 is the next step; 0 puts it out */
bool fuse_burn(struct fuse *fuse);                     /* true: this step is the one that fails */
bool fuse_blown(const struct fuse *fuse);              /* since it was lit */

#endif

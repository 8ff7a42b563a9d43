/* The driver of torture tests: runs a scenario again and again, in the n-th run with the n-th step
 * of a seam failing (allocation, disk, statement, …), until a run comes through untouched. After
 * each failure the caller's invariant is asked: nothing half-done, nothing lost, nothing leaked.
 *
 *   static errc run(void *ctx);                 // from scratch; must clean up after itself
 *   static bool holds(void *ctx, errc rc);      // what must be true although run gave rc
 *   struct torture torture = {.name = "words", .run = run, .holds = holds, .ctx = &ctx};
 *   assert_int_equal(torture_run(&torture_heap, &torture, &why), OK);
 *
 * A room adds a seam of its own (store: the n-th statement) as a struct torture_seam around a
 * struct fuse. For tests only; the scenario may use threads if they end with it. */
#ifndef LOA_BASE_TORTURE_H
#define LOA_BASE_TORTURE_H

#include <stdbool.h>

#include "base/errors.h"

enum { TORTURE_RUNS = 10000 };

struct torture_seam {
    const char *name;
    void (*arm)(unsigned long nth); /* 0 disarms */
    bool (*hit)(void);              /* since it was armed */
};

extern const struct torture_seam torture_heap;        /* the n-th try_ allocation */
extern const struct torture_seam torture_disk_full;   /* the n-th write or sync: ENOSPC */
extern const struct torture_seam torture_disk_broken; /* the same: EIO */

struct torture {
    const char *name;
    errc (*run)(void *ctx);
    bool (*holds)(void *ctx, errc rc); /* null: any error will do, but a hit must be one */
    void *ctx;
    unsigned long runs; /* how many it took; written by torture_run */
};

/* OK, or ERR_INTERNAL with the run that broke the invariant, or failed although nothing was
 * made to fail, or with TORTURE_RUNS runs that were not enough. */
CHECKED errc torture_run(const struct torture_seam *seam, struct torture *torture, struct why *why);

#endif

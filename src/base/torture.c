/* The loop of torture tests. The seam is disarmed before the invariant is asked, which may itself
 * allocate and read files. */
#include "base/torture.h"

#include "base/file.h"
#include "base/mem.h"

#include <errno.h>
#include <stddef.h>

static void arm_disk_full(unsigned long nth)
{
    file_torture(nth, ENOSPC);
}

static void arm_disk_broken(unsigned long nth)
{
    file_torture(nth, EIO);
}

const struct torture_seam torture_heap = {"allocation", mem_torture, mem_torture_hit};
const struct torture_seam torture_disk_full = {"disk full", arm_disk_full, file_torture_hit};
const struct torture_seam torture_disk_broken = {"disk broken", arm_disk_broken, file_torture_hit};

static bool survives(const struct torture *torture, errc rc)
{
    return torture->holds == NULL ? rc != OK : torture->holds(torture->ctx, rc);
}

errc torture_run(const struct torture_seam *seam, struct torture *torture, struct why *why)
{
    for (unsigned long nth = 1; nth <= TORTURE_RUNS; nth++) {
        torture->runs = nth;
        seam->arm(nth);
        errc rc = torture->run(torture->ctx);
        bool hit = seam->hit();
        seam->arm(0);
        if (!hit && rc != OK) {
            return fail(why, ERR_INTERNAL, "%s fails untouched: %s", torture->name, error_key(rc));
        }
        if (!hit) {
            return OK;
        }
        if (!survives(torture, rc)) {
            return fail(why, ERR_INTERNAL, "%s does not survive %s %lu, which gave %s",
                        torture->name, seam->name, nth, error_key(rc));
        }
    }
    return fail(why, ERR_INTERNAL, "%s: %d runs were not enough", torture->name, TORTURE_RUNS);
}

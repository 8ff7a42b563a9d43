/* Counting down, from several threads at once: exactly one of them sees the last step. */
#include "base/fuse.h"

void fuse_light(struct fuse *fuse, unsigned long nth)
{
    atomic_store(&fuse->blown, false);
    atomic_store(&fuse->left, nth);
}

bool fuse_burn(struct fuse *fuse)
{
    unsigned long left = atomic_load_explicit(&fuse->left, memory_order_relaxed);
    while (left > 0) {
        if (atomic_compare_exchange_weak(&fuse->left, &left, left - 1)) { /* not covered: a race */
            if (left == 1) {
                atomic_store(&fuse->blown, true);
            }
            return left == 1;
        }
    }
    return false;
}

bool fuse_blown(const struct fuse *fuse)
{
    return atomic_load(&fuse->blown);
}

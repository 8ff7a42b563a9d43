/* A file system for SQLite that remembers what has not been synced, so that a test can cut the
 * power at any instant: of the writes since the last sync, each may have reached the disk or not,
 * whole or torn within a sector, in any order. Files live in the ordinary folder as well; the cut
 * writes what a disk would have kept into another folder. For tests only; one at a time in a
 * process. */
#ifndef LOA_STORE_TESTING_POWER_VFS_H
#define LOA_STORE_TESTING_POWER_VFS_H

#include "base/base.h"
#include "base/entropy.h"

/* Where and when the power goes. */
struct power_cut {
    const char *folder; /* is there; gets each file as a disk might have kept it */
    uint64_t at;        /* the n-th write, truncation or sync from now; 1 is the next */
    struct entropy chance;
    void (*on_cut)(void *ctx); /* on the thread that was writing, before anything of it is kept */
    void *ctx;
};

/* Databases opened from now on lie on it. */
void power_vfs_begin(void);
void power_vfs_end(void);
/* What runs goes on unharmed after the cut; only the folder tells of it. */
void power_vfs_arm(const struct power_cut *cut);
bool power_vfs_was_cut(void);

#endif

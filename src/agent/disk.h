/* The disk as a device uses it: small files by name in one folder (names may have one folder in
 * front, "log/7"), a few verbs, each with a word about what a power cut leaves. The real one is
 * disk_folder.h; disk_fault.h is one in memory that loses, tears and mixes up what was not synced.
 *
 * One thread. Errors: ERR_NOT_FOUND, ERR_DISK_FULL, ERR_TOO_BIG, ERR_IO, ERR_NO_MEMORY. */
#ifndef LOA_AGENT_DISK_H
#define LOA_AGENT_DISK_H

#include "base/base.h"

enum { DISK_NAME_MOST = 120 };

struct disk_each {
    errc (*on_name)(void *ctx, const char *name, uint64_t size); /* without the folder */
    void *ctx;
};

struct disk {
    void *ctx;
    /* Appends to `out` what lies from `from` on, at most `most` bytes; fewer at the end. */
    errc (*read)(void *ctx, const char *name, uint64_t from, size_t most, struct buf *out,
                 struct why *why);
    /* Creates or replaces: after a cut the old or the new is there, whole; durable on return. */
    errc (*put)(void *ctx, const char *name, str bytes, struct why *why);
    /* At that place; the file is made when it is not there. Not durable before sync. A failed write
     * may have changed a part of what it was to change. */
    errc (*write)(void *ctx, const char *name, uint64_t at, str bytes, struct why *why);
    errc (*cut)(void *ctx, const char *name, uint64_t size, struct why *why); /* not durable */
    /* The file's bytes and its name are durable. After a failed sync nothing is known of them. */
    errc (*sync)(void *ctx, const char *name, struct why *why);
    /* Replaces `to`. Both are in one folder; durable on return if the file was synced. */
    errc (*rename)(void *ctx, const char *from, const char *to, struct why *why);
    errc (*remove)(void *ctx, const char *name, struct why *why); /* nothing there is fine */
    errc (*size)(void *ctx, const char *name, uint64_t *ret_size, struct why *why);
    /* Every file of a folder ("" is the top), in no order; on_name must not change the folder. What
     * it answers ends the listing. */
    errc (*list)(void *ctx, const char *folder, const struct disk_each *each, struct why *why);
    uint64_t (*room)(void *ctx); /* free bytes; 0 when nobody knows */
    /* A descriptor to read from, the caller's to close: for the decoder. */
    errc (*open)(void *ctx, const char *name, int *ret_fd, struct why *why);
};

#endif

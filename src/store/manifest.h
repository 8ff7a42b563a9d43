/* What a backup says it holds. Lines of text in a fixed order, the last of which seals the rest:
 *
 *   loa-backup 1
 *   made 2026-11-21T03:00:00Z
 *   kind sqlite
 *   database <hash> <size>
 *   migration <room> <number> <hash> <name>     one per migration
 *   media <hash> <size>                         one per object, ascending
 *   end <hash of everything before this line> */
#ifndef LOA_STORE_MANIFEST_H
#define LOA_STORE_MANIFEST_H

#include "base/base.h"
#include "base/hash.h"
#include "store/store.h"

enum {
    MANIFEST_MIGRATIONS = 4096,
    MANIFEST_MEDIA = 4 * 1024 * 1024,
    MANIFEST_BYTES = 512 * 1024 * 1024,
};

struct manifest_migration {
    str room;
    int64_t number;
    hash hash;
    str name;
};

struct manifest_media {
    hash name;
    uint64_t size;
};

struct manifest {
    usec made_at_us;
    enum store_kind kind;
    hash database;
    uint64_t database_size;
    struct manifest_migration *migrations;
    size_t migration_count;
    struct manifest_media *media; /* ascending */
    size_t media_count;
};

/* ERR_CORRUPT with the line, for anything that is not exactly a manifest. Texts are views of
 * `text`, lists live in the arena. */
CHECKED errc manifest_read(str text, struct arena *arena, struct manifest *ret_manifest,
                           struct why *why);
void manifest_write(const struct manifest *manifest, struct buf *out);
bool manifest_has(const struct manifest *manifest, hash name);

#endif

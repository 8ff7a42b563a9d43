/* Backup, verification and restore of the database with all media it refers to.
 *
 * A backup is a folder: `manifest`, the database (`database.sqlite`, or `database.pgdump` in
 * pg_dump's custom format: complete, PostgreSQL's own, restorable without us) and `media`. It is
 * written under a temporary name beside its final one and renamed when it is whole, synced and has
 * been checked; an interrupted backup leaves nothing under the final name. Writers go on meanwhile:
 * the database is copied as of one snapshot, and media are immutable.
 *
 * Restoring verifies first, refuses any place that is not empty, and brings the database last.
 * Commands call these on a thread that may wait. Errors: ERR_EXISTS (the place is taken),
 * ERR_CORRUPT (verification), ERR_DISK_FULL, ERR_NOT_FOUND (a medium is missing), ERR_VERSION, … */
#ifndef LOA_STORE_BACKUP_H
#define LOA_STORE_BACKUP_H

#include "base/base.h"
#include "base/hash.h"
#include "store/media.h"
#include "store/store.h"

/* Receives every media name that a row refers to; duplicates are fine. */
struct backup_names {
    errc (*on_name)(void *ctx, const hash *name);
    void *ctx;
};

struct backup_place {
    const struct store_config *store; /* where the database is, and its rooms */
    const struct media_config *media; /* null: there are no media */
    /* The rooms above say which media are referred to; null: none. */
    errc (*each_name)(void *ctx, struct db *db, const struct backup_names *names, struct why *why);
    void *ctx;
    int pause_ms;         /* between steps of the copy, for the writers' sake */
    const char *programs; /* folder of pg_dump and pg_restore; null: by PATH */
};

struct backup_report {
    usec made_at_us;
    uint64_t database_bytes;
    uint64_t media;
    uint64_t media_bytes;
    uint64_t migrations;
};

CHECKED errc backup_make(const struct backup_place *place, const char *folder, usec now,
                         struct backup_report *ret_report, struct why *why);
/* Hashes of everything, integrity and foreign keys of the database, its migrations, and that every
 * medium referred to is there. `place` gives rooms, each_name and programs; its database is not
 * touched. Writes nothing. */
CHECKED errc backup_verify(const struct backup_place *place, const char *folder,
                           struct backup_report *ret_report, struct why *why);
CHECKED errc backup_restore(const struct backup_place *place, const char *folder,
                            struct backup_report *ret_report, struct why *why);

#endif

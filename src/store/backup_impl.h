/* Inside the backup: the parts that differ between the databases. */
#ifndef LOA_STORE_BACKUP_IMPL_H
#define LOA_STORE_BACKUP_IMPL_H

#include "store/backup.h"
#include "store/db_impl.h"
#include "store/manifest.h"

enum { BACKUP_PATH = 1024, BACKUP_ARENA = 1024 * 1024 * 1024 };

/* A look at the database of a place or of a backup, with all statements prepared. */
struct backup_view {
    struct db *db;
    struct db_rooms rooms;
    const struct store_room *list[DB_ROOMS];
};

CHECKED errc backup_rooms(const struct store_config *config, struct backup_view *view,
                          struct why *why);
void backup_view_close(struct backup_view *view);

/* The child programs of PostgreSQL. Connection words go by environment, never on a command line,
 * where every user of the machine could read a password. */
CHECKED errc backup_pg_dump(const struct backup_place *place, const char *snapshot,
                            const char *path, struct why *why);
CHECKED errc backup_pg_check(const struct backup_place *place, const char *path, struct why *why);
CHECKED errc backup_pg_restore(const struct backup_place *place, const char *path, struct why *why);

/* backup_check.c: integrity, references, migrations. */
CHECKED errc backup_check_database(struct db *db, struct why *why);
CHECKED errc backup_read_migrations(struct db *db, struct arena *arena, struct manifest *manifest,
                                    struct why *why);
CHECKED errc backup_hash_file(const char *path, hash *ret_hash, uint64_t *ret_size,
                              struct why *why);
CHECKED errc backup_path(const char *folder, const char *name, char path[BACKUP_PATH],
                         struct why *why);
const char *backup_database_name(enum store_kind kind);

#endif

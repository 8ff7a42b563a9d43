/* What is looked at in a database before a backup is called one. */
#include "store/backup_impl.h"

#include "base/file.h"
#include "store/control_sql.h"
#include "store/store_store.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

errc backup_path(const char *folder, const char *name, char path[BACKUP_PATH], struct why *why)
{
    int length = snprintf(path, BACKUP_PATH, "%s/%s", folder, name);
    return length > 0 && length < BACKUP_PATH ? OK : fail(why, ERR_TOO_BIG, "the path is too long");
}

const char *backup_database_name(enum store_kind kind)
{
    return kind == STORE_SQLITE ? "database.sqlite" : "database.pgdump";
}

errc backup_hash_file(const char *path, hash *ret_hash, uint64_t *ret_size, struct why *why)
{
    AUTO(file_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct hasher hasher;
    unsigned char block[BLOCK];
    uint64_t size = 0;
    if (fd < 0) {
        return fail_errno(why, errno, "%s", path);
    }
    hasher_start(&hasher);
    ssize_t got = read(fd, block, sizeof block);
    while (got > 0) {
        hasher_add(&hasher, block, (size_t)got);
        size += (uint64_t)got;
        got = read(fd, block, sizeof block);
    }
    if (got < 0) {
        return fail_errno(why, errno, "%s", path);
    }
    *ret_hash = hasher_end(&hasher);
    *ret_size = size;
    return OK;
}

errc backup_rooms(const struct store_config *config, struct backup_view *view, struct why *why)
{
    if (config->room_count >= DB_ROOMS) {
        return fail(why, ERR_TOO_BIG, "too many rooms");
    }
    view->list[0] = &store_room;
    for (size_t i = 0; i < config->room_count; i++) {
        view->list[i + 1] = config->rooms[i];
    }
    return db_rooms_init(&view->rooms, view->list, config->room_count + 1, why);
}

void backup_view_close(struct backup_view *view)
{
    db_close(view->db);
    view->db = NULL;
}

static errc on_pages(void *ctx, const struct store_check_pages_row *row)
{
    return str_is(row->finding, S("ok"))
               ? OK
               : fail(ctx, ERR_CORRUPT, "integrity: %.*s", STR_ARG(str_cut(row->finding, 0, 150)));
}

static errc on_reference(void *ctx, const struct store_check_references_row *row)
{
    return fail(ctx, ERR_CORRUPT, "a row refers to nothing: %.*s",
                STR_ARG(str_cut(row->finding, 0, 150)));
}

errc backup_check_database(struct db *db, struct why *why)
{
    struct why own;
    why = why == NULL ? &own : why;
    TRY(store_check_pages(db, on_pages, why, why));
    return store_check_references(db, on_reference, why, why);
}

errc backup_read_migrations(struct db *db, struct arena *arena, struct manifest *manifest,
                            struct why *why)
{
    struct schema_migrations_all_row *rows = NULL;
    size_t count = 0;
    TRY(schema_migrations_all_all(db, arena, &rows, &count, why));
    manifest->migrations = arena_take_array(arena, count, sizeof *manifest->migrations);
    if (manifest->migrations == NULL) {
        return fail(why, ERR_NO_MEMORY, "the list of migrations");
    }
    for (size_t i = 0; i < count; i++) {
        manifest->migrations[i] = (struct manifest_migration){
            .room = rows[i].room,
            .number = rows[i].number,
            .hash = rows[i].hash,
            .name = rows[i].name,
        };
    }
    manifest->migration_count = count;
    return OK;
}

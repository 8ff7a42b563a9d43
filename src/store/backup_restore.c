/* Verifying and restoring. What must never happen: that something which is there is overwritten, or
 * that a damaged backup is taken for a good one. */
#include "store/backup.h"

#include "base/file.h"
#include "store/backup_impl.h"
#include "store/control_sql.h"
#include "store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

struct look {
    const struct backup_place *place;
    const char *folder;
    struct arena *arena;
    struct buf text; /* of the manifest */
    struct manifest manifest;
    struct why *why;
};

static errc read_manifest(struct look *look)
{
    char path[BACKUP_PATH];
    TRY(backup_path(look->folder, "manifest", path, look->why));
    TRY(file_read(path, MANIFEST_BYTES, &look->text, look->why));
    return manifest_read(buf_str(&look->text), look->arena, &look->manifest, look->why);
}

static errc check_file(struct look *look, char path[BACKUP_PATH])
{
    hash name;
    uint64_t size = 0;
    const struct manifest *manifest = &look->manifest;
    TRY(backup_path(look->folder, backup_database_name(manifest->kind), path, look->why));
    TRY(backup_hash_file(path, &name, &size, look->why));
    if (size != manifest->database_size || !hash_is(name, manifest->database)) {
        return fail(look->why, ERR_CORRUPT, "the database is not the one of the manifest");
    }
    return OK;
}

static errc check_name(void *ctx, const hash *name)
{
    struct look *look = ctx;
    char text[HASH_TEXT_SIZE];
    hash_text(*name, text);
    return manifest_has(&look->manifest, *name)
               ? OK
               : fail(look->why, ERR_CORRUPT, "a row refers to media %s, not in the backup", text);
}

static bool same_migration(const struct manifest_migration *a, const struct manifest_migration *b)
{
    return str_is(a->room, b->room) && a->number == b->number && hash_is(a->hash, b->hash);
}

static errc check_migrations(struct look *look, struct db *db)
{
    struct manifest found = {.migration_count = 0};
    TRY(backup_read_migrations(db, look->arena, &found, look->why));
    bool same = found.migration_count == look->manifest.migration_count;
    for (size_t i = 0; same && i < found.migration_count; i++) {
        same = same_migration(&found.migrations[i], &look->manifest.migrations[i]);
    }
    return same ? OK : fail(look->why, ERR_CORRUPT, "other migrations than the manifest says");
}

static errc check_sqlite(struct look *look, const char *path)
{
    AUTO(backup_view_close) struct backup_view view = {.db = NULL};
    const struct backup_place *place = look->place;
    TRY(backup_rooms(place->store, &view, look->why));
    struct db_sqlite_open open = {.path = path, .rooms = &view.rooms, .immutable = true};
    TRY(db_sqlite_open(&open, &view.db, look->why));
    TRY(migrate(view.db, &view.rooms, true, look->why));
    TRY(db_prepare_all(view.db, look->why));
    TRY(backup_check_database(view.db, look->why));
    TRY(check_migrations(look, view.db));
    if (place->each_name == NULL) {
        return OK;
    }
    struct backup_names names = {check_name, look};
    return place->each_name(place->ctx, view.db, &names, look->why);
}

/* The folder `media` of a backup; not there when there are none. */
static errc open_media(const struct look *look, struct media **ret_media)
{
    char folder[BACKUP_PATH];
    TRY(backup_path(look->folder, "media", folder, look->why));
    if (!file_exists(folder)) {
        return fail(look->why, ERR_CORRUPT, "the media are missing");
    }
    struct media_config config = {.kind = MEDIA_FOLDER, .folder = folder, .read_only = true};
    config.size_most = look->place->media == NULL ? 0 : look->place->media->size_most;
    return media_open(&config, ret_media, look->why);
}

static errc check_media(struct look *look)
{
    AUTO(media_closer) struct media *media = NULL;
    const struct manifest *manifest = &look->manifest;
    if (manifest->media_count == 0) {
        return OK;
    }
    TRY(open_media(look, &media));
    for (size_t i = 0; i < manifest->media_count; i++) {
        AUTO(file_close) int fd = -1;
        struct media_info info;
        char name[HASH_TEXT_SIZE];
        hash_text(manifest->media[i].name, name);
        errc rc = media_get(media, manifest->media[i].name, &fd, &info, look->why);
        if (rc != OK || info.size != manifest->media[i].size) {
            return fail(look->why, ERR_CORRUPT, "media %s is missing or damaged", name);
        }
    }
    return OK;
}

static errc verify(struct look *look)
{
    char path[BACKUP_PATH];
    TRY(read_manifest(look));
    TRY(check_file(look, path));
    TRY(look->manifest.kind == STORE_SQLITE ? check_sqlite(look, path)
                                            : backup_pg_check(look->place, path, look->why));
    return check_media(look);
}

static errc begin(struct look *look)
{
    buf_init(&look->text, MANIFEST_BYTES);
    return arena_create(BACKUP_ARENA, &look->arena);
}

static void finish(struct look *look)
{
    buf_finish(&look->text);
    arena_close(&look->arena);
}

static void report(const struct look *look, struct backup_report *ret_report)
{
    *ret_report = (struct backup_report){
        .made_at_us = look->manifest.made_at_us,
        .database_bytes = look->manifest.database_size,
        .media = look->manifest.media_count,
        .migrations = look->manifest.migration_count,
    };
    for (size_t i = 0; i < look->manifest.media_count; i++) {
        ret_report->media_bytes += look->manifest.media[i].size;
    }
}

errc backup_verify(const struct backup_place *place, const char *folder,
                   struct backup_report *ret_report, struct why *why)
{
    struct why own = {.text = ""};
    AUTO(finish)
    struct look look = {.place = place, .folder = folder, .why = why == NULL ? &own : why};
    TRY(begin(&look));
    TRY(verify(&look));
    report(&look, ret_report);
    return OK;
}

static errc refuse_strange(void *ctx, const struct media_info *item)
{
    struct look *look = ctx;
    return manifest_has(&look->manifest, item->name)
               ? OK
               : fail(look->why, ERR_EXISTS, "the media store holds other media");
}

static errc check_empty_sqlite(const struct look *look)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char path[BACKUP_PATH];
        ignore_int(snprintf(path, sizeof path, "%s%s", look->place->store->path, ends[i]));
        if (file_exists(path)) {
            return fail(look->why, ERR_EXISTS, "%s exists", path);
        }
    }
    return OK;
}

/* Only the store's own statement is prepared: nothing else fits an empty database. */
static errc check_empty_pg(struct look *look)
{
    AUTO(backup_view_close) struct backup_view view = {.db = NULL};
    const struct db_statement *statement = &store_tables_statement;
    struct store_tables_row row;
    TRY(backup_rooms(look->place->store, &view, look->why));
    struct db_pg_open open = {.conninfo = look->place->store->conninfo, .rooms = &view.rooms};
    TRY(db_pg_open(&open, &view.db, look->why));
    db_job_begin(view.db, 0);
    TRY(view.db->driver->prepare(view.db, statement->number, statement, look->why));
    TRY(store_tables(view.db, look->arena, &row, look->why));
    return row.count == 0 ? OK : fail(look->why, ERR_EXISTS, "the database is not empty");
}

static errc check_empty(struct look *look)
{
    AUTO(media_closer) struct media *media = NULL;
    if (look->place->store->kind != look->manifest.kind) {
        return fail(look->why, ERR_USAGE, "the backup is of the other kind of database");
    }
    TRY(look->manifest.kind == STORE_SQLITE ? check_empty_sqlite(look) : check_empty_pg(look));
    if (look->place->media == NULL) {
        return look->manifest.media_count == 0
                   ? OK
                   : fail(look->why, ERR_USAGE,
                          "the backup has media, and there is no media store");
    }
    TRY(media_open(look->place->media, &media, look->why));
    return media_list(media, MEDIA_KEPT, &(struct media_each){refuse_strange, look}, look->why);
}

static errc restore_media(struct look *look)
{
    AUTO(media_closer) struct media *from = NULL;
    AUTO(media_closer) struct media *to = NULL;
    if (look->manifest.media_count == 0) {
        return OK;
    }
    TRY(open_media(look, &from));
    TRY(media_open(look->place->media, &to, look->why));
    for (size_t i = 0; i < look->manifest.media_count; i++) {
        AUTO(file_close) int fd = -1;
        struct media_info info;
        const hash *name = &look->manifest.media[i].name;
        char path[64];
        TRY(media_get(from, *name, &fd, &info, look->why));
        ignore_int(snprintf(path, sizeof path, "/proc/self/fd/%d", fd));
        TRY(media_put_file(to, path, name, &info, look->why));
    }
    return OK;
}

static errc copy_bytes(int from, int to, struct why *why)
{
    char block[BLOCK];
    ssize_t got = read(from, block, sizeof block);
    while (got > 0) {
        TRY(file_write_all(to, block, (size_t)got, why));
        got = read(from, block, sizeof block);
    }
    if (got < 0) {
        return fail_errno(why, errno, "reading the backup");
    }
    return file_sync(to, why);
}

static void remove_file(char (*path)[BACKUP_PATH])
{
    ignore_int((*path)[0] == '\0' ? 0 : unlink(*path));
}

/* Under a temporary name, then linked: linking never replaces. */
static errc restore_sqlite(const struct look *look, const char *path)
{
    const char *target = look->place->store->path;
    AUTO(remove_file) char part[BACKUP_PATH] = "";
    AUTO(file_close) int from = open(path, O_RDONLY | O_CLOEXEC);
    char name[BACKUP_PATH];
    char parent[BACKUP_PATH];
    int length = snprintf(name, sizeof name, "%s.part-XXXXXX", target);
    if (from < 0 || length < 0 || (size_t)length >= sizeof name) {
        return fail_errno(look->why, errno, "%s", path);
    }
    AUTO(file_close) int to = mkostemp(name, O_CLOEXEC);
    if (to < 0) {
        return fail_errno(look->why, errno, "%s", name);
    }
    memcpy(part, name, sizeof part);
    TRY(copy_bytes(from, to, look->why));
    if (link(part, target) != 0) {
        return fail_errno(look->why, errno, "%s", target);
    }
    ignore_int(snprintf(parent, sizeof parent, "%s", target));
    char *slash = strrchr(parent, '/');
    if (slash != NULL) {
        slash[slash == parent ? 1 : 0] = '\0';
    }
    return file_sync_folder(slash == NULL ? "." : parent, look->why);
}

static errc restore(struct look *look)
{
    char path[BACKUP_PATH];
    TRY(verify(look));
    TRY(check_empty(look));
    TRY(restore_media(look));
    TRY(backup_path(look->folder, backup_database_name(look->manifest.kind), path, look->why));
    return look->manifest.kind == STORE_SQLITE ? restore_sqlite(look, path)
                                               : backup_pg_restore(look->place, path, look->why);
}

errc backup_restore(const struct backup_place *place, const char *folder,
                    struct backup_report *ret_report, struct why *why)
{
    struct why own = {.text = ""};
    AUTO(finish)
    struct look look = {.place = place, .folder = folder, .why = why == NULL ? &own : why};
    TRY(begin(&look));
    TRY(restore(&look));
    report(&look, ret_report);
    return OK;
}

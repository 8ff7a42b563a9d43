/* Making a backup. What must never happen: half a backup under its final name, or a backup that was
 * never looked at. */
#include "store/backup.h"

#include "base/file.h"
#include "store/backup_impl.h"
#include "store/control_sql.h"
#include "store/db_sqlite.h"
#include "store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEP_PAGES = 512, NAMES_FIRST = 1024 };

struct making {
    const struct backup_place *place;
    char part[BACKUP_PATH]; /* where it grows */
    struct arena *arena;
    struct manifest manifest;
    size_t names_room;
    struct media *from;
    struct media *to;
    uint64_t media_bytes;
    struct why *why;
};

static void remove_part(char (*part)[BACKUP_PATH])
{
    struct why why;
    if ((*part)[0] != '\0') {
        ignore(file_remove_tree(*part, &why));
    }
}

static errc add_name(void *ctx, const hash *name)
{
    struct making *making = ctx;
    struct manifest *manifest = &making->manifest;
    if (manifest->media_count == MANIFEST_MEDIA) {
        return fail(making->why, ERR_TOO_BIG, "more media than a backup lists");
    }
    if (manifest->media_count == making->names_room) {
        size_t room = making->names_room == 0 ? NAMES_FIRST : making->names_room * 2;
        struct manifest_media *more = arena_take_array(making->arena, room, sizeof *more);
        if (more == NULL) {
            return fail(making->why, ERR_NO_MEMORY, "the list of media");
        }
        if (manifest->media_count > 0) {
            memcpy(more, manifest->media, manifest->media_count * sizeof *more);
        }
        manifest->media = more;
        making->names_room = room;
    }
    manifest->media[manifest->media_count++] = (struct manifest_media){.name = *name};
    return OK;
}

static int compare_media(const void *a, const void *b)
{
    const struct manifest_media *left = a;
    const struct manifest_media *right = b;
    return memcmp(left->name.bytes, right->name.bytes, HASH_SIZE);
}

static void sort_names(struct manifest *manifest)
{
    size_t kept = 0;
    if (manifest->media_count > 0) {
        qsort(manifest->media, manifest->media_count, sizeof *manifest->media, compare_media);
    }
    for (size_t i = 0; i < manifest->media_count; i++) {
        if (kept == 0 || compare_media(&manifest->media[kept - 1], &manifest->media[i]) != 0) {
            manifest->media[kept++] = manifest->media[i];
        }
    }
    manifest->media_count = kept;
}

static errc read_names(struct making *making, struct db *db)
{
    const struct backup_place *place = making->place;
    if (place->each_name == NULL) {
        return OK;
    }
    TRY(place->each_name(place->ctx, db, &(struct backup_names){add_name, making}, making->why));
    sort_names(&making->manifest);
    return OK;
}

/* The running database, as it is at one moment. */
static errc open_source(const struct backup_place *place, struct backup_view *view, struct why *why)
{
    const struct store_config *config = place->store;
    TRY(backup_rooms(config, view, why));
    if (config->kind == STORE_SQLITE) {
        struct db_sqlite_open open = {
            .path = config->path, .rooms = &view->rooms, .read_only = true};
        TRY(db_sqlite_open(&open, &view->db, why));
    } else {
        struct db_pg_open open = {
            .conninfo = config->conninfo, .rooms = &view->rooms, .read_only = true};
        TRY(db_pg_open(&open, &view->db, why));
    }
    db_job_begin(view->db, 0);
    TRY(db_prepare_all(view->db, why));
    return db_words(view->db, &control_begin_read, why);
}

static errc copy_database(struct making *making, const char *path)
{
    AUTO(backup_view_close) struct backup_view view = {.db = NULL};
    struct why *why = making->why;
    struct store_snapshot_row snapshot;
    TRY(open_source(making->place, &view, why));
    TRY(store_snapshot(view.db, making->arena, &snapshot, why));
    TRY(backup_read_migrations(view.db, making->arena, &making->manifest, why)); /* pins it */
    TRY(read_names(making, view.db));
    if (making->place->store->kind == STORE_POSTGRESQL) {
        return backup_pg_dump(making->place, snapshot.name.at, path, why);
    }
    struct db_sqlite_copy copy = {path, STEP_PAGES, making->place->pause_ms};
    return db_sqlite_copy(view.db, &copy, why);
}

static errc sync_file(const char *path, struct why *why)
{
    AUTO(file_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? fail_errno(why, errno, "%s", path) : file_sync(fd, why);
}

static errc put_fd(struct media *media, int fd, hash name, struct why *why)
{
    char path[64];
    struct media_info info;
    ignore_int(snprintf(path, sizeof path, "/proc/self/fd/%d", fd));
    return media_put_file(media, path, &name, &info, why);
}

/* Every medium is verified as it is read, and hashed again as it is written. */
static errc copy_one(struct making *making, struct manifest_media *one)
{
    AUTO(file_close) int fd = -1;
    struct media_info info;
    char name[HASH_TEXT_SIZE];
    hash_text(one->name, name);
    errc rc = media_get(making->from, one->name, &fd, &info, making->why);
    rc = rc == OK ? put_fd(making->to, fd, one->name, making->why) : rc;
    if (rc != OK) {
        return fail_in(making->why, rc, "media %.16s…", name);
    }
    one->size = info.size;
    making->media_bytes += info.size;
    return OK;
}

static errc copy_media(struct making *making)
{
    char folder[BACKUP_PATH];
    struct manifest *manifest = &making->manifest;
    if (manifest->media_count == 0) {
        return OK;
    }
    if (making->place->media == NULL) {
        return fail(making->why, ERR_USAGE, "rows refer to media, and there is no media store");
    }
    TRY(backup_path(making->part, "media", folder, making->why));
    struct media_config config = {.kind = MEDIA_FOLDER, .folder = folder};
    config.size_most = making->place->media->size_most;
    TRY(media_open(making->place->media, &making->from, making->why));
    TRY(media_open(&config, &making->to, making->why));
    for (size_t i = 0; i < manifest->media_count; i++) {
        TRY(copy_one(making, &manifest->media[i]));
    }
    return OK;
}

static errc write_manifest(struct making *making)
{
    AUTO(buf_finish) struct buf text;
    char path[BACKUP_PATH];
    buf_init(&text, MANIFEST_BYTES);
    manifest_write(&making->manifest, &text);
    TRY(buf_check(&text));
    TRY(backup_path(making->part, "manifest", path, making->why));
    return file_write(path, buf_str(&text), 0640, making->why);
}

static errc fill(struct making *making, usec now)
{
    char path[BACKUP_PATH];
    struct manifest *manifest = &making->manifest;
    manifest->made_at_us = now;
    manifest->kind = making->place->store->kind;
    TRY(backup_path(making->part, backup_database_name(manifest->kind), path, making->why));
    TRY(copy_database(making, path));
    TRY(sync_file(path, making->why));
    TRY(backup_hash_file(path, &manifest->database, &manifest->database_size, making->why));
    TRY(copy_media(making));
    return write_manifest(making);
}

/* Appears only where nothing is. */
static errc publish(const char *part, const char *folder, struct why *why)
{
    TRY(file_sync_folder(part, why));
    if (renameat2(AT_FDCWD, part, AT_FDCWD, folder, RENAME_NOREPLACE) != 0) {
        return fail_errno(why, errno, "%s", folder);
    }
    char parent[BACKUP_PATH];
    ignore_int(snprintf(parent, sizeof parent, "%s", folder));
    char *slash = strrchr(parent, '/');
    if (slash != NULL) {
        slash[slash == parent ? 1 : 0] = '\0';
    }
    return file_sync_folder(slash == NULL ? "." : parent, why);
}

static void close_media(struct making *making)
{
    media_closer(&making->from);
    media_closer(&making->to);
}

/* Grows and is looked at in the temporary place. */
static errc make_in(const struct backup_place *place, const char *part, usec now,
                    struct backup_report *ret_report, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct making making = {.place = place, .why = why};
    ignore_int(snprintf(making.part, sizeof making.part, "%s", part));
    TRY(arena_create(BACKUP_ARENA, &arena));
    making.arena = arena;
    errc rc = fill(&making, now);
    close_media(&making);
    TRY(rc);
    return backup_verify(place, part, ret_report, why);
}

errc backup_make(const struct backup_place *place, const char *folder, usec now,
                 struct backup_report *ret_report, struct why *why)
{
    AUTO(remove_part) char part[BACKUP_PATH] = "";
    struct why own;
    struct backup_report report;
    why = why == NULL ? &own : why;
    char name[BACKUP_PATH];
    int length = snprintf(name, sizeof name, "%s.part-XXXXXX", folder);
    if (length < 0 || (size_t)length >= sizeof name) {
        return fail(why, ERR_TOO_BIG, "the path is too long");
    }
    if (file_exists(folder)) {
        return fail(why, ERR_EXISTS, "%s exists", folder);
    }
    if (mkdtemp(name) == NULL) {
        return fail_errno(why, errno, "%s", name);
    }
    memcpy(part, name, sizeof part);
    TRY(make_in(place, part, now, &report, why));
    TRY(publish(part, folder, why));
    part[0] = '\0';
    *ret_report = report;
    return OK;
}

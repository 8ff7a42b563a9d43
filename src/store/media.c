/* What is the same for every kind of media store: spooling and hashing an upload, verifying what is
 * opened, sweeping. What must never happen: that bytes are handed out which are not what their name
 * says, or that something is deleted which somebody refers to. */
#include "store/media.h"

#include "base/file.h"
#include "store/media_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE_USUAL ((uint64_t)512 * 1024 * 1024)
#define SIZE_CEILING ((uint64_t)5 * 1024 * 1024 * 1024) /* of one PUT */

struct media_put {
    struct media *media;
    int fd;
    char path[MEDIA_PATH];
    struct hasher hasher;
    uint64_t size;
    errc failed;
};

const char *media_area_name(enum media_area area)
{
    switch (area) {
    case MEDIA_KEPT:
        return "kept";
    case MEDIA_TRASH:
        return "trash";
    case MEDIA_BAD:
        return "bad";
    }
    return "";
}

static errc make_folders(const struct media *media, struct why *why)
{
    static const char *const names[] = {"tmp", "kept", "trash", "bad"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[MEDIA_PATH];
        ignore_int(snprintf(path, sizeof path, "%s/%s", media->folder, names[i]));
        TRY(file_make_folder(path, 0700, why));
    }
    return OK;
}

errc media_open(const struct media_config *config, struct media **ret_media, struct why *why)
{
    AUTO(media_closer) struct media *media = mem_take(sizeof *media);
    media->backend = &media_folder_backend;
    media->size_most = config->size_most == 0 ? SIZE_USUAL : config->size_most;
    media->grace = config->grace == 0 ? USEC_DAY : config->grace;
    if (!str_to_array(str_of(config->folder), media->folder, sizeof media->folder) ||
        media->folder[0] == '\0' || media->size_most > SIZE_CEILING) {
        return fail(why, ERR_USAGE,
                    "the media store wants a folder, and a ceiling of 5 GiB at most");
    }
    media->read_only = config->read_only;
    TRY(media->read_only ? OK : make_folders(media, why));
    if (config->kind == MEDIA_S3) {
        media->backend = &media_s3_backend;
        TRY(s3_open(media, &config->s3, why));
    }
    *ret_media = media;
    media = NULL;
    return OK;
}

void media_close(struct media *media)
{
    if (media != NULL) {
        media->backend->close(media);
        mem_give(media);
    }
}

void media_closer(struct media **media)
{
    media_close(*media);
    *media = NULL;
}

errc media_temp(const struct media *media, char path[MEDIA_PATH], int *ret_fd, struct why *why)
{
    ignore_int(snprintf(path, MEDIA_PATH, "%s/tmp/put-XXXXXX", media->folder));
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        return fail_errno(why, errno, "%s", path);
    }
    *ret_fd = fd;
    return OK;
}

errc media_put_begin(struct media *media, struct media_put **ret_put, struct why *why)
{
    int fd = -1;
    char path[MEDIA_PATH];
    TRY(media_temp(media, path, &fd, why));
    struct media_put *put = mem_take(sizeof *put);
    put->media = media;
    put->fd = fd;
    memcpy(put->path, path, sizeof path);
    hasher_start(&put->hasher);
    *ret_put = put;
    return OK;
}

errc media_put_add(struct media_put *put, str bytes, struct why *why)
{
    if (put->failed != OK) {
        return fail(why, put->failed, "the upload has failed before");
    }
    if (bytes.len > put->media->size_most - put->size) {
        put->failed = ERR_TOO_BIG;
        return fail(why, ERR_TOO_BIG, "larger than %llu bytes",
                    (unsigned long long)put->media->size_most);
    }
    put->failed = file_write_all(put->fd, bytes.at, bytes.len, why);
    if (put->failed != OK) {
        return put->failed;
    }
    hasher_add(&put->hasher, bytes.at, bytes.len);
    put->size += bytes.len;
    return OK;
}

static errc finish_put(struct media_put *put, const hash *expected, struct media_info *ret_info,
                       struct why *why)
{
    if (put->failed != OK) {
        return fail(why, put->failed, "the upload has failed before");
    }
    struct media_info info = {.name = hasher_end(&put->hasher), .size = put->size};
    if (expected != NULL && !hash_is(*expected, info.name)) {
        return fail(why, ERR_INVALID, "the content is not what its sender said");
    }
    TRY(file_sync(put->fd, why));
    struct stat status;
    if (fchmod(put->fd, 0440) != 0 || fstat(put->fd, &status) != 0) {
        return fail_errno(why, errno, "%s", put->path);
    }
    info.changed_at_us = (usec)status.st_mtim.tv_sec * USEC_SECOND + status.st_mtim.tv_nsec / 1000;
    TRY(put->media->backend->keep(put->media, put->path, &info, why));
    *ret_info = info;
    return OK;
}

errc media_put_end(struct media_put *take_put, const hash *expected, struct media_info *ret_info,
                   struct why *why)
{
    AUTO(media_put_canceller) struct media_put *put = take_put;
    return finish_put(put, expected, ret_info, why);
}

void media_put_cancel(struct media_put *take_put)
{
    if (take_put == NULL) {
        return;
    }
    file_close(&take_put->fd);
    ignore_int(unlink(take_put->path)); /* gone already when it was kept */
    mem_give(take_put);
}

void media_put_canceller(struct media_put **put)
{
    media_put_cancel(*put);
    *put = NULL;
}

static errc read_block(int fd, char block[MEDIA_BLOCK], size_t *ret_size, struct why *why)
{
    ssize_t got = read(fd, block, MEDIA_BLOCK);
    if (got < 0) {
        return fail_errno(why, errno, "reading media");
    }
    *ret_size = (size_t)got;
    return OK;
}

errc media_put_file(struct media *media, const char *path, const hash *expected,
                    struct media_info *ret_info, struct why *why)
{
    AUTO(media_put_canceller) struct media_put *put = NULL;
    AUTO(file_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    char block[MEDIA_BLOCK];
    size_t size = 0;
    if (fd < 0) {
        return fail_errno(why, errno, "%s", path);
    }
    TRY(media_put_begin(media, &put, why));
    TRY(read_block(fd, block, &size, why));
    while (size > 0) {
        TRY(media_put_add(put, (str){block, size}, why));
        TRY(read_block(fd, block, &size, why));
    }
    struct media_put *ended = put;
    put = NULL;
    return media_put_end(ended, expected, ret_info, why);
}

static errc verify(int fd, hash name, uint64_t *ret_size, struct why *why)
{
    struct hasher hasher;
    char block[MEDIA_BLOCK];
    uint64_t total = 0;
    size_t size = 0;
    hasher_start(&hasher);
    TRY(read_block(fd, block, &size, why));
    while (size > 0) {
        hasher_add(&hasher, block, size);
        total += size;
        TRY(read_block(fd, block, &size, why));
    }
    if (!hash_is(hasher_end(&hasher), name)) {
        return fail(why, ERR_CORRUPT, "the content does not match its name");
    }
    if (lseek(fd, 0, SEEK_SET) != 0) {
        return fail_errno(why, errno, "seeking in media");
    }
    *ret_size = total;
    return OK;
}

/* From where it is: kept, or brought back from the trash. */
static errc fetch(struct media *media, hash name, int *ret_fd, struct why *why)
{
    errc rc = media->backend->fetch(media, name, ret_fd, why);
    if (rc != ERR_NOT_FOUND || media->read_only) {
        return rc;
    }
    errc moved =
        media->backend->move(media, name, (const enum media_area[2]){MEDIA_TRASH, MEDIA_KEPT}, why);
    if (moved != OK && moved != ERR_NOT_FOUND) {
        return moved;
    }
    return media->backend->fetch(media, name, ret_fd, why); /* another may have moved it */
}

errc media_get(struct media *media, hash name, int *ret_fd, struct media_info *ret_info,
               struct why *why)
{
    AUTO(file_close) int fd = -1;
    struct media_info info = {.name = name};
    TRY(fetch(media, name, &fd, why));
    errc rc = verify(fd, name, &info.size, why);
    if (rc == ERR_CORRUPT && !media->read_only) {
        struct why second;
        ignore(media->backend->move(media, name, (const enum media_area[2]){MEDIA_KEPT, MEDIA_BAD},
                                    &second));
    }
    TRY(rc);
    *ret_fd = fd;
    *ret_info = info;
    fd = -1;
    return OK;
}

errc media_stat(struct media *media, hash name, struct media_info *ret_info, struct why *why)
{
    errc rc = media->backend->stat(media, MEDIA_KEPT, name, ret_info, why);
    return rc == ERR_NOT_FOUND ? media->backend->stat(media, MEDIA_TRASH, name, ret_info, why) : rc;
}

errc media_list(struct media *media, enum media_area area, const struct media_each *each,
                struct why *why)
{
    return media->backend->list(media, area, each, why);
}

struct sweep {
    struct media *media;
    const struct media_marks *marks;
    usec now;
    struct media_swept swept;
    struct why *why;
};

/* Gone meanwhile is as good as done: another sweep, or a reader that brought it back. */
static errc or_gone(errc rc)
{
    return rc == ERR_NOT_FOUND ? OK : rc;
}

static errc sweep_trash(void *ctx, const struct media_info *item)
{
    struct sweep *sweep = ctx;
    struct media *media = sweep->media;
    if (sweep->marks->is_used(sweep->marks->ctx, item->name)) {
        sweep->swept.restored++;
        return or_gone(media->backend->move(
            media, item->name, (const enum media_area[2]){MEDIA_TRASH, MEDIA_KEPT}, sweep->why));
    }
    if (sweep->now - item->changed_at_us < media->grace) {
        return OK;
    }
    TRY(or_gone(media->backend->remove(media, MEDIA_TRASH, item->name, sweep->why)));
    sweep->swept.deleted++;
    sweep->swept.deleted_bytes += item->size;
    return OK;
}

static errc sweep_kept(void *ctx, const struct media_info *item)
{
    struct sweep *sweep = ctx;
    struct media *media = sweep->media;
    if (sweep->marks->is_used(sweep->marks->ctx, item->name)) {
        sweep->swept.kept++;
        return OK;
    }
    if (sweep->now - item->changed_at_us < media->grace) {
        sweep->swept.fresh++;
        return OK;
    }
    sweep->swept.trashed++;
    return or_gone(media->backend->move(
        media, item->name, (const enum media_area[2]){MEDIA_KEPT, MEDIA_TRASH}, sweep->why));
}

static void close_listing(DIR **listing)
{
    if (*listing != NULL) {
        closedir(*listing);
    }
}

/* Temporary files of processes that died: older than any upload lasts. */
static errc sweep_temporary(const struct sweep *sweep)
{
    char folder[MEDIA_PATH];
    ignore_int(snprintf(folder, sizeof folder, "%s/tmp", sweep->media->folder));
    AUTO(close_listing) DIR *listing = opendir(folder);
    if (listing == NULL) {
        return fail_errno(sweep->why, errno, "%s", folder);
    }
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        struct stat status;
        if (fstatat(dirfd(listing), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode)) {
            continue;
        }
        if (sweep->now - (usec)status.st_mtim.tv_sec * USEC_SECOND >= sweep->media->grace) {
            ignore_int(unlinkat(dirfd(listing), entry->d_name, 0));
        }
    }
    return OK;
}

errc media_sweep(struct media *media, const struct media_marks *marks, usec now,
                 struct media_swept *ret_swept, struct why *why)
{
    struct why own;
    struct sweep sweep = {.media = media, .marks = marks, .now = now};
    sweep.why = why == NULL ? &own : why;
    TRY(media->backend->list(media, MEDIA_TRASH, &(struct media_each){sweep_trash, &sweep},
                             sweep.why));
    TRY(media->backend->list(media, MEDIA_KEPT, &(struct media_each){sweep_kept, &sweep},
                             sweep.why));
    TRY(sweep_temporary(&sweep));
    *ret_swept = sweep.swept;
    return OK;
}

/* Media in a local folder: kept/ab/abcd…, trash and bad likewise. Names appear by rename only, and
 * the folder is synced before anybody is told. */
#include "store/media_impl.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void folder_path(const struct media *media, enum media_area area, hash name,
                        char path[MEDIA_PATH])
{
    char text[HASH_TEXT_SIZE];
    hash_text(name, text);
    ignore_int(
        snprintf(path, MEDIA_PATH, "%s/%s/%.2s", media->folder, media_area_name(area), text));
}

static void object_path(const struct media *media, enum media_area area, hash name,
                        char path[MEDIA_PATH])
{
    char text[HASH_TEXT_SIZE];
    hash_text(name, text);
    ignore_int(snprintf(path, MEDIA_PATH, "%s/%s/%.2s/%s", media->folder, media_area_name(area),
                        text, text));
}

/* Renames into an area and makes it durable. */
static errc rename_into(struct media *media, const char *from, enum media_area area, hash name,
                        struct why *why)
{
    char folder[MEDIA_PATH];
    char path[MEDIA_PATH];
    folder_path(media, area, name, folder);
    object_path(media, area, name, path);
    TRY(file_make_folder(folder, 0700, why));
    if (rename(from, path) != 0) {
        return fail_errno(why, errno, "%s", path);
    }
    return file_sync_folder(folder, why);
}

static errc folder_keep(struct media *media, const char *take_path, const struct media_info *info,
                        struct why *why)
{
    return rename_into(media, take_path, MEDIA_KEPT, info->name, why);
}

static errc folder_fetch(struct media *media, hash name, int *ret_fd, struct why *why)
{
    char path[MEDIA_PATH];
    object_path(media, MEDIA_KEPT, name, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return fail_errno(why, errno, "%s", path);
    }
    *ret_fd = fd;
    return OK;
}

/* Touched before it moves: in the trash its age counts from now. */
static errc folder_move(struct media *media, hash name, const enum media_area areas[2],
                        struct why *why)
{
    char from[MEDIA_PATH];
    object_path(media, areas[0], name, from);
    if (utimensat(AT_FDCWD, from, NULL, AT_SYMLINK_NOFOLLOW) != 0) {
        return fail_errno(why, errno, "%s", from);
    }
    return rename_into(media, from, areas[1], name, why);
}

static errc folder_remove(struct media *media, enum media_area area, hash name, struct why *why)
{
    char path[MEDIA_PATH];
    object_path(media, area, name, path);
    return unlink(path) == 0 ? OK : fail_errno(why, errno, "%s", path);
}

static void take_status(const struct stat *status, struct media_info *info)
{
    info->size = (uint64_t)status->st_size;
    info->changed_at_us =
        (usec)status->st_mtim.tv_sec * USEC_SECOND + status->st_mtim.tv_nsec / 1000;
}

static errc folder_stat(struct media *media, enum media_area area, hash name,
                        struct media_info *ret_info, struct why *why)
{
    char path[MEDIA_PATH];
    struct stat status;
    object_path(media, area, name, path);
    if (lstat(path, &status) != 0) {
        return fail_errno(why, errno, "%s", path);
    }
    ret_info->name = name;
    take_status(&status, ret_info);
    return OK;
}

static void close_listing(DIR **listing)
{
    if (*listing != NULL) {
        closedir(*listing);
    }
}

/* Files that are not named as objects are somebody else's and left alone. */
static errc list_one(const char *folder, const struct media_each *each, struct why *why)
{
    AUTO(close_listing) DIR *listing = opendir(folder);
    if (listing == NULL) {
        return errno == ENOENT || errno == ENOTDIR ? OK : fail_errno(why, errno, "%s", folder);
    }
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        struct media_info item;
        struct stat status;
        if (!hash_parse(str_of(entry->d_name), &item.name) ||
            fstatat(dirfd(listing), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode)) {
            continue;
        }
        take_status(&status, &item);
        TRY(each->on_item(each->ctx, &item));
    }
    return OK;
}

static errc folder_list(struct media *media, enum media_area area, const struct media_each *each,
                        struct why *why)
{
    for (unsigned i = 0; i < 256; i++) {
        char folder[MEDIA_PATH];
        ignore_int(
            snprintf(folder, sizeof folder, "%s/%s/%02x", media->folder, media_area_name(area), i));
        TRY(list_one(folder, each, why));
    }
    return OK;
}

static void folder_close(struct media *media)
{
    (void)media; /* nothing is held between calls */
}

const struct media_backend media_folder_backend = {
    .keep = folder_keep,
    .fetch = folder_fetch,
    .move = folder_move,
    .remove = folder_remove,
    .stat = folder_stat,
    .list = folder_list,
    .close = folder_close,
};

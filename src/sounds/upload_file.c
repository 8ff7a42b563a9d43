/* See upload_file.h. */
#include "sounds/upload_file.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 600 };

static void path_of(const char *folder, int64_t id, char path[PATH_ROOM])
{
    ignore_int(snprintf(path, PATH_ROOM, "%s/%lld", folder, (long long)id));
}

/* A name that appears must be on the disk as well as the bytes. */
static errc open_to_write(const char *folder, const char *path, int *ret_fd, struct why *why)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        TRY(file_make_folder(folder, 0700, why));
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        TRY(fd < 0 ? OK : file_sync_folder(folder, why));
    }
    if (fd < 0) {
        return fail_errno(why, errno, "%s", path);
    }
    *ret_fd = fd;
    return OK;
}

errc upload_file_keep(const char *folder, int64_t id, int64_t at, str piece, struct why *why)
{
    AUTO(file_close) int fd = -1;
    char path[PATH_ROOM];
    struct stat info;
    path_of(folder, id, path);
    TRY(open_to_write(folder, path, &fd, why));
    if (fstat(fd, &info) != 0) {
        return fail_errno(why, errno, "%s", path);
    }
    if (info.st_size < at) {
        return fail(why, ERR_CORRUPT, "%s: bytes that were kept are gone", path);
    }
    if (lseek(fd, at, SEEK_SET) != at) {
        return fail_errno(why, errno, "%s", path);
    }
    TRY(file_write_all(fd, piece.at, piece.len, why));
    return file_sync(fd, why);
}

errc upload_file_open(const char *folder, int64_t id, int64_t kept, int *ret_fd, struct why *why)
{
    char path[PATH_ROOM];
    struct stat info;
    path_of(folder, id, path);
    AUTO(file_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &info) != 0) {
        return fail_errno(why, errno, "%s", path);
    }
    if (info.st_size < kept) {
        return fail(why, ERR_CORRUPT, "%s: bytes that were kept are gone", path);
    }
    *ret_fd = fd;
    fd = -1;
    return OK;
}

static bool is_known(struct upload_ids known, int64_t id)
{
    size_t from = 0;
    size_t to = known.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (known.at[middle] == id) {
            return true;
        }
        if (known.at[middle] < id) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return false;
}

/* A file whose upload was begun after the list was made is younger than `before`. */
static bool is_left_over(int folder, const char *name, struct upload_ids known, usec before)
{
    int64_t id = 0;
    struct stat info;
    if (!str_to_i64(str_of(name), &id) || is_known(known, id) ||
        fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return false;
    }
    return (usec)info.st_mtim.tv_sec * USEC_SECOND < before;
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL) {
        ignore_int(closedir(*folder));
    }
}

errc upload_files_sweep(const char *folder, struct upload_ids known, usec before, int64_t *ret_gone,
                        struct why *why)
{
    AUTO(close_folder) DIR *open_folder = opendir(folder);
    int64_t gone = 0;
    if (open_folder == NULL) {
        return errno == ENOENT ? OK : fail_errno(why, errno, "%s", folder);
    }
    for (const struct dirent *entry = readdir(open_folder); entry != NULL;
         entry = readdir(open_folder)) {
        if (is_left_over(dirfd(open_folder), entry->d_name, known, before)) {
            gone += unlinkat(dirfd(open_folder), entry->d_name, 0) == 0 ? 1 : 0;
        }
    }
    *ret_gone = gone;
    return OK;
}

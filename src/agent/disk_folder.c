/* Everything goes through the descriptor of the folder, so that nothing is followed out of it. */
#include "agent/disk_folder.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { FOLDER_MODE = 0700, FILE_MODE = 0600, READ_MOST = 64 * 1024 };

struct disk_folder {
    int fd;
};

static errc open_file(const struct disk_folder *folder, const char *name, int flags, int *ret_fd,
                      struct why *why)
{
    if (strlen(name) > DISK_NAME_MOST) {
        return fail(why, ERR_TOO_BIG, "the name %.40s… is too long", name);
    }
    /* A pipe on somebody's stick would wait for its other end for ever. */
    struct stat stat;
    int fd = openat(folder->fd, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, FILE_MODE);
    if (fd < 0) {
        return fail_errno(why, errno, "%s", name);
    }
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) {
        file_close(&fd);
        return fail(why, ERR_INVALID, "%s is not a file", name);
    }
    *ret_fd = fd;
    return OK;
}

/* The folder in which a name stands. */
static errc sync_names(const struct disk_folder *folder, const char *name, struct why *why)
{
    char path[DISK_NAME_MOST + 1] = ".";
    const char *slash = strrchr(name, '/');
    if (slash != NULL) {
        ignore_int(snprintf(path, sizeof path, "%.*s", (int)(slash - name), name));
    }
    AUTO(file_close) int fd = openat(folder->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fail_errno(why, errno, "%s", path);
    }
    return file_sync(fd, why);
}

static errc folder_read(void *ctx, const char *name, uint64_t from, size_t most, struct buf *out,
                        struct why *why)
{
    AUTO(file_close) int fd = -1;
    TRY(open_file(ctx, name, O_RDONLY, &fd, why));
    while (most > 0) {
        size_t part = most < READ_MOST ? most : READ_MOST;
        char *into = buf_reserve(out, part);
        if (into == NULL) {
            return fail(why, buf_check(out), "%s", name);
        }
        ssize_t count = pread(fd, into, part, (off_t)from);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return fail_errno(why, errno, "reading %s", name);
        }
        if (count == 0) {
            return OK;
        }
        buf_advance(out, (size_t)count);
        from += (uint64_t)count;
        most -= (size_t)count;
    }
    return OK;
}

static errc write_fd(int fd, uint64_t at, str bytes, struct why *why)
{
    if (lseek(fd, (off_t)at, SEEK_SET) < 0) {
        return fail_errno(why, errno, "seeking");
    }
    return file_write_all(fd, bytes.at, bytes.len, why);
}

static errc folder_write(void *ctx, const char *name, uint64_t at, str bytes, struct why *why)
{
    AUTO(file_close) int fd = -1;
    TRY(open_file(ctx, name, O_WRONLY | O_CREAT, &fd, why));
    return write_fd(fd, at, bytes, why);
}

static errc folder_rename(void *ctx, const char *from, const char *to, struct why *why)
{
    const struct disk_folder *folder = ctx;
    if (renameat(folder->fd, from, folder->fd, to) != 0) {
        return fail_errno(why, errno, "%s to %s", from, to);
    }
    return sync_names(folder, to, why);
}

static errc folder_sync(void *ctx, const char *name, struct why *why)
{
    AUTO(file_close) int fd = -1;
    TRY(open_file(ctx, name, O_RDONLY, &fd, why));
    TRY(file_sync(fd, why));
    return sync_names(ctx, name, why);
}

static errc put_new(void *ctx, const char *name, str bytes, struct why *why)
{
    AUTO(file_close) int fd = -1;
    TRY(open_file(ctx, name, O_WRONLY | O_CREAT | O_TRUNC, &fd, why));
    TRY(write_fd(fd, 0, bytes, why));
    return file_sync(fd, why);
}

static errc folder_put(void *ctx, const char *name, str bytes, struct why *why)
{
    const struct disk_folder *folder = ctx;
    char fresh[DISK_NAME_MOST + 8];
    ignore_int(snprintf(fresh, sizeof fresh, "%.*s.new", DISK_NAME_MOST - 4, name));
    errc rc = put_new(ctx, fresh, bytes, why);
    if (rc != OK) {
        ignore_int(unlinkat(folder->fd, fresh, 0));
        return rc;
    }
    return folder_rename(ctx, fresh, name, why);
}

static errc folder_cut(void *ctx, const char *name, uint64_t size, struct why *why)
{
    AUTO(file_close) int fd = -1;
    TRY(open_file(ctx, name, O_WRONLY, &fd, why));
    return ftruncate(fd, (off_t)size) == 0 ? OK : fail_errno(why, errno, "cutting %s", name);
}

static errc folder_remove(void *ctx, const char *name, struct why *why)
{
    const struct disk_folder *folder = ctx;
    if (unlinkat(folder->fd, name, 0) != 0 && errno != ENOENT) {
        return fail_errno(why, errno, "removing %s", name);
    }
    return OK;
}

static errc folder_size(void *ctx, const char *name, uint64_t *ret_size, struct why *why)
{
    const struct disk_folder *folder = ctx;
    struct stat stat;
    if (fstatat(folder->fd, name, &stat, AT_SYMLINK_NOFOLLOW) != 0) {
        return fail_errno(why, errno, "%s", name);
    }
    if (!S_ISREG(stat.st_mode)) {
        return fail(why, ERR_INVALID, "%s is not a file", name);
    }
    *ret_size = (uint64_t)stat.st_size;
    return OK;
}

static errc list_names(const struct disk_folder *folder, DIR *names, const struct disk_each *each)
{
    for (struct dirent *entry = readdir(names); entry != NULL; entry = readdir(names)) {
        struct stat stat;
        if (fstatat(dirfd(names), entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(stat.st_mode)) {
            TRY(each->on_name(each->ctx, entry->d_name, (uint64_t)stat.st_size));
        }
    }
    (void)folder;
    return OK;
}

static errc folder_list(void *ctx, const char *path, const struct disk_each *each, struct why *why)
{
    const struct disk_folder *folder = ctx;
    int fd = openat(folder->fd, path[0] == '\0' ? "." : path,
                    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *names = fd < 0 ? NULL : fdopendir(fd);
    if (names == NULL) {
        int number = errno;
        file_close(&fd);
        return fail_errno(why, number, "%s", path);
    }
    errc rc = list_names(folder, names, each);
    ignore_int(closedir(names));
    return rc;
}

static uint64_t folder_room(void *ctx)
{
    const struct disk_folder *folder = ctx;
    struct statvfs stat;
    return fstatvfs(folder->fd, &stat) == 0 ? (uint64_t)stat.f_bavail * stat.f_frsize : 0;
}

static errc folder_open(void *ctx, const char *name, int *ret_fd, struct why *why)
{
    return open_file(ctx, name, O_RDONLY, ret_fd, why);
}

/* A folder, and no link to one. */
static errc make_inner(int fd, const char *name, struct why *why)
{
    struct stat stat;
    if (mkdirat(fd, name, FOLDER_MODE) != 0 && errno != EEXIST) {
        return fail_errno(why, errno, "%s", name);
    }
    if (fstatat(fd, name, &stat, AT_SYMLINK_NOFOLLOW) != 0) {
        return fail_errno(why, errno, "%s", name);
    }
    return S_ISDIR(stat.st_mode) ? OK : fail(why, ERR_INVALID, "%s is no folder", name);
}

bool disk_folder_is_plain(const char *path)
{
    struct stat stat;
    return lstat(path, &stat) == 0 && S_ISDIR(stat.st_mode);
}

errc disk_folder_open(const char *path, const char *const *folders, struct disk_folder **ret_folder,
                      struct why *why)
{
    TRY(file_make_folder(path, FOLDER_MODE, why));
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fail_errno(why, errno, "%s", path);
    }
    for (size_t i = 0; folders[i] != NULL; i++) {
        errc rc = make_inner(fd, folders[i], why);
        if (rc != OK) {
            file_close(&fd);
            return fail_in(why, rc, "%s", path);
        }
    }
    struct disk_folder *folder = mem_take(sizeof *folder);
    folder->fd = fd;
    *ret_folder = folder;
    return file_sync(fd, why);
}

void disk_folder_close(struct disk_folder *folder)
{
    if (folder != NULL) {
        file_close(&folder->fd);
        mem_give(folder);
    }
}

struct disk disk_folder_disk(struct disk_folder *folder)
{
    return (struct disk){
        .ctx = folder,
        .read = folder_read,
        .put = folder_put,
        .write = folder_write,
        .cut = folder_cut,
        .sync = folder_sync,
        .rename = folder_rename,
        .remove = folder_remove,
        .size = folder_size,
        .list = folder_list,
        .room = folder_room,
        .open = folder_open,
    };
}

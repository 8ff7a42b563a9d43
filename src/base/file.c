/* System calls with their full ritual. A file that others rely on must never be half there: not
 * after a crash, not on a full disk, not when two writers meet. */
#include "base/file.h"

#include "base/crash.h"
#include "base/fuse.h"
#include "base/scope.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    READ_STEP = 16 * 1024,
    TREE_DEPTH = 64, /* each level holds a descriptor */
};

#define SUFFIX ".XXXXXX" /* of temporary files */

static struct fuse disk_fuse;
static _Atomic int disk_errno;

void file_torture(unsigned long nth, int error_number)
{
    atomic_store(&disk_errno, error_number);
    fuse_light(&disk_fuse, nth);
}

bool file_torture_hit(void)
{
    return fuse_blown(&disk_fuse);
}

void file_close(int *fd)
{
    int kept = errno;
    if (*fd >= 0) {
        ignore_int(close(*fd)); /* whoever wrote has synced, and so has heard of errors */
        *fd = -1;
    }
    errno = kept;
}

static errc read_to_end(int fd, size_t most, struct buf *out, struct why *why)
{
    char chunk[READ_STEP];
    size_t left = most;
    for (;;) {
        size_t step = left < sizeof chunk ? left + 1 : sizeof chunk; /* one more tells "too big" */
        ssize_t got = read(fd, chunk, step);
        if (got < 0 && errno == EINTR) { /* not covered: a signal in between */
            continue;
        }
        if (got < 0) {
            return fail_errno(why, errno, "read");
        }
        if (got == 0) {
            return OK;
        }
        if ((size_t)got > left) {
            return fail(why, ERR_TOO_BIG, "more than %zu bytes", most);
        }
        left -= (size_t)got;
        buf_add(out, (str){chunk, (size_t)got});
        errc rc = buf_check(out);
        if (rc != OK) {
            return fail(why, rc, "no room for %zu bytes", out->len + (size_t)got);
        }
    }
}

errc file_read(const char *path, size_t most, struct buf *out, struct why *why)
{
    TRY(buf_check(out));
    /* Without O_NONBLOCK the opening of a pipe would wait for its writer. */
    AUTO(file_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat facts;
    if (fd < 0) {
        return fail_errno(why, errno, "open %s", path);
    }
    ENSURE(fstat(fd, &facts) == 0);
    if (!S_ISREG(facts.st_mode)) {
        return fail(why, ERR_INVALID, "%s is not a regular file", path);
    }
    size_t before = out->len;
    errc rc = read_to_end(fd, most, out, why);
    if (rc != OK) {
        buf_cut(out, before);
        return fail_in(why, rc, "%s", path);
    }
    return OK;
}

/* Half of the bytes are written for real: that is how a full disk leaves a file. */
static ssize_t torture_write(int fd, const void *bytes, size_t size)
{
    ignore_int(write(fd, bytes, size / 2));
    errno = atomic_load(&disk_errno);
    return -1;
}

errc file_write_all(int fd, const void *bytes, size_t size, struct why *why)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t written = fuse_burn(&disk_fuse) ? torture_write(fd, at, size) : write(fd, at, size);
        if (written < 0 && errno == EINTR) { /* not covered: a signal in between */
            continue;
        }
        if (written < 0) {
            return fail_errno(why, errno, "write");
        }
        at += written;
        size -= (size_t)written;
    }
    return OK;
}

static int sync_fd(int fd)
{
    if (fuse_burn(&disk_fuse)) {
        errno = atomic_load(&disk_errno);
        return -1;
    }
    return fsync(fd);
}

errc file_sync(int fd, struct why *why)
{
    return sync_fd(fd) == 0 ? OK : fail_errno(why, errno, "sync");
}

errc file_sync_folder(const char *folder, struct why *why)
{
    AUTO(file_close) int fd = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (fd < 0) {
        return fail_errno(why, errno, "open folder %s", folder);
    }
    if (sync_fd(fd) != 0 && errno != EINVAL) { /* EINVAL: a file system that knows no such thing */
        return fail_errno(why, errno, "sync folder %s", folder);
    }
    return OK;
}

/* The folder that holds the last part of a path below PATH_MAX, into an array of PATH_MAX. */
static void folder_of(const char *of, char *folder)
{
    str path = str_of(of);
    while (path.len > 1 && path.at[path.len - 1] == '/') {
        path.len--;
    }
    while (path.len > 0 && path.at[path.len - 1] != '/') {
        path.len--;
    }
    while (path.len > 1 && path.at[path.len - 1] == '/') {
        path.len--;
    }
    ENSURE(str_to_array(path.len == 0 ? S(".") : path, folder, PATH_MAX));
}

static errc write_and_sync(int fd, str bytes, unsigned mode, struct why *why)
{
    if (fchmod(fd, (mode_t)mode) != 0) { /* not covered: file systems without modes */
        return fail_errno(why, errno, "mode");
    }
    TRY(file_write_all(fd, bytes.at, bytes.len, why));
    return file_sync(fd, why);
}

errc file_write(const char *path, str bytes, unsigned mode, struct why *why)
{
    char folder[PATH_MAX];
    char temporary[PATH_MAX];
    if (strlen(path) + sizeof SUFFIX > sizeof temporary) {
        return fail(why, ERR_INVALID, "path of %zu bytes", strlen(path));
    }
    folder_of(path, folder);
    ignore_int(snprintf(temporary, sizeof temporary, "%s" SUFFIX, path));
    AUTO(file_close) int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        return fail_errno(why, errno, "create %s", temporary);
    }
    errc rc = write_and_sync(fd, bytes, mode, why);
    if (rc == OK && rename(temporary, path) != 0) {
        rc = fail_errno(why, errno, "rename");
    }
    if (rc != OK) {
        ignore_int(unlink(temporary)); /* what failed is reported; rubbish is the lesser evil */
        return fail_in(why, rc, "%s", path);
    }
    return file_sync_folder(folder, why);
}

/* One folder, whose parent is there. */
static errc make_one(const char *path, unsigned mode, struct why *why)
{
    if (mkdir(path, (mode_t)mode) == 0) {
        char parent[PATH_MAX];
        folder_of(path, parent);
        return file_sync_folder(parent, why);
    }
    struct stat facts;
    if (errno == EEXIST && stat(path, &facts) == 0) {
        return S_ISDIR(facts.st_mode) ? OK : fail(why, ERR_EXISTS, "%s is not a folder", path);
    }
    return fail_errno(why, errno, "make folder %s", path);
}

errc file_make_folder(const char *path, unsigned mode, struct why *why)
{
    char part[PATH_MAX];
    if (path[0] == '\0' || !str_to_array(str_of(path), part, sizeof part)) {
        return fail(why, ERR_INVALID, "path of %zu bytes", strlen(path));
    }
    for (size_t i = 1; part[i] != '\0'; i++) {
        if (part[i] == '/') {
            part[i] = '\0';
            TRY(make_one(part, mode, why));
            part[i] = '/';
        }
    }
    return make_one(part, mode, why);
}

static void close_listing(DIR **listing)
{
    ignore_int(closedir(*listing));
}

static errc remove_at(int folder, const char *name, int depth, struct why *why);

/* Takes take_fd. */
static errc empty_folder(int take_fd, int depth, struct why *why)
{
    DIR *opened = fdopendir(take_fd);
    if (opened == NULL) { /* not covered: its allocation is not ours to make fail */
        errc rc = fail_errno(why, errno, "list");
        file_close(&take_fd);
        return rc;
    }
    AUTO(close_listing) DIR *listing = opened;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(listing);
        if (entry == NULL) {
            int number = errno;
            return number == 0 ? OK
                               : fail_errno(why, number, "list"); /* not covered: a broken disk */
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            TRY(remove_at(dirfd(listing), entry->d_name, depth + 1, why));
        }
    }
}

static errc remove_at(int folder, const char *name, int depth, struct why *why)
{
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) {
        return OK;
    }
    if (errno != EISDIR && errno != EPERM) { /* EPERM: how POSIX says that it is a folder */
        return fail_errno(why, errno, "remove %s", name);
    }
    if (depth == TREE_DEPTH) {
        return fail(why, ERR_INVALID, "%s: folders nested too deeply", name);
    }
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW);
    if (fd < 0) {
        return fail_errno(why, errno, "open %s", name);
    }
    TRY(empty_folder(fd, depth, why));
    if (unlinkat(folder, name, AT_REMOVEDIR) != 0) {
        return fail_errno(why, errno, "remove folder %s", name);
    }
    return OK;
}

errc file_remove_tree(const char *path, struct why *why)
{
    if (strspn(path, "/") == strlen(path)) {
        return fail(why, ERR_INVALID, "\"%s\" is not ours to remove", path);
    }
    errc rc = remove_at(AT_FDCWD, path, 0, why);
    return fail_in(why, rc, "remove %s", path);
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Files at the edge: bounded reading, and writing that is either whole and durable or not there
 * (temporary name, sync, rename, sync of the folder). */
#ifndef LOA_BASE_FILE_H
#define LOA_BASE_FILE_H

#include "base/str.h"

void file_close(int *fd); /* for AUTO; keeps errno; -1 is nothing */
CHECKED errc file_read(const char *path, size_t most, struct buf *out, struct why *why);
CHECKED errc file_write(const char *path, str bytes, unsigned mode, struct why *why);
CHECKED errc file_write_all(int fd, const void *bytes, size_t size, struct why *why);
CHECKED errc file_sync(int fd, struct why *why);
CHECKED errc file_sync_folder(const char *folder, struct why *why);
/* Makes the folder and its parents; an existing folder is fine. */
CHECKED errc file_make_folder(const char *path, unsigned mode, struct why *why);
CHECKED errc file_remove_tree(const char *path, struct why *why);
bool file_exists(const char *path);

/* Torture: the n-th write or sync from now fails once with the given errno (ENOSPC, EIO), a write
 * after half its bytes; 0 switches it off. For tests only. */
void file_torture(unsigned long nth, int error_number);
int file_torture_hit(void);

#endif

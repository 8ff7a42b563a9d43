/* Files at the edge: bounded reading, and writing that is either whole and durable or not there
 * (temporary name, sync, rename, sync of the folder). All calls wait for the disk: workers only,
 * never the loop's thread. Errors: ERR_NOT_FOUND, ERR_EXISTS, ERR_DISK_FULL, ERR_TOO_BIG,
 * ERR_NO_MEMORY, ERR_INVALID (not the kind of file it should be), ERR_IO. */
#ifndef LOA_BASE_FILE_H
#define LOA_BASE_FILE_H

#include "base/str.h"

void file_close(int *fd); /* for AUTO; keeps errno; -1 is nothing */
/* Appends a regular file of at most `most` bytes; on failure `out` holds what it held before. */
CHECKED errc file_read(const char *path, size_t most, struct buf *out, struct why *why);
/* Replaces or creates, with exactly this mode. When only the last sync (of the folder) fails, the
 * whole new file may stand there already. */
CHECKED errc file_write(const char *path, str bytes, unsigned mode, struct why *why);
CHECKED errc file_write_all(int fd, const void *bytes, size_t size, struct why *why);
/* After a failed sync nothing is known of the bytes: write the file anew, do not sync again. */
CHECKED errc file_sync(int fd, struct why *why);
CHECKED errc file_sync_folder(const char *folder, struct why *why);
/* Makes the folder and its parents, durably; an existing folder is fine. */
CHECKED errc file_make_folder(const char *path, unsigned mode, struct why *why);
/* Removes a file or a folder with all it holds; links are removed, not followed. Nothing there is
 * fine. */
CHECKED errc file_remove_tree(const char *path, struct why *why);
bool file_exists(const char *path);

/* Torture: the n-th write or sync from now fails once with the given errno (ENOSPC, EIO), a write
 * after half its bytes; 0 switches it off. For tests only; base/torture.h drives it. */
void file_torture(unsigned long nth, int error_number);
bool file_torture_hit(void);

#endif

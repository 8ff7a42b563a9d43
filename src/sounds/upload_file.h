/* The bytes of uploads: one file each, named after its number, in a folder of their own. All calls
 * wait for the disk: workers only. */
#ifndef LOA_SOUNDS_UPLOAD_FILE_H
#define LOA_SOUNDS_UPLOAD_FILE_H

#include "sounds/upload.h"

/* Writes the piece at its place and syncs it. Nothing is cut off behind it: a late twin of a piece
 * that was acknowledged must not take away what came after. */
CHECKED errc upload_file_keep(const char *folder, int64_t id, int64_t at, str piece,
                              struct why *why);
/* For reading; the caller's to close. ERR_NOT_FOUND; ERR_CORRUPT: shorter than `kept`. */
CHECKED errc upload_file_open(const char *folder, int64_t id, int64_t kept, int *ret_fd,
                              struct why *why);
/* Removes the files of uploads that are not among `known` (in order). A file that was written after
 * `before` stays: its upload may have begun after the list was made. No folder is fine. */
CHECKED errc upload_files_sweep(const char *folder, struct upload_ids known, usec before,
                                int64_t *ret_gone, struct why *why);

#endif

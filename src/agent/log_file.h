/* A device's log on its disk: files of entries in the folder "log", each named by the number before
 * its first entry and beginning with the chain's head there. Behind every entry stand eight bytes
 * of the head after it, so that a torn end is seen and cut, and a flipped bit anywhere is found
 * when the log is opened. What the server keeps is removed when there is need of room, a file at a
 * time.
 *
 * What must never happen: that an entry which was handed out (and so may have been sent) is not
 * there after a power cut. Reading therefore syncs first. */
#ifndef LOA_AGENT_LOG_FILE_H
#define LOA_AGENT_LOG_FILE_H

#include "agent/device_log.h"
#include "agent/disk.h"

struct log_file;

/* The disk must outlive it. `most`: bytes of all files; past it, adding is ERR_DISK_FULL unless the
 * server keeps the oldest. */
CHECKED errc log_file_open(const struct disk *disk, hash device_key, uint64_t most,
                           struct log_file **ret_file, struct why *why);
void log_file_close(struct log_file *file); /* accepts null; syncs nothing */
struct device_log log_file_log(struct log_file *file);
CHECKED errc log_file_sync(struct log_file *file, struct why *why);
/* Files in the middle were damaged, and everything before the damage was given up. */
bool log_file_was_mended(const struct log_file *file);

#endif

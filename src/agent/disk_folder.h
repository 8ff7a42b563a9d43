/* A folder of the real file system. */
#ifndef LOA_AGENT_DISK_FOLDER_H
#define LOA_AGENT_DISK_FOLDER_H

#include "agent/disk.h"

struct disk_folder;

/* Makes the folder and the named folders in it (a null-ended list) when they are not there. */
CHECKED errc disk_folder_open(const char *path, const char *const *folders,
                              struct disk_folder **ret_folder, struct why *why);
void disk_folder_close(struct disk_folder *folder); /* accepts null */
struct disk disk_folder_disk(struct disk_folder *folder);

/* Whether a folder stands there, and not a link to one: what a stranger brings leads nowhere else.
 */
CHECKED bool disk_folder_is_plain(const char *path);

#endif

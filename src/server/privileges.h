/* Giving up what the server no longer needs once its ports are open. */
#ifndef LOA_SERVER_PRIVILEGES_H
#define LOA_SERVER_PRIVILEGES_H

#include "base/base.h"

/* Raises the soft limit of open files to the hard one; returns what holds now. */
uint64_t privileges_raise_files(void);
/* A peer that left and a file that may not grow are errors of a call, not the end of the program.
 */
void privileges_ignore_signals(void);
/* Becomes this system user before anything is opened (when started as root; an empty name keeps the
 * user), keeping only the capability to open low ports. */
CHECKED errc privileges_become(const char *user, struct why *why);
/* Once the ports are open: gives that up too, and forbids that any program started from here gains
 * privileges. */
CHECKED errc privileges_drop(struct why *why);
/* Hands a folder (not what is in it) to the user, before dropping. */
CHECKED errc privileges_give_folder(const char *folder, const char *user, struct why *why);

#endif

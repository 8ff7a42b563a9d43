/* Telling systemd that the server is ready, alive, or stopping. Without systemd: nothing. */
#ifndef LOA_SERVER_NOTIFY_H
#define LOA_SERVER_NOTIFY_H

#include "base/base.h"

void notify_send(const char *state); /* "READY=1" */
/* How often "WATCHDOG=1" is wanted; 0 when it is not. */
usec notify_watchdog(void);

#endif

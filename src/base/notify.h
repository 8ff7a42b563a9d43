/* Telling systemd that this program is ready, alive, or stopping. Without systemd: nothing. */
#ifndef LOA_BASE_NOTIFY_H
#define LOA_BASE_NOTIFY_H

#include "base/base.h"

/* "READY=1" to the socket that NOTIFY_SOCKET names; null: nobody listens. */
void notify_send(const char *path, const char *state);
/* How often "WATCHDOG=1" is wanted, from WATCHDOG_USEC and WATCHDOG_PID; 0 when it is not. */
usec notify_watchdog(const char *text, const char *whose);

#endif

/* Starting the signer (room `signer`) as a process of its own, before anything is opened, and
 * asking it. A keeper process starts the worker again when it dies; both end with the server. The
 * signer's key lies in a file of its own, read before the privileges of root are given up, so that
 * with a system user set the server itself cannot read it: docs/adr/0019. */
#ifndef LOA_SERVER_SIGNING_H
#define LOA_SERVER_SIGNING_H

#include "orders/signing.h"
#include "server/settings.h"

struct signing;

/* Before the first thread and the first open file. Makes the key file where there is none. */
CHECKED errc signing_start(const struct settings *settings, const char *folder,
                           struct signing **ret_signing, struct why *why);
void signing_stop(struct signing *signing); /* accepts null; waits for the processes */
/* The port borrows `signing`. */
struct order_signing signing_port(struct signing *signing);

#endif

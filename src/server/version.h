/* What this program is. */
#ifndef LOA_SERVER_VERSION_H
#define LOA_SERVER_VERSION_H

#include "server/app.h"

struct ask;

const char *version_text(void); /* "0.1.0" */
/* The body of GET /about. */
void version_write_about(const struct app *app, usec uptime, struct ask *ask);

#endif

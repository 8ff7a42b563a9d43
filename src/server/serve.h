/* Running: listens, serves, stops cleanly. */
#ifndef LOA_SERVER_SERVE_H
#define LOA_SERVER_SERVE_H

#include "server/app.h"

CHECKED errc serve(struct app *app, struct why *why);

#endif

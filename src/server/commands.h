/* What loa-server does for each command of its command line. */
#ifndef LOA_SERVER_COMMANDS_H
#define LOA_SERVER_COMMANDS_H

#include "server/app.h"

CHECKED errc command_run(const struct args *args, struct why *why);

/* One file each; the app has its settings and words, nothing is open. */
CHECKED errc command_demo(struct app *app, struct why *why);
CHECKED errc command_setup(struct app *app, struct why *why);
CHECKED errc command_account(struct app *app, struct why *why);
CHECKED errc command_keys(struct app *app, struct why *why);
CHECKED errc command_stick(struct app *app, struct why *why);
CHECKED errc command_backup(struct app *app, struct why *why);
CHECKED errc command_restore(struct app *app, struct why *why);
CHECKED errc command_verify(struct app *app, struct why *why);
CHECKED errc command_audit(struct app *app, struct why *why);

#endif

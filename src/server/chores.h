/* What must be done now and then: counts that no longer count, sessions that ended, accounts that
 * nobody used, audit lines past their time. Several servers may do it at once; each job is small
 * and safe to repeat. */
#ifndef LOA_SERVER_CHORES_H
#define LOA_SERVER_CHORES_H

#include "loop/loop.h"
#include "server/app.h"

struct chores;

struct chores *chores_start(struct app *app, struct loop *loop);
void chores_stop(struct chores *chores); /* accepts null */

#endif

/* What the files of signing in share; not for other rooms. */
#ifndef LOA_PEOPLE_LOGIN_INSIDE_H
#define LOA_PEOPLE_LOGIN_INSIDE_H

#include "people/login.h"

enum { LOGIN_ARENA = 64 * 1024, SESSION_AGENT_MOST = 256 };

/* One more failure under this key, written; or when its lock ends (0: it is not locked). */
CHECKED errc login_count(struct db *db, const struct account_job *job, hash key,
                         struct throttle *ret_throttle, struct why *why);
CHECKED errc login_waits(struct db *db, const struct account_job *job, hash key, usec *ret_until,
                         struct why *why);
CHECKED errc login_forgive(struct db *db, hash key, struct why *why);

#endif

/* An account that is not signed in, as an actor: for what somebody has allowed to be done in his
 * name, which ends with his rights. */
#ifndef LOA_PEOPLE_ACCOUNT_ACTOR_H
#define LOA_PEOPLE_ACCOUNT_ACTOR_H

#include "people/right.h"

struct db;

/* ERR_NOT_FOUND also when it is disabled. Texts and grants in the arena. */
CHECKED errc account_actor(struct db *db, int64_t id, usec now, day today, struct arena *arena,
                           struct actor *ret_actor, struct why *why);

#endif

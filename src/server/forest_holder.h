/* The units through time as everybody sees them: one immutable forest, replaced when units change.
 * Whoever asks gets a forest at least as new as the last change that was acknowledged here: the
 * store's watcher marks it stale before the change's answer leaves, and the next who asks loads it
 * anew on the connection that he has anyway. */
#ifndef LOA_SERVER_FOREST_HOLDER_H
#define LOA_SERVER_FOREST_HOLDER_H

#include "base/base.h"
#include "people/forest.h"

struct db;
struct forest_holder;

struct forest_holder *forest_holder_create(void);
void forest_holder_destroy(struct forest_holder *holder); /* accepts null */
/* Any thread; cheap. */
void forest_holder_stale(struct forest_holder *holder);
/* The caller drops it. Any thread of the store. */
CHECKED errc forest_holder_get(struct forest_holder *holder, struct db *db,
                               struct forest **ret_forest, struct why *why);

#endif

/* The forest that a server has in memory, kept up with the store. Each reading job asks for it and
 * pays one small statement for the version: what it sees is never older than its own snapshot of
 * the store, also when another server made the change. Any thread. */
#ifndef LOA_PEOPLE_UNIT_BOOK_H
#define LOA_PEOPLE_UNIT_BOOK_H

#include "people/forest.h"

struct db;
struct unit_book;

CHECKED errc unit_book_create(struct unit_book **ret_book);
void unit_book_destroy(struct unit_book *book); /* accepts null */

/* For reading jobs: the forest of the job's snapshot; the caller drops it. */
CHECKED errc unit_book_read(struct unit_book *book, struct db *db, struct forest **ret_forest,
                            struct why *why);
/* For writing jobs, before they write: the same, but what is not committed yet is not kept, for it
 * may never be. */
CHECKED errc unit_book_write(struct unit_book *book, struct db *db, struct forest **ret_forest,
                             struct why *why);
/* What was read last, or null; for whoever has no store at hand. The caller drops it. */
struct forest *unit_book_last(struct unit_book *book);

#endif

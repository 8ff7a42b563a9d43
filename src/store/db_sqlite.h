/* The SQLite driver from the inside, for the online backup. */
#ifndef LOA_STORE_DB_SQLITE_H
#define LOA_STORE_DB_SQLITE_H

#include "store/db_impl.h"

#include <sqlite3.h>

struct db_sqlite {
    struct db db; /* first: a struct db * is one of these */
    sqlite3 *handle;
    sqlite3_stmt **prepared;
};

/* Copies the database as it is in the open transaction of `db` into a new file, in steps with
 * pauses, while others write. */
struct db_sqlite_copy {
    const char *path;
    int step_pages;
    int pause_ms;
};
CHECKED errc db_sqlite_copy(struct db *db, const struct db_sqlite_copy *copy, struct why *why);

#endif

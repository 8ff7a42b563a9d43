/* Forward-only migrations: per room numbered from 1, rooms in their order, each in a transaction
 * of its own and recorded with the hash of its text. Refused: a migration that was changed after
 * it was applied (ERR_VERSION), a database that knows more than we do (ERR_VERSION). */
#ifndef LOA_STORE_MIGRATE_H
#define LOA_STORE_MIGRATE_H

#include "base/base.h"
#include "store/db.h"

enum { MIGRATION_SIZE_MOST = 1024 * 1024 };

struct db_rooms;

/* The text of a migration in one dialect:
 *   {{id}}     key that the database gives  INTEGER PRIMARY KEY    BIGINT … IDENTITY PRIMARY KEY
 *   {{int}}    i64, usec, day               INTEGER                BIGINT
 *   {{bool}}   bool (write TRUE, FALSE)     INTEGER                BOOLEAN
 *   {{text}}   str                          TEXT                   TEXT
 *   {{bytes}}  bytes, hash                  BLOB                   BYTEA
 *   {{double}} double                       REAL                   DOUBLE PRECISION
 *   {{strict}} behind a table's brackets    STRICT                 (nothing)
 * and lines between `-- only: sqlite` (or postgresql) and `-- end`. */
CHECKED errc migration_text(str text, bool postgresql, struct buf *out, struct why *why);

/* Applies what is missing; with `only_check` a missing one is ERR_VERSION instead. */
CHECKED errc migrate(struct db *db, const struct db_rooms *rooms, bool only_check, struct why *why);

#endif

/* The PostgreSQL driver from the inside: one connection, non-blocking, waited for with a limit. */
#ifndef LOA_STORE_DB_PG_H
#define LOA_STORE_DB_PG_H

#include "store/db_impl.h"

#include <libpq-fe.h>

struct db_pg {
    struct db db; /* first: a struct db * is one of these */
    PGconn *conn;
    bool *prepared; /* by slot */
    bool dead;      /* lost, or in a state that nobody knows: to be replaced */
};

static inline struct db_pg *pg_own(struct db *db)
{
    return (struct db_pg *)db;
}

/* The error of a result, or of the connection when result is null. */
errc pg_fail(struct db_pg *pg, const PGresult *result, struct why *why);
void pg_result_close(PGresult **result); /* for AUTO */

/* The next result of what was sent; null behind the last one. Past the deadline of the job the
 * connection is given up (ERR_TIMEOUT). */
CHECKED errc pg_next(struct db_pg *pg, PGresult **ret_result, struct why *why);
/* Reads to the end; the first error counts. `ret_first` may be null, else it is the caller's. */
CHECKED errc pg_finish_results(struct db_pg *pg, PGresult **ret_first, struct why *why);

/* Waits for announcements on a connection that listens, until `wake_fd` is readable or the time
 * is over, and shows each payload. ERR_STORE when the connection is lost. */
struct pg_heard {
    void (*on_payload)(void *ctx, const char *payload);
    void *ctx;
};
CHECKED errc db_pg_hear(struct db *db, int wake_fd, int wait_ms, const struct pg_heard *heard,
                        struct why *why);

#endif

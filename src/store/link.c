/* A connection of one thread that comes back by itself. What must never happen: that a vanished
 * database makes jobs wait, or that a herd of connections returns in the same instant. */
#include "store/store_impl.h"

#define PAUSE_FIRST (50 * USEC_SECOND / 1000)
#define PAUSE_MOST (5 * USEC_SECOND)
#define OPEN_LIMIT (10 * USEC_SECOND)

static errc open_db(struct link *link, struct db **ret_db, struct why *why)
{
    struct store *store = link->store;
    if (store->config.kind == STORE_SQLITE) {
        struct db_sqlite_open open = {
            .path = store->path,
            .rooms = &store->rooms,
            .pages_most = store->config.pages_most,
            .read_only = link->read_only,
        };
        return db_sqlite_open(&open, ret_db, why);
    }
    struct db_pg_open open = {
        .conninfo = store->conninfo,
        .rooms = &store->rooms,
        .read_only = link->read_only,
        .deadline = now_steady() + OPEN_LIMIT,
    };
    return db_pg_open(&open, ret_db, why);
}

errc link_open(struct link *link, struct why *why)
{
    struct db *db = NULL;
    TRY(open_db(link, &db, why));
    errc rc = db_prepare_all(db, why);
    if (rc != OK) {
        db_close(db);
        return rc;
    }
    link->db = db;
    link->pause = 0;
    return OK;
}

static void plan_next(struct link *link)
{
    usec pause = link->pause == 0 ? PAUSE_FIRST : link->pause * 2;
    link->pause = pause > PAUSE_MOST ? PAUSE_MOST : pause;
    usec jitter = (usec)entropy_below(entropy_seeded(&link->seed), (uint64_t)link->pause / 2);
    link->next_try = now_steady() + link->pause / 2 + jitter;
}

errc link_ready(struct link *link, struct why *why)
{
    if (link->db != NULL) {
        return OK;
    }
    if (now_steady() < link->next_try) {
        return fail(why, ERR_STORE, "the database is not reachable; another attempt follows");
    }
    struct why reason = {.text = ""};
    errc rc = link_open(link, &reason);
    if (rc != OK) {
        plan_next(link);
        return fail(why, ERR_STORE, "%.200s", reason.text);
    }
    atomic_fetch_add(&link->store->reconnect_count, 1);
    return OK;
}

void link_check(struct link *link)
{
    if (link->db != NULL && !link->db->driver->alive(link->db)) {
        link_close(link);
        link->next_try = 0;
    }
}

void link_close(struct link *link)
{
    db_close(link->db);
    link->db = NULL;
}

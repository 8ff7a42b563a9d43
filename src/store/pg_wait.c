/* Waiting for PostgreSQL, always with a limit, and what its errors mean to us. What must never
 * happen: a thread that hangs on a server which has gone, or an acknowledgement that was not one.
 */
#include "store/db_pg.h"

#include <errno.h>
#include <poll.h>

enum { WAIT_MOST_S = 3600 }; /* of work without a deadline: a migration */

struct state_error {
    const char *state; /* SQLSTATE, or its class */
    errc rc;
    bool transient;
};

/* The longer state stands before its class. */
static const struct state_error state_errors[] = {
    {"23505", ERR_EXISTS, false},    {"23503", ERR_CONFLICT, false},
    {"23P01", ERR_CONFLICT, false},  {"23", ERR_INVALID, false},
    {"22021", ERR_BAD_UTF8, false},  {"22P05", ERR_BAD_UTF8, false},
    {"22", ERR_INVALID, false},      {"40001", ERR_BUSY, true},
    {"40P01", ERR_BUSY, true},       {"55P03", ERR_BUSY, true},
    {"P0001", ERR_CONFLICT, false},  {"53100", ERR_DISK_FULL, false},
    {"53200", ERR_NO_MEMORY, false}, {"53", ERR_STORE, false},
    {"57014", ERR_TIMEOUT, false},   {"57", ERR_STORE, false},
    {"08", ERR_STORE, false},        {"25P03", ERR_STORE, false},
    {"58030", ERR_IO, false},        {"XX001", ERR_CORRUPT, false},
    {"XX002", ERR_CORRUPT, false},
};

void pg_result_close(PGresult **result)
{
    PQclear(*result);
    *result = NULL;
}

static void one_line(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ') {
        text[--len] = '\0';
    }
}

static errc fail_lost(struct db_pg *pg, struct why *why)
{
    pg->dead = true;
    ignore(fail(why, ERR_STORE, "%s", PQerrorMessage(pg->conn)));
    if (why != NULL) {
        one_line(why->text);
    }
    return ERR_STORE;
}

errc pg_fail(struct db_pg *pg, const PGresult *result, struct why *why)
{
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state == NULL || PQstatus(pg->conn) != CONNECTION_OK) {
        return fail_lost(pg, why);
    }
    errc rc = ERR_INTERNAL;
    bool transient = false;
    for (size_t i = 0; i < COUNT_OF(state_errors); i++) {
        const struct state_error *known = &state_errors[i];
        if (strncmp(state, known->state, strlen(known->state)) == 0) {
            rc = known->rc;
            transient = known->transient;
            break;
        }
    }
    pg->db.transient = pg->db.transient || transient;
    pg->dead = pg->dead || rc == ERR_STORE;
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    ignore(fail(why, rc, "%s (%s)", message == NULL ? "" : message, state));
    if (why != NULL) {
        one_line(why->text);
    }
    return rc;
}

/* Tells the server to stop, and gives the connection up: what it is in the middle of is not known.
 */
static errc give_up(struct db_pg *pg, struct why *why)
{
    PGcancel *cancel = PQgetCancel(pg->conn);
    if (cancel != NULL) {
        char text[128];
        ignore_int(PQcancel(cancel, text, sizeof text));
        PQfreeCancel(cancel);
    }
    pg->dead = true;
    return fail(why, ERR_TIMEOUT, "no answer before the deadline");
}

static int left_ms(usec until)
{
    usec left = until - now_steady();
    if (left <= 0) {
        return 0;
    }
    return left > USEC_MINUTE ? 60000 : (int)(left / 1000) + 1;
}

static errc wait_ready(struct db_pg *pg, usec until, bool writing, struct why *why)
{
    struct pollfd waited = {PQsocket(pg->conn), (short)(POLLIN | (writing ? POLLOUT : 0)), 0};
    int ms = left_ms(until);
    if (ms == 0) {
        return give_up(pg, why);
    }
    int ready = poll(&waited, 1, ms);
    if (ready < 0 && errno != EINTR) {
        return fail_lost(pg, why);
    }
    if (ready > 0 && PQconsumeInput(pg->conn) == 0) {
        return fail_lost(pg, why);
    }
    return OK;
}

errc pg_next(struct db_pg *pg, PGresult **ret_result, struct why *why)
{
    usec until = pg->db.deadline;
    until = until == 0 ? now_steady() + WAIT_MOST_S * USEC_SECOND : until;
    if (pg->dead) {
        return fail(why, ERR_STORE, "the connection is lost");
    }
    int unsent = PQflush(pg->conn);
    while (unsent > 0) {
        TRY(wait_ready(pg, until, true, why));
        unsent = PQflush(pg->conn);
    }
    if (unsent < 0) {
        return fail_lost(pg, why);
    }
    while (PQisBusy(pg->conn)) {
        TRY(wait_ready(pg, until, false, why));
    }
    *ret_result = PQgetResult(pg->conn);
    return OK;
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           status == PGRES_SINGLE_TUPLE || status == PGRES_EMPTY_QUERY;
}

errc pg_finish_results(struct db_pg *pg, PGresult **ret_first, struct why *why)
{
    AUTO(pg_result_close) PGresult *first = NULL;
    errc rc = OK;
    while (true) {
        AUTO(pg_result_close) PGresult *result = NULL;
        TRY(pg_next(pg, &result, why));
        if (result == NULL) {
            break;
        }
        if (!is_good(result) && rc == OK) {
            rc = pg_fail(pg, result, why);
        }
        if (first == NULL) {
            first = result;
            result = NULL;
        }
    }
    if (rc == OK && ret_first != NULL) {
        *ret_first = first;
        first = NULL;
    }
    return rc;
}

static void show_payloads(struct db_pg *pg, const struct pg_heard *heard)
{
    PGnotify *notify = PQnotifies(pg->conn);
    while (notify != NULL) {
        heard->on_payload(heard->ctx, notify->extra);
        PQfreemem(notify);
        notify = PQnotifies(pg->conn);
    }
}

errc db_pg_hear(struct db *db, int wake_fd, int wait_ms, const struct pg_heard *heard,
                struct why *why)
{
    struct db_pg *pg = pg_own(db);
    struct pollfd waited[] = {{PQsocket(pg->conn), POLLIN, 0}, {wake_fd, POLLIN, 0}};
    show_payloads(pg, heard);
    int ready = poll(waited, COUNT_OF(waited), wait_ms);
    if (ready < 0 && errno != EINTR) {
        return fail_lost(pg, why);
    }
    if (waited[0].revents != 0 && PQconsumeInput(pg->conn) == 0) {
        return fail_lost(pg, why);
    }
    show_payloads(pg, heard);
    return PQstatus(pg->conn) == CONNECTION_OK ? OK : fail_lost(pg, why);
}

/* The PostgreSQL driver: a connection with every statement prepared, parameters and rows in the
 * binary format. Rows of a `many` stream one by one; a batch goes as arrays through unnest(), one
 * round trip and one plan for all its rows. */
#include "store/db_pg.h"

#include "store/control_sql.h"
#include "store/pg_value.h"

enum { NAME_SIZE = 24 };

static errc sent(struct db_pg *pg, int ok, struct why *why)
{
    return ok == 1 ? OK : pg_fail(pg, NULL, why);
}

static errc check_alive(const struct db_pg *pg, struct why *why)
{
    return pg->dead ? fail(why, ERR_STORE, "the connection is lost") : OK;
}

static errc pg_text(struct db *db, const char *text, struct why *why)
{
    struct db_pg *pg = pg_own(db);
    TRY(check_alive(pg, why));
    TRY(sent(pg, PQsendQuery(pg->conn, text), why));
    return pg_finish_results(pg, NULL, why);
}

/* PostgreSQL answers COMMIT of a failed transaction with success and the word ROLLBACK. */
static errc pg_words(struct db *db, const struct db_words *words, struct why *why)
{
    struct db_pg *pg = pg_own(db);
    AUTO(pg_result_close) PGresult *first = NULL;
    TRY(check_alive(pg, why));
    TRY(sent(pg, PQsendQuery(pg->conn, words->postgresql), why));
    TRY(pg_finish_results(pg, &first, why));
    if (words == &control_commit && strcmp(PQcmdStatus(first), "COMMIT") != 0) {
        return fail(why, ERR_INTERNAL, "the commit became a rollback");
    }
    return OK;
}

static void statement_name(char prefix, size_t slot, char name[NAME_SIZE])
{
    ignore_int(snprintf(name, NAME_SIZE, "%c%zu", prefix, slot));
}

static errc check_columns(const PGresult *described, const struct db_statement *statement,
                          struct why *why)
{
    int count = PQnfields(described);
    if ((size_t)count != statement->out_count) {
        return fail(why, ERR_INTERNAL, "answers %d columns, %zu are declared", count,
                    statement->out_count);
    }
    for (int i = 0; i < count; i++) {
        const struct db_field *field = &statement->out[i];
        if (strcmp(PQfname(described, i), field->name) != 0) {
            return fail(why, ERR_INTERNAL, "column %d is named %s, declared %s", i + 1,
                        PQfname(described, i), field->name);
        }
        if (!pg_type_fits(PQftype(described, i), field->type)) {
            return fail(why, ERR_INTERNAL,
                        "column %s has the type %u, which is not what is "
                        "declared (a sum of BIGINT wants a cast)",
                        field->name, PQftype(described, i));
        }
    }
    return OK;
}

static errc prepare_named(struct db_pg *pg, const char *name, const char *text,
                          const Oid types[DB_FIELDS], size_t count, struct why *why)
{
    TRY(sent(pg, PQsendPrepare(pg->conn, name, text, (int)count, types), why));
    return pg_finish_results(pg, NULL, why);
}

static errc pg_prepare(struct db *db, size_t slot, const struct db_statement *statement,
                       struct why *why)
{
    struct db_pg *pg = pg_own(db);
    char name[NAME_SIZE];
    Oid types[DB_FIELDS] = {0};
    AUTO(pg_result_close) PGresult *described = NULL;
    if (pg->prepared[slot]) {
        return OK;
    }
    TRY(check_alive(pg, why));
    for (size_t i = 0; i < statement->in_count; i++) {
        types[i] = pg_type(statement->in[i].type);
    }
    statement_name('s', slot, name);
    TRY(prepare_named(pg, name, statement->postgresql, types, statement->in_count, why));
    TRY(sent(pg, PQsendDescribePrepared(pg->conn, name), why));
    TRY(pg_finish_results(pg, &described, why));
    TRY(check_columns(described, statement, why));
    if (statement->postgresql_rows != NULL) {
        for (size_t i = 0; i < statement->in_count; i++) {
            types[i] = pg_array_type(statement->in[i].type);
        }
        statement_name('b', slot, name);
        TRY(prepare_named(pg, name, statement->postgresql_rows, types, statement->in_count, why));
    }
    pg->prepared[slot] = true;
    return OK;
}

static errc send_statement(struct db_pg *pg, size_t slot, const struct db_statement *statement,
                           const void *in, struct why *why)
{
    char name[NAME_SIZE];
    struct pg_params params;
    TRY(check_alive(pg, why));
    if (!pg->prepared[slot]) {
        return fail(why, ERR_INTERNAL, "the statement is not prepared");
    }
    TRY(pg_params_fill(statement, in, &params, why));
    statement_name('s', slot, name);
    int ok = PQsendQueryPrepared(pg->conn, name, (int)statement->in_count, params.values,
                                 params.lengths, params.formats, 1);
    return sent(pg, ok, why);
}

static errc read_row(const PGresult *result, int at, const struct db_statement *statement,
                     const struct db_rows *rows, struct why *why)
{
    memset(rows->row, 0, statement->out_size);
    for (int i = 0; i < (int)statement->out_count; i++) {
        struct db_value value = {.kind = DB_VALUE_NULL};
        if (PQgetisnull(result, at, i) == 0) {
            str bytes = {PQgetvalue(result, at, i), (size_t)PQgetlength(result, at, i)};
            TRY(pg_value_read(PQftype(result, i), bytes, &value, why));
        }
        TRY(db_field_read(&statement->out[i], &value, rows->row, why));
    }
    return rows->on_row(rows->ctx, rows->row);
}

/* Receives until the end even when a row was refused: the connection must come out clean. */
static errc pg_rows(struct db *db, size_t slot, const struct db_statement *statement,
                    const struct db_rows *rows, struct why *why)
{
    struct db_pg *pg = pg_own(db);
    errc rc = OK;
    TRY(send_statement(pg, slot, statement, rows->in, why));
    if (rows->stream && PQsetSingleRowMode(pg->conn) != 1) {
        return pg_fail(pg, NULL, why);
    }
    while (true) {
        AUTO(pg_result_close) PGresult *result = NULL;
        struct why late;
        TRY(pg_next(pg, &result, rc == OK ? why : &late));
        if (result == NULL) {
            return rc;
        }
        ExecStatusType status = PQresultStatus(result);
        if (rc == OK && status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK) {
            rc = pg_fail(pg, result, why);
        }
        for (int i = 0; rc == OK && i < PQntuples(result); i++) {
            rc = read_row(result, i, statement, rows, why);
        }
    }
}

static errc pg_change(struct db *db, size_t slot, const struct db_statement *statement,
                      const void *in, int64_t *ret_changed, struct why *why)
{
    struct db_pg *pg = pg_own(db);
    AUTO(pg_result_close) PGresult *first = NULL;
    TRY(send_statement(pg, slot, statement, in, why));
    TRY(pg_finish_results(pg, &first, why));
    if (!str_to_i64(str_of(PQcmdTuples(first)), ret_changed)) {
        *ret_changed = 0;
    }
    return OK;
}

struct columns {
    struct buf list[DB_FIELDS];
    size_t count;
};

static void finish_columns(struct columns *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        buf_finish(&columns->list[i]);
    }
}

static errc pg_batch(struct db *db, size_t slot, const struct db_statement *statement,
                     const struct db_batch_rows *rows, struct why *why)
{
    struct db_pg *pg = pg_own(db);
    char name[NAME_SIZE];
    struct pg_params params;
    AUTO(finish_columns) struct columns columns = {.count = 0};
    TRY(check_alive(pg, why));
    if (statement->postgresql_rows == NULL || !pg->prepared[slot]) {
        return fail(why, ERR_INTERNAL, "the statement has no form for many rows");
    }
    for (size_t i = 0; i < statement->in_count; i++) {
        struct buf *column = &columns.list[i];
        buf_init(column, PG_BATCH_BYTES);
        columns.count = i + 1;
        TRY(pg_array_fill(statement, i, rows, column, why));
        params.values[i] = column->at;
        params.lengths[i] = (int)column->len;
        params.formats[i] = 1;
    }
    statement_name('b', slot, name);
    TRY(sent(pg,
             PQsendQueryPrepared(pg->conn, name, (int)statement->in_count, params.values,
                                 params.lengths, params.formats, 1),
             why));
    return pg_finish_results(pg, NULL, why);
}

static bool pg_in_transaction(struct db *db)
{
    struct db_pg *pg = pg_own(db);
    PGTransactionStatusType status = PQtransactionStatus(pg->conn);
    return !pg->dead && (status == PQTRANS_INTRANS || status == PQTRANS_INERROR);
}

static bool pg_alive(struct db *db)
{
    struct db_pg *pg = pg_own(db);
    return !pg->dead && PQstatus(pg->conn) == CONNECTION_OK;
}

static void pg_close(struct db *db)
{
    struct db_pg *pg = pg_own(db);
    PQfinish(pg->conn);
    mem_give(pg->prepared);
    mem_give(pg);
}

static const struct db_driver pg_driver = {
    .words = pg_words,
    .text = pg_text,
    .prepare = pg_prepare,
    .rows = pg_rows,
    .change = pg_change,
    .batch = pg_batch,
    .in_transaction = pg_in_transaction,
    .alive = pg_alive,
    .close = pg_close,
    .postgresql = true,
};

static void drop_notice(void *ctx, const PGresult *result)
{
    (void)ctx;
    (void)result;
}

static errc set_up(struct db_pg *pg, bool read_only, struct why *why)
{
    if (PQstatus(pg->conn) != CONNECTION_OK || PQsetnonblocking(pg->conn, 1) != 0) {
        return pg_fail(pg, NULL, why);
    }
    ignore_int(PQsetNoticeReceiver(pg->conn, drop_notice, NULL) == NULL);
    TRY(db_words(&pg->db, &control_connection, why));
    return read_only ? db_words(&pg->db, &control_query_only, why) : OK;
}

static void close_half(struct db **db)
{
    db_close(*db);
}

errc db_pg_open(const struct db_pg_open *open, struct db **ret_db, struct why *why)
{
    static const char *const keys[] = {"connect_timeout", "keepalives_idle",  "tcp_user_timeout",
                                       "dbname",          "application_name", NULL};
    const char *const values[] = {"3", "10", "10000", open->conninfo, "loa", NULL};
    struct db_pg *pg = mem_take(sizeof *pg);
    pg->db.driver = &pg_driver;
    pg->db.rooms = open->rooms;
    pg->db.deadline = open->deadline;
    pg->prepared = mem_take_array(open->rooms->slots, sizeof(bool));
    AUTO(close_half) struct db *db = &pg->db;
    pg->conn = PQconnectdbParams(keys, values, 1);
    if (pg->conn == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for a connection");
    }
    TRY(set_up(pg, open->read_only, why));
    *ret_db = db;
    db = NULL;
    return OK;
}

/* The SQLite driver: WAL, synchronous FULL, every statement prepared once per connection. A grave
 * error (full disk, broken file, interrupted change) may end the whole transaction by itself;
 * in_transaction tells, and the writer acts on it. */
#include "store/db_sqlite.h"
#include "store/control_sql.h"

#include <errno.h>
#include <poll.h>

enum {
    BUSY_MS = 5000, /* another process holds the write lock: a command, a backup */
    URI_SIZE = 4096,
    PROGRESS_STEPS = 20000, /* instructions between two looks at the clock, well under 1 ms */
};

static struct db_sqlite *own(struct db *db)
{
    return (struct db_sqlite *)db;
}

static errc constraint_error(int extended)
{
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ERR_EXISTS;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
    case SQLITE_CONSTRAINT_TRIGGER:
        return ERR_CONFLICT;
    default:
        return ERR_INVALID;
    }
}

static errc io_error(sqlite3 *handle)
{
    int number = sqlite3_system_errno(handle);
    return number == ENOSPC || number == EDQUOT ? ERR_DISK_FULL : ERR_IO;
}

static errc map_error(sqlite3 *handle, int code)
{
    int extended = sqlite3_extended_errcode(handle);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return constraint_error(extended);
    case SQLITE_FULL:
        return ERR_DISK_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_CORRUPT;
    case SQLITE_IOERR:
        return io_error(handle);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_INTERRUPT:
        return ERR_TIMEOUT;
    case SQLITE_NOMEM:
        return ERR_NO_MEMORY;
    case SQLITE_TOOBIG:
        return ERR_TOO_BIG;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return ERR_STORE;
    case SQLITE_MISMATCH:
        return ERR_INVALID;
    default:
        return ERR_INTERNAL;
    }
}

static errc fail_sqlite(struct db *db, int code, struct why *why)
{
    sqlite3 *handle = own(db)->handle;
    errc rc = map_error(handle, code);
    return fail(why, rc, "%s (%d)", sqlite3_errmsg(handle), sqlite3_extended_errcode(handle));
}

static int past_deadline(void *ctx)
{
    const struct db *db = ctx;
    return db->deadline != 0 && now_steady() >= db->deadline;
}

static errc run_text(struct db *db, const char *text, struct why *why)
{
    int code = sqlite3_exec(own(db)->handle, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : fail_sqlite(db, code, why);
}

static errc sqlite_words(struct db *db, const struct db_words *words, struct why *why)
{
    return run_text(db, words->sqlite, why);
}

/* The row that a statement answers has the declared columns, in their order. */
static errc check_columns(sqlite3_stmt *prepared, const struct db_statement *statement,
                          struct why *why)
{
    int count = sqlite3_column_count(prepared);
    if ((size_t)count != statement->out_count) {
        return fail(why, ERR_INTERNAL, "answers %d columns, %zu are declared", count,
                    statement->out_count);
    }
    for (int i = 0; i < count; i++) {
        const char *name = sqlite3_column_name(prepared, i);
        if (name == NULL || strcmp(name, statement->out[i].name) != 0) {
            return fail(why, ERR_INTERNAL, "column %d is named %s, declared %s", i + 1,
                        name == NULL ? "" : name, statement->out[i].name);
        }
    }
    return OK;
}

static errc sqlite_prepare(struct db *db, size_t slot, const struct db_statement *statement,
                           struct why *why)
{
    struct db_sqlite *sqlite = own(db);
    if (sqlite->prepared[slot] != NULL) {
        return OK;
    }
    int code = sqlite3_prepare_v3(sqlite->handle, statement->sqlite, -1, SQLITE_PREPARE_PERSISTENT,
                                  &sqlite->prepared[slot], NULL);
    if (code != SQLITE_OK) {
        return fail_sqlite(db, code, why);
    }
    return check_columns(sqlite->prepared[slot], statement, why);
}

static int bind_value(sqlite3_stmt *prepared, int at, const struct db_value *value)
{
    switch (value->kind) {
    case DB_VALUE_NULL:
        return sqlite3_bind_null(prepared, at);
    case DB_VALUE_INT:
        return sqlite3_bind_int64(prepared, at, value->number);
    case DB_VALUE_DOUBLE:
        return sqlite3_bind_double(prepared, at, value->real);
    case DB_VALUE_TEXT:
        return sqlite3_bind_text64(prepared, at, value->bytes.at, value->bytes.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case DB_VALUE_BYTES:
        return sqlite3_bind_blob64(prepared, at, value->bytes.at, value->bytes.len, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static errc bind_all(struct db *db, sqlite3_stmt *prepared, const struct db_statement *statement,
                     const void *in, struct why *why)
{
    for (size_t i = 0; i < statement->in_count; i++) {
        struct db_value value = {.kind = DB_VALUE_NULL};
        TRY(db_field_write(&statement->in[i], in, &value, why));
        int code = bind_value(prepared, (int)i + 1, &value);
        if (code != SQLITE_OK) {
            return fail_sqlite(db, code, why);
        }
    }
    return OK;
}

/* Statements are found in `prepared` by slot; a statement in use is one that recursed. */
static errc take_statement(struct db *db, size_t slot, sqlite3_stmt **ret_prepared, struct why *why)
{
    sqlite3_stmt *prepared = own(db)->prepared[slot];
    if (prepared == NULL || sqlite3_stmt_busy(prepared)) {
        return fail(why, ERR_INTERNAL, "the statement is %s",
                    prepared == NULL ? "not prepared" : "in use");
    }
    *ret_prepared = prepared;
    return OK;
}

static void give_statement(sqlite3_stmt **prepared)
{
    if (*prepared != NULL) {
        ignore_int(sqlite3_reset(*prepared));
        ignore_int(sqlite3_clear_bindings(*prepared)); /* the views bound die with the call */
    }
}

static void read_column(sqlite3_stmt *prepared, int at, struct db_value *value)
{
    switch (sqlite3_column_type(prepared, at)) {
    case SQLITE_INTEGER:
        value->kind = DB_VALUE_INT;
        value->number = sqlite3_column_int64(prepared, at);
        break;
    case SQLITE_FLOAT:
        value->kind = DB_VALUE_DOUBLE;
        value->real = sqlite3_column_double(prepared, at);
        break;
    case SQLITE_TEXT:
        value->kind = DB_VALUE_TEXT;
        value->bytes.at = (const char *)sqlite3_column_text(prepared, at);
        value->bytes.len = (size_t)sqlite3_column_bytes(prepared, at);
        break;
    case SQLITE_BLOB:
        value->kind = DB_VALUE_BYTES;
        value->bytes.at = sqlite3_column_blob(prepared, at);
        value->bytes.len = (size_t)sqlite3_column_bytes(prepared, at);
        break;
    default:
        value->kind = DB_VALUE_NULL;
    }
}

static errc read_row(sqlite3_stmt *prepared, const struct db_statement *statement,
                     const struct db_rows *rows, struct why *why)
{
    memset(rows->row, 0, statement->out_size);
    for (size_t i = 0; i < statement->out_count; i++) {
        struct db_value value = {.kind = DB_VALUE_NULL};
        read_column(prepared, (int)i, &value);
        TRY(db_field_read(&statement->out[i], &value, rows->row, why));
    }
    return rows->on_row(rows->ctx, rows->row);
}

static errc sqlite_rows(struct db *db, size_t slot, const struct db_statement *statement,
                        const struct db_rows *rows, struct why *why)
{
    AUTO(give_statement) sqlite3_stmt *prepared = NULL;
    TRY(take_statement(db, slot, &prepared, why));
    TRY(bind_all(db, prepared, statement, rows->in, why));
    int code = sqlite3_step(prepared);
    while (code == SQLITE_ROW) {
        TRY(read_row(prepared, statement, rows, why));
        code = sqlite3_step(prepared);
    }
    return code == SQLITE_DONE ? OK : fail_sqlite(db, code, why);
}

static errc sqlite_change(struct db *db, size_t slot, const struct db_statement *statement,
                          const void *in, int64_t *ret_changed, struct why *why)
{
    AUTO(give_statement) sqlite3_stmt *prepared = NULL;
    TRY(take_statement(db, slot, &prepared, why));
    TRY(bind_all(db, prepared, statement, in, why));
    int code = sqlite3_step(prepared);
    if (code != SQLITE_DONE) {
        return fail_sqlite(db, code, why);
    }
    *ret_changed = sqlite3_changes64(own(db)->handle);
    return OK;
}

/* Every parameter is bound anew for each row, so the bindings are cleared only at the end. */
static errc sqlite_batch(struct db *db, size_t slot, const struct db_statement *statement,
                         const struct db_batch_rows *rows, struct why *why)
{
    AUTO(give_statement) sqlite3_stmt *prepared = NULL;
    TRY(take_statement(db, slot, &prepared, why));
    for (size_t i = 0; i < rows->count; i++) {
        const unsigned char *in = (const unsigned char *)rows->in + i * statement->in_size;
        TRY(bind_all(db, prepared, statement, in, why));
        int code = sqlite3_step(prepared);
        if (code != SQLITE_DONE) {
            return fail_sqlite(db, code, why);
        }
        ignore_int(sqlite3_reset(prepared));
    }
    return OK;
}

static bool sqlite_in_transaction(struct db *db)
{
    return sqlite3_get_autocommit(own(db)->handle) == 0;
}

static bool sqlite_alive(struct db *db)
{
    (void)db;
    return true; /* a file does not go away under an open descriptor */
}

static void sqlite_close(struct db *db)
{
    struct db_sqlite *sqlite = own(db);
    for (size_t i = 0; i < db->rooms->slots; i++) {
        ignore_int(sqlite3_finalize(sqlite->prepared[i]));
    }
    ignore_int(sqlite3_close(sqlite->handle));
    mem_give(sqlite->prepared);
    mem_give(sqlite);
}

static const struct db_driver sqlite_driver = {
    .words = sqlite_words,
    .text = run_text,
    .prepare = sqlite_prepare,
    .rows = sqlite_rows,
    .change = sqlite_change,
    .batch = sqlite_batch,
    .in_transaction = sqlite_in_transaction,
    .alive = sqlite_alive,
    .close = sqlite_close,
    .postgresql = false,
};

static bool is_read_only(const struct db_sqlite_open *open)
{
    return open->read_only || open->immutable;
}

static errc set_up(struct db *db, const struct db_sqlite_open *open, struct why *why)
{
    sqlite3 *handle = own(db)->handle;
    ignore_int(sqlite3_extended_result_codes(handle, 1));
    ignore_int(sqlite3_busy_timeout(handle, BUSY_MS));
    sqlite3_progress_handler(handle, PROGRESS_STEPS, past_deadline, db);
    ignore_int(sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL));
    ignore_int(sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL));
    ignore_int(sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL));
    if (!is_read_only(open)) {
        TRY(db_words(db, &control_new_database, why));
    }
    TRY(db_words(db, &control_connection, why));
    if (open->pages_most > 0) {
        char text[64];
        ignore_int(snprintf(text, sizeof text, "%s%lld", control_pages_most.sqlite,
                            (long long)open->pages_most));
        TRY(run_text(db, text, why));
    }
    return is_read_only(open) ? db_words(db, &control_query_only, why) : OK;
}

static void close_half(struct db **db)
{
    db_close(*db);
}

/* file:<path>?immutable=1, for a file on a medium that must not be written to. */
static bool make_uri(const char *path, char uri[URI_SIZE])
{
    AUTO(buf_finish) struct buf out;
    buf_init(&out, URI_SIZE - 1);
    buf_add(&out, S("file:"));
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '%' || *at == '?' || *at == '#') {
            buf_add_byte(&out, '%');
            buf_add_hex(&out, at, 1);
        } else {
            buf_add_byte(&out, *at);
        }
    }
    buf_add(&out, S("?immutable=1"));
    return buf_check(&out) == OK && str_to_array(buf_str(&out), uri, URI_SIZE);
}

static int open_flags(const struct db_sqlite_open *open)
{
    if (open->immutable) {
        return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    }
    int create = open->create ? SQLITE_OPEN_CREATE : 0;
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | create;
}

errc db_sqlite_open(const struct db_sqlite_open *open, struct db **ret_db, struct why *why)
{
    struct db_sqlite *sqlite = mem_take(sizeof *sqlite);
    sqlite->db.driver = &sqlite_driver;
    sqlite->db.rooms = open->rooms;
    sqlite->prepared = mem_take_array(open->rooms->slots, sizeof(sqlite3_stmt *));
    AUTO(close_half) struct db *db = &sqlite->db;
    char uri[URI_SIZE];
    if (open->immutable && !make_uri(open->path, uri)) {
        return fail(why, ERR_TOO_BIG, "%s: the path is too long", open->path);
    }
    int code = sqlite3_open_v2(open->immutable ? uri : open->path, &sqlite->handle,
                               open_flags(open), NULL);
    if (code != SQLITE_OK) {
        return fail(why, code == SQLITE_NOMEM ? ERR_NO_MEMORY : ERR_STORE, "%s: %s", open->path,
                    sqlite3_errstr(code));
    }
    errc rc = set_up(db, open, why);
    if (rc != OK) {
        return fail_in(why, rc, "%s", open->path);
    }
    *ret_db = db;
    db = NULL;
    return OK;
}

errc db_sqlite_copy(struct db *db, const struct db_sqlite_copy *copy, struct why *why)
{
    sqlite3 *to = NULL;
    int code = sqlite3_open_v2(copy->path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *backup =
        code == SQLITE_OK ? sqlite3_backup_init(to, "main", own(db)->handle, "main") : NULL;
    code = backup == NULL ? SQLITE_CANTOPEN : SQLITE_OK;
    while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        code = sqlite3_backup_step(backup, copy->step_pages);
        ignore_int(poll(NULL, 0, code == SQLITE_DONE ? 0 : copy->pause_ms));
    }
    errc rc = code == SQLITE_DONE ? OK : map_error(to, code);
    ignore(fail(why, rc, "%s: %s", copy->path, sqlite3_errstr(code)));
    int finished = sqlite3_backup_finish(backup);
    int closed = sqlite3_close(to);
    if (rc == OK && (finished != SQLITE_OK || closed != SQLITE_OK)) {
        rc = fail(why, ERR_IO, "%s: %s", copy->path, sqlite3_errstr(finished));
    }
    return rc;
}

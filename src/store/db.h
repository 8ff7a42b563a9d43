/* What a room's rows see of the database: a connection lent for one job, and the tables that
 * sqlgen makes from named statements. Rooms call the generated functions, never db_one and its
 * sisters by hand.
 *
 * A `struct db` belongs to the store and is a loan for the length of `run`, on that thread.
 * A statement that fails dooms the job: later statements answer the same error and everything the
 * job wrote is rolled back, on both databases alike. Who expects a collision writes ON CONFLICT,
 * or wraps the part that may fail in db_attempt().
 *
 * Errors of every statement: ERR_NOT_FOUND (kind one, no row; does not doom), ERR_EXISTS (unique),
 * ERR_CONFLICT (foreign key, trigger), ERR_INVALID (check, null, range), ERR_BAD_UTF8, ERR_TOO_BIG,
 * ERR_TIMEOUT (deadline of the job), ERR_DISK_FULL, ERR_CORRUPT, ERR_BUSY (locked or serialization
 * after all retries), ERR_STORE (the database is not there), ERR_NO_MEMORY, ERR_INTERNAL. */
#ifndef LOA_STORE_DB_H
#define LOA_STORE_DB_H

#include "base/base.h"

struct db;
struct store_room;

enum db_type { DB_I64, DB_STR, DB_BYTES, DB_BOOL, DB_USEC, DB_DAY, DB_HASH, DB_DOUBLE };

enum db_kind { DB_ONE, DB_MANY, DB_CHANGE };

enum {
    DB_ROW_SIZE = 4096,    /* of the struct of one row */
    DB_BATCH_MOST = 10000, /* rows of one _batch call */
    DB_TOPIC_SIZE = 96,    /* of an announced topic, with its closing zero */
    DB_TOPICS = 64,        /* announced by one job; past it the topic is "*" */
};

struct db_field {
    const char *name;
    enum db_type type;
    bool nullable;
    size_t at;     /* offset in the struct */
    size_t has_at; /* offset of has_x, for nullable fields that are not texts */
};

struct db_statement {
    const char *name;
    const struct store_room *room;
    size_t number; /* in the room */
    enum db_kind kind;
    const char *sqlite;
    const char *postgresql;
    const char *postgresql_rows; /* the form for many rows, or null */
    const struct db_field *in;
    size_t in_count;
    size_t in_size;
    const struct db_field *out;
    size_t out_count;
    size_t out_size;
    size_t most; /* rows of the _all form */
};

/* Words of transaction control and settings, in both dialects; the store's own. */
struct db_words {
    const char *sqlite;
    const char *postgresql;
};

struct store_migration {
    int number;
    const char *name;
    const char *text;
};

struct store_room {
    const char *name;
    const struct db_statement *const *statements;
    size_t statement_count;
    const struct store_migration *migrations;
    size_t migration_count;
};

struct db_one {
    struct arena *arena;
    void *row;
};

struct db_each {
    errc (*on_row)(void *ctx, const void *row);
    void *ctx;
};

struct db_all {
    struct arena *arena;
    void *rows;
    size_t count;
};

CHECKED errc db_one(struct db *db, const struct db_statement *statement, const void *in,
                    const struct db_one *one, struct why *why);
/* Rows stream by; on_row must not run another statement (collect with _all first). What on_row
 * returns ends the reading and is returned, without dooming the job. */
CHECKED errc db_each(struct db *db, const struct db_statement *statement, const void *in,
                     const struct db_each *each, struct why *why);
CHECKED errc db_all(struct db *db, const struct db_statement *statement, const void *in,
                    struct db_all *all, struct why *why);
CHECKED errc db_change(struct db *db, const struct db_statement *statement, const void *in,
                       int64_t *ret_changed, struct why *why);
CHECKED errc db_batch(struct db *db, const struct db_statement *statement, const void *in,
                      size_t count, struct why *why);

/* A part of a job that may fail alone: what it wrote is rolled back when run answers an error
 * (also an error on purpose, as a preview does), and the job goes on. Parts nest up to 4 deep. */
CHECKED errc db_attempt(struct db *db, errc (*run)(void *ctx, struct db *db, struct why *why),
                        void *ctx, struct why *why);

/* Watchers of every server on this database hear the topic once the job is committed. */
CHECKED errc db_announce(struct db *db, const char *topic, struct why *why);

#endif

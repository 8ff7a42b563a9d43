/* Inside the store: what a connection is. A driver (SQLite, PostgreSQL) puts `struct db` first in
 * its own struct; db.c holds what both do alike: doom, torture, topics, attempts, reading rows.
 * One thread at a time. */
#ifndef LOA_STORE_DB_IMPL_H
#define LOA_STORE_DB_IMPL_H

#include "base/base.h"
#include "store/db.h"

enum {
    DB_ROOMS = 16,
    DB_SLOTS = 4096, /* statements of all rooms */
    DB_FIELDS = 64,  /* as sqlgen's SQL_FIELDS */
    DB_ATTEMPT_DEPTH = 4,
};

/* The rooms of a store in the order of their migrations, and where their statements begin. */
struct db_rooms {
    const struct store_room *list[DB_ROOMS];
    size_t starts[DB_ROOMS];
    size_t count;
    size_t slots;
};

struct db_topics {
    char list[DB_TOPICS][DB_TOPIC_SIZE];
    size_t count;
};

/* One execution that answers rows: each is written into `row` and shown to on_row. */
struct db_rows {
    const void *in;
    void *row;
    errc (*on_row)(void *ctx, const void *row);
    void *ctx;
    bool stream; /* many rows: do not hold them all */
};

struct db_batch_rows {
    const void *in;
    size_t count;
};

struct db_driver {
    errc (*words)(struct db *db, const struct db_words *words, struct why *why);
    errc (*text)(struct db *db, const char *text, struct why *why); /* of a migration */
    errc (*prepare)(struct db *db, size_t slot, const struct db_statement *statement,
                    struct why *why);
    errc (*rows)(struct db *db, size_t slot, const struct db_statement *statement,
                 const struct db_rows *rows, struct why *why);
    errc (*change)(struct db *db, size_t slot, const struct db_statement *statement, const void *in,
                   int64_t *ret_changed, struct why *why);
    errc (*batch)(struct db *db, size_t slot, const struct db_statement *statement,
                  const struct db_batch_rows *rows, struct why *why);
    bool (*in_transaction)(struct db *db); /* still: a grave error may have ended it */
    bool (*alive)(struct db *db);
    void (*close)(struct db *db);
    bool postgresql;
};

struct db {
    const struct db_driver *driver;
    const struct db_rooms *rooms;
    usec deadline;  /* of the job, by the steady clock; 0 is none */
    bool in_rows;   /* a statement is streaming */
    bool transient; /* PostgreSQL: the transaction collided and may be run again */
    int depth;      /* of attempts */
    errc doomed;    /* the error of the statement that failed, or OK */
    struct why doomed_why;
    struct db_topics topics;
};

CHECKED errc db_rooms_init(struct db_rooms *rooms, const struct store_room *const *list,
                           size_t count, struct why *why);
CHECKED errc db_prepare_all(struct db *db, struct why *why);
CHECKED errc db_words(struct db *db, const struct db_words *words, struct why *why);
/* The words that end something: they have their own limit, or a job past its deadline could not
 * even be undone, and a commit under way would be given up half known. */
CHECKED errc db_end_words(struct db *db, const struct db_words *words, struct why *why);
void db_job_begin(struct db *db, usec deadline); /* forgets doom and topics */
void db_close(struct db *db);                    /* accepts null */

/* A row's field as a driver found it. Refuses what does not fit the declared type. */
struct db_value {
    enum { DB_VALUE_NULL, DB_VALUE_INT, DB_VALUE_DOUBLE, DB_VALUE_TEXT, DB_VALUE_BYTES } kind;
    int64_t number;
    double real;
    str bytes;
};
CHECKED errc db_field_read(const struct db_field *field, const struct db_value *value, void *row,
                           struct why *why);
/* A field on its way in. A null text in a field that is not nullable is the empty text. */
CHECKED errc db_field_write(const struct db_field *field, const void *in,
                            struct db_value *ret_value, struct why *why);

/* Torture: counts a statement, commit or announcement; true when this is the one to fail. */
bool db_torture_hits(void);

struct db_sqlite_open {
    const char *path;
    const struct db_rooms *rooms;
    int64_t pages_most; /* the file may not grow past this many pages; 0 is SQLite's own limit */
    bool read_only;
    bool immutable; /* of a backup: nothing beside the file is made or read */
    bool create;
};
CHECKED errc db_sqlite_open(const struct db_sqlite_open *open, struct db **ret_db, struct why *why);

struct db_pg_open {
    const char *conninfo;
    const struct db_rooms *rooms;
    bool read_only;
    usec deadline;
};
CHECKED errc db_pg_open(const struct db_pg_open *open, struct db **ret_db, struct why *why);

#endif
